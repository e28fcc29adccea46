"""Whether a fitted model may be used, reported before any of its numbers.

A fit always returns numbers. Their worth follows from the model's errors beside the errors that no model at all
gets wrong, by parameters that the data leave open or that contradict the material, and by what the device did that the
model does not know. Each such finding is a `Reason`; together they make a `Verdict`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = ["Reason", "Verdict", "VerdictName", "Weight", "failure", "judge", "limitation"]

VerdictName = Literal["trusted", "limited", "failed"]
Weight = Literal["failed", "limited"]


class Reason(BaseModel):
    """Why a model is not simply trusted.

    Parameters
    ----------
    code : str
        Name for programs: "no_better_than_trivial".
    weight : {"failed", "limited"}
        Whether it makes the model useless, or useful within limits.
    sentence : str
        The same for people, with its numbers and what to do.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    weight: Weight
    sentence: str


def failure(code: str, sentence: str) -> Reason:
    """A reason for which the model is useless."""
    return Reason(code=code, weight="failed", sentence=sentence)


def limitation(code: str, sentence: str) -> Reason:
    """A reason for which the model is useful within limits only."""
    return Reason(code=code, weight="limited", sentence=sentence)


class Verdict(BaseModel):
    """Whether a fitted model may be used.

    Parameters
    ----------
    verdict : {"trusted", "limited", "failed"}
        "trusted": nothing speaks against it. "limited": it may be used where its reasons do not
        matter. "failed": no number that follows from it means anything.
    reasons : tuple of Reason
        The heaviest first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: VerdictName
    reasons: tuple[Reason, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether nothing may be made of the model."""
        return self.verdict == "failed"

    @property
    def why(self) -> str:
        """The sentences of the heaviest reasons, in a paragraph."""
        return " ".join(reason.sentence for reason in self.reasons if reason.weight == self.verdict)


def judge(reasons: Iterable[Reason]) -> Verdict:
    """Make reasons into a verdict: as bad as the worst of them.

    Examples
    --------
    >>> judge([]).verdict
    'trusted'
    >>> judge([failure("stuck", "The wall does not move.")]).verdict
    'failed'
    """
    found = sorted(reasons, key=lambda reason: reason.weight != "failed")
    return Verdict(verdict=found[0].weight if found else "trusted", reasons=tuple(found))
