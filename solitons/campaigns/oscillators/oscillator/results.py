"""Results of an oscillator's campaign."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from scipy import constants

from solitons.campaigns.framework.results import FiniteOrNone, Headline, Parameter, Results, ResultsPart
from solitons.figures import number_label, value_label

__all__ = ["DrivenOscillator", "HeatedLine", "Line", "LockingCheck", "LockingPair", "OscillatorResults", "Slips"]


class DrivenOscillator(ResultsPart):
    """A run under a direct current, beside the model's prediction from its first power on.

    Parameters
    ----------
    run_id, role : str
        Which, and whether the fit saw it: "fitted", "held out", or why not ("lost", "not uniform", "no orbit").
    current : float
        In A/m2.
    oscillates : bool
        Whether it ends on an orbit.
    power, model_power : float or None
        p at the end.
    frequency, model_frequency, moment_frequency : float or None
        At the end in Hz: of the run, of the model, and of the layer as one moment with nothing fitted.
    rise, model_rise : float or None
        Time in s until half of the power at the end.
    nonlinearity : float or None
        nu, of the model.
    least_length : float or None
        Smallest length of the mean moment.
    ellipticity : float or None
        Part of the orbit at the end that turns backwards, over the other.
    """

    run_id: str
    role: str
    current: float
    oscillates: bool
    power: FiniteOrNone = None
    model_power: FiniteOrNone = None
    frequency: FiniteOrNone = None
    model_frequency: FiniteOrNone = None
    moment_frequency: FiniteOrNone = None
    rise: FiniteOrNone = None
    model_rise: FiniteOrNone = None
    nonlinearity: FiniteOrNone = None
    least_length: FiniteOrNone = None
    ellipticity: FiniteOrNone = None


class Line(ResultsPart):
    """Full width of a line in Hz with its interval of 95 %, and its shape; no width where it is not resolved."""

    width: FiniteOrNone
    lower: FiniteOrNone
    upper: FiniteOrNone
    shape: str


class HeatedLine(ResultsPart):
    """The line with heat at a current in A/m2: of an ensemble of the layer as one moment, and of micromagnetic runs.

    Beside them the widths in Hz of as large an ensemble of the model, and of the model's formula for weak noise.
    """

    current: float
    moment: Line
    run: Line | None = None
    model_width: FiniteOrNone
    formula_width: FiniteOrNone


class LockingCheck(ResultsPart):
    """A run with an injected signal near a border of locking, swept to or `switched_on` beside the free oscillator.

    `locks` is what the model says, `locked` what the run shows, with its `slips` and `beat` in Hz; None where the run
    could not be followed.
    """

    run_id: str
    side: Literal["low", "high"]
    frequency: float
    switched_on: bool = False
    locks: bool
    locked: bool | None
    slips: int | None
    beat: FiniteOrNone


class Slips(ResultsPart):
    """Slips with heat, and the time in s for which oscillators are watched, all together."""

    count: int
    watched: float

    @property
    def words(self) -> str:
        """How often, in words."""
        return f"{self.count} in {value_label(self.watched, 's', 3)}"

    def unlike(self, other: Slips, factor: float) -> bool:
        """Whether two rates differ by more than a factor, beyond the intervals of 95 % of both."""
        from analysis.statistics.counts import poisson_interval

        (low, high), (other_low, other_high) = (
            tuple(end / each.watched for end in poisson_interval(each.count)) for each in (self, other)
        )
        return bool(low > factor * other_high or other_low > factor * high)


class LockingPair(ResultsPart):
    """A direct current (A/m2) and an injected signal: what the model says it locks, and the runs that check it.

    Parameters
    ----------
    amplitude, unit : float, str
        Of the signal: a field in A/m or a current density in A/m^2.
    low, high, capture_low, capture_high : float or None
        Borders of release and of capture in Hz; None where the signal does not lock it.
    weak_half_width : float
        By the formula for a weak signal, in Hz.
    time_to_lock : float or None
        In s, in the middle of what is captured.
    slips, model_slips, free_slips : Slips or None
        With heat, in that middle: of the runs, of the model, and of the model without the signal.
    missing : str
        Why there is no range, or no run at a border.
    """

    current: float
    amplitude: float
    unit: Literal["A/m", "A/m^2"]
    own_frequency: FiniteOrNone
    weak_half_width: FiniteOrNone
    low: float | None
    high: float | None
    capture_low: FiniteOrNone = None
    capture_high: FiniteOrNone = None
    time_to_lock: FiniteOrNone
    slips: Slips | None = None
    model_slips: Slips | None = None
    free_slips: Slips | None = None
    missing: str = ""
    checks: list[LockingCheck]

    @property
    def signal(self) -> str:
        """The signal in words: a field in mT."""
        if self.unit == "A/m":
            return f"{1e3 * constants.mu_0 * self.amplitude:.3g} mT"
        return value_label(self.amplitude, self.unit, 3)

    @property
    def held(self) -> bool:
        """Whether heat leaves a lock: with the signal the model slips less than half as often, beyond chance."""
        model, free = self.model_slips, self.free_slips
        if model is None or free is None:
            return False
        return free.count / free.watched > 2 * model.count / model.watched and free.unlike(model, 1.0)

    @property
    def as_predicted(self) -> bool:
        """Whether all its checks show what the model says."""
        return all(each.locked == each.locks for each in self.checks)


class OscillatorResults(Results):
    """Everything that an oscillator's campaign found, in numbers.

    Parameters
    ----------
    parameters : list of Parameter
        Of the fitted oscillator, the threshold first.
    estimated_threshold : float or None
        Of the layer as one moment, with nothing fitted, in A/m2.
    driven : list of DrivenOscillator
        The runs of the sweep, by current.
    frequency_error, power_error : float or None
        Root mean square of relative errors at currents that the fit did not see.
    trivial_frequency_error, trivial_model : float or None, str
        The same of the better of two models that know no equation, and which.
    temperature : float or None
        Of heat, in K.
    lines : list of HeatedLine
    pairs : list of LockingPair
    margin : float or None
        How far from the borders they are checked, in half widths.
    """

    parameters: list[Parameter]
    estimated_threshold: float | None
    driven: list[DrivenOscillator]
    frequency_error: FiniteOrNone = None
    power_error: FiniteOrNone = None
    trivial_frequency_error: FiniteOrNone = None
    trivial_model: str = ""
    temperature: float | None = None
    lines: list[HeatedLine]
    pairs: list[LockingPair]
    margin: float | None = None

    @property
    def oscillating(self) -> list[DrivenOscillator]:
        """Runs that end on an orbit."""
        return [each for each in self.driven if each.oscillates]

    @property
    def unseen(self) -> list[DrivenOscillator]:
        """Runs on an orbit that the fit did not see."""
        return [each for each in self.oscillating if each.role == "held out"]

    @property
    def checked(self) -> list[LockingCheck]:
        """Runs that check the borders of locking."""
        return [each for pair in self.pairs for each in pair.checks]

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        found = self.oscillating
        if self.verdict == "failed":
            yield Headline(
                value=f"{len(found)} of {len(self.driven)}", name="currents that oscillate", detail="no model holds"
            )
            return
        detail = f"at {len(self.unseen)} of {len(found)} currents, unseen by the fit"
        if self.trivial_frequency_error is not None:
            detail += f"; {self.trivial_frequency_error:.2%} if {self.trivial_model}"
        yield Headline(value=number_label(self.frequency_error, ".2%"), name="frequency error", detail=detail)
        threshold = self.parameters[0]
        low, high = threshold.ci95 or (threshold.value, threshold.value)
        yield Headline(
            value=value_label(threshold.value, "A/m^2", 3),
            name="threshold",
            detail=f"95 %: {value_label(low, 'A/m^2', 4)} to {value_label(high, 'A/m^2', 4)}",
        )
        ends = sorted(each.frequency for each in found if each.frequency is not None)
        first, last = (value_label(each.current, "A/m^2", 3) for each in (found[0], found[-1]))
        yield Headline(
            value=f"{ends[0] * 1e-9:.2f} to {ends[-1] * 1e-9:.2f} GHz",
            name="frequency",
            detail=f"tuned by {first} to {last}",
        )
        if self.lines:
            seen = [(each.run or each.moment, each) for each in self.lines]
            line, row = min(seen, key=lambda pair: math.inf if pair[0].width is None else pair[0].width)
            yield Headline(
                value="–" if line.width is None else value_label(line.width, "Hz", 3),
                name="narrowest line",
                detail=f"{line.shape}, at {self.temperature:g} K, {'micromagnetics' if row.run else 'as one moment'}; "
                f"by the model {'–' if row.model_width is None else value_label(row.model_width, 'Hz', 3)}",
            )
        if self.checked:
            right = sum(each.locked == each.locks for each in self.checked)
            yield Headline(
                value=f"{right} of {len(self.checked)}",
                name="locking as predicted",
                detail=f"{self.margin:.0%} of the half width inside and outside the borders"
                + (", and about those of capture" if any(each.switched_on for each in self.checked) else ""),
            )
