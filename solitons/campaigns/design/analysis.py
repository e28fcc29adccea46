"""The runs of a design made into its results."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from runs.spec import RunSpec
from solitons.campaigns.design.devices import Floats, Shown
from solitons.campaigns.design.figures import fields_figure, search_figure, ways_figure
from solitons.campaigns.design.judgement import judged
from solitons.campaigns.design.results import Checked, DesignResults, FreeValue, TriedDevice
from solitons.campaigns.design.roles import DesignRole, Verified
from solitons.campaigns.design.settings import Bound
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.figures import value_label

if TYPE_CHECKING:
    from solitons.campaigns.design.campaign import DesignCampaign

__all__ = ["analyse"]


def analyse(campaign: DesignCampaign, runs: ComputedRuns[DesignRole], stages: Stages) -> Findings[DesignResults]:
    """Put the devices that were tried and the verification in order, and judge the design."""
    asked, known, tables = campaign.asked, campaign.known, campaign.tables
    start, found = campaign.start, campaign.found
    aim, bounds = asked.aim, asked.bounds
    names = [each.name for each, _ in asked.numbers]
    values = {place: table[:, 0] for place, table in tables.items()}
    within = {
        place: all(limit.met(value) for limit, value in zip(bounds, found_here[1:], strict=True))
        for place, found_here in values.items()
    }
    checks = list(_checks(campaign, runs, stages))
    before, after = values[start][0], values[found][0]
    better = campaign.aim.sign * (after - before) / (abs(before) or 1.0)
    verdict = judged(
        within=within[found],
        # A start outside the limits is worse than any device within them.
        gain=float(better) if within[start] else math.inf if within[found] else -math.inf,
        accuracy=campaign.search.accuracy,
        converged=campaign.converged,
        devices=len(known),
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
        for place in known
    ]
    results = DesignResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        notes=_notes(campaign),
        way="CMA-ES" if campaign.without_slopes else "gradients",
        aim_name=aim.name,
        aim=aim.label,
        unit=aim.unit,
        before=float(before),
        after=float(after),
        best=list(known).index(found) + 1,
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
         "met" if each.met else "missed")
        for each in checks
    ]  # fmt: skip
    return Findings(
        results,
        values={
            "first": first,
            "figure_names": list(figures),
            "checks": rows,
            "limits": list(map(str, bounds)),
        },
        figures=figures,
        tables={"devices": results.frame()},
    )


def _checks(campaign: DesignCampaign, runs: ComputedRuns[DesignRole], stages: Stages) -> Iterator[Checked]:
    groups: dict[tuple[str, str, str], list[Verified]] = {}
    for role in campaign.verified(runs.engine):
        groups.setdefault((role.device, role.run, role.engine), []).append(role)
    for (device, name, engine), roles in stages.over("Verification", list(groups.items())):
        shown = Shown(runs.store, engine)
        for bound in campaign.asked.checks:
            if bound.of == name:
                values = [shown.value(bound.number, campaign.verified_device(role)) for role in roles]
                yield _check(bound, device, engine, np.array(values))


def _check(bound: Bound, device: str, engine: str, values: Floats) -> Checked:
    failed = sum(not bound.met(value) for value in values.tolist())
    there = values[np.isfinite(values)]
    return Checked.model_validate(
        {
            "number": bound.number.name,
            "limit": str(bound),
            "run": bound.of,
            "engine": engine,
            "device": device,
            "value": float(there.mean()) if there.size else None,
            "unit": bound.number.unit,
            "failed": failed,
            "of": len(values),
            "met": failed <= bound.may_fail * len(values),
        }
    )


def _notes(campaign: DesignCampaign) -> list[str]:
    without = campaign.without_slopes
    if not without:
        return []
    return [
        f"No gradient reaches {', '.join(without)}: the search was CMA-ES, which tries many more devices. "
        "Observables of a way of least energy have gradients, in fields that change energies and are no lengths."
    ]
