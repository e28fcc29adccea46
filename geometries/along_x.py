"""Whether a device is the same all along x, as a window that moves along a track has to be."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geometries.device import AbstractDevice
from geometries.terminals import ThroughPlane
from geometries.wires import AbstractWire

__all__ = ["changes_along_x"]


def changes_along_x(device: AbstractDevice) -> list[str]:
    """Name what differs along x, for an error; empty if nothing does.

    Checks the outline with the fields that make it, parts, terminals, anisotropy, bias, the way of the current and the
    read-out window. Cells count, not fields: a notch that takes no cell away changes nothing.
    """
    found, mask = [], device.mask()
    outline = [*_bends(device), *_set(device, "taper", "notches", "edge_roughness", "lattice")]
    if not _even(mask):
        found.append("the outline" + (f" ({', '.join(outline)})" if outline else ""))
    # Where there is no magnet a region cannot differ.
    found += [f"part {part.name!r}" for part in device.parts if not _even(part.magnet_cells(device, mask) | ~mask)]
    found += [f"terminal {each.name!r}" for each in device.terminals if not _even(each.cells(device) | ~mask)]
    found += [
        f"the field of {each.kind.replace('_', ' ')} {each.name!r}"
        for each in device.terminals
        if (isinstance(each, AbstractWire) or (isinstance(each, ThroughPlane) and each.oersted))
        and not _even(each.field_in(device))
    ]
    maps = (device.relative_anisotropy(), device.easy_axes((0.0, 0.0, 1.0)))
    if not all(each is None or _even(each) for each in maps):
        makers = _set(device, "anisotropy_gradient", "grains")
        found.append("the anisotropy" + (f" ({', '.join(makers)})" if makers else ""))
    if _even(mask) and not _even(device.relative_magnetisation()):
        found.append("the saturation magnetisation")
    bias, paths = device.bias_field(), device.current_paths()
    if bias is not None and not _even(bias):
        makers = _set(device, "pinned_ends")
        makers += ["grains.exchange_bias"] if getattr(getattr(device, "grains", None), "biased", False) else []
        found.append("the static field" + (f" ({', '.join(makers)})" if makers else ""))
    if paths is not None and not _even(paths):
        found.append("the way of the current")
    try:
        under = device.window_mask()
    except ValueError:
        return found
    return found if _even(under) else [*found, "the window of the read-out"]


def _even(values: npt.NDArray[np.generic]) -> bool:
    return bool((values == values[:1]).all())


def _bends(device: AbstractDevice) -> list[str]:
    kind = getattr(getattr(device, "path", None), "kind", "straight")
    return [] if kind == "straight" else [f"path {kind!r}"]


def _set(device: AbstractDevice, *names: str) -> list[str]:
    """Those of the fields that the device has and sets."""
    return [name for name in names if name in type(device).model_fields and getattr(device, name)]
