"""Protocols: what is done to a device, from relaxation to the last rest.

A protocol is a list of steps in the order in which they happen. Each step adds
breakpoints to two waveforms, the current density along the stripe J(t) and the
applied field H(t); both are piecewise linear, so that an engine can run the
whole protocol as a single drive.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import CurrentDensity, FieldStrength, Temperature, Time
from runs.protocols.waveform import PiecewiseLinear

__all__ = [
    "CurrentPulses",
    "FieldPulses",
    "FieldRamp",
    "Protocol",
    "Relax",
    "Rest",
    "Step",
    "TemperatureRamp",
]

Polarity = Literal["positive", "negative", "alternating"]
Vector = tuple[FieldStrength, FieldStrength, FieldStrength]


def _tidy(time: float) -> float:
    # Sums of decimal times carry rounding noise that would let one pulse end after the next starts.
    return float(f"{time:.12g}")


class Relax(Description):
    """Let the magnetisation find its energy minimum before the clock starts.

    It has no duration and may only be the first step; `Protocol.static_field` is
    on while it relaxes, currents are off.
    """

    do: Literal["relax"] = "relax"


class Rest(Description):
    """Wait without current; the field stays as the step before left it.

    Parameters
    ----------
    duration : float or str
        How long, in s.
    """

    do: Literal["rest"] = "rest"
    duration: Annotated[Time, Field(gt=0)]


class _Pulses(Description):
    """A train of equal trapezoidal pulses.

    A pulse rises linearly for `rise`, stays up, and falls for `rise`, so that its
    area is amplitude x (width - rise): `width` is the time from the start of the
    rise to the end of the fall. The next pulse starts a `period` after the start
    of the one before.
    """

    width: Annotated[Time, Field(gt=0)]
    period: Annotated[Time, Field(gt=0)]
    rise: Annotated[Time, Field(ge=0)] = 0.0
    count: Annotated[int, Field(ge=1)] = 1
    polarity: Polarity = "positive"

    @model_validator(mode="after")
    def _check_times(self) -> _Pulses:
        if self.width > self.period * (1 + 1e-12):
            raise ValueError(
                f"width = {self.width} s is longer than period = {self.period} s, so that pulses would "
                "overlap; shorten the width or lengthen the period"
            )
        if 2 * self.rise > self.width * (1 + 1e-12):
            raise ValueError(
                f"rise = {self.rise} s is more than half of width = {self.width} s, so that a pulse never "
                "reaches its amplitude; shorten the rise or lengthen the width"
            )
        return self

    @property
    def duration(self) -> float:
        """Length of the train in s, with the rest of the last period."""
        return self.count * self.period

    def shape(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Breakpoints of the train: times in s from its start, values from -1 to 1."""
        times: list[float] = []
        values: list[float] = []
        for index in range(self.count):
            sign = -1.0 if self.polarity == "negative" else 1.0
            if self.polarity == "alternating" and index % 2:
                sign = -1.0
            start = index * self.period
            times += [start, start + self.rise, start + self.width - self.rise, start + self.width]
            values += [0.0, sign, sign, 0.0]
        return np.array(times), np.array(values)


class CurrentPulses(_Pulses):
    """A train of current pulses.

    Parameters
    ----------
    amplitude : float or str
        Current density in A/m2 (not negative; the sign is the `polarity`'s). A
        positive current flows along +x.
    width, period, rise : float or str
        Whole length of a pulse, distance of the starts of two pulses, and length
        of the linear rise and of the fall, in s.
    count : int
        How many pulses.
    polarity : {"positive", "negative", "alternating"}
        Sign of the pulses; an alternating train starts positive.
    """

    do: Literal["current pulses"] = "current pulses"
    amplitude: Annotated[CurrentDensity, Field(ge=0)]


class FieldPulses(_Pulses):
    """A train of field pulses.

    Parameters
    ----------
    amplitude : three of float or str
        Field strength H in A/m along x, y, z ("10 mT/mu0"), added to the field
        that the step before left.
    width, period, rise, count, polarity
        As for `CurrentPulses`.
    """

    do: Literal["field pulses"] = "field pulses"
    amplitude: Vector


class FieldRamp(Description):
    """Sweep the field linearly to a value, and leave it there.

    Parameters
    ----------
    to : three of float or str
        Field strength H in A/m along x, y, z at the end, beside
        `Protocol.static_field`.
    duration : float or str
        Length of the sweep in s.
    """

    do: Literal["field ramp"] = "field ramp"
    to: Vector
    duration: Annotated[Time, Field(gt=0)]


class TemperatureRamp(Description):
    """Heat or cool linearly to a temperature, and stay there.

    The field stays as the step before left it. Heated so that its islands turn, and
    cooled slowly, a spin ice demagnetises.

    Parameters
    ----------
    to : float or str
        Temperature at the end, in K.
    duration : float or str
        Length of the ramp in s.
    """

    do: Literal["temperature ramp"] = "temperature ramp"
    to: Annotated[Temperature, Field(ge=0)]
    duration: Annotated[Time, Field(gt=0)]


Step = Annotated[Relax | Rest | CurrentPulses | FieldPulses | FieldRamp | TemperatureRamp, Field(discriminator="do")]


