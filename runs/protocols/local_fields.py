"""The fields that a protocol puts on chosen islands of a spin ice, or on chosen magnets of an array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geometries import MagnetArray, SpinIce
from geometries.device import AbstractDevice
from geometries.spin_ice.placement import PlacedIslands
from runs.protocols.spin_ice.local_steps import LocalChange, LocalRampTo

__all__ = ["LocalField", "cell_values", "local_fields"]

FloatArray = npt.NDArray[np.float64]


class LocalField(NamedTuple):
    """A field on islands that comes up as a protocol goes on.

    `on_islands` (islands, 3) is the field strength H in A/m when it is all there, and `share` (states,) how much of it
    is there, from 0 to 1.
    """

    on_islands: FloatArray
    share: FloatArray


def local_fields(device: AbstractDevice, changes: Sequence[LocalChange]) -> tuple[LocalField, ...]:
    """Give the fields on islands or magnets of a device, one for each change of the local field, in order.

    The local field is their sum over share x on_islands. A step that takes a field back is one of the opposite sign. A
    ValueError if the device has no islands or magnets, no such port or magnet, or none at a site.
    """
    if not changes:
        return ()
    if isinstance(device, SpinIce):
        placed = device.placed_islands()
        axes = np.pad(placed.axis, ((0, 0), (0, 1)))
        chosen = [_islands(device, placed, change.step) for change in changes]
    elif isinstance(device, MagnetArray):
        axes = device.axes
        chosen = [_magnets(device, change.step) for change in changes]
    else:
        raise ValueError(
            f"protocol.steps has a local field, and device is a {device.kind}, which has no islands and no magnets; "
            "leave it out, or use a spin_ice or a magnet_array"
        )
    present = np.zeros(axes.shape)
    fields = []
    for change, where in zip(changes, chosen, strict=True):
        target = present.copy()
        target[where] = change.step.to * _directions(axes, change.step)[where]
        fields.append(LocalField(target - present, change.share))
        present = target
    return tuple(fields)


def cell_values(device: AbstractDevice, on_islands: FloatArray) -> FloatArray:
    """Give values of islands or magnets to their cells: shape (nx, ny, nz, 3), 0 in bridges and outside."""
    # Label 0 takes the first entry, -1, a bridge, the last.
    table = np.concatenate([np.zeros((1, 3)), on_islands, np.zeros((1, 3))])
    values: FloatArray = table[device.labels().values]
    return values


def _directions(axes: FloatArray, step: LocalRampTo) -> FloatArray:
    if step.angle is None:
        return axes
    flat = np.cos(step.elevation)
    direction = [flat * np.cos(step.angle), flat * np.sin(step.angle), np.sin(step.elevation)]
    return np.broadcast_to(np.array(direction), axes.shape)


def _magnets(device: MagnetArray, step: LocalRampTo) -> npt.NDArray[np.intp]:
    """Numbers of the magnets that a step acts on."""
    if step.magnets is None:
        given = "port" if step.port is not None else "sites"
        raise ValueError(
            f"protocol.steps: a local field acts on {given}, and device is a magnet_array; name its magnets as magnets"
        )
    try:
        return np.array([device.index(name) for name in step.magnets], dtype=np.intp)
    except ValueError as error:
        raise ValueError(f"protocol.steps: a local field: {error}") from error


def _islands(device: SpinIce, placed: PlacedIslands, step: LocalRampTo) -> npt.NDArray[np.intp]:
    """Numbers of the islands that a step acts on."""
    sites = step.sites
    if step.magnets is not None:
        raise ValueError(
            f"protocol.steps: a local field acts on magnet {step.magnets[0]!r}, and device is a spin_ice; give a port "
            "or sites"
        )
    if sites is None:
        driven = {port.name: port for port in device.ports if port.role == "driven"}
        if step.port not in driven:
            other = next((port.role for port in device.ports if port.name == step.port), None)
            problem = f"is {other!r}" if other else "is no port of the device"
            names = ", ".join(map(repr, driven)) or "none"
            raise ValueError(
                f"protocol.steps: port {step.port!r} {problem}; a local field acts on a driven port, of which there "
                f"are: {names}"
            )
        sites = device.port_sites()[step.port]
    missing = sorted(set(sites) - set(placed.site.tolist()))
    if missing:
        raise ValueError(
            f"protocol.steps: a local field acts on site {missing[0]}, at which there is no island; the device has "
            f"{placed.site.size} islands at sites from {placed.site.min()} to {placed.site.max()}"
        )
    return np.flatnonzero(np.isin(placed.site, sites))
