"""The runs of a design made into its results."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from analysis.observables import observables_named
from solitons.campaigns.design.devices import value_of
from solitons.campaigns.design.figures import fields_figure, search_figure, ways_figure
from solitons.campaigns.design.judgement import judged
from solitons.campaigns.design.results import Checked, DesignResults, FreeValue, TriedDevice
from solitons.campaigns.design.roles import DesignRole, Verified
from solitons.campaigns.design.settings import Limit
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
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
    (aim,) = observables_named([campaign.aim.observable])
    names = [aim.name, *(each.observable for each in campaign.limits)]
    values = {place: table[:, 0] for place, table in tables.items()}
    within = {
        place: all(limit.met(value) for limit, value in zip(campaign.limits, found_here[1:], strict=True))
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
        aim=aim.label,
        unit=aim.unit,
        before=float(before),
        after=float(after),
        best=list(known).index(found) + 1,
        free=free,
        devices=tried,
        checks=checks,
    )
    figures = {"search": partial(search_figure, results, campaign.limits), "fields": partial(fields_figure, free)}
    seed = campaign.runs[campaign.aim.of].seeds_of(unseen=False)[0]
    of_aim = asked.spec(campaign.aim.of, start, seed)
    if of_aim.protocol.way_through:
        ways = [
            runs.store.open(asked.spec(campaign.aim.of, place, seed).run_id)["energy"].load()
            for place in (start, found)
        ]
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
            "first": of_aim,
            "figure_names": list(figures),
            "checks": rows,
            "limits": [in_words(each) for each in campaign.limits],
        },
        figures=figures,
        tables={"devices": results.frame()},
    )


def in_words(limit: Limit) -> str:
    """A limit as a sentence has it."""
    observable = limit.measured
    least, most = (None if end is None else value_label(end, observable.unit) for end in (limit.least, limit.most))
    if least is None or most is None:
        return f"{observable.label} at {'most ' + most if most is not None else f'least {least}'}"
    return f"{observable.label} from {least} to {most}"


def _checks(campaign: DesignCampaign, runs: ComputedRuns[DesignRole], stages: Stages) -> Iterator[Checked]:
    seen = [run for run in runs.labelled if isinstance(run.role, Verified)]
    repeated = tuple(each for each in campaign.limits if campaign.runs[each.of].seeds is not None)
    groups: dict[tuple[str, str, str], list[LabelledRun[DesignRole]]] = {}
    for run in seen:
        assert isinstance(run.role, Verified)
        groups.setdefault((run.role.device, run.role.run, run.role.engine), []).append(run)
    for (device, name, engine), group in stages.over("Verification", list(groups.items())):
        for limit in (*repeated, *campaign.verification):
            if limit.of == name:
                yield _check(limit, device, engine, group, runs)


def _check(
    limit: Limit, device: str, engine: str, group: Sequence[LabelledRun[DesignRole]], runs: ComputedRuns[DesignRole]
) -> Checked:
    observable = limit.measured
    values = np.array([value_of(observable, run.spec, runs.open(run)) for run in group])
    failed = sum(not limit.met(value) for value in values.tolist())
    there = values[np.isfinite(values)]
    return Checked.model_validate(
        {
            "limit": in_words(limit),
            "run": limit.of,
            "engine": engine,
            "device": device,
            "value": float(there.mean()) if there.size else None,
            "unit": observable.unit,
            "failed": failed,
            "of": len(values),
            "met": failed <= limit.may_fail * len(values),
        }
    )


def _notes(campaign: DesignCampaign) -> list[str]:
    without = campaign.without_slopes
    if not without:
        return []
    return [
        f"No gradient reaches {' and '.join(without)}, so the search was CMA-ES, which tries many more devices. "
        "Observables of a way of least energy have gradients, in fields that change energies and are no lengths."
    ]
