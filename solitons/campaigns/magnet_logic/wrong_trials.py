"""How often outputs of logic are wrong: what campaigns of gates and of netlists count."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solitons.campaigns.framework.results import ResultsPart

__all__ = ["WrongTrials", "counted"]


class WrongTrials(ResultsPart):
    """How often an output was wrong.

    Parameters
    ----------
    trials, wrong, undecided : int
        Undecided ones are errors too, and not among `wrong`.
    low, high : float
        Clopper and Pearson's 95 % interval of the error rate.
    """

    trials: int
    wrong: int
    undecided: int
    low: float
    high: float

    @property
    def errors(self) -> int:
        """Wrong and undecided ones."""
        return self.wrong + self.undecided

    @property
    def rate(self) -> float:
        """Their share."""
        return self.errors / self.trials


def counted(projections: npt.NDArray[np.float64], expected: int) -> WrongTrials:
    """Count wrong and undecided outputs of one row.

    `projections` (trials,) are the mean m of the output along its axis at the end of each trial; `expected` is 1 or -1.
    """
    from analysis import truth_table

    table = truth_table(np.clip(projections, -1, 1)[None], [expected]).isel(row=0)
    return WrongTrials(
        trials=len(projections),
        wrong=int(table["wrong"]),
        undecided=int(table["undecided"]),
        low=float(table["error_low"]),
        high=float(table["error_high"]),
    )
