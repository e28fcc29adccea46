"""From a stripe's runs to results: fit the wall on part of them, predict the rest, time the model, run the network.

Every stage takes what was found so far (`found.Found`), frozen, and returns it with more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import equinox as eqx
import numpy as np

from solitons.campaigns.domain_walls.dw_synapse.arrivals import about_arrivals, arrivals_of, wrong_places
from solitons.campaigns.domain_walls.dw_synapse.campaign import SynapseCampaign
from solitons.campaigns.domain_walls.dw_synapse.checks import held_out_runs
from solitons.campaigns.domain_walls.dw_synapse.energy import wall_energy
from solitons.campaigns.domain_walls.dw_synapse.fitting import (
    about_choice,
    device_seconds,
    fit_observations,
    measured_landscape,
    programming_pulse,
    wander_of,
    widest_pulses,
)
from solitons.campaigns.domain_walls.dw_synapse.found import Found
from solitons.campaigns.domain_walls.dw_synapse.heat_results import ConductanceStep
from solitons.campaigns.domain_walls.dw_synapse.heated import about_heat, hot_steps, statistics_of
from solitons.campaigns.domain_walls.dw_synapse.holding_of_runs import (
    about_depinning,
    about_overshoot,
    about_ringing,
    ends_of,
)
from solitons.campaigns.domain_walls.dw_synapse.judgement import (
    about_holding,
    about_neuron,
    about_rest,
    judge_fit,
    left_alone,
)
from solitons.campaigns.domain_walls.dw_synapse.levels import (
    levels_apart,
    reach_of,
    wells_reached,
    why_no_levels,
)
from solitons.campaigns.domain_walls.dw_synapse.material_wall import start_of
from solitons.campaigns.domain_walls.dw_synapse.neurons import neuron_from_runs
from solitons.campaigns.domain_walls.dw_synapse.observation import observe, pulse_trains
from solitons.campaigns.domain_walls.dw_synapse.places import hottest, places_of
from solitons.campaigns.domain_walls.dw_synapse.report_values import figures_of, values_of
from solitons.campaigns.domain_walls.dw_synapse.results import MaterialParameter, SynapseResults
from solitons.campaigns.domain_walls.dw_synapse.roles import Heated, StripeRole
from solitons.campaigns.domain_walls.dw_synapse.samples import positions_of, spread_among
from solitons.campaigns.domain_walls.dw_synapse.step_table import (
    frame_of,
    step_table,
    synapse_of_steps,
    with_single_pulses,
)
from solitons.campaigns.framework.base import ComputedRuns, SweptPoint
from solitons.campaigns.framework.device_samples import Sample
from solitons.campaigns.framework.results import Findings, Parameter
from solitons.campaigns.framework.stages import Stages
from solitons.devices.level_count import levels_in_wells
from solitons.devices.places import drive_between
from solitons.domain_walls.candidates import fittable
from solitons.domain_walls.fitted_devices import devices_of, neuron_of, synapse_of
from solitons.domain_walls.judgement import best_trivial
from solitons.domain_walls.landscape import has_landscape
from solitons.domain_walls.parameters import unit_of
from solitons.energy import EnergyLedger
from solitons.fits.verdict import Reason
from solitons.networks.digits import read_digits

__all__ = ["analyse"]


def analyse(campaign: SynapseCampaign, runs: ComputedRuns[StripeRole], stages: Stages) -> Findings[SynapseResults]:
    """Make the runs of one stripe into the fitted wall, its devices, and what they can do."""
    swept = replace(runs, labelled=tuple(run for run in runs.labelled if isinstance(run.role, SweptPoint)))
    observations = tuple(
        observe(run.spec, run.role, runs.open(run), campaign.extract)
        for run in stages.over("Extract", swept.labelled)
        if isinstance(run.role, SweptPoint)
    )
    landscape, lost = measured_landscape(runs)
    with stages("Fit"):
        held_out = held_out_runs(campaign.swept_runs(runs.engine), campaign.fit)
        choice = fit_observations(observations, campaign.fit, held_out, landscape)
        lost += about_choice(choice, campaign.fit)
    with stages("Time the model"):
        longest = max(
            swept.labelled, key=lambda run: (run.spec.in_time.duration, run.spec.in_time.current_density.peak)
        )
        reduced = device_seconds(choice.fit, longest.spec)
    with stages("Judge"):
        lost += campaign.choosing.about() if campaign.choosing is not None else ()
        reasons = (*judge_fit(choice.fit, observations).reasons, *lost)
        found = Found(campaign, runs, observations, landscape, choice, reasons)
        found = _at_rest(_held(found, lost))
        if not found.verdict.failed and campaign.neuron is None:
            against, silent = about_neuron(neuron_of(found.fit, found.stripe), found.fit, observations[0])
            found = _with(found, against, silent=silent)
    if campaign.heat is not None:
        with stages("Heat"):
            found = _heated(found)
    if any(isinstance(run.role, Sample) for run in runs.labelled) and not found.verdict.failed:
        with stages("Devices"):
            samples = positions_of(runs, campaign.extract)
            spread, unlike = spread_among(samples)
            found = _with(found, unlike, samples=samples, spread=spread)
    if campaign.neuron is not None and not found.verdict.failed:
        with stages("Neuron"):
            neuron, otherwise = neuron_from_runs(found.fit, runs, campaign.extract, campaign.neuron)
            found = _with(found, otherwise, neuron=neuron)
    found = _withheld(found) if found.verdict.failed else _neuron(_synapse(found))
    if campaign.digits is not None and not found.verdict.failed:
        found = _network(found, stages)
    with stages("Count energy"):
        # A failed model has no device whose energy could be given.
        ledger = EnergyLedger()
        if not found.verdict.failed:
            ledger = wall_energy(observations, found.neuron, campaign.energy)
    results = _results(found, ledger, swept.device_seconds, reduced)
    found = _with_table(found, results.step_table)
    return Findings(
        results,
        values=values_of(found, results),
        figures=figures_of(found, results),
        models=found.models,
        tables={"steps": frame_of(results.step_table)} if campaign.heat is not None else {},
    )


def _with(found: Found, reasons: list[Reason], **more: Any) -> Found:
    return replace(found, reasons=(*found.reasons, *reasons), **more)


def _held(found: Found, lost: list[Reason]) -> Found:
    """Places where the stripe holds its wall, and whether pulses of the runs free it as predicted."""
    observations, landscape = found.observations, found.landscape
    wall = start_of(observations, landscape) if found.verdict.failed else found.choice.fit.dynamics
    angle, width = found.choice.fit.start_angle, widest_pulses(observations).width
    campaign = found.campaign
    held = places_of(
        found.runs,
        observations,
        wall,
        angle,
        landscape,
        read_out=campaign.extract,
        known=campaign.fit.material_uncertainty,
        temperature=hottest(campaign.heat),
    )
    places = held.places
    if places:  # what holds a stuck wall is known: the same with what to do
        judged = judge_fit(found.choice.fit, observations, depinning=(drive_between(places), width))
        found = replace(found, reasons=(*judged.reasons, *lost))
    freed = about_depinning(places, width, observations, found.stripe.cell[0], ends_of(wall, angle))
    return _with(found, [*freed, *about_overshoot(places, observations)], held=held)


def _at_rest(found: Found) -> Found:
    """Whether walls stay where pulses and rests leave them."""
    observations, cell = found.observations, found.stripe.cell[0]
    if found.verdict.failed:
        ringing = about_ringing(observations, cell)
        return _with(found, ringing, restless=bool(ringing))
    fit, unheld = found.choice.fit, None
    free = synapse_of(fit, found.stripe, found.campaign.extract)
    alone = left_alone(free, observations)
    pushed = left_alone(free, observations, turned=False)
    if not has_landscape(found.stripe):
        # What is measured of a smooth stripe is, beside its domains' stray field, the mesh.
        bare = replace(fit.dynamics, pinning=start_of(observations, None).pinning)
        same = bool(eqx.tree_equal(bare.pinning, fit.dynamics.pinning))
        unheld = pushed if same else left_alone(replace(free, wall=bare), observations, turned=False)
    moves = [*about_rest(alone, observations, cell, pushed), *about_holding(unheld, observations, cell)]
    return _with(found, moves, alone=alone, restless=bool(moves))


def _heated(found: Found) -> Found:
    """Steps with heat of the model and of the runs; without a model, of the runs alone."""
    campaign, observations = found.campaign, found.observations
    assert campaign.heat is not None
    base = campaign.base_run
    # The run of the sweep that has the same pulses without heat, and those with heat.
    measured = [(0.0, each) for each in observations if each.spec.protocol == base.protocol]
    measured += [
        (run.role.temperature, observe(run.spec, SweptPoint(), found.runs.open(run), campaign.extract, str(run.role)))
        for run in found.runs.labelled
        if isinstance(run.role, Heated)
    ]
    start = float(observations[0].trajectory.position[0])
    fit = None if found.verdict.failed else found.fit
    hot = tuple(hot_steps(fit, base, campaign.extract, campaign.heat, start, measured))
    found = replace(found, hot=hot)
    if fit is None:
        return found
    arrivals = arrivals_of(fit, found.runs, base, found.held.places, campaign.extract, campaign.heat)
    wrong = wrong_places(arrivals)
    against = [*about_heat(hot, found.stripe.cell[0]), *about_arrivals(wrong, campaign.heat)]
    return _with(found, against, arrivals=tuple(arrivals), wrong=tuple(wrong))


def _with_table(found: Found, rows: Sequence[ConductanceStep]) -> Found:
    """With the model's steps at the lowest temperature as a device, which exports take."""
    if found.warm is None or found.verdict.failed:
        return found
    train = pulse_trains(found.campaign.base_run)[0]
    warm = [row for row in rows if row.source == "model" and row.temperature == found.warm.temperature]
    steps = synapse_of_steps(warm, found.range[1], train, found.verdict.verdict)
    return found if steps is None else replace(found, models={**found.models, "steps": steps})


