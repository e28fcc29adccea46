"""Shared parts of a spin ice's pictures: outlines, colours of directions and charges, strings, scales."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.magnetisation_images import COLOURS, hue_colours
from analysis.spin_ice.vertices import vertices

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import LineCollection, PathCollection, PolyCollection
    from matplotlib.figure import Figure
    from matplotlib.quiver import Quiver

__all__ = [
    "CHARGES",
    "arrow_vectors",
    "charge_sizes",
    "check_charges",
    "direction_colours",
    "draw_arrows",
    "draw_charges",
    "draw_islands",
    "draw_strings",
    "draw_wheel",
    "frame_axes",
    "legend_charges",
    "new_figure",
    "string_lines",
]

FloatArray = npt.NDArray[np.float64]

CHARGES = {"monopole": "monopole_charge", "vertex": "charge"}
"""Values of `charges`, and the variable of `analysis.vertices` that it draws."""

_POSITIVE, _NEGATIVE, _STRING = COLOURS[1], COLOURS[0], "black"
# Points of a rounded end.
_CORNERS = 9
# More arrows than that are a blur.
_MOST_ARROWS = 400
_PANEL = 5.6
_WHEEL = 44.0


def check_charges(charges: str | None) -> None:
    """Refuse what is neither "monopole" nor "vertex" nor None."""
    if charges is not None and charges not in CHARGES:
        raise ValueError(f"charges is {charges!r}; it must be 'monopole', 'vertex' or None")


def _scale(islands: xr.Dataset) -> tuple[float, str]:
    """Give the factor from m to the pictures' unit of length, and the unit."""
    return (1e6, "µm") if float(_box(islands).max()) > 5e-6 else (1e9, "nm")


def _box(islands: xr.Dataset) -> FloatArray:
    """Width and height of the lattice with its islands, in m."""
    box: FloatArray = np.ptp(_outlines(islands).reshape(-1, 2), axis=0)
    return box


def _outlines(islands: xr.Dataset) -> FloatArray:
    """Outlines with round ends, whatever their shape, in m: (island, point, component)."""
    half_turn = np.linspace(-np.pi / 2, np.pi / 2, _CORNERS)
    turn = np.concatenate([half_turn, half_turn + np.pi])
    side = np.repeat([1, -1], _CORNERS)
    length, width = islands["length"].values[:, None], islands["width"].values[:, None]
    along = side * (length - width) / 2 + width / 2 * np.cos(turn)
    across = width / 2 * np.sin(turn)
    axis = islands["axis"].values
    normal = np.stack([-axis[:, 1], axis[:, 0]], axis=-1)
    outlines: FloatArray = along[..., None] * axis[:, None] + across[..., None] * normal[:, None]
    outlines += islands["position"].values[:, None]
    return outlines


def direction_colours(spin: npt.NDArray[np.integer], islands: xr.Dataset) -> FloatArray:
    """Colours by the direction of each moment, RGBA."""
    axis = islands["axis"].values * spin[:, None]
    return hue_colours(np.arctan2(axis[:, 1], axis[:, 0]))


def draw_islands(ax: Axes, islands: xr.Dataset, colours: npt.ArrayLike) -> PolyCollection:
    """Draw the islands in given colours."""
    from matplotlib.collections import PolyCollection

    drawn = PolyCollection(
        list(_outlines(islands) * _scale(islands)[0]), facecolors=colours, edgecolors="none", zorder=1
    )
    ax.add_collection(drawn)
    return drawn


def arrow_vectors(spin: npt.NDArray[np.integer], islands: xr.Dataset) -> FloatArray:
    """Arrows along the moments, in the pictures' unit: (island, component)."""
    length = 0.7 * _scale(islands)[0] * islands["length"].values
    vectors: FloatArray = islands["axis"].values * (spin * length)[:, None]
    return vectors


def draw_arrows(ax: Axes, spin: npt.NDArray[np.integer], islands: xr.Dataset) -> Quiver | None:
    """Draw the moments as arrows, if there are not too many."""
    if spin.size > _MOST_ARROWS:
        return None
    factor = _scale(islands)[0]
    (x, y), (u, v) = (islands["position"].values * factor).T, arrow_vectors(spin, islands).T
    shaft = 0.1 * float(islands["width"].mean()) * factor
    return ax.quiver(
        x, y, u, v, pivot="middle", angles="xy", scale_units="xy", scale=1, units="xy", width=shaft, headwidth=5,
        headlength=5, color="black", zorder=2.5,
    )  # fmt: skip


def charge_sizes(spin: xr.DataArray, islands: xr.Dataset, charges: str) -> tuple[FloatArray, list[str]]:
    """Areas of the circles of all vertices, in points squared, and their colours."""
    charge = vertices(spin, islands)[CHARGES[charges]].values.astype(np.float64)
    unit = np.clip((0.2 * _spacing(islands)) ** 2, 5, 45)
    colours = np.where(charge < 0, _NEGATIVE, _POSITIVE)
    return unit * np.abs(charge), list(colours.tolist())


