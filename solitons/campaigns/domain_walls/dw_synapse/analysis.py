"""From a stripe's runs to results: fit the wall on part of them, predict the rest, time the model, run the network."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt

from analysis import held_wall
from runs import CurrentPulses, PiecewiseLinear, RunSpec
from solitons.campaigns.domain_walls.dw_synapse.energy import wall_energy
from solitons.campaigns.domain_walls.dw_synapse.heated import HotSteps, about_heat, hot_steps, statistics_of
from solitons.campaigns.domain_walls.dw_synapse.holding_of_runs import about_depinning, about_ringing, ends_of
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
    wrong_wells,
)
from solitons.campaigns.domain_walls.dw_synapse.material_wall import considered_walls, start_of
from solitons.campaigns.domain_walls.dw_synapse.neurons import ShownNeuron, neuron_from_runs
from solitons.campaigns.domain_walls.dw_synapse.observation import Observation, observe, pulse_trains
from solitons.campaigns.domain_walls.dw_synapse.results import ComparedModel, MaterialParameter, SynapseResults
from solitons.campaigns.domain_walls.dw_synapse.roles import Heated, Held
from solitons.campaigns.domain_walls.dw_synapse.samples import positions_of, spread_among
from solitons.campaigns.domain_walls.dw_synapse.settings import (
    DigitsSettings,
    HeatSettings,
    NeuronSettings,
    WallFitSettings,
)
from solitons.campaigns.domain_walls.dw_synapse.wells import PinningSite, depinning_of
from solitons.campaigns.energy.run_energy import DeviceEnergy
from solitons.campaigns.framework.base import ComputedRuns, SweptPoint
from solitons.campaigns.framework.device_samples import Sample, SpreadResult
from solitons.campaigns.framework.results import Findings, Parameter
from solitons.campaigns.framework.stages import Stages
from solitons.devices.drift import DriftUnknownError
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.devices.level_count import levels_in_wells
from solitons.devices.pulse_shape import ProgrammingPulse
from solitons.devices.spreads import Spreads
from solitons.domain_walls.candidates import fittable
from solitons.domain_walls.choice import Choice, choose_wall
from solitons.domain_walls.depinning import depinning_current
from solitons.domain_walls.fit import WallFit, fit_wall
from solitons.domain_walls.fitted_devices import devices_of, neuron_of, synapse_of
from solitons.domain_walls.judgement import best_trivial
from solitons.domain_walls.landscape import ROOM_TEMPERATURE, Landscape, has_landscape, landscape_of, moment_along
from solitons.domain_walls.parameters import unit_of
from solitons.domain_walls.runs import breathing_of, shape_field_of, stripe_of, tilting_of
from solitons.domain_walls.simulation import follow_walls
from solitons.domain_walls.synapse import DomainWallSynapse
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.energy import EnergyLedger
from solitons.fits.material_uncertainty import MaterialUncertainty
from solitons.fits.verdict import Reason, Verdict, judge
from solitons.networks.digits import read_digits

__all__ = ["Shown", "analyse_wall", "device_seconds", "fit_observations", "programming_pulse", "wander_of"]

DEVICES = 1000
_WALLS = 10_000  # drawn, so that their spread is known to a per cent


@dataclass(frozen=True, eq=False)
class Shown:
    """What the report draws from.

    `observations` are in the order of the sweep, `hot` begins with the steps without heat, and `samples` (devices,
    pulses + 1) are where the walls of devices that chance made different rest, in m.
    """

    observations: tuple[Observation, ...]
    fit: WallFit
    landscape: Landscape | None = None
    hot: tuple[HotSteps, ...] = ()
    samples: npt.NDArray[np.float64] | None = None
    neuron: ShownNeuron | None = None
    uncertainty: MaterialUncertainty = field(default_factory=MaterialUncertainty)


def analyse_wall(
    runs: ComputedRuns[Any],
    stages: Stages,
    read_out: JunctionReadOut,
    settings: WallFitSettings,
    network: DigitsSettings | None,
    heat: HeatSettings | None,
    excited: NeuronSettings | None,
    base: RunSpec,
    energy: DeviceEnergy,
) -> Findings[SynapseResults, Shown]:
    """Make the runs of one stripe into the fitted wall, its devices, and what they can do."""
    swept = replace(runs, labelled=tuple(run for run in runs.labelled if isinstance(run.role, SweptPoint)))
    observations = tuple(
        observe(run.spec, run.role, runs.open(run), read_out) for run in stages.over("Extract", swept.labelled)
    )
    landscape, lost = _landscape(runs, observations)
    with stages("Fit"):
        choice = fit_observations(observations, settings, landscape)
        fit = choice.fit
        lost += _about_choice(choice, settings)
    with stages("Time the model"):
        longest = max(
            swept.labelled, key=lambda run: (run.spec.in_time.duration, run.spec.in_time.current_density.peak)
        )
        reduced = device_seconds(fit, longest.spec)
    stripe = stripe_of(observations[0].spec)
    silent: str | None = None
    hot: list[HotSteps] = []
    with stages("Judge"):
        verdict = judge([*judge_fit(fit, observations).reasons, *lost])
        wall = start_of(observations, landscape) if verdict.failed else fit.dynamics
        coldest = min((ROOM_TEMPERATURE, *(heat.temperatures if heat is not None else ())))
        sites = _sites(wall, landscape, observations, fit, coldest)
        if sites:  # what holds a stuck wall is known: the same with what to do
            held = (depinning_of(sites), _widest(observations).width)
            verdict = judge([*judge_fit(fit, observations, depinning=held).reasons, *lost])
        ends = ends_of(wall, fit.start_angle)
        freed = about_depinning(sites, _widest(observations).width, observations, stripe.cell[0], ends)
        alone, pushed, unheld = None, None, None
        if not verdict.failed:
            free = synapse_of(fit, stripe, read_out)
            alone = left_alone(free, observations)
            pushed = left_alone(free, observations, turned=False)
            if not has_landscape(stripe):
                # What is measured of a smooth stripe is, beside its domains' stray field, the mesh.
                bare = replace(fit.dynamics, pinning=start_of(observations, None).pinning)
                same = bool(eqx.tree_equal(bare.pinning, fit.dynamics.pinning))
                unheld = pushed if same else left_alone(replace(free, wall=bare), observations, turned=False)
        restless = about_rest(alone, observations, stripe.cell[0], pushed)
        restless += about_holding(unheld, observations, stripe.cell[0])
        if verdict.failed:
            restless = about_ringing(observations, stripe.cell[0])
        verdict = judge([*verdict.reasons, *freed, *restless])
        fit = _judged(fit, verdict)
        if not verdict.failed and excited is None:
            against, silent = about_neuron(neuron_of(fit, stripe), fit, observations[0])
            verdict = judge([*verdict.reasons, *against])
    if heat is not None:
        with stages("Heat"):
            start = float(observations[0].trajectory.position[0])
            measured = _with_base_pulses(runs, observations, base, read_out)
            hot = hot_steps(None if verdict.failed else fit, base, read_out, heat, start, measured)
        if not verdict.failed:
            verdict = judge([*verdict.reasons, *about_heat(hot, stripe.cell[0])])
    samples, devices = None, None
    if any(isinstance(run.role, Sample) for run in runs.labelled) and not verdict.failed:
        with stages("Devices"):
            samples = positions_of(runs, read_out)
            devices, unlike = spread_among(samples)
        verdict = judge([*verdict.reasons, *unlike])
    neuron, shown_neuron = None, None
    if excited is not None and not verdict.failed:
        with stages("Neuron"):
            neuron, shown_neuron, otherwise = neuron_from_runs(fit, runs, read_out, excited)
        verdict = judge([*verdict.reasons, *otherwise])
    fit = _judged(fit, verdict)
    models: dict[str, Any] = {"wall": fit.dynamics}
    withheld, digits, count, wander, levels, wells = {}, None, None, None, None, []
    if verdict.failed:
        asked = ("levels", "synapse", "neuron", *(["network"] if network is not None else []))
        withheld = dict.fromkeys(asked, "the fit failed")
        if heat is not None:
            withheld["steps"] = "the fit failed; those of the runs themselves need none" if hot else "the fit failed"
    else:
        warm = min(hot[1:], key=lambda each: each.temperature, default=None)
        spreads = Spreads(
            cycle=warm.cycle if warm is not None and np.isfinite(warm.cycle) else 0.0,
            gain=(devices.gain or 0.0) if devices is not None else 0.0,
            place=devices.place if devices is not None else 0.0,
            devices=devices.devices - devices.lost if devices is not None else 0,
            temperature=warm.temperature if warm is not None and np.isfinite(warm.cycle) else 0.0,
        )
        synapse = synapse_of(fit, stripe, read_out, spreads)
        reach = reach_of(observations, stripe, float(synapse.left), float(synapse.right))
        shaken = max((each.spread for each in hot), default=0.0)
        wells = wells_reached(sites, observations)
        if none := why_no_levels(reach, wells, shaken):
            withheld["levels"] = none
        elif wells:
            levels = levels_in_wells(wells, synapse.window)
        else:
            alike = devices.at_rest if devices is not None else 0.0
            count = levels_apart(fit, observations, stripe.cell[0], reach, shaken, alike)
            levels = count.number
        models["synapse"] = synapse
        if heat is None and not has_landscape(stripe):
            wander = wander_of(synapse)
        if excited is not None and neuron is None:
            withheld["neuron"] = "its own runs do not show one (the verdict gives the reason)"
        elif neuron is not None and neuron.threshold_current is None:
            withheld["neuron"] = "it does not fire up to twice the strongest current of its runs"
        elif shown_neuron is not None:
            models["neuron"] = replace(shown_neuron.neuron, wall=fit.dynamics)
        elif silent is None:
            models["neuron"] = neuron_of(fit, stripe)
        else:
            withheld["neuron"] = silent
        leak = (network.neuron_bias or 0.0) if network is not None else 0.0
        if network is not None and silent is None and (leak or excited is not None):
            _, silent = about_neuron(neuron_of(fit, stripe, leak), fit, observations[0])
        if network is not None and silent is not None:
            withheld["network"] = f"it has no neuron: {silent}"
        elif network is not None and np.isinf(shaken):
            withheld["network"] = withheld["levels"]
        elif network is not None:
            with stages("Read digits"):
                pulse = programming_pulse(fit, observations[0].spec, network.pulse_amplitude)
                digits = read_digits(
                    devices_of(fit, stripe, read_out, leak_field=leak, spreads=spreads),
                    pulse,
                    seed=network.seed,
                    temperature=warm.temperature if warm is not None else 0.0,
                    rests=bool(restless),
                )
    with stages("Count energy"):
        # Of a device that nothing can be said of no energy stands either.
        ledger = EnergyLedger() if verdict.failed else wall_energy(observations, neuron, shown_neuron, energy)
    beside = best_trivial(fit, [each.trajectory for each in observations])
    results = SynapseResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        held_out=list(fit.provenance.held_out),
        wall_position_error=fit.held_out_error_over_length,
        training_error=fit.training_error / fit.length,
        rms_at_rest=beside[0] if beside else None,
        trivial_rms_at_rest=beside[1].rms if beside else None,
        trivial_model=beside[1].says if beside else "",
        length=fit.length,
        parameters=[Parameter.of(each) for each in fit.parameters],
        from_material=_from_material(fit, start_of(observations, landscape)),
        compared=[
            ComparedModel(
                fitted=list(each.candidate.free),
                knots=each.candidate.knots,
                rms=each.rms,
                rms_at_rest=each.rms_at_rest,
                behind=each.behind,
                standard_error=each.standard_error,
                at_edge=each.at_edge,
                chosen=each.chosen,
                tilts=each.candidate.tilts,
                breathes=each.candidate.breathes,
                unshapely=each.unshapely,
                inseparable=each.inseparable,
            )
            for each in choice.compared
        ],
        speedup=reduced / swept.device_seconds,
        engine_speed=swept.device_seconds,
        reduced_speed=reduced,
        levels=levels,
        level_wells=wells if levels is not None else [],
        wrong_wells=wrong_wells(sites, hot) if wells and levels is not None else [],
        levels_ci95=count.ci95 if count else None,
        level_reach=count.reach if count else None,
        level_spread=count.spread if count else None,
        level_model=count.model if count else None,
        level_heat=count.heat if count else None,
        level_devices=count.devices if count else None,
        drift_left_alone=float(np.abs(alone.moved).max()) if alone is not None else None,
        drift_time=float(alone.time.max()) if alone is not None and np.isfinite(alone.time.max()) else None,
        wander=wander,
        sites=sites,
        site_pulse=_widest(observations).width if sites else None,
        site_temperature=coldest,
        sites_from="material" if verdict.failed else "fit",
        steps=[row for each in hot for row in statistics_of(each)],
        devices=SpreadResult(**asdict(devices)) if devices is not None else None,
        neuron=neuron,
        digits=digits,
        withheld=withheld,
        energy=ledger,
    )
    known = settings.material_uncertainty
    shown = Shown(observations, fit, landscape, tuple(hot), samples, shown_neuron, known)
    return Findings(results, shown, models)


def _with_base_pulses(
    runs: ComputedRuns[Any], observations: Sequence[Observation], base: RunSpec, read_out: JunctionReadOut
) -> list[tuple[float, Observation]]:
    """The runs with heat, and before them the one of the sweep that has the same pulses without it."""
    cold = [(0.0, each) for each in observations if each.spec.protocol == base.protocol]
    heated = [
        (run.role.temperature, observe(run.spec, SweptPoint(), runs.open(run), read_out, str(run.role)))
        for run in runs.labelled
        if isinstance(run.role, Heated)
    ]
    return [*cold, *heated]


def _from_material(fit: WallFit, start: WallDynamics) -> list[MaterialParameter]:
    fitted = {each.name for each in fit.parameters}
    return [
        MaterialParameter(name=name, unit=unit_of(name), value=float(getattr(start, name)))
        for name in fittable(start)
        if name not in fitted
    ]


def _landscape(runs: ComputedRuns[Any], observations: Sequence[Observation]) -> tuple[Landscape | None, list[Reason]]:
    """What pins the wall, where runs have measured it; or why they have not."""
    held = [run for run in runs.labelled if isinstance(run.role, Held)]
    if not held:
        return None, []
    try:
        return landscape_of([held_wall(runs.open(run)) for run in held], stripe_of(observations[0].spec)), []
    except ValueError as error:
        reason = Reason(
            code="landscape_lost",
            weight="limited",
            sentence=f"What holds the wall was not measured: {error}. The model leaves it out.",
        )
        return None, [reason]


def _widest(observations: Sequence[Observation]) -> CurrentPulses:
    """The campaign's widest pulses."""
    return max((pulse_trains(each.spec)[0] for each in observations), key=lambda train: train.width)


