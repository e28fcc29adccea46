"""Results of a switching campaign."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field

from analysis.statistics.counts import poisson_interval
from solitons.campaigns.energy.run_energy import READ
from solitons.campaigns.framework.results import FiniteOrNone, Headline, Parameter, Results, ResultsPart
from solitons.devices.places import Place
from solitons.energy import EnergyLedger
from solitons.energy.ledger import quantity_label
from solitons.figures import long_time, number_label, power_label, value_label

__all__ = [
    "COHERENT",
    "HOLDS",
    "ExponentResult",
    "MacrospinResult",
    "MtjSwitchingResults",
    "OtherResult",
    "PulseResult",
    "SwitchingPoint",
    "UnlikeResult",
    "WayResult",
    "WriteErrorCurve",
]

COHERENT = 0.8
"""Share of the length in a state that is left on the way: below, parts of the layer point against each other."""
HOLDS = 0.2
"""Closed form of write errors over the exact ones, less 1: up to this it holds."""


class SwitchingPoint(ResultsPart):
    """Count at one current and width, and its prediction.

    Parameters
    ----------
    current, width : float
        In A/m2 and s.
    members, switched : int
        Counted.
    low, high : float
        Exact 95 % interval of the probability.
    use : {"fitted", "longer", "held out"}
        Whether the fit sees it; "longer" is a fitted current at a width that it does not see.
    model : float or None
        By the fitted rates; None where the fit failed.
    warm, cold : float
        By the pillar as one moment with nothing fitted, with the length that heat leaves it, and with all of it.
    """

    current: float
    width: float
    members: int
    switched: int
    low: float
    high: float
    use: Literal["fitted", "longer", "held out"]
    model: FiniteOrNone
    warm: float
    cold: float

    @property
    def probability(self) -> float:
        """Counted."""
        return self.switched / self.members


class MacrospinResult(ResultsPart):
    """The pillar as one moment, with nothing fitted to how it switches.

    Parameters
    ----------
    stability, critical_current : float
        Barrier over k T, and critical current density in A/m2, by the closed forms of the cells.
    length : float
        Length of the mean magnetisation with heat over Ms, from the runs.
    warm_stability, warm_critical_current : float
        With that length.
    ratio, ratio_ci95 : float, (float, float)
        Switches that were counted over those that the warm moment predicts of the same members in the same intervals.
    cold_ratio : float
        The same of the moment with its whole length.
    coherence : float or None
        Length of the mean magnetisation while a member reverses, over that in a state; None if no frame shows one.
    method : str
        How its probabilities were worked out.
    """

    stability: float
    critical_current: float
    length: float
    warm_stability: float
    warm_critical_current: float
    ratio: FiniteOrNone
    ratio_ci95: tuple[FiniteOrNone, FiniteOrNone]
    cold_ratio: FiniteOrNone
    coherence: FiniteOrNone
    method: str

    @property
    def coherent(self) -> bool:
        """Whether a member turns as a whole, as far as frames show it."""
        return self.coherence is None or self.coherence >= COHERENT


class ExponentResult(ResultsPart):
    """The n of a barrier that falls as (1 - i)^n.

    Parameters
    ----------
    used : float
        By the fitted rates.
    source : str
        Source of the exponent.
    best : float or None
        Most likely value, at the fit's critical current; None if that is fitted too.
    ci95 : (float or None, float or None)
        Interval that the counts allow, from the profile of the likelihood; None at an open end.
    loss : float or None
        Log-likelihood of the best over the used one.
    """

    used: float
    source: str
    best: float | None
    ci95: tuple[float | None, float | None]
    loss: float | None

    @property
    def statement(self) -> str:
        """The exponent that is used, and the counts' estimate."""
        said = f"The barrier is taken to fall as (1 − i)^{self.used:.3g}, {self.source}."
        if self.best is None:
            return said
        low, high = self.ci95
        if low is None and high is None:
            return f"{said} The counts alone do not determine the exponent."
        ends = f"{'at most' if low is None else 'at least'} {low if high is None else high:.2g}"
        ends = ends if low is None or high is None else f"{low:.2g} to {high:.2g}"
        return f"{said} The counts alone like {self.best:.2g} best, and allow {ends} (95 %)."


