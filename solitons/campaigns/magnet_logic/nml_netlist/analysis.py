"""From runs to results: the truth table at 0 K, error rates with heat, and which magnet fails first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from analysis import logic_values
from analysis.magnet_logic.fronts import first_failure
from geometries.magnet_logic.netlist import longest_chain
from runs.protocols.magnet_logic.clocks import zone_clock
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.magnet_logic.logic_analysis import gate_figures, gate_values, row_at_rest, with_heat
from solitons.campaigns.magnet_logic.logic_campaign import AbstractLogicCampaign
from solitons.campaigns.magnet_logic.logic_figures import ArrayAtRest
from solitons.campaigns.magnet_logic.logic_judgement import about_logic
from solitons.campaigns.magnet_logic.logic_results import FirstFailure, LogicResults, LogicRow, Row, RowRun
from solitons.fits.verdict import judge
from solitons.magnet_logic import CoupledMacrospins, array_macrospins, follow_protocol
from solitons.magnet_logic.zone_release import release_zones

__all__ = ["analyse"]

_RESPONSES = 10.0
"""Response times of the magnets for which the model at 0 K holds each field."""
_WATCHED, _FRAME = 1000, 2.5e-11
_FEWEST = 20
"""Wrong trials, expected among those that are watched, from which on more of them are not looked at."""
_MOST_WATCHED = 5000


def analyse(
    campaign: AbstractLogicCampaign, runs: ComputedRuns[RowRun], stages: Stages
) -> Findings[LogicResults[LogicRow]]:
    """Analyse all runs of a netlist."""
    clock, arrays, array = campaign.clock, campaign.arrays, campaign.array()
    seen = {run.role.row: logic_values(runs.open(run), arrays[run.role.row]) for run in runs.labelled}
    response = array.response(campaign.material)
    assert response is not None  # checked before
    cold = array_macrospins(array, campaign.material)
    hot = array_macrospins(array, campaign.material, campaign.temperature)
    times = {"field": clock.field, "hold": clock.hold, "fall": clock.fall, "rest": clock.rest}
    rows, shown, ends = [], [], {}
    for row, at in stages.over("Macrospins at 0 K", list(arrays.items())):
        falling = zone_clock(at, clock.field, steps_up=2, steps_down=clock.field_steps)
        model = follow_protocol(
            at, campaign.material, falling, macrospins=cold, step_duration=_RESPONSES * response.time
        ).isel(member=0)
        rows.append(row_at_rest(row, campaign.expected[row], at, model, seen.get(row)))
        last = model.value.isel(step=-1)
        ends[row] = {name: int(last.sel(magnet=name)) for zone in at.zones() for name in zone}
        shown.append(ArrayAtRest(at, seen.get(row, model).projection.values[-1]))

    def released(row: Row, seed: int) -> np.ndarray:
        run = release_zones(hot, arrays[row], members=campaign.members, seed=seed, **times)
        return np.asarray(run.projection.isel(t=-1).sel(magnet=list(campaign.expected[row])).values)

    seeds = np.random.SeedSequence(campaign.seed).generate_state(len(rows) + 1, np.uint64).tolist()
    results = LogicResults[LogicRow](
        signals=list(array.signals),
        temperature=campaign.temperature,
        barrier=min(
            hot.barrier(place) / hot.thermal_energy for place, magnet in enumerate(array.magnets) if magnet.clocked
        ),
        anisotropy_field=response.anisotropy_field,
        response_time=response.time,
        longest_chain=list(longest_chain(array)),
        rows=with_heat(rows, released, seeds, campaign.members, stages),
    )
    if results.worst is not None and results.worst[1].errors:
        with stages("Which magnet fails first"):
            results = _with_first_failures(results, hot, campaign, times, ends[results.worst[0].row], seeds[-1])
    verdict = judge(about_logic(results, clock))
    return Findings(
        results.judged(verdict),
        values=gate_values(next(iter(arrays.values()))),
        figures=gate_figures(results, shown),
        models={} if verdict.failed else {"array": hot},
    )


def _with_first_failures(
    results: LogicResults[LogicRow],
    hot: CoupledMacrospins,
    campaign: AbstractLogicCampaign,
    times: Mapping[str, float],
    ends: Mapping[str, int],
    seed: int,
) -> LogicResults[LogicRow]:
    """Follow the worst row once more, with states on the way; a magnet there should be what it is at 0 K."""
    assert results.worst is not None
    worst, trials = results.worst
    members = min(campaign.members, max(_WATCHED, min(_MOST_WATCHED, round(_FEWEST / trials.rate))))
    run = release_zones(hot, campaign.arrays[worst.row], members=members, seed=seed, frame=_FRAME, **times)
    outputs, wanted = list(worst.expected), list(worst.expected.values())
    wrong = np.flatnonzero((run.projection.isel(t=-1).sel(magnet=outputs).values * wanted < 0.5).any(axis=1))
    failed: dict[str, list[float]] = defaultdict(list)
    for member in wrong:
        failure = first_failure(run.isel(member=int(member)), ends)
        assert failure is not None
        failed[failure.magnet].append(failure.time)
    failures = [
        FirstFailure(magnet=name, count=len(found), time=float(np.median(found)))
        for name, found in sorted(failed.items(), key=lambda item: -len(item[1]))
    ]
    return results.model_copy(update={"first_failures": failures, "watched": members, "watched_wrong": len(wrong)})
