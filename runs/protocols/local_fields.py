"""The fields that a protocol puts on chosen islands of a spin ice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geometries import SpinIce
from geometries.device import AbstractDevice
from geometries.spin_ice.placement import PlacedIslands
from runs.protocols.local_steps import LocalChange, LocalRampTo

__all__ = ["LocalField", "cell_values", "local_fields"]

FloatArray = npt.NDArray[np.float64]


class LocalField(NamedTuple):
    """A field on islands that comes up as a protocol goes on.

    Attributes
    ----------
    on_islands : numpy.ndarray, shape (islands, 3)
        Field strength H in A/m when it is all there.
    share : numpy.ndarray, shape (states,)
        How much of it is there, from 0 to 1.
    """

    on_islands: FloatArray
    share: FloatArray


def local_fields(device: AbstractDevice, changes: Sequence[LocalChange]) -> tuple[LocalField, ...]:
    """Give the fields on islands, one for each change of the local field.

    Parameters
    ----------
    device : SpinIce
        Whose islands they are.
    changes : sequence of LocalChange
        Those of a protocol, in order.

    Returns
    -------
    tuple of LocalField
        The local field is their sum over share x on_islands. A step that takes a field
        back is one of the opposite sign.

    Raises
    ------
    ValueError
        If the device has no islands, no such port, or none at a site.
    """
    if not changes:
        return ()
    if not isinstance(device, SpinIce):
        raise ValueError(
            f"protocol.steps has a local field, and device is a {device.kind}, which has no islands; leave it out, or "
            "use a spin_ice"
        )
    placed = device.placed_islands()
    present = np.zeros((placed.site.size, 3))
    fields = []
    for change in changes:
        target = present.copy()
        chosen = _islands(device, placed, change.step)
        target[chosen] = change.step.to * _directions(placed, change.step)[chosen]
        fields.append(LocalField(target - present, change.share))
        present = target
    return tuple(fields)


def cell_values(ice: AbstractDevice, on_islands: FloatArray) -> FloatArray:
    """Give values of islands to their cells: shape (nx, ny, nz, 3), 0 in bridges and outside."""
    # Label 0 takes the first entry, -1, a bridge, the last.
    table = np.concatenate([np.zeros((1, 3)), on_islands, np.zeros((1, 3))])
    values: FloatArray = table[ice.labels().values]
    return values


def _directions(placed: PlacedIslands, step: LocalRampTo) -> FloatArray:
    if step.angle is None:
        return np.pad(placed.axis, ((0, 0), (0, 1)))
    flat = np.cos(step.elevation)
    direction = [flat * np.cos(step.angle), flat * np.sin(step.angle), np.sin(step.elevation)]
    return np.broadcast_to(np.array(direction), (placed.site.size, 3))


def _islands(device: SpinIce, placed: PlacedIslands, step: LocalRampTo) -> npt.NDArray[np.intp]:
    """Numbers of the islands that a step acts on."""
    sites = step.sites
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
