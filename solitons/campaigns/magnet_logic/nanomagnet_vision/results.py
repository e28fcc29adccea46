"""Results of a campaign of recognition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

import numpy as np
import numpy.typing as npt

from analysis.statistics.proportions import exact_interval
from solitons.campaigns.framework.results import FiniteOrNone, Headline, Results, ResultsPart

__all__ = ["ImageResults", "Rates", "Reading", "SmallReading", "SmallResults", "VisionResults"]


class Rates(ResultsPart):
    """How much of what is salient was found, and how much of what is not.

    Parameters
    ----------
    found, salient : int
        Salient segments that were found, and all of them.
    false, others : int
        Other segments that were taken for salient, and all of them.
    true_interval, false_interval : (float, float)
        Clopper and Pearson's 95 % intervals of the two shares; from 0 to 1 of none.
    """

    found: int
    salient: int
    false: int
    others: int
    true_interval: tuple[float, float]
    false_interval: tuple[float, float]

    @classmethod
    def of(cls, found: npt.ArrayLike, truth: npt.ArrayLike) -> Self:
        """Count."""
        taken, right = np.asarray(found, dtype=bool), np.asarray(truth, dtype=bool)
        return cls.counted(*(int(np.sum(each)) for each in (taken & right, right, taken & ~right, ~right)))

    @classmethod
    def counted(cls, found: int, salient: int, false: int, others: int) -> Self:
        """From the four counts."""
        true_interval, false_interval = (
            exact_interval(k, n) if n else (0.0, 1.0) for k, n in ((found, salient), (false, others))
        )
        return cls(
            found=found,
            salient=salient,
            false=false,
            others=others,
            true_interval=true_interval,
            false_interval=false_interval,
        )

    @classmethod
    def pooled(cls, rates: list[Rates]) -> Self:
        """Pool the rates of several images."""
        return cls.counted(*(sum(getattr(each, name) for each in rates) for name in _COUNTS))

    @property
    def true_rate(self) -> float | None:
        """Share of the salient ones that were found; None of none."""
        return self.found / self.salient if self.salient else None

    @property
    def false_rate(self) -> float | None:
        """Share of the others that were taken for salient; None of none."""
        return self.false / self.others if self.others else None


_COUNTS = ("found", "salient", "false", "others")


class Reading(ResultsPart):
    """Salient segments of an image by one way of answering.

    Parameters
    ----------
    name : str
        The way: a search, a model, or the magnets of an engine.
    salient : list of bool
        By segment. A magnet in neither state counts as not salient.
    undecided : int
        Magnets in neither state.
    contour : Rates or None
        Against the contour that was drawn; None of an image without a known one.
    minimum : Rates
        Against the exact minimum of the problem.
    """

    name: str
    salient: list[bool]
    undecided: int
    contour: Rates | None
    minimum: Rates


class ImageResults(ResultsPart):
    """An image and what was found in it.

    Parameters
    ----------
    name, source : str
        The image's.
    segments : int
        How many edge segments, a magnet each.
    residual : float
        Residual of the array's couplings, from 0 to 1.
    p_value : float
        Probability of an energy as low if the segments' directions are shuffled.
    readings : list of Reading
        The exact minimum first.
    """

    name: str
    source: str
    segments: int
    residual: float
    p_value: float
    readings: list[Reading]


class SmallReading(ResultsPart):
    """One way's answer to a small problem.

    Parameters
    ----------
    name : str
        The way.
    spins : list of int
        1, -1, or 0 of an undecided magnet.
    score : float
        The cut's weight, or how many places of the pattern are right.
    solved : bool
        Whether it is the best cut, or the whole pattern.
    """

    name: str
    spins: list[int]
    score: float
    solved: bool


class SmallResults(ResultsPart):
    """A cut or a completion.

    Parameters
    ----------
    name, kind : str
        The problem's.
    magnets : int
        How many.
    residual : float
        Residual of the array's couplings.
    best : float
        Largest cut, or places of the pattern.
    readings : list of SmallReading
        The exact minimum first.
    """

    name: str
    kind: str
    magnets: int
    residual: float
    best: float
    readings: list[SmallReading]


class VisionResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    alone, paired : (float, float) or (None, None)
        Bias in A/m between which a disc alone, and a disc beside another, stays a single domain; None where all of
        those that were computed end alike.
    need : float or None
        Field that a disc needs from its neighbours at the used bias, over the field of one neighbour a pitch away.
    need_range : (float, float) or (None, None)
        Between what it lies, by the steps of the biases that were computed.
    images : list of ImageResults
        By image.
    totals : dict of str to Rates
        Against the drawn contours, over all images that have one, by way.
    further : dict of str to Rates
        The same of further drawn images, which only models saw.
    further_left_out : int
        Further images that are not in it, since their arrays leave more than the largest residual.
    small : list of SmallResults
        Cuts and completions.
    """

    alone: tuple[FiniteOrNone, FiniteOrNone]
    paired: tuple[FiniteOrNone, FiniteOrNone]
    need: FiniteOrNone
    need_range: tuple[FiniteOrNone, FiniteOrNone]
    images: list[ImageResults]
    totals: dict[str, Rates]
    further: dict[str, Rates]
    further_left_out: int
    small: list[SmallResults]

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        if self.verdict == "failed":
            yield Headline(value="withheld", name="salient segments found", detail="the verdict states why")
            return
        for name, rates in self.totals.items():
            if not name.startswith(("discs", "ellipses")) or rates.true_rate is None:
                continue
            low, high = rates.true_interval
            detail = f"{rates.found} of {rates.salient}, 95 %: {low:.0%} to {high:.0%}"
            if rates.false_rate is not None:
                low, high = rates.false_interval
                detail += f"; false positives {rates.false} of {rates.others}, 95 %: {low:.0%} to {high:.0%}"
            yield Headline(value=f"{rates.true_rate:.0%}", name=f"salient segments found, {name}", detail=detail)
        solved = [each.readings[-1] for each in self.small]
        if solved:
            right = sum(each.solved for each in solved)
            yield Headline(value=f"{right} of {len(solved)}", name=f"small problems solved, {solved[0].name}")
