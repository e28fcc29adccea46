"""How a varying anisotropy shows itself: in a device's table, and its grains in the plan."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geometries.anisotropy import AnisotropyGradient, Grains
from geometries.drawing import size_text
from geometries.quantities import format_quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["anisotropy_rows", "draw_grains"]

_GRAIN = "#ffffff"


def anisotropy_rows(gradient: AnisotropyGradient | None, grains: Grains | None) -> list[tuple[str, str]]:
    """Describe how the anisotropy varies."""
    rows = []
    if gradient is not None:
        text = f"Ku from {gradient.first:g} to {gradient.last:g} of the material's along {gradient.along}"
        rows.append(("anisotropy gradient", text))
    if grains is not None:
        text = f"{size_text(grains.size)}, Ku +- {grains.anisotropy_spread:.3g}"
        text += f", axes +- {math.degrees(grains.axis_spread):.3g} degrees, seed {grains.seed}"
        if grains.biased:
            mean = ", ".join(format_quantity(each, "A/m") for each in grains.exchange_bias)
            spread = format_quantity(grains.exchange_bias_spread, "A/m")
            text += f", exchange bias ({mean}) +- {spread} along x and y"
        rows.append(("grains", text))
    return rows


def draw_grains(ax: Axes, numbers: npt.NDArray[np.int64], magnet: npt.NDArray[np.bool_], cell: Sequence[float]) -> None:
    """Draw the borders between grains, from above, in nm."""
    from matplotlib.collections import LineCollection

    lines = []
    for axis in (0, 1):
        step = [cell[0] * 1e9, cell[1] * 1e9]
        other = np.diff(numbers, axis=axis) != 0
        inside = magnet[1:] & magnet[:-1] if axis == 0 else magnet[:, 1:] & magnet[:, :-1]
        for i, j in np.argwhere(other & inside):
            x, y = (i + (axis == 0)) * step[0], (j + (axis == 1)) * step[1]
            lines.append([(x, y), (x + (axis == 1) * step[0], y + (axis == 0) * step[1])])
    ax.add_collection(LineCollection(lines, colors=_GRAIN, linewidths=0.6))
