r"""How often heat takes a skyrmion out of a place that pins it.

Over a saddle s of the potential V that is several k T higher than the well w, heat takes a skyrmion at the rate

.. math::

   \Gamma = \frac{\lambda_+}{2\pi} \sqrt{\frac{\det H_w}{|\det H_s|}}\, e^{-(V_s - V_w) / k_B T},

H the second derivatives of V and lambda_+ the rate at which a skyrmion leaves the saddle, the positive eigenvalue of
-M H_s, with v = M F by Thiele's equation. This is Langer's theory, which holds for M with an antisymmetric part too:
the Magnus force makes lambda_+ smaller, and nothing else. It is right up to a share of about k T over the barrier where
alpha D is about g or more. Where it is much less, a skyrmion goes round its well many times before heat has changed its
energy, and the rate is an upper bound: with alpha D = 0.14 g, over 4.5 k T, escapes were 0.6 of it, with 0.4 g 0.8.

Source: J. S. Langer, Ann. Phys. 54, 258 (1969); for the overdamped case H. A. Kramers, Physica 7, 284 (1940).
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import equinox as eqx
import jax
import numpy as np
import numpy.typing as npt
from scipy import constants, integrate, optimize

from solitons.devices.places import Passage, Place, lasting
from solitons.skyrmions.forces import AbstractForce
from solitons.skyrmions.thiele import ThieleDynamics

__all__ = ["escape_rate", "pinned_places"]

Floats = npt.NDArray[np.float64]

# In k T: below it there is no well.
_LOWEST = 3.0
# Places of a row of which one has a hill on both sides.
_FEWEST = 3
# Unit of length in m while stationary places are looked for.
_NANOMETRE = 1e-9


def escape_rate(
    skyrmion: ThieleDynamics, well: tuple[float, float], saddle: tuple[float, float], temperature: float
) -> float:
    """Give the rate at which heat takes a lone skyrmion from a well over a saddle, without a current.

    Parameters
    ----------
    skyrmion : ThieleDynamics
        With forces that pin it, `PinningSites` or a `LandscapeForce`.
    well, saddle : tuple of two floats
        Near the places in m at which the force vanishes; they are found from there.
    temperature : float
        In K, above 0.

    Returns
    -------
    float
        In 1/s.

    Raises
    ------
    ValueError
        If no force vanishes near by, the well is none or the saddle is none, the barrier is below 3 k T, or the track
        bends: there a length along the middle is no way that the skyrmion goes.

    Examples
    --------
    >>> from solitons.skyrmions import EdgeForce, ForceSum, PinningSites
    >>> places = [[index * 50e-9, 30e-9] for index in range(-2, 3)]
    >>> sites = PinningSites(places=places, depth=[40e-21] * 5, width=[11e-9] * 5)
    >>> edges = EdgeForce(low=0.0, high=60e-9, strength=3.5e-12, distance=14e-9, decay=8e-9)
    >>> force = ForceSum((edges, sites))
    >>> skyrmion = ThieleDynamics(-4 * np.pi, 17 * np.eye(2), alpha=0.3, moment_per_area=5.8e-4, force=force)
    >>> rate = escape_rate(skyrmion, (0.0, 30e-9), (25e-9, 30e-9), temperature=300.0)
    >>> f"{rate:.1e}"  # 1/s, over a barrier of 34 zJ or 8 k T
    '4.0e+05'
    """
    _check(skyrmion, temperature, "escape_rate")
    bottom, top = (_stationary(skyrmion, place, name) for place, name in ((well, "well"), (saddle, "saddle")))
    energy, prefactor = _hill(skyrmion, bottom, top)
    barrier = energy / (constants.k * temperature)
    if barrier < _LOWEST:
        raise ValueError(
            f"escape_rate: from well = {_nm(bottom)} to saddle = {_nm(top)} the barrier is {barrier:.3g} k T at "
            f"{temperature:g} K, and below {_LOWEST:g} k T nothing holds it; lower the temperature"
        )
    return prefactor * math.exp(-barrier)


def pinned_places(
    skyrmion: ThieleDynamics, reach: tuple[float, float], middle: float, temperature: float
) -> list[Place]:
    """Places along x in which forces hold a lone skyrmion without a current, from left to right in a reach (m).

    They are 3 k T deep at least along the track's middle, y in m, and last by `escape_rate` at a temperature in K. The
    first and the last one have no hill to a place on both sides, and are left out: ValueError if there are fewer than
    three, or as of `escape_rate`.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from solitons.skyrmions import ForceSum, PinningSites
    >>> from solitons.skyrmions.examples import example_skyrmion
    >>> sites = PinningSites([[x, 30e-9] for x in (0.0, 50e-9, 100e-9)], depth=[40e-21] * 3, width=[11e-9] * 3)
    >>> skyrmion = example_skyrmion()
    >>> skyrmion = replace(skyrmion, force=ForceSum((skyrmion.force, sites)))
    >>> found = pinned_places(skyrmion, (-40e-9, 140e-9), 30e-9, temperature=300.0)
    >>> [f"{each.lasts * 1e6:.1f} us" for each in found]
    ['1.3 us']
    """
    _check(skyrmion, temperature, "pinned_places")
    x = np.arange(reach[0], reach[1], _NANOMETRE)
    line, least = np.stack([x, np.full(x.size, middle)], axis=1), _LOWEST * constants.k * temperature
    with jax.enable_x64(True):
        along = np.asarray(_lone_forces(skyrmion.force, line))[:, 0]
    energy = -integrate.cumulative_trapezoid(along, x, initial=0.0)
    wells = np.flatnonzero((along[:-1] > 0) & (along[1:] <= 0))
    between = itertools.pairwise([0, *wells, x.size - 1])
    tops = np.array([low + energy[low : high + 1].argmax() for low, high in between])
    while wells.size:
        heights = energy[[tops[:-1], tops[1:]]] - energy[wells]
        side, shallow = np.unravel_index(heights.argmin(), heights.shape)
        if heights[side, shallow] >= least:
            break
        wells, tops = np.delete(wells, shallow), np.delete(tops, shallow + side)
    if wells.size < _FEWEST:
        raise ValueError(
            f"pinned_places: from {_nm(line[0])} to {_nm(line[-1])} the forces hold a skyrmion in {wells.size} places "
            f"that are {_LOWEST:g} k T deep at {temperature:g} K; it takes {_FEWEST} or more, since how the first and "
            "the last one are left is not known: give more or deeper PinningSites, or a lower temperature"
        )
    bottoms = [_stationary(skyrmion, line[each], "well") for each in wells[1:-1]]
    saddles = [_stationary(skyrmion, line[each], "saddle") for each in tops[1:-1]]

    def way(number: int, saddle: Floats, to: int) -> Passage:
        barrier, rate = _hill(skyrmion, bottoms[number], saddle)
        return Passage(to if 0 <= to < len(bottoms) else None, float(saddle[0]), barrier, attempt_rate=rate)

    found = []
    for number, (left, right) in enumerate(itertools.pairwise(saddles)):
        place = Place(float(bottoms[number][0]), way(number, left, number - 1), way(number, right, number + 1))
        found.append(lasting(place, temperature, 1.0, None))
    return found


def _check(skyrmion: ThieleDynamics, temperature: float, owner: str) -> None:
    if not temperature > 0:
        raise ValueError(f"{owner}: temperature = {temperature} K must be above 0")
    if skyrmion.bends is not None:
        raise ValueError(f"{owner}: the track bends, and the theory is of a straight one; leave bends out")


def _hill(skyrmion: ThieleDynamics, bottom: Floats, top: Floats) -> tuple[float, float]:
    """Barrier in J from a well to a saddle, and Langer's prefactor in 1/s."""
    in_well, on_top = (_curvature(skyrmion, place) for place in (bottom, top))
    if np.linalg.eigvalsh(in_well).min() <= 0:
        raise ValueError(f"escape_rate: at well = {_nm(bottom)} a skyrmion does not rest; give a place that pins it")
    if not np.linalg.det(on_top) < 0:
        raise ValueError(
            f"escape_rate: saddle = {_nm(top)} is none: it has to be a top along one direction and a bottom along the "
            "other; give a place between two wells"
        )
    growth = np.linalg.eigvals(-_mobility(skyrmion, top) @ on_top).real.max()
    prefactor = growth / (2 * math.pi) * math.sqrt(np.linalg.det(in_well) / abs(np.linalg.det(on_top)))
    return _energy_between(skyrmion, bottom, top), float(prefactor)


