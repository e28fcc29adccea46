"""The current that frees a wall from where it is held, as the model predicts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.simulation import follow_walls
from solitons.domain_walls.wall_dynamics import WallDynamics

__all__ = ["DepinningPulse", "depinning_pulse"]

_SEARCHED = 48  # amplitudes of either sign at once; two rounds of them find the threshold to a part in a thousand
_DECADES = 3.0


class DepinningPulse(NamedTuple):
    """Current density in A/m2 along +x, with its sign, and the place in m of the wall at the end of the rest."""

    current: float
    end: float


def depinning_pulse(
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
) -> DepinningPulse | None:
    """The weakest pulse that takes a resting wall over a hill, and where it then comes to rest.

    None if no pulse does. Every amplitude of either sign from `largest` / 1000 to `largest` is tried: a strong pulse
    may free a wall that a stronger one brings back, and one under which no step follows the model frees none. The wall
    rests at `place` (m) with `angle` (rad) and must be beyond `hill` (m) at the end of the rest. Pulse times in s; the
    applied field has three waveforms along x, y, z in A/m.
    """
    # The model is asked far outside the currents that it was fitted on, and the caller reports that.
    free = replace(wall, provenance=None)
    low, high = largest * 10**-_DECADES, largest
    signs: tuple[int, ...] = (1, -1)
    found: DepinningPulse | None = None
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
        found = DepinningPulse(float(amplitudes[freed[0]]), float(ends.position[freed[0], -1]))
        at = int(freed[0]) // len(signs)
        if at == 0:
            return found
        tried = np.abs(amplitudes[:: len(signs)])
        low, high, signs = float(tried[at - 1]), float(tried[at]), (1 if found.current > 0 else -1,)
    return found
