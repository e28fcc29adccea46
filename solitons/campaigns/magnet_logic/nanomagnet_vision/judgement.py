"""Whether what the magnets found may be believed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from solitons.campaigns.magnet_logic.nanomagnet_vision.answers import DiscThreshold
from solitons.campaigns.magnet_logic.nanomagnet_vision.problems import COST
from solitons.campaigns.magnet_logic.nanomagnet_vision.results import ImageResults, SmallResults
from solitons.figures import value_label
from solitons.fits.verdict import Reason, Verdict, failure, judge, limitation

__all__ = ["judge_vision"]

_CHANCE = 0.05
_AGREES = 0.85
"""Share of the exact minimum's salient segments that the published array found."""
_FALSE = 0.15
_OFF = 0.25
"""Share of a neighbour's field by which the discs' need may differ from the problem's cost."""


def judge_vision(
    threshold: DiscThreshold,
    images: Sequence[ImageResults],
    small: Sequence[SmallResults],
) -> Verdict:
    """Judge by the discs' calibration, by chance, and by how far the magnets end from the exact minimum."""
    return judge([*_about_discs(threshold), *_about_images(images), *_about_small(small)])


def _about_discs(threshold: DiscThreshold) -> Iterator[Reason]:
    alone, paired = threshold.alone, threshold.paired
    need, (low, high) = threshold.need, threshold.need_range
    if any(map(math.isnan, (*alone, *paired))):
        yield failure(
            "no_threshold",
            "In the range that was computed no bias separates discs that become vortices from discs that "
            "stay single domains, alone or in a pair. So discs compute nothing: choose other sizes (thicker or wider "
            "discs become vortices more easily) or another bias.",
        )
    elif abs(need - COST) > _OFF:
        yield limitation(
            "wrong_bias",
            f"At the bias that is used a disc needs {need:.2f} of what one neighbour gives to stay a single "
            f"domain (between {low:.2f} and {high:.2f}). The problem's cost is {COST:g}: the discs solve another "
            f"problem. A disc alone stays one above {value_label(sum(alone) / 2, 'A/m', 3)}, one of a pair above "
            f"{value_label(sum(paired) / 2, 'A/m', 3)}; set magnets.bias half-way.",
        )
    elif round(low, 2) < COST - _OFF or round(high, 2) > COST + _OFF:
        yield limitation(
            "need_not_known",
            f"What a disc needs to stay a single domain is between {low:.2f} and {high:.2f} of what one "
            f"neighbour gives, by the steps of the biases that were computed. Within {_OFF:g} of the problem's cost, "
            f"{COST:g}, is asked for, so that the discs may solve another problem. Half-way is a bias of "
            f"{value_label((sum(alone) + sum(paired)) / 4, 'A/m', 3)}; set magnets.bias to it, or use a shorter "
            "magnets.pitch, since the steps matter less where neighbours give more.",
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
                yield limitation(
                    "minimum_missed",
                    f"In {image.name} {_said(reading.name)} find {rates.found} of the {rates.salient} "
                    f"segments of the exact minimum ({_share(rates.true_rate, rates.true_interval)}), less than "
                    f"{_AGREES:.0%} (residual {image.residual:.2f}).",
                )
            if rates.false_rate is not None and rates.false_rate > _FALSE:
                yield limitation(
                    "false_positives",
                    f"In {image.name} {_said(reading.name)} take {rates.false} of {rates.others} segments for "
                    f"salient that the exact minimum does not ({_share(rates.false_rate, rates.false_interval)}), more "
                    f"than {_FALSE:.0%} (residual {image.residual:.2f}).",
                )


def _share(share: float, interval: tuple[float, float]) -> str:
    """A share with its interval: of few segments it is hardly known."""
    return f"{share:.0%}, 95 %: {interval[0]:.0%} to {interval[1]:.0%}"


def _said(reading: str) -> str:
    """Magnets and engine of a reading, such as "discs (native)"."""
    return reading.replace(", ", " (") + ")"


def _about_small(small: Sequence[SmallResults]) -> Iterator[Reason]:
    for each in small:
        for reading in each.readings:
            if reading.name.startswith("ellipses") and not reading.solved:
                yield limitation(
                    "not_solved",
                    f"In {each.name} {_said(reading.name)} reach {reading.score:g}, and the best is "
                    f"{each.best:g} (residual of the couplings {each.residual:.2f}).",
                )
