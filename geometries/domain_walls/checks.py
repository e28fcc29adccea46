"""Checks of a stripe; each names field, value and remedy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NoReturn

from geometries.domain_walls.pinning import PinnedEnds
from geometries.domain_walls.readout import ReadoutWindow
from geometries.domain_walls.textures import PlacedWall
from geometries.domain_walls.walls import Wall
from geometries.quantities import format_quantity

__all__ = [
    "check_pinned_ends",
    "check_walls",
    "check_walls_apart",
    "check_window",
    "refuse_empty_window",
]

Lengths = tuple[float, float, float]


def _nm(value: float) -> str:
    return format_quantity(value, "m")


def check_pinned_ends(ends: PinnedEnds | None, length: float, cell: float) -> None:
    """Refuse pinned ends that do not fit into a stripe of `length` (m) with cells of `cell` (m) along it."""
    if ends is None:
        return
    if 2 * ends.length > length - cell:
        raise ValueError(
            f"pinned_ends.length = {_nm(ends.length)} leaves no cell between the two ends of a stripe of "
            f"{_nm(length)}; make it at most {_nm((length - cell) / 2)}"
        )
    if ends.length <= cell / 2:
        raise ValueError(
            f"pinned_ends.length = {_nm(ends.length)} covers no cell centre; make it at least one cell, {_nm(cell)}"
        )


def check_walls(walls: Sequence[Wall], domain_axis: str, length: float, pinned: float, cell: float) -> None:
    """Refuse walls, from left to right, that a stripe cannot have.

    `domain_axis` is "z" or "x"; `length`, `pinned` (of each pinned end) and `cell` (along the stripe) are in m.
    """
    for index, wall in enumerate(walls):
        name = f"walls[{index}].position = {_nm(wall.position)}"
        if not 0 < wall.position < length:
            raise ValueError(f"{name} is outside the stripe; put the wall between 0 and {_nm(length)}")
        if not pinned < wall.position < length - pinned:
            raise ValueError(
                f"{name} is inside a pinned end; put the wall between {_nm(pinned)} and "
                f"{_nm(length - pinned)}, or make pinned_ends.length less than {_nm(pinned)}"
            )
        if wall.domain_axis != domain_axis:
            raise ValueError(
                f"walls[{index}].kind = {wall.kind!r} parts domains along {wall.domain_axis}, but this "
                f"stripe's are along {domain_axis}; use bloch and neel walls for domain_axis 'z' or "
                "transverse and vortex walls for domain_axis 'x', not both"
            )
    for index, (left, right) in enumerate(pairwise(walls)):
        # Without a material only what is given is known: widths, and that a domain needs a cell.
        needed = math.pi / 2 * ((left.width or 0.0) + (right.width or 0.0))
        _check_distance(index, left.position, right.position, max(needed, 2 * cell))


def check_walls_apart(walls: Sequence[PlacedWall]) -> None:
    """Refuse walls, from left to right, that overlap once a material has given them their widths.

    A wall is pi Delta wide; two may not be closer than half the sum of their widths.
    """
    for index, (left, right) in enumerate(pairwise(walls)):
        _check_distance(index, left.position, right.position, math.pi / 2 * (left.width + right.width))


def _check_distance(index: int, left: float, right: float, needed: float) -> None:
    # Walls that just touch are apart, whichever way their positions round.
    if right - left < needed * (1 - 1e-9):
        raise ValueError(
            f"walls[{index}] and walls[{index + 1}] overlap: they are at {_nm(left)} and {_nm(right)}, "
            f"{_nm(right - left)} apart; put them at least {_nm(needed)} apart or make them narrower"
        )


def check_window(window: ReadoutWindow, length: float, width: float) -> None:
    """Refuse a read-out window that reaches out of a stripe of `length` and `width` (m)."""
    for axis, interval, size in (("x", window.x, length), ("y", window.y, width)):
        if interval is not None and (interval[0] < 0 or interval[1] > size):
            raise ValueError(
                f"readout_window.{axis} = {_nm(interval[0])} to {_nm(interval[1])} reaches outside the "
                f"stripe; keep it between 0 and {_nm(size)}"
            )


def refuse_empty_window(window: ReadoutWindow, cell: Lengths) -> NoReturn:
    """Refuse a read-out window under which there is no magnet, with cells of size `cell` (m)."""
    raise ValueError(
        f"readout_window (x {_nm(window.x[0])} to {_nm(window.x[1])}"
        + (f", y {_nm(window.y[0])} to {_nm(window.y[1])}" if window.y is not None else "")
        + ") covers no magnet: no cell centre inside it is magnet; make it larger than a cell "
        f"({_nm(cell[0])} x {_nm(cell[1])}) and keep it off notches"
    )
