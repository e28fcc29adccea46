"""Settings of a campaign on reservoirs: the device, the search of its drive, tasks, and what micromagnetics runs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from geometries import Material, Pillar, Stripe
from geometries.description import Description
from geometries.quantities import Coordinate, CurrentDensity, FieldStrength, Temperature, Time
from runs import Numerics

__all__ = [
    "WASHOUT",
    "DeviceSettings",
    "MicromagneticSettings",
    "OrbitSettings",
    "SearchSettings",
    "StretchSettings",
    "TaskName",
    "TestSettings",
]

TaskName = Literal["narma", "sine_or_square", "movement"]

WASHOUT = 100
"""First times of each series, which are left out."""


class DeviceSettings(Description):
    """The fitted device, and how it is read.

    Parameters
    ----------
    model : str
        A saved synapse of walls or skyrmions, an oscillator, a vortex, or the rates of a junction: a file of a
        campaign, or a name that is shipped.
    start : float or str, optional
        Place in m at which a synapse begins; after its reset if left out.
    temperature : float or str
        In K, of an oscillator; rates of junctions have their own, and other models are followed without heat.
    copies : int
        Oscillators or junctions alike that are driven together, and whose mean is read.
    reading_noise : float
        Standard deviation of each reading over the range that readings can have.
    """

    model: str = "wall-wells"
    start: Coordinate | None = None
    temperature: Annotated[Temperature, Field(ge=0)] = 0.0
    copies: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    reading_noise: Annotated[float, Field(ge=0, lt=1)] = 1e-3


class SearchSettings(Description):
    """The drives that are tried, each with each: `solitons.devices.driven_nodes`.

    Parameters
    ----------
    biases, amplitudes : sequence of float or str
        J_0 and A in A/m2.
    slots : sequence of float or str
        In s.
    nodes : sequence of int
        Lengths of the mask.
    mask_means : sequence of float
        A mask is 1 or 2 c - 1 by chance, as often either: 0 is for signs of mean 0, 1 for no mask.
    times, series : int
        Times of each series of a task, half of them trained on, and how many series each drive is tried on.
    """

    biases: Annotated[tuple[CurrentDensity, ...], Field(min_length=1, max_length=20)]
    amplitudes: Annotated[tuple[Annotated[CurrentDensity, Field(gt=0)], ...], Field(min_length=1, max_length=20)]
    slots: Annotated[tuple[Annotated[Time, Field(gt=0)], ...], Field(min_length=1, max_length=10)]
    nodes: Annotated[tuple[Annotated[int, Field(ge=1, le=1000)], ...], Field(min_length=1, max_length=10)]
    mask_means: Annotated[tuple[Annotated[float, Field(ge=0, le=1)], ...], Field(min_length=1, max_length=5)] = (0.0,)
    times: Annotated[int, Field(ge=400, le=10_000)] = 1500
    series: Annotated[int, Field(ge=1, le=20)] = 2

    @property
    def strongest(self) -> float:
        """Largest current density in A/m2 of any drive."""
        return max(map(abs, self.biases)) + max(self.amplitudes)


class TestSettings(Description):
    """The tasks, each tested once with the drive that the search chose for it.

    Parameters
    ----------
    tasks : sequence of str
        Of `solitons.reservoirs.signal_tasks`.
    train, test : int
        Times of each series.
    series, seed : int
        Series of each task, and the seed of the first; the search has others.
    """

    tasks: Annotated[tuple[TaskName, ...], Field(min_length=1, max_length=3)] = ("narma", "sine_or_square", "movement")
    train: Annotated[int, Field(ge=200, le=20_000)] = 1900
    test: Annotated[int, Field(ge=200, le=20_000)] = 1900
    series: Annotated[int, Field(ge=3, le=50)] = 10
    seed: Annotated[int, Field(ge=0, lt=2**20)] = 0


class MicromagneticSettings(Description):
    """The device as cells: the stripe of a fitted wall, or the pillar of a fitted oscillator.

    Parameters
    ----------
    device, material, numerics
        As in `RunSpec`, those of the model's own campaign.
    static_field : three of float or str
        In A/m; an oscillator's power is counted from this direction.
    """

    device: Annotated[Stripe | Pillar, Field(discriminator="kind")]
    material: Material
    numerics: Numerics = Numerics()
    static_field: tuple[FieldStrength, FieldStrength, FieldStrength] = (0.0, 0.0, 0.0)


class StretchSettings(Description):
    """A stretch of a task in micromagnetics; it should have the drive that the search chooses.

    Parameters
    ----------
    task : str
    bias, amplitude, slot, nodes, mask_mean
        As in the search.
    inputs : int
        How many.
    """

    task: TaskName
    bias: CurrentDensity
    amplitude: Annotated[CurrentDensity, Field(gt=0)]
    slot: Annotated[Time, Field(gt=0)]
    nodes: Annotated[int, Field(ge=1, le=1000)]
    mask_mean: Annotated[float, Field(ge=0, le=1)] = 0.0
    inputs: Annotated[int, Field(ge=3, le=200)] = 16


class OrbitSettings(Description):
    """A sine of the current, and where the device is once in each period.

    Parameters
    ----------
    bias, amplitudes : float or str, sequence
        In A/m2; each amplitude is a run.
    period : float or str
        In s.
    periods : int
        Of each run, of which the last half is compared.
    """

    bias: CurrentDensity = 0.0
    amplitudes: Annotated[tuple[CurrentDensity, ...], Field(min_length=2, max_length=20)]
    period: Annotated[Time, Field(gt=0)]
    periods: Annotated[int, Field(ge=4, le=100)] = 8
