"""Results of a campaign on the timing of spikes."""

from __future__ import annotations

from collections.abc import Iterator

from solitons.campaigns.framework.results import FiniteOrNone, Headline, Results, ResultsPart

__all__ = ["HotPair", "Learned", "SentPair", "WallTimingResults", "Window"]


class SentPair(ResultsPart):
    """What one pair, or one spike alone, did in micromagnetics and in the model, both at 0 K.

    Parameters
    ----------
    shape : str
        As in the run's role.
    difference : float
        Time in s between the spikes.
    start : float
        Place of the wall before, in m.
    steps, model_steps : int or None
        By how many wells it went towards the higher conductance; None where it left the stripe.
    change, model_change : float or None
        Change of the conductance in S.
    """

    shape: str
    difference: float
    start: float
    steps: int | None
    model_steps: int | None
    change: FiniteOrNone
    model_change: FiniteOrNone

    @property
    def agrees(self) -> bool:
        """Whether both have the same sign, or both none."""
        ours, its = self.model_steps, self.steps
        return ours is not None and its is not None and (ours > 0) - (ours < 0) == (its > 0) - (its < 0)


class Window(ResultsPart):
    """A learning window: the model beside micromagnetics.

    Parameters
    ----------
    shape : str
        "antisymmetric" or "symmetric".
    error : float or None
        Root mean square over pairs of the difference of the changes of conductance, over the range; None if a wall
        left.
    agreement : float
        Share of the pairs for which both have one sign.
    raises, lowers : float
        Largest rise and fall in wells in micromagnetics, both 0 or above.
    """

    shape: str
    error: FiniteOrNone
    agreement: float
    raises: float
    lowers: float


class HotPair(ResultsPart):
    """What heat makes of a pair, by the model: chance to raise and to lower the conductance, mean over inner wells."""

    difference: float
    raised: float
    lowered: float

    @property
    def mean(self) -> float:
        """Mean steps, if each is one well."""
        return self.raised - self.lowered


class Learned(ResultsPart):
    """Digits that layers of one kind name right.

    Parameters
    ----------
    name : str
        Which kind.
    share, ci95 : float, (float, float)
        Mean over layers, and the wider of the exact interval of one test set and Student's over layers.
    behind, behind_ci95 : float, (float, float)
        By how much it is behind walls, layer by layer: mean, and Student's interval.
    """

    name: str
    share: float
    ci95: tuple[float, float]
    behind: float
    behind_ci95: tuple[float, float]


class WallTimingResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    wells : int
        Wells of the synapse: its levels.
    margin : float
        How much larger a spike may be until it moves the wall alone, by the model at 0 K; 2 stands for 2 or more.
    disturbed : (float, (float, float)) or None
        Chance that a spike alone moves the wall with heat, with its exact 95 % interval; None at 0 K.
    pairs : list of SentPair
        All that was sent in runs.
    windows : list of Window
        The antisymmetric one first.
    hot : list of HotPair
        The antisymmetric window with heat.
    learned : list of Learned
        Walls, the same untrained, junctions, the same untrained, and a linear classifier; empty without a layer.
    disturbances : float or None
        Moves of a wall by spikes alone, for each move by a pair of its own, while the layer learns, at most (95 %).
    """

    wells: int
    margin: float
    disturbed: tuple[float, tuple[float, float]] | None
    pairs: list[SentPair]
    windows: list[Window]
    hot: list[HotPair]
    learned: list[Learned]
    disturbances: float | None = None

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        first = self.windows[0]
        sent = [each for each in self.pairs if each.shape == first.shape]
        yield Headline(
            value=f"{round(first.agreement * len(sent))} of {len(sent)}",
            name="signs of the window agree with micromagnetics",
            detail="changes of conductance off by "
            + ("an unknown share: a wall left" if first.error is None else f"{first.error:.2g} of the range, rms"),
        )
        yield Headline(
            value=f"{self.margin:.2f}" if self.margin < 2 else "2 or more",
            name="margin of a spike alone",
            detail=""
            if self.disturbed is None
            else f"with heat it moves the wall with the chance {self.disturbed[0]:.2g}",
        )
        for each in self.learned[:3:2]:
            low, high = each.ci95
            yield Headline(
                value=f"{each.share:.1%}", name=f"digits, {each.name}", detail=f"95 %: {low:.1%} to {high:.1%}"
            )
