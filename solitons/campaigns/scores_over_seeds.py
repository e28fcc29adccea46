"""Scores of networks over seeds: means with intervals, what a cause costs, and where a score breaks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from solitons.campaigns.results import ResultsPart

__all__ = ["Score", "breaking_value", "score_of"]


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
    """The mean of some values with its interval.

    Examples
    --------
    >>> found = score_of([0.9, 0.92, 0.94])
    >>> round(found.mean, 3), [round(each, 3) for each in found.ci95]
    (0.92, [0.87, 0.97])
    """
    mean = float(np.mean(values))
    reach = float(stats.t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values)))
    return Score(mean=mean, ci95=(mean - reach, mean + reach), values=[float(each) for each in values])


def breaking_value(values: Sequence[float], losses: Sequence[float], allowed: float) -> float | None:
    """Where a loss first goes beyond what is allowed, straight between the points in the logarithm of the value.

    Parameters
    ----------
    values : sequence of float
        Of the axis, in the order in which things get worse.
    losses : sequence of float
        At each.
    allowed : float

    Returns
    -------
    float or None
        None where it stays within; the first value where it is beyond at once.

    Examples
    --------
    >>> round(breaking_value([1.0, 10.0, 100.0], [0.0, 0.0, 0.06], 0.03), 2)
    31.62
    >>> breaking_value([1.0, 10.0], [0.0, 0.01], 0.03) is None
    True
    """
    for index, loss in enumerate(losses):
        if loss <= allowed:
            continue
        if index == 0:
            return float(values[0])
        before, after = values[index - 1], values[index]
        share = (allowed - losses[index - 1]) / (loss - losses[index - 1])
        if before > 0 and after > 0:
            return float(np.exp(np.log(before) + share * (np.log(after) - np.log(before))))
        return float(before + share * (after - before))
    return None
