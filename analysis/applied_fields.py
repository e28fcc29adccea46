"""The field that is applied in each frame: from a run or a drive's table, along a line or not, and in words."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.moving_windows import moves, window_positions
from geometries.materials import MU0
from geometries.quantities import format_quantity

__all__ = ["applied_fields", "axis_in_words", "field_in_words", "field_line", "frame_label"]

FloatArray = npt.NDArray[np.float64]

_TESLA = {"T": 1.0, "mT": 1e-3}
# Share of the largest field: rounding in a table of six digits.
_STRAIGHT = 1e-5


def applied_fields(run: xr.Dataset, frames: str) -> FloatArray | None:
    """Give the applied field of every frame in A/m (frames, 3); None where a run holds nothing of a field.

    `run` has `applied_field`, or is a drive of a HysteresisDriver, whose table has the columns Bx_hysteresis,
    By_hysteresis and Bz_hysteresis; `frames` is the dimension of its frames.
    """
    if "applied_field" in run:
        return np.asarray(run["applied_field"].transpose(frames, "vdims").values, dtype=np.float64)
    for suffix in ("_hysteresis", ""):
        names = [f"B{axis}{suffix}" for axis in "xyz"]
        if all(name in run and run[name].attrs.get("units") in _TESLA for name in names):
            columns = [np.asarray(run[name].values, dtype=np.float64) for name in names]
            tesla = [_TESLA[run[name].attrs["units"]] for name in names]
            return np.stack([each * unit / MU0 for each, unit in zip(columns, tesla, strict=True)], axis=-1)
    return None


def field_line(fields: FloatArray) -> FloatArray | None:
    """Give the direction along which all fields (n, 3) lie, its largest component positive.

    None where there is none.
    """
    size = np.linalg.norm(fields, axis=-1)
    if not size.any():
        return None
    largest = int(np.argmax(size))
    direction: FloatArray = fields[largest] / size[largest]
    direction = direction * np.sign(direction[np.argmax(np.abs(direction))]) + 0.0
    aside = fields - np.outer(fields @ direction, direction)
    return direction if np.abs(aside).max() <= _STRAIGHT * size[largest] else None


def axis_in_words(direction: FloatArray) -> str:
    """Write a direction: "along x", "at 10° to x", or its components."""
    for name, component in zip("xyz", direction, strict=True):
        if abs(abs(component) - 1) < 1e-9:
            return f"along {'−' if component < 0 else ''}{name}"
    if abs(direction[2]) < 1e-9:
        return f"at {np.degrees(np.arctan2(direction[1], direction[0])):.3g}° to x".replace("-", "−")
    return f"along ({', '.join(f'{component:.2g}' for component in direction)})".replace("-", "−")


def field_in_words(field: FloatArray, line: FloatArray | None) -> str:
    """Say a field in A/m, with its sign along a line if it lies on one, such as "H = −40 kA/m along x"."""
    size = float(np.linalg.norm(field)) if line is None else float(field @ line)
    if abs(size) < 1e-9:
        return "H = 0"
    direction = field / size if line is None else line
    return f"H = {format_quantity(size, 'A/m')} {axis_in_words(direction)}".replace("-", "−")


def frame_label(run: xr.Dataset | xr.DataArray, frames: str, fields: FloatArray | None, frame: int) -> str:
    """Name a frame: its time or its field step, the field where one is applied, and where a window is.

    `frames` is "t" or "step", `fields` (frames, 3) are in A/m, and `frame` is counted from 0.
    """
    value = run[frames].values[frame]
    label = f"t = {float(value) * 1e9:.2f} ns" if frames == "t" else f"step {value}"
    if isinstance(run, xr.Dataset) and moves(run):
        label += f", window at x = {window_positions(run)[frame] * 1e9:.0f} nm".replace("-", "−")
    if fields is None or not fields.any():
        return label
    return f"{label}, {field_in_words(fields[frame], field_line(fields))}"