def _force(skyrmion: ThieleDynamics, place: Floats) -> Floats:
    with jax.enable_x64(True):
        return np.asarray(skyrmion.force.force(np.asarray(place)[None])[0], dtype=np.float64)


def _curvature(skyrmion: ThieleDynamics, place: Floats) -> Floats:
    """Second derivatives of the potential in J/m2."""
    slope = _slope(skyrmion, place)
    found: Floats = -(slope + slope.T) / 2
    return found


def _slope(skyrmion: ThieleDynamics, place: Floats) -> Floats:
    with jax.enable_x64(True):
        return np.asarray(_slopes(skyrmion.force, place), dtype=np.float64)


def _stationary(skyrmion: ThieleDynamics, near: npt.ArrayLike, name: str) -> Floats:
    scale = max(*(float(np.abs(_force(skyrmion, near + shift)).max()) for shift in _NANOMETRE * np.eye(2)), 1e-30)
    # With its derivatives: by differences a start that is nearly 0 has a step of nearly 0.
    found = optimize.root(
        lambda each: _force(skyrmion, each * _NANOMETRE) / scale,
        np.asarray(near) / _NANOMETRE,
        jac=lambda each: _slope(skyrmion, each * _NANOMETRE) * _NANOMETRE / scale,
    )
    place: Floats = found.x * _NANOMETRE
    if not found.success:
        raise ValueError(f"escape_rate: {name} = {_nm(np.asarray(near))}: no force vanishes near by; give its place")
    return place


def _energy_between(skyrmion: ThieleDynamics, low: Floats, high: Floats) -> float:
    """V at one place less that at another, along the line between them."""
    way = high - low
    shares = np.linspace(0, 1, 401)
    with jax.enable_x64(True):
        along = _lone_forces(skyrmion.force, low + shares[:, None] * way)
    return float(-integrate.simpson(np.asarray(along) @ way, x=shares))


@eqx.filter_jit
def _slopes(force: AbstractForce, place: Any) -> Any:
    return jax.jacfwd(lambda each: force.force(each[None])[0])(place)


@eqx.filter_jit
def _lone_forces(force: AbstractForce, places: Any) -> Any:
    """Forces on a lone skyrmion at each place: skyrmions of one call would push each other."""
    return jax.vmap(lambda each: force.force(each[None])[0])(places)


def _mobility(skyrmion: ThieleDynamics, place: Floats) -> Floats:
    """M in m/(s N)."""
    found: Floats = -float(skyrmion.velocity_per_force) * np.linalg.inv(skyrmion.response(place[None])[0])
    return found


def _nm(place: Floats) -> str:
    x, y = place / _NANOMETRE
    return f"({x:.1f}, {y:.1f}) nm"
