"""Results of a campaign of vowels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from solitons.campaigns.framework.results import Headline, Results, ResultsPart

__all__ = ["PUBLISHED", "RECOGNISERS", "OscillatorVowelsResults", "Recognised", "RecogniserName"]

RecogniserName = Literal["oscillators", "linear", "coupling_off", "tuning_off"]
RECOGNISERS: dict[RecogniserName, str] = {
    "oscillators": "coupled oscillators, tuned",
    "linear": "linear classifier",
    "coupling_off": "coupling off",
    "tuning_off": "tuning off",
}
PUBLISHED = 0.84
"""Share of test vowels in the experiment: M. Romera et al., Nature 563, 230 (2018)."""


class Recognised(ResultsPart):
    """What one recogniser has right of the test vowels, over all repeats.

    Parameters
    ----------
    name : str
        Which one.
    share, ci95 : float, (float, float)
        Share that is right, and its interval by Clopper and Pearson.
    behind, behind_ci95 : float, (float, float)
        By how much it is behind the coupled, tuned oscillators: mean over repeats, and Student's interval over them,
        which has their training in it.
    any_pattern : float or None
        Share that is right if every pattern counts as the vowel that it had most often in training.
    """

    name: RecogniserName
    share: float
    ci95: tuple[float, float]
    behind: float
    behind_ci95: tuple[float, float]
    any_pattern: float | None

    @property
    def words(self) -> str:
        """Its name in words."""
        return RECOGNISERS[self.name]


class OscillatorVowelsResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    vowels, patterns : list of str
        Codes of vowels, and the pattern of each.
    recognised : list of Recognised
        The coupled, tuned oscillators first.
    confusions : list of list of int
        Of these: test vowels by what was said (rows) and what was answered (columns); the last column is none.
    tested : int
        Test vowels in all.
    training_shares, training_shares_uncoupled : list of list of float
        Share right in training before and after each epoch, for each repeat.
    start_currents, currents, frequencies : list of float, list of list of float
        Current densities in A/m2 before training, and after it for each repeat, with their frequencies in Hz.
    half_width, coupling, linewidth, resolution : float
        In Hz: the mean of locking, of the coupling, of a free line, and what a record resolves.
    agreed : float
        Share of test vowels whose pattern a second record repeats.
    """

    vowels: list[str]
    patterns: list[str]
    recognised: list[Recognised]
    confusions: list[list[int]]
    tested: int
    training_shares: list[list[float]]
    training_shares_uncoupled: list[list[float]]
    start_currents: list[float]
    currents: list[list[float]]
    frequencies: list[list[float]]
    half_width: float
    coupling: float
    linewidth: float
    resolution: float
    agreed: float

    def of(self, name: RecogniserName) -> Recognised:
        """One recogniser."""
        return next(each for each in self.recognised if each.name == name)

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        gain = self.of("linear").behind_ci95
        against = "no gain over a linear classifier" if gain[0] <= 0 else "more than a linear classifier"
        for each in self.recognised:
            low, high = each.ci95
            interval = f"95 %: {low:.1%} to {high:.1%}"
            if each.name == "oscillators":
                name, detail = "vowels recognised", f"{interval}; {against}; measured by Romera et al.: {PUBLISHED:.0%}"
            else:
                name, detail = each.words, f"{interval}; {_points(each)}"
            yield Headline(value=f"{each.share:.1%}", name=name, detail=detail)


def _points(each: Recognised) -> str:
    low, high = each.behind_ci95
    if low <= 0 <= high:
        return "no difference from the oscillators beyond chance"
    return f"{100 * abs(each.behind):.1f} points {'below' if each.behind > 0 else 'above'} the oscillators"
