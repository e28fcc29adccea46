"""How a stripe shows itself: a line of text, a plan to scale, a table in a notebook.

Figures are made without pyplot, so that no window system is touched and no
figure stays open behind the user's back.
"""

from __future__ import annotations

import base64
import html
import io
from typing import TYPE_CHECKING

import numpy as np

from geometries.quantities import format_quantity

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from geometries.stripe.device import Stripe
    from geometries.stripe.notches import Notch, PeriodicNotches
    from geometries.stripe.walls import Wall

__all__ = ["describe_stripe", "page", "plot_stripe", "size_text", "stripe_html"]

_MAGNET = "#b8c4d6"
_PINNED = "#5b7083"
_WALL = "#c2410c"
_WINDOW = "#15803d"
_LEAST_HEIGHT = 0.5  # of the drawing, in inches; it is 7 long
_FAMILIES = {"z": "up-down", "x": "head-to-head"}


def size_text(*lengths: float) -> str:
    """Write lengths in m with their units, such as "4 nm x 2 nm"."""
    return " x ".join(format_quantity(length, "m") for length in lengths)


def _describe_wall(wall: Wall) -> str:
    return f"{wall.kind} wall at {format_quantity(wall.position, 'm')}"


def _describe_notch(notch: Notch | PeriodicNotches) -> str:
    where = "both edges" if notch.edge == "both" else f"the {notch.edge} edge"
    size = f"{size_text(notch.depth)} deep and {size_text(notch.width)} wide"
    number = len(notch.expand())
    if number == 1:
        position = format_quantity(notch.expand()[0].position, "m")
        return f"a {notch.shape} notch at {position}, {size}, {where}"
    first, second = notch.expand()[:2]
    return (
        f"{number} {notch.shape} notches from {format_quantity(first.position, 'm')} every "
        f"{format_quantity(second.position - first.position, 'm')}, {size}, {where}"
    )


def _rows(stripe: Stripe) -> list[tuple[str, str]]:
    """List what there is to say about a stripe, as pairs of name and text."""
    nx, ny, nz = stripe.shape
    rows = [
        ("size", size_text(stripe.length, stripe.width, stripe.thickness)),
        ("mesh", f"{nx} x {ny} x {nz} cells of {size_text(*stripe.cell)}"),
        ("domains", _FAMILIES[stripe.domain_axis] + f", {'+' if stripe.first_domain > 0 else '-'} first"),
    ]
    if stripe.walls:
        rows.append(("walls", "; ".join(map(_describe_wall, stripe.walls))))
    if stripe.taper is not None:
        narrow = format_quantity(stripe.taper.narrow_width(stripe.width), "m")
        rows.append(("taper", f"to {narrow} at the {stripe.taper.narrow_end} end"))
    if stripe.notches:
        rows.append(("notches", "; ".join(map(_describe_notch, stripe.notches))))
    if stripe.edge_roughness is not None:
        rough = stripe.edge_roughness
        rows.append(
            (
                "edge roughness",
                f"rms {size_text(rough.rms)} over {size_text(rough.correlation_length)}, seed {rough.seed}",
            )
        )
    if stripe.pinned_ends is not None:
        ends = stripe.pinned_ends
        rows.append(("pinned ends", f"{size_text(ends.length)} each, {format_quantity(ends.field, 'A/m')}"))
    if stripe.readout_window is not None:
        window = stripe.readout_window
        intervals = [f"x {size_text(window.x[0])} to {size_text(window.x[1])}"]
        if window.y is not None:
            intervals.append(f"y {size_text(window.y[0])} to {size_text(window.y[1])}")
        rows.append(("read-out window", ", ".join(intervals)))
    return rows


def describe_stripe(stripe: Stripe) -> str:
    """Say in a line what a stripe is.

    Parameters
    ----------
    stripe : Stripe
        The device.

    Returns
    -------
    str
        Its sizes, its cells and what it has, with units.
    """
    (_, size), (_, mesh), *others = _rows(stripe)
    return f"stripe {size}, {mesh}, " + ", ".join(f"{name}: {text}" for name, text in others)


