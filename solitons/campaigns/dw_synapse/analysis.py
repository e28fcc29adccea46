"""From a stripe's runs to results: fit the wall on part of them, predict the rest, time the model, run the network."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from runs import RunSpec
from solitons.campaigns.base import ComputedRuns, SweptPoint
from solitons.campaigns.dw_synapse.judgement import about_neuron, judge_fit
from solitons.campaigns.dw_synapse.observation import Observation, observe, pulse_trains
from solitons.campaigns.dw_synapse.results import SynapseResults
from solitons.campaigns.dw_synapse.settings import DigitsSettings, WallFitSettings
from solitons.campaigns.results import Findings, Parameter
from solitons.campaigns.stages import Stages
from solitons.networks.digits import read_digits
from solitons.verdict import Verdict, judge
from solitons.walls.fit import WallFit, fit_wall, levels
from solitons.walls.fitted_devices import neuron_of, synapse_of
from solitons.walls.judgement import best_trivial
from solitons.walls.junction import JunctionReadOut
from solitons.walls.programming import ProgrammingPulse
from solitons.walls.runs import stripe_of, wall_of
from solitons.walls.simulation import follow_walls
from solitons.walls.wall_dynamics import WallDynamics

__all__ = ["Shown", "analyse_wall", "device_seconds", "fit_observations", "programming_pulse"]

DEVICES = 1000


@dataclass(frozen=True, eq=False)
class Shown:
    """What the report draws from.

    Parameters
    ----------
    observations : tuple of Observation
        The runs, in the order of the sweep.
    fit : WallFit
        The fitted wall.
    """

    observations: tuple[Observation, ...]
    fit: WallFit


def analyse_wall(
    runs: ComputedRuns[SweptPoint],
    stages: Stages,
    read_out: JunctionReadOut,
    settings: WallFitSettings,
    network: DigitsSettings | None,
) -> Findings[SynapseResults, Shown]:
    """Make the runs of one stripe into the fitted wall, its devices, and what they can do."""
    observations = tuple(
        observe(run.spec, run.role, runs.open(run), read_out) for run in stages.over("Extract", runs.labelled)
    )
    with stages("Fit"):
        fit = fit_observations(observations, settings)
    with stages("Time the model"):
        longest = max(runs.labelled, key=lambda run: (run.spec.in_time.duration, run.spec.in_time.current_density.peak))
        reduced = device_seconds(fit, longest.spec)
    stripe = stripe_of(observations[0].spec)
    silent: str | None = None
    with stages("Judge"):
        verdict = judge_fit(fit, observations)
        fit = _judged(fit, verdict)
        if not verdict.failed:
            against, silent = about_neuron(neuron_of(fit, stripe), fit, observations[0])
            verdict = judge([*verdict.reasons, *against])
            fit = _judged(fit, verdict)
    models: dict[str, Any] = {"wall": fit.dynamics}
    withheld, digits, number = {}, None, None
    if verdict.failed:
        asked = ("levels", "synapse", "neuron", *(["network"] if network is not None else []))
        withheld = dict.fromkeys(asked, "the fit failed")
    else:
        synapse = synapse_of(fit, stripe, read_out)
        window = stripe.readout_window
        assert window is not None  # `check_runs` has refused a device without
        number = levels(fit, min(window.x[1], float(synapse.right)) - max(window.x[0], float(synapse.left)))
        models["synapse"] = synapse
        if silent is None:
            models["neuron"] = neuron_of(fit, stripe)
        else:
            withheld["neuron"] = silent
        leak = (network.neuron_bias or 0.0) if network is not None else 0.0
        if leak and silent is None:
            _, silent = about_neuron(neuron_of(fit, stripe, leak), fit, observations[0])
        if network is not None and silent is not None:
            withheld["network"] = f"it has no neuron: {silent}"
        elif network is not None:
            with stages("Read digits"):
                pulse = programming_pulse(fit, observations[0].spec, network.pulse_amplitude)
                digits = read_digits(fit, stripe, read_out, pulse, seed=network.seed, leak_field=leak)
    trivial = best_trivial(fit, [each.trajectory for each in observations])
    results = SynapseResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        held_out=list(fit.provenance.held_out),
        wall_position_error=fit.held_out_error_over_length,
        training_error=fit.training_error / fit.length,
        rms_at_rest=fit.provenance.held_out_rms_at_rest,
        trivial_rms_at_rest=trivial.rms if trivial else None,
        trivial_model=trivial.says if trivial else "",
        length=fit.length,
        parameters=[
            Parameter(
                name=each.name,
                unit=each.unit,
                value=each.value,
                ci95=(each.low, each.high),
                ci95_by={
                    name: ends for name, ends in (("noise", each.by_noise), ("runs", each.by_runs)) if ends is not None
                },
            )
            for each in fit.parameters
        ],
        speedup=reduced / runs.device_seconds,
        engine_speed=runs.device_seconds,
        reduced_speed=reduced,
        levels=number,
        digits=digits,
        withheld=withheld,
    )
    return Findings(results, Shown(observations, fit), models)


def _judged(fit: WallFit, verdict: Verdict) -> WallFit:
    """A fit that says, as does what is made of it, what was thought of it."""
    judged = fit.provenance.model_copy(update={"verdict": verdict.verdict})
    return replace(fit, dynamics=replace(fit.dynamics, provenance=judged))


def fit_observations(observations: Sequence[Observation], settings: WallFitSettings) -> WallFit:
    """Fit the wall model to runs, holding some out.

    The held-out runs are drawn with the seed from those that are not at a corner of the
    sweep, so that the model is asked to interpolate; if there are too few of them, from all.
    """
    start = wall_of(observations[0].spec, observations[0].trajectory.polarity)
    # The width is seen in every frame; fitted, it would trade places with beta and the hard-axis field.
    widths = np.concatenate([each.walls["width"].isel(wall=0).values for each in observations])
    start = replace(start, width=float(np.nanmedian(widths)))
    candidates = [each.spec.run_id for each in observations if not _is_corner(each.point)]
    if len(candidates) < settings.held_out:
        candidates = [each.spec.run_id for each in observations]
    chosen = np.random.default_rng(settings.seed).choice(candidates, settings.held_out, replace=False)
    return fit_wall(
        [each.trajectory for each in observations],
        start,
        held_out=[str(run_id) for run_id in chosen],
        free=_free(start),
        knots=settings.knots,
    )


def _free(start: WallDynamics) -> list[str]:
    """What a wall's path tells beyond its width: the hard axis, and the torques that act on it."""
    spin_transfer, spin_orbit = ("drift_per_current", "beta"), ("damping_like_per_current", "dmi_field")
    acting = [names for names in (spin_transfer, spin_orbit) if float(getattr(start, names[0])) != 0]
    return ["hard_axis_field", *(name for names in acting for name in names if float(getattr(start, name)) != 0)]


