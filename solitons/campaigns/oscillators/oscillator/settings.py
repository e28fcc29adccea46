"""How an oscillator is followed and fitted, heated, and locked."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

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
    """Ensembles of the layer as one moment with heat, whose line is compared with the model's.

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
    seed : int
        Of the random numbers.
    """

    temperature: Annotated[Temperature, Field(gt=0)] = 300.0
    currents: Annotated[int, Field(ge=1, le=20)] = 4
    members: Annotated[int, Field(ge=2, le=10_000)] = 32
    duration: Duration = 400e-9
    seed: Seed = 0


class InjectionSettings(Description):
    """A field that alternates across the axis beside the direct current, and runs at the borders of what it locks.

    Each pair of a current and a field is checked in four micromagnetic runs: at either border the frequency is swept
    from the oscillator's own to a little inside and a little outside, and stays there.

    Parameters
    ----------
    currents : sequence of float or str
        Direct current densities in A/m2, of the sweep.
    fields : sequence of float or str
        Amplitudes of the field in A/m ("0.5 mT/mu0"): along x where the axis is z, else across the axis towards z.
    margin : float
        How far inside and outside the predicted border, in half widths of the range.
    sweep, hold : float or str
        Time in s in which the frequency changes, and in which it then stays at least: it is longer where three beats at
        the margin are.
    """

    currents: Annotated[tuple[CurrentDensity, ...], Field(min_length=1, max_length=10)]
    fields: Annotated[tuple[Annotated[FieldStrength, Field(gt=0)], ...], Field(min_length=1, max_length=10)]
    margin: Annotated[float, Field(gt=0, lt=1)] = 0.05
    sweep: Duration = 10e-9
    hold: Duration = 30e-9
