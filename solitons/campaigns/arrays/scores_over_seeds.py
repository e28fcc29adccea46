"""Scores of networks over seeds: means with intervals, how they are written, and where a score breaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from analysis.statistics.means import student_reach
from solitons.campaigns.framework.results import ResultsPart

__all__ = ["Break", "Score", "break_of", "percent", "points", "score_of"]


class Score(ResultsPart):
    """A mean over seeds.

    Parameters
    ----------
    mean : float
    ci95 : (float, float)
        Its 95 % interval by Student's t.
    values : list of float
        By seed.
    """

    mean: float
    ci95: tuple[float, float]
    values: list[float]


def score_of(values: Sequence[float]) -> Score:
    """The mean of some values with its interval."""
    mean = float(np.mean(values))
    reach = student_reach(values)
    return Score(mean=mean, ci95=(mean - reach, mean + reach), values=[float(each) for each in values])


def percent(score: Score) -> str:
    """A score with its interval in per cent.

    Examples
    --------
    >>> percent(score_of([0.9, 0.92, 0.94]))
    '92.0 % [87.0, 97.0]'
    """
    return f"{100 * score.mean:.1f} % [{100 * score.ci95[0]:.1f}, {100 * score.ci95[1]:.1f}]"


def points(score: Score) -> str:
    """A difference of scores with its interval in percentage points.

    Examples
    --------
    >>> points(score_of([-0.01, 0.02, 0.05]))
    '2.0 [−5.5, 9.5]'
    """
    mean, low, high = (100 * each for each in (score.mean, *score.ci95))
    return f"{mean:.1f} [{low:.1f}, {high:.1f}]".replace("-", "−")


class Break(ResultsPart):
    """Where a loss first goes beyond what is allowed.

    Parameters
    ----------
    kind : {"within", "between", "first", "throughout"}
        It stays within at all values; it goes beyond between two of them; it is beyond already at the first, so that
        where it began is not known; or it is beyond at all of them.
    value : float or None
        Between two values where it goes beyond, otherwise None.
    """

    kind: Literal["within", "between", "first", "throughout"]
    value: float | None = None


def break_of(values: Sequence[float], losses: Sequence[float], allowed: float) -> Break:
    """Where a loss first exceeds what is allowed, straight between the points in the logarithm of the value.

    `values` of the axis are in the order in which things get worse.
    """
    index = next((index for index, loss in enumerate(losses) if loss > allowed), None)
    if index is None:
        return Break(kind="within")
    if index == 0:
        return Break(kind="throughout" if all(loss > allowed for loss in losses) else "first")
    before, after = values[index - 1], values[index]
    share = (allowed - losses[index - 1]) / (losses[index] - losses[index - 1])
    if before > 0 and after > 0:
        found = float(np.exp(np.log(before) + share * (np.log(after) - np.log(before))))
    else:
        found = float(before + share * (after - before))
    return Break(kind="between", value=found)
