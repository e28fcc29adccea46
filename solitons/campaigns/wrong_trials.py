"""How often outputs of logic are wrong: what campaigns of gates and of netlists count."""

from __future__ import annotations

from solitons.campaigns.results import ResultsPart

__all__ = ["WrongTrials"]


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
