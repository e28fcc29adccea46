"""Results of a campaign on a fitted skyrmion."""

from __future__ import annotations

from pydantic import Field

from solitons.campaigns.framework.results import FiniteOrNone, Headline, Parameter, Results
from solitons.figures import value_label

__all__ = ["FittedSkyrmionResults", "short_length"]


class FittedSkyrmionResults(Results):
    """Numbers of a skyrmion that was fitted.

    Parameters
    ----------
    held_out : list of str
        The runs that the fit did not see, besides those in which a skyrmion leaves.
    charge, dissipation : float
        Q and D_xx of its texture, on its own grid.
    width : float
        Width of the track in m.
    position_error, training_error : float or None
        Mean distance of the model from the positions in held-out and in fitted runs, over the track's width.
    rms, trivial_rms : float or None
        Root mean square distance in m in held-out runs: the model's, and the best trivial one's.
    trivial_model : str
        Assumption of the trivial model.
    parameters : list of Parameter
        The fitted ones.
    starts : dict of str to float
        Value of each from texture, material and velocities before the fit.
    withheld : dict of str to str
        Requested results that are not given, and why.
    """

    held_out: list[str]
    charge: float
    dissipation: float
    width: float
    position_error: FiniteOrNone
    training_error: FiniteOrNone
    rms: float | None
    trivial_rms: float | None
    trivial_model: str
    parameters: list[Parameter]
    starts: dict[str, float]
    withheld: dict[str, str] = Field(default_factory=dict)

    @property
    def unseen_in_words(self) -> str:
        """Over which runs errors are a mean."""
        return f"mean over {len(self.held_out)} held-out run{'s' * (len(self.held_out) != 1)}"

    def withheld_headline(self, name: str, what: str) -> Headline:
        """A tile for what is not given, with why in a few words; the report has all of them."""
        why = self.withheld[what].split(" (")[0]
        return Headline(value="–", name=name, detail=f"withheld: {why}" if len(why.split()) < 19 else "withheld")


def short_length(length: float) -> str:
    """A length with two digits and its unit."""
    return value_label(length, "m", digits=2)
