"""Pictures of skyrmions: their tracks on the magnetisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.applied_fields import applied_fields, frame_label
from analysis.magnetisation_images import COLOURS, NANO, draw_image, draw_label, frame_image, panel_height
from analysis.schema import check_run, frame_dimension
from analysis.skyrmions.schema import check_skyrmions

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_skyrmions"]

_MARKERS = {"creation": "*", "annihilation": "X", "splitting": "<", "merging": ">", "entering": "P", "leaving": "s",
            "closing": "^", "opening": "v", "change": "D"}  # fmt: skip
# Share of the largest density: the edges' tilt is seen, rounding is not.


def plot_skyrmions(
    skyrmions: xr.Dataset, run: xr.Dataset, *, at: float | None = None, figure: Figure | None = None
) -> Figure:
    """Draw the tracks of skyrmions on the magnetisation.

    Parameters
    ----------
    skyrmions : xarray.Dataset
        Result of `analysis.find_skyrmions` for `run`. Each track has a colour and begins with the
        skyrmion's number; what is not resolved is dotted; events have a marker each.
    run : xarray.Dataset
        The run; of a lazy one only the frame that is drawn is read.
    at : float, optional
        Time in s, or field step, whose nearest frame is drawn, with the skyrmions' outlines as
        circles; the last one of the tracks if absent.
    figure : matplotlib.figure.Figure, optional
        An empty figure to draw on.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    TypeError, ValueError
        If a Dataset is not what it should be.

    Examples
    --------
    >>> from analysis import artificial, find_skyrmions
    >>> run = artificial.skyrmions([[[60e-9, 64e-9]], [[69e-9, 64e-9]]])
    >>> plot_skyrmions(find_skyrmions(run), run).axes[0].get_xlabel()
    'x (nm)'
    """
    check_skyrmions(skyrmions)
    check_run(run)
    frames = skyrmions[frame_dimension(skyrmions)].values
    frame = frames.size - 1 if at is None else int(np.argmin(np.abs(frames - at)))
    figure, ax = _one_panel(run, figure)
    image = draw_image(ax, run, frame_image(run, frame, "z"), frame)
    ax.set_aspect("equal")
    handles = _draw_tracks(ax, skyrmions)
    _draw_outlines(ax, skyrmions, frame)
    _finish(figure, ax, run, frame, image, "$m_z$", [-1, 0, 1])
    if handles:
        ax.legend(
            handles=handles, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=4, frameon=False, fontsize="small"
        )
    return figure


def _one_panel(run: xr.Dataset, figure: Figure | None) -> tuple[Figure, Axes]:
    if figure is None:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(6.4, panel_height(run) + 1.1), layout="constrained")
    return figure, figure.subplots()


def _draw_tracks(ax: Axes, skyrmions: xr.Dataset) -> list[Artist]:
    from matplotlib.patheffects import withStroke

    # A light rim shows every colour on both signs of m_z.
    rim: dict[str, Any] = {"path_effects": [withStroke(linewidth=3.2, foreground="white")]}
    x, y = skyrmions["x"].values * NANO, skyrmions["y"].values * NANO
    sure = skyrmions["resolved"].values
    for each in range(skyrmions.sizes["skyrmion"]):
        colour = COLOURS[each % len(COLOURS)]
        there = np.flatnonzero(np.isfinite(x[:, each]))
        ax.plot(x[:, each], y[:, each], ":", color=colour, linewidth=1.4, **rim)
        known = (np.where(sure[:, each], values[:, each], np.nan) for values in (x, y))
        ax.plot(*known, "-", color=colour, linewidth=1.4, **rim)
        begin = there[0]
        ax.plot(x[begin, each], y[begin, each], "o", color=colour, markersize=3.5)
        ax.annotate(
            str(int(skyrmions["skyrmion"][each])),
            (x[begin, each], y[begin, each]),
            (3, 3),
            textcoords="offset points",
            fontsize=7,
            bbox={"facecolor": "white", "edgecolor": colour, "linewidth": 0.6, "pad": 0.8},
        )
    handles: list[Artist] = []
    kinds = skyrmions["event_kind"].values.astype(str)
    for kind, marker in _MARKERS.items():
        chosen = kinds == kind
        if chosen.any():
            handles += ax.plot(
                skyrmions["event_x"].values[chosen] * NANO,
                skyrmions["event_y"].values[chosen] * NANO,
                marker,
                color="black",
                markerfacecolor="gold",
                markersize=7,
                markeredgewidth=0.8,
                label=kind,
                clip_on=False,
                zorder=4,
            )
    return handles


def _draw_outlines(ax: Axes, skyrmions: xr.Dataset, frame: int) -> None:
    from matplotlib.patches import Circle

    for each in np.flatnonzero(np.isfinite(skyrmions["x"].values[frame])):
        centre = [float(skyrmions[axis].values[frame, each]) * NANO for axis in "xy"]
        radius = float(skyrmions["radius"].values[frame, each]) * NANO
        style = "-" if skyrmions["resolved"].values[frame, each] else ":"
        ax.add_patch(Circle((centre[0], centre[1]), radius, fill=False, linestyle=style, linewidth=1.0))


def _finish(
    figure: Figure,
    ax: Axes,
    run: xr.Dataset,
    frame: int,
    image: Artist,
    label: str,
    ticks: npt.ArrayLike | None,
) -> None:
    dimension = frame_dimension(run)
    fields = applied_fields(run, dimension) if dimension == "step" else None
    draw_label(ax, frame_label(run, dimension, fields, frame), height=0.97)
    ax.set(xlabel="x (nm)", ylabel="y (nm)")
    # As high as the picture, whose sides are to scale.
    bar = figure.colorbar(image, cax=ax.inset_axes((1.02, 0.0, 0.025, 1.0)), ticks=ticks)  # type: ignore[arg-type]
    bar.set_label(label)
