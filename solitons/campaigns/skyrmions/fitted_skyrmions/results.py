"""What a campaign found of a skyrmion that was fitted, in numbers."""

from __future__ import annotations

from pydantic import Field

from solitons.campaigns.framework.results import FiniteOrNone, Headline, Parameter, Results
from solitons.figures import number_label, value_label

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
        Of the track in m.
    position_error, training_error : float or None
        Mean distance of the model from the positions in held-out and in fitted runs, over the track's width.
    rms, trivial_rms : float or None
        Root mean square distance in m in held-out runs: the model's, and the best trivial one's.
    trivial_model : str
        What that one takes for true.
    parameters : list of Parameter
        The fitted ones.
    starts : dict of str to float
        What texture, material and velocities gave of each before the fit.
    withheld : dict of str to str
        What is not given though it was asked for, and why.
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
        runs = "the run that was" if len(self.held_out) == 1 else f"{len(self.held_out)} runs that were"
        return f"mean over {runs} held out"

    def position_headline(self) -> Headline:
        """The error of positions beside the best trivial model's."""
        beside = ""
        if self.rms is not None and self.trivial_rms is not None:
            beside = f"; {short_length(self.rms)} rms, and {short_length(self.trivial_rms)} if {self.trivial_model}"
        return Headline(
            value=number_label(self.position_error, ".2%"),
            name="position error",
            detail=f"of the track's width of {short_length(self.width)}, {self.unseen_in_words}{beside}"
            if self.position_error is not None
            else "no run that was held out keeps its skyrmions",
        )


def short_length(length: float) -> str:
    """A length with two digits and its unit."""
    return value_label(length, "m", digits=2)
