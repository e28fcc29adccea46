"""Results of a gate's campaign beyond those for a netlist; heats are in units of k T."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from solitons.campaigns.framework.results import Headline, Parameter, ResultsPart
from solitons.campaigns.magnet_logic.logic_results import LogicResults, LogicRow
from solitons.campaigns.magnet_logic.loop_results import HeatPoint, LoopHeat
from solitons.figures import number_label, value_label

__all__ = ["HeldOutResult", "MajorityResults", "MajorityRow"]


class MajorityRow(LogicRow):
    """A row of the gate's truth table; `model` is by the fitted macrospins.

    Parameters
    ----------
    centre : float
        Mean m of the centre along its axis at 0 K, in micromagnetics.
    tolerated_bias : float
        Largest uniform field along the axes in A/m, of either sign, with which the fitted macrospins still give the
        expected value at 0 K; 0 where they do not without one.
    """

    centre: float
    tolerated_bias: float


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


class MajorityResults(LogicResults[MajorityRow]):
    """Everything that such a campaign found; nothing with heat where a row is wrong at 0 K.

    Parameters
    ----------
    barrier, anisotropy_field, response_time
        As in `LogicResults`; of the centre, fitted.
    factors : list of Parameter
        On anisotropy and couplings, fitted to pairs.
    residual, unfitted_residual, uncoupled_residual : float
        Torque that they leave, over the anisotropy field.
    left_out_residuals : (float, float)
        With the factors and without couplings, in runs that the fit did not see.
    shortest : float
        Smallest |mean m| of a free magnet at 0 K, at rest in all runs.
    held_out : list of HeldOutResult
    rotation_p_value : float or None
        P-value of equal error rates of rows that half a turn maps onto each other.
    cycles : list of LoopHeat
        Clock first, then inputs first; none where no heat was asked for.
    damping_p_value : float or None
        P-value of the differences between work and damping term in all cycles.
    """

    factors: list[Parameter]
    residual: float
    unfitted_residual: float
    uncoupled_residual: float
    left_out_residuals: tuple[float, float]
    shortest: float
    held_out: list[HeldOutResult]
    rotation_p_value: float | None = None
    cycles: list[LoopHeat] = Field(default_factory=list)
    damping_p_value: float | None = None

    @property
    def held_gates(self) -> list[tuple[str, list[MajorityRow]]]:
        """The gates that it is with the input a held: their names and rows."""
        return [(name, [each for each in self.rows if each.row[0] == held]) for name, held in (("AND", -1), ("OR", 1))]

    @property
    def points(self) -> list[HeatPoint]:
        """Points of both cycles."""
        return [point for each in self.cycles for point in each.points]

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        yield from super().headlines()
        if self.verdict == "failed" or not self.cycles:
            return
        clock_first, inputs_first = self.cycles
        slowest = clock_first.points[-1]
        ramps = f"ramps of {value_label(slowest.ramp_time, 's')}"
        others = f"inputs first {inputs_first.points[-1].heat:.0f} kT with {ramps}"
        if not clock_first.on_a_line:
            name = f"heat of a cycle, clock first, {ramps}"
            yield Headline(value=f"{slowest.heat:.1f} kT", name=name, detail=f"its limit is not known; {others}")
        else:
            low, high = (number_label(each, ".2f") for each in clock_first.ci95)
            yield Headline(
                value=f"{number_label(clock_first.limit, '.2f')} kT",
                name="heat of a cycle, clock first, slow limit",
                detail=f"95 %: {low} to {high}; {others}",
            )