def _spacing(islands: xr.Dataset) -> float:
    """Distance between vertices in the picture, in points, about."""
    return float(_PANEL * 72 / np.sqrt(max(1, islands.sizes["vertex"])))


def draw_charges(ax: Axes, spin: xr.DataArray, islands: xr.Dataset, charges: str) -> PathCollection:
    """Draw the vertices' charges as circles, their area in proportion."""
    sizes, colours = charge_sizes(spin, islands, charges)
    place = islands["vertex_position"].values * _scale(islands)[0]
    return ax.scatter(place[:, 0], place[:, 1], s=sizes, c=colours, edgecolors="white", linewidths=0.4, zorder=4)


def string_lines(strings: xr.Dataset, islands: xr.Dataset) -> list[FloatArray]:
    """Lines from vertex to vertex of the islands in strings."""
    turned = np.flatnonzero(strings["island_string"].values >= 0)
    ends = islands["island_vertex"].values[turned]
    centre = islands["position"].values[turned]
    half = islands["axis"].values[turned] * islands["length"].values[turned, None] / 2
    known = islands["vertex_position"].values
    points = [
        np.where((end >= 0)[:, None], known[end] if known.size else centre, centre + sign * half)
        for end, sign in ((ends[:, 0], -1), (ends[:, 1], 1))
    ]
    return list(np.stack([points[0], centre, points[1]], axis=1) * _scale(islands)[0])


def draw_strings(ax: Axes, lines: list[FloatArray], islands: xr.Dataset) -> LineCollection:
    """Draw Dirac strings as thick lines."""
    from matplotlib.collections import LineCollection

    width = float(np.clip(0.12 * _spacing(islands), 0.8, 2.4))
    drawn = LineCollection(lines, colors=_STRING, linewidths=width, capstyle="round", zorder=2)
    ax.add_collection(drawn)
    return drawn


def draw_wheel(ax: Axes) -> None:
    """Draw which colour is which direction, beside the axes and of one size whatever theirs is."""
    from matplotlib.offsetbox import AnchoredOffsetbox, DrawingArea, TextArea, VPacker
    from matplotlib.patches import Wedge

    wheel, step = DrawingArea(_WHEEL, _WHEEL), 15
    middle = _WHEEL / 2
    for angle in range(0, 360, step):
        # They overlap a little, so that no gaps are seen.
        part = Wedge((middle, middle), middle, angle - step / 2, angle + 0.55 * step, width=0.55 * middle, linewidth=0)
        part.set_facecolor(tuple(hue_colours(np.radians(np.array(angle)))))
        wheel.add_artist(part)
    packed = VPacker(children=[TextArea("m", textprops={"fontsize": "small"}), wheel], align="center", pad=0, sep=2)
    anchor = (1.01, 1.0)
    ax.add_artist(
        AnchoredOffsetbox("upper left", child=packed, frameon=False, bbox_to_anchor=anchor, bbox_transform=ax.transAxes)
    )


def legend_charges(ax: Axes, charges: str | None, strings: bool) -> None:
    """Say above the axes what circles and lines are."""
    from matplotlib.lines import Line2D

    handles = []
    if charges is not None:
        owner = "monopole" if charges == "monopole" else "vertex charge"
        for sign, colour in (("+", _POSITIVE), ("−", _NEGATIVE)):
            handles.append(
                Line2D([], [], marker="o", linestyle="", color=colour, markeredgecolor="white", label=f"{owner} {sign}")
            )
    if strings:
        handles.append(Line2D([], [], color=_STRING, linewidth=2.4, label="Dirac string"))
    if handles:
        ax.legend(
            handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, frameon=False, fontsize="small",
            borderaxespad=0.2, handletextpad=0.3, columnspacing=1.2,
        )  # fmt: skip


def frame_axes(ax: Axes, islands: xr.Dataset) -> None:
    """Set the axes' limits, labels and aspect."""
    factor, unit = _scale(islands)
    points = _outlines(islands).reshape(-1, 2)
    if islands.sizes["vertex"]:
        points = np.concatenate([points, islands["vertex_position"].values])
    low, high = points.min(axis=0) * factor, points.max(axis=0) * factor
    rim = 0.03 * float((high - low).max())
    ax.set(
        xlim=(low[0] - rim, high[0] + rim), ylim=(low[1] - rim, high[1] + rim),
        xlabel=f"x ({unit})", ylabel=f"y ({unit})", aspect="equal",
    )  # fmt: skip


def new_figure(islands: xr.Dataset) -> tuple[Figure, Axes]:
    """Make a figure of the lattice's shape, outside pyplot."""
    from matplotlib.figure import Figure

    wide, high = _box(islands)
    # An even number of pixels at 100 a inch, which MP4 needs.
    height = round((float(np.clip(_PANEL * high / wide, 1.2, 9.0)) + 1.0) * 50) / 50
    figure = Figure(figsize=(7.2, height), layout="compressed")
    return figure, figure.subplots()
