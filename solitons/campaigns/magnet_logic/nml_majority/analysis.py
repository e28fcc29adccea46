"""From runs to results: macrospins fitted to pairs, rows at 0 K and with heat, and the heat of a cycle."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.magnet_logic.values import decided
from geometries import MagnetArray
from geometries.magnet_logic.netlist import longest_chain
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
from solitons.campaigns.framework.results import Findings, Parameter
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.magnet_logic.logic_analysis import counted, gate_figures, gate_values, row_at_rest, with_heat
from solitons.campaigns.magnet_logic.logic_campaign import AbstractLogicCampaign
from solitons.campaigns.magnet_logic.logic_figures import ArrayAtRest
from solitons.campaigns.magnet_logic.logic_judgement import about_logic
from solitons.campaigns.magnet_logic.logic_results import EnsembleResult, Row, RowRun
from solitons.campaigns.magnet_logic.nml_majority.campaign import MajorityCampaign
from solitons.campaigns.magnet_logic.nml_majority.cycles import CYCLES, measure_cycles
from solitons.campaigns.magnet_logic.nml_majority.figures import heat_figure
from solitons.campaigns.magnet_logic.nml_majority.judgement import about_cycles, about_fit
from solitons.campaigns.magnet_logic.nml_majority.planned_runs import FittedPair, HeldOutArray, HotRow
from solitons.campaigns.magnet_logic.nml_majority.results import HeldOutResult, MajorityResults, MajorityRow
from solitons.campaigns.magnet_logic.nml_majority.thermal_rows import (
    likelihood,
    outputs,
    rotation_p_value,
    seen_outputs,
    slow_output,
)
from solitons.fits.verdict import judge
from solitons.magnet_logic import CoupledMacrospins, array_macrospins, fit_response
from solitons.magnet_logic.mean_heats import damping_p_value, found_difference
from solitons.magnet_logic.response_fit import ResponseFit
from solitons.magnet_logic.rest_states import RestStates, angle_error, path_error, path_of, rest_states

__all__ = ["analyse"]

Floats = npt.NDArray[np.float64]

_BISECTIONS = 10


def analyse(campaign: MajorityCampaign, runs: ComputedRuns[Any], stages: Stages) -> Findings[MajorityResults]:
    """Analyse all runs of a gate; nothing is followed with heat where a row is wrong at 0 K."""
    gate = campaign.array()
    seen: dict[str, RestStates] = {}
    for run in runs.labelled:
        if not isinstance(run.role, HotRow):
            assert isinstance(run.spec.device, MagnetArray)
            seen[run.spec.run_id] = rest_states(runs.open(run), run.spec.device, str(run.role))

    def of(role: type) -> list[RestStates]:
        return [seen[run.spec.run_id] for run in runs.labelled if isinstance(run.role, role)]

    fit = fit_response(of(FittedPair), campaign.material)
    hot = fit.factors.macrospins(gate, campaign.material, campaign.temperature)
    at_rest, held_out, paths = of(RowRun), [], []
    for each in stages.over("Predict arrays that were not fitted", [*at_rest, *of(HeldOutArray)]):
        path = path_of(fit.factors.macrospins(each.array, campaign.material), each)
        paths.append(path)
        held_out.append(_predicted(each, path, fit, campaign))
    rows = [
        _row(row, each, path, hot, campaign)
        for row, each, path in stages.over("Bias", list(zip(campaign.rows, at_rest, paths, strict=False)))
    ]

    def followed(row: Row, seed: int) -> Floats:
        return outputs(hot, campaign.arrays[row], campaign.clock, campaign.members, seed)

    seeds = np.random.SeedSequence(campaign.seed).generate_state(len(rows) + 4, np.uint64).tolist()
    assert fit.left_out_residuals is not None  # three runs of each pair
    assert fit.intervals is not None  # pairs are six runs
    centre = gate.index("centre")
    results = MajorityResults(
        signals=list(gate.signals),
        temperature=campaign.temperature,
        barrier=hot.barrier(centre) / hot.thermal_energy,
        anisotropy_field=hot.anisotropy_field(centre),
        response_time=hot.relaxation_time(centre),
        longest_chain=list(longest_chain(gate)),
        factors=[
            Parameter(name=name, unit="", value=float(getattr(fit.factors, name)), ci95=interval)
            for name, interval in fit.intervals.items()
        ],
        residual=fit.residual,
        unfitted_residual=fit.unfitted_residual,
        uncoupled_residual=fit.uncoupled_residual,
        left_out_residuals=fit.left_out_residuals,
        shortest=min(float(each.lengths[:, each.free].min()) for each in seen.values()),
        held_out=held_out,
        rows=with_heat(rows, followed, seeds, campaign.members, stages),
    )
    if results.worst is not None:
        ensemble = next((run for run in runs.labelled if isinstance(run.role, HotRow)), None)
        p_value = rotation_p_value({each.row: trials for each, trials in results.hot_rows})
        found: dict[str, Any] = {"rotation_p_value": p_value}
        if ensemble is not None:
            with stages("Compare with micromagnetics"):
                found["ensemble"] = _ensemble(ensemble, runs, fit, results, campaign, seeds[len(rows) :])
        if (cycle := campaign.cycle) is not None:
            with stages("Heat of cycles", len(CYCLES) * len(cycle.every_ramp_time)) as advance:
                found["cycles"] = measure_cycles(hot, campaign, cycle, advance)
            found["damping_p_value"] = damping_p_value(point for each in found["cycles"] for point in each.points)
        results = results.model_copy(update=found)
    verdict = judge([*about_logic(results, campaign.clock), *about_fit(results), *about_cycles(results)])
    shown = [
        ArrayAtRest(each.array, np.sum(each.moments[-1] * each.array.axes, axis=-1), each.moments[-1])
        for each in at_rest
    ]
    return Findings(
        results.model_copy(update={"notes": _notes(results, runs)}).judged(verdict),
        values={**gate_values(gate), "degrees": math.degrees, "found_difference": found_difference},
        figures={**gate_figures(results, shown), "heat": partial(heat_figure, results.cycles)},
        models={} if verdict.failed else {"factors": fit.factors, "gate": hot},
    )


def _values(moments: Floats, array: MagnetArray) -> xr.Dataset:
    """As of `analysis.logic_values`, from moments (steps, magnets, 3)."""
    along = np.einsum("fmk,mk->fm", moments, array.axes)
    dims = ("step", "magnet")
    return xr.Dataset(
        {"projection": (dims, along), "value": (dims, decided(along))},
        coords={"magnet": [magnet.name for magnet in array.magnets]},
    )


def _predicted(seen: RestStates, path: Floats, fit: ResponseFit, campaign: AbstractLogicCampaign) -> HeldOutResult:
    plain = array_macrospins(seen.array, campaign.material)
    predicted, simulated = (np.sign(np.sum(each[-1] * seen.array.axes, axis=-1)) for each in (path, seen.directions))
    return HeldOutResult(
        name=seen.name.removeprefix("held out: "),
        fitted=angle_error(path, seen),
        unfitted=path_error(plain, seen),
        uncoupled=path_error(fit.uncoupled.applied(plain, seen.array), seen),
        right=bool(np.array_equal(predicted, simulated)),
    )


def _row(
    row: Row, seen: RestStates, path: Floats, hot: CoupledMacrospins, campaign: AbstractLogicCampaign
) -> MajorityRow:
    values, predicted = _values(seen.moments, seen.array), _values(path, seen.array)
    at_rest = row_at_rest(row, campaign.expected[row], seen.array, predicted, values)
    holds = partial(_holds, hot, seen.array, campaign.clock.field, campaign.expected[row]["out"])
    return MajorityRow(
        centre=float(values.projection.isel(step=-1).sel(magnet="centre")),
        tolerated_bias=_tolerated(holds, hot.anisotropy_field()),
        **at_rest.model_dump(),
    )


def _holds(hot: CoupledMacrospins, array: MagnetArray, clock: float, expected: int, bias: float) -> bool:
    return int(decided(slow_output(hot, array, clock, bias))) == expected


def _tolerated(holds: Callable[[float], bool], largest: float) -> float:
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
    results: MajorityResults,
    campaign: AbstractLogicCampaign,
    seeds: Sequence[int],
) -> EnsembleResult:
    row = run.role.row
    array, expected = campaign.arrays[row], campaign.expected[row]
    projections, length = seen_outputs(runs.open(run), array, campaign.clock.hold)
    seen = counted(projections, expected)
    plain = array_macrospins(array, campaign.material, campaign.temperature)
    others = {
        "macrospins, unfitted": plain,
        "macrospins, fitted and as short as heat makes them": _shortened(fit.factors.applied(plain, array), length),
    }
    counts = {"macrospins, fitted to pairs at 0 K": next(hot for each, hot in results.hot_rows if each.row == row)}
    started = time.perf_counter()
    for (name, each), seed in zip(others.items(), seeds, strict=False):
        counts[name] = counted(outputs(each, array, campaign.clock, campaign.members, seed), expected)
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
    if results.ensemble is None or results.worst is None:
        return found
    worst, trials = results.worst
    one = next(hot for each, hot in results.hot_rows if each.row == results.ensemble.row)
    if results.ensemble.row != worst.row and one.high < trials.low:
        found.append("Micromagnetics with heat is of another row than the one that the macrospins fail in most often.")
    if not 0.05 <= results.ensemble.thermal.rate <= 0.2:
        found.append(
            f"Micromagnetics fails in {results.ensemble.thermal.rate:.1%} of the runs: between 5 % and 20 % the same "
            "number of runs would tell more of the rate. Change clock.fall."
        )
    return found