class PulseResult(ResultsPart):
    """A pulse with edges and a rest after it, beside what is counted under the current.

    Parameters
    ----------
    current, width : float
        In A/m2 and s.
    members, switched, undecided : int
        After the rest; undecided are those that are in neither state then.
    low, high : float
        Exact 95 % interval of the probability.
    under_current : float
        Probability that was counted under the constant current at that width.
    chance : float
        Probability of so unlike counts if both are of one probability (Fisher's exact test).
    """

    current: float
    width: float
    members: int
    switched: int
    undecided: int
    low: float
    high: float
    under_current: float
    chance: float


class OverExpected(ResultsPart):
    """Switches that were counted beside those that are expected.

    Parameters
    ----------
    switches : int
    expected : float
    ratio, ratio_ci95 : float, (float, float)
        Counted over expected, with Garwood's interval of the count.
    """

    switches: int
    expected: float
    ratio: float
    ratio_ci95: tuple[float, float]

    @classmethod
    def of(cls, switches: int, expected: float, **more: float) -> Self:
        """Results of a count and its expectation; `more` are a subclass's own fields."""
        low, high = poisson_interval(switches)
        ratios = {"ratio": switches / expected, "ratio_ci95": (low / expected, high / expected)}
        return cls.model_validate({"switches": switches, "expected": expected} | ratios | more)

    @property
    def interval(self) -> str:
        """The ratio with its interval."""
        return f"{self.ratio:.2f} [{self.ratio_ci95[0]:.2f}, {self.ratio_ci95[1]:.2f}]"


class WayResult(OverExpected):
    """How often the layer left one of its states, beside what the rates that were fitted to both expect.

    Parameters
    ----------
    upwards : bool
        Whether into the state along the polariser.
    """

    upwards: bool


class OtherResult(OverExpected):
    """A junction with another anisotropy, beside what the rates expect that are scaled to it.

    Switches are counted from `MtjSwitchingResults.shortest` on.

    Parameters
    ----------
    deviation : float
        In standard deviations from the mean one.
    anisotropy, current : float
        Ku in J/m3, and in A/m2.
    unscaled : float
        Expected by the mean junction's rates.
    """

    deviation: float
    anisotropy: float
    current: float
    unscaled: float


class UnlikeResult(ResultsPart):
    """How junctions of one drawing differ.

    Parameters
    ----------
    stability, critical_current, conductance : float
        Relative standard deviations.
    others : list of OtherResult
        Junctions that were run to check it.
    """

    stability: float
    critical_current: float
    conductance: float
    others: list[OtherResult] = Field(default_factory=list)


class WriteErrorCurve(ResultsPart):
    """How often a pulse above the critical current fails to write, by the warm moment.

    Parameters
    ----------
    overdrive, current : float
        Current over the critical one, and in A/m2.
    widths, exact, closed_form : list of float
        Widths in s, and errors: by the Fokker-Planck equation (none of a layer that is not axial), and in closed form.
    sampled : list of (float, float, float, float)
        Width, error and the ends of its 95 % interval, from steered ensembles.
    width_for_lowest : float or None
        Width in s at which the smallest error that was asked for is reached.
    closed_form_ratio : float or None
        Closed form over exact error there.
    """

    overdrive: float
    current: float
    widths: list[float]
    exact: list[float]
    closed_form: list[float]
    sampled: list[tuple[float, float, float, float]]
    width_for_lowest: FiniteOrNone
    closed_form_ratio: FiniteOrNone

    @property
    def closed_form_holds(self) -> list[float]:
        """Widths at which the closed form is near the exact error."""
        known = zip(self.widths, self.closed_form, self.exact, strict=False)
        return [width for width, closed, exact in known if abs(closed / exact - 1) <= HOLDS]


class MtjSwitchingResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    parameters : list of Parameter
        Parameters of the fitted rates; empty if the fit failed.
    exponent : ExponentResult or None
        How the barrier falls with the current; None where the fit failed.
    goodness : float
        Probability that data of the fitted rates themselves would fit worse.
    held_out_error, chance_error, trivial_error : float
        Root mean square of counted less predicted probabilities that the fit did not see; what chance alone makes
        of it; and what the mean of the fitted currents at the same width gets wrong.
    switches : int
        Members that switched in what was fitted.
    points : list of SwitchingPoint
    ways : list of WayResult
        Out of the lower and out of the upper state; empty where one way was counted.
    shortest : float or None
        Width in s from which on the rates hold; None where they hold at no width that was counted, or nothing is
        fitted.
    places : list of Place
        The two states without current, antiparallel first, with how long each lasts; empty if the fit failed.
    unlike : UnlikeResult or None
        How junctions differ; None where that was not asked for.
    macrospin : MacrospinResult
    pulse : PulseResult or None
    write_errors : list of WriteErrorCurve
        Empty where none were asked for, or the moment does not describe the layer.
    lowest : float or None
        Smallest write error that was asked for.
    withheld : dict of str to str
        Results of a model that may not be used, and why.
    energy : EnergyLedger
        Energy of pulses and a reading; without rows if the fit failed.
    """

    parameters: list[Parameter]
    exponent: ExponentResult | None
    goodness: FiniteOrNone
    held_out_error: FiniteOrNone
    chance_error: float
    trivial_error: float
    switches: int
    points: list[SwitchingPoint]
    ways: list[WayResult] = Field(default_factory=list)
    shortest: float | None = None
    places: list[Place] = Field(default_factory=list)
    unlike: UnlikeResult | None = None
    macrospin: MacrospinResult
    pulse: PulseResult | None
    write_errors: list[WriteErrorCurve]
    lowest: float | None
    withheld: dict[str, str] = Field(default_factory=dict)
    energy: EnergyLedger = EnergyLedger()

    @property
    def both_signs(self) -> bool:
        """Whether the current flowed either way."""
        return any(point.current < 0 for point in self.points)

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        yield self._error()
        yield from self._barrier()
        yield self._moment()
        if "write errors" in self.withheld:
            yield Headline(value="–", name="write errors", detail=f"withheld: {self.withheld['write errors']}")
        elif self.write_errors and self.lowest is not None:
            curve = self.write_errors[-1]
            yield Headline(
                value="–" if curve.width_for_lowest is None else value_label(curve.width_for_lowest, "s", digits=3),
                name=f"pulse for a write error of {power_label(self.lowest)}",
                detail=f"at {curve.overdrive:g} times the critical current, by the layer as one moment",
            )
        pulses = [each for each in self.energy.operations if each[1].startswith("pulse")]
        if pulses:
            # As it was counted: pulses that hardly ever fail take voltages that few barriers bear.
            name, operation = pulses[0]
            yield Headline(
                value=quantity_label(self.energy.joule(name, operation, "device"), "J"),
                name="energy of a write pulse in the junction",
                detail=f"{operation}; a reading {quantity_label(self.energy.joule(name, READ), 'J')}",
            )

    def _error(self) -> Headline:
        name = "switching probability error"
        if self.held_out_error is None or "rates" in self.withheld:
            detail = f"withheld: {self.withheld.get('rates', 'nothing was held out')}"
            return Headline(value="–", name=name, detail=detail)
        detail = (
            f"root mean square of what the fit did not see; chance alone {100 * self.chance_error:.1f} %, without a "
            f"model {100 * self.trivial_error:.1f} %"
        )
        return Headline(value=f"{100 * self.held_out_error:.1f} %", name=name, detail=detail)

    def _barrier(self) -> Iterator[Headline]:
        fitted = next((each for each in self.parameters if each.name == "stability"), None)
        if fitted is None:
            return
        low, high = fitted.ci95 or (math.nan, math.nan)
        form = ".2f" if high - low <= 0.5 else ".1f"
        known = f"95 %: {number_label(low, form)} to {number_label(high, form)}"
        detail = f"{known if fitted.ci95 else 'no interval holds, since the counts reject the model'}; as one "
        detail += f"moment {self.macrospin.warm_stability:.1f} warm, {self.macrospin.stability:.1f} cold"
        lasts = [each.lasts for each in self.places if each.lasts is not None]
        detail += f"; a state lasts {long_time(min(lasts))} without current" if lasts else ""
        yield Headline(value=f"{fitted.value:{form}} k T", name="fitted barrier", detail=detail)

    def _moment(self) -> Headline:
        one, name = self.macrospin, "switches over those of one moment"
        if one.ratio is None:
            return Headline(value="–", name=name, detail="no member switched")
        low, high = one.ratio_ci95
        detail = f"95 %: {low:.2g} to {high:.2g}, with nothing fitted"
        detail += "" if one.cold_ratio is None else f"; {one.cold_ratio:.3g} without the spin waves of heat"
        return Headline(value=f"{one.ratio:.2f}", name=name, detail=detail)
