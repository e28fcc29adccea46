"""The error map of a register by the model, its windows, and micromagnetic runs of words beside it."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from analysis import walls
from analysis.statistics.proportions import exact_interval, wilson_interval
from runs import Protocol, Relax, Rest, RunSpec
from solitons.campaigns.domain_walls.racetrack_register import figures
from solitons.campaigns.domain_walls.racetrack_register.campaign import RacetrackRegisterCampaign
from solitons.campaigns.domain_walls.racetrack_register.judgement import about_register
from solitons.campaigns.domain_walls.racetrack_register.results import (
    CheckedPoint,
    RegisterPoint,
    RegisterResults,
    Window,
)
from solitons.campaigns.domain_walls.racetrack_register.settings import CheckedRun
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.domain_walls.softening import softened
from solitons.domain_walls.spike_pairs import level_of
from solitons.domain_walls.wall_pair import pair_interaction
from solitons.domain_walls.wall_rows import OUTCOMES, follow_wall_rows, random_words, shift_labels, shift_outcomes
from solitons.fits.provenance import OutsideFittedRange, Provenance
from solitons.fits.verdict import judge

__all__ = ["analyse", "checked_point", "followed", "point_of", "windows_of"]

Ints = npt.NDArray[np.intp]
Words = npt.NDArray[np.bool_]


def analyse(
    campaign: RacetrackRegisterCampaign, runs: ComputedRuns[CheckedRun], stages: Stages
) -> Findings[RegisterResults]:
    """Follow words by the model at every current, width and temperature, and compare the runs."""
    pulses, points = campaign.pulses, []
    words = random_words(campaign.words.bits, campaign.words.words, campaign.words.seed)
    shapes = list(itertools.product(campaign.temperatures, pulses.widths, pulses.amplitudes))
    for temperature, width, amplitude in stages.over("Shift words", shapes):
        points.append(point_of(campaign, words, amplitude, width, temperature))
    windows = windows_of(points, campaign.limit)
    checked = [
        checked_point(campaign, run, runs.open(run), windows) for run in stages.over("Compare runs", runs.labelled)
    ]
    origin = campaign.model.provenance
    seen = origin.fitted_range if origin is not None else None
    results = RegisterResults(
        limit=campaign.limit, points=points, windows=windows, checked=checked,
        outside=0 if origin is None else sum(_is_outside(each, origin) for each in points),
    )  # fmt: skip
    if results.counted[1]:
        results = results.model_copy(update={"bound": exact_interval(*results.counted)[1]})
    verdict = judge([*about_register(campaign.synapse, origin.verdict if origin is not None else None, results)])
    results = results.model_copy(update={"verdict": verdict.verdict, "reasons": list(verdict.reasons)})
    rows = [each.model_dump(exclude={"outcomes", "ci95"}) | each.outcomes for each in points]
    drawn = {"errors": partial(figures.errors_figure, results)}
    return Findings(results, {"seen": seen, "outcomes": OUTCOMES}, drawn, tables={"errors": pd.DataFrame(rows)})


def _is_outside(point: RegisterPoint, origin: Provenance) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OutsideFittedRange)  # the verdict has it
        return not origin.check_range(point.amplitude, point.width)


def followed(
    campaign: RacetrackRegisterCampaign, words: Words, amplitude: float, width: float, temperature: float
) -> Ints:
    """Wells of the model's walls (words, bits, shifts + 1): as written, and after each pulse; -1 where none is."""
    model, stripe, material = campaign.model, campaign.device, campaign.material
    wells = model.wells()
    starts = np.full(words.shape, np.nan)
    for row, word in zip(starts, words, strict=True):
        places = wells[campaign.wells_of(list(word))]
        row[: places.size] = places
    still = Protocol(steps=(Relax(), Rest(duration=1e-9)), sampling_interval=1e-9)
    spec = RunSpec(device=stripe, material=material, protocol=still, numerics=campaign.numerics, engine="native")
    pair = pair_interaction(
        material, width=float(model.wall.width), length=stripe.length, thickness=stripe.thickness,
        stripe_width=stripe.width,
    )  # fmt: skip
    path = follow_wall_rows(
        replace(softened(model.wall, spec, temperature), provenance=None),  # the report names what is outside
        pair, campaign.times, campaign.train(amplitude, width), positions=starts,
        angle=float(model.rest_angle), temperature=temperature, seed=campaign.words.seed,
    )  # fmt: skip
    return level_of(path, wells)