class Protocol(Description):
    """What is done to a device, in order.

    Parameters
    ----------
    steps : sequence of Relax, Rest, CurrentPulses, FieldPulses, FieldRamp or TemperatureRamp
        The steps; at least one takes time.
    sampling_interval : float or str
        Time between two frames in s; it must divide the protocol's duration.
    torques : sequence of {"zhang-li", "spin-orbit"}
        How the current acts: through the magnet by Zhang-Li spin-transfer torque,
        or through a heavy-metal layer below it by spin-orbit torque (damping-like
        from `Material.spin_hall_angle`, field-like from its
        `field_like_ratio`). With both, the same current density flows in both
        layers.
    static_field : three of float or str
        Field strength H in A/m that is on throughout, relaxation included.
    temperature : float or str
        Temperature in K at the beginning; above 0 there is a thermal field, which the
        native engine has. A relaxation is without it.
    seed : int
        Seed of the thermal field.
    """

    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    sampling_interval: Annotated[Time, Field(gt=0)] = 50e-12
    torques: tuple[Literal["zhang-li", "spin-orbit"], ...] = ("zhang-li",)
    static_field: Vector = (0.0, 0.0, 0.0)
    temperature: Annotated[Temperature, Field(ge=0)] = 0.0
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0

    @model_validator(mode="after")
    def _check(self) -> Protocol:
        if any(isinstance(step, Relax) for step in self.steps[1:]):
            raise ValueError(
                "steps: relax is allowed as the first step only, since it has no duration; use "
                "'do: rest' to wait for a finite time"
            )
        if len(set(self.torques)) != len(self.torques):
            raise ValueError(f"torques = {list(self.torques)} names one twice; name each once")
        duration = self.duration
        if duration == 0:
            raise ValueError("steps take no time; add a 'rest', pulses or a ramp after 'relax'")
        frames = round(duration / self.sampling_interval)
        if frames < 1 or not math.isclose(frames * self.sampling_interval, duration, rel_tol=1e-9):
            nearest = duration / max(frames, 1)
            raise ValueError(
                f"sampling_interval = {self.sampling_interval} s does not divide the duration of the steps, "
                f"{duration:.9g} s; {nearest:.9g} s would"
            )
        return self

    @property
    def relaxes(self) -> bool:
        """Whether the protocol starts with a relaxation."""
        return isinstance(self.steps[0], Relax)

    @property
    def duration(self) -> float:
        """Length of the drive in s."""
        return _tidy(sum(step.duration for step in self.steps if not isinstance(step, Relax)))

    @property
    def sample_times(self) -> npt.NDArray[np.float64]:
        """Times of the frames in s, from 0 to the end."""
        frames = round(self.duration / self.sampling_interval)
        return np.linspace(0.0, self.duration, frames + 1)

    @property
    def temperature_profile(self) -> PiecewiseLinear:
        """Temperature in K."""
        points, start = [(0.0, self.temperature)], 0.0
        for step in self.steps:
            if isinstance(step, Relax):
                continue
            if isinstance(step, TemperatureRamp):
                points += [(start, points[-1][1]), (start + step.duration, step.to)]
            start += step.duration
        return _joined(points)

    @property
    def current_density(self) -> PiecewiseLinear:
        """Current density along +x in A/m2."""
        return self._waveforms()[0]

    @property
    def applied_field(self) -> tuple[PiecewiseLinear, PiecewiseLinear, PiecewiseLinear]:
        """Field strength in A/m along x, y and z, beside `static_field`."""
        return self._waveforms()[1]

    def pulse_edges(self) -> npt.NDArray[np.float64]:
        """Start and end in s of every current pulse: float, shape (pulses, 2)."""
        edges: list[tuple[float, float]] = []
        start = 0.0
        for step in self.steps:
            if isinstance(step, Relax):
                continue
            if isinstance(step, CurrentPulses):
                edges += [
                    (_tidy(start + index * step.period), _tidy(start + index * step.period + step.width))
                    for index in range(step.count)
                ]
            start += step.duration
        return np.array(edges, dtype=float).reshape(-1, 2)

    def _waveforms(
        self,
    ) -> tuple[PiecewiseLinear, tuple[PiecewiseLinear, PiecewiseLinear, PiecewiseLinear]]:
        current: list[tuple[float, float]] = [(0.0, 0.0)]
        field: list[tuple[float, npt.NDArray[np.float64]]] = [(0.0, np.zeros(3))]
        start = 0.0
        for step in self.steps:
            if isinstance(step, Relax):
                continue
            if isinstance(step, CurrentPulses):
                times, values = step.shape()
                current += list(zip(start + times, step.amplitude * values, strict=True))
            elif isinstance(step, FieldPulses):
                times, values = step.shape()
                base, pulse = field[-1][1], np.array(step.amplitude)
                field += [(start + t, base + value * pulse) for t, value in zip(times, values, strict=True)]
            elif isinstance(step, FieldRamp):
                field += [(start, field[-1][1]), (start + step.duration, np.array(step.to))]
            start += step.duration
        x, y, z = (_joined([(time, float(value[axis])) for time, value in field]) for axis in range(3))
        return _joined(current), (x, y, z)


def _joined(points: list[tuple[float, float]]) -> PiecewiseLinear:
    """Breakpoints as a waveform; of several at one time the first and the last make the jump."""
    kept: list[tuple[float, float]] = []
    for time, value in points:
        point = (_tidy(time), float(value))
        if len(kept) > 1 and kept[-2][0] == kept[-1][0] == point[0]:
            kept[-1] = point
        elif not kept or kept[-1] != point:
            kept.append(point)
    return PiecewiseLinear(tuple(time for time, _ in kept), tuple(value for _, value in kept))
