"""The settings of a campaign of oscillator memories: the capacity's draws, the oscillators, recalls, and couplings."""

from __future__ import annotations

import itertools
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import Duration, Frequency, Power, PureNumber

__all__ = ["CapacitySettings", "CouplingSettings", "OscillatorSettings", "RecallSettings", "Weights"]

Weights = Literal["hebbian", "pseudo_inverse"]
Load = Annotated[PureNumber, Field(gt=0, le=0.3)]
Spread = Annotated[PureNumber, Field(gt=0, le=0.3)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]


def _rising(name: str, values: tuple[float, ...]) -> None:
    if any(a >= b for a, b in itertools.pairwise(values)):
        raise ValueError(f"{name} = {', '.join(f'{each:g}' for each in values)} must rise; sort it, each value once")


class CapacitySettings(Description):
    """Networks of equal phases without heat, and of Hopfield's spins, from which the capacity follows.

    Parameters
    ----------
    sizes : sequence of int
        Numbers N of oscillators, rising; the limit is extrapolated from them.
    loads, spin_loads : sequence of float
        Stored patterns over N, rising: of phases and of spins.
    draws : int
        Sets of random patterns at each size.
    starts : int
        Patterns of each network that are recalled.
    seed : int
    """

    sizes: Annotated[tuple[Annotated[int, Field(ge=100, le=10_000)], ...], Field(min_length=2, max_length=8)]
    loads: Annotated[tuple[Load, ...], Field(min_length=4, max_length=40)]
    spin_loads: Annotated[tuple[Load, ...], Field(min_length=4, max_length=40)]
    draws: Annotated[int, Field(ge=8, le=1000)] = 40
    starts: Annotated[int, Field(ge=1, le=16)] = 4
    seed: Seed = 0

    @model_validator(mode="after")
    def _rise(self) -> CapacitySettings:
        for name in ("sizes", "loads", "spin_loads"):
            _rising(name, getattr(self, name))
        return self


class OscillatorSettings(Description):
    """Oscillators of the memory, as a fit or an experiment has them.

    Parameters
    ----------
    frequency : float or str
        Mean frequency in Hz.
    linewidth : float or str
        Full width of one oscillator's line by heat, in Hz: its phase diffuses by 2 pi times it.
    spread : float
        Relative standard deviation of the frequencies.
    coupling : float or str
        K / (2 pi) in Hz: how far the field of a network in one pattern may detune an oscillator that it holds.
    power : float or str
        Power that one oscillator takes, in W.
    source : str
        Source of the numbers; the report names it.
    """

    frequency: Annotated[Frequency, Field(gt=0)] = 3e9
    linewidth: Annotated[Frequency, Field(ge=0)] = 1e6
    spread: Spread = 1e-3
    coupling: Annotated[Frequency, Field(ge=0)] = 100e6
    power: Annotated[Power, Field(gt=0)] = 1e-3
    source: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _weak_coupling(self) -> OscillatorSettings:
        if self.coupling == 0:
            raise ValueError(
                f"coupling = 0 Hz with a spread of {self.spread:g}: oscillators without coupling recall nothing; give "
                "K / (2 pi), half of the range in which one oscillator locks to the others"
            )
        largest = max(self.coupling, self.linewidth)
        if largest > 0.2 * self.frequency:
            raise ValueError(
                f"coupling = {self.coupling:.3g} Hz and linewidth = {self.linewidth:.3g} Hz must be below a fifth of "
                f"frequency = {self.frequency:.3g} Hz: a phase alone describes weakly coupled oscillators"
            )
        return self

    @property
    def strength(self) -> float:
        """K in rad/s."""
        return 2 * np.pi * self.coupling


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
    duration : float or str
        Of a recall, in s; its last quarter is the state at rest.
    hold : float or str
        How long in s oscillators with their own spread are followed after it, to see whether they keep the pattern.
    draws : int
        Sets of patterns, frequencies and starts.
    seed : int
    """

    oscillators: Annotated[int, Field(ge=100, le=2000)] = 200
    patterns: Annotated[int, Field(ge=1, le=500)] = 4
    wrong_bits: Annotated[PureNumber, Field(gt=0, lt=0.5)] = 0.2
    spreads: Annotated[tuple[Spread, ...], Field(min_length=4, max_length=30)]
    weights: Annotated[tuple[Weights, ...], Field(min_length=1, max_length=2)] = ("hebbian", "pseudo_inverse")
    duration: Annotated[Duration, Field(gt=0)] = 100e-9
    hold: Annotated[Duration, Field(gt=0)] = 1e-6
    draws: Annotated[int, Field(ge=8, le=1000)] = 60
    seed: Seed = 0

    @model_validator(mode="after")
    def _rise(self) -> RecallSettings:
        _rising("spreads", self.spreads)
        return self


class CouplingSettings(Description):
    """Synapses that hold the couplings: their levels and error, or the file of a fitted synapse that has both.

    Parameters
    ----------
    levels : int, optional
        Levels of one device.
    error : float, optional
        Standard deviation of a written coupling over the device's range.
    synapse : str, optional
        Instead: a saved synapse, such as ``synapse.json`` of a campaign, or ``wall`` or ``wall-grains``.
    """

    levels: Annotated[int, Field(ge=2, le=65_536)] | None = None
    error: Annotated[PureNumber, Field(ge=0, le=1)] | None = None
    synapse: Annotated[str, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _given_once(self) -> CouplingSettings:
        if (self.levels is None) != (self.error is None) or (self.levels is None) == (self.synapse is None):
            raise ValueError("give what holds the couplings once: levels and error, or synapse, the file of a model")
        return self
