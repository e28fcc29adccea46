"""Scores of networks over seeds: means with intervals, how they are written, and where a score breaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from analysis.statistics.means import student_reach
from solitons.campaigns.framework.results import ResultsPart

__all__ = ["AxisName", "Break", "Score", "VariedPoint", "break_of", "difference", "score_of"]

AxisName = Literal[
    "segments", "hidden", "tiles", "spreads", "junctions", "levels", "stuck", "neurons", "errors", "betas"
]


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

    @property
    def possible(self) -> tuple[float, float]:
        """The part of its interval from 0 to 1, where a share can be."""
        return max(self.ci95[0], 0.0), min(self.ci95[1], 1.0)

    def __str__(self) -> str:
        """A share with its interval in per cent.

        Examples
        --------
        >>> str(score_of([0.9, 0.92, 0.94])), str(score_of([0.98, 1.0]))
        ('92.0 % [87.0, 97.0]', '99.0 % [86.3, 100.0]')
        """
        return f"{100 * self.mean:.1f} % [{100 * self.possible[0]:.1f}, {100 * self.possible[1]:.1f}]"

    @property
    def points(self) -> str:
        """A difference of scores with its interval in percentage points.

        Examples
        --------
        >>> score_of([-0.01, 0.02, 0.05]).points
        '2.0 [−5.5, 9.5]'
        """
        mean, low, high = (100 * each for each in (self.mean, *self.ci95))
        return f"{mean:.1f} [{low:.1f}, {high:.1f}]".replace("-", "−")


def score_of(values: Sequence[float]) -> Score:
    """The mean of some values with its interval."""
    mean = float(np.mean(values))
    reach = student_reach(values)
    return Score(mean=mean, ci95=(mean - reach, mean + reach), values=[float(each) for each in values])


def difference(before: Sequence[float], now: Sequence[float]) -> Score:
    """The mean of the differences, seed by seed, with its interval."""
    return score_of([one - other for one, other in zip(before, now, strict=True)])


class VariedPoint(ResultsPart):
    """Networks that are written into devices, at one value of what is varied.

    Parameters
    ----------
    axis : str
    value : float
        In SI units.
    verified : bool
        Whether devices are read back while they are written.
    score : Score
        Accuracy on the test images.
    loss : Score
        The same network in floating point less that, seed by seed.
    device_joule, wire_joule, joule : float or None
        Energy in J of reading an image: in the devices, in the segments, and in all; of the first seed, and of wires,
        tiles and hidden units alone. None where it is not known.
    """

    axis: AxisName
    value: float
    verified: bool = True
    score: Score
    loss: Score
    device_joule: float | None = None
    wire_joule: float | None = None
    joule: float | None = None


class Break(ResultsPart):
    """Value at which a loss first goes beyond the allowed one.

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
    """Value at which a loss first exceeds the allowed one, interpolated linearly in the value's logarithm.

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
