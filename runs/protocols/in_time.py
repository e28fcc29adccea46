"""Protocols in time: what is done to a device, from relaxation to the last rest.

A protocol is a list of steps in the order in which they happen. Each adds to the waveforms
of what it drives: terminals, the applied field, the temperature. An engine runs the whole
protocol as a single drive.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator
from typing_extensions import override

from geometries.device import AbstractDevice
from geometries.quantities import Temperature, format_quantity
from geometries.sizes import MOST_BREAKPOINTS, MOST_FRAMES, refuse_more
from geometries.terminals import AnyTerminal
from runs.protocols.abstract import AbstractProtocol, Channel
from runs.protocols.abstract_step import Duration
from runs.protocols.channels import in_device, same_for_all
from runs.protocols.moving_window import MovingWindow
from runs.protocols.steps import AtOnce, Placed, Relax, Step, place
from runs.protocols.waveforms_of_steps import (
    check_in_turn,
    current_waveform,
    field_waveforms,
    pulse_edges,
    temperature_waveform,
)
from runs.waveforms.times import tidy
from runs.waveforms.waveform import PiecewiseLinear, Waveform

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Protocol"]

# In s: a thousand million time steps of a solver, weeks for the smallest mesh.
_LONGEST = 1e-3

FloatArray = npt.NDArray[np.float64]


class Protocol(AbstractProtocol):
    """Steps done to a device in time, in order.

    Parameters
    ----------
    steps : sequence
        Relax, Rest, CurrentPulses, StripLinePulses, FieldPulses, FieldRamp,
        TemperatureRamp, ConstantCurrent, CurrentLines, ConstantStripLine, ConstantField,
        AlternatingCurrent, AlternatingStripLine, AlternatingField, StripLineSinc, VoltagePulses,
        ConstantVoltage, AlternatingVoltage or AtOnce; at least one takes time.
    sampling_interval : float or str
        Time between two frames in s; it must divide the protocol's duration.
    static_field : three of float or str
        Field strength H in A/m that is on throughout, relaxation included.
    temperature : float or str
        Temperature in K at the beginning; above 0 there is a thermal field, which the
        native engine has. A relaxation is without it.
    seed : int
        Seed of the thermal field.
    moving_window : MovingWindow, optional
        Makes the device a window that follows a wall or a skyrmion along a track without ends.

    Raises
    ------
    pydantic.ValidationError
        If a relaxation is not the first step, no step takes time, two steps drive one
        thing at once, or the frames do not divide the duration.

    Examples
    --------
    >>> from runs import AlternatingCurrent, Rest
    >>> wave = AlternatingCurrent(amplitude="1e11 A/m^2", frequency="5 GHz", duration="1 ns", ramp="0.1 ns")
    >>> Protocol(steps=[Relax(), wave, Rest(duration="1 ns")]).duration
    2e-09
    """

    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    sampling_interval: Duration = 50e-12
    temperature: Annotated[Temperature, Field(ge=0)] = 0.0
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    moving_window: MovingWindow | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_torques(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and "torques" in data:
            raise ValueError(
                "torques is no key any more: the kind of a terminal decides on the torque; leave it out for a current "
                'in the magnet, or give the device terminals such as {"kind": "heavy_metal", "name": "metal"}'
            )
        return data

    @model_validator(mode="after")
    def _check(self) -> Protocol:
        if any(isinstance(step, Relax) for step in self.steps[1:]):
            raise ValueError(
                "steps: relax is allowed as the first step only, since it has no duration; use "
                "'do: rest' to wait for a finite time"
            )
        duration = self.duration
        if duration == 0:
            raise ValueError("steps take no time; add a 'rest', pulses or a ramp after 'relax'")
        self._check_size(duration)
        check_in_turn(self._placed)
        frames = round(duration / self.sampling_interval)
        if frames < 1 or not math.isclose(frames * self.sampling_interval, duration, rel_tol=1e-9):
            nearest = duration / max(frames, 1)
            raise ValueError(
                f"sampling_interval = {self.sampling_interval} s does not divide the duration of the steps, "
                f"{duration:.9g} s; {nearest:.9g} s would"
            )
        return self

    def _check_size(self, duration: float) -> None:
        """Refuse what takes more time steps, frames or breakpoints than could be computed, before any is made."""
        if duration > _LONGEST:
            raise ValueError(
                f"steps take {format_quantity(duration, 's')}, and at most {format_quantity(_LONGEST, 's')} are taken: "
                f"a solver would make {duration / 1e-12:.0e} steps of about a picosecond; check the units, a bare "
                'number is in s, and 5 ns is written "5 ns"'
            )
        refuse_more(
            f"sampling_interval = {format_quantity(self.sampling_interval, 's')} in {format_quantity(duration, 's')}",
            duration / self.sampling_interval,
            MOST_FRAMES,
            "frames",
            "choose a longer interval",
        )
        flat = [
            step for each in self.steps for step in (sum(each.branches, ()) if isinstance(each, AtOnce) else (each,))
        ]
        refuse_more(
            f"steps: {', '.join(sorted({repr(step.do) for step in flat}))}",
            sum(step.breakpoints * max(1, len(step.driven)) for step in flat),
            MOST_BREAKPOINTS,
            "breakpoints of the waveforms",
            "give fewer pulses (a pulse has four) or periods (four in each), in several runs if need be",
        )

    @cached_property
    def _placed(self) -> tuple[Placed, ...]:
        return place(self.steps)

    @property
    @override
    def relaxes(self) -> bool:
        """Whether the protocol starts with a relaxation."""
        return isinstance(self.steps[0], Relax)

    @property
    def duration(self) -> float:
        """Length of the drive in s."""
        return tidy(sum(step.duration for step in self.steps))

    @property
    def sample_times(self) -> FloatArray:
        """Times of the frames in s, from 0 to the end."""
        return np.linspace(0.0, self.duration, self.frame_count)

    @property
    @override
    def frame_count(self) -> int:
        """One at the beginning, and one at the end of every interval."""
        return 1 + round(self.duration / self.sampling_interval)

    @property
    @override
    def temperature_profile(self) -> PiecewiseLinear:
        """Temperature in K."""
        return temperature_waveform(self.temperature, self._placed)

    @property
    @override
    def thermal_seed(self) -> int:
        """Seed of the thermal field."""
        return self.seed

    @property
    def current_density(self) -> PiecewiseLinear:
        """Current density in A/m2 of the terminal that is driven, or of all that are driven alike.

        Raises
        ------
        ValueError
            If terminals are driven differently (`current` gives each one's), or the
            current alternates.
        """
        return self.current().straight_lines("protocol.steps: the current")

    def current(self, terminal: str | None = None) -> Waveform:
        """Give the current density (A/m2; A of a strip line, V of a gate) that the steps put into a terminal.

        Parameters
        ----------
        terminal : str, optional
            As the steps name it; not needed where all that are driven are driven alike.

        Raises
        ------
        ValueError
            If no step drives the terminal, or it is needed.
        """
        return same_for_all(self._placed, current_waveform, terminal)

    @property
    def applied_field(self) -> tuple[PiecewiseLinear, PiecewiseLinear, PiecewiseLinear]:
        """Field strength in A/m along x, y and z, beside `static_field`.

        Raises
        ------
        ValueError
            If it alternates; `field_waveforms` gives that too.
        """
        x, y, z = (
            wave.straight_lines(f"protocol.steps: the applied field along {axis}")
            for axis, wave in zip("xyz", self.field_waveforms(), strict=True)
        )
        return x, y, z

    def pulse_edges(self, terminal: str | None = None) -> FloatArray:
        """Give the start and end in s of every current pulse in a terminal: float, shape (pulses, 2).

        Parameters
        ----------
        terminal : str, optional
            As for `current`.
        """
        return same_for_all(self._placed, pulse_edges, terminal)

    @override
    def channels(self, device: AbstractDevice) -> tuple[Channel, ...]:
        if device.terminals not in self._channels:
            self._channels[device.terminals] = in_device(self._placed, device)
        return self._channels[device.terminals]

    @cached_property
    def _channels(self) -> dict[tuple[AnyTerminal, ...], tuple[Channel, ...]]:
        """Those of the devices that were asked about: a run, its engine and its analysis ask again and again."""
        return {}

    @property
    @override
    def window(self) -> MovingWindow | None:
        """The moving window."""
        return self.moving_window

    @override
    def check(self, device: AbstractDevice) -> None:
        self.channels(device)
        if self.moving_window is not None:
            self.moving_window.check(device)

    @override
    def field_waveforms(self) -> tuple[Waveform, Waveform, Waveform]:
        return field_waveforms(self._placed)

    @override
    def frames(self) -> xr.Variable:
        import xarray as xr

        return xr.Variable("t", self.sample_times, {"units": "s", "long_name": "time"})

    @override
    def applied(self, device: AbstractDevice) -> xr.Dataset:
        from runs.protocols.applied import applied_in_time

        return applied_in_time(self, self.sample_times, device)
