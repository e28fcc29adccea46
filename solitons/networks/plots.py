"""Figures of what a network does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from solitons.figures import PREDICTED, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["digits_figure"]


def digits_figure(confusion: np.ndarray, accuracies: Mapping[str, tuple[float, tuple[float, float] | None]]) -> Figure:
    """Accuracy of the three networks with 95 % intervals, and the test images by true and read digit, (10, 10)."""
    figure = new_figure(7.6, 3.3)
    bars, matrix = figure.subplots(1, 2, width_ratios=[1, 1.15])
    names = list(accuracies)
    for index, name in enumerate(names):
        value, interval = accuracies[name]
        bars.barh(index, value, color=PREDICTED if interval else "#BBBBBB", height=0.6)
        if interval:
            bars.errorbar(value, index, xerr=[[value - interval[0]], [interval[1] - value]], color="black", capsize=3)
        bars.text(0.02, index, f"{name}: {value:.1%}", va="center", fontsize="small", color="black")
    bars.set_yticks([])
    bars.set_xlim(0, 1)
    bars.set_xlabel("accuracy on the test images")
    bars.invert_yaxis()
    bars.spines[["top", "right", "left"]].set_visible(False)

    image = matrix.imshow(np.sqrt(confusion), cmap="Greys")
    for (row, column), count in np.ndenumerate(confusion):
        if count:
            dark = np.sqrt(count) > image.norm.vmax / 2
            matrix.text(
                column,
                row,
                int(count),
                ha="center",
                va="center",
                fontsize=7,
                color="white" if dark else "black",
            )
    matrix.set_xticks(range(10))
    matrix.set_yticks(range(10))
    matrix.set_xlabel("read as")
    matrix.set_ylabel("digit")
    return figure
