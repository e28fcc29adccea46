"""Shared parts of figures of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from solitons.campaigns.arrays.scores_over_seeds import Score

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ALLOWED", "floating_point", "name_ticks", "scores"]

ALLOWED = "#B0413E"


def scores(ax: Axes, at: Sequence[float] | np.ndarray, found: Sequence[Score], colour: str, **how: Any) -> None:
    """Accuracies in per cent with their intervals."""
    means = np.array([100 * each.mean for each in found])
    low, high = (np.array([100 * each.ci95[end] for each in found]) for end in (0, 1))
    style: dict[str, Any] = {"fmt": "o-", "capsize": 3, "markersize": 4, "linewidth": 1} | how
    ax.errorbar(at, means, (means - low, high - means), color=colour, **style)


def floating_point(
    ax: Axes, floating: Score, allowed: float, label: str = "allowed", whole: str = "floating point"
) -> None:
    """Lines at the accuracy of floating point, and at what may be lost to it."""
    at = 100 * floating.mean
    ax.axhline(at, color="0.4", linestyle=":", linewidth=1, label=whole)
    ax.axhline(at - 100 * allowed, color=ALLOWED, linestyle="--", linewidth=0.8, label=label)


def name_ticks(ax: Axes, values: Sequence[float], **how: Any) -> None:
    """Ticks of a logarithmic axis at these values alone."""
    ax.set_xscale("log")
    ax.set_xticks(values, [f"{each:g}" for each in values], **how)
    ax.minorticks_off()
