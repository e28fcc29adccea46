"""From runs to results: macrospins fitted to pairs, rows at 0 K and with heat, and the heat of a cycle."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt

from analysis.magnet_logic.values import decided
from geometries import MagnetArray
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
from solitons.campaigns.framework.results import Findings, Parameter
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.magnet_logic.logic_campaign import AbstractLogicCampaign
from solitons.campaigns.magnet_logic.logic_report import ArrayAtRest, Shown
from solitons.campaigns.magnet_logic.logic_results import RowRun
from solitons.campaigns.magnet_logic.nml_majority.cycles import CYCLES, measure_cycles
from solitons.campaigns.magnet_logic.nml_majority.judgement import judge_gate
from solitons.campaigns.magnet_logic.nml_majority.planned_runs import ROWS, gate
from solitons.campaigns.magnet_logic.nml_majority.results import (
    EnsembleResult,
    HeldOutResult,
    MajorityResults,
    RowResult,
)
from solitons.campaigns.magnet_logic.nml_majority.roles import FittedPair, HeldOutArray, HotRow
from solitons.campaigns.magnet_logic.nml_majority.settings import CycleSettings
from solitons.campaigns.magnet_logic.nml_majority.thermal_rows import (
    expected_output,
    likelihood,
    outputs,
    rotation_p_value,
    seen_outputs,
    slow_output,
)
from solitons.campaigns.magnet_logic.wrong_trials import counted
from solitons.magnet_logic import CoupledMacrospins, array_macrospins, fit_response
from solitons.magnet_logic.mean_heats import damping_p_value
from solitons.magnet_logic.response_fit import ResponseFit
from solitons.magnet_logic.rest_states import RestStates, angle_error, path_error, path_of, rest_states

__all__ = ["analyse_gate"]

Floats = npt.NDArray[np.float64]

_BISECTIONS = 10


def analyse_gate(
    campaign: AbstractLogicCampaign, cycle: CycleSettings | None, runs: ComputedRuns[Any], stages: Stages
) -> Findings[MajorityResults, Shown]:
    """Analyse all runs of a gate."""
    material, grid, clock = campaign.material, campaign.grid, campaign.clock
    seen: dict[str, RestStates] = {}
    for run in runs.labelled:
        if not isinstance(run.role, HotRow):
            assert isinstance(run.spec.device, MagnetArray)
            seen[run.spec.run_id] = rest_states(runs.open(run), run.spec.device, str(run.role))

    def of(role: type) -> list[RestStates]:
        return [seen[run.spec.run_id] for run in runs.labelled if isinstance(run.role, role)]

    fit = fit_response(of(FittedPair), material)
    held_out = [
        _predicted(each, fit, campaign)
        for each in stages.over("Predict arrays that were not fitted", [*of(RowRun), *of(HeldOutArray)])
    ]
    hot = fit.factors.macrospins(gate(ROWS[0], grid), material, campaign.temperature)
    rows = []
    seeds = np.random.SeedSequence(campaign.seed).generate_state(len(ROWS) + 4, np.uint64)
    for row, at_rest, seed in stages.over(
        f"Follow {campaign.members:,} gates a row", list(zip(ROWS, of(RowRun), seeds, strict=False))
    ):
        rows.append(_row(row, at_rest, hot, campaign, int(seed)))
    ensemble = next((run for run in runs.labelled if isinstance(run.role, HotRow)), None)
    compared = None
    if ensemble is not None:
        with stages("Compare with micromagnetics"):
            compared = _ensemble(ensemble, runs, fit, rows, campaign, seeds[len(ROWS) :].tolist())
    cycles = []
    if cycle is not None:
        with stages("Heat of cycles", len(CYCLES) * len(cycle.every_ramp_time)) as advance:
            cycles = measure_cycles(hot, grid, clock.field, cycle, campaign.seed, advance)
    points = [point for each in cycles for point in each.points]
    agree = damping_p_value(points) if points else None
    centre = gate(ROWS[0], grid).index("centre")
    results = MajorityResults(
        temperature=campaign.temperature,
        barrier=hot.barrier(centre) / hot.thermal_energy,
        anisotropy_field=hot.anisotropy_field(centre),
        relaxation_time=hot.relaxation_time(centre),
        factors=_parameters(fit),
        residual=fit.residual,
        unfitted_residual=fit.unfitted_residual,
        uncoupled_residual=fit.uncoupled_residual,
        left_out_residuals=_left_out(fit),
        shortest=min(float(each.lengths[:, each.free].min()) for each in seen.values()),
        held_out=held_out,
        rows=rows,
        rotation_p_value=rotation_p_value({each.row: each.thermal for each in rows}),
        ensemble=compared,
        cycles=cycles,
        damping_p_value=agree,
    )
    verdict = judge_gate(results, clock)
    results = results.model_copy(update={"notes": _notes(results, runs)}).judged(verdict)
    models = {} if verdict.failed else {"factors": fit.factors, "gate": hot}
    shown = tuple(
        ArrayAtRest(each.array, np.sum(each.moments[-1] * each.array.axes, axis=-1), each.moments[-1])
        for each in of(RowRun)
    )
    return Findings(results, shown, models=models)


def _left_out(fit: ResponseFit) -> tuple[float, float]:
    assert fit.left_out_residuals is not None  # three runs of each pair
    return fit.left_out_residuals


def _parameters(fit: ResponseFit) -> list[Parameter]:
    assert fit.intervals is not None  # pairs are six runs
    return [
        Parameter(name=name, unit="", value=float(getattr(fit.factors, name)), ci95=interval)
        for name, interval in fit.intervals.items()
    ]


def _predicted(seen: RestStates, fit: ResponseFit, campaign: AbstractLogicCampaign) -> HeldOutResult:
    plain = array_macrospins(seen.array, campaign.material)
    fitted, alone = (each.applied(plain, seen.array) for each in (fit.factors, fit.uncoupled))
    path = path_of(fitted, seen)
    predicted, simulated = (np.sign(np.sum(each[-1] * seen.array.axes, axis=-1)) for each in (path, seen.directions))
    return HeldOutResult(
        name=seen.name.removeprefix("held out: "),
        fitted=angle_error(path, seen),
        unfitted=path_error(plain, seen),
        uncoupled=path_error(alone, seen),
        right=bool(np.array_equal(predicted, simulated)),
    )


def _row(
    row: Any, at_rest: RestStates, hot: CoupledMacrospins, campaign: AbstractLogicCampaign, seed: int
) -> RowResult:
    array, expected = at_rest.array, expected_output(row)
    projections = [float(at_rest.moments[-1, array.index(name), 1]) for name in ("out", "centre")]

    def model_value(bias: float) -> int:
        return int(decided(slow_output(hot, array, campaign.clock.field, bias)))

    return RowResult(
        row=row,
        expected=expected,
        projection=projections[0],
        centre=projections[1],
        value=int(decided(projections[0])),
        model_value=model_value(0.0),
        tolerated_bias=_tolerated(lambda bias: model_value(bias) == expected, hot.anisotropy_field()),
        thermal=counted(outputs(hot, array, campaign.clock, campaign.members, seed), expected),
    )


def _tolerated(holds: Any, largest: float) -> float:
    """Largest bias of either sign up to `largest` with which a row holds, by halving."""
    if not holds(0.0):
        return 0.0
    low, high = 0.0, largest
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) and holds(-middle) else (low, middle)
    return low


def _ensemble(
    run: LabelledRun[Any],
    runs: ComputedRuns[Any],
    fit: ResponseFit,
    rows: Sequence[RowResult],
    campaign: AbstractLogicCampaign,
    seeds: Sequence[int],
) -> EnsembleResult:
    array, row = run.spec.device, run.role.row
    assert isinstance(array, MagnetArray)
    projections, length = seen_outputs(runs.open(run), array, campaign.clock.hold)
    expected = expected_output(row)
    seen = counted(projections, expected)
    plain = array_macrospins(array, campaign.material, campaign.temperature)
    fitted = fit.factors.applied(plain, array)
    others = {
        "macrospins, unfitted": plain,
        "macrospins, fitted and as short as heat makes them": _shortened(fitted, length),
    }
    counts = {"macrospins, fitted to pairs at 0 K": next(each.thermal for each in rows if each.row == row)}
    started = time.perf_counter()
    for (name, each), seed in zip(others.items(), seeds, strict=False):
        counts[name] = counted(outputs(each, array, campaign.clock, campaign.members, int(seed)), expected)
    model_seconds = (time.perf_counter() - started) / (len(others) * campaign.members)
    provenance = runs.store.provenance(run.spec.run_id)
    return EnsembleResult(
        row=row,
        thermal=seen,
        length=length,
        models=[likelihood(name, seen, each) for name, each in counts.items()],
        engine_seconds=float(provenance["wall_time"]) / seen.trials,
        model_seconds=model_seconds,
    )


def _shortened(macrospins: CoupledMacrospins, length: float) -> CoupledMacrospins:
    """Magnets whose moments, and so all fields that come from them, are shorter."""
    changed: CoupledMacrospins = eqx.tree_at(
        lambda tree: (tree.moment, tree.response),
        macrospins,
        (macrospins.moment * length, macrospins.response * length),
    )
    return changed


def _notes(results: MajorityResults, runs: ComputedRuns[Any]) -> list[str]:
    found = []
    hot = [run.spec.engine for run in runs.labelled if isinstance(run.role, HotRow)]
    if hot and hot[0] != runs.engine:
        found.append(f"Runs with heat are by the engine {hot[0]}: {runs.engine} has no ensembles.")
    worst = results.worst
    if results.ensemble is not None and worst is not None and results.ensemble.row != worst.row:
        one = next(each for each in results.rows if each.row == results.ensemble.row)
        if one.thermal.high < worst.thermal.low:
            found.append(
                "Micromagnetics with heat is of another row than the one that the macrospins fail in most often."
            )
    if results.ensemble is not None and not 0.05 <= results.ensemble.thermal.rate <= 0.2:
        found.append(
            f"Micromagnetics fails in {results.ensemble.thermal.rate:.1%} of the runs: between 5 % and 20 % the same "
            "number of runs would tell more of the rate. Change clock.fall."
        )
    return found
