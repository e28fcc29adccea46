"""Zeeman terms of protocol and device, of strip lines, and of currents through the plane (Oersted)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, assert_never

import lazy_loader

from geometries.device import AbstractDevice
from geometries.terminals import ThroughPlane
from geometries.wires import AbstractWire
from runs.protocols.abstract import AbstractProtocol, Channel
from runs.system.time_dependence import TimeDependence, of_field_on_cells, of_shares, of_uniform_field
from runs.waveforms.waveform import Waveform

if TYPE_CHECKING:
    import discretisedfield as df
    import micromagneticmodel as mm
else:
    df, mm = lazy_loader.load("discretisedfield"), lazy_loader.load("micromagneticmodel")

__all__ = ["driven_fields", "static_fields"]


def static_fields(device: AbstractDevice, protocol: AbstractProtocol, mesh: df.Mesh) -> list[Any]:
    """Give what is on throughout: the protocol's steady field, and the device's bias."""
    terms = []
    if any(protocol.steady_field):
        terms.append(mm.Zeeman(H=protocol.steady_field, name="static_field"))
    bias = device.bias_field()
    if bias is not None:
        terms.append(mm.Zeeman(H=df.Field(mesh, nvdim=3, value=bias), name="exchange_bias"))
    return terms


def driven_fields(
    device: AbstractDevice, protocol: AbstractProtocol, channels: Sequence[Channel], mesh: df.Mesh, how: TimeDependence
) -> list[Any]:
    """Give the changing fields: on some cells, uniform axis by axis, of strip lines and of currents (Oersted)."""
    terms = [
        mm.Zeeman(
            H=df.Field(mesh, nvdim=3, value=local.field),
            name=f"local_field_{number}",
            **of_shares(local.share, how, number),
        )
        for number, local in enumerate(protocol.local_fields(device))
    ]
    for axis, waveform in enumerate(protocol.field_waveforms() or ()):
        if waveform.peak:
            direction = [0.0, 0.0, 0.0]
            direction[axis] = waveform.peak
            name = f"applied_field_{'xyz'[axis]}"
            terms.append(mm.Zeeman(H=tuple(direction), name=name, **of_uniform_field(waveform, how, axis)))
    for terminal, waveform in channels:
        if isinstance(terminal, AbstractWire):
            terms.append(_follows("strip_line", terminal, waveform, device, mesh, how))
        elif terminal.kind == "through_plane":
            if terminal.oersted:
                terms.append(_follows("oersted_field", terminal, waveform, device, mesh, how))
        elif terminal.kind == "in_plane" or terminal.kind == "heavy_metal" or terminal.kind == "voltage_gate":
            continue
        else:
            assert_never(terminal)
    return terms


def _follows(
    kind: str,
    terminal: AbstractWire | ThroughPlane,
    waveform: Waveform,
    device: AbstractDevice,
    mesh: df.Mesh,
    how: TimeDependence,
) -> Any:
    """The field that a terminal's current makes, which has the current's waveform."""
    field = df.Field(mesh, nvdim=3, value=waveform.peak * terminal.field_in(device))
    return mm.Zeeman(H=field, name=f"{kind}_{terminal.name}", **of_field_on_cells(waveform, how, terminal.name))
