"""How a spin ice shows itself: a line of text, a plan to scale, a table in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geometries.quantities import format_quantity
from geometries.spin_ice.island_table import IslandTable
from geometries.spin_ice.placement import PlacedIslands, place_islands
from geometries.stripe.drawing import page, size_text

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from geometries.spin_ice.device import SpinIce

__all__ = ["describe_ice", "ice_html", "plot_ice"]

_COLOURS = {"magnet": "#b8c4d6", "bridge": "#dfe5ee", "held": "#c2410c", "driven": "#eab308", "readout": "#15803d"}
_INK = "#1f2937"
_MOST_LABELS = 150  # islands whose labels can still be read


def _lattice_text(ice: SpinIce) -> str:
    lattice = ice.lattice
    if isinstance(lattice, IslandTable):
        return f"a table of {len(lattice.islands)} islands"
    parts = [f"{lattice.columns} x {lattice.rows}", size_text(lattice.lattice_constant)]
    edges = getattr(lattice, "edges", None)
    return ", ".join([*parts, f"{edges} edges"] if edges else parts)


def _span(values: np.ndarray) -> str:
    low, high = (format_quantity(float(value), "m") for value in (values.min(), values.max()))
    return low if low == high else f"{low} to {high}"


def _rows(ice: SpinIce, placed: PlacedIslands) -> list[tuple[str, str]]:
    """List what there is to say about a spin ice, as pairs of name and text."""
    nx, ny, nz = ice.shape
    outlines = placed.outlines
    rows = [
        ("islands", f"{placed.site.size} islands"),
        ("size", f"{_span(outlines.length)} x {_span(outlines.width)} x {size_text(ice.thickness)}"),
        ("mesh", f"{nx} x {ny} x {nz} cells of {size_text(*ice.cell)}"),
        ("lattice", _lattice_text(ice)),
    ]
    if ice.bridge is not None:
        rows.append(("bridges", f"{size_text(ice.bridge.width)} wide"))
    if ice.disorder is not None:
        spread = ice.disorder
        parts = []
        if spread.position:
            parts.append(f"position {size_text(spread.position)}")
        if spread.angle:
            parts.append(f"angle {np.degrees(spread.angle):.3g} degrees")
        relative = {"length": spread.length, "width": spread.width, "Ms": spread.saturation_magnetisation}
        parts += [f"{name} {100 * value:.3g} %" for name, value in relative.items() if value]
        rows.append(("disorder", ", ".join([*parts, f"seed {spread.seed}"])))
    if ice.missing is not None:
        rows.append(("missing", f"{placed.site_count - placed.site.size} of {placed.site_count} islands"))
    if ice.ports:
        rows.append(("ports", "; ".join(f"{port.name}: {len(port.sites)} {port.role}" for port in ice.ports)))
    return rows


def describe_ice(ice: SpinIce) -> str:
    """Say in a line what a spin ice is.

    Parameters
    ----------
    ice : SpinIce
        The device.

    Returns
    -------
    str
        Its islands, its cells and what it has, with units.
    """
    (_, islands), (_, size), (_, mesh), *others = _rows(ice, place_islands(ice))
    said = ", ".join(f"{name}: {text}" for name, text in others)
    return f"{ice.lattice.kind} spin ice, {islands}, {size}, {mesh}, {said}"


def _figure(ice: SpinIce) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    nx, ny, _ = ice.shape
    height = float(np.clip(7.0 * ny * ice.cell[1] / (nx * ice.cell[0]), 1.0, 9.0))
    figure = Figure(figsize=(8.0, height + 1.1), layout="constrained")
    return figure, figure.add_subplot()


def plot_ice(ice: SpinIce, ax: Axes | None = None) -> Axes:
    """Draw a spin ice from above, to scale, as it will be simulated: cell by cell.

    Parameters
    ----------
    ice : SpinIce
        The device.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure of its own, outside pyplot, if left out.

    Returns
    -------
    matplotlib.axes.Axes
        With x and y in nm: islands with the labels of their sites (of up to 150), ports
        in colour, vertices as dots, and the initial spins as arrows.
    """
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    if ax is None:
        _, ax = _figure(ice)
    placed = place_islands(ice)
    labels = ice.labels().values[:, :, 0]
    names = list(_COLOURS)
    role = np.full(placed.site.size + 2, names.index("magnet") + 1)
    role[0], role[-1] = 0, names.index("bridge") + 1
    for port in ice.ports:
        role[np.flatnonzero(np.isin(placed.site, port.sites)) + 1] = names.index(port.role) + 1
    extent = [0.0, labels.shape[0] * ice.cell[0] * 1e9, 0.0, labels.shape[1] * ice.cell[1] * 1e9]
    ax.imshow(
        np.ma.masked_equal(role[labels], 0).T,
        origin="lower",
        extent=(extent[0], extent[1], extent[2], extent[3]),
        cmap=ListedColormap(list(_COLOURS.values())),
        vmin=1,
        vmax=len(names),
        interpolation="nearest",
    )
    handles: list[Artist] = [
        Patch(color=_COLOURS[name], label=name if name in ("magnet", "bridge") else f"{name} port")
        for place, name in enumerate(names)
        if name == "magnet" or place + 1 in role[1:-1] or (name == "bridge" and ice.bridge is not None)
    ]
    if len(placed.vertex_position):
        vertex = placed.vertex_position * 1e9
        handles += ax.plot(vertex[:, 0], vertex[:, 1], "o", color=_INK, markersize=3, label="vertex")

    centre = placed.position * 1e9
    spin = placed.axis * ice.initial_spins.spins(placed.outlines.angle)[:, None]
    half = spin * placed.outlines.length[:, None] / 2 * 1e9
    readable = placed.site.size <= _MOST_LABELS
    begin = centre + (0.05 if readable else -0.8) * half
    ax.quiver(
        *begin.T, *(centre + 0.8 * half - begin).T, angles="xy", scale_units="xy", scale=1, width=0.003, color=_INK
    )
    if readable:
        for (x, y), site in zip(centre - 0.35 * half, placed.site, strict=True):
            ax.text(x, y, str(site), ha="center", va="center", fontsize=7, color=_INK, clip_on=True)
    ax.set(xlabel="x (nm)", ylabel="y (nm)", xlim=extent[:2], ylim=extent[2:])
    ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1.02), ncols=6, frameon=False, borderaxespad=0)
    return ax


def ice_html(ice: SpinIce) -> str:
    """Show a spin ice in a notebook: a table of its parts and the plan.

    Parameters
    ----------
    ice : SpinIce
        The device.

    Returns
    -------
    str
        Self-contained HTML; the plan is a PNG inside it.
    """
    figure, ax = _figure(ice)
    plot_ice(ice, ax)
    return page("Spin ice", _rows(ice, place_islands(ice)), figure, "plan of the spin ice")
