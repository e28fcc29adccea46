"""The figure of a run in the reports of both kinds: the paths of its skyrmions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis import find_skyrmions, plot_skyrmions
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ways_figure"]


def ways_figure(runs: ComputedRuns[Any], run: LabelledRun[Any]) -> Figure:
    """The ways of a run's skyrmions, and the magnetisation at the end."""
    frames = runs.open(run)
    return plot_skyrmions(find_skyrmions(frames), frames)
