"""Header of an OVF file."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

AXES = ("x", "y", "z")
_CHECK_VALUES = {4: 1234567.0, 8: 123456789012345.0}
# A file's last lines without any white space: no complete file has fewer bytes after its values.
_SHORTEST_END = len("#End:DataText#End:Segment")


@dataclass(frozen=True)
class Header:
    """Content of one segment of an OVF file, and its place."""

    version: int
    title: str
    description: tuple[str, ...]
    mesh_unit: str
    nodes: tuple[int, int, int]
    """Nodes along x, y and z; (points, 1, 1) on an irregular mesh."""
    base: tuple[float, float, float] | None
    """First node, in `mesh_unit`; None on an irregular mesh."""
    step: tuple[float, float, float] | None
    """Distance of nodes, in `mesh_unit`; 1, without a unit, where the file has no sizes and nodes are numbered."""
    has_sizes: bool
    """Whether the file has the size of the mesh."""
    valuedim: int
    labels: tuple[str, ...]
    """One a component; empty where the file has none or not one a component."""
    units: tuple[str, ...]
    """One a component; "" where the file has none or not one a component."""
    multiplier: float
    """Multiplier of values in the file to be in `units`; 1 in OVF 2.0."""
    dtype: np.dtype[np.floating]
    """Type of a value in the file, with its byte order; float64 for text."""
    text: bool
    offset: int
    """First byte of the first value."""
    description_bytes: int
    """Length of the description, which may differ between files that hold the same mesh."""

    @property
    def check(self) -> bytes:
        """Text before the values."""
        return b"" if self.text else check_value(self.dtype)

    @property
    def irregular(self) -> bool:
        """Whether each value comes with its position."""
        return self.base is None

    @property
    def record(self) -> int:
        """Numbers at each node: the components, behind the position on an irregular mesh."""
        return self.valuedim + 3 * self.irregular

    @property
    def count(self) -> int:
        """Numbers in the segment."""
        nx, ny, nz = self.nodes
        return nx * ny * nz * self.record

    @property
    def end(self) -> int:
        """The least byte at which the values end; exact for binary values."""
        return self.offset + (2 * self.count - 1 if self.text else self.dtype.itemsize * self.count)

    @property
    def shortest_file(self) -> int:
        """The least size in bytes of a whole file."""
        return self.end + _SHORTEST_END

    @property
    def time(self) -> float | None:
        """Simulated time in s; None where the description gives none, as for a minimisation."""
        text = "\n".join(self.description)
        # The last one: mumax+ writes the stage's time under the same name before.
        found = re.findall(r"(?:Total simulation time|Time \(s\)):\s*(\S+)(?:[ \t]+s)?[ \t]*$", text, re.MULTILINE)
        try:
            time = float(found[-1])
        except (IndexError, ValueError):
            return None
        return time if time >= 0 else None

    @property
    def counters(self) -> dict[str, int]:
        """Stage, iteration and stage iteration where the description gives them."""
        text = "\n".join(self.description)
        patterns = {
            "stage": r"\bStage:\s*(\d+)",
            "iteration": r"(?<!Stage )\bIteration:\s*(\d+)",
            "stage_iteration": r"\bStage iteration:\s*(\d+)",
        }
        found = {name: re.search(pattern, text) for name, pattern in patterns.items()}
        return {name: int(match[1]) for name, match in found.items() if match}

    def difference(self, other: Header, *, origin: bool = True) -> tuple[str, str] | None:
        """Values of this header and another where mesh or quantity differ; None if both are the same.

        `origin` is whether the same mesh at another place counts as another.
        """
        for name in ("nodes", "valuedim", "irregular", "mesh_unit", "has_sizes"):
            if getattr(self, name) != getattr(other, name):
                return f"{name} {getattr(self, name)}", f"{name} {getattr(other, name)}"
        if all(self.units) and all(other.units) and self.units != other.units:
            return f"units {self.units}", f"units {other.units}"
        if self.base is not None and other.base is not None and self.step is not None and other.step is not None:
            for name, tolerance in (("step", 1e-6), ("base", 1e-3)) if origin else (("step", 1e-6),):
                ours, theirs = getattr(self, name), getattr(other, name)
                if any(abs(a - b) > tolerance * abs(d) for a, b, d in zip(ours, theirs, self.step, strict=True)):
                    return f"{name} {ours}", f"{name} {theirs}"
        return None


def check_value(dtype: np.dtype[np.floating]) -> bytes:
    """Return what stands before binary values of a type, in their byte order."""
    return np.array(_CHECK_VALUES[dtype.itemsize], dtype=dtype).tobytes()
