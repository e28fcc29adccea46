"""Shared parts of a stripe's pictures: image, wall lines, colours and scales."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.moving_windows import window_positions
from analysis.schema import frame_dimension

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D

__all__ = [
    "COLOURS",
    "NANO",
    "component_colours",
    "component_index",
    "direction_colours",
    "draw_image",
    "draw_label",
    "draw_walls",
    "frame_image",
    "hue_colours",
    "image_extent",
    "panel_height",
    "wall_line",
]

NANO = 1e9

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's palette, which people with colour blindness tell apart
(https://jfly.uni-koeln.de/color/)."""

_COLOUR_MAP = "RdBu_r"
_NO_MAGNET = "0.88"
# Black on white shows on both signs of the diverging map and where it is white.
_WALL_COLOUR = "black"


def component_index(component: str) -> int:
    """Index along `vdims` of "x", "y" or "z"."""
    if component not in ("x", "y", "z"):
        raise ValueError(f"component is {component!r}; it must be 'x', 'y' or 'z'")
    return "xyz".index(component)


def frame_image(run: xr.Dataset, frame: int, component: str) -> npt.NDArray[np.float64]:
    """One component of a frame's topmost cells, (y, x), NaN outside the magnet."""
    m = run["m"].isel({frame_dimension(run): frame, "z": -1, "vdims": component_index(component)})
    return np.asarray(m.values, dtype=np.float64).T


def component_colours(component: npt.NDArray[np.floating]) -> npt.NDArray[np.uint8]:
    """Colours of a component of m between -1 and 1, RGBA, transparent where it is NaN."""
    from matplotlib import colormaps

    colours = colormaps[_COLOUR_MAP](np.ma.masked_invalid((component + 1) / 2), bytes=True)
    return np.asarray(colours, dtype=np.uint8)


def direction_colours(m: npt.NDArray[np.floating]) -> npt.NDArray[np.uint8]:
    """Colours of moments (..., 3) on a sphere, RGBA, transparent where they are NaN.

    The hue is the angle in the plane, as `hue_colours` has it; moments along +z are white, along -z black.
    """
    x, y, z = (np.nan_to_num(m[..., index].astype(np.float64)) for index in range(3))
    up = np.clip(np.abs(z), 0.0, 1.0)[..., np.newaxis]
    colours = hue_colours(np.arctan2(y, x))[..., :3] * (1 - up) + up * (z > 0)[..., np.newaxis]
    there = np.isfinite(m).all(axis=-1)[..., np.newaxis]
    return np.rint(255 * np.where(there, np.concatenate([colours, there], axis=-1), 0.0)).astype(np.uint8)


def hue_colours(angle: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Colours of angles in the plane from +x, in rad, on a wheel; RGBA from 0 to 1."""
    from matplotlib import colormaps

    # Without hsv's glare.
    colours: npt.NDArray[np.float64] = np.array(colormaps["hsv"](np.mod(angle / (2 * np.pi), 1.0)))
    colours[..., :3] = 0.25 + 0.7 * colours[..., :3]
    return colours


def image_extent(run: xr.Dataset, frame: int) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of a frame's cells in nm, in the track where they are a moving window."""
    moved = float(window_positions(run)[frame]) * NANO
    left, right = _extent(run, "x")
    return left + moved, right + moved, *_extent(run, "y")


def draw_image(ax: Axes, run: xr.Dataset, image: npt.NDArray[np.float64], frame: int) -> AxesImage:
    """Draw a frame's image over x and y in nm, grey where there is no magnet."""
    ax.set_facecolor(_NO_MAGNET)
    return ax.imshow(
        np.ma.masked_invalid(image),
        cmap=_COLOUR_MAP,
        vmin=-1.0,
        vmax=1.0,
        origin="lower",
        extent=image_extent(run, frame),
        aspect="auto",
        interpolation="nearest",
    )


def draw_label(ax: Axes, label: str, *, height: float) -> None:
    """Write which frame is shown into the upper right corner; `height` is a part of the panel's."""
    ax.text(
        0.992,
        height,
        label,
        transform=ax.transAxes,
        ha="right",
        va="top",
        fontsize="small",
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.5},
    )


def wall_line(
    run: xr.Dataset, walls: xr.Dataset, frame: int, wall: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Give x and y in nm of the ends of a wall's line across the stripe; NaN where it is not there."""
    y = np.array(_extent(run, "y"))
    position = float(walls["position"][frame, wall]) * NANO
    return position + (y - y.mean()) * np.tan(float(walls["tilt"][frame, wall])), y


def draw_walls(ax: Axes, run: xr.Dataset, walls: xr.Dataset, frame: int) -> list[Line2D]:
    """Draw every wall of a frame as a dashed line; one line for each of `walls`."""
    return [
        ax.plot(*wall_line(run, walls, frame, wall), color=_WALL_COLOUR, linestyle=(0, (3, 1.5)), linewidth=1.4)[0]
        for wall in range(walls.sizes["wall"])
    ]


def panel_height(run: xr.Dataset) -> float:
    """Height in inches of a panel 5.3 inches long that shows the stripe to scale, if it can be read then."""
    left, right = _extent(run, "x")
    bottom, top = _extent(run, "y")
    return float(np.clip(5.3 * (top - bottom) / (right - left), 0.45, 3.5))


def _extent(run: xr.Dataset, axis: str) -> tuple[float, float]:
    """Edges of the mesh along an axis in nm."""
    centres = run[axis].values
    # A device's corner is at the origin: the centre of a single cell is at half of it.
    half = (centres[1] - centres[0]) / 2 if centres.size > 1 else centres[0]
    return float(centres[0] - half) * NANO, float(centres[-1] + half) * NANO
