"""Answers to the problems: by search, by models of the arrays, and by the magnets of the runs."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import logic_values
from analysis.magnet_logic.disc_states import disc_states
from analysis.magnet_logic.values import decided
from analysis.schema import frame_dimension
from geometries import MagnetArray, Material
from solitons.campaigns.magnet_logic.nanomagnet_vision.images import affinities
from solitons.campaigns.magnet_logic.nanomagnet_vision.problems import COST, Mapped, Problem, discs
from solitons.campaigns.magnet_logic.nanomagnet_vision.results import (
    ImageResults,
    Rates,
    Reading,
    SmallReading,
    SmallResults,
)
from solitons.campaigns.magnet_logic.nanomagnet_vision.settings import VisionMagnets
from solitons.magnet_logic import anneal, array_ising, binary_ising, follow_ramps, ground_states

__all__ = [
    "DiscThreshold",
    "chance_of_less",
    "disc_values",
    "ellipse_values",
    "further_rates",
    "image_answers",
    "image_results",
    "kept_from_all",
    "model_answers",
    "small_results",
]

Ints = npt.NDArray[np.int64]

_SHUFFLES = 199
_MEMBERS = 20
_FALL_TIME = 3e-9


@dataclass(frozen=True)
class DiscThreshold:
    """When a disc stays a single domain: bias and stray field of single domains together exceed what it needs alone.

    `alone` and `paired` are bias in A/m between which a disc alone, and one beside another a pitch away, stays a single
    domain.
    """

    magnets: VisionMagnets
    material: Material
    alone: tuple[float, float]
    paired: tuple[float, float]

    @property
    def need(self) -> float:
        """Field that a disc needs from its neighbours, over the field of one a pitch away."""
        alone, paired = (sum(each) / 2 for each in (self.alone, self.paired))
        return self._need(alone, paired)

    @property
    def need_range(self) -> tuple[float, float]:
        """Least and largest `need` that the steps of the biases allow."""
        if math.isnan(self.need):
            return (math.nan, math.nan)
        # Monotonic in either bias, so that the extremes are at the ends. The runs of a disc alone begin at the bias
        # where the runs of a pair end: only there can the two be equal.
        ends = [(alone, paired) for alone in self.alone for paired in self.paired if alone > paired]
        needs = [self._need(*each) for each in ends]
        return min(needs), max(needs)

    def _need(self, alone: float, paired: float) -> float:
        return (alone - self.magnets.bias) / (alone - paired)

    def states(self, mapped: Mapped) -> Ints:
        """1 for each disc that stays a single domain, 0 for each that becomes a vortex, from all of them on."""
        pair = array_ising(discs(self.magnets, [[0, 0], [1, 0]]), self.material)
        return kept_from_all(mapped.disc_ising.couplings / pair.couplings[0, 1], self.need)


def disc_values(run: xr.Dataset, array: MagnetArray) -> Ints:
    """States at the end of a run: 1 single domain, -1 vortex, 0 neither."""
    state = disc_states(run.isel({frame_dimension(run): slice(-1, None)}), array).state.values[-1].astype(np.int64)
    return np.where(state == 1, 1, np.where(state == 0, -1, 0))


def ellipse_values(run: xr.Dataset, array: MagnetArray) -> Ints:
    """Logic values at the end of a run."""
    values: Ints = (
        logic_values(run.isel({frame_dimension(run): slice(-1, None)}), array).value.values[-1].astype(np.int64)
    )
    return values


def model_answers(mapped: Mapped, temperature: float, seed: int) -> dict[str, Ints]:
    """The exact minimum, annealing, the array's Ising model, and macrospins whose perpendicular field falls."""
    problem = mapped.problem.answer_ising
    answers = {
        "exact minimum": ground_states(problem).states[0].astype(np.int64),
        "annealing": anneal(problem, seed=seed)[0].astype(np.int64),
        "Ising model of the array": ground_states(mapped.array_ising).states[0].astype(np.int64),
    }
    macrospins = replace(mapped.macrospins, temperature=temperature)
    biases = mapped.ellipses.held_fields()
    up = np.zeros_like(biases)
    up[:, 2] = mapped.magnets.clock_field
    start = np.tile([[[0.0, 0.0, 1.0]]], (_MEMBERS, macrospins.magnets, 1))
    run = follow_ramps(macrospins, start, [_FALL_TIME], [up + biases, biases], seed=seed)
    along = np.sum(run["m"].values[:, -1] * mapped.ellipses.axes, axis=-1)
    # The state of all magnets in which most members end: a cut may have several best ones.
    states, counts = np.unique(decided(along), axis=0, return_counts=True)
    answers["coupled macrospins"] = states[counts.argmax()].astype(np.int64)
    return answers


