"""The settings of a campaign on stochastic learning: how junctions are written, and what the layer learns."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import CurrentDensity, Duration, PureNumber, Time
from geometries.sizes import refuse_more
from solitons.spiking.cars_on_lanes import Road
from solitons.spiking.images_as_spikes import ImageCoding
from solitons.spiking.layer import SpikingLayer

__all__ = ["CarsTask", "DigitsTask", "Writing"]

JunctionCount = Annotated[int, Field(ge=1, le=64)]
Spread = Annotated[PureNumber, Field(ge=0, le=1)]
_MOST_JUNCTIONS = 50_000_000
_MOST_EVENTS = 1_000_000_000
_DIGITS = 1797
"""Images of scikit-learn's digits."""


class Writing(Description):
    """The pulses that write junctions, and how these differ.

    Parameters
    ----------
    width : float or str
        Width of each pulse in s.
    currents : sequence of float or str
        Current densities in A/m2 that are compared, rising.
    spread : float
        Standard deviation of the logarithms of barrier and critical current from junction to junction.
    spreads : sequence of float
        Further spreads that are compared, at the chosen current.
    junctions : sequence of int
        Numbers of junctions a synapse that are compared, at the chosen current.

    Raises
    ------
    pydantic.ValidationError
        If the currents do not rise.
    """

    width: Annotated[Time, Field(gt=0)]
    currents: Annotated[tuple[Annotated[CurrentDensity, Field(gt=0)], ...], Field(min_length=1, max_length=100)]
    spread: Spread = 0.05
    spreads: Annotated[tuple[Spread, ...], Field(max_length=100)] = ()
    junctions: Annotated[tuple[JunctionCount, ...], Field(max_length=64)] = ()

    @model_validator(mode="after")
    def _rises(self) -> Writing:
        for lower, upper in zip(self.currents, self.currents[1:], strict=False):
            if not lower < upper:
                raise ValueError(f"currents: {upper:g} A/m^2 follows {lower:g} A/m^2; write them from weak to strong")
        return self


class CarsTask(Description):
    """Cars on the lanes of a road, seen by an artificial event camera.

    Parameters
    ----------
    road : Road
        Road that the camera sees.
    layer : SpikingLayer
        The neurons.
    junctions : int
        In parallel between an input and a neuron.
    learning, naming, counting : float or str
        Durations in s of three recordings: the layer learns from the first, its neurons get the names of lanes in the
        second, and cars are counted in the third.
    """

    road: Road = Road()
    layer: SpikingLayer = SpikingLayer()
    junctions: JunctionCount = 1
    learning: Annotated[Duration, Field(gt=0, le=1e5)] = 400.0
    naming: Annotated[Duration, Field(gt=0, le=1e5)] = 200.0
    counting: Annotated[Duration, Field(gt=0, le=1e5)] = 200.0

    @model_validator(mode="after")
    def _fits(self) -> CarsTask:
        road, neurons = self.road, self.layer.neurons
        refuse_more(
            f"layer.neurons = {neurons}, road.pixels = {road.pixels} and junctions = {self.junctions}",
            neurons * road.inputs * self.junctions,
            _MOST_JUNCTIONS,
            "junctions",
            "give fewer of one of them",
        )
        refuse_more(
            f"road.noise = {road.noise:g}, road.arrivals = {road.arrivals:g} and durations of up to "
            f"{max(self.learning, self.naming, self.counting):g} s",
            max(self.learning, self.naming, self.counting)
            * (road.noise * road.pixels**2 + road.arrivals * 2 * road.pixels**2),
            _MOST_EVENTS,
            "events",
            "record for a shorter time",
        )
        return self

    @property
    def duration(self) -> float:
        """Time in s for which the layer learns."""
        return self.learning

    @property
    def expected_spikes(self) -> float:
        """Roughly how often a neuron fires while it learns, if each car makes one spike of a neuron of its lane."""
        return self.learning * self.road.arrivals * self.road.lanes / self.layer.neurons


class DigitsTask(Description):
    """Scikit-learn's handwritten digits, shown one after another.

    Parameters
    ----------
    coding : ImageCoding
        How images become spikes.
    layer : SpikingLayer
        The neurons. An inhibition as long as an image and the pause after it leaves one spike an image.
    junctions : int
        In parallel between an input and a neuron.
    epochs : int
        How often each learning image is shown, in an order that is drawn anew.
    held_out : float
        Part of the images that the layer does not learn from.
    split_seed : int
        Seed of the choice of these, the same for all layers.
    """

    coding: ImageCoding = ImageCoding()
    layer: SpikingLayer
    junctions: JunctionCount = 8
    epochs: Annotated[int, Field(ge=1, le=1000)] = 5
    held_out: Annotated[PureNumber, Field(ge=0.05, le=0.9)] = 1 / 3
    split_seed: Annotated[int, Field(ge=0, lt=2**31)] = 2015

    @model_validator(mode="after")
    def _fits(self) -> DigitsTask:
        refuse_more(
            f"epochs = {self.epochs} and coding with {self.coding.spikes_a_pixel:g} spikes a pixel",
            self.epochs * _DIGITS * 64 * self.coding.spikes_a_pixel,
            _MOST_EVENTS,
            "events",
            "give fewer epochs, a lower rate or a shorter time",
        )
        return self

    @property
    def shown_images(self) -> float:
        """Images that the layer learns from, as often as they are shown."""
        return _DIGITS * (1 - self.held_out) * self.epochs

    @property
    def duration(self) -> float:
        """Time in s for which the layer learns."""
        return self.shown_images * (self.coding.shown + self.coding.pause)

    @property
    def expected_spikes(self) -> float:
        """Roughly how often a neuron fires while it learns, if each image makes one spike."""
        return self.shown_images / self.layer.neurons
