"""From the runs of an oscillator to results: orbits, fit, lines with heat, and what an injected signal locks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from runs import RunSpec
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
from solitons.campaigns.framework.results import Findings, Parameter
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.oscillators.oscillator import figures
from solitons.campaigns.oscillators.oscillator.checks import estimated_threshold
from solitons.campaigns.oscillators.oscillator.following import FollowedOscillator, follow
from solitons.campaigns.oscillators.oscillator.judgement import about_fit, about_lines, about_locking, about_runs
from solitons.campaigns.oscillators.oscillator.lines import heated_lines
from solitons.campaigns.oscillators.oscillator.locking import locking_pair
from solitons.campaigns.oscillators.oscillator.one_moment import current_of, expected_record
from solitons.campaigns.oscillators.oscillator.results import (
    DrivenOscillator,
    HeatedLine,
    LockingPair,
    OscillatorResults,
)
from solitons.campaigns.oscillators.oscillator.settings import HeatSettings, InjectionSettings, OscillatorFitSettings
from solitons.figures import value_label
from solitons.fits.trivial_model import TrivialModel, best_first, root_mean_square
from solitons.fits.verdict import judge
from solitons.oscillators.oscillator_fit import OscillatorRecord

__all__ = ["analyse"]

Floats = npt.NDArray[np.float64]

_NO_ESTIMATE = (
    "no threshold is estimated: the state at rest turns with the current, or stays, and does not begin to oscillate"
)


def analyse(
    runs: ComputedRuns[Any],
    stages: Stages,
    settings: OscillatorFitSettings,
    heat: HeatSettings | None,
    injection: InjectionSettings | None,
    known: FollowedOscillator | None = None,
) -> Findings[OscillatorResults]:
    """Make the runs of one pillar into the fitted oscillator; `known` is what its sweep has shown, if asked before."""
    followed = known or follow(runs, stages, settings, heat, injection)
    swept = [run for run in runs.labelled if run.spec.run_id in {*followed.records, *followed.lost}]
    fit = followed.fit
    order = sorted(swept, key=lambda run: abs(current_of(run.spec)))
    driven = [_row(run, followed) for run in stages.over("One moment", order)]
    largest = max((current_of(run.spec) for run in swept), key=abs)
    found = estimated_threshold(swept[0].spec, 2 * largest)
    estimate = None if found is None else found.current_density
    reasons = [*about_runs(driven, followed.turned, estimate, injection is not None)]
    unseen = [each for each in driven if each.oscillates and each.role == "held out"]
    frequency_error, power_error, trivial = _errors(driven, unseen)
    lines: list[HeatedLine] = []
    pairs: list[LockingPair] = []
    if fit is not None:
        below = any(not each.oscillates and each.role == "fitted" for each in driven)
        reasons += about_fit(unseen, frequency_error, power_error, trivial, fit["threshold"], below)
    if fit is not None and not judge(reasons).failed:
        if heat is not None:
            lines = heated_lines(heat, followed, fit.oscillator, runs, stages)
        if injection is not None:
            pairs = [
                locking_pair(each, fit.oscillator, followed, runs, heat, injection)
                for each in stages.over("Locked with heat", followed.pairs)
            ]
    verdict = judge([*reasons, *about_lines(lines), *about_locking(pairs)])
    results = OscillatorResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        notes=([] if estimate is not None else [_NO_ESTIMATE])
        + [f"run {name[:8]}: {why}" for name, why in followed.lost.items()]
        + [f"{each.signal} at {value_label(each.current, 'A/m^2')}: {each.missing}" for each in pairs if each.missing],
        parameters=[Parameter.of(each) for each in fit.parameters] if fit is not None and not verdict.failed else [],
        estimated_threshold=estimate,
        driven=driven,
        frequency_error=frequency_error,
        power_error=power_error,
        trivial_frequency_error=trivial.rms if trivial else None,
        trivial_model=trivial.says if trivial else "",
        temperature=heat.temperature if (lines or pairs) and heat else None,
        lines=lines,
        pairs=pairs,
        margin=injection.margin if injection else None,
    )
    drawn: dict[str, Any] = {"currents": partial(figures.currents_figure, results, fit if results.parameters else None)}
    if fit is not None and results.parameters:
        drawn["transients"] = partial(figures.transients_figure, fit)
    if lines and fit is not None:
        drawn["lines"] = partial(figures.lines_figure, results, fit.oscillator)
    if pairs and fit is not None:
        drawn["locking"] = partial(figures.locking_figure, results, fit.oscillator)
    models = {}
    if fit is not None and fit.oscillator.provenance is not None and not verdict.failed:
        judged = fit.oscillator.provenance.model_copy(update={"verdict": verdict.verdict})
        models = {"oscillator": replace(fit.oscillator, provenance=judged)}
    spec = swept[0].spec
    rows = [
        ("static field", _vector(spec.in_time.static_field, "A/m")),
        ("axis of the orbit", _vector(followed.axis, "")),
    ]
    values = {"spec": spec, "rows": rows}
    return Findings(results, values=values, figures=drawn, models=models)


def _vector(parts: Iterable[float], unit: str) -> str:
    return f"({', '.join(f'{round(part, 9) + 0.0:.4g}' for part in parts)}) {unit}".strip().replace("-", "−")


def _row(run: LabelledRun[Any], followed: FollowedOscillator) -> DrivenOscillator:
    """A run beside the model and beside one moment."""
    spec, current = run.spec, current_of(run.spec)
    moment = _expected(spec, followed)
    record, fit = followed.records.get(spec.run_id), followed.fit
    if record is None:
        return DrivenOscillator(
            run_id=spec.run_id, role="lost", current=current, oscillates=False, moment_frequency=moment
        )
    role = "not uniform" if not record.uniform else "no orbit"
    model: OscillatorRecord | None = None
    if fit is not None and spec.run_id in {each.run_id for each in (*fit.trained, *fit.held_out)}:
        role = "fitted" if spec.run_id in {each.run_id for each in fit.trained} else "held out"
        model = fit.predicted(record)
    orbits = followed.oscillates(spec.run_id)
    return DrivenOscillator(
        run_id=spec.run_id,
        role=role,
        current=current,
        oscillates=orbits,
        power=record.end_power,
        model_power=model.end_power if model else None,
        frequency=record.end_frequency,
        model_frequency=model.end_frequency if model else None,
        moment_frequency=moment,
        rise=record.rise if orbits else None,
        model_rise=model.rise if model and orbits else None,
        nonlinearity=fit.oscillator.nonlinearity(current) if fit is not None and orbits else None,
        least_length=record.least_length,
        ellipticity=record.ellipticity if orbits else None,
    )


def _expected(spec: RunSpec, followed: FollowedOscillator) -> float | None:
    try:
        return expected_record(spec, followed.axis).end_frequency
    except ValueError:
        return None  # a moment that does not turn


def _errors(driven: list[DrivenOscillator], unseen: list[DrivenOscillator]) -> tuple[float, float, TrivialModel | None]:
    """Relative errors of frequency and power at unseen currents, and of the better trivial model of the frequency."""
    numbers = ("current", "frequency", "power", "model_frequency", "model_power")
    current, frequency, power, by_model, power_by_model = _columns(unseen, numbers)
    errors = (root_mean_square(by_model / frequency - 1), root_mean_square(power_by_model / power - 1))
    fitted = [each for each in driven if each.oscillates and each.role == "fitted"]
    if not fitted or not unseen:
        return *errors, None
    known, ends = _columns(fitted, numbers[:2])
    nearest = ends[np.abs(known[:, None] - current).argmin(axis=0)]
    others = {
        "it is the mean of the fitted ones": [ends.mean() / frequency - 1],
        "it is that of the nearest fitted current": [nearest / frequency - 1],
    }
    return *errors, best_first(others)[0]


def _columns(runs: list[DrivenOscillator], names: Sequence[str]) -> Floats:
    """Numbers of runs on an orbit, which has them all: names x runs."""
    return np.array([[getattr(each, name) for each in runs] for name in names], dtype=np.float64)
