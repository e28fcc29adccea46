"""Figures of a run in the reports of both kinds: the paths of its skyrmions, and a film."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from analysis import film, find_skyrmions, plot_skyrmions
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
from solitons.campaigns.framework.page import image

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["run_film", "ways_figure"]

_FRAMES = 60  # of a film


def ways_figure(runs: ComputedRuns[Any], run: LabelledRun[Any]) -> Figure:
    """The ways of a run's skyrmions, and the magnetisation at the end."""
    frames = runs.open(run)
    return plot_skyrmions(find_skyrmions(frames), frames)


def run_film(runs: ComputedRuns[Any], run: LabelledRun[Any], caption: str) -> Markup:
    """A run as a film with its caption."""
    frames = runs.open(run)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "run.gif"
        gif = film(frames, path, every=max(1, frames.sizes["t"] // _FRAMES)).read_bytes()
    return image(gif, "gif", caption)
