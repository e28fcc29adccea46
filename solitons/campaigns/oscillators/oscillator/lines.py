"""The line of an oscillator with heat: of one moment, of micromagnetic runs, and of the model."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis import precession, spectral_line
from analysis.oscillators.lines import SpectralLine
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.oscillators.oscillator.following import FollowedOscillator
from solitons.campaigns.oscillators.oscillator.one_moment import current_of, heated_line, settled
from solitons.campaigns.oscillators.oscillator.results import HeatedLine, Line
from solitons.campaigns.oscillators.oscillator.roles import HeatedRun
from solitons.campaigns.oscillators.oscillator.settings import HeatSettings
from solitons.oscillators import follow_oscillators
from solitons.oscillators.auto_oscillator import AutoOscillator

__all__ = ["heated_lines"]


def heated_lines(
    heat: HeatSettings,
    followed: FollowedOscillator,
    oscillator: AutoOscillator,
    runs: ComputedRuns[Any],
    stages: Stages,
) -> list[HeatedLine]:
    """Find the lines at the currents that are heated."""
    found = []
    for place, spec in enumerate(stages.over("Heat", followed.heated)):
        record, current, seed = followed.records[spec.run_id], current_of(spec), heat.seed + place
        frequency = abs(record.end_frequency)
        try:
            moment = heated_line(spec, followed.axis, record.end_power, frequency, heat, seed)
        except ValueError:
            continue  # heat leaves no line
        found.append(
            HeatedLine(
                current=current,
                moment=_written(moment),
                run=_of_runs(runs, current, followed),
                model_width=_followed_width(oscillator, current, record.end_power, frequency, heat, seed),
                formula_width=oscillator.linewidth(current, heat.temperature),
            )
        )
    return found


def _written(line: SpectralLine) -> Line:
    return Line(width=line.width, lower=line.lower, upper=line.upper, shape=line.shape)


def _of_runs(runs: ComputedRuns[Any], current: float, followed: FollowedOscillator) -> Line | None:
    """The line of an ensemble of micromagnetic runs with heat."""
    for run in runs.labelled:
        if run.role == HeatedRun(current):
            c = precession(runs.open(run), followed.axis)
            try:
                return _written(spectral_line(settled(c)))
            except ValueError:
                return None  # heat leaves no line
    return None


def _followed_width(
    oscillator: AutoOscillator, current: float, power: float, frequency: float, heat: HeatSettings, seed: int
) -> float:
    """Width in Hz of the line of an ensemble of the model, after a tenth of the record."""
    samples = int(np.ceil(heat.duration * frequency * 6))
    start = np.full(heat.members, np.sqrt(power), dtype=np.complex128)
    run = follow_oscillators(
        oscillator, start, current, heat.duration, seed=seed, temperature=heat.temperature, samples=samples
    )
    try:
        return spectral_line(settled(run.rename(oscillator="member"))).width
    except ValueError:
        return float("nan")
