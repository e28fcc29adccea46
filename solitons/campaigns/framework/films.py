"""A run as a film in a report."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis import film
from solitons.campaigns.framework.page import image

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["run_film"]


def run_film(run: xr.Dataset, caption: str, *, frames: int, walls: xr.Dataset | None = None) -> Markup:
    """A run as a film of about so many frames with its caption; walls, if given, in the component that they part."""
    component = "z" if walls is None else walls.attrs["component"]
    every = max(1, run.sizes["t"] // frames)
    with tempfile.TemporaryDirectory() as directory:
        moving = film(run, Path(directory) / "run.gif", walls=walls, component=component, every=every).read_bytes()
    return image(moving, "gif", caption)
