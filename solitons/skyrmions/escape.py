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

import math
from typing import Any

import equinox as eqx
import jax
import numpy as np
import numpy.typing as npt
from scipy import constants, integrate, optimize

from solitons.skyrmions.forces import AbstractForce
from solitons.skyrmions.skyrmion_synapse import SkyrmionSynapse
from solitons.skyrmions.thiele import ThieleDynamics

__all__ = ["escape_rate", "pinned_retention_time"]

Floats = npt.NDArray[np.float64]

# In k T: below it there is no well.
_LOWEST = 3.0
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
    if not temperature > 0:
        raise ValueError(f"escape_rate: temperature = {temperature} K must be above 0")
    if skyrmion.bends is not None:
        raise ValueError("escape_rate: the track bends, and the theory is of a straight one; leave bends out")
    bottom, top = (_stationary(skyrmion, place, name) for place, name in ((well, "well"), (saddle, "saddle")))
    in_well, on_top = (_curvature(skyrmion, place) for place in (bottom, top))
    if np.linalg.eigvalsh(in_well).min() <= 0:
        raise ValueError(f"escape_rate: at well = {_nm(bottom)} a skyrmion does not rest; give a place that pins it")
    if not np.linalg.det(on_top) < 0:
        raise ValueError(
            f"escape_rate: saddle = {_nm(top)} is none: it has to be a top along one direction and a bottom along the "
            "other; give a place between two wells"
        )
    barrier = _energy_between(skyrmion, bottom, top) / (constants.k * temperature)
    if barrier < _LOWEST:
        raise ValueError(
            f"escape_rate: from well = {_nm(bottom)} to saddle = {_nm(top)} the barrier is {barrier:.3g} k T at "
            f"{temperature:g} K, and below {_LOWEST:g} k T nothing holds it; lower the temperature"
        )
    growth = np.linalg.eigvals(-_mobility(skyrmion, top) @ on_top).real.max()
    prefactor = growth / (2 * math.pi) * math.sqrt(np.linalg.det(in_well) / abs(np.linalg.det(on_top)))
    return float(prefactor * math.exp(-barrier))


def pinned_retention_time(
    synapse: SkyrmionSynapse,
    well: tuple[float, float],
    saddles: tuple[tuple[float, float], ...],
    *,
    temperature: float,
    error: float = 0.05,
) -> float:
    """Give the time after which a skyrmion of a pinned row has left its well with a probability.

    A level may survive that: it is a bound from below. All wells are taken to be alike, and skyrmions not to push each
    other.

    Parameters
    ----------
    synapse : SkyrmionSynapse
        Its skyrmions in wells.
    well : tuple of two floats
        One of them, in m.
    saddles : tuple of places
        Saddle points by which a skyrmion leaves it.
    temperature : float
        In K.
    error : float
        The probability.

    Raises
    ------
    ValueError
        As `escape_rate`, or if the error is not between 0 and 1.

    Examples
    --------
    A row of two in a track with a pinning site every 50 nm, and what heat does at 300 K:

    >>> from solitons.devices import JunctionReadOut
    >>> from solitons.skyrmions import EdgeForce, ForceSum, PinningSites, synapse_of
    >>> places = [[25e-9 + cell * 50e-9, 30e-9] for cell in range(5)]
    >>> sites = PinningSites(places=places, depth=[40e-21] * 5, width=[11e-9] * 5)
    >>> edges = EdgeForce(low=0.0, high=60e-9, strength=3.5e-12, distance=14e-9, decay=8e-9)
    >>> force = ForceSum((edges, sites))
    >>> skyrmion = ThieleDynamics(-4 * np.pi, 17 * np.eye(2), alpha=0.3, moment_per_area=5.8e-4, force=force)
    >>> read_out = JunctionReadOut(resistance_area="10 ohm um^2", tmr=1.5, polariser=(0, 0, -1))
    >>> row = synapse_of(skyrmion, (8e-9, 4e-9), read_out, count=2, pitch=50e-9)
    >>> saddles = ((100e-9, 30e-9), (150e-9, 30e-9))
    >>> f"{pinned_retention_time(row, (125e-9, 30e-9), saddles, temperature=300.0) * 1e9:.0f} ns"
    '32 ns'
    """
    if not 0 < error < 1:
        raise ValueError(f"pinned_retention_time: error = {error} must be between 0 and 1")
    rate = sum(escape_rate(synapse.skyrmion, well, saddle, temperature) for saddle in saddles)
    return -math.log1p(-error) / (synapse.count * rate)


def _force(skyrmion: ThieleDynamics, place: Floats) -> Floats:
    with jax.enable_x64(True):
        return np.asarray(skyrmion.force.force(np.asarray(place)[None])[0], dtype=np.float64)


def _curvature(skyrmion: ThieleDynamics, place: Floats) -> Floats:
    """Second derivatives of the potential in J/m2."""
    with jax.enable_x64(True):
        slope = np.asarray(_slopes(skyrmion.force, place))
    found: Floats = -(slope + slope.T) / 2
    return found


def _stationary(skyrmion: ThieleDynamics, near: tuple[float, float], name: str) -> Floats:
    scale = max(float(np.abs(_force(skyrmion, np.asarray(near) + shift)).max()) for shift in _NANOMETRE * np.eye(2))
    found = optimize.root(
        lambda each: _force(skyrmion, each * _NANOMETRE) / max(scale, 1e-30), np.asarray(near) / _NANOMETRE
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
