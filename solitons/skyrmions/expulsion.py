"""The current at which an edge no longer holds a skyrmion, by a fitted model.

A current drives the skyrmion sideways until the edge's force balances it. J(y), the current that is balanced at y,
rises towards the edge, as the force does, to its largest value; above that no place is left where the skyrmion could go
along the edge. A current that flows for a short time only may be higher: then the skyrmion has to go on, within the
time, to where the edge cuts into the outer half of its wall and opens it.

In a landscape a skyrmion that moves along is pushed to and fro, and no balance is steady: J(y) is of the edges
alone, and the current for a time of all forces.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from runs.waveforms.waveform import PiecewiseLinear
from solitons.skyrmions.forces import EdgeForce, part_of
from solitons.skyrmions.simulation import follow_tracks, velocities_at
from solitons.skyrmions.thiele import ThieleDynamics

__all__ = ["Expulsion", "balanced_currents", "expulsion_of"]

Floats = npt.NDArray[np.float64]

_PLACES = 600
# In A/m2: velocities are linear in the current.
_PROBE = 1e10
_CURRENTS = 32
_ROUNDS = 3
# Looks at the skyrmion on its way: one that came too near may be pushed back while no current flows.
_LOOKS = 40


@dataclass(frozen=True)
class Expulsion:
    """When an edge lets a skyrmion go.

    `steady` is the current density in A/m2, with its sign, above which a current that flows for ever expels it, by the
    edges alone; at `distance` from the edge (m) the balance is then lost. `opens` is the distance in m at which a
    skyrmion that is driven for a time is gone: where the edge opens its wall, or where the balance is lost if that is
    less. `current` is as `steady` for the drive that was asked for; None if no current up to three times `steady`
    expels it, or none is needed.
    """

    steady: float
    distance: float
    opens: float
    current: float | None

    def let_go(self, paths: Floats, edges: tuple[float, float]) -> Floats:
        """Paths (samples, ..., 2) in m with NaN from where an edge has let the skyrmion go; its edges' y in m."""
        y = paths[..., 1]
        near = np.minimum(y - edges[0], edges[1] - y) < self.opens
        gone = np.logical_or.accumulate(near | ~np.isfinite(y), axis=0)
        return np.where(gone[..., None], np.nan, paths)


def balanced_currents(dynamics: ThieleDynamics, sign: int) -> tuple[Floats, Floats]:
    """The current that keeps a skyrmion at each distance from the edge to which it drives it.

    `dynamics` has an `EdgeForce`, `sign` (1 or -1) is the current's; in a track that bends, the piece whose edge
    balances the least is taken. Returns distances in m from the middle of the track on, falling, and currents in A/m2,
    not below 0 in size where an edge still repels.
    """
    dynamics = replace(dynamics, force=part_of(dynamics.force, EdgeForce) or dynamics.force, local_texture=None)
    found = [_balanced_at(dynamics, sign, along) for along in _middles(dynamics)]
    return min(found, key=lambda each: float(np.nanmax(sign * each[1], initial=-np.inf)))


def _middles(dynamics: ThieleDynamics) -> list[float]:
    """Middles of the track's pieces, along it in m; for the last one its beginning and two widths."""
    if dynamics.bends is None:
        return [0.0]
    begin = np.asarray(dynamics.bends.begin)
    ends = np.append(begin[1:], begin[-1] + 4 * float(dynamics.bends.width))
    return [float(each) for each in (begin + ends) / 2]


def _balanced_at(dynamics: ThieleDynamics, sign: int, along: float) -> tuple[Floats, Floats]:
    low, high = dynamics.force.edges
    middle = (low + high) / 2
    aside = velocities_at(dynamics, [[along, middle]], sign * _PROBE)[0, 1]
    edge = high if aside > 0 else low
    y = np.linspace(middle, edge, _PLACES)
    places = np.stack([np.full(_PLACES, along), y], axis=-1)
    still, driven = (velocities_at(dynamics, places, current)[:, 1] for current in (0.0, _PROBE))
    with np.errstate(divide="ignore", invalid="ignore"):
        currents = -still / (driven - still) * _PROBE
    return np.abs(y - edge), currents


def expulsion_of(
    dynamics: ThieleDynamics,
    drive: PiecewiseLinear,
    duration: float,
    start: npt.ArrayLike,
    *,
    begin: float = 0.0,
    outline: float = 0.0,
    max_step: float = 1e-11,
) -> Expulsion | None:
    """Find the current that expels a skyrmion.

    Parameters
    ----------
    dynamics : ThieleDynamics
        With an `EdgeForce`.
    drive : PiecewiseLinear
        Shape and sign of the current; its size is changed.
    duration : float
        How long the skyrmion is followed from `begin` on, in s.
    start : array (2,) or (skyrmions, 2)
        Position in m at that time; among several skyrmions the first one that an edge lets go counts.
    begin : float
        In s.
    outline : float
        Radius in m at which the wall of a skyrmion ends that is near an edge: at this distance it is open. If it is
        more than the distance at which the balance is lost, that is taken.
    max_step : float
        Longest step in s.

    Returns
    -------
    Expulsion or None
        None where no edge is pushed against: without an `EdgeForce`, or with a drive along the track alone.

    Examples
    --------
    A current for 2 ns may be higher than one that flows for ever:

    >>> spin_orbit = np.array([[0.0, 8.3e-8, 0.0], [-8.3e-8, 0.0, 0.0]])
    >>> edges = EdgeForce(low=0.0, high=60e-9, strength=3.6e-12, distance=14e-9, decay=8e-9)
    >>> skyrmion = ThieleDynamics(
    ...     -4 * np.pi, 17 * np.eye(2), alpha=0.3, moment_per_area=5.8e-4, spin_orbit=spin_orbit, force=edges,
    ...     damping_like_per_current=4.5e-8,
    ... )
    >>> found = expulsion_of(skyrmion, PiecewiseLinear((0.0,), (4e11,)), 2e-9, [100e-9, 30e-9])
    >>> f"{found.steady:.2e}, {found.current:.2e}"  # A/m^2
    '5.17e+11, 5.50e+11'
    """
    low, high = dynamics.force.edges
    if not np.isfinite(high - low):
        return None
    # Currents beyond the fit's range are asked for.
    dynamics = replace(dynamics, provenance=None)
    values = np.asarray(drive.values)
    peak = float(values[np.abs(values).argmax()])
    sign = 1 if peak > 0 else -1
    distances, currents = balanced_currents(dynamics, sign)
    sizes = np.where(np.isfinite(currents), sign * currents, -np.inf)
    top = int(sizes.argmax())
    if not sizes[top] > 0:
        return None
    steady, lost = float(sizes[top]), float(distances[top])
    least, most = 0.0, 3.0 * steady
    opens = min(lost, outline or lost)
    times = np.linspace(begin, begin + duration, _LOOKS + 1)
    found = None
    for _ in range(_ROUNDS):
        tried = np.linspace(least, most, _CURRENTS)
        waves = [drive * (size / abs(peak)) for size in tried]
        aside = follow_tracks(dynamics, times, waves, positions=start, max_step=max_step)[..., 1]
        near = np.minimum(aside - low, high - aside).min(axis=(1, 2))
        gone = ~np.isfinite(near) | (near < opens)
        # Where no current is needed the model does not hold the skyrmion at all.
        if not gone.any() or gone[0]:
            break
        first = int(gone.argmax())
        least, found = float(tried[first - 1]), float(tried[first])
        most = found
    return Expulsion(sign * steady, lost, opens, None if found is None else sign * found)
