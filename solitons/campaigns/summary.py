"""The campaign's result in numbers: what `summary.json` holds."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["CampaignSummary", "DigitsSummary", "Parameter", "Summary", "SummaryPart"]


class SummaryPart(BaseModel):
    """A part of a summary: frozen, and nothing in it that is not described."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Parameter(SummaryPart):
    """A fitted parameter with its unit and 95 % confidence interval."""

    name: str
    unit: str
    value: float
    ci95: tuple[float, float]


class DigitsSummary(SummaryPart):
    """How the network of fitted devices reads handwritten digits.

    Parameters
    ----------
    accuracy : float
        Fraction of the test images that it reads right.
    ci95 : (float, float)
        Its 95 % binomial (Wilson) interval.
    float_accuracy, ideal_synapse_accuracy : float
        The same network in floating point, and with an ideal linear synapse.
    test_size : int
        Number of test images.
    """

    accuracy: float
    ci95: tuple[float, float]
    float_accuracy: float
    ideal_synapse_accuracy: float
    test_size: int


class CampaignSummary(SummaryPart):
    """What the summary of every campaign says.

    Parameters
    ----------
    campaign, engine, engine_version : str
        What ran; the engine is "model" for a campaign without micromagnetic runs.
    key : str
        What the results follow from: a hash of the campaign, its run ids, the
        workbench's version, and what further files it names.
    runs, cached : int
        How many runs there are, and how many were in the store already.
    run_ids : list of str
        Their ids.
    """

    campaign: str
    engine: str
    engine_version: str
    key: str
    runs: int
    cached: int
    run_ids: list[str]


class Summary(CampaignSummary):
    """Everything that a stripe's campaign found, in numbers.

    Parameters
    ----------
    held_out : list of str
        The runs that the fit did not see; the rest as in `CampaignSummary`.
    wall_position_error : float
        Mean absolute error of the wall's position that the fitted model predicts
        for held-out runs, over the stripe's length.
    training_error : float
        The same for the runs that were fitted.
    parameters : list of Parameter
        The fitted parameters.
    speedup : float
        Simulated device-seconds per second of wall time, reduced model (batched
        over 1,000 devices) over engine.
    engine_speed, reduced_speed : float
        The two, in device-seconds per second.
    levels : int
        Conductance levels that stay apart by 3 sigma of what the model gets wrong.
    digits : DigitsSummary or None
        The network, if the campaign has one.
    """

    held_out: list[str]
    wall_position_error: float
    training_error: float
    parameters: list[Parameter]
    speedup: float
    engine_speed: float
    reduced_speed: float
    levels: int
    digits: DigitsSummary | None = None
