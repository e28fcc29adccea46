"""The runs of a design made into its results."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from runs.spec import RunSpec
from solitons.campaigns.design.devices import Shown, runs_of
from solitons.campaigns.design.figures import fields_figure, search_figure, ways_figure
from solitons.campaigns.design.judgement import judged
from solitons.campaigns.design.results import Checked, DesignResults, FreeValue, TriedDevice
from solitons.campaigns.design.roles import DesignRole, Tried, Verified
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.figures import value_label

if TYPE_CHECKING:
    from solitons.campaigns.design.campaign import DesignCampaign

__all__ = ["analyse"]


def analyse(campaign: DesignCampaign, runs: ComputedRuns[DesignRole], stages: Stages) -> Findings[DesignResults]:
    """Put the devices that were tried and the verification in order, and judge the design."""
    asked, tables = campaign.asked, campaign.tables
    start, found = campaign.start, campaign.found
    aim, bounds, names = asked.aim, asked.bounds, asked.names
    values = {place: table[:, 0] for place, table in tables.items()}
    within = {
        place: all(limit.met(value) for limit, value in zip(bounds, found_here[1:], strict=True))
        for place, found_here in values.items()
    }
    missing: dict[str, str] = {}
    checks = list(_checks(campaign, runs, stages, missing))
    before, after = values[start][0], values[found][0]
    better = campaign.aim.sign * (after - before) / (abs(before) or 1.0)
    verdict = judged(
        within=within[found],
        # A start outside the limits is worse than any device within them.
        gain=float(better) if within[start] else math.inf if within[found] else -math.inf,
        accuracy=campaign.search.accuracy,
        converged=campaign.converged,
        devices=len(tables),
        checks=checks,
    )
    free = [
        FreeValue(
            name=each.name, label=each.axis.heading, unit=each.axis.unit, low=low, high=high, start=here, found=there
        )
        for each, (low, high), here, there in zip(
            campaign.free,
            (each.bounds for each in campaign.free),
            asked.values_at(start),
            asked.values_at(found),
            strict=True,
        )
    ]
    tried = [
        TriedDevice(
            values=dict(zip((each.name for each in free), asked.values_at(place), strict=True)),
            numbers=dict(zip(names, map(float, values[place]), strict=True)),
            within=within[place],
        )
        for place in tables
    ]
    results = DesignResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        notes=list(_notes(campaign, checks, missing)),
        way="CMA-ES" if campaign.without_slopes else "gradients",
        aim_name=aim.name,
        aim_of=campaign.aim.of,
        aim=aim.label,
        unit=aim.unit,
        before=float(before),
        after=float(after),
        best=list(tables).index(found) + 1,
        free=free,
        devices=tried,
        checks=checks,
    )
    figures = {"search": partial(search_figure, results, bounds), "fields": partial(fields_figure, free)}
    seed = campaign.runs[campaign.aim.of].seeds_of(unseen=False)[0]
    shown, ends = Shown(runs.store, runs.engine), [asked.made(campaign.aim.of, place, seed) for place in (start, found)]
    first = ends[0] if isinstance(ends[0], RunSpec) else None
    if first is not None and first.protocol.way_through:
        ways = [shown.run(each)["energy"].load() for each in ends if isinstance(each, RunSpec)]
        figures["ways"] = partial(ways_figure, *ways)
    rows = [
        ("start" if each.device == "start" else "found", each.run, each.engine, each.limit,
         "–" if each.value is None else value_label(each.value, each.unit, 4), f"{each.of - each.failed} of {each.of}",
         ("met" if each.met else "missed") + ("" if each.new else ", a run of the search"))
        for each in checks
    ]  # fmt: skip
    return Findings(
        results,
        values={
            "first": first,
            "engines": " and ".join(
                dict.fromkeys(run.spec.engine for run in runs.labelled if isinstance(run.role, Tried))
            ),
            "figure_names": list(figures),
            "checks": rows,
            "limits": list(map(str, bounds)),
        },
        figures=figures,
        tables={"devices": results.frame()},
    )


def _checks(
    campaign: DesignCampaign, runs: ComputedRuns[DesignRole], stages: Stages, missing: dict[str, str]
) -> Iterator[Checked]:
    """Each limit in each verification; `missing` says what a run did not have, and why."""
    tried = {run.spec.run_id for run in runs.labelled if isinstance(run.role, Tried)}
    groups: dict[tuple[str, str, str], list[Verified]] = {}
    for role in campaign.verified(runs.engine):
        groups.setdefault((role.device, role.run, role.engine), []).append(role)
    for (device, name, engine), roles in stages.over("Verification", list(groups.items())):
        shown, made = Shown(runs.store, engine), [campaign.verified_device(role) for role in roles]
        if isinstance(made[0], RunSpec):
            new = not any(run.spec.run_id in tried for each in made for run in runs_of(each, engine))
        else:
            new = name not in campaign.asked.searched or campaign.runs[name].seeds is not None
        for bound in campaign.asked.checks:
            if bound.of == name:
                values = np.array([shown.value(bound.number, each) for each in made])
                failed = sum(not bound.met(value) for value in values.tolist())
                there = values[np.isfinite(values)]
                if bound.number.name in shown.missing:
                    words = "start" if device == "start" else "device found"
                    missing[f"{name}, {words}"] = f"no {bound.number.label}, as {shown.missing[bound.number.name]}"
                yield Checked(
                    number=bound.number.name,
                    limit=str(bound),
                    run=name,
                    engine=engine,
                    device="start" if device == "start" else "found",
                    value=float(there.mean()) if there.size else None,
                    unit=bound.number.unit,
                    new=new,
                    failed=failed,
                    of=len(values),
                    met=failed <= bound.may_fail * len(values),
                )


def _notes(campaign: DesignCampaign, checks: Sequence[Checked], missing: Mapping[str, str]) -> Iterator[str]:
    if without := campaign.without_slopes:
        yield (
            f"No gradient reaches {', '.join(without)}: the search was CMA-ES, which tries many more devices. "
            "Observables of a way of least energy have gradients, in fields that change energies and are no lengths."
        )
    by = {each.run: {other.engine for other in checks if other.run == each.run} for each in checks}
    if len(set().union(*by.values()) - {"model"}) > 1:
        for engine in ("native", "model"):
            if alone := [run for run, engines in by.items() if engines == {engine}]:
                yield f"Verified by {'the model' if engine == 'model' else engine} alone: {', '.join(alone)}."
    for run, why in missing.items():
        yield f"Verification ({run}): {why}."
