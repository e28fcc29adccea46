"""Interface of protocols, so that no code depends on their class."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from geometries.description import Description
from geometries.device import AbstractDevice
from geometries.quantities import FieldStrength
from geometries.terminals import AnyTerminal
from runs.protocols.moving_window import MovingWindow
from runs.waveforms.waveform import PiecewiseLinear, Waveform

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["AbstractProtocol", "AbstractRestProtocol", "Channel", "FieldOnCells", "Vector"]

FloatArray = npt.NDArray[np.float64]
Vector = tuple[FieldStrength, FieldStrength, FieldStrength]


class Channel(NamedTuple):
    """A terminal that a protocol drives, and its waveform in A/m^2, of a strip line in A, of a gate in V."""

    terminal: AnyTerminal
    waveform: Waveform


class FieldOnCells(NamedTuple):
    """A field on some cells that comes up from frame to frame.

    `field` (nx, ny, nz, 3) is the field strength H in A/m when it is all there, and `share` (frames,) how much of it is
    there, from 0 to 1.
    """

    field: FloatArray
    share: FloatArray


class AbstractProtocol(Description, ABC):
    """Protocol of a device's drive.

    A protocol either goes through time (frames along ``t``) or through fields in each of
    which the magnetisation comes to rest (frames along ``step``, `rest_fields`). Engines,
    the system and the run Dataset ask it for its frames, channels, fields and temperature,
    and never for its class. The defaults here describe a protocol without currents, at
    0 K.

    Parameters
    ----------
    static_field : three of float or str
        Field strength H in A/m along x, y, z that is on throughout.
    """

    static_field: Vector = (0.0, 0.0, 0.0)

    @abstractmethod
    def frames(self) -> xr.Variable:
        """Give the coordinate of the frames: along ``t`` (s, from 0), or along ``step`` (counted from 0)."""

    @property
    @abstractmethod
    def frame_count(self) -> int:
        """How many frames there are, without a list of them."""

    @abstractmethod
    def applied(self, device: AbstractDevice) -> xr.Dataset:
        """Give what is applied at every frame, without the coordinate of the frames.

        It has ``applied_field (t | step, vdims)`` in A/m with the static field in it; in time ``current_density``
        (A/m^2), where a strip line is driven ``current`` (A), and for a gate ``voltage`` (V), over ``t`` or, of several
        terminals, ``(t, terminal)``; above 0 K ``temperature (t)``.
        """

    @abstractmethod
    def check(self, device: AbstractDevice) -> None:
        """Refuse what does not fit a device: a terminal, islands or sites that it does not have."""

    @property
    @abstractmethod
    def relaxes(self) -> bool:
        """Whether the first frame is a state of rest."""

    @property
    def rest_fields(self) -> FloatArray | None:
        """Fields in A/m in which the magnetisation comes to rest, shape (steps, 3); None in time."""
        return None

    @property
    def steady_field(self) -> tuple[float, float, float]:
        """Field in A/m that is on throughout and not part of `rest_fields`."""
        return self.static_field

    @property
    def temperature_profile(self) -> PiecewiseLinear:
        """Temperature in K."""
        return PiecewiseLinear((0.0,), (0.0,))

    @property
    def thermal_seed(self) -> int:
        """Seed of the thermal field."""
        return 0

    @property
    def window(self) -> MovingWindow | None:
        """The moving window, with the device as its inside; None if the device is all there is."""
        return None

    @property
    def way_through(self) -> tuple[AbstractDevice, ...]:
        """Devices whose starts, at rest, a way of least energy passes; none where states follow from a drive."""
        return ()

    def guessed_way(self, start: FloatArray, end: FloatArray) -> FloatArray:
        """States (images, nx, ny, nz, 3) from which the way between two states of rest is found."""
        raise NotImplementedError(f"protocol {type(self).__name__} has no way of least energy")

    def channels(self, device: AbstractDevice) -> tuple[Channel, ...]:  # noqa: ARG002 - for those that have some
        """Give the terminals of a device that are driven, each with its waveform, in the device's order.

        A ValueError if a step names no terminal of the device, or none where there are several.
        """
        return ()

    def field_waveforms(self) -> tuple[Waveform, Waveform, Waveform] | None:
        """Give the uniform field in A/m along x, y and z beside the static one; None where it is not one of time."""
        return None

    def local_fields(self, device: AbstractDevice) -> tuple[FieldOnCells, ...]:  # noqa: ARG002 - as above
        """Give the fields that act on some cells only."""
        return ()


class AbstractRestProtocol(AbstractProtocol):
    """A protocol whose frames are states of rest, along ``step``: `rest_fields` have the static field in them."""

    @property
    @override
    def relaxes(self) -> bool:
        """Always."""
        return True

    @property
    @override
    @abstractmethod
    def rest_fields(self) -> FloatArray:
        """Fields in A/m in which the magnetisation comes to rest, shape (steps, 3)."""

    @property
    @override
    def steady_field(self) -> tuple[float, float, float]:
        """None, since `rest_fields` has the static one in it."""
        return (0.0, 0.0, 0.0)
