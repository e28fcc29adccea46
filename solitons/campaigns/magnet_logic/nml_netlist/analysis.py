"""From runs to results: the truth table at 0 K, error rates with heat, and which magnet fails first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import logic_values
from analysis.magnet_logic.fronts import first_failure
from geometries import MagnetArray
from geometries.magnet_logic import netlist_values
from geometries.magnet_logic.netlist import longest_chain
from runs.protocols.magnet_logic.clocks import zone_clock
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.magnet_logic.logic_campaign import AbstractLogicCampaign, LogicClock
from solitons.campaigns.magnet_logic.logic_report import ArrayAtRest, Shown
from solitons.campaigns.magnet_logic.logic_results import RowRun
from solitons.campaigns.magnet_logic.nml_netlist.judgement import judge_netlist
from solitons.campaigns.magnet_logic.nml_netlist.results import FirstFailure, NetlistResults, NetlistRow, RowTrials
from solitons.campaigns.magnet_logic.nml_netlist.settings import Row
from solitons.campaigns.magnet_logic.wrong_trials import counted
from solitons.magnet_logic import CoupledMacrospins, array_macrospins, follow_protocol
from solitons.magnet_logic.zone_release import release_zones

__all__ = ["analyse_netlist"]

Floats = npt.NDArray[np.float64]

_RESPONSES = 10.0
"""Of the magnets, for which each field is held in the model at 0 K."""
_WATCHED, _FRAME = 1000, 2.5e-11
_FEWEST = 20
"""Wrong trials, expected among those that are watched, from which on more of them are not looked at."""
_MOST_WATCHED = 5000


def analyse_netlist(
    campaign: AbstractLogicCampaign,
    arrays: Mapping[Row, MagnetArray],
    expected: Mapping[Row, Mapping[str, int]],
    runs: ComputedRuns[RowRun],
    stages: Stages,
) -> Findings[NetlistResults, Shown]:
    """Analyse all runs of a netlist; arrays, and what their outputs should be, are by row."""
    clock = campaign.clock
    seen = {run.role.row: logic_values(runs.open(run), arrays[run.role.row]) for run in runs.labelled}
    any_row = next(iter(arrays.values()))
    response = any_row.response(campaign.material)
    assert response is not None  # checked before
    cold = array_macrospins(any_row, campaign.material)
    hot = array_macrospins(any_row, campaign.material, campaign.temperature)
    rows, shown, chains = [], [], {}
    for row, array in stages.over("Macrospins at 0 K", list(arrays.items())):
        model = follow_protocol(
            array,
            campaign.material,
            zone_clock(array, clock.field, steps_up=2, steps_down=clock.field_steps),
            macrospins=cold,
            step_duration=_RESPONSES * response.time,
        ).isel(member=0)
        found = _row(row, expected[row], model, seen.get(row), array)
        rows.append(found)
        last = model.value.isel(step=-1)
        chains[row] = {name: int(last.sel(magnet=name)) for zone in array.zones() for name in zone}
        shown.append(ArrayAtRest(array, seen.get(row, model).projection.values[-1]))
    seeds = np.random.SeedSequence(campaign.seed).generate_state(len(rows) + 1, np.uint64).tolist()
    if all(each.right and each.model == each.expected for each in rows):
        numbers = list(enumerate(zip(rows, seeds, strict=False)))
        for number, (each, seed) in stages.over(f"Follow {campaign.members:,} arrays a row", numbers):
            thermal = _counts(_released(hot, arrays[each.row], clock, campaign.members, seed), each.expected)
            rows[number] = each.model_copy(update={"thermal": thermal})
    results = NetlistResults(
        signals=list(any_row.signals),
        temperature=campaign.temperature,
        barrier=min(
            hot.barrier(place) / hot.thermal_energy for place, magnet in enumerate(any_row.magnets) if magnet.clocked
        ),
        anisotropy_field=response.anisotropy_field,
        response_time=response.time,
        longest_chain=list(longest_chain(any_row)),
        rows=rows,
        first_failures=[],
        watched=0,
        watched_wrong=0,
    )
    if results.worst is not None:
        with stages("Which magnet fails first"):
            results = _with_first_failures(results, hot, campaign, arrays, chains, seeds[-1])
    verdict = judge_netlist(results, clock)
    models = {} if verdict.failed else {"array": hot}
    return Findings(results.judged(verdict), tuple(shown), models=models)


def _row(
    row: Row, expected: Mapping[str, int], model: xr.Dataset, seen: xr.Dataset | None, array: MagnetArray
) -> NetlistRow:
    names, wanted = list(expected), list(expected.values())
    predicted = model.isel(step=-1)
    found = NetlistRow(
        row=row,
        expected=dict(expected),
        model={name: int(predicted.value.sel(magnet=name)) for name in names},
        model_margin=float((predicted.projection.sel(magnet=names).values * wanted).min()),
        unlike=_unlike(array, names, predicted),
    )
    if seen is None:
        return found
    last, free = seen.isel(step=-1), [magnet.name for magnet in array.magnets if magnet.clocked]
    # The second field step is the whole clock on all zones.
    cleared = seen.projection.isel(step=2).sel(magnet=free)
    differences = last.projection.sel(magnet=free) - predicted.projection.sel(magnet=free)
    return found.model_copy(
        update={
            "seen": {name: int(last.value.sel(magnet=name)) for name in names},
            "margin": float((last.projection.sel(magnet=names).values * wanted).min()),
            "uncleared": float(np.abs(cleared.values).max()),
            "difference": float(np.abs(differences.values).max()),
            "unlike": _unlike(array, names, last),
        }
    )


def _unlike(array: MagnetArray, outputs: list[str], end: xr.Dataset) -> list[str]:
    """Magnets on the way to the outputs that are not what neighbours and zones say, where these say something."""
    derived = netlist_values(array)
    inner = [magnet.name for magnet in array.magnets if magnet.clocked and magnet.name not in outputs]
    return [name for name in inner if derived[name] and int(end.value.sel(magnet=name)) != derived[name]]


def _released(
    hot: CoupledMacrospins, array: MagnetArray, clock: LogicClock, members: int, seed: int, frame: float | None = None
) -> xr.Dataset:
    return release_zones(
        hot,
        array,
        field=clock.field,
        hold=clock.hold,
        fall=clock.fall,
        rest=clock.rest,
        members=members,
        seed=seed,
        frame=frame,
    )


def _counts(run: xr.Dataset, expected: Mapping[str, int]) -> RowTrials:
    right = run.projection.isel(t=-1).sel(magnet=list(expected)).values * list(expected.values())
    outputs = {name: int((right[:, place] < 0.5).sum()) for place, name in enumerate(expected)}
    return RowTrials(**counted(right.min(axis=1), 1).model_dump(), outputs=outputs)


def _with_first_failures(
    results: NetlistResults,
    hot: CoupledMacrospins,
    campaign: AbstractLogicCampaign,
    arrays: Mapping[Row, MagnetArray],
    chains: Mapping[Row, dict[str, int]],
    seed: int,
) -> NetlistResults:
    """Follow the worst row once more, with states on the way; a magnet there should be what it is at 0 K."""
    worst = results.worst
    assert worst is not None
    assert worst.thermal is not None
    if not worst.thermal.errors:
        return results
    members = min(campaign.members, max(_WATCHED, min(_MOST_WATCHED, round(_FEWEST / worst.thermal.rate))))
    run = _released(hot, arrays[worst.row], campaign.clock, members, seed, _FRAME)
    outputs, wanted = list(worst.expected), list(worst.expected.values())
    wrong = np.flatnonzero((run.projection.isel(t=-1).sel(magnet=outputs).values * wanted < 0.5).any(axis=1))
    times: dict[str, list[float]] = defaultdict(list)
    for member in wrong:
        failure = first_failure(run.isel(member=int(member)), chains[worst.row])
        assert failure is not None
        times[failure.magnet].append(failure.time)
    failures = [
        FirstFailure(magnet=name, count=len(found), time=float(np.median(found)))
        for name, found in sorted(times.items(), key=lambda item: -len(item[1]))
    ]
    return results.model_copy(update={"first_failures": failures, "watched": members, "watched_wrong": len(wrong)})
