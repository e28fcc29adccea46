"""From the runs of a row to results: fit its skyrmions on part of them, predict the rest, count the levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from runs import RunSpec
from solitons.campaigns.energy.run_energy import DeviceEnergy, read_row, weakest_and_strongest, write_pulse_rows
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.device_samples import Sample
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.skyrmions.fitted_skyrmions.observation import (
    Observed,
    all_trajectories,
    fit_observed,
    fitted_numbers,
    judge_fit,
    landscape_observed,
    observe,
    paths_of,
)
from solitons.campaigns.skyrmions.fitted_skyrmions.settings import ThieleFitSettings
from solitons.campaigns.skyrmions.skyrmion_synapse.checks import pulses_up, row_of
from solitons.campaigns.skyrmions.skyrmion_synapse.levels import (
    CountedRows,
    count_rows,
    levels_at,
    pulse_result,
    retentions,
)
from solitons.campaigns.skyrmions.skyrmion_synapse.reading import (
    Reading,
    about_reach,
    about_steps,
    conductance_at_rests,
    junction_over,
    level_step,
    read,
)
from solitons.campaigns.skyrmions.skyrmion_synapse.results import (
    PulsedRun,
    RetentionAt,
    RowTraining,
    SkyrmionSynapseResults,
)
from solitons.campaigns.skyrmions.skyrmion_synapse.settings import (
    RowDigitsSettings,
    RowHeatSettings,
    RowReadOut,
    TracksSettings,
)
from solitons.campaigns.skyrmions.skyrmion_synapse.tracks import Tracks, about_tracks, followed_tracks
from solitons.devices.pair import DevicePair
from solitons.devices.pulse_shape import ProgrammingPulse
from solitons.energy import EnergyLedger
from solitons.energy.ledger import EnergyRow
from solitons.fits.verdict import judge
from solitons.networks.digits import read_digits
from solitons.networks.digits_result import DigitsResult
from solitons.skyrmions.fit import ThieleFit
from solitons.skyrmions.fitted_devices import neuron_of, synapse_of
from solitons.skyrmions.row_levels import level_pulse
from solitons.skyrmions.runs import track_of
from solitons.skyrmions.shifting import ShiftPulse
from solitons.skyrmions.skyrmion_synapse import SkyrmionSynapse
from solitons.skyrmions.trajectory import position_errors

__all__ = ["Answers", "Shown", "analyse_row", "answers_of"]

_NAME = "row of skyrmions"


@dataclass(frozen=True, eq=False)
class Shown:
    """What the report draws from.

    `step` is the step of a level in S; `counted` are at 0 K and the temperatures that were asked for, none where the
    fit failed.
    """

    observed: tuple[Observed, ...]
    readings: tuple[Reading, ...]
    fit: ThieleFit
    step: float
    counted: tuple[CountedRows, ...]
    runs: ComputedRuns[Any]
    tracks: Tracks | None = None


def analyse_row(
    runs: ComputedRuns[Any],
    stages: Stages,
    read_out: RowReadOut,
    settings: ThieleFitSettings,
    heat: RowHeatSettings | None = None,
    digits: RowDigitsSettings | None = None,
    energy: DeviceEnergy | None = None,
    base: RunSpec | None = None,
    devices: TracksSettings | None = None,
) -> Findings[SkyrmionSynapseResults, Shown]:
    """Make the runs of one row into the fitted skyrmion, its synapse and what that is worth."""
    seen = observe(runs, stages)
    # Other tracks are other devices: no fit sees them.
    every = [each for each in seen if not isinstance(each.run.role, Sample)]
    observed, training = ([each for each in every if each.swept is swept] for swept in (True, False))
    track = track_of(observed[0].spec)
    row = row_of(track)
    _all_there(every, row.count)
    with stages("Landscape"):
        landscape = landscape_observed(every)
    with stages("Fit"):
        fit = fit_observed(every, settings, landscape)
        verdict = judge_fit(fit, every, landscape)
    kept = all_trajectories([each for each in every if each.spec.run_id in fit.predicted])
    first = kept[0]
    assert first.tensors is not None
    junction = junction_over(observed[0].spec, read_out, first, -1 if fit.dynamics.gyration < 0 else 1)
    step = level_step(junction)
    readings = [
        read(runs.open(each.run), each, fit, read_out, junction) for each in stages.over("Read the junction", observed)
    ]
    held_out = set(fit.provenance.held_out)
    unseen = [one.step_errors for one, each in zip(readings, observed, strict=True) if each.spec.run_id in held_out]
    verdict = judge([*verdict.reasons, *about_reach(readings, step), *about_steps(unseen, step)])
    tracks = None
    if devices is not None and base is not None and not verdict.failed:
        others = [each for each in seen if isinstance(each.run.role, Sample)]
        others = [each for each in others if each.stays and len(each.trajectories) == row.count]
        conductance = {each.run.role.seed: conductance_at_rests(runs.open(each.run), each, read_out) for each in others}
        tracks = followed_tracks(fit, seen, base, devices, stages, conductance, step)
        verdict = judge([*verdict.reasons, *about_tracks(tracks)])
    fit = replace(
        fit,
        dynamics=replace(fit.dynamics, provenance=fit.provenance.model_copy(update={"verdict": verdict.verdict})),
    )
    size = float(junction.radius), float(junction.wall_width)
    if verdict.failed:
        further = {"retention": heat, "digits": digits}
        asked = ["levels", "skyrmion", "synapse", *(name for name, wanted in further.items() if wanted is not None)]
        answers = Answers(withheld=dict.fromkeys(asked, "the fit failed"))
    else:
        synapse = synapse_of(
            fit.dynamics,
            size,
            read_out,
            count=row.count,
            pitch=row.spacing,
            length=track.extent[0],
            window=(float(junction.left), float(junction.right)),
            spreads=None if tracks is None else tracks.spreads,
        )
        answers = answers_of(fit, synapse, observed, heat, digits, stages)
    with stages("Count energy"):
        # Of a device that nothing can be said of no energy stands either.
        ledger = EnergyLedger() if verdict.failed else _energy(runs, observed, readings, energy or DeviceEnergy())
    results = SkyrmionSynapseResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        notes=_notes(every),
        **fitted_numbers(fit, kept),
        count=row.count,
        pitch=row.spacing,
        radius=size[0],
        wall_width=size[1],
        level_step=step,
        step_error=float(np.abs(np.concatenate(unseen)).mean() / abs(step)) if unseen else None,
        offset=float(np.mean([each.offset for each in readings])),
        pulse=pulse_result(answers.pulse) if answers.pulse is not None else None,
        levels=[levels_at(each) for each in answers.counted],
        retention=list(answers.retention),
        digits=answers.digits,
        tracks=None if tracks is None else tracks.found,
        runs=[_row(each, one, fit, step) for each, one in zip(observed, readings, strict=True)],
        training=[_training_row(each, fit) for each in training],
        withheld=answers.withheld,
        energy=ledger,
    )
    shown = Shown(tuple(observed), tuple(readings), fit, step, answers.counted, runs, tracks)
    return Findings(results, shown, answers.models)


def _energy(
    runs: ComputedRuns[Any], observed: Sequence[Observed], readings: Sequence[Reading], energy: DeviceEnergy
) -> EnergyLedger:
    """Of the weakest and the strongest pulses with which the row stays, and of a reading."""
    rows: list[EnergyRow] = []
    stays = [each for each in observed if each.stays] or list(observed)
    for place in weakest_and_strongest([each.spec for each in stays]):
        rows += write_pulse_rows(_NAME, stays[place].spec, runs.open(stays[place].run), energy)
    read = np.concatenate([each.measured for each in readings])
    rows.append(read_row(_NAME, float(read.min() + read.max()) / 2, energy))
    return EnergyLedger(rows=tuple(rows))


@dataclass(frozen=True, eq=False)
class Answers:
    """What follows from a fit, and what is withheld and why.

    `pulse` brings one more skyrmion under the junction; `counted` are at 0 K and the temperatures that were asked for;
    `withheld` has why something is not given.
    """

    pulse: ShiftPulse | None = None
    counted: tuple[CountedRows, ...] = ()
    retention: tuple[RetentionAt, ...] = ()
    digits: DigitsResult | None = None
    models: Mapping[str, Any] = field(default_factory=dict)
    withheld: dict[str, str] = field(default_factory=dict)


def answers_of(
    fit: ThieleFit,
    synapse: SkyrmionSynapse,
    observed: Sequence[Observed],
    heat: RowHeatSettings | None,
    digits: RowDigitsSettings | None,
    stages: Stages,
) -> Answers:
    """Count the levels of the fitted row, say for how long they stay, and read digits, as far as that was asked for."""
    example, train = observed[0], pulses_up(observed[0].spec)
    trained = [abs(each.current) for each in observed if each.spec.run_id in fit.provenance.trained_on]
    found = Answers(models={"skyrmion": fit.dynamics, "synapse": synapse})
    with stages("Count levels"):
        try:
            # The strongest pulses of the fit: weaker ones shift the row for longer.
            pulse = level_pulse(synapse, max(trained), rise=train.rise, period=train.period)
        except ValueError as error:
            found.withheld["levels"] = f"no pulse brings one more skyrmion under the junction ({error})"
        else:
            found = replace(found, pulse=pulse, counted=tuple(count_rows(synapse, pulse, heat)))
    if heat is not None:
        with stages("Retention"):
            try:
                found = replace(found, retention=tuple(retentions(synapse, heat)))
            except ValueError as error:
                found.withheld["retention"] = str(error)
    if digits is not None:
        with stages("Read digits"):
            found = replace(found, digits=_digits(fit, synapse, example, digits))
    return found


def _digits(fit: ThieleFit, synapse: SkyrmionSynapse, example: Observed, digits: RowDigitsSettings) -> DigitsResult:
    train, seen = pulses_up(example.spec), fit.provenance
    assert seen.held_out_error is not None
    amplitude = digits.pulse_amplitude or train.amplitude
    seen.check_range(amplitude)
    devices = DevicePair(
        synapse=synapse,
        neuron=neuron_of(fit.dynamics, synapse.count * float(synapse.pitch)),
        error=seen.held_out_error,
        amplitude=seen.fitted_range.amplitude,
    )
    pulse = ProgrammingPulse(amplitude, digits.shortest, digits.longest, train.rise, train.period)
    return read_digits(devices, pulse, seed=digits.seed)


def _all_there(observed: Sequence[Observed], count: int) -> None:
    for each in observed:
        if len(each.trajectories) != count:
            raise ValueError(
                f"run {each.spec.run_id} ({each.run.role}): {len(each.trajectories)} of {count} skyrmions are there "
                "after the rest; put them farther from the ends of the track and from each other"
            )


def _notes(observed: Sequence[Observed]) -> list[str]:
    gone = [each for each in observed if each.expelled]
    if not gone:
        return []
    names = ", ".join(str(each.run.role) for each in gone)
    return [f"In {len(gone)} runs ({names}) a skyrmion leaves by an edge; the fit does not see them."]


def _training_row(each: Observed, fit: ThieleFit) -> RowTraining:
    fitted = each.spec.run_id in fit.provenance.trained_on
    errors = [position_errors(run, fit.path_of(run))[1:] for run in each.trajectories] if fitted else []
    return RowTraining(
        run_id=each.spec.run_id,
        fitted=fitted,
        current=each.current,
        nearest=each.nearest,
        error=float(np.concatenate(errors).mean()) if errors else None,
    )


def _row(each: Observed, reading: Reading, fit: ThieleFit, step: float) -> PulsedRun:
    paths = np.moveaxis(paths_of(fit, each), 1, 0)
    off = np.concatenate([position_errors(run, path)[1:] for run, path in zip(each.trajectories, paths, strict=True)])
    known, name, train = fit.provenance, each.spec.run_id, pulses_up(each.spec)
    return PulsedRun(
        run_id=name,
        role="held out" if name in known.held_out else "fitted" if name in known.trained_on else "not fitted",
        amplitude=train.amplitude,
        width=train.width,
        stays=each.stays,
        model_stays=bool(np.isfinite(paths[:, -1]).all()),
        at_end=any(run.at_end for run in each.trajectories),
        error=float(off.mean()) if off.size else None,
        step_error=float(np.abs(reading.step_errors).mean() / abs(step)),
        measured=reading.measured.tolist(),
        predicted=reading.predicted.tolist(),
        nearest=each.nearest,
    )
