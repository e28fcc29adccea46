"""Whether a row of skyrmions is a synapse: pulses count it up and down at a temperature, and its levels are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from analysis.statistics.proportions import wilson_interval
from solitons.devices.conductance_steps import Train, trains_of
from solitons.devices.programming import apply_pulse
from solitons.fits.verdict import Reason, Verdict, judge
from solitons.skyrmions.row_state import RowState
from solitons.skyrmions.shifting import ShiftPulse, width_for, widths_tried
from solitons.skyrmions.skyrmion_synapse import SkyrmionSynapse

__all__ = ["RowLevels", "level_pulse", "level_train"]

Floats = npt.NDArray[np.float64]

# Shares of rows read wrong after a pulse: some are reported; with many no number of pulses means a level.
_SOME, _MANY = 0.01, 0.25


@dataclass(frozen=True, eq=False)
class RowLevels:
    """Rows that pulses have counted up to the last level and down again.

    `conductance` (rows, 2 count + 1) in S is before the first pulse and after each, `level` what it should be then,
    `step` in S from one level to the next, of a whole row at rest. `wrong` counts rows whose conductance is nearest to
    another level's, `lost` rows that a skyrmion has left. The verdict is whether counting pulses sets a level.
    """

    conductance: Floats
    level: npt.NDArray[np.int64]
    step: float
    wrong: npt.NDArray[np.int64]
    lost: int
    verdict: Verdict

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(self.conductance)

    @property
    def spread(self) -> Floats:
        """Standard deviation over rows after each pulse, in steps of the levels."""
        return np.asarray(self.conductance.std(axis=0, ddof=1) / self.step)

    @property
    def worst_error(self) -> tuple[float, tuple[float, float]]:
        """Share of the rows that are at a wrong level after the worst pulse, with its 95 % Wilson interval."""
        worst = int(self.wrong.max())
        return worst / self.rows, wilson_interval(worst, self.rows)

    @property
    def trains(self) -> list[Train]:
        """The steps up and the steps down; `solitons.devices.conductance_steps` has what follows from them."""
        return trains_of(self.conductance, np.sign(np.diff(self.level)))


def level_pulse(synapse: SkyrmionSynapse, amplitude: float, *, rise: float, period: float) -> ShiftPulse:
    """Find the pulse that brings one more skyrmion under the junction at 0 K.

    Parameters
    ----------
    synapse : SkyrmionSynapse
    amplitude : float
        In A/m2; of either sign, the sign that does it is taken.
    rise, period : float
        In s.

    Raises
    ------
    ValueError
        If no pulse within a period shifts the row by a pitch.

    Examples
    --------
    >>> from solitons.skyrmions.examples import example_row
    >>> row = example_row(count=2)
    >>> pulse = level_pulse(row, 4e11, rise=0.0, period=3e-9)
    >>> f"{pulse.width * 1e9:.2f} ns"
    '0.93 ns'
    """
    widths = widths_tried(rise, period)
    both = np.array([1.0, -1.0])[:, None] * amplitude
    with jax.enable_x64(True):
        start = synapse.at(synapse.reset(), synapse.level_coordinate(0))
        end = _pulse(synapse, start, both, widths, rise, period, None)
        moved = synapse.coordinate(end) - float(synapse.level_coordinate(0))
        moved = np.where(end.there.all(axis=-1), moved, np.nan)
    # The other sign pushes the row into the end of the track, or out of it.
    onwards = int(np.argmax(np.nanmax(np.nan_to_num(moved, nan=-np.inf), axis=1)))
    width = width_for(float(synapse.pitch), widths, moved[onwards], "level_pulse")
    return ShiftPulse(float(both[onwards, 0]), width, rise, period)


def level_train(synapse: SkyrmionSynapse, pulse: ShiftPulse, *, rows: int = 200, seed: int = 0) -> RowLevels:
    """Count rows up to the last level and down again, without looking, at the synapse's temperature.

    Parameters
    ----------
    synapse : SkyrmionSynapse
    pulse : ShiftPulse
        Pulse from `level_pulse`.
    rows : int
        How many, each with heat of its own; 2 or more.
    seed : int
        Seed of the heat.

    Returns
    -------
    RowLevels
        Its verdict is "failed" where a quarter of the rows are at a wrong level after some pulse, or have lost a
        skyrmion, and "limited" from one in a hundred.

    Raises
    ------
    ValueError
        If there are fewer than two rows.

    Examples
    --------
    >>> from solitons.skyrmions.examples import example_row
    >>> row = example_row(count=1)
    >>> found = level_train(row, ShiftPulse(4e11, 0.94e-9, 0.0, 2e-9), rows=2)
    >>> found.level.tolist(), (1e6 * found.conductance[0]).round(1).tolist()  # uS; at 0 K
    ([0, 1, 0], [144.0, 158.6, 144.0])
    """
    if rows < 2:
        raise ValueError(f"level_train: rows = {rows}; two or more show a spread")
    count = synapse.count
    level = np.concatenate([np.arange(count + 1), np.arange(count)[::-1]])
    with jax.enable_x64(True):
        start = synapse.at(synapse.reset(), synapse.level_coordinate(0))
        state, key = synapse.repeated(start, (rows,)), jax.random.key(seed)
        found = [synapse.conductance(state)]
        for index, sign in enumerate(np.sign(np.diff(level))):
            amplitude, width = np.full(rows, sign * pulse.amplitude), np.full(rows, pulse.width)
            key_now = jax.random.fold_in(key, index)
            state = _pulse(synapse, state, amplitude, width, pulse.rise, pulse.period, key_now)
            found.append(synapse.conductance(state))
        places = np.stack([synapse.level_coordinate(each) for each in range(count + 1)])
        levels = synapse.conductance(synapse.at(synapse.repeated(start, (count + 1,)), places))
        lost = int((~state.there.all(axis=-1)).sum())
    conductance = np.stack(found, axis=1)
    nearest = np.abs(conductance[..., None] - levels).argmin(axis=-1)
    wrong = (nearest != level).sum(axis=0)
    step = float(np.abs(np.diff(levels)).mean())
    reasons = about_levels(wrong, lost, rows, float(synapse.temperature), pulse)
    return RowLevels(conductance, level, step, wrong, lost, judge(reasons))


def about_levels(
    wrong: npt.NDArray[np.int64], lost: int, rows: int, temperature: float, pulse: ShiftPulse
) -> Iterator[Reason]:
    """Reasons against a synapse from rows at wrong levels, and rows that lost a skyrmion."""
    drive = f"at {temperature:g} K, with pulses of {abs(pulse.amplitude):.3g} A/m2 each {pulse.period * 1e9:.3g} ns"
    for code, number, what, remedy in (
        (
            "skyrmions_leave",
            lost,
            "of the rows have lost a skyrmion by an edge or an end",
            "use less current, or a wider track",
        ),
        (
            "levels_wrong",
            int(wrong.max()),
            f"of the rows are at another level after pulse {int(wrong.argmax())} than its number says",
            "hold the row by places that pin, cool it, or use a longer pitch and shorter rests",
        ),
    ):
        if number > _SOME * rows:
            weight: Any = "failed" if number >= _MANY * rows else "limited"
            share = f"{number / rows:.1%}"
            yield Reason(code=code, weight=weight, sentence=f"{share} {what} ({drive}): {remedy}.")


def _pulse(
    synapse: SkyrmionSynapse, state: RowState, amplitude: Any, width: Any, rise: float, period: float, key: Any
) -> RowState:
    """The row after a pulse, in NumPy, in which nothing is compiled to look at it."""
    places, there = apply_pulse(synapse, state, amplitude, width, rise, period, key)
    return RowState(np.asarray(places), np.asarray(there))
