"""Drives that a protocol in time applies at each frame, as variables of the run Dataset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geometries.device import AbstractDevice
from runs.protocols.abstract import AbstractProtocol, Channel

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["applied_in_time"]

FloatArray = npt.NDArray[np.float64]


def applied_in_time(protocol: AbstractProtocol, times: FloatArray, device: AbstractDevice) -> xr.Dataset:
    """Give currents, field and temperature at times in s; see `AbstractProtocol.applied`."""
    import xarray as xr

    channels = protocol.channels(device)
    density = [channel for channel in channels if channel.terminal.unit == "A/m^2"]
    lines = [channel for channel in channels if channel.terminal.unit == "A"]
    gates = [channel for channel in channels if channel.terminal.unit == "V"]
    variables = {"current_density": _driven(density, times, "A/m^2", "current density")}
    if lines:
        variables["current"] = _driven(lines, times, "A", "current in a strip line")
    if gates:
        variables["voltage"] = _driven(gates, times, "V", "voltage on a gate")
    waveforms = protocol.field_waveforms()
    field = np.zeros((times.size, 3)) if waveforms is None else np.stack([one(times) for one in waveforms], axis=-1)
    field += np.array(protocol.static_field)
    variables["applied_field"] = xr.DataArray(
        field, dims=("t", "vdims"), attrs={"units": "A/m", "long_name": "applied field"}
    )
    profile = protocol.temperature_profile
    if profile.peak:
        kelvin = {"units": "K", "long_name": "temperature"}
        variables["temperature"] = xr.DataArray(profile(times), dims="t", attrs=kelvin)
    return xr.Dataset(variables)


def _driven(channels: Sequence[Channel], times: FloatArray, unit: str, name: str) -> xr.DataArray:
    """Over t of one channel or none, over t and terminal of several."""
    import xarray as xr

    attributes = {"units": unit, "long_name": name}
    if len(channels) > 1:
        values = np.stack([channel.waveform(times) for channel in channels], axis=-1)
        names = [channel.terminal.name for channel in channels]
        return xr.DataArray(values, dims=("t", "terminal"), coords={"terminal": names}, attrs=attributes)
    values = channels[0].waveform(times) if channels else np.zeros(times.size)
    return xr.DataArray(values, dims="t", attrs=attributes)