def _is_corner(point: SweptPoint) -> bool:
    return all(
        value in (min(map(float, axis.values)), max(map(float, axis.values)))
        for axis, value in zip(point.axes, point.values, strict=True)
    )


def programming_pulse(fit: WallFit, spec: RunSpec, amplitude: float | None) -> ProgrammingPulse:
    """The driver's pulses: the widths that were fitted, and a given or the middle amplitude in A/m2."""
    train, seen = pulse_trains(spec)[0], fit.provenance.fitted_range
    chosen = amplitude or float(np.mean(seen.amplitude))
    fit.check_range(chosen)
    return ProgrammingPulse(
        amplitude=chosen,
        shortest=seen.width[0],
        longest=seen.width[1],
        rise=train.rise,
        period=train.period,
    )


def device_seconds(fit: WallFit, spec: RunSpec) -> float:
    """Simulated device-seconds of the fitted model per second of wall time, 1,000 devices in a batch.

    It follows the protocol of a run and samples its path as often as the run did; the time that
    compiling takes is left out.
    """
    protocol, seconds = spec.in_time, np.inf
    position = np.full(DEVICES, stripe_of(spec).walls[0].position)
    for _ in range(3):  # the first call compiles
        started = time.perf_counter()
        follow_walls(
            fit.dynamics, protocol.sample_times, protocol.current_density, position=position, angle=fit.start_angle
        )
        seconds = min(seconds, time.perf_counter() - started)
    return DEVICES * protocol.duration / float(seconds)
