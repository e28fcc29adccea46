"""Pairs of overlapping spikes (`solitons.drives.spikes`) on a fitted wall: where its wells then hold it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.heat import follow_hot_walls
from solitons.domain_walls.simulation import follow_walls
from solitons.domain_walls.synapse import DomainWallSynapse
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.drives.spikes import SpikePair

__all__ = ["conductance_at", "level_of", "moves_in_heat", "spike_margin", "upwards", "walls_after"]

Floats = npt.NDArray[np.float64]

_SCALES = np.linspace(0.5, 2.0, 31)
"""Sizes of a spike, over its own, among which the smallest is found that moves a wall alone."""
_REST = 0.5e-9


def walls_after(
    synapse: DomainWallSynapse, currents: Sequence[PiecewiseLinear], starts: npt.ArrayLike, times: npt.ArrayLike
) -> Floats:
    """Places in m of the model's wall at some times (s), at 0 K: (currents, starts, times).

    Each current (A/m2) is followed from each start in m, at rest. The fitted range is not looked at.
    """
    many, begin = len(currents), np.atleast_1d(np.asarray(starts, dtype=float))
    found = follow_walls(
        replace(synapse.wall, provenance=None),
        times,
        [each for each in currents for _ in begin],
        position=np.tile(begin, many),
        angle=float(synapse.rest_angle),
    ).position
    return np.asarray(found.reshape(many, begin.size, -1))


def conductance_at(synapse: DomainWallSynapse, position: npt.ArrayLike) -> Floats:
    """Conductance in S of the junction with the wall at rest at places in m."""
    return np.asarray(synapse.conductance(synapse.at(synapse.reset(), np.asarray(position, dtype=float))))


def upwards(synapse: DomainWallSynapse) -> int:
    """1 where the conductance rises to the right, from the first well to the last, else -1."""
    return int(np.sign(np.diff(conductance_at(synapse, synapse.wells()[[0, -1]]))[0]))


def level_of(position: npt.ArrayLike, wells: Floats) -> npt.NDArray[np.intp]:
    """Number of the nearest well of each position; -1 of NaN, where there is no wall."""
    given = np.asarray(position, dtype=float)
    nearest = np.abs(given[..., None] - wells).argmin(axis=-1)
    return np.where(np.isfinite(given), nearest, -1)


def spike_margin(synapse: DomainWallSynapse, pair: SpikePair, period: float) -> float:
    """How much larger the spikes of a pair may be until one alone takes the wall out of some well, at 0 K.

    At most 2; 0.5 if half of the spike does already. The wall is looked at a `period` (s) after the spike began.
    """
    wells = synapse.wells()
    alone = [SpikePair(pair.pre, None).current(), SpikePair(None, pair.post).current()]
    scaled = [replace(each, values=tuple(s * v for v in each.values)) for s in _SCALES for each in alone]
    ends = walls_after(synapse, scaled, wells, [0.0, period])[..., -1]
    moved = (level_of(ends, wells) != np.arange(wells.size)).any(axis=1).reshape(_SCALES.size, 2).any(axis=1)
    return float(_SCALES[int(np.argmax(moved))]) if moved.any() else float(_SCALES[-1])


def moves_in_heat(
    wall: WallDynamics, synapse: DomainWallSynapse, current: PiecewiseLinear, period: float, *, temperature: float,
    walls: int, seed: int,
) -> npt.NDArray[np.intp]:  # fmt: skip
    """Wells in which walls are after a current, from each well and for many walls: (wells, walls).

    `wall` is the synapse's as it is at the `temperature` in K (`softening`); at 0 K one wall stands for all. Each rests
    with heat for half a nanosecond before. A wall that is beyond an end of the stripe `period` (s) after the current
    began counts for that end's well.
    """
    wells, found = synapse.wells(), []
    later = PiecewiseLinear((0.0, *(_REST + t for t in current.times)), (0.0, *current.values))
    for number, start in enumerate(wells):
        path = follow_hot_walls(
            replace(wall, provenance=None), [0.0, _REST + period], later, temperature=temperature,
            walls=walls if temperature else 1, seed=seed + number, position=float(start),
            angle=float(synapse.rest_angle),
        )  # fmt: skip
        found.append(path.position[:, -1])
    return level_of(np.array(found), wells)
