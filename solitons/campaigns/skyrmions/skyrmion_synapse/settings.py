"""The junction over a row of skyrmions, the heat in which its levels are counted, and the network of such rows."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import Angle, CurrentDensity, Length, PureNumber, Temperature, Time
from geometries.regions import Interval
from solitons.campaigns.framework.device_samples import DevicesSettings
from solitons.campaigns.skyrmions.settings import ThieleFitSettings
from solitons.devices.junction_read_out import JunctionReadOut

__all__ = [
    "RowDigitsSettings",
    "RowFitSettings",
    "RowHeatSettings",
    "RowReadOut",
    "TrackGrains",
    "TracksSettings",
    "TrainingCurrent",
]


class TrainingCurrent(Description):
    """A constant current that brings the row near an edge, in a run that is fitted together with the runs of pulses.

    Pulses of one spacing end before a skyrmion is where an edge pushes most. A current that is on until the edge
    balances it gives the edge's force there.

    Parameters
    ----------
    amplitude : float or str
        Current density in A/m2, with its sign; below the one that expels the skyrmion.
    duration : float or str
        In s, a whole number of the base run's sampling intervals; short enough for the row to stay inside the
        track's ends.
    """

    amplitude: CurrentDensity
    duration: Annotated[Time, Field(gt=0)]

    @model_validator(mode="after")
    def _moves(self) -> TrainingCurrent:
        if not self.amplitude:
            raise ValueError("amplitude = 0 moves nothing; give a current density in A/m^2, or leave training out")
        return self


class RowFitSettings(ThieleFitSettings):
    """How the model is fitted to a row.

    Parameters
    ----------
    held_out, seed
        As of `ThieleFitSettings`.
    training : sequence of TrainingCurrent
        Constant currents, each in a run of its own that is never held out.
    """

    training: Annotated[tuple[TrainingCurrent, ...], Field(max_length=20)] = ()


class RowReadOut(JunctionReadOut):
    """The tunnel junction across the track that reads the row.

    Parameters
    ----------
    window : two of float or str
        Begin and end along the track, in m.
    resistance_area, tmr, polariser
        As of `JunctionReadOut`.
    """

    window: Interval


class RowHeatSettings(Description):
    """Temperatures at which the fitted row is counted up and down, and left alone.

    Parameters
    ----------
    temperatures : sequence of float or str
        In K, each above 0.
    rows : int
        How many rows are counted at each.
    error : float
        Probability of a wrong level at which a level counts as lost, up to 0.4.
    seed : int
        Seed of the heat.
    """

    temperatures: Annotated[tuple[Annotated[Temperature, Field(gt=0)], ...], Field(min_length=1, max_length=20)]
    rows: Annotated[int, Field(ge=50, le=100_000)] = 200
    error: Annotated[float, Field(gt=0, le=0.4)] = 0.05
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0


class TrackGrains(Description):
    """Grains that other tracks have; as `geometries.Grains`, with the seed of the track.

    Parameters
    ----------
    size : float or str
        Mean size in m.
    anisotropy_spread : float
        Relative standard deviation of Ku.
    axis_spread : float or str
        Standard deviation in rad of how far axes lean.
    """

    size: Annotated[Length, Field(gt=0)]
    anisotropy_spread: Annotated[PureNumber, Field(ge=0, lt=0.3)] = 0.0
    axis_spread: Annotated[Angle, Field(ge=0, le=0.5)] = 0.0


class TracksSettings(DevicesSettings):
    """How tracks of one drawing differ, each with grains or edges of a seed of its own.

    The fitted row is followed through the base run's pulses in the landscape of every track. Where three or more tracks
    are run, the spread is the runs', and the model is compared with them.

    Parameters
    ----------
    seeds : sequence of int
        One a track.
    checked : sequence of int
        Those of them in which the base run is also run in micromagnetics.
    grains : TrackGrains, optional
        Grains of these tracks; the base's own track, to which the model is fitted, is even.
    """

    grains: TrackGrains | None = None
    checked: Annotated[tuple[int, ...], Field(max_length=100)] = ()

    @model_validator(mode="after")
    def _checked_are_followed(self) -> TracksSettings:
        strange = [seed for seed in self.checked if seed not in self.seeds]
        if strange:
            raise ValueError(
                f"devices.checked = {list(self.checked)} must name some of devices.seeds = {list(self.seeds)}"
            )
        return self


class RowDigitsSettings(Description):
    """The network that reads handwritten digits with rows of the fitted skyrmion.

    Parameters
    ----------
    pulse_amplitude : float or str, optional
        Current density in A/m2 of the programming pulses; the base run's if left out.
    shortest, longest : float or str
        Range of their width in s; rise and period are as in the base run.
    seed : int
        Seed of the test split and of the write errors.
    """

    pulse_amplitude: Annotated[CurrentDensity, Field(gt=0)] | None = None
    shortest: Annotated[Time, Field(gt=0)]
    longest: Annotated[Time, Field(gt=0)]
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0

    @model_validator(mode="after")
    def _in_order(self) -> RowDigitsSettings:
        if self.shortest > self.longest:
            raise ValueError(
                f"shortest = {self.shortest} s is above longest = {self.longest} s; give the range in order"
            )
        return self