def point_of(
    campaign: RacetrackRegisterCampaign, words: Words, amplitude: float, width: float, temperature: float
) -> RegisterPoint:
    """Errors of words at one point of the map; without heat each different word counts once."""
    words = words if temperature else np.unique(words, axis=0)
    places = followed(campaign, words, amplitude, width, temperature)
    outcomes = shift_outcomes(places, campaign.onwards)
    wanted = places[..., :1] + campaign.onwards * campaign.words.shifts
    there = np.arange(words.shape[1]) < words.sum(axis=1)[:, None]
    wrong = ((places[..., -1:] != wanted)[..., 0] & there).any(axis=1)
    total, right = int(outcomes.sum()), int(outcomes[0])
    low, high = wilson_interval(total - right, total)
    return RegisterPoint(
        amplitude=amplitude, width=width, temperature=temperature,
        outcomes=dict(zip(OUTCOMES, outcomes.tolist(), strict=True)), error=1 - right / total, ci95=(low, high),
        words_wrong=float(wrong.mean()),
    )  # fmt: skip


def windows_of(points: Sequence[RegisterPoint], limit: float) -> list[Window]:
    """The longest row of currents whose interval stays below the limit, for each width and temperature."""
    found = []
    for (temperature, width), group in itertools.groupby(points, lambda each: (each.temperature, each.width)):
        rows = [
            [each.amplitude for each in row]
            for below, row in itertools.groupby(group, lambda each: each.ci95[1] < limit)
            if below
        ]
        best = max(rows, key=len) if rows else [None]
        found.append(Window(width=width, temperature=temperature, low=best[0], high=best[-1]))
    return found


def checked_point(
    campaign: RacetrackRegisterCampaign, run: LabelledRun[CheckedRun], stored: xr.Dataset, windows: Sequence[Window]
) -> CheckedPoint:
    """A run's outcomes beside the model's for the same word."""
    role, wells = run.role, campaign.model.wells()
    starts = wells[campaign.wells_of(role.bits)]
    # Linked between readings alone, so that a wall that is not seen for a moment between them is the same.
    found = walls(stored.sel(t=list(campaign.times), method="nearest"))["position"].transpose("wall", "t").values
    at_first = found[np.isfinite(found[:, 0]), 0]
    if at_first.size != starts.size or not np.allclose(at_first, starts, atol=np.diff(wells).min() / 2):
        raise ValueError(f"run {run.spec.run_id} ({role}): a wall left its well as it relaxed; use other wells")
    places = level_of(found[: starts.size], wells)
    many = campaign.words.words if role.temperature else 1
    model = followed(campaign, np.tile(role.bits, (many, 1)), role.amplitude, role.width, role.temperature)
    model = model[:, : starts.size]
    outcomes, expected = (shift_outcomes(each, campaign.onwards) for each in (places, model))
    total, shares = int(outcomes.sum()), expected / expected.sum()
    differs = []
    for name, count, share in zip(OUTCOMES, outcomes.tolist(), shares.tolist(), strict=True):
        low, high = exact_interval(count, total)
        if not low <= share <= high:
            differs.append(name)
    same = None
    if not role.temperature:
        seen, by_model = (shift_labels(each, campaign.onwards) for each in (places, model[0]))
        same = float((seen == by_model)[(seen >= 0) | (by_model >= 0)].mean())
    inside = any(
        window.low is not None
        and window.high is not None
        and (window.width, window.temperature) == (role.width, role.temperature)
        and abs(window.low) <= abs(role.amplitude) <= abs(window.high)
        for window in windows
    )
    return CheckedPoint(
        name=str(role), temperature=role.temperature, outcomes=dict(zip(OUTCOMES, outcomes.tolist(), strict=True)),
        ci95=exact_interval(total - int(outcomes[0]), total), predicted=1 - float(shares[0]),
        differs=differs, same=same, new=len(found) - starts.size, inside=inside,
    )  # fmt: skip
