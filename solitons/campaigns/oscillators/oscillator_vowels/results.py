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
    recognised : list of Recognised
        The coupled, tuned oscillators first.
    confusions : list of list of int
        Of these: test vowels by what was said (rows) and what was answered (columns); the last column is none.
    training_shares, training_shares_uncoupled : list of list of float
        Share right in training before and after each epoch, for each repeat.
    currents, frequencies : list of list of float
        Current densities in A/m2 after training, and their frequencies in Hz, for each repeat.
    half_width, linewidth : float
        In Hz: of locking to a signal, the mean over the currents, and of a free line.
    agreed : float
        Share of test vowels whose pattern a second record repeats.
    """

    recognised: list[Recognised]
    confusions: list[list[int]]
    training_shares: list[list[float]]
    training_shares_uncoupled: list[list[float]]
    currents: list[list[float]]
    frequencies: list[list[float]]
    half_width: float
    linewidth: float
    agreed: float

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        for each in self.recognised:
            low, high = each.ci95
            first, last = each.behind_ci95
            if each.name == "oscillators":
                no_gain = self.recognised[1].behind_ci95[0] <= 0
                beside = f"{'no gain over' if no_gain else 'more than'} a linear classifier"
                name, words = "vowels recognised", f"{beside}; measured by Romera et al.: {PUBLISHED:.0%}"
            elif first <= 0 <= last:
                name, words = each.words, "no difference from the oscillators beyond chance"
            else:
                side = "below" if each.behind > 0 else "above"
                name, words = each.words, f"{100 * abs(each.behind):.1f} points {side} the oscillators"
            yield Headline(value=f"{each.share:.1%}", name=name, detail=f"95 %: {low:.1%} to {high:.1%}; {words}")