def _sites(
    wall: WallDynamics,
    landscape: Landscape | None,
    observations: Sequence[Observation],
    fit: WallFit,
    temperature: float,
) -> list[PinningSite]:
    """Where the wall is held, and the pulses of the campaign's widest that free it."""
    if landscape is None:
        return []
    spec, train = observations[0].spec, _widest(observations)
    largest = 10 * max(each.peak for each in observations)
    shape = {"width": train.width, "rise": train.rise, "period": train.period, "largest": largest}
    field = tuple(PiecewiseLinear((0.0,), (each,)) for each in spec.protocol.static_field)
    found = []
    for site in landscape.sites(moment_along(stripe_of(spec), spec.material, landscape), temperature):
        left, right = (
            None
            if hill is None
            else depinning_current(wall, site.position, fit.start_angle, hill=hill, field=field, **shape)
            for hill in (site.hill_left, site.hill_right)
        )
        found.append(PinningSite(**asdict(site), frees_left=left, frees_right=right))
    return found


def wander_of(synapse: DomainWallSynapse) -> float | None:
    """Standard deviation in m of where heat at 300 K has a wall after 1 ns; None where the model does not know."""
    middle = np.full(_WALLS, (float(synapse.left) + float(synapse.right)) / 2)
    try:
        drawn = synapse.drift(1e-9, ROOM_TEMPERATURE)
    except DriftUnknownError:
        return None
    return float(np.std(drawn(middle, np.random.default_rng(0))))