def _figure(stripe: Stripe) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    # As high as the drawing is, with room for the labels and the legend.
    height = float(np.clip(7.0 * stripe.width / stripe.length, _LEAST_HEIGHT, 5.0))
    figure = Figure(figsize=(8.0, height + 1.1), layout="constrained")
    return figure, figure.add_subplot()


def plot_stripe(stripe: Stripe, ax: Axes | None = None) -> Axes:
    """Draw a stripe from above, to scale, as it will be simulated: cell by cell.

    Parameters
    ----------
    stripe : Stripe
        The device.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a figure of its own, outside pyplot, if left out.

    Returns
    -------
    matplotlib.axes.Axes
        With x and y in nm and a legend above the drawing; y is stretched, and its label
        says so, where the stripe is more than 20 times as long as wide.
    """
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch, Rectangle

    if ax is None:
        _, ax = _figure(stripe)
    length, width = stripe.length * 1e9, stripe.width * 1e9

    # A stripe as thin as a hair shows nothing to scale.
    stretch = max(1.0, round(_LEAST_HEIGHT / 7.0 * length / width))
    labels = stripe.labels().values.max(axis=2)
    ax.imshow(
        np.ma.masked_equal(labels, 0).T,
        origin="lower",
        extent=(0, length, 0, width),
        cmap=ListedColormap([_MAGNET, _PINNED, _PINNED]),
        vmin=1,
        vmax=3,
        interpolation="nearest",
        aspect=stretch,
    )
    handles: list[Artist] = [Patch(color=_MAGNET, label="magnet")]
    if stripe.pinned_ends is not None:
        handles.append(Patch(color=_PINNED, label="pinned end"))
    for wall in stripe.walls:
        (line,) = ax.plot(
            [wall.position * 1e9] * 2, [0, width], color=_WALL, linestyle="--", linewidth=1.5, label="wall"
        )
        if wall is stripe.walls[0]:
            handles.append(line)
    if stripe.readout_window is not None:
        begin_x, end_x = (edge * 1e9 for edge in stripe.readout_window.x)
        begin_y, end_y = (edge * 1e9 for edge in stripe.readout_window.y or (0.0, stripe.width))
        window = Rectangle(
            (begin_x, begin_y),
            end_x - begin_x,
            end_y - begin_y,
            facecolor="none",
            edgecolor=_WINDOW,
            hatch="///",
            linewidth=1.5,
            label="read-out window",
        )
        handles.append(ax.add_patch(window))
    ax.set(
        xlabel="x (nm)",
        ylabel="y (nm)" if stretch == 1 else f"y (nm)\nx {stretch:g}",
        xlim=(0, length),
        ylim=(0, width),
    )
    ax.locator_params(axis="y", nbins=3)
    ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1.02), ncols=4, frameon=False, borderaxespad=0)
    return ax


def stripe_html(stripe: Stripe) -> str:
    """Show a stripe in a notebook: a table of its parts and the plan.

    Parameters
    ----------
    stripe : Stripe
        The device.

    Returns
    -------
    str
        Self-contained HTML; the plan is a PNG inside it.
    """
    figure, ax = _figure(stripe)
    plot_stripe(stripe, ax)
    return page("Stripe", _rows(stripe), figure, "plan of the stripe")


def page(title: str, rows: list[tuple[str, str]], figure: Figure, caption: str) -> str:
    """Put a table and a figure into HTML that needs no other file.

    Parameters
    ----------
    title : str
        What stands above.
    rows : list of (str, str)
        Names and texts of the table.
    figure : matplotlib.figure.Figure
        Becomes a PNG inside the page.
    caption : str
        What the figure shows, for those who cannot see it.

    Returns
    -------
    str
    """
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=100)
    encoded = base64.b64encode(picture.getvalue()).decode("ascii")
    cells = "".join(
        f'<tr><th style="text-align:left">{html.escape(name)}</th>'
        f'<td style="text-align:left">{html.escape(text)}</td></tr>'
        for name, text in rows
    )
    return (
        f"<div><strong>{html.escape(title)}</strong><table>{cells}</table>"
        f'<img alt="{html.escape(caption)}" style="max-width:100%" src="data:image/png;base64,{encoded}"></div>'
    )
