"""Whether what the magnets found may be believed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from solitons.campaigns.nanomagnet_vision.problems import COST
from solitons.campaigns.nanomagnet_vision.results import ImageResults, SmallResults
from solitons.figures import value_label
from solitons.verdict import Reason, Verdict, judge

__all__ = ["judge_vision"]

_CHANCE = 0.05
_AGREES = 0.85
"""Share of the exact minimum's salient segments that the published array found."""
_FALSE = 0.15
_OFF = 0.25
"""Of what a neighbour gives: how far the discs' need may be from the cost that the problem has."""


def judge_vision(
    need: float,
    alone: tuple[float, float],
    paired: tuple[float, float],
    images: Sequence[ImageResults],
    small: Sequence[SmallResults],
) -> Verdict:
    """Judge by the discs' calibration, by chance, and by how far the magnets end from the exact minimum."""
    return judge([*_about_discs(need, alone, paired), *_about_images(images), *_about_small(small)])


def _about_discs(need: float, alone: tuple[float, float], paired: tuple[float, float]) -> Iterator[Reason]:
    if any(map(math.isnan, (*alone, *paired))):
        yield Reason(
            code="no_threshold",
            weight="failed",
            sentence="In the range that was computed no bias separates discs that become vortices from discs that "
            "stay single domains, alone or in a pair, so that discs compute nothing: choose other sizes (thicker or "
            "wider discs become vortices more easily) or another bias.",
        )
    elif abs(need - COST) > _OFF:
        yield Reason(
            code="wrong_bias",
            weight="limited",
            sentence=f"At the bias that is used a disc needs {need:.2f} of what one neighbour gives to stay a single "
            f"domain, and the problem's cost is {COST:g}: the discs solve another problem. A disc alone stays one "
            f"above {value_label(sum(alone) / 2, 'A/m', 3)}, one of a pair above "
            f"{value_label(sum(paired) / 2, 'A/m', 3)}; set magnets.bias half-way.",
        )


def _about_images(images: Sequence[ImageResults]) -> Iterator[Reason]:
    nothing = [image for image in images if image.p_value > _CHANCE]
    for image in nothing:
        yield Reason(
            code="nothing_to_find",
            weight="failed" if len(nothing) == len(images) else "limited",
            sentence=f"In {image.name} nothing stands out: segments with shuffled directions have as little energy "
            f"with p = {image.p_value:.2g}. What is found there is no contour.",
        )
    for image in images:
        if image in nothing:
            continue
        for reading in image.readings:
            if not reading.name.startswith(("discs", "ellipses")):
                continue
            rates = reading.minimum
            if rates.true_rate is not None and rates.true_rate < _AGREES:
                yield Reason(
                    code="minimum_missed",
                    weight="limited",
                    sentence=f"In {image.name} the {reading.name} find {rates.found} of the {rates.salient} segments "
                    f"of the exact minimum, less than {_AGREES:.0%} (residual of the couplings {image.residual:.2f}).",
                )
            if rates.false_rate is not None and rates.false_rate > _FALSE:
                yield Reason(
                    code="false_positives",
                    weight="limited",
                    sentence=f"In {image.name} the {reading.name} take {rates.false} of {rates.others} segments for "
                    f"salient that the exact minimum does not, more than {_FALSE:.0%} (residual {image.residual:.2f}).",
                )


def _about_small(small: Sequence[SmallResults]) -> Iterator[Reason]:
    for each in small:
        for reading in each.readings:
            if reading.name.startswith("ellipses") and not reading.solved:
                yield Reason(
                    code="not_solved",
                    weight="limited",
                    sentence=f"The {reading.name} do not solve {each.name}: {reading.score:g}, and the best is "
                    f"{each.best:g}.",
                )
