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


def check_run(spec: RunSpec, of_mesh: int, of_frame: int) -> None:
    """Refuse a run with an EngineFailedError if its engine takes more than is free.

    `of_mesh` are the bytes that the engine was seen to take for a cell of the mesh, and `of_frame` those for a cell in
    each frame that it keeps. What other runs will take that begin at the same time is not known.
    """
    cells, frames = math.prod(spec.device.shape), spec.protocol.frame_count
    refuse_more_than_free(
        spec,
        f"{cells:,} cells, kept in {frames:,} states,",
        cells * (of_mesh + of_frame * frames),
        "choose larger cells, a smaller device or fewer frames, or a machine that has more",
    )


def refuse_more_than_free(spec: RunSpec, what: str, needed: float, remedy: str) -> None:
    """Refuse a run with an EngineFailedError if `what` needs more bytes than there are."""
    free = _free_memory()
    if needed > free:
        raise EngineFailedError(
            f"run {spec.run_id}: {what} need about {format_quantity(needed, 'B', 3)} of memory, and "
            f"{format_quantity(free, 'B', 3)} are free; {remedy}"
        )


def _free_memory() -> float:
    """Bytes that a process may take, swapped out or not; infinite where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        table = {line.split(":")[0]: int(line.split()[1]) for line in lines}
        return 1024 * (table["MemAvailable"] + table["SwapFree"])
    except (OSError, ValueError, LookupError):  # no Linux
        names = ("SC_PAGE_SIZE", "SC_PHYS_PAGES")
        return math.prod(map(os.sysconf, names)) if hasattr(os, "sysconf") else math.inf
