"""How large a description may become: its counts multiplied out before anything is allocated.

What is refused here could be computed by no machine, or not within a lifetime: a slip in a unit or in a count. What is
allowed may still be too much for this machine's memory, which is not asked, because a description is right or wrong
wherever it is read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from geometries.quantities import format_quantity

__all__ = [
    "MOST_BREAKPOINTS",
    "MOST_CELLS",
    "MOST_FRAMES",
    "MOST_ISLANDS",
    "MOST_PAIRS",
    "MOST_POINTS",
    "check_frames",
    "check_islands",
    "check_mesh",
    "check_samples",
    "refuse_more",
]

MOST_CELLS = 100_000_000
"""Cells of a mesh: m and the fields that a solver needs take 100 GB, and 1 s an evaluation."""
MOST_CELLS_ALONG = 10_000_000
"""Cells of a mesh along one axis: 20 mm of cells of 2 nm."""
MOST_ISLANDS = 4_000_000
"""Islands of a spin ice: places, vertices and couplings take 10 GB in the reduced model."""
MOST_FRAMES = 1_000_000
"""Frames of a run, in time or in field steps."""
MOST_BREAKPOINTS = 400_000
"""Breakpoints of the waveforms of a run, quarter periods of its sines included."""
MOST_POINTS = 100_000
"""Points of a sweep."""
MOST_PAIRS = 1_000_000_000
"""Pairs of coupled islands: 16 GB."""
MOST_BYTES = 100_000_000_000_000
"""Bytes of the frames of a run: 100 TB."""
_MOST_SAMPLES = 100_000_000
_BYTES_A_CELL = 12  # of a frame: three numbers of four bytes


def refuse_more(owner: str, number: float, most: int, what: str, remedy: str) -> None:
    """Refuse more things than `most`, a number that no machine could hold or compute.

    `owner` are the fields that the number follows from, with their values ("columns = 5 and rows = 3"), and `what` is
    counted ("islands").
    """
    if not number <= most:
        many = f"{number:,.0f}" if number < 1e7 else f"{number:.3g}"
        raise ValueError(f"{owner}: that would be {many} {what}, and at most {most:,} are taken; {remedy}")


def check_mesh(shape: Sequence[float], cell: Sequence[float]) -> None:
    """Refuse a mesh of more cells, of the size `cell` (m), than a solver could hold."""
    cells = math.prod(shape)
    if cells <= MOST_CELLS and max(shape) <= MOST_CELLS_ALONG:
        return
    sizes = " x ".join(format_quantity(each, "m") for each in cell)
    extent = " x ".join(format_quantity(number * each, "m") for number, each in zip(shape, cell, strict=True))
    owner, remedy = f"cell = {sizes} in {extent}", "choose larger cells or a smaller device, and check their units"
    for axis, number in zip("xyz", shape, strict=True):
        refuse_more(owner, number, MOST_CELLS_ALONG, f"cells along {axis}", remedy)
    refuse_more(owner, cells, MOST_CELLS, f"cells, {_bytes(1000 * cells)} of memory for a solver", remedy)


def check_islands(columns: int, rows: int, islands_a_place: float) -> None:
    """Refuse a lattice of more islands than the reduced model could hold."""
    owner = f"columns = {columns} and rows = {rows}"
    refuse_more(owner, columns * rows * islands_a_place, MOST_ISLANDS, "islands", "give fewer columns or rows")


def check_samples(owner: str, samples: float, remedy: str) -> None:
    """Refuse to sample something at more places than fit into memory."""
    refuse_more(owner, samples, _MOST_SAMPLES, f"numbers, {_bytes(16 * samples)} of memory", remedy)


def check_frames(frames: float, cells: int) -> None:
    """Refuse a run whose frames no disk could hold."""
    size = frames * cells * _BYTES_A_CELL
    if size > MOST_BYTES:
        raise ValueError(
            f"protocol and device: {frames:,.0f} frames of {cells:,} cells would take {_bytes(size)}, and at most "
            f"{_bytes(MOST_BYTES)} are taken; keep fewer frames, or take larger cells"
        )


def _bytes(number: float) -> str:
    return format_quantity(number, "B", 3)
