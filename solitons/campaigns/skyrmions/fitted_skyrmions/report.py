"""What the reports of fitted skyrmions share: names of parameters, a film."""

from __future__ import annotations

import tempfile
from pathlib import Path

import xarray as xr
from markupsafe import Markup

from analysis import film
from solitons.campaigns.framework.page import image, symbol

__all__ = ["PARAMETER_NAMES", "run_film"]

PARAMETER_NAMES = {
    "dissipation": "dissipation D",
    "beta": "non-adiabaticity β",
    "drift_per_current": "drift velocity per current u/J",
    "damping_like_per_current": "damping-like field per current a/J",
    "edge_strength": Markup("largest force of an edge {}").format(symbol("F", "0")),
    "edge_distance": Markup("its distance from the edge {}").format(symbol("s", "0")),
    "edge_decay": "its decay length λ",
    "pair_strength": Markup("force between two skyrmions {}").format(symbol("F", "1")),
    "pair_decay": "its decay length",
}
"""How a reader knows the parameters of a fit."""

_FRAMES = 60  # of a film


def run_film(frames: xr.Dataset, caption: str) -> Markup:
    """A run as a film with its caption."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "run.gif"
        gif = film(frames, path, every=max(1, frames.sizes["t"] // _FRAMES)).read_bytes()
    return image(gif, "gif", caption)
