"""The current that frees a wall from where it is held, as the model predicts it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from runs.protocols.waveform import PiecewiseLinear
from solitons.walls.landscape import Site
from solitons.walls.simulation import follow_walls
from solitons.walls.wall_dynamics import WallDynamics

__all__ = ["depinning_current"]

_SEARCHED = 64  # amplitudes at once; two rounds of them find the threshold to a part in a thousand
_DECADES = 3.0


def depinning_current(
    wall: WallDynamics, site: Site, angle: float, *, sign: int, width: float, rise: float, period: float, largest: float
) -> float | None:
    """Smallest amplitude at which one pulse takes a resting wall out of a site.

    Every amplitude is tried: a strong pulse may free a wall that a stronger one brings back.

    Parameters
    ----------
    wall : WallDynamics
        With its landscape.
    site : Site
        Where it rests.
    angle : float
        phi in rad at rest.
    sign : {1, -1}
        Of the current along +x.
    width, rise, period : float
        Of the pulse in s, with the rest that follows it.
    largest : float
        Largest amplitude that is tried, in A/m2; the smallest is a thousandth of it.

    Returns
    -------
    float or None
        In A/m2; None if no amplitude frees it.
    """
    # The model is asked far outside the currents that it was fitted on, and the caller reports that.
    free = replace(wall, provenance=None)
    low, high = largest * 10**-_DECADES, largest
    found = None
    for _ in range(2):
        amplitudes = np.geomspace(low, high, _SEARCHED)
        waves = [
            PiecewiseLinear((0.0, rise, width - rise, width), (0.0, sign * each, sign * each, 0.0))
            if rise
            else PiecewiseLinear((0.0, width, width), (sign * each, sign * each, 0.0))
            for each in amplitudes
        ]
        ends = follow_walls(free, [0.0, period], waves, position=np.full(_SEARCHED, site.position), angle=angle)
        freed = np.flatnonzero(np.abs(ends.position[:, -1] - site.position) > 2 * float(wall.width))
        if not freed.size:
            return found
        first = int(freed[0])
        found = float(amplitudes[first])
        if first == 0:
            return found
        low, high = float(amplitudes[first - 1]), found
    return found
