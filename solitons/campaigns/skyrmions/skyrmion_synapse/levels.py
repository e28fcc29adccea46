"""The levels of the fitted row: which pulses count, at which temperatures levels stay apart, and for how long."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from solitons.campaigns.skyrmions.skyrmion_synapse.results import LevelPulse, LevelsAt, RetentionAt
from solitons.campaigns.skyrmions.skyrmion_synapse.settings import RowHeatSettings
from solitons.skyrmions.retention import retention_time
from solitons.skyrmions.row_levels import RowLevels, level_train
from solitons.skyrmions.shifting import ShiftPulse
from solitons.skyrmions.skyrmion_synapse import SkyrmionSynapse

__all__ = ["CountedRows", "count_rows", "kept_levels", "levels_at", "pulse_result", "retentions"]

# Of the rows: as many may be read wrong at a level that counts as one, as `level_train` has it.
_WRONG = 0.01


@dataclass(frozen=True, eq=False)
class CountedRows:
    """Rows that were counted up and down at a temperature in K."""

    temperature: float
    found: RowLevels


def count_rows(synapse: SkyrmionSynapse, pulse: ShiftPulse, heat: RowHeatSettings | None) -> list[CountedRows]:
    """Count rows at 0 K, and at the temperatures that are asked for."""
    counted = [CountedRows(0.0, level_train(synapse, pulse, rows=2))]
    if heat is None:
        return counted
    for temperature in sorted(heat.temperatures):
        hot = replace(synapse, temperature=np.asarray(temperature))
        counted.append(CountedRows(temperature, level_train(hot, pulse, rows=heat.rows, seed=heat.seed)))
    return counted


def kept_levels(found: RowLevels) -> int:
    """How many levels hardly a row is read wrong at, on the way up and on the way down."""
    worst = [int(found.wrong[found.level == level].max()) for level in range(int(found.level.max()) + 1)]
    return sum(wrong <= _WRONG * found.rows for wrong in worst)


def levels_at(counted: CountedRows) -> LevelsAt:
    """Say in numbers what counting found."""
    found = counted.found
    error, ci95 = found.worst_error
    return LevelsAt(
        temperature=counted.temperature,
        levels=kept_levels(found),
        possible=int(found.level.max()) + 1,
        rows=found.rows,
        worst_error=error,
        # At 0 K all rows are one.
        worst_error_ci95=ci95 if counted.temperature else None,
        spread=float(found.spread.max()),
        lost=found.lost,
        verdict=found.verdict.verdict,
        why=found.verdict.why,
    )


def pulse_result(pulse: ShiftPulse) -> LevelPulse:
    """The pulse that counts, in numbers."""
    return LevelPulse(amplitude=pulse.amplitude, width=pulse.width, rise=pulse.rise, period=pulse.period)


def retentions(synapse: SkyrmionSynapse, heat: RowHeatSettings) -> list[RetentionAt]:
    """For how long each level stays at each temperature.

    Places or a landscape that pin the row are refused: its retention is not diffusion's.
    """
    found = []
    for temperature in sorted(heat.temperatures):
        times = [
            retention_time(synapse, level, temperature=temperature, error=heat.error)
            for level in range(synapse.count + 1)
        ]
        kept = [time if math.isfinite(time) else None for time in times]
        found.append(RetentionAt(temperature=temperature, error=heat.error, times=kept))
    return found