def _withheld(found: Found) -> Found:
    """Results that a failed fit cannot give."""
    campaign = found.campaign
    asked = ("levels", "synapse", "neuron", *(["network"] if campaign.digits is not None else []))
    withheld = dict.fromkeys(asked, "the fit failed")
    if campaign.heat is not None:
        needless = "the fit failed; those of the runs themselves need none"
        withheld["steps"] = needless if found.hot else "the fit failed"
    return replace(found, withheld=withheld, models={"wall": found.fit.dynamics})


def _synapse(found: Found) -> Found:
    """The synapse and its levels: the wells that pulses reach, or as many as stay apart."""
    observations, stripe = found.observations, found.stripe
    synapse = synapse_of(found.fit, stripe, found.campaign.extract, found.spreads)
    reach = reach_of(observations, stripe, float(synapse.left), float(synapse.right))
    wells = tuple(wells_reached(found.held.places, observations))
    found = replace(found, wells=wells, models={"wall": found.fit.dynamics, "synapse": synapse})
    if found.campaign.heat is None and not has_landscape(stripe):
        found = replace(found, wander=wander_of(synapse))
    if none := why_no_levels(reach, wells, found.shaken):
        return replace(found, withheld={"levels": none})
    if wells:
        return replace(found, levels=levels_in_wells(wells, synapse.window))
    alike = found.spread.at_rest if found.spread is not None else 0.0
    count = levels_apart(found.fit, observations, stripe.cell[0], reach, found.shaken, alike)
    return replace(found, count=count, levels=count.number)


