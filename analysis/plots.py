"""Pictures of a run and its observables.

Every function draws on a `matplotlib.figure.Figure` or `Axes`, given or made
here, and sets no global style; nothing touches pyplot's state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.applied_fields import applied_fields, frame_label
from analysis.magnetisation_images import (
    COLOURS,
    NANO,
    component_index,
    draw_image,
    draw_label,
    draw_walls,
    frame_image,
    panel_height,
)
from analysis.moving_windows import moves
from analysis.schema import check_pulses, check_run, check_walls, current_density_of, frame_dimension

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_conductance", "plot_magnetisation", "plot_positions"]


def plot_magnetisation(
    run: xr.Dataset,
    times: npt.ArrayLike,
    *,
    walls: xr.Dataset | None = None,
    component: str = "z",
    figure: Figure | None = None,
) -> Figure:
    """Draw the magnetisation at chosen times, one panel below the other.

    Parameters
    ----------
    run : xarray.Dataset
        A run in time or in field steps; of a lazy one only the frames drawn are read.
    times : array_like of float
        Times in s, or numbers of field steps; the nearest frame to each is drawn, and its
        time, or its step and field, written.
    walls : xarray.Dataset, optional
        Result of `analysis.walls` for it: drawn as dashed lines.
    component : {"x", "y", "z"}
        Component of m that gives the colour.
    figure : matplotlib.figure.Figure, optional
        An empty figure to draw on.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    TypeError, ValueError
        If a Dataset is not what it should be, there is no time, or `component` is
        another.

    Examples
    --------
    >>> from analysis import artificial
    >>> run = artificial.domain_walls([[100e-9], [150e-9]])
    >>> len(plot_magnetisation(run, [0.0, 1e-10]).axes)  # two panels and the colour bar
    3
    """
    check_run(run, in_time=walls is not None)
    component_index(component)
    if walls is not None:
        check_walls(walls)
    wanted = np.atleast_1d(np.asarray(times, dtype=np.float64))
    if not wanted.size:
        raise ValueError("times is empty; give at least one time in s, or one field step")
    dimension = frame_dimension(run)
    fields = applied_fields(run, dimension) if dimension == "step" else None
    frames = [int(np.argmin(np.abs(run[dimension].values - time))) for time in wanted]
    # Tick labels, the axis label and margins take the rest.
    figure = _figure(figure, (6.4, panel_height(run) * len(frames) + 0.16 * (len(frames) - 1) + 0.75))
    panels = figure.subplots(len(frames), 1, sharex=not moves(run), sharey=True, squeeze=False)[:, 0]
    for ax, frame in zip(panels, frames, strict=True):
        image = draw_image(ax, run, frame_image(run, frame, component), frame)
        if walls is not None:
            draw_walls(ax, run, walls, frame)
        draw_label(ax, frame_label(run, dimension, fields, frame), height=0.93)
        ax.locator_params(axis="y", nbins=3)
    panels[-1].set_xlabel("x (nm)")
    figure.supylabel("y (nm)", fontsize=panels[-1].xaxis.label.get_size())
    bar = figure.colorbar(image, ax=list(panels), aspect=18, pad=0.015, ticks=[-1, 0, 1])
    bar.set_label(f"$m_{component}$")
    return figure


def plot_positions(walls: xr.Dataset, run: xr.Dataset, *, figure: Figure | None = None) -> Figure:
    """Draw the walls' positions over time, the current pulses below them.

    Parameters
    ----------
    walls : xarray.Dataset
        Result of `analysis.walls` for `run`. An exit is marked by a cross, a birth by
        a circle.
    run : xarray.Dataset
        The run. Where it has a `current_density`, which no drive of oommfc has, that is drawn below.
    figure : matplotlib.figure.Figure, optional
        An empty figure to draw on.

    Returns
    -------
    matplotlib.figure.Figure
        With two axes that share time, or one.

    Raises
    ------
    TypeError, ValueError
        If a Dataset is not what it should be.

    Examples
    --------
    >>> from analysis import artificial
    >>> from analysis import walls as extract_walls
    >>> run = artificial.domain_walls([[100e-9], [150e-9]])
    >>> [ax.get_ylabel() for ax in plot_positions(extract_walls(run), run).axes]
    ['wall position (nm)', 'J (A/m$^2$)']
    """
    check_walls(walls)
    check_run(run, in_time=True)
    driven = "current_density" in run
    figure = _figure(figure, (6.4, 4.2 if driven else 3.2))
    above, *below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1)) if driven else [figure.subplots()]
    t = walls["t"].values * NANO
    for wall in range(walls.sizes["wall"]):
        position = walls["position"].values[:, wall] * NANO
        colour = COLOURS[wall % len(COLOURS)]
        above.plot(t, position, color=colour, linewidth=1.6, label=f"wall {int(walls['wall'][wall])}")
        there = np.flatnonzero(np.isfinite(position))
        for event, frame, marker in (("birth", there[0], "o"), ("exit", there[-1], "x")):
            if np.isfinite(float(walls[event][wall])):
                above.plot(
                    t[frame],
                    position[frame],
                    marker,
                    color=colour,
                    markersize=7,
                    markeredgewidth=1.8,
                    zorder=3,
                )
    if not walls.sizes["wall"]:
        above.text(0.5, 0.5, "no wall", transform=above.transAxes, ha="center", va="center", color="0.4")
    elif 1 < walls.sizes["wall"] <= len(COLOURS):
        above.legend(frameon=False, fontsize="small", ncols=4, loc="lower left", bbox_to_anchor=(0.0, 1.0))
    above.set_ylabel("wall position (nm)")
    if driven:
        _draw_current(below[0], run)
    figure.axes[-1].set_xlabel("t (ns)")
    for ax in figure.axes:
        ax.spines[["top", "right"]].set_visible(False)
        ax.margins(x=0.01)
    figure.align_ylabels()
    return figure


def _draw_current(ax: Axes, run: xr.Dataset) -> None:
    current = current_density_of(run, purpose="the pulse train")
    exponent = int(np.floor(np.log10(np.abs(current).max()))) if current.any() else 0
    current = current / 10.0**exponent
    # A jump holds from its frame on, as in the run's table.
    ax.plot(run["t"].values * NANO, current, drawstyle="steps-post", color="0.25", linewidth=1.2)
    ax.fill_between(run["t"].values * NANO, current, step="post", color="0.25", alpha=0.2, linewidth=0)
    ax.axhline(0.0, color="0.7", linewidth=0.8, zorder=0)
    power = f"$10^{{{exponent}}}$ " if exponent else ""
    ax.set_ylabel(f"J ({power}A/m$^2$)")


def plot_conductance(pulses: xr.Dataset, *, ax: Axes | None = None) -> Axes:
    """Draw the conductance after each pulse, as potentiation and depression.

    Parameters
    ----------
    pulses : xarray.Dataset
        Result of `analysis.pulses` with a junction. Pulses are distinguished by the
        sign of their current; pulse 0 is the state before the first, where known.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError, ValueError
        If `pulses` is not what it should be or has no conductance.

    Examples
    --------
    >>> from analysis import artificial, tunnel_junction
    >>> from analysis import pulses as summarise
    >>> run = artificial.domain_walls([100e-9, 120e-9, 121e-9], current_density=[-1e12, 0, 0])
    >>> junction = tunnel_junction(run, (50e-9, 250e-9), resistance_area=1e-11, tmr=1.0)
    >>> plot_conductance(summarise(run, junction=junction)).get_ylabel()
    'conductance (µS)'
    """
    check_pulses(pulses)
    if "conductance" not in pulses:
        raise ValueError("pulses has no conductance; give `junction` to analysis.pulses")
    from matplotlib.ticker import MaxNLocator

    if ax is None:
        ax = _figure(None, (5.2, 3.4)).subplots()
    number = pulses["pulse"].values + 1
    conductance = pulses["conductance"].values
    initial = pulses.attrs.get("initial_conductance")
    if initial is not None:
        number, conductance = np.append(0, number), np.append(initial, conductance)
    scale, unit = _conductance_unit(float(np.max(conductance, initial=0.0)))
    ax.plot(number, conductance * scale, color="0.75", linewidth=1.0, zorder=1)
    if initial is not None:
        ax.plot(0, initial * scale, "D", color="0.35", markersize=5, label="before")
    positive = pulses["amplitude"].values > 0
    for chosen, label, marker, colour in (
        (positive, "pulses with J > 0", "^", COLOURS[0]),
        (~positive, "pulses with J < 0", "v", COLOURS[1]),
    ):
        if chosen.any():
            after = pulses["conductance"].values[chosen] * scale
            ax.plot(pulses["pulse"].values[chosen] + 1, after, marker, color=colour, markersize=6, label=label)
    ax.set_xlabel("pulse number")
    ax.set_ylabel(f"conductance ({unit})")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.spines[["top", "right"]].set_visible(False)
    if ax.get_legend_handles_labels()[0]:
        ax.legend(frameon=False, fontsize="small")
    return ax


def _figure(figure: Figure | None, size: tuple[float, float]) -> Figure:
    if figure is not None:
        return figure
    from matplotlib.figure import Figure

    return Figure(figsize=size, layout="constrained")


def _conductance_unit(largest: float) -> tuple[float, str]:
    if largest >= 1e-3:
        return 1e3, "mS"
    return (1e6, "µS") if largest >= 1e-6 else (1e9, "nS")
