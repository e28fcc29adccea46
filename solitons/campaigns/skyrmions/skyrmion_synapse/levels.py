"""Levels of the fitted row: which pulses count, at which temperatures levels stay apart, and for how long."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.skyrmions.observation import Observed
from solitons.campaigns.skyrmions.skyrmion_synapse.checks import pulses_up
from solitons.campaigns.skyrmions.skyrmion_synapse.results import LevelsAt, RetentionAt
from solitons.campaigns.skyrmions.skyrmion_synapse.settings import RowDigitsSettings, RowHeatSettings
from solitons.devices.pair import DevicePair
from solitons.devices.pulse_shape import ProgrammingPulse
from solitons.networks.digits import read_digits
from solitons.networks.digits_result import DigitsResult
from solitons.skyrmions.fitted_devices import neuron_of
from solitons.skyrmions.retention import retention_time, row_places
from solitons.skyrmions.row_levels import RowLevels, level_pulse, level_train
from solitons.skyrmions.shifting import ShiftPulse
from solitons.skyrmions.skyrmion_synapse import SkyrmionSynapse
from solitons.skyrmions.thiele import ThieleDynamics

__all__ = ["Answers", "answers_of", "levels_at"]

# Largest share of rows read wrong at a valid level, as in `level_train`.
_WRONG = 0.01


@dataclass(frozen=True, eq=False)
class Answers:
    """Results of a fit, and what is withheld and why.

    `pulse` brings one more skyrmion under the junction; `counted` are rows that it counts, by the temperature in K.
    """

    pulse: ShiftPulse | None = None
    counted: Mapping[float, RowLevels] = field(default_factory=dict)
    retention: Sequence[RetentionAt] = ()
    digits: DigitsResult | None = None
    withheld: dict[str, str] = field(default_factory=dict)


def answers_of(
    dynamics: ThieleDynamics,
    synapse: SkyrmionSynapse,
    observed: Sequence[Observed],
    heat: RowHeatSettings | None,
    digits: RowDigitsSettings | None,
    stages: Stages,
) -> Answers:
    """Count the levels of the fitted row, say for how long they stay, and read digits, as far as that was asked for."""
    example, train = observed[0], pulses_up(observed[0].spec)
    known = dynamics.provenance
    assert known is not None
    trained = [abs(each.current) for each in observed if each.spec.run_id in known.trained_on]
    found = Answers()
    with stages("Count levels"):
        try:
            # The strongest pulses of the fit: weaker ones shift the row for longer.
            pulse = level_pulse(synapse, max(trained), rise=train.rise, period=train.period)
        except ValueError as error:
            found.withheld["levels"] = f"no pulse brings one more skyrmion under the junction ({error})"
        else:
            found = replace(found, pulse=pulse, counted=_count_rows(synapse, pulse, heat))
    if heat is not None:
        with stages("Retention"):
            for temperature in sorted(heat.temperatures):
                try:
                    at = _retention(synapse, temperature, heat.error)
                except ValueError as error:
                    found.withheld[f"retention at {temperature:g} K"] = str(error)
                else:
                    found = replace(found, retention=[*found.retention, at])
    if digits is not None:
        with stages("Read digits"):
            found = replace(found, digits=_digits(dynamics, synapse, example, digits))
    return found


def levels_at(temperature: float, found: RowLevels) -> LevelsAt:
    """Say in numbers what counting rows at a temperature (K) found."""
    error, ci95 = found.worst_error
    possible = int(found.level.max()) + 1
    worst = [int(found.wrong[found.level == level].max()) for level in range(possible)]
    return LevelsAt(
        temperature=temperature,
        levels=sum(wrong <= _WRONG * found.rows for wrong in worst),
        possible=possible,
        rows=found.rows,
        worst_error=error,
        # At 0 K all rows are one.
        worst_error_ci95=ci95 if temperature else None,
        spread=float(found.spread.max()),
        lost=found.lost,
        verdict=found.verdict.verdict,
        why=found.verdict.why,
    )


def _count_rows(synapse: SkyrmionSynapse, pulse: ShiftPulse, heat: RowHeatSettings | None) -> dict[float, RowLevels]:
    """Count rows at 0 K, and at the temperatures that are asked for."""
    counted = {0.0: level_train(synapse, pulse, rows=2)}
    if heat is None:
        return counted
    for temperature in sorted(heat.temperatures):
        hot = replace(synapse, temperature=np.asarray(temperature))
        counted[temperature] = level_train(hot, pulse, rows=heat.rows, seed=heat.seed)
    return counted


def _retention(synapse: SkyrmionSynapse, temperature: float, error: float) -> RetentionAt:
    """For how long each level stays, and the places that hold the row if any do."""
    times = [retention_time(synapse, level, temperature=temperature, error=error) for level in range(synapse.count + 1)]
    kept = [time if math.isfinite(time) else None for time in times]
    return RetentionAt(temperature=temperature, error=error, times=kept, places=row_places(synapse, temperature))


def _digits(
    dynamics: ThieleDynamics, synapse: SkyrmionSynapse, example: Observed, digits: RowDigitsSettings
) -> DigitsResult:
    train, seen = pulses_up(example.spec), dynamics.provenance
    assert seen is not None
    assert seen.held_out_error is not None
    amplitude = digits.pulse_amplitude or train.amplitude
    seen.check_range(amplitude)
    devices = DevicePair(
        synapse=synapse,
        neuron=neuron_of(dynamics, synapse.count * float(synapse.pitch)),
        error=seen.held_out_error,
        amplitude=seen.fitted_range.amplitude,
    )
    pulse = ProgrammingPulse(amplitude, digits.shortest, digits.longest, train.rise, train.period)
    return read_digits(devices, pulse, seed=digits.seed)
