"""The frames that the native engine leaves while it computes: the newest one, and the table so far."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from runs.whole_files import write_beside

__all__ = ["MEANS", "TABLE", "record_frames"]

TABLE = "frames.json"
MEANS = ("mx", "my", "mz")
"""Columns of the table beside the energy."""

Floats = npt.NDArray[np.floating[Any]]


def record_frames(directory: Path, values: Floats, every: float = 1.0) -> Callable[[Floats, float], None]:
    """Return a function that takes every frame and its energy (J) and leaves the newest in a run's work directory.

    The frames are unit vectors (x, y, z, 3), NaN outside the magnet; `values` are times, or numbers of field steps, of
    all frames that there will be, and `every` the seconds from one to the next that is left.
    """
    rows: list[list[float]] = []
    last, before = -1.0, ""

    def keep(m: Floats, energy: float) -> None:
        nonlocal last, before
        means = np.nanmean(m.reshape(-1, 3), axis=0)
        rows.append([energy, *(float(mean) for mean in means)])
        now = time.monotonic()
        if last < 0 or now - last >= every:
            last = now
            # A courtesy: a full disk must show where results are written, not here.
            with suppress(OSError):
                before = _leave(directory, values[: len(rows)], rows, m, before)

    return keep


def _leave(directory: Path, values: Floats, rows: list[list[float]], m: Floats, before: str) -> str:
    """Leave a frame, and return its name; of the frames that are there only the one named `before` is kept."""
    frame = f"frame-{len(rows)}.npy"
    np.save(directory / frame, np.asarray(m, dtype=np.float32), allow_pickle=False)
    content = {"values": [float(value) for value in values], "rows": rows, "frame": frame}
    write_beside(directory / TABLE, json.dumps(content))
    # The one that the table named until now may be being read; which that is, only the second frame knows.
    for path in directory.glob("frame-*.npy") if before else ():
        if path.name not in (frame, before):
            path.unlink(missing_ok=True)
    return frame
