"""What can be wrong with a stripe: every check names field, value and remedy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NoReturn

import numpy as np

from geometries.quantities import format_quantity
from geometries.sizes import check_mesh, check_samples, refuse_more
from geometries.stripe import outline
from geometries.stripe.notches import PeriodicNotches
from geometries.stripe.outline import Profile
from geometries.stripe.pinning import PinnedEnds
from geometries.stripe.readout import ReadoutWindow
from geometries.stripe.textures import PlacedWall
from geometries.stripe.walls import Wall

__all__ = [
    "check_cell",
    "check_outline",
    "check_pinned_ends",
    "check_walls",
    "check_walls_apart",
    "check_window",
    "refuse_empty_window",
]

Lengths = tuple[float, float, float]


def _nm(value: float) -> str:
    return format_quantity(value, "m")


def check_cell(sizes: Lengths, cells: Lengths) -> None:
    """Refuse cells that do not divide the length, width and thickness `sizes` (m) of a stripe.

    Raises
    ------
    ValueError
        Naming the cell, its value, what is allowed and the remedy.
    """
    check_mesh([size / cell for size, cell in zip(sizes, cells, strict=True)], cells)
    for axis, name, size, cell in zip("xyz", ("length", "width", "thickness"), sizes, cells, strict=True):
        ratio = size / cell
        if round(ratio) >= 1 and abs(ratio - round(ratio)) < 1e-6:
            continue
        numbers = {max(1, math.floor(ratio)), max(1, math.ceil(ratio))}
        nearest = min((size / number for number in numbers), key=lambda candidate: abs(candidate - cell))
        # Twelve digits, so that what is proposed here passes when it is copied.
        raise ValueError(
            f"cell = {_nm(cell)} along {axis} does not divide the {name} of {_nm(size)}; the nearest cell "
            f"that does is {format_quantity(nearest, 'm', 12)}, or make the {name} a multiple of the cell, "
            f"such as {format_quantity(cell * max(1, round(ratio)), 'm', 12)}"
        )


def check_outline(profile: Profile, cell: Lengths, shape: tuple[int, int, int]) -> None:
    """Refuse tapers, notches and roughness that do not fit a stripe or cut it in two.

    Parameters
    ----------
    profile : Profile
        The outline.
    cell : tuple of three floats
        Size of a cell, in m.
    shape : tuple of three ints
        Number of cells.

    Raises
    ------
    ValueError
        Naming the field, its value, what is allowed and the remedy.
    """
    _check_taper(profile)
    _check_details(profile, shape[0])
    _check_notches(profile)
    _check_in_one_piece(profile, cell, shape)


def _check_details(stripe: Profile, columns: int) -> None:
    """Refuse more notches, or finer roughness, than could be drawn."""
    notches = 0
    for index, described in enumerate(stripe.notches):
        count = described.count if isinstance(described, PeriodicNotches) else 1
        notches += count
        owner = f"notches[{index}].count = {count}"
        refuse_more(owner, notches, _MOST_NOTCHES, "notches", "give fewer, farther apart")
    check_samples(f"notches, {notches} of them on {columns} columns of cells", notches * columns, "give fewer")
    if stripe.edge_roughness is not None:
        roughness = stripe.edge_roughness
        samples = max(columns, 4 * stripe.length / roughness.correlation_length)
        check_samples(
            f"edge_roughness.correlation_length = {_nm(roughness.correlation_length)} on {_nm(stripe.length)}",
            samples * math.sqrt(roughness.modes(stripe.length)),
            f"choose a longer one: below a cell of {_nm(stripe.length / columns)} it cannot be seen",
        )


_MOST_NOTCHES = 10_000


def _check_taper(stripe: Profile) -> None:
    if stripe.taper is not None and stripe.taper.narrow_width(stripe.width) > stripe.width:
        raise ValueError(
            f"taper.end_width = {_nm(stripe.taper.narrow_width(stripe.width))} is more than the stripe's "
            f"width of {_nm(stripe.width)}; give the wide end's width as width, and choose narrow_end"
        )


def _check_notches(stripe: Profile) -> None:
    for name, notch in outline.single_notches(stripe):
        if notch.width > stripe.length:
            raise ValueError(
                f"{name}.width = {_nm(notch.width)} is more than the stripe's length of "
                f"{_nm(stripe.length)}; make the notch narrower"
            )
        # A rounding error in "first + k * period" does not put a notch outside.
        slack = 1e-9 * stripe.length
        left, right = notch.position - notch.width / 2, notch.position + notch.width / 2
        if left < -slack or right > stripe.length + slack:
            raise ValueError(
                f"{name} at {_nm(notch.position)} reaches from {_nm(left)} to {_nm(right)}, outside the "
                f"stripe (0 to {_nm(stripe.length)}); move it inside or make it narrower"
            )
        if notch.depth >= stripe.width:
            raise ValueError(
                f"{name}.depth = {_nm(notch.depth)} is not less than the stripe's width of "
                f"{_nm(stripe.width)}; make the notch shallower"
            )


def _check_in_one_piece(stripe: Profile, cell: Lengths, shape: tuple[int, int, int]) -> None:
    cut = outline.find_cut(stripe, *shape[:2])
    if cut is None:
        return
    here = np.array([cut])
    cutting = [(name, notch) for name, notch in outline.single_notches(stripe) if notch.depth_at(here)[0] > 0]
    if cutting:
        listed = " and ".join(
            f"{name} (at {_nm(notch.position)}, depth {_nm(notch.depth)}, edge {notch.edge})" for name, notch in cutting
        )
        raise ValueError(
            f"the stripe of width {_nm(stripe.width)} is cut in two at x = {_nm(cut)} by {listed}; cut less "
            f"deep or farther apart, so that at least a cell of magnet ({_nm(cell[1])}) is left"
        )
    cause = "edge_roughness" if stripe.edge_roughness is not None else "taper"
    raise ValueError(
        f"{cause} cuts the stripe of width {_nm(stripe.width)} in two at x = {_nm(cut)}; "
        + (
            f"choose a smaller rms than {_nm(stripe.edge_roughness.rms)}, or another seed"
            if stripe.edge_roughness is not None
            else f"make its narrow end wider than a cell, {_nm(cell[1])}"
        )
    )


def check_pinned_ends(ends: PinnedEnds | None, length: float, cell: float) -> None:
    """Refuse pinned ends that do not fit into a stripe of `length` (m) with cells of `cell` (m) along it.

    Raises
    ------
    ValueError
        Naming the field, its value, what is allowed and the remedy.
    """
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
    """Refuse walls that a stripe cannot have.

    Parameters
    ----------
    walls : sequence of Wall
        From left to right.
    domain_axis : {"z", "x"}
        Of the stripe.
    length, pinned : float
        Of the stripe and of each of its pinned ends, in m.
    cell : float
        Size of a cell along the stripe, in m.

    Raises
    ------
    ValueError
        Naming the wall, its value, what is allowed and the remedy.
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
    """Refuse walls that overlap, once a material has given them their widths.

    Parameters
    ----------
    walls : sequence of PlacedWall
        From left to right; a wall is pi Delta wide.

    Raises
    ------
    ValueError
        If two are closer than half the sum of their widths.
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
    """Refuse a read-out window that reaches out of a stripe of `length` and `width` (m).

    Raises
    ------
    ValueError
        Naming the interval, what is allowed and the remedy.
    """
    for axis, interval, size in (("x", window.x, length), ("y", window.y, width)):
        if interval is not None and (interval[0] < 0 or interval[1] > size):
            raise ValueError(
                f"readout_window.{axis} = {_nm(interval[0])} to {_nm(interval[1])} reaches outside the "
                f"stripe; keep it between 0 and {_nm(size)}"
            )


def refuse_empty_window(window: ReadoutWindow, cell: Lengths) -> NoReturn:
    """Refuse a read-out window under which there is no magnet, with cells of size `cell` (m).

    Raises
    ------
    ValueError
        Always, with the remedy.
    """
    raise ValueError(
        f"readout_window (x {_nm(window.x[0])} to {_nm(window.x[1])}"
        + (f", y {_nm(window.y[0])} to {_nm(window.y[1])}" if window.y is not None else "")
        + ") covers no magnet: no cell centre inside it is magnet; make it larger than a cell "
        f"({_nm(cell[0])} x {_nm(cell[1])}) and keep it off notches"
    )
