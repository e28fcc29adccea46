"""From runs of spike pairs to a learning window beside the model's, and to a layer that learns by it."""

from __future__ import annotations

import itertools
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from analysis import walls
from analysis.statistics.proportions import exact_interval
from runs import PiecewiseLinear
from solitons.campaigns.domain_walls.wall_timing import figures
from solitons.campaigns.domain_walls.wall_timing.campaign import Sent, WallTimingCampaign
from solitons.campaigns.domain_walls.wall_timing.judgement import about_layer, about_model, about_runs
from solitons.campaigns.domain_walls.wall_timing.learning import learn_layers
from solitons.campaigns.domain_walls.wall_timing.results import HotPair, SentPair, WallTimingResults, Window
from solitons.campaigns.domain_walls.wall_timing.settings import LearningSettings
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
from solitons.campaigns.framework.kinds import load_campaign
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.domain_walls.softening import softened
from solitons.domain_walls.spike_pairs import (
    conductance_at,
    level_of,
    moves_in_heat,
    spike_margin,
    upwards,
    walls_after,
)
from solitons.fits.verdict import judge
from solitons.spiking.level_array import LevelArray

__all__ = ["analyse"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

_SEED = 0
_WINDOW = 50
"""Walls from each well, at each time of the window with heat."""


def analyse(campaign: WallTimingCampaign, runs: ComputedRuns[Sent], stages: Stages) -> Findings[WallTimingResults]:
    """Compare the windows, follow the pairs with heat, and let a layer learn."""
    model, pairs = campaign.model, []
    for run in stages.over("Extract", runs.labelled):
        pairs += pairs_of(campaign, run, runs.open(run))
    windows = [window_of(name, pairs, _range(campaign)) for name in campaign.windows]
    with stages("Heat"):
        hot = hot_window(campaign, runs.labelled[0])
        disturbed = disturbance(campaign, runs.labelled[0])
    margin = spike_margin(model, campaign.antisymmetric.spikes, campaign.period)
    found: dict[str, Any] = {
        "wells": model.wells().size, "margin": margin, "disturbed": disturbed, "pairs": pairs, "windows": windows,
        "hot": hot, "learned": [],
    }  # fmt: skip
    origin = model.provenance
    reasons = [
        *about_model(campaign.synapse, origin.verdict if origin is not None else None, model.spreads.devices),
        *about_runs(pairs, windows, margin),
    ]
    drawn = {"windows": partial(figures.windows_figure, campaign, pairs, hot)}
    learning = campaign.learning
    if learning is not None and not judge(reasons).failed:
        other, array = load_campaign(learning.like), moves_of_pairs(campaign, runs.labelled[0], learning)
        with stages("Learn digits", 4 * learning.seeds) as advance:
            layers = learn_layers(learning, other, array, advance)
        found["learned"] = layers.learned
        if disturbed is not None:
            found["disturbances"] = disturbed[1][1] * layers.alone
        drawn["features"] = partial(figures.features_figure, layers.example, array)
    results = WallTimingResults(**found)
    verdict = judge([*reasons, *about_layer(results)])
    results = results.model_copy(update={"verdict": verdict.verdict, "reasons": list(verdict.reasons)})
    table = pd.DataFrame([each.model_dump() for each in pairs])
    return Findings(results, {"span": _range(campaign)}, drawn, tables={"pairs": table})


def _range(campaign: WallTimingCampaign) -> float:
    """Conductance in S from the lowest to the highest well."""
    return float(np.ptp(conductance_at(campaign.model, campaign.model.wells())))


def pairs_of(campaign: WallTimingCampaign, run: LabelledRun[Sent], stored: xr.Dataset) -> list[SentPair]:
    """What each pair of a run did, and what it does to the model's wall that starts where the run's does."""
    model, sent = campaign.model, run.role
    wells = model.wells()
    times = campaign.period * np.arange(sent.repeats + 1)
    found = walls(stored)["position"]
    if not (found.sizes["wall"] and np.isfinite(found[0, 0])):
        raise ValueError(f"run {run.spec.run_id} ({sent}): the wall left the stripe as it relaxed; give another start")
    found = found.isel(wall=0)
    measured = found.sel(t=times, method="nearest").values
    predicted = walls_after(model, [run.spec.in_time.current_density], measured[0], times)[0, 0]
    inside = (predicted > float(model.left)) & (predicted < float(model.right))
    predicted = np.where(inside, predicted, np.nan)
    rows: list[SentPair] = []
    for number in range(sent.repeats):
        both = [each[number : number + 2] for each in (measured, predicted)]
        levels = [level_of(each, wells) for each in both]
        steps = [None if at.min() < 0 else upwards(campaign.model) * int(at[1] - at[0]) for at in levels]
        changes = [float(np.diff(conductance_at(model, each))[0]) for each in both]
        rows.append(
            SentPair(
                shape=sent.shape, difference=sent.difference, start=float(measured[number]), steps=steps[0],
                model_steps=steps[1], change=changes[0], model_change=changes[1],
            )
        )  # fmt: skip
        if steps[0] is None:
            break
    return rows


def window_of(name: str, pairs: list[SentPair], span: float) -> Window:
    """A window of pairs that were sent; `span` is the range of the conductance in S."""
    own = [each for each in pairs if each.shape == name]
    off = [
        np.nan if each.change is None or each.model_change is None else (each.change - each.model_change) / span
        for each in own
    ]
    steps = [each.steps or 0 for each in own]
    return Window(
        shape=name,
        error=float(np.sqrt(np.mean(np.square(off)))),
        agreement=float(np.mean([each.agrees for each in own])),
        raises=max(*steps, 0),
        lowers=-min(*steps, 0),
    )


def hot_window(campaign: WallTimingCampaign, run: LabelledRun[Sent]) -> list[HotPair]:
    """The antisymmetric window with heat, at the times of the runs and between them."""
    given = sorted(campaign.antisymmetric.differences)
    between = [(a + b) / 2 for a, b in itertools.pairwise(given)]
    hot = []
    for difference in sorted([*given, *between]):
        after = _after(campaign, run, campaign.antisymmetric.spikes.current(difference), _WINDOW)
        steps = (after - np.arange(len(after))[:, None]) * upwards(campaign.model)
        # An end well has no neighbour on one side.
        inner = steps[1:-1] if len(steps) > 2 else steps
        hot.append(HotPair(difference=difference, raised=float((inner > 0).mean()), lowered=float((inner < 0).mean())))
    return hot


def moves_of_pairs(campaign: WallTimingCampaign, run: LabelledRun[Sent], learning: LearningSettings) -> LevelArray:
    """The synapse as levels, with what a raising and a lowering pair of the layer do to each."""
    order = np.argsort(conductance_at(campaign.model, campaign.model.wells()))
    level, rising = np.argsort(order), conductance_at(campaign.model, campaign.model.wells())[order]
    moves = [
        _after(campaign, run, campaign.antisymmetric.spikes.current(sign * learning.difference), learning.walls)
        for sign in (1, -1)
    ]
    return LevelArray(rising / rising[-1], np.stack([level[each[order]] for each in moves]))


def disturbance(campaign: WallTimingCampaign, run: LabelledRun[Sent]) -> tuple[float, tuple[float, float]] | None:
    """Chance that a spike alone moves a wall with heat, over both spikes and all wells."""
    if campaign.temperature == 0:
        return None
    many = 400 if campaign.learning is None else 2 * campaign.learning.walls
    moved = total = 0
    for shape in ("pre", "post"):
        after = _after(campaign, run, campaign.pair_of(Sent(shape, 0.0, 0.0, 1)).current(), many)
        moved += int((after != np.arange(len(after))[:, None]).sum())
        total += after.size
    return moved / total, exact_interval(moved, total)


def _after(campaign: WallTimingCampaign, run: LabelledRun[Sent], current: PiecewiseLinear, many: int) -> Ints:
    wall = softened(campaign.model.wall, run.spec, campaign.temperature)
    return moves_in_heat(
        wall, campaign.model, current, campaign.period, temperature=campaign.temperature, walls=many, seed=_SEED
    )