def image_answers(mapped: Mapped, threshold: DiscThreshold) -> dict[str, Ints]:
    """Answers by the discs' threshold, and without any array.

    It takes the ellipses' biases without couplings, and reaches the minimum from all segments on, dropping those that
    the remaining ones do not hold: the discs' way, with the problem's own couplings.
    """
    segments = mapped.problem.segments
    if segments is None:
        raise ValueError("image_answers: only an image has segments that hold each other")
    fields = np.broadcast_to(mapped.problem.ising.fields, len(mapped.problem.held))
    return {
        "biases alone": np.where(fields > 0, 1, -1).astype(np.int64),
        "local minimum, from all on": 2 * kept_from_all(affinities(segments), COST) - 1,
        "threshold of the discs": 2 * threshold.states(mapped) - 1,
    }


def kept_from_all(given: npt.NDArray[np.float64], need: float) -> Ints:
    """1 for each of many that hold each other, 0 for those to which those that are left give no more than `need`."""
    kept = np.ones(len(given), dtype=np.int64)
    while True:
        after = kept * (given @ kept > need)
        if np.array_equal(after, kept):
            return kept
        kept = after


def chance_of_less(problem: Problem, seed: int) -> float:
    """Probability of an energy as low if the segments have each other's directions, by 199 shuffles."""
    segments = problem.segments
    if segments is None:
        raise ValueError("chance_of_less: only an image has segments whose directions can be shuffled")
    rng = np.random.default_rng(seed)

    def least(angles: npt.NDArray[np.float64]) -> float:
        gains = affinities(segments._replace(angles=angles))
        ising = binary_ising(gains, COST)
        ends = anneal(ising, seed=seed, sweeps=20, restarts=10)
        return float(ising.energy(ends[0]) - ising.energy(-np.ones(len(gains))))

    found = least(segments.angles)
    below = sum(least(rng.permutation(segments.angles)) <= found + 1e-9 for _ in range(_SHUFFLES))
    return (1 + below) / (1 + _SHUFFLES)


def image_results(mapped: Mapped, source: str, answers: dict[str, Ints], seed: int) -> ImageResults:
    """Score all answers against the contour, if one is known, and against the exact minimum."""
    problem = mapped.problem
    exact = answers["exact minimum"] == 1
    readings = [
        Reading(
            name=name,
            salient=(values == 1).tolist(),
            undecided=int(np.sum(values == 0)),
            contour=None if problem.truth is None else Rates.of(values == 1, problem.truth),
            minimum=Rates.of(values == 1, exact),
        )
        for name, values in answers.items()
    ]
    return ImageResults(
        name=problem.name,
        source=source,
        segments=len(exact),
        residual=mapped.residual,
        p_value=chance_of_less(problem, seed),
        readings=readings,
    )


def further_rates(
    images: Iterable[Mapped], threshold: DiscThreshold, temperature: float, seed: int, largest_residual: float
) -> tuple[dict[str, Rates], int]:
    """Detection of drawn contours by models, by way, and number of left-out arrays that do not express their image."""
    rates: dict[str, list[Rates]] = {}
    left_out = 0
    for mapped in images:
        if mapped.residual > largest_residual:
            left_out += 1
            continue
        answers = model_answers(mapped, temperature, seed) | image_answers(mapped, threshold)
        for name, found in answers.items():
            if mapped.problem.truth is not None:
                rates.setdefault(name, []).append(Rates.of(found == 1, mapped.problem.truth))
    return {name: Rates.pooled(each) for name, each in rates.items()}, left_out


def small_results(mapped: Mapped, answers: dict[str, Ints]) -> SmallResults:
    """Score a cut by its weight and a completion by its places; an undecided magnet is in no part and never right."""
    problem = mapped.problem
    couplings = problem.ising.couplings

    def score(spins: Ints) -> float:
        if problem.patterns is None:
            cut = spins[:, None] * spins[None, :] == -1
            return float(np.sum(-couplings[cut]) / 2)
        return float(np.sum(spins == problem.patterns[0]))

    best = score(answers["exact minimum"]) if problem.patterns is None else float(len(couplings))
    readings = [
        SmallReading(name=name, spins=spins.tolist(), score=score(spins), solved=score(spins) >= best - 1e-9)
        for name, spins in answers.items()
    ]
    return SmallResults(
        name=problem.name,
        kind=problem.kind,
        magnets=len(couplings),
        residual=mapped.residual,
        best=best,
        readings=readings,
    )
