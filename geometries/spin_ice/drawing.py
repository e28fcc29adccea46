"""How a spin ice shows itself: what its table has, and its islands and ports in the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geometries.drawing import MAGNET, size_text
from geometries.quantities import format_quantity
from geometries.spin_ice.island_table import IslandTable
from geometries.spin_ice.lattices import KagomeLattice
from geometries.spin_ice.placement import AnyLattice, Layout, PlacedIslands

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["COLOURS", "classes", "draw_islands", "island_rows", "lattice_text", "layout_rows"]

IntArray = npt.NDArray[np.int64]
Rows = list[tuple[str, str]]

COLOURS = {
    "magnet": MAGNET,
    "bridge": "#dfe5ee",
    "held port": "#c2410c",
    "driven port": "#eab308",
    "readout port": "#15803d",
}
"""Colours of the plan, by what they show."""

_INK = "#1f2937"
_MOST_LABELS = 150  # islands whose labels can still be read


def lattice_text(lattice: AnyLattice) -> str:
    """Describe a lattice in a few words."""
    if isinstance(lattice, IslandTable):
        return f"a table of {len(lattice.islands)} islands"
    parts = [f"{lattice.columns} x {lattice.rows}", size_text(lattice.lattice_constant)]
    if isinstance(lattice, KagomeLattice):
        parts.append(f"vertices {size_text(lattice.vertex_distance)} apart")
    edges = getattr(lattice, "edges", None)
    return ", ".join([*parts, f"{edges} edges"] if edges else parts)


def _span(values: np.ndarray) -> str:
    low, high = (format_quantity(float(value), "m") for value in (values.min(), values.max()))
    return low if low == high else f"{low} to {high}"


def island_rows(placed: PlacedIslands, thickness: float) -> Rows:
    """Describe how many islands there are, and their size in a film of `thickness` (m)."""
    outlines = placed.outlines
    return [
        ("islands", f"{placed.site.size} islands"),
        ("size", f"{_span(outlines.length)} x {_span(outlines.width)} x {size_text(thickness)}"),
    ]


def layout_rows(layout: Layout, placed: PlacedIslands) -> Rows:
    """Describe bridges, disorder and missing islands."""
    rows = []
    if layout.bridge_width is not None:
        rows.append(("bridges", f"{size_text(layout.bridge_width)} wide"))
    if layout.disorder is not None:
        spread = layout.disorder
        parts = []
        if spread.position:
            parts.append(f"position {size_text(spread.position)}")
        if spread.angle:
            parts.append(f"angle {np.degrees(spread.angle):.3g} degrees")
        relative = {"length": spread.length, "width": spread.width, "Ms": spread.saturation_magnetisation}
        parts += [f"{name} {100 * value:.3g} %" for name, value in relative.items() if value]
        rows.append(("disorder", ", ".join([*parts, f"seed {spread.seed}"])))
    if layout.missing is not None:
        rows.append(("missing", f"{placed.site_count - placed.site.size} of {placed.site_count} islands"))
    return rows


def classes(labels: IntArray, roles: npt.NDArray[np.str_]) -> IntArray:
    """Turn the labels of cells (nx, ny) into places in `COLOURS`, counted from 1.

    Labels are 0 outside, i + 1 in island i, -1 in a bridge; the role of each island (n,) is "magnet", or its port's
    role.
    """
    names = ["magnet", "bridge", "held", "driven", "readout"]
    table = [0, *(names.index(role) + 1 for role in roles.tolist()), names.index("bridge") + 1]
    return np.array(table, dtype=np.int64)[labels]


def draw_islands(ax: Axes, placed: PlacedIslands, spins: npt.NDArray[np.int8]) -> list[Artist]:
    """Draw vertices as dots, spins as arrows, and the labels of up to 150 sites, in nm; give entries for the legend."""
    handles: list[Artist] = []
    if len(placed.vertex_position):
        vertex = placed.vertex_position * 1e9
        handles += ax.plot(vertex[:, 0], vertex[:, 1], "o", color=_INK, markersize=3, label="vertex")

    centre = placed.position * 1e9
    half = placed.axis * spins[:, None] * placed.outlines.length[:, None] / 2 * 1e9
    readable = placed.site.size <= _MOST_LABELS
    begin = centre + (0.05 if readable else -0.8) * half
    ax.quiver(
        *begin.T, *(centre + 0.8 * half - begin).T, angles="xy", scale_units="xy", scale=1, width=0.003, color=_INK
    )
    if readable:
        for (x, y), site in zip(centre - 0.35 * half, placed.site, strict=True):
            ax.text(x, y, str(site), ha="center", va="center", fontsize=7, color=_INK, clip_on=True)
    return handles
