"""Reasons of verdicts that several families share; a family brings its numbers, its limits and its words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solitons.fits.fitted_parameter import FittedParameter
from solitons.fits.verdict import Reason

__all__ = ["beside_trivial", "far_from"]

_LITTLE = 0.5
"""Share of the best trivial model's error: a fit that leaves more has explained little."""


def beside_trivial(
    rms: float,
    trivial: float,
    beside: str,
    *,
    nothing: str,
    little: str,
    least: float = -np.inf,
    than: str = "trivial",
    useless: bool = False,
) -> Iterator[Reason]:
    """Whether a model is no better or little better than one that knows nothing, both by their errors in unseen runs.

    An error of `least` or less is as good as none. The sentence is `beside`, and then `nothing` or `little`; a model
    may be `useless` for another reason.
    """
    useless = useless or rms >= trivial
    if not rms > least or (not useless and rms <= _LITTLE * trivial):
        return
    yield Reason(
        code=f"no_better_than_{than}" if useless else f"little_better_than_{than}",
        weight="failed" if useless else "limited",
        sentence=f"{beside}{nothing if useless else little}",
    )


def far_from(
    code: str,
    each: FittedParameter,
    known: float,
    sentence: str,
    *,
    doubtful: float,
    absurd: float,
    by_end: bool = False,
) -> Iterator[Reason]:
    """Whether a parameter is far from what is known of it beforehand, by a factor, and its interval does not hold that.

    It is in doubt where its value differs by more than a factor of `doubtful`, or with `by_end` the nearer end of its
    interval, and fails where its value does by more than `absurd`.
    """
    end = min((each.low, each.high), key=lambda end: abs(end - known)) if by_end else each.value
    if each.low <= known <= each.high or _times(end / known) <= doubtful:
        return
    yield Reason(code=code, weight="failed" if _times(each.value / known) > absurd else "limited", sentence=sentence)


def _times(ratio: float) -> float:
    return max(ratio, 1 / ratio) if ratio > 0 else np.inf
