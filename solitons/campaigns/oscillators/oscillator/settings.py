"""How an oscillator is followed and fitted, heated, and locked."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from geometries.description import Description
from geometries.directions import Direction
from geometries.quantities import CurrentDensity, FieldStrength, Temperature
from runs.protocols.abstract_step import Duration

__all__ = ["HeatSettings", "InjectionSettings", "OscillatorFitSettings"]

Seed = Annotated[int, Field(ge=0, lt=2**31)]


class OscillatorFitSettings(Description):
    """How amplitude and phase are read from the runs, and fitted.

    Parameters
    ----------
    held_out : int
        How many currents the fit does not see and predicts; the weakest and the strongest are never among them.
    seed : int
        Chooses them.
    axis : three floats, optional
        Direction about which the moment turns; that of its rest without current if left out.
    begin : float or str
        Time in s before which nothing is looked at, such as a pulse that starts the motion.
    """

    held_out: Annotated[int, Field(ge=1, le=100)] = 2
    seed: Seed = 0
    axis: Direction | None = None
    begin: Annotated[float, Field(ge=0)] | Duration = 0.0


class HeatSettings(Description):
    """The line with heat: of ensembles of the layer as one moment, and of micromagnetic runs, beside the model's.

    Parameters
    ----------
    temperature : float or str
        In K.
    currents : int
        At how many of the currents that oscillate.
    members : int
        Moments at each, each a record of the line.
    duration : float or str
        Length of a record in s; lines narrower than three over it are not resolved.
    runs : int, optional
        Micromagnetic runs at each of these currents, and with each injected signal in the middle of what it locks: an
        ensemble on the native engine, whichever computes the others. None if left out.
    run_duration : float or str
        Length of each of them in s.
    seed : int
        Of the random numbers.
    """

    temperature: Annotated[Temperature, Field(gt=0)] = 300.0
    currents: Annotated[int, Field(ge=1, le=20)] = 4
    members: Annotated[int, Field(ge=2, le=10_000)] = 32
    duration: Duration = 400e-9
    runs: Annotated[int, Field(ge=2, le=100)] | None = None
    run_duration: Duration = 50e-9
    seed: Seed = 0


class InjectionSettings(Description):
    """A signal that alternates beside the direct current, and runs at the borders of what it locks.

    Each pair of a direct current and a signal is checked in micromagnetic runs: at either border of release the
    frequency is swept from the oscillator's own to a little inside and a little outside, and stays there; at either
    border of capture, where that is another one, the signal is switched on beside the free oscillator.

    Parameters
    ----------
    currents : sequence of float or str
        Direct current densities in A/m2, of the sweep.
    fields : sequence of float or str
        Amplitudes of a field in A/m ("0.5 mT/mu0"): along x where the axis is z, else across the axis towards z.
    alternating_currents : sequence of float or str
        Amplitudes in A/m2 of a current through the same terminal; the polariser's part across the axis acts.
    margin : float
        How far inside and outside the predicted border, in half widths of the range.
    sweep, hold : float or str
        Time in s in which the frequency changes, and in which it then stays at least: it is longer where three beats at
        the margin are.
    """

    currents: Annotated[tuple[CurrentDensity, ...], Field(min_length=1, max_length=10)]
    fields: Annotated[tuple[Annotated[FieldStrength, Field(gt=0)], ...], Field(max_length=10)] = ()
    alternating_currents: Annotated[tuple[Annotated[CurrentDensity, Field(gt=0)], ...], Field(max_length=10)] = ()
    margin: Annotated[float, Field(gt=0, lt=1)] = 0.05
    sweep: Duration = 10e-9
    hold: Duration = 30e-9

    @model_validator(mode="after")
    def _some_signal(self) -> InjectionSettings:
        if not self.fields + self.alternating_currents:
            raise ValueError("injection has no signal; give fields, alternating_currents or both")
        return self
