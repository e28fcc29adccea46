"""Results of the campaign of a recognising spin ice."""

from __future__ import annotations

from collections.abc import Iterator

from solitons.campaigns.framework.results import Headline, Results, ResultsPart
from solitons.figures import number_label, value_label
from solitons.reservoirs.comparison import BINARY, INPUTS, STATES, WRITTEN, ReadOut

__all__ = ["MemoryPoint", "RecogniserResults", "Recognition", "in_words"]

_PIXELS = {STATES: "islands", INPUTS: "grey pixels", WRITTEN: "written pixels"}


def in_words(features: str, count: int | str = "") -> str:
    """How a reader knows the features of a read-out, such as "64 grey pixels"."""
    return f"{count} {_PIXELS.get(features, features)}".strip()


class Recognition(ResultsPart):
    """Handwritten digits read off the ice, and off what went into it.

    Parameters
    ----------
    images : int
        How many there are.
    read_outs : tuple of ReadOut
        All that are compared: the states of islands, grey pixels as inputs, the bright and dark pixels that
        were written, and random features of both.
    pixel_rank : int
        Independent grey pixels: so many random projections or more have the same linear functions
        as the pixels.
    chosen_amplitude : float
        The field in A/m that was chosen most often, on training images.
    cascade : float
        Mean number of flips a pattern sets off in that field.
    """

    images: int
    read_outs: tuple[ReadOut, ...]
    pixel_rank: int
    chosen_amplitude: float
    cascade: float

    def of(self, features: str) -> list[ReadOut]:
        """The read-outs of some features; the last has most of them."""
        return [each for each in self.read_outs if each.features == features]

    @property
    def largest(self) -> list[ReadOut]:
        """The read-out with most of each kind of features; the first is the ice's."""
        from solitons.reservoirs.comparison import FEATURES

        return [self.of(features)[-1] for features in FEATURES]

    def headlines(self) -> Iterator[Headline]:
        """The ice beside the pixels, and beside random features that are as many and as nonlinear."""
        ice, *others = self.largest
        detail = f"± {ice.spread:.1%} from split to split; {in_words(STATES, ice.count)} are read"
        yield Headline(value=f"{ice.accuracy:.1%}", name="digits read off the ice", detail=detail)
        for each in others:
            if each.gain is not None and each.features in (INPUTS, BINARY):
                more, ends = (
                    number_label(100 * each.gain.mean, "+.1f"),
                    [number_label(100 * end, "+.1f") for end in each.gain.ci95],
                )
                verdict = "no gain" if each.gain.verdict == "no gain" else f"a {each.gain.verdict}"
                detail = f"{verdict}; 95 %: {ends[0]} to {ends[1]}; {each.accuracy:.1%} from them"
                yield Headline(
                    value=f"{more} points", name=f"over {in_words(each.features, each.count)}", detail=detail
                )


class MemoryPoint(ResultsPart):
    """Ranks and capacities at one field and disorder, means over lattices and inputs, and their standard errors.

    Parameters
    ----------
    amplitude, spread : float
        Field in A/m, and standard deviation of h_k over h_k.
    kernel_rank, generalisation_rank : (float, float)
        Ranks with the requested number of read-outs.
    linear_memory, nonlinear_memory : (float, float)
        Sums of the capacities of degree 1, and of all higher ones that were measured, for
        functions of at least one past input.
    total_capacity : (float, float)
        Capacity of all functions, including functions of the present input.
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


class RecogniserResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    islands, inputs, read_outs : int
        Islands of the ice, written ones, and those that are read.
    parameters_from : str
        Source of the model's parameters.
    first_flip_field : float
        The smallest field in A/m, against the ice saturated along the patterns' angle, in which an
        island turns.
    recognition : Recognition or None
        None if no field of the campaign reaches a flip.
    memory : list of MemoryPoint
        By spread, then by amplitude.
    """

    islands: int
    inputs: int
    read_outs: int
    parameters_from: str
    first_flip_field: float
    recognition: Recognition | None
    memory: list[MemoryPoint]

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        first = value_label(self.first_flip_field, "A/m")
        if self.recognition is None:
            yield Headline(value="none", name="patterns that turn an island", detail=f"the first flip needs {first}")
        else:
            yield from self.recognition.headlines()
        best = max(self.memory, key=lambda point: point.total_capacity[0])
        linear, nonlinear = best.linear_memory[0], best.nonlinear_memory[0]
        at = f"at {value_label(best.amplitude, 'A/m')} and a spread of {best.spread:.0%}"
        detail = f"past inputs: linear {linear:.2f}, nonlinear {nonlinear:.2f}; {at}"
        yield Headline(value=f"{linear + nonlinear:.2f}", name="memory", detail=detail)
        yield Headline(value=first, name="first flip", detail="against the saturated ice, without a pattern")
