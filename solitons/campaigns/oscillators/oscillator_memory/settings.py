"""The settings of a campaign of oscillator memories: the oscillators, recalls, and couplings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import (
    Angle,
    CurrentDensity,
    Duration,
    FieldStrength,
    Frequency,
    Power,
    PureNumber,
    Temperature,
)
from solitons.attractors.patterns import CouplingRule
from solitons.campaigns.capacity.pattern_capacity import Draws, Loads, Seed

__all__ = ["CouplingSettings", "OscillatorSettings", "RecallSettings"]


Share = Annotated[PureNumber, Field(gt=0, le=0.3)]
Name = Annotated[str, Field(min_length=1)]


class OscillatorSettings(Description):
    """Oscillators of the memory: a fitted one, or numbers.

    Parameters
    ----------
    model, current_density, field, temperature : str, float, float, float, optional
        A saved `AutoOscillator`, such as ``oscillator.json`` of a campaign or ``oscillator``, which comes with the
        workbench; its current in A/m2; size in A/m of the turning field by which the others pull it together; in K.
    frequency, linewidth, coupling, source : float, float, float, str, optional
        Instead of these: as in `PhaseOscillator`, in Hz, and the source of the numbers.
    lag : float or str
        Further lag of the coupling in rad, as of wires.
    spread : float
        Relative standard deviation of the frequencies.
    power : float or str
        Power that one oscillator takes, in W.
    """

    model: Name | None = None
    current_density: CurrentDensity | None = None
    field: Annotated[FieldStrength, Field(gt=0)] | None = None
    temperature: Annotated[Temperature, Field(ge=0)] | None = None
    frequency: Annotated[Frequency, Field(gt=0)] | None = None
    linewidth: Annotated[Frequency, Field(ge=0)] | None = None
    coupling: Annotated[Frequency, Field(gt=0)] | None = None
    source: Name | None = None
    lag: Angle = 0.0
    spread: Share
    power: Annotated[Power, Field(gt=0)]

    @model_validator(mode="after")
    def _given_once(self) -> OscillatorSettings:
        fitted = {each is not None for each in (self.model, self.current_density, self.field, self.temperature)}
        numbers = {each is not None for each in (self.frequency, self.linewidth, self.coupling, self.source)}
        if (fitted, numbers) not in (({True}, {False}), ({False}, {True})):
            raise ValueError(
                "give model, current_density, field and temperature, or frequency, linewidth, coupling and source"
            )
        return self


class RecallSettings(Description):
    """Recalls of corrupted patterns by the oscillators.

    Parameters
    ----------
    oscillators, patterns : int
        Numbers of them in a network.
    wrong_bits : float
        Share of the start's bits that are turned over.
    spreads : sequence of float
        Relative standard deviations of the frequencies, rising.
    weights : sequence of {"hebbian", "pseudo_inverse"}
        Rules of the couplings, each tried.
    duration, hold : float or str
        Of a recall, in s, whose last quarter is the state at rest; and how long oscillators with their own spread are
        followed after it, to see whether they keep the pattern.
    draws, seed : int
        Sets of patterns, frequencies and starts.
    """

    oscillators: Annotated[int, Field(ge=100, le=2000)] = 200
    patterns: Annotated[int, Field(ge=1, le=500)] = 4
    wrong_bits: Annotated[PureNumber, Field(gt=0, lt=0.5)] = 0.2
    spreads: Loads
    weights: Annotated[tuple[CouplingRule, ...], Field(min_length=1, max_length=2)] = ("hebbian", "pseudo_inverse")
    duration: Annotated[Duration, Field(gt=0)] = 100e-9
    hold: Annotated[Duration, Field(gt=0)] = 1e-6
    draws: Draws = 60
    seed: Seed = 0


class CouplingSettings(Description):
    """Synapses that hold the couplings: their levels and error, or the file of a fitted synapse that has both.

    Parameters
    ----------
    levels, error : int, float, optional
        Levels of one device, and standard deviation of a written coupling over its range.
    synapse : str, optional
        Instead: a saved synapse, such as ``synapse.json`` of a campaign, or ``wall`` or ``wall-grains``.
    """

    levels: Annotated[int, Field(ge=2, le=65_536)] | None = None
    error: Annotated[PureNumber, Field(ge=0, le=1)] | None = None
    synapse: Name | None = None

    @model_validator(mode="after")
    def _given_once(self) -> CouplingSettings:
        if (self.levels is None) != (self.error is None) or (self.levels is None) == (self.synapse is None):
            raise ValueError("give what holds the couplings once: levels and error, or synapse, the file of a model")
        return self
