"""What the campaign of a gate found, in numbers; heats are in units of k T."""

from __future__ import annotations

from solitons.campaigns.framework.results import Headline, Parameter, ResultsPart
from solitons.campaigns.magnet_logic.logic_results import AbstractLogicResults, AbstractLogicRow, row_label, withheld
from solitons.campaigns.magnet_logic.nml_majority.settings import Row
from solitons.campaigns.magnet_logic.wrong_trials import WrongTrials
from solitons.figures import number_label, value_label

__all__ = ["CyclePoint", "CycleResult", "EnsembleResult", "HeldOutResult", "MajorityResults", "RowResult"]


OFF_THE_LINE = 1e-2
"""Probability of the scatter about a line below which there is no limit."""


class RowResult(AbstractLogicRow):
    """One row of the truth table.

    Parameters
    ----------
    row : (int, int, int)
        Inputs a, b and c.
    expected : int
        Of the output: the inverse of the majority of a, not b and c.
    projection, centre : float
        Mean m of output and centre along their axes at 0 K, in micromagnetics.
    value : int
        Of the output there: 1, -1, or 0 undecided.
    model_value : int
        The same, predicted by the fitted macrospins.
    tolerated_bias : float
        Largest uniform field along the axes in A/m, of either sign, with which the fitted macrospins still give the
        expected value at 0 K; 0 where they do not without one.
    thermal : WrongTrials
        Of the fitted macrospins with heat.
    """

    row: Row
    expected: int
    projection: float
    centre: float
    value: int
    model_value: int
    tolerated_bias: float
    thermal: WrongTrials

    @property
    def right(self) -> bool:
        """Whether the output is right at 0 K, in micromagnetics."""
        return self.value == self.expected

    @property
    def margin(self) -> float:
        """Projection of the output on its expected value, below 0 where the row is wrong."""
        return self.projection * self.expected


class HeldOutResult(ResultsPart):
    """An array that was predicted, from its first state alone.

    Parameters
    ----------
    name : str
    fitted, unfitted, uncoupled : float
        Root mean square angle in rad between predicted and simulated directions: with the fitted factors, without
        any, and with magnets that do not feel each other.
    right : bool
        Whether all magnets end in the states that were simulated, with the fitted factors.
    """

    name: str
    fitted: float
    unfitted: float
    uncoupled: float
    right: bool


class ModelLikelihood(ResultsPart):
    """A model's error rate beside what was counted in micromagnetics.

    Parameters
    ----------
    name : str
        Which macrospins.
    thermal : WrongTrials
        Theirs in the same row and clock.
    loss : float
        By how much the counts' log-likelihood is below the best rate's.
    p_value : float
        Probability of so unlike counts if both have one rate (Fisher's exact test).
    difference : (float, float, float)
        Micromagnetic less model rate, with the ends of an interval that holds at least 90 %.
    """

    name: str
    thermal: WrongTrials
    loss: float
    p_value: float
    difference: tuple[float, float, float]


class EnsembleResult(ResultsPart):
    """One row in micromagnetics with heat.

    Parameters
    ----------
    row : (int, int, int)
    thermal : WrongTrials
    length : float
        Mean |mean m| of a free magnet after heat and before the clock falls: spin waves shorten it.
    models : list of ModelLikelihood
        The fitted macrospins first.
    engine_seconds, model_seconds : float
        Wall time of one run and of one trajectory, each on this machine as it was.
    """

    row: Row
    thermal: WrongTrials
    length: float
    models: list[ModelLikelihood]
    engine_seconds: float
    model_seconds: float


class CyclePoint(ResultsPart):
    """A cycle with ramps of one time.

    Parameters
    ----------
    ramp_time : float
        Of each ramp in s.
    members : int
    heat, heat_error : float
        Mean work of all fields around the loop, and its standard error.
    damping_heat, damping_error : float
        As of `MeanHeat`.
    failed : int
        Members whose output was wrong or undecided at a reading.
    """

    ramp_time: float
    members: int
    heat: float
    heat_error: float
    damping_heat: float
    damping_error: float
    failed: int


