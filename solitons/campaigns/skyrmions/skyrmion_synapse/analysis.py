"""From the runs of a row to results: fit its skyrmions on part of them, predict the rest, count the levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from runs import RunSpec
from solitons.campaigns.energy.energy_report import energy_figure, energy_values
from solitons.campaigns.energy.run_energy import DeviceEnergy, read_row, weakest_and_strongest, write_pulse_rows
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.device_samples import Sample
from solitons.campaigns.framework.films import run_film
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.skyrmions.figures import ways_figure
from solitons.campaigns.skyrmions.observation import (
    Observed,
    all_trajectories,
    fit_observed,
    fitted_numbers,
    judge_fit,
    landscape_observed,
    notes_of_leaving,
    observe,
    paths_of,
)
from solitons.campaigns.skyrmions.skyrmion_synapse import figures
from solitons.campaigns.skyrmions.skyrmion_synapse.campaign import RowRole, SkyrmionSynapseCampaign
from solitons.campaigns.skyrmions.skyrmion_synapse.checks import pulses_up, row_of
from solitons.campaigns.skyrmions.skyrmion_synapse.levels import Answers, answers_of, levels_at
from solitons.campaigns.skyrmions.skyrmion_synapse.reading import (
    Reading,
    about_reach,
    about_steps,
    conductance_at_rests,
    junction_over,
    level_step,
    read,
)
from solitons.campaigns.skyrmions.skyrmion_synapse.results import PulsedRun, RowTraining, SkyrmionSynapseResults
from solitons.campaigns.skyrmions.skyrmion_synapse.settings import (
    RowReadOut,
)
from solitons.campaigns.skyrmions.skyrmion_synapse.tracks import Tracks, about_tracks, followed_tracks, tracks_in_words
from solitons.devices.place_plots import places_figure, places_table
from solitons.energy import EnergyLedger
from solitons.energy.ledger import EnergyRow
from solitons.fits.verdict import judge
from solitons.networks.plots import digits_figure
from solitons.skyrmions.fit import ThieleFit
from solitons.skyrmions.fitted_devices import synapse_of
from solitons.skyrmions.junction import SkyrmionJunction
from solitons.skyrmions.runs import track_of
from solitons.skyrmions.skyrmion_synapse import SkyrmionSynapse
from solitons.skyrmions.thiele import ThieleDynamics
from solitons.skyrmions.trajectory import position_errors

__all__ = ["analyse"]

_NAME = "row of skyrmions"


def analyse(
    campaign: SkyrmionSynapseCampaign, runs: ComputedRuns[RowRole], stages: Stages
) -> Findings[SkyrmionSynapseResults]:
    """Make the runs of one row into the fitted skyrmion, its synapse and what that is worth."""
    read_out, heat, devices, digits = campaign.read_out, campaign.heat, campaign.devices, campaign.digits
    seen = observe(runs, stages)
    # Other tracks are other devices: no fit sees them.
    every = [each for each in seen if not isinstance(each.run.role, Sample)]
    observed, training = ([each for each in every if each.swept is swept] for swept in (True, False))
    row = row_of(track_of(observed[0].spec))
    _all_there(every, row.count)
    with stages("Landscape"):
        landscape = landscape_observed(every)
    with stages("Fit"):
        fit = fit_observed(every, campaign.fit, landscape)
        verdict = judge_fit(fit, every, landscape)
    kept = all_trajectories([each for each in every if each.spec.run_id in fit.predicted])
    junction = junction_over(observed[0].spec, read_out, kept[0], -1 if fit.dynamics.gyration < 0 else 1)
    step = level_step(junction)
    readings = [
        read(runs.open(each.run), each, fit, read_out, junction) for each in stages.over("Read the junction", observed)
    ]
    held_out = set(fit.provenance.held_out)
    unseen = [one.step_errors for one, each in zip(readings, observed, strict=True) if each.spec.run_id in held_out]
    verdict = judge([*verdict.reasons, *about_reach(readings, step), *about_steps(unseen, step)])
    tracks = None
    if devices is not None and not verdict.failed:
        others = [each for each in seen if isinstance(each.run.role, Sample)]
        # What the junction reads is compared where the row is there from start to end.
        conductance = {
            each.run.role.seed: conductance_at_rests(runs.open(each.run), each, read_out)
            for each in others
            if each.stays and len(each.trajectories) == row.count
        }
        base = campaign.base_run(runs.labelled[0].spec.engine)
        tracks = followed_tracks(fit, seen, base, devices, stages, conductance, step)
        verdict = judge([*verdict.reasons, *about_tracks(tracks)])
    judged = fit.provenance.model_copy(update={"verdict": verdict.verdict})
    dynamics = replace(fit.dynamics, provenance=judged)
    models: dict[str, Any] = {}
    if verdict.failed:
        further = {"retention": heat, "digits": digits}
        asked = ["levels", "skyrmion", "synapse", *(name for name, wanted in further.items() if wanted is not None)]
        answers = Answers(withheld=dict.fromkeys(asked, "the fit failed"))
    else:
        models = {"skyrmion": dynamics, "synapse": _synapse(read_out, observed[0].spec, dynamics, junction, tracks)}
        answers = answers_of(dynamics, models["synapse"], observed, heat, digits, stages)
    with stages("Count energy"):
        # Without a valid device there is no valid energy.
        ledger = EnergyLedger() if verdict.failed else _energy(runs, observed, readings, campaign.energy)
    results = SkyrmionSynapseResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        notes=notes_of_leaving(every, "runs"),
        **fitted_numbers(fit, kept),
        count=row.count,
        pitch=row.spacing,
        radius=float(junction.radius),
        wall_width=float(junction.wall_width),
        level_step=step,
        step_error=float(np.abs(np.concatenate(unseen)).mean() / abs(step)) if unseen else None,
        offset=float(np.mean([each.offset for each in readings])),
        pulse=answers.pulse,
        levels=[levels_at(*each) for each in answers.counted.items()],
        retention=list(answers.retention),
        digits=answers.digits,
        tracks=None if tracks is None else tracks.found,
        pulsed=[_row(each, one, fit, step) for each, one in zip(observed, readings, strict=True)],
        training=[_training_row(each, fit) for each in training],
        withheld=answers.withheld,
        energy=ledger,
    )
    example = max([each for each in observed if each.stays] or observed, key=lambda each: abs(each.current))
    chosen = figures.chosen_runs(observed)
    hottest = max(answers.retention, key=lambda each: each.temperature, default=None)
    held = ([], "", 1.0, 0.0) if hottest is None else (hottest.places, "place (nm)", 1e9, hottest.temperature)
    values = {
        "spec": observed[0].spec,
        "example": example,
        "film": partial(run_film, runs.open(example.run), frames=60),
        "drawn": len(chosen),
        "tracks_shown": tracks is not None,
        "tracks_in_words": tracks_in_words(tracks),
        "places": places_table(*held) if held[0] else None,
        **energy_values(ledger),
    }
    drawn = {
        "track": partial(figures.track_figure, observed[0].spec, read_out),
        "ways": partial(ways_figure, runs, example.run),
        "places": partial(figures.places_figure, chosen, fit, read_out),
        "conductance": partial(figures.conductance_figure, observed, readings, held_out),
        "levels": partial(figures.levels_figure, answers.counted),
        "hills": partial(places_figure, *held),
        "energy": partial(energy_figure, ledger),
    }
    if tracks is not None:
        drawn["tracks"] = partial(figures.tracks_figure, tracks)
    if answers.digits is not None:
        read_right = answers.digits
        accuracies = {
            "fitted devices": (read_right.accuracy, read_right.ci95),
            "ideal synapses": (read_right.ideal_synapse_accuracy, None),
            "floating point": (read_right.float_accuracy, None),
        }
        drawn["digits"] = partial(digits_figure, np.asarray(read_right.confusion), accuracies)
    return Findings(results, values=values, figures=drawn, models=models)


def _synapse(
    read_out: RowReadOut,
    spec: RunSpec,
    dynamics: ThieleDynamics,
    junction: SkyrmionJunction,
    tracks: Tracks | None,
) -> SkyrmionSynapse:
    track = track_of(spec)
    row = row_of(track)
    return synapse_of(
        dynamics,
        (float(junction.radius), float(junction.wall_width)),
        read_out,
        count=row.count,
        pitch=row.spacing,
        length=track.extent[0],
        window=(float(junction.left), float(junction.right)),
        spreads=None if tracks is None else tracks.spreads,
    )


def _energy(
    runs: ComputedRuns[Any], observed: Sequence[Observed], readings: Sequence[Reading], energy: DeviceEnergy
) -> EnergyLedger:
    """Energy of the weakest and the strongest pulses with which the row stays, and of a reading."""
    rows: list[EnergyRow] = []
    stays = [each for each in observed if each.stays] or list(observed)
    for place in weakest_and_strongest([each.spec for each in stays]):
        rows += write_pulse_rows(_NAME, stays[place].spec, runs.open(stays[place].run), energy)
    read = np.concatenate([each.measured for each in readings])
    rows.append(read_row(_NAME, float(read.min() + read.max()) / 2, energy))
    return EnergyLedger(rows=tuple(rows))


def _all_there(observed: Sequence[Observed], count: int) -> None:
    for each in observed:
        if len(each.trajectories) != count:
            raise ValueError(
                f"run {each.spec.run_id} ({each.run.role}): {len(each.trajectories)} of {count} skyrmions are there "
                "after the rest; put them farther from the ends of the track and from each other"
            )


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
