"""What a stripe's campaign found, in numbers."""

from __future__ import annotations

from pydantic import Field

from solitons.campaigns.results import FiniteOrNone, Headline, Parameter, Results
from solitons.figures import number_label
from solitons.networks.digits import DigitsResult

__all__ = ["SynapseResults"]


class SynapseResults(Results):
    """Everything that a stripe's campaign found, in numbers.

    Parameters
    ----------
    held_out : list of str
        The runs that the fit did not see.
    wall_position_error : float or None
        Mean absolute error of the wall's position that the fitted model predicts
        for held-out runs, over the stripe's length; None where none keeps its wall.
    training_error : float
        The same for the runs that were fitted.
    rms_at_rest, trivial_rms_at_rest : float or None
        Root mean square error in m of where held-out walls rest after a pulse: the
        model's, and the best trivial one's.
    trivial_model : str
        What that one takes for true.
    length : float
        The stripe's length in m.
    parameters : list of Parameter
        The fitted parameters.
    speedup : float
        Simulated device-seconds per second of wall time, reduced model (batched
        over 1,000 devices) over engine.
    engine_speed, reduced_speed : float
        The two, in device-seconds per second.
    levels : int or None
        Conductance levels that stay apart by 3 sigma of what the model gets wrong.
    digits : DigitsResult or None
        The network, if the campaign has one.
    withheld : dict of str to str
        What is not given though it was asked for ("levels", "synapse", "neuron", "network"), and why.
    """

    held_out: list[str]
    wall_position_error: FiniteOrNone
    training_error: float
    rms_at_rest: float | None = None
    trivial_rms_at_rest: float | None = None
    trivial_model: str = ""
    length: float
    parameters: list[Parameter]
    speedup: float
    engine_speed: float
    reduced_speed: float
    levels: int | None
    digits: DigitsResult | None = None
    withheld: dict[str, str] = Field(default_factory=dict)

    def headlines(self) -> list[Headline]:
        """The numbers that a reader sees first."""
        beside = ""
        if self.rms_at_rest is not None and self.trivial_rms_at_rest is not None:
            beside = (
                f"; at rest {self.rms_at_rest * 1e9:.1f} nm rms, and {self.trivial_rms_at_rest * 1e9:.1f} nm if "
                f"{self.trivial_model}"
            )
        found = [
            Headline(
                value=number_label(self.wall_position_error, ".2%"),
                name="wall position error",
                detail=f"{self.wall_position_error * self.length * 1e9:.1f} nm of {self.length * 1e9:.0f} nm, mean "
                f"over {len(self.held_out)} runs that were held out{beside}"
                if self.wall_position_error is not None
                else "no run that was held out keeps its wall",
            ),
            Headline(
                value=f"{self.speedup:,.0f} ×",
                name="faster than micromagnetics",
                detail="1,000 devices in a batch, against one run of the engine",
            ),
            Headline(
                value=f"{self.levels}",
                name="conductance levels",
                detail="3 σ apart, of what the model gets wrong",
            )
            if self.levels is not None
            else Headline(value="–", name="conductance levels", detail=f"withheld: {self.withheld['levels']}"),
        ]
        if self.digits is not None:
            low, high = self.digits.ci95
            found.append(
                Headline(
                    value=f"{self.digits.accuracy:.1%}",
                    name="digits read right",
                    detail=f"95 % interval {low:.1%} to {high:.1%}; {self.digits.float_accuracy:.1%} in floating "
                    f"point, {self.digits.ideal_synapse_accuracy:.1%} with ideal synapses",
                )
            )
        return found
