"""Runs of a window that moves along a track: where it is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

__all__ = ["moves", "refuse_moving_window", "window_positions"]


def moves(run: xr.Dataset) -> bool:
    """Say whether the cells of a run are a window that moves along a track without ends."""
    return "window_position" in run


def window_positions(run: xr.Dataset) -> npt.NDArray[np.float64]:
    """How far in m the window of a run has moved along +x at every frame; 0 of a run whose cells stay where they are.

    x plus that is the place in the track.
    """
    if moves(run):
        return run["window_position"].values.astype(np.float64)
    return np.zeros(run["m"].shape[0])


def refuse_moving_window(run: xr.Dataset, owner: str) -> None:
    """Refuse a run whose cells move, where a place in the track is asked for."""
    if moves(run):
        raise ValueError(
            f"{owner} needs cells that stay in one place of the track, and the run has a moving window; run the whole "
            "track, without protocol.moving_window"
        )
