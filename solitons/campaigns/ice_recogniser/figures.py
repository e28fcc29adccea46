"""Figures of the report of a recognising spin ice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from solitons.campaigns.ice_recogniser.campaign import IceRecogniserCampaign
from solitons.campaigns.ice_recogniser.summary import MemoryPoint, Recognition
from solitons.campaigns.page import new_figure
from solitons.spin_ice import MacrospinLattice, pattern_cascades

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from solitons.campaigns.ice_recogniser.ice import Ice

__all__ = ["cascades_figure", "memory_figure", "ports_figure", "ranks_figure", "recognition_figure"]

WRITTEN, READ, IDLE = "#D55E00", "#0B5C8A", "#C9CED3"
RANDOM = "#009E73"


def _draw_islands(ax: Axes, ice: Ice, colours: Sequence[str] | npt.NDArray[np.str_]) -> None:
    from matplotlib.collections import LineCollection

    position, axis = ice.lattice["position"].values * 1e6, ice.lattice["axis"].values
    half = (ice.lattice["length"].values * 0.4e6)[:, None]
    ends = np.stack((position - half * axis, position + half * axis), axis=1)
    ax.add_collection(LineCollection(list(ends), colors=list(colours), linewidths=2.0, capstyle="round"))
    ax.set_xlim(ends[..., 0].min() - 0.1, ends[..., 0].max() + 0.1)
    ax.set_ylim(ends[..., 1].min() - 0.1, ends[..., 1].max() + 0.1)
    ax.set_aspect("equal")


def ports_figure(ice: Ice) -> Figure:
    """Which islands are written and which are read."""
    figure = new_figure(5.2, 5.0)
    ax = figure.subplots()
    colours = np.full(ice.lattice.sizes["island"], IDLE)
    colours[ice.read_outs], colours[ice.inputs] = READ, WRITTEN
    _draw_islands(ax, ice, colours)
    for colour, label in ((WRITTEN, "written"), (READ, "read"), (IDLE, "neither")):
        if np.any(colours == colour):
            ax.plot([], [], color=colour, linewidth=3, label=label)
    figure.legend(loc="outside upper center", ncols=3, frameon=False)
    ax.set(xlabel="x (µm)", ylabel="y (µm)")
    return figure


def cascades_figure(campaign: IceRecogniserCampaign, ice: Ice, model: MacrospinLattice, amplitude: float) -> Figure:
    """Three digits as they are written, and what they leave in the ice."""
    from sklearn.datasets import load_digits

    settings = campaign.patterns
    images, labels = load_digits(return_X_y=True)
    shown = [int(np.flatnonzero(labels == digit)[0]) for digit in (1, 3, 8)]
    bright = np.concatenate([images[shown] / 16 > settings.threshold, np.zeros((1, images.shape[1]), dtype=bool)])
    left = pattern_cascades(
        model, bright, ice.inputs.tolist(), angle=settings.angle, amplitude=amplitude, steps=settings.steps
    )["spin"].values
    figure = new_figure(7.8, 5.2)
    rows = figure.subplots(2, 3, height_ratios=(1, 2))
    for column, (written, ice_axes) in enumerate(zip(rows[0], rows[1], strict=True)):
        written.imshow(bright[column].reshape(8, 8), cmap="Greys", vmin=-0.2, vmax=1.2)
        colours = np.where(left[column] != left[-1], READ, IDLE)
        colours[ice.inputs] = np.where(bright[column], WRITTEN, "#EDEFF1")
        _draw_islands(ice_axes, ice, colours)
        for ax in (written, ice_axes):
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set_visible(False)
    return figure


def recognition_figure(found: Recognition) -> Figure:
    """Accuracies, and accuracies over the number of read-outs."""
    figure = new_figure(7.8, 3.0)
    accuracies, curves = figure.subplots(1, 2, width_ratios=(1, 1.3))
    last = found.by_read_outs[-1]
    named = [
        ("the ice", found.ice, READ),
        ("grey pixels", found.pixels, "#555555"),
        ("written pixels", found.written, WRITTEN),
        (f"{last.read_outs} projections", last.projection, "#8A8F94"),
        (f"{last.read_outs} random\nbinary features", last.random, RANDOM),
    ]
    for place, (_, accuracy, colour) in enumerate(named):
        mean, spread = 100 * accuracy.mean, 100 * accuracy.spread
        accuracies.errorbar(mean, place, xerr=spread, color=colour, marker="o", capsize=3)
    accuracies.set_yticks(range(len(named)), [name for name, _, _ in named])
    accuracies.margins(0.15)
    accuracies.invert_yaxis()
    accuracies.set_xlabel("read right (%)")
    counts = [each.read_outs for each in found.by_read_outs]
    pick: Callable[[str], list[Any]] = lambda name: [getattr(each, name) for each in found.by_read_outs]  # noqa: E731
    for name, label, colour in (
        ("ice", "the ice", READ),
        ("projection", "random projections", "#8A8F94"),
        ("random", "random binary features", RANDOM),
    ):
        means = [100 * each.mean for each in pick(name)]
        errors = [100 * each.spread for each in pick(name)]
        curves.errorbar(counts, means, errors, label=label, color=colour, marker="o", capsize=3)
    curves.axhline(100 * found.pixels.mean, color="#555555", linestyle=":", label="grey pixels")
    curves.axhline(100 * found.written.mean, color=WRITTEN, linestyle=":", label="written pixels")
    curves.set(xlabel="read-outs", ylabel="read right (%)", xscale="log")
    curves.set_xticks(counts, [str(count) for count in counts], minor=False)
    curves.minorticks_off()
    curves.legend(frameon=False, fontsize="small")
    for ax in (accuracies, curves):
        ax.spines[["top", "right"]].set_visible(False)
    return figure


def ranks_figure(memory: Sequence[MemoryPoint]) -> Figure:
    """Kernel and generalisation rank over the field, a colour for each spread."""
    figure = new_figure(7.8, 3.2)
    ax = figure.subplots()
    _curves(ax, memory, "kernel_rank", "-", True)
    _curves(ax, memory, "generalisation_rank", "--", False)
    ax.set(xlabel="field (kA/m)", ylabel="rank")
    ax.legend(frameon=False, title="spread of h_k")
    return figure


def memory_figure(memory: Sequence[MemoryPoint]) -> Figure:
    """Linear memory, nonlinear memory and total capacity over the field."""
    figure = new_figure(7.8, 2.9)
    axes = figure.subplots(1, 3)
    names = ("linear_memory", "nonlinear_memory", "total_capacity")
    for ax, name in zip(axes, names, strict=True):
        _curves(ax, memory, name, "-", name == "total_capacity")
        ax.set(xlabel="field (kA/m)", title=name.replace("_", " "))
        ax.set_ylim(bottom=0)
    axes[-1].legend(frameon=False, title="spread of h_k", fontsize="small")
    return figure


def _curves(ax: Axes, memory: Sequence[MemoryPoint], name: str, style: str, labelled: bool) -> None:
    from matplotlib import colormaps

    spreads = sorted({point.spread for point in memory})
    for index, spread in enumerate(spreads):
        points = [point for point in memory if point.spread == spread]
        values = np.array([getattr(point, name) for point in points])
        ax.errorbar(
            [point.amplitude / 1e3 for point in points],
            values[:, 0],
            values[:, 1],
            color=colormaps["viridis"](0.85 * index / max(len(spreads) - 1, 1)),
            linestyle=style,
            marker="o",
            markersize=3,
            label=f"{spread:.0%}" if labelled else None,
        )
    ax.spines[["top", "right"]].set_visible(False)
