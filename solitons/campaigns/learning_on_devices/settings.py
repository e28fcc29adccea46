"""The settings of a campaign of learning on devices."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from geometries.description import Description
from geometries.quantities import PureNumber

__all__ = ["Learning"]


class Learning(Description):
    """How a network learns.

    Parameters
    ----------
    hidden : int
        Hidden units.
    epochs, batch : int
        Times that all images are shown, and images between two changes.
    rate : float
        Of learning on the devices.
    largest : float
        Weight of a pair of devices at the two ends of their range.
    rules : sequence of str
        That are compared; what each fault costs is found with the first.
    training_noise : float
        Over the largest weight, added while a second network is trained in software before it is written.
    allowed_loss : float
        Accuracy that a device may lose to floating point: 0.03 is three percentage points.
    """

    hidden: Annotated[int, Field(ge=4, le=128)] = 32
    epochs: Annotated[int, Field(ge=1, le=60)] = 20
    batch: Annotated[int, Field(ge=1, le=200)] = 10
    rate: Annotated[PureNumber, Field(gt=0, le=10)] = 0.1
    largest: Annotated[PureNumber, Field(gt=0, le=100)] = 1.5
    rules: Annotated[tuple[Literal["manhattan", "delta", "accumulated"], ...], Field(min_length=1, max_length=3)] = (
        "accumulated",
        "delta",
        "manhattan",
    )
    training_noise: Annotated[PureNumber, Field(ge=0, le=1)] = 0.1
    allowed_loss: Annotated[PureNumber, Field(gt=0, lt=0.5)] = 0.03
