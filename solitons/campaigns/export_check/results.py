"""Results of an export check."""

from __future__ import annotations

from solitons.campaigns.framework.results import FiniteOrNone, Headline, Results, ResultsPart
from solitons.exports.leaky_neuron import LeakyNeuron
from solitons.figures import value_label
from solitons.fits.verdict import Reason, VerdictName

__all__ = ["ExportResults", "NeuronResults", "NotCompared", "StepError"]


_HARMLESS = 0.1
"""Share of the neuron's own error: a time step that adds less does not matter."""
_TILES = 4
"""How many neurons have one."""


class StepError(ResultsPart):
    """Effect of a simulator's time step on the leaky neuron's spikes.

    Parameters
    ----------
    share : float
        Step over the mean interval.
    step : float
        In s.
    euler, exact : float
        Root mean square error of an interval over the mean interval, for Euler steps and for steps that decay exactly.
    """

    share: float
    step: float
    euler: float
    exact: float


class NeuronResults(ResultsPart):
    """One neuron.

    Parameters
    ----------
    name : str
        As in the campaign.
    verdict : str
        Whether the leaky neuron may stand for it.
    reasons : list of Reason
        Why it is not simply trusted.
    neuron : LeakyNeuron
        The fitted neuron.
    steady_rms : float
        Root mean square of the relative error of the steady intervals that were fitted.
    round_trip : float or None
        Largest change of a spike's time by writing to NIR and reading, in s; None where their number changes.
    compared : int
        Spikes of the soliton that were compared.
    missed : int
        Those for which none was predicted.
    mean_interval : float
        In s.
    bias, bias_ci95, rms, rms_ci95 : float and pairs of float
        Error from spike to spike over the mean interval: mean and root mean square, with 95 % intervals.
    resolution : float
        Root mean square error from the soliton's own steps of 10 ps: two spikes, each anywhere in a step.
    trivial : float
        The same root mean square of who predicts the mean interval.
    soliton_spikes, leaky_spikes : int
        When each goes its own way.
    losses : list of str
        Properties that NIR cannot express.
    time_steps : list of StepError
        Errors added by a simulator's step.
    """

    name: str
    verdict: VerdictName
    reasons: list[Reason]
    neuron: LeakyNeuron
    steady_rms: float
    round_trip: FiniteOrNone
    compared: int
    missed: int
    mean_interval: float
    bias: float
    bias_ci95: tuple[float, float]
    rms: float
    rms_ci95: tuple[float, float]
    resolution: float
    trivial: float
    soliton_spikes: int
    leaky_spikes: int
    losses: list[str]
    time_steps: list[StepError]

    @property
    def harmless_step(self) -> StepError | None:
        """The longest step that adds less than a tenth of the error that the export has; None if none does."""
        small = [step for step in self.time_steps if step.exact < _HARMLESS * self.rms]
        return max(small, key=lambda each: each.step, default=None)

    def headline(self) -> Headline:
        """Its timing error."""
        if self.verdict == "failed":
            return Headline(value="–", name=self.name, detail="failed: it cannot be exported")
        low, high = (100 * end for end in self.rms_ci95)
        interval = value_label(self.mean_interval, "s", digits=3)
        detail = f"95 %: {low:.2f} to {high:.2f} % of the mean interval, {interval}; that alone {self.trivial:.1%}"
        return Headline(value=f"{self.rms:.2%}", name=f"timing error, {self.name}", detail=detail)


class NotCompared(ResultsPart):
    """A neuron that fires too seldom for its spikes to be compared.

    Parameters
    ----------
    name : str
        As in the campaign.
    reasons : list of Reason
        Reasons why not.
    """

    name: str
    reasons: list[Reason]


class ExportResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    nir_version : str
        Version of the package that wrote and read.
    neurons : list of NeuronResults
        In the campaign's order; of a failed one they show how it fails.
    not_compared : tuple of NotCompared
        Neurons without comparable spikes; they are failed, and not among `neurons`.
    """

    nir_version: str
    neurons: list[NeuronResults]
    not_compared: tuple[NotCompared, ...] = ()

    def headlines(self) -> list[Headline]:
        """The numbers that a reader sees first; of many neurons those that are worst."""
        found = [
            Headline(value="–", name=each.name, detail="failed: its spikes cannot be compared")
            for each in self.not_compared
        ]
        worst = sorted(self.neurons, key=lambda each: (each.verdict != "failed", -each.rms))
        left = [each.name for each in worst[: max(_TILES - len(found), 0)]]
        found = [each.headline() for each in self.neurons if each.name in left] + found[:_TILES]
        if self.neurons:
            changes = [each.round_trip for each in self.neurons]
            detail, value = "of a spike's time, by writing and reading the same neuron", "–"
            if None in changes:
                detail = "the neuron that is read has more spikes, or fewer"
            elif change := max(each for each in changes if each is not None):
                value = value_label(change, "s", digits=2)
            else:
                value = "0 s"
            found.append(Headline(value=value, name="largest change by NIR", detail=detail))
        return found