def _judged(fit: WallFit, verdict: Verdict) -> WallFit:
    """A fit with its verdict in its provenance, as every model made from it."""
    judged = fit.provenance.model_copy(update={"verdict": verdict.verdict})
    return replace(fit, dynamics=replace(fit.dynamics, provenance=judged))


def fit_observations(
    observations: Sequence[Observation], settings: WallFitSettings, landscape: Landscape | None = None
) -> Choice:
    """Fit the wall model to runs, holding some out.

    The held-out runs are drawn with the seed from those that are not at a corner of the
    sweep, so that the model is asked to interpolate; if there are too few of them, from all.
    They take no part in the choice of a model.
    """
    start = start_of(observations, landscape)
    candidates = [each.spec.run_id for each in observations if not _is_corner(each.point)]
    if len(candidates) < settings.held_out:
        candidates = [each.spec.run_id for each in observations]
    chosen = np.random.default_rng(settings.seed).choice(candidates, settings.held_out, replace=False)
    held_out = [str(run_id) for run_id in chosen]
    runs = [each.trajectory for each in observations]
    considered = considered_walls(observations, landscape, settings.material_uncertainty)
    if settings.knots is None:
        # A landscape that was measured is not fitted besides, or what holds the wall would have two answers.
        spec = observations[0].spec
        return choose_wall(
            runs,
            start,
            held_out=held_out,
            pinning=landscape is None,
            tilting=tilting_of(spec, float(start.width)),
            breathing=breathing_of(spec, float(start.width)),
            shape_field=shape_field_of(spec, float(start.width)),
            considered=considered,
        )
    free = fittable(start)
    return Choice(fit_wall(runs, start, held_out=held_out, free=free, knots=settings.knots, considered=considered), ())


def _about_choice(choice: Choice, settings: WallFitSettings) -> list[Reason]:
    """Whether the runs could choose a model."""
    if settings.knots is not None or choice.compared:
        return []
    sentence = (
        "One run is left to fit on, so that models cannot be compared by runs which a fit has not seen: the material's "
        "constants are taken as they are. Give more runs."
    )
    return [Reason(code="nothing_to_choose_by", weight="limited", sentence=sentence)]


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
