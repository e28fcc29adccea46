"""Results of a shift register of walls."""

from __future__ import annotations

from collections.abc import Iterator

from solitons.campaigns.framework.results import Headline, Results, ResultsPart
from solitons.figures import value_label

__all__ = ["CheckedPoint", "RegisterPoint", "RegisterResults", "Window"]


class RegisterPoint(ResultsPart):
    """What pulses of one shape do at one temperature, by the model.

    Parameters
    ----------
    amplitude, width, temperature : float
        In A/m2, s and K.
    outcomes : dict
        Walls and pulses counted by what happened: "shifted", "held", "twice", "back", "lost".
    error, ci95 : float, (float, float)
        Share that was not shifted by one well, a bit and a shift, with Wilson's interval.
    words_wrong : float
        Share of the words that are wrong after all shifts.
    """

    amplitude: float
    width: float
    temperature: float
    outcomes: dict[str, int]
    error: float
    ci95: tuple[float, float]
    words_wrong: float


class Window(ResultsPart):
    """Currents from `low` to `high` in A/m2 at which the error stays below the limit; None if there are none."""

    width: float
    temperature: float
    low: float | None
    high: float | None


class CheckedPoint(ResultsPart):
    """A micromagnetic run beside the model.

    Parameters
    ----------
    name : str
        As in the run's role.
    temperature : float
        In K.
    outcomes : dict
        As in `RegisterPoint`, in the run.
    ci95 : (float, float)
        Exact interval of the run's error.
    predicted : float
        The model's error for the same word and pulses.
    same : float
        Share of walls and pulses with the model's outcome; at a temperature that of one row of the model.
    inside : bool
        Whether the point is in a window.
    """

    name: str
    temperature: float
    outcomes: dict[str, int]
    ci95: tuple[float, float]
    predicted: float
    same: float
    inside: bool

    @property
    def agrees(self) -> bool:
        """Whether the run's interval holds the model's error."""
        return self.ci95[0] <= self.predicted <= self.ci95[1]


class RegisterResults(Results):
    """Everything that such a campaign found."""

    limit: float
    points: list[RegisterPoint]
    windows: list[Window]
    checked: list[CheckedPoint]

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        hottest = max(each.temperature for each in self.windows)
        for each in self.windows:
            if each.temperature == hottest:
                ends = [None if end is None else f"{end / 1e12:.3g}" for end in (each.low, each.high)]
                yield Headline(
                    value="none" if None in ends else f"{' to '.join(dict.fromkeys(map(str, ends)))} × 10¹² A/m²",
                    name=f"window at {hottest:g} K, pulses of {value_label(each.width, 's', 3)}",
                    detail=f"error below {self.limit:.2g} a bit and a shift",
                )
        best = min((each for each in self.points if each.temperature == hottest), key=lambda each: each.ci95[1])
        yield Headline(
            value=f"{best.error:.2g}",
            name=f"least error at {hottest:g} K",
            detail=f"a bit and a shift; 95 %: {best.ci95[0]:.2g} to {best.ci95[1]:.2g}, "
            f"at {value_label(best.amplitude, 'A/m^2', 3)}",
        )
        if self.checked:
            yield Headline(
                value=f"{sum(each.agrees for each in self.checked)} of {len(self.checked)}",
                name="micromagnetic runs agree",
                detail="their error's 95 % interval holds the model's",
            )
