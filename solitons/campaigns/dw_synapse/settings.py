"""How a stripe's wall is fitted, and the network that its devices make."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from geometries.description import Description
from geometries.quantities import CurrentDensity, FieldStrength

__all__ = ["DigitsSettings", "WallFitSettings"]


class WallFitSettings(Description):
    """How the reduced-order model is fitted.

    Parameters
    ----------
    held_out : int
        How many runs the fit does not see; it predicts them afterwards.
    seed : int
        Seed that chooses them.
    knots : int
        Control values of a pinning landscape along the stripe that is fitted too.
    """

    held_out: Annotated[int, Field(ge=1)]
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    # A hundred control values are more than a wall of any width can feel apart; each is a column of the fit's matrix.
    knots: Annotated[int, Field(ge=0, le=100)] = 0


class DigitsSettings(Description):
    """The network that reads handwritten digits with the fitted devices.

    Parameters
    ----------
    pulse_amplitude : float or str
        Current density of the programming pulses in A/m2.
    neuron_bias : float or str
        Field that drives a neuron's wall back (its leak), in A/m.
    seed : int
        Seed of the test split and of the write errors.
    """

    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    pulse_amplitude: Annotated[CurrentDensity, Field(gt=0)] | None = None
    neuron_bias: Annotated[FieldStrength, Field(ge=0)] | None = None
