r"""Pairs of overlapping spikes on a wall's synapse: the current that it sees, and by how much the pair moves the wall.

Both terminals of the device send a spike of the same or of another shape, and the device sees the difference,

.. math:: j(t) = s_\mathrm{pre}(t - t_\mathrm{pre}) - s_\mathrm{post}(t - t_\mathrm{post}), \qquad
          \Delta t = t_\mathrm{post} - t_\mathrm{pre}.

A spike is a short pulse A and a longer tail of the other sign, -k A, that decays along a straight line. Alone, each
stays below the current that frees the wall; where the later spike's pulse meets the earlier one's tail, the current is
-(1 + k (1 - ...)) A for a pre-spike that comes first and its reverse for one that comes second: the learning window is
antisymmetric, and ends with the tail. Two pulses without tails, of opposite signs at the terminals, add up where they
overlap, whichever is first: that window is symmetric.

Sources: overlapping spikes on a device with a threshold: B. Linares-Barranco and T. Serrano-Gotarredona, Nature
Precedings, npre.2009.3010.1 (2009), by its abstract; measured devices: S. Saighi et al., Front. Neurosci. 9, 51 (2015).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import CurrentDensity, PureNumber, Time
from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.heat import follow_hot_walls
from solitons.domain_walls.simulation import follow_walls
from solitons.domain_walls.synapse import DomainWallSynapse
from solitons.domain_walls.wall_dynamics import WallDynamics

__all__ = ["Spike", "SpikePair", "level_of", "moves_in_heat", "spike_margin", "walls_after"]

Floats = npt.NDArray[np.float64]

_SCALES = np.linspace(0.5, 2.0, 31)
"""Sizes of a spike, over its own, among which the smallest is found that moves a wall alone."""
_REST = 0.5e-9


class Spike(Description):
    """Current of one terminal: a trapezoidal pulse, and after it a tail of the other sign that decays linearly.

    Parameters
    ----------
    amplitude : float or str
        Current density of the pulse in A/m2, with its sign.
    width, rise : float or str
        Length of the pulse, with its rise and fall, and of either in s. The tail rises as fast.
    tail : float
        Largest size of the tail over the pulse's; 0 for a spike without one.
    tail_length : float or str
        Time in s in which the tail decays.

    Examples
    --------
    >>> spike = Spike(amplitude="8e11 A/m2", width="0.3 ns", rise="50 ps", tail=0.5, tail_length="0.8 ns")
    >>> [f"{time:.3g}: {value:.3g}" for time, value in zip(*spike.lines(), strict=True)][2:]
    ['2.5e-10: 8e+11', '3e-10: 0', '3.5e-10: -4e+11', '1.15e-09: 0']
    """

    amplitude: CurrentDensity
    width: Annotated[Time, Field(gt=0)]
    rise: Annotated[Time, Field(gt=0)] = 50e-12
    tail: Annotated[PureNumber, Field(ge=0, le=1)] = 0.0
    tail_length: Annotated[Time, Field(gt=0)] = 0.8e-9

    @model_validator(mode="after")
    def _has_a_pulse(self) -> Spike:
        if self.amplitude == 0 or 2 * self.rise > self.width * (1 + 1e-12):
            raise ValueError(
                f"amplitude = {self.amplitude:g} A/m2 with rise = {self.rise:g} s in width = {self.width:g} s is no "
                "pulse; give an amplitude that is not 0, and a rise of at most half of the width"
            )
        return self

    def lines(self) -> tuple[Floats, Floats]:
        """Its breakpoints: times in s from its start, and current densities in A/m2."""
        times = [0.0, self.rise, self.width - self.rise, self.width]
        values = [0.0, self.amplitude, self.amplitude, 0.0]
        if self.tail:
            times += [self.width + self.rise, self.width + self.rise + self.tail_length]
            values += [-self.tail * self.amplitude, 0.0]
        return np.array(times), np.array(values)

    @property
    def duration(self) -> float:
        """Length in s, the tail included."""
        return float(self.lines()[0][-1])


@dataclass(frozen=True)
class SpikePair:
    """A spike of each terminal; `post` acts with the other sign (None: that terminal is silent, or `pre` is)."""

    pre: Spike | None
    post: Spike | None

    def current(self, difference: float = 0.0) -> PiecewiseLinear:
        """Current density in A/m2 that the device sees, from the start of the first spike on.

        The post-synaptic spike comes `difference` (s) after the other, before it if that is negative.

        Examples
        --------
        >>> pulse = Spike(amplitude=1e12, width=0.2e-9, rise=50e-12)
        >>> seen = SpikePair(pulse, pulse).current(0.1e-9)
        >>> (seen(np.array([0.08e-9, 0.22e-9])) / 1e12).round(2).tolist()
        [1.0, -1.0]
        """
        sent = [
            (each.lines(), sign, start)
            for each, sign, start in (
                (self.pre, 1.0, max(-difference, 0.0)), (self.post, -1.0, max(difference, 0.0)),
            )
            if each is not None
        ]  # fmt: skip
        times = np.unique(np.round(np.concatenate([at + start for (at, _), _, start in sent]), 17))
        values = sum(sign * np.interp(times - start, at, lines, 0.0, 0.0) for (at, lines), sign, start in sent)
        return PiecewiseLinear(tuple(times.tolist()), tuple(np.asarray(values).tolist()))

    @property
    def longest(self) -> float:
        """Length in s of the longer spike: spikes further apart do not meet."""
        return max(each.duration for each in (self.pre, self.post) if each is not None)


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
