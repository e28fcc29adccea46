"""From runs to results: magnets are read, problems answered by models, and all compared."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.magnet_logic.nanomagnet_vision import figures
from solitons.campaigns.magnet_logic.nanomagnet_vision.answers import (
    DiscThreshold,
    disc_values,
    ellipse_values,
    further_rates,
    image_answers,
    image_results,
    model_answers,
    small_results,
)
from solitons.campaigns.magnet_logic.nanomagnet_vision.campaign import VisionCampaign
from solitons.campaigns.magnet_logic.nanomagnet_vision.judgement import judge_vision
from solitons.campaigns.magnet_logic.nanomagnet_vision.parts import ALONE, CALIBRATED, PAIR, Part
from solitons.campaigns.magnet_logic.nanomagnet_vision.problems import COST, Mapped, discs
from solitons.campaigns.magnet_logic.nanomagnet_vision.results import ImageResults, Rates, VisionResults

__all__ = ["analyse", "drawn"]


def analyse(campaign: VisionCampaign, runs: ComputedRuns[Part], stages: Stages) -> Findings[VisionResults]:
    """Read the magnets of all runs, and compare their answers with models and the exact minimum."""
    measured: dict[str, list[tuple[float, bool]]] = {ALONE: [], PAIR: []}
    values: dict[tuple[str, str], Any] = {}
    for run in stages.over("Read magnets", runs.labelled):
        part, data = run.role, runs.open(run)
        if part.bias is not None:
            single = disc_values(data, discs(campaign.magnets, CALIBRATED[part.name]))
            measured[part.name].append((part.bias, bool((single == 1).all())))
        else:
            mapped, reading = campaign.mapped[part.name], f"{part.reading}, {runs.engine}"
            if part.reading == "discs":
                values[part.name, reading] = disc_values(data, mapped.discs)
            else:
                values[part.name, reading] = ellipse_values(data, mapped.ellipses)
    alone, paired = (_between(measured[name]) for name in (ALONE, PAIR))
    threshold = DiscThreshold(campaign.magnets, campaign.material, alone, paired)
    sources = {image.name: image.source for image in campaign.images}
    images, small = [], []
    for name, mapped in stages.over("Search and compare", list(campaign.mapped.items())):
        answers = model_answers(mapped, campaign.temperature, campaign.seed)
        if name in sources:
            answers |= image_answers(mapped, threshold)
        answers |= {reading: found for (of, reading), found in values.items() if of == name}
        if name in sources:
            images.append(image_results(mapped, sources[name], answers, campaign.seed))
        else:
            small.append(small_results(mapped, answers))
    further, left_out = further_rates(
        (
            Mapped.of(problem, campaign.magnets, campaign.material)
            for problem in stages.over("Further images", campaign.further_problems())
        ),
        threshold,
        campaign.temperature,
        campaign.seed,
        campaign.largest_residual,
    )
    verdict = judge_vision(threshold, images, small)
    results = VisionResults(
        alone=alone,
        paired=paired,
        need=threshold.need,
        need_range=threshold.need_range,
        images=images,
        totals=_totals(images),
        further=further,
        further_left_out=left_out,
        small=small,
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
    )
    return Findings(results, values={"cost": COST}, figures=drawn(results, campaign.mapped))


def drawn(results: VisionResults, mapped: dict[str, Mapped]) -> dict[str, Any]:
    """The figures of the report: an image each, and the small problems."""
    found = {
        f"image-{number}": partial(figures.image_figure, image, mapped[image.name])
        for number, image in enumerate(results.images, 1)
    }
    return {**found, "small": partial(figures.small_figure, results.small, mapped)}


def _between(measured: list[tuple[float, bool]]) -> tuple[float, float]:
    """Biases between which discs stay single domains; NaN where they do at all, or at none."""
    biases = sorted(measured)
    vortex = [bias for bias, single in biases if not single]
    single = [bias for bias, single in biases if single]
    if not vortex or not single or max(vortex) > min(single):
        return (float("nan"), float("nan"))
    return max(vortex), min(single)


def _totals(images: Sequence[ImageResults]) -> dict[str, Rates]:
    rates: dict[str, list[Rates]] = {}
    for image in images:
        for reading in image.readings:
            if reading.contour is not None:
                rates.setdefault(reading.name, []).append(reading.contour)
    return {name: Rates.pooled(each) for name, each in rates.items()}
