"""What an export check finds."""

from __future__ import annotations

from solitons.campaigns.framework.results import Headline, Results, ResultsPart
from solitons.figures import value_label
from solitons.fits.verdict import Reason, VerdictName

__all__ = ["ExportResults", "NeuronResults", "NotCompared", "StepError"]


class StepError(ResultsPart):
    """What a simulator's time step does to the leaky neuron's spikes.

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
    tau, r, v_leak, v_threshold : float
        Of the leaky neuron, in s, m/(A/m2), m and m.
    steady_rms : float
        Root mean square of the relative error of the steady intervals that were fitted.
    round_trip : float
        Largest change of a spike's time by writing to NIR and reading, in s.
    compared : int
        Spikes of the soliton that were compared.
    missed : int
        Those for which none was predicted.
    mean_interval : float
        In s.
    bias, bias_ci95, rms, rms_ci95 : float and pairs of float
        Error from spike to spike over the mean interval: mean and root mean square, with 95 % intervals.
    resolution : float
        What the soliton's own steps of 10 ps make of the root mean square error: two spikes, each anywhere in a step.
    trivial : float
        The same root mean square of who predicts the mean interval.
    soliton_spikes, leaky_spikes : int
        When each goes its own way.
    losses : list of str
        What NIR cannot express of it.
    time_steps : list of StepError
        What a simulator's step adds.
    """

    name: str
    verdict: VerdictName
    reasons: list[Reason]
    tau: float
    r: float
    v_leak: float
    v_threshold: float
    steady_rms: float
    round_trip: float
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


class NotCompared(ResultsPart):
    """A neuron that fires too seldom for its spikes to be compared.

    Parameters
    ----------
    name : str
        As in the campaign.
    reasons : list of Reason
        What was in the way.
    """

    name: str
    reasons: list[Reason]


class ExportResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    nir_version : str
        Of the package that wrote and read.
    neurons : list of NeuronResults
        In the campaign's order; of a failed one they show how it fails.
    not_compared : tuple of NotCompared
        Those of which no spikes could be compared; they are failed, and not among `neurons`.
    """

    nir_version: str
    neurons: list[NeuronResults]
    not_compared: tuple[NotCompared, ...] = ()

    def headlines(self) -> list[Headline]:
        """The numbers that a reader sees first."""
        found = []
        for each in self.neurons:
            if each.verdict == "failed":
                found.append(Headline(value="–", name=each.name, detail="failed: it cannot be exported"))
                continue
            low, high = (100 * end for end in each.rms_ci95)
            found.append(
                Headline(
                    value=f"{each.rms:.2%}",
                    name=f"timing error, {each.name}",
                    detail=f"{low:.2f} to {high:.2f} % of the mean interval of "
                    f"{value_label(each.mean_interval, 's', digits=3)}, over {each.compared} spikes; the mean interval "
                    f"alone {each.trivial:.1%}",
                )
            )
        found += [
            Headline(value="–", name=each.name, detail="failed: its spikes cannot be compared")
            for each in self.not_compared
        ]
        if self.neurons:
            worst = max(each.round_trip for each in self.neurons)
            found.append(
                Headline(
                    value=value_label(worst, "s", digits=2) if worst else "0 s",
                    name="largest change by NIR",
                    detail="of a spike's time, by writing and reading the same neuron",
                )
            )
        return found
