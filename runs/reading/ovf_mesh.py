"""The mesh of an OVF file; a header has most of it twice.

A rectangular mesh has its first node, its step sizes and its number of nodes, and a box (xmin to xmax) around the
cells. Where they contradict each other nobody knows how large a cell is, and with another size it is another magnet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from runs.reading.ovf_error import OVFError
from runs.reading.ovf_fields import Fields
from runs.reading.ovf_header import AXES

# A box through the outermost nodes, or in few digits, is let be: OOMMF's own colour wheel has one.
_BOX = 0.005
_HALF_STEP = 0.51

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Mesh:
    """Nodes of a mesh; base and step are None on an irregular one, and number the nodes of one without sizes."""

    nodes: tuple[int, int, int]
    base: Vector | None
    step: Vector | None
    unit: str
    has_sizes: bool = True


def read_mesh(fields: Fields) -> Mesh:
    """Read the mesh from a header's lines.

    An OVFError if one is missing or no number, or lines contradict each other.
    """
    kind, unit = fields.text("meshtype", "rectangular").lower(), fields.text("meshunit")
    if kind == "irregular":
        return Mesh((fields.count("pointcount"), 1, 1), None, None, unit)
    if kind != "rectangular":
        raise OVFError(fields.path, fields.offset("meshtype"), "meshtype rectangular or irregular", repr(kind))
    nx, ny, nz = (fields.count(f"{axis}nodes") for axis in AXES)
    if _has_no_sizes(fields):
        return Mesh((nx, ny, nz), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), "", has_sizes=False)
    steps = [_step(fields, axis) for axis in AXES]
    for axis, count, step in zip(AXES, (nx, ny, nz), steps, strict=True):
        _check_box(fields, axis, count, step)
    bases = [_base(fields, axis, step) for axis, step in zip(AXES, steps, strict=True)]
    for axis, count, base, step in zip(AXES, (nx, ny, nz), bases, steps, strict=True):
        if not np.isfinite(base + count * step):
            found = f"{count} of {step:g} from {base:g}"
            raise OVFError(fields.path, fields.offset(f"{axis}base"), "nodes at finite places", found)
    return Mesh((nx, ny, nz), (bases[0], bases[1], bases[2]), (steps[0], steps[1], steps[2]), unit)


def _has_no_sizes(fields: Fields) -> bool:
    """Whether every size is 0, as mumax3 writes a field that has no mesh."""
    names = [axis + name for axis in AXES for name in ("stepsize", "base", "min", "max")]
    return "xstepsize" in fields.lines and not any(fields.optional_number(name) for name in names)


def _step(fields: Fields, axis: str) -> float:
    step = fields.number(f"{axis}stepsize")
    if step == 0:
        expected = "a step size other than 0 (all sizes of the header may be 0: then nodes are numbered)"
        raise OVFError(fields.path, fields.offset(f"{axis}stepsize"), expected, f"'{axis}stepsize: {step:g}'")
    return step


def _check_box(fields: Fields, axis: str, count: int, step: float) -> None:
    low, high = (fields.optional_number(axis + name) for name in ("min", "max"))
    # A film may be drawn without its thickness.
    if low is None or high is None or (low == high and count == 1):
        return
    box, long = high - low, count * abs(step)
    if not abs(box - long) <= _BOX * long:
        expected = f"a step size of {box / count:g}, as {count} nodes from '{axis}min' to '{axis}max' have it"
        raise OVFError(fields.path, fields.offset(f"{axis}stepsize"), expected, f"'{axis}stepsize: {step:g}'")


def _base(fields: Fields, axis: str, step: float) -> float:
    """Return the first node: half a step inside the box where the header lacks it."""
    # A mesh may run backwards.
    corner = f"{axis}min" if step > 0 else f"{axis}max"
    edge = fields.optional_number(corner)
    no_box = edge is None or fields.optional_number(f"{axis}min") == fields.optional_number(f"{axis}max")
    if edge is None or (no_box and f"{axis}base" in fields.lines):
        return fields.number(f"{axis}base")
    middle = edge + step / 2
    if f"{axis}base" not in fields.lines and step > 0:
        return middle
    base = fields.number(f"{axis}base")
    if not abs(base - middle) <= _HALF_STEP * abs(step):
        expected = f"the first node at {middle:g}, half a step inside '{corner}'"
        raise OVFError(fields.path, fields.offset(f"{axis}base"), expected, f"'{axis}base: {base:g}'")
    return base