class CycleResult(ResultsPart):
    """An order of the fields.

    Parameters
    ----------
    name : str
    points : list of CyclePoint
        By ramp time.
    fastest_fitted : float
        Fastest of the ramp times that the line is through, in s.
    limit, slope : float
        Of Q = Q_inf + c / tau, in k T and k T s.
    ci95 : (float, float)
        Interval of the limit.
    p_value : float
        Of the line.
    """

    name: str
    points: list[CyclePoint]
    fastest_fitted: float
    limit: float
    ci95: tuple[float, float]
    slope: float
    p_value: float

    @property
    def fitted(self) -> list[CyclePoint]:
        """Points that the line is through."""
        return [each for each in self.points if each.ramp_time >= self.fastest_fitted]

    @property
    def on_a_line(self) -> bool:
        """Whether the heats lie on Q = Q_inf + c / tau, so that there is a limit to read off."""
        return self.p_value >= OFF_THE_LINE


class MajorityResults(AbstractLogicResults[RowResult]):
    """Everything that such a campaign found.

    Parameters
    ----------
    temperature, barrier, anisotropy_field, rows
        As in `AbstractLogicResults`; of the centre, fitted.
    relaxation_time : float
        In s.
    factors : list of Parameter
        On anisotropy and couplings, fitted to pairs.
    residual, unfitted_residual, uncoupled_residual : float
        Torque that they leave, over the anisotropy field.
    left_out_residuals : (float, float)
        With the factors and without couplings, in runs that the fit did not see.
    shortest : float
        Smallest |mean m| of a free magnet at 0 K, at rest in all runs.
    held_out : list of HeldOutResult
    rotation_p_value : float
        Of rows that half a turn makes one another having one error rate each.
    ensemble : EnsembleResult or None
    cycles : list of CycleResult
        Clock first, then inputs first; none where no heat was asked for.
    damping_p_value : float or None
        Of differences between work and damping term as large as in all cycles.
    """

    relaxation_time: float
    factors: list[Parameter]
    residual: float
    unfitted_residual: float
    uncoupled_residual: float
    left_out_residuals: tuple[float, float]
    shortest: float
    held_out: list[HeldOutResult]
    rotation_p_value: float
    ensemble: EnsembleResult | None
    cycles: list[CycleResult]
    damping_p_value: float | None

    def headlines(self) -> list[Headline]:
        """The numbers that a reader sees first."""
        right = sum(each.right for each in self.rows)
        bias = min(each.tolerated_bias for each in self.rows)
        found = [
            Headline(
                value=f"{right} of {len(self.rows)} rows",
                name="right at 0 K, in micromagnetics",
                detail="" if self.verdict == "failed" else f"smallest tolerated bias {value_label(bias, 'A/m', 2)}",
            )
        ]
        if self.verdict == "failed":
            return [*found, withheld("error rates and heat")]
        worst = self.worst
        assert worst is not None
        found.append(self._worst_headline(worst, worst.thermal, 2))
        if self.ensemble is not None:
            seen, model = self.ensemble.thermal, self.ensemble.models[0]
            found.append(
                Headline(
                    value=number_label(seen.rate, ".1%"),
                    name=f"wrong in micromagnetics, row {row_label(self.ensemble.row)}",
                    detail=f"{seen.errors} of {seen.trials}; 95 %: {seen.low:.1%} to {seen.high:.1%}; macrospins "
                    f"{model.thermal.rate:.1%}, p = {model.p_value:.2g}",
                )
            )
        if self.cycles:
            found.append(self._heat(*self.cycles))
        return found

    def _heat(self, clock_first: CycleResult, inputs_first: CycleResult) -> Headline:
        slowest = clock_first.points[-1]
        others = (
            f"inputs first {inputs_first.points[-1].heat:.0f} kT with ramps of {value_label(slowest.ramp_time, 's')}"
        )
        if not clock_first.on_a_line:
            name = f"heat of a cycle, clock first, ramps of {value_label(slowest.ramp_time, 's')}"
            return Headline(value=f"{slowest.heat:.1f} kT", name=name, detail=f"its limit is not known; {others}")
        low, high = (number_label(each, ".2f") for each in clock_first.ci95)
        return Headline(
            value=f"{number_label(clock_first.limit, '.2f')} kT",
            name="heat of a cycle, clock first, slow limit",
            detail=f"95 %: {low} to {high}; {others}",
        )
