"""The settings of a campaign of associative memories: the network, what is varied, chance, digits."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from geometries.description import Description, rising
from geometries.quantities import PureNumber, Resistance
from solitons.attractors.patterns import CouplingRule
from solitons.campaigns.framework.junction_rates import JunctionRates

__all__ = ["ChanceSettings", "DigitSettings", "Memory", "VariedMemory"]

Neurons = Annotated[int, Field(ge=8, le=128)]
WrongBits = Annotated[PureNumber, Field(gt=0, lt=0.5)]


class Memory(Description):
    """The network whose weights devices hold.

    Parameters
    ----------
    neurons : int
        N: word lines of the crossbar, and half of its bit lines.
    patterns : int
        Random patterns that it stores.
    rule : {"hebbian", "pseudo_inverse"}
        Rule of the weights.
    wrong_bits : float
        Share of the start's bits that are turned over.
    starts : int
        Recalls of each pattern.
    largest : float, optional
        Weight that takes the whole range of a device, in standard deviations of the weights: larger ones are clipped.
        The largest weight if left out.
    allowed_loss : float
        Recalled share that may be lost to a cause before it is reported: 0.03 is three percentage points.
    """

    neurons: Neurons = 128
    patterns: Annotated[int, Field(ge=1, le=64)] = 8
    rule: CouplingRule = "hebbian"
    wrong_bits: WrongBits = 0.2
    starts: Annotated[int, Field(ge=1, le=200)] = 10
    largest: Annotated[PureNumber, Field(gt=0, le=20)] | None = None
    allowed_loss: Annotated[PureNumber, Field(gt=0, lt=0.5)] = 0.03


Many = Field(min_length=1, max_length=20)


class VariedMemory(Description):
    """Axes to vary, one at a time; the rest is as in the memory, its device and its wires.

    Parameters
    ----------
    errors : sequence of float
        Standard deviation of the conductance of a device over its range, of ideal weights.
    levels : sequence of int
        Levels of a device, of ideal weights.
    segments : sequence of float or str
        Resistances of a segment in ohm, of written devices.
    neurons : sequence of int
        Numbers of neurons at the same load (whole patterns, one or more), written and read through the wires.
    stuck : sequence of float
        Shares of the written devices that are stuck, half of them at either end.
    """

    errors: Annotated[tuple[Annotated[PureNumber, Field(gt=0, le=2)], ...], Many, AfterValidator(rising)]
    levels: Annotated[tuple[Annotated[int, Field(ge=2, le=1000)], ...], Many, AfterValidator(rising)]
    segments: Annotated[tuple[Annotated[Resistance, Field(gt=0, le=1e6)], ...], Many, AfterValidator(rising)]
    neurons: Annotated[tuple[Neurons, ...], Many, AfterValidator(rising)]
    stuck: Annotated[tuple[Annotated[PureNumber, Field(ge=0, le=0.5)], ...], Many, AfterValidator(rising)]


class ChanceSettings(Description):
    """Superparamagnetic junctions as neurons: a Boltzmann machine.

    Parameters
    ----------
    junction : JunctionRates
        Rates of a neuron.
    betas : sequence of float
        Fields of a pattern over the heat, beta = 1 / T: the currents that are sent, in units in which a junction's odds
        are those of a tanh.
    sweeps : int
        Times that every neuron is drawn anew in a recall; what it shows on average in the second half is the answer.
    small_patterns : int
        Patterns of the network of twelve neurons whose distribution is compared with enumeration.
    samples : int
        States of it that are drawn.
    beta : float
        Its beta.
    """

    junction: JunctionRates
    betas: Annotated[tuple[Annotated[PureNumber, Field(gt=0, le=100)], ...], Many, AfterValidator(rising)]
    sweeps: Annotated[int, Field(ge=4, le=1000)] = 40
    small_patterns: Annotated[int, Field(ge=1, le=6)] = 2
    samples: Annotated[int, Field(ge=100_000, le=20_000_000)] = 2_000_000
    beta: Annotated[PureNumber, Field(gt=0, le=5)] = 1.5


class DigitSettings(Description):
    """Mean images of handwritten digits, 11 x 11 black and white pixels, as patterns of a network of 121 neurons.

    Parameters
    ----------
    digits : sequence of int
        Digits that are stored, by the pseudo-inverse rule.
    wrong_bits : sequence of float
        Shares of the pixels that are turned over.
    """

    digits: Annotated[tuple[Annotated[int, Field(ge=0, le=9)], ...], Field(min_length=2), AfterValidator(rising)] = (
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    )  # fmt: skip
    wrong_bits: Annotated[tuple[WrongBits, ...], Field(min_length=1, max_length=8), AfterValidator(rising)] = (
        0.1, 0.2, 0.3,
    )  # fmt: skip

    @model_validator(mode="after")
    def _some_pixels(self) -> DigitSettings:
        if self.wrong_bits[0] * 121 < 1:
            raise ValueError(
                f"digits.wrong_bits = {self.wrong_bits[0]:g} of 121 pixels is less than one; give 0.01 or more"
            )
        return self