def _neuron(found: Found) -> Found:
    """The neuron that the wall makes, or why it makes none."""
    fit, stripe, why = found.fit, found.stripe, ""
    neuron = None
    if found.neuron is not None and found.neuron.results.threshold_current is not None:
        neuron = replace(found.neuron.neuron, wall=fit.dynamics)
    elif found.neuron is not None:
        why = "it does not fire up to twice the strongest current of its runs"
    elif found.campaign.neuron is not None:
        why = "its own runs do not show one (the verdict gives the reason)"
    elif found.silent is None:
        neuron = neuron_of(fit, stripe)
    else:
        why = found.silent
    if neuron is None:
        return replace(found, withheld={**found.withheld, "neuron": why})
    return replace(found, models={**found.models, "neuron": neuron})


def _network(found: Found, stages: Stages) -> Found:
    """The digits that such devices read, or why they read none."""
    settings, fit, silent = found.campaign.digits, found.fit, found.silent
    assert settings is not None
    leak = settings.neuron_bias or 0.0
    if silent is None and (leak or found.campaign.neuron is not None):
        _, silent = about_neuron(neuron_of(fit, found.stripe, leak), fit, found.observations[0])
    if silent is not None:
        return replace(found, withheld={**found.withheld, "network": f"it has no neuron: {silent}"})
    if np.isinf(found.shaken):
        return replace(found, withheld={**found.withheld, "network": found.withheld["levels"]})
    with stages("Read digits"):
        digits = read_digits(
            devices_of(fit, found.stripe, found.campaign.extract, leak_field=leak, spreads=found.spreads),
            programming_pulse(fit, found.observations[0].spec, settings.pulse_amplitude),
            seed=settings.seed,
            temperature=found.warm.temperature if found.warm is not None else 0.0,
            rests=found.restless,
        )
    return replace(found, digits=digits)


