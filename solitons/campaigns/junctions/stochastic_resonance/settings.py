"""The settings of a campaign of stochastic resonance: the junction, the drive, what is swept, and what is counted."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import CurrentDensity, Duration, Frequency, PureNumber, Temperature, Time, Voltage

__all__ = ["DriveSettings", "EnsembleSettings", "GivenRates", "LockingSettings", "NoiseSettings", "RecordSettings"]

PositiveTemperature = Annotated[Temperature, Field(gt=0)]
PositiveCurrent = Annotated[CurrentDensity, Field(gt=0)]
PositiveVoltage = Annotated[Voltage, Field(gt=0)]
PositiveFrequency = Annotated[Frequency, Field(gt=0)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]


class GivenRates(Description):
    """A junction by its rates of Neel and Arrhenius, as a fit to counts or dwells gives them.

    Parameters
    ----------
    attempt_rate : float or str
        f_0 in Hz.
    stability : float
        The barrier over k T at `temperature`.
    critical_current : float or str
        J_c in A/m2, towards the upper state.
    exponent : float
        n: 2 of a perpendicular layer, about 1 of an ellipse in the plane.
    temperature : float or str
        Temperature at which the stability is given, in K.
    source : str
        Source of the numbers; the report names it.
    """

    attempt_rate: PositiveFrequency
    stability: Annotated[PureNumber, Field(gt=0, le=500)]
    critical_current: PositiveCurrent
    exponent: Annotated[PureNumber, Field(ge=0.5, le=4)] = 2.0
    temperature: PositiveTemperature = 300.0
    source: Annotated[str, Field(min_length=1)]


class DriveSettings(Description):
    """The periodic drive.

    Parameters
    ----------
    amplitude : float or str, optional
        Current density in A/m2; or
    voltage : float or str, optional
        Voltage over the pillar in V, by the barrier's mean conductance.
    frequency : float or str
        In Hz.
    shape : {"sine", "square"}
    """

    amplitude: PositiveCurrent | None = None
    voltage: PositiveVoltage | None = None
    frequency: PositiveFrequency
    shape: Literal["sine", "square"] = "sine"

    @model_validator(mode="after")
    def _one_size(self) -> DriveSettings:
        if (self.amplitude is None) == (self.voltage is None):
            raise ValueError("give the size of the drive once: amplitude in A/m^2, or voltage in V")
        return self


class NoiseSettings(Description):
    """Electrical noise on the drive, Gaussian and fast beside the dwells.

    Parameters
    ----------
    currents : sequence of float or str
        Standard deviations in A/m2; or
    voltages : sequence of float or str
        In V over the pillar, by the barrier's mean conductance.
    lasting : float or str, optional
        Time in s for which the noise keeps each value. Ten times the time of motion in a well of a pillar, and
        very short beside the dwells of rates that are given, if left out.
    """

    currents: Annotated[tuple[PositiveCurrent, ...], Field(max_length=60)] = ()
    voltages: Annotated[tuple[PositiveVoltage, ...], Field(max_length=60)] = ()

    lasting: Annotated[Time, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _one_list(self) -> NoiseSettings:
        if bool(self.currents) == bool(self.voltages):
            raise ValueError("give the noise once: a list of currents in A/m^2, or of voltages in V")
        return self


class RecordSettings(Description):
    """Records of the junction at each point.

    Parameters
    ----------
    periods : int
        Periods of the drive in a record.
    members : int
        Records with seeds of their own, from which intervals come.
    sampling_interval : float or str, optional
        Interval of the read-out in s, which integrates over it; a 64th of a period if left out.
    seed : int
    """

    periods: Annotated[int, Field(ge=20, le=100_000)] = 200
    members: Annotated[int, Field(ge=8, le=10_000)] = 32
    sampling_interval: Annotated[Duration, Field(gt=0)] | None = None
    seed: Seed = 0


class LockingSettings(Description):
    """Maps of where the junction is locked to a square wave.

    Parameters
    ----------
    amplitudes : sequence of float
        Over the critical current, each below 1.
    frequencies : sequence of float or str
        In Hz.
    surely : float
        Probability of a flip in a half period on the first border, and of none on the second.
    periods, members : int
        Counted at each point.
    """

    amplitudes: Annotated[tuple[Annotated[PureNumber, Field(gt=0, lt=1)], ...], Field(min_length=2, max_length=40)]
    frequencies: Annotated[tuple[PositiveFrequency, ...], Field(min_length=2, max_length=40)]
    surely: Annotated[PureNumber, Field(gt=0.5, lt=1)] = 0.95
    periods: Annotated[int, Field(ge=10, le=10_000)] = 60
    members: Annotated[int, Field(ge=4, le=1000)] = 8


class EnsembleSettings(Description):
    """Thermal macrospins that check the rates at a few points.

    Parameters
    ----------
    trajectories, periods : int
        Followed, and counted after one period more.
    points : int
        Points of the swept axis.
    """

    trajectories: Annotated[int, Field(ge=10, le=100_000)] = 100
    periods: Annotated[int, Field(ge=1, le=1000)] = 2
    points: Annotated[int, Field(ge=1, le=20)] = 3
