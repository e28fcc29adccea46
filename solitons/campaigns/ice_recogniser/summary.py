"""What the campaign of a recognising spin ice found, in numbers."""

from __future__ import annotations

from solitons.campaigns.summary import CampaignSummary, SummaryPart

__all__ = ["Accuracy", "Difference", "IceRecogniserSummary", "MemoryPoint", "ReadOutCount", "Recognition"]


class Accuracy(SummaryPart):
    """Cross-validated accuracy: mean over the splits, and their standard deviation."""

    mean: float
    spread: float


class Difference(SummaryPart):
    """How much more accurate the ice is, with the 95 % interval of the corrected resampled t test.

    `verdict` is "gain", "loss", or "no gain" where the interval contains 0.
    """

    mean: float
    ci95: tuple[float, float]
    p_value: float
    verdict: str


class ReadOutCount(SummaryPart):
    """The comparison with so many read-outs of the ice, and as many random features of what went in.

    Parameters
    ----------
    read_outs : int
        How many.
    ice, projection, random : Accuracy
        Of the ice, of random linear projections of the grey pixels, and of random binary features
        of the written pixels, which are nonlinear.
    against_projection, against_random : Difference
        The ice against each.
    """

    read_outs: int
    ice: Accuracy
    projection: Accuracy
    random: Accuracy
    against_projection: Difference
    against_random: Difference


class Recognition(SummaryPart):
    """Handwritten digits read off the ice, and off what went into it.

    Parameters
    ----------
    images : int
        How many there are.
    ice : Accuracy
        A linear read-out of all read-out islands.
    pixels, written : Accuracy
        The same read-out of the grey pixels, and of the bright and dark ones that are written.
    pixel_rank : int
        Independent grey pixels: so many random projections or more have the same linear functions
        as the pixels.
    against_pixels, against_written : Difference
        The ice against each.
    by_read_outs : list of ReadOutCount
        Over the number of read-outs; the last has all.
    chosen_amplitude : float
        The field in A/m that was chosen most often, on training images.
    cascade : float
        Mean number of flips a pattern sets off in that field.
    """

    images: int
    ice: Accuracy
    pixels: Accuracy
    written: Accuracy
    pixel_rank: int
    against_pixels: Difference
    against_written: Difference
    by_read_outs: list[ReadOutCount]
    chosen_amplitude: float
    cascade: float


class MemoryPoint(SummaryPart):
    """Ranks and capacities at one field and disorder, means over lattices and inputs, and their standard errors.

    Parameters
    ----------
    amplitude, spread : float
        Field in A/m, and standard deviation of h_k over h_k.
    kernel_rank, generalisation_rank : (float, float)
        Of as many read-outs as were asked for.
    linear_memory, nonlinear_memory : (float, float)
        Sums of the capacities of degree 1, and of all higher ones that were measured, for
        functions of at least one past input.
    total_capacity : (float, float)
        Of all functions, those of the present input too.
    flips : float
        Mean number of flips an input sets off.
    """

    amplitude: float
    spread: float
    kernel_rank: tuple[float, float]
    generalisation_rank: tuple[float, float]
    linear_memory: tuple[float, float]
    nonlinear_memory: tuple[float, float]
    total_capacity: tuple[float, float]
    flips: float


class IceRecogniserSummary(CampaignSummary):
    """Everything that such a campaign found.

    Parameters
    ----------
    islands, inputs, read_outs : int
        Islands of the ice, written ones, and those that are read.
    parameters_from : str
        Where the model's parameters come from.
    first_flip_field : float
        The smallest field in A/m, against the ice saturated along the patterns' angle, in which an
        island turns.
    recognition : Recognition or None
        None if no field of the campaign reaches a flip.
    memory : list of MemoryPoint
        By spread, then by amplitude.
    notes : list of str
        What was asked for and could not be had, such as fields that turn no island.
    """

    islands: int
    inputs: int
    read_outs: int
    parameters_from: str
    first_flip_field: float
    recognition: Recognition | None
    memory: list[MemoryPoint]
    notes: list[str]
