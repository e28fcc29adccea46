"""The current that frees a wall from where it is held, as the model predicts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.simulation import follow_walls
from solitons.domain_walls.wall_dynamics import WallDynamics

__all__ = ["depinning_current"]

_SEARCHED = 48  # amplitudes of either sign at once; two rounds of them find the threshold to a part in a thousand
_DECADES = 3.0


def depinning_current(
    wall: WallDynamics,
    place: float,
    angle: float,
    *,
    hill: float,
    width: float,
    rise: float,
    period: float,
    largest: float,
    field: Sequence[PiecewiseLinear] | None = None,
) -> float | None:
    """Current density of the weakest pulse that takes a resting wall over a hill beside its place.

    Every amplitude of either sign is tried: a strong pulse may free a wall that a stronger one brings back.

    Parameters
    ----------
    wall : WallDynamics
        With its landscape.
    place : float
        Where it rests, in m.
    angle : float
        phi in rad at rest.
    hill : float
        Beyond which, in m, the wall does not come back (`solitons.domain_walls.landscape.Site`): it must be there at
        the end of the rest.
    width, rise, period : float
        Of the pulse in s, with the rest that follows it.
    largest : float
        Largest amplitude that is tried, in A/m2; the smallest is a thousandth of it.
    field : three PiecewiseLinear, optional
        Applied field along x, y, z in A/m.

    Returns
    -------
    float or None
        In A/m2 along +x, with its sign; None if no pulse does it.

    Examples
    --------
    >>> from solitons.domain_walls import PeriodicPinning
    >>> held = PeriodicPinning(strength=1e3, period=50e-9, site=100e-9)
    >>> wall = WallDynamics(
    ...     alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1, drift_per_current=-5.4e-11, pinning=held
    ... )
    >>> pulse = {"width": 0.3e-9, "rise": 0.0, "period": 0.5e-9, "largest": 2e12}
    >>> current = depinning_current(wall, 100e-9, 1.57, hill=125e-9, **pulse)
    >>> f"{current:.1e}"  # A/m^2; electrons push it along +x
    '-1.8e+12'
    """
    # The model is asked far outside the currents that it was fitted on, and the caller reports that.
    free = replace(wall, provenance=None)
    low, high = largest * 10**-_DECADES, largest
    signs: tuple[int, ...] = (1, -1)
    found = None
    for _ in range(2):
        amplitudes = np.repeat(np.geomspace(low, high, _SEARCHED), len(signs)) * np.tile(signs, _SEARCHED)
        waves = [
            PiecewiseLinear((0.0, rise, width - rise, width), (0.0, each, each, 0.0))
            if rise
            else PiecewiseLinear((0.0, width, width), (each, each, 0.0))
            for each in amplitudes.tolist()
        ]
        ends = follow_walls(free, [0.0, period], waves, field, position=np.full(amplitudes.size, place), angle=angle)
        freed = np.flatnonzero(np.sign(hill - place) * (ends.position[:, -1] - hill) > 0)
        if not freed.size:
            return found
        found = float(amplitudes[freed[0]])
        at = int(freed[0]) // len(signs)
        if at == 0:
            return found
        tried = np.abs(amplitudes[:: len(signs)])
        low, high, signs = float(tried[at - 1]), float(tried[at]), (1 if found > 0 else -1,)
    return found