def _results(found: Found, ledger: EnergyLedger, engine_speed: float, reduced_speed: float) -> SynapseResults:
    fit, observations, alone = found.fit, found.observations, found.alone
    beside = best_trivial(fit, [each.trajectory for each in observations])
    start, fitted = start_of(observations, found.landscape), {each.name for each in fit.parameters}
    in_wells = list(found.wells) if found.levels is not None else []
    choosing = found.campaign.choosing
    return SynapseResults(
        verdict=found.verdict.verdict,
        reasons=list(found.verdict.reasons),
        notes=[] if choosing is None else [choosing.statement(found.campaign.swept_runs(found.runs.engine))],
        held_out=list(fit.provenance.held_out),
        wall_position_error=fit.held_out_error_over_length,
        training_error=fit.training_error / fit.length,
        rms_at_rest=beside[0] if beside else None,
        trivial_rms_at_rest=beside[1].rms if beside else None,
        trivial_model=beside[1].says if beside else "",
        length=fit.length,
        parameters=[Parameter.of(each) for each in fit.parameters],
        from_material=[
            MaterialParameter(name=name, unit=unit_of(name), value=float(getattr(start, name)))
            for name in fittable(start)
            if name not in fitted
        ],
        compared=list(found.choice.compared),
        speedup=reduced_speed / engine_speed,
        engine_speed=engine_speed,
        reduced_speed=reduced_speed,
        levels=found.levels,
        level_wells=in_wells,
        arrivals=list(found.arrivals),
        wrong_places=list(found.wrong),
        level_count=found.count,
        drift_left_alone=float(np.abs(alone.moved).max()) if alone is not None else None,
        drift_time=float(alone.time.max()) if alone is not None and np.isfinite(alone.time.max()) else None,
        wander=found.wander,
        places=list(found.held.places),
        place_pulse=widest_pulses(observations).width if found.held.places else None,
        place_temperature=hottest(found.campaign.heat),
        places_from="material" if found.verdict.failed else "fit",
        steps=[row for each in found.hot for row in statistics_of(each)],
        step_table=with_single_pulses(step_table(found.hot, *found.range), found.arrivals, *found.range),
        devices=found.spread,
        neuron=found.neuron.results if found.neuron is not None else None,
        digits=found.digits,
        withheld=dict(found.withheld),
        energy=ledger,
    )
