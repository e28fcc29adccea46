"""Runs that this machine's memory cannot hold are refused before anything is computed."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

from geometries.quantities import format_quantity
from runs.engines import EngineFailedError

if TYPE_CHECKING:
    from runs.spec import RunSpec

__all__ = ["check_run", "refuse_more_than_free"]


def check_run(spec: RunSpec, cell: int, frame: int) -> None:
    """Refuse a run with an EngineFailedError if its engine takes more than is free.

    `cell` are the bytes that the engine was seen to take for a cell of the mesh, and `frame` those for each cell in
    each frame that it keeps.
    """
    cells, frames = math.prod(spec.device.shape), spec.protocol.frame_count
    refuse_more_than_free(
        spec,
        f"{cells:,} cells in {frames:,} frames",
        cells * (cell + frame * frames),
        "choose larger cells, a smaller device or fewer frames, or a machine that has more",
    )


def refuse_more_than_free(spec: RunSpec, what: str, needed: float, remedy: str) -> None:
    """Refuse a run with an EngineFailedError, which names `what` needs so many bytes, and the remedy."""
    free = _free_memory()
    if needed > free:
        raise EngineFailedError(
            f"run {spec.run_id}: {what} need about {format_quantity(needed, 'B', 3)} of memory, and "
            f"{format_quantity(free, 'B', 3)} are free; {remedy}"
        )


def _free_memory() -> int:
    """Bytes that a process may take without others being moved out."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        (available,) = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
        return 1024 * int(available)
    except (OSError, ValueError):  # no Linux
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
