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
    differs : list of str
        Outcomes whose exact 95 % interval in the run does not hold the model's share.
    same : float or None
        Share of walls and pulses with the model's outcome; None with heat.
    new : int
        Walls at a reading that nobody wrote.
    inside : bool
        Whether the point is in a window.
    """

    name: str
    temperature: float
    outcomes: dict[str, int]
    ci95: tuple[float, float]
    predicted: float
    differs: list[str]
    same: float | None
    new: int
    inside: bool

    @property
    def agrees(self) -> bool:
        """Whether the run has the model's share of each outcome, without heat of each wall, and no new wall."""
        return not self.differs and not self.new and self.same in (None, 1.0)


class RegisterResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    limit : float
        Of the error.
    points, windows, checked : list
        The map, its windows, and runs.
    outside : int
        Points outside of what the wall was fitted to.
    bound : float or None
        Upper end of the exact 95 % interval of the error of all runs in windows together.
    """

    limit: float
    points: list[RegisterPoint]
    windows: list[Window]
    checked: list[CheckedPoint]
    outside: int = 0
    bound: float | None = None

    @property
    def counted(self) -> tuple[int, int]:
        """Errors, and walls and pulses, of all runs in windows."""
        inside = [each.outcomes for each in self.checked if each.inside]
        total = sum(sum(each.values()) for each in inside)
        return total - sum(each["shifted"] for each in inside), total

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        if self.verdict == "failed":
            yield Headline(value="–", name="window of currents", detail="withheld: the verdict is failed")
        else:
            yield from self._of_model()
        if self.checked:
            wrong, total = self.counted
            yield Headline(
                value=f"{sum(each.agrees for each in self.checked)} of {len(self.checked)}",
                name="micromagnetic runs agree",
                detail="none is in a window"
                if self.bound is None
                else f"in windows {wrong} of {total} shifts are wrong; 95 %: up to {self.bound:.2g}",
            )

    def _of_model(self) -> Iterator[Headline]:
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
