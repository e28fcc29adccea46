"""The campaign of a stripe: extract, fit on part of the runs and predict the rest, time the model, run the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from rich.progress import Progress

from runs import CurrentPulses, RunSpec
from runs.store.whole_files import write_whole
from solitons.campaigns.computed_campaign import ComputedCampaign
from solitons.campaigns.dw_synapse.campaign import Campaign
from solitons.campaigns.dw_synapse.observation import Observation, material_wall, observe_all
from solitons.campaigns.dw_synapse.report import write_report
from solitons.campaigns.dw_synapse.speed import compare_speed
from solitons.campaigns.dw_synapse.stripe_device import stripe_of
from solitons.campaigns.summary import DigitsSummary, Parameter, Summary
from solitons.networks.digits import neuron_of, read_digits, synapse_of
from solitons.saving import save_model
from solitons.walls.fit import WallFit, fit_wall, levels
from solitons.walls.programming import ProgrammingPulse
from solitons.walls.wall_dynamics import WallDynamics

__all__ = ["analyse_synapse", "fit_campaign", "synapse_in_words"]


def fit_campaign(campaign: Campaign, observations: Mapping[tuple[float, ...], Observation]) -> WallFit:
    """Fit the wall model to a campaign's runs, holding out as many as it says.

    The held-out runs are drawn with the campaign's seed from those that are not at
    a corner of the sweep, so that the model is asked to interpolate; if there are
    too few of them, from all.
    """
    first = next(iter(observations.values()))
    start = material_wall(first)
    # The width is seen in every frame; fitted, it would trade places with beta and the hard-axis field.
    widths = np.concatenate([each.walls["width"].isel(wall=0).values for each in observations.values()])
    start = replace(start, width=float(np.nanmedian(widths)))
    candidates = [
        observation.spec.run_id for point, observation in observations.items() if not _corner(campaign, point)
    ]
    if len(candidates) < campaign.fit.held_out:
        candidates = [observation.spec.run_id for observation in observations.values()]
    chosen = np.random.default_rng(campaign.fit.seed).choice(candidates, campaign.fit.held_out, replace=False)
    return fit_wall(
        [observation.trajectory for observation in observations.values()],
        start,
        held_out=[str(run_id) for run_id in chosen],
        free=_free(start),
        knots=campaign.fit.knots,
    )


def _free(start: WallDynamics) -> list[str]:
    """What a wall's path tells beyond its width: the hard axis, and the torques that act on it."""
    spin_transfer, spin_orbit = ("drift_per_current", "beta"), ("damping_like_per_current", "dmi_field")
    acting = [names for names in (spin_transfer, spin_orbit) if float(getattr(start, names[0])) != 0]
    return ["hard_axis_field", *(name for names in acting for name in names if float(getattr(start, name)) != 0)]


def _corner(campaign: Campaign, point: tuple[float, ...]) -> bool:
    return all(
        value in (min(map(float, axis.values)), max(map(float, axis.values)))
        for axis, value in zip(campaign.sweep, point, strict=True)
    )


def programming_pulse(campaign: Campaign, fit: WallFit, spec: RunSpec) -> ProgrammingPulse:
    """The driver's pulses: the widths that were fitted, and the campaign's (or the middle) amplitude."""
    train = next(step for step in spec.in_time.steps if isinstance(step, CurrentPulses))
    seen = fit.provenance.fitted_range
    asked = campaign.digits.pulse_amplitude if campaign.digits is not None else None
    amplitude = asked or float(np.mean(seen.amplitude))
    fit.check_range(amplitude)
    return ProgrammingPulse(
        amplitude=amplitude,
        shortest=seen.width[0],
        longest=seen.width[1],
        rise=train.rise,
        period=train.period,
    )


def analyse_synapse(computed: ComputedCampaign[Campaign], progress: Progress) -> Summary:
    """Make a stripe's campaign into its summary, with the report and the fitted devices beside it.

    Parameters
    ----------
    computed : ComputedCampaign
        The campaign, its runs in the store.
    progress : rich.progress.Progress
        Where the stages are shown.
    """
    campaign, specs = computed.campaign, computed.specs
    task = progress.add_task("Extract", total=len(specs))
    observations = observe_all(specs, computed.store, campaign.extract, lambda: progress.advance(task))
    task = progress.add_task("Fit", total=None)
    fit = fit_campaign(campaign, observations)
    progress.update(task, total=1, completed=1)
    task = progress.add_task("Time the model", total=None)
    speed = compare_speed(fit.dynamics, fit.start_angle, list(specs.values()), computed.store)
    progress.update(task, total=1, completed=1)
    digits = None
    first = next(iter(observations.values()))
    stripe = stripe_of(first.spec)
    window = stripe.readout_window
    assert window is not None  # `check_campaign` has refused a device without
    synapse = synapse_of(fit, stripe, campaign.extract)
    if campaign.digits is not None:
        task = progress.add_task("Read digits", total=None)
        digits = read_digits(
            fit,
            stripe,
            campaign.extract,
            campaign.digits,
            programming_pulse(campaign, fit, first.spec),
        )
        progress.update(task, total=1, completed=1)
    summary = Summary(
        campaign=campaign.name,
        engine=computed.engine,
        engine_version=str(first.run.attrs["engine_version"]),
        key=computed.key,
        runs=len(specs),
        cached=computed.cached,
        run_ids=[spec.run_id for spec in specs.values()],
        held_out=list(fit.provenance.held_out),
        wall_position_error=fit.held_out_error_over_length,
        training_error=fit.training_error / fit.length,
        parameters=[
            Parameter(name=each.name, unit=each.unit, value=each.value, ci95=(each.low, each.high))
            for each in fit.parameters
        ],
        speedup=speed.ratio,
        engine_speed=speed.engine,
        reduced_speed=speed.reduced,
        levels=levels(fit, min(window.x[1], float(synapse.right)) - max(window.x[0], float(synapse.left))),
        digits=None
        if digits is None
        else DigitsSummary.model_validate({name: getattr(digits, name) for name in DigitsSummary.model_fields}),
    )
    task = progress.add_task("Report", total=None)
    save_model(fit.dynamics, computed.folder / "wall.json")
    save_model(synapse, computed.folder / "synapse.json")
    save_model(neuron_of(fit, stripe), computed.folder / "neuron.json")
    write_whole(computed.folder / "report.html", write_report(campaign, observations, fit, summary, digits))
    progress.update(task, total=1, completed=1)
    return summary


def synapse_in_words(summary: Summary) -> list[str]:
    """The summary in a few lines."""
    lines = [
        f"runs                 {summary.runs} ({summary.cached} from the store)",
        f"wall position error  {summary.wall_position_error:.2%} of the stripe, {len(summary.held_out)} runs held out",
        f"speed-up             {summary.speedup:,.0f} over {summary.engine}",
        f"conductance levels   {summary.levels}",
    ]
    if summary.digits is not None:
        low, high = summary.digits.ci95
        lines += [
            f"digits               {summary.digits.accuracy:.1%} right, 95 % interval {low:.1%} to {high:.1%}",
            f"                     {summary.digits.float_accuracy:.1%} in floating point",
            f"                     {summary.digits.ideal_synapse_accuracy:.1%} with ideal synapses",
        ]
    return lines
