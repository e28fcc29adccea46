"""What can be wrong with a stripe: every check names field, value and remedy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from geometries.quantities import format_quantity
from geometries.stripe import outline

if TYPE_CHECKING:
    from geometries.stripe.device import Stripe
    from geometries.stripe.textures import PlacedWall

__all__ = ["check", "check_walls_apart"]


def _nm(value: float) -> str:
    return format_quantity(value, "m")


def check(stripe: Stripe) -> None:
    """Refuse a stripe that cannot be made, or cannot be meshed.

    Parameters
    ----------
    stripe : Stripe
        The device, each of its fields valid in itself.

    Raises
    ------
    ValueError
        Naming the field, its value, what is allowed and the remedy.
    """
    _check_cell(stripe)
    _check_taper(stripe)
    _check_notches(stripe)
    _check_in_one_piece(stripe)
    _check_pinned_ends(stripe)
    _check_walls(stripe)
    _check_window(stripe)


def _check_cell(stripe: Stripe) -> None:
    for axis, name, cell in zip("xyz", ("length", "width", "thickness"), stripe.cell, strict=True):
        size: float = getattr(stripe, name)
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


def _check_taper(stripe: Stripe) -> None:
    if stripe.taper is not None and stripe.taper.narrow_width(stripe.width) > stripe.width:
        raise ValueError(
            f"taper.end_width = {_nm(stripe.taper.narrow_width(stripe.width))} is more than the stripe's "
            f"width of {_nm(stripe.width)}; give the wide end's width as width, and choose narrow_end"
        )


def _check_notches(stripe: Stripe) -> None:
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


def _check_in_one_piece(stripe: Stripe) -> None:
    cut = outline.find_cut(stripe)
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
            f"deep or farther apart, so that at least a cell of magnet ({_nm(stripe.cell[1])}) is left"
        )
    cause = "edge_roughness" if stripe.edge_roughness is not None else "taper"
    raise ValueError(
        f"{cause} cuts the stripe of width {_nm(stripe.width)} in two at x = {_nm(cut)}; "
        + (
            f"choose a smaller rms than {_nm(stripe.edge_roughness.rms)}, or another seed"
            if stripe.edge_roughness is not None
            else f"make its narrow end wider than a cell, {_nm(stripe.cell[1])}"
        )
    )


def _check_pinned_ends(stripe: Stripe) -> None:
    if stripe.pinned_ends is None:
        return
    length = stripe.pinned_ends.length
    if 2 * length > stripe.length - stripe.cell[0]:
        raise ValueError(
            f"pinned_ends.length = {_nm(length)} leaves no cell between the two ends of a stripe of "
            f"{_nm(stripe.length)}; make it at most {_nm((stripe.length - stripe.cell[0]) / 2)}"
        )
    if length <= stripe.cell[0] / 2:
        raise ValueError(
            f"pinned_ends.length = {_nm(length)} covers no cell centre; make it at least one cell, "
            f"{_nm(stripe.cell[0])}"
        )


def _check_walls(stripe: Stripe) -> None:
    pinned = stripe.pinned_ends.length if stripe.pinned_ends is not None else 0.0
    for index, wall in enumerate(stripe.walls):
        name = f"walls[{index}].position = {_nm(wall.position)}"
        if not 0 < wall.position < stripe.length:
            raise ValueError(f"{name} is outside the stripe; put the wall between 0 and {_nm(stripe.length)}")
        if not pinned < wall.position < stripe.length - pinned:
            raise ValueError(
                f"{name} is inside a pinned end; put the wall between {_nm(pinned)} and "
                f"{_nm(stripe.length - pinned)}, or make pinned_ends.length less than {_nm(pinned)}"
            )
        if wall.domain_axis != stripe.domain_axis:
            raise ValueError(
                f"walls[{index}].kind = {wall.kind!r} parts domains along {wall.domain_axis}, but this "
                f"stripe's are along {stripe.domain_axis}; use bloch and neel walls for domain_axis 'z' or "
                "transverse and vortex walls for domain_axis 'x', not both"
            )
    for index, (left, right) in enumerate(pairwise(stripe.walls)):
        # Without a material only what is given is known: widths, and that a domain needs a cell.
        needed = math.pi / 2 * ((left.width or 0.0) + (right.width or 0.0))
        _check_distance(index, left.position, right.position, max(needed, 2 * stripe.cell[0]))


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


def _check_window(stripe: Stripe) -> None:
    window = stripe.readout_window
    if window is None:
        return
    for axis, interval, size in (("x", window.x, stripe.length), ("y", window.y, stripe.width)):
        if interval is not None and (interval[0] < 0 or interval[1] > size):
            raise ValueError(
                f"readout_window.{axis} = {_nm(interval[0])} to {_nm(interval[1])} reaches outside the "
                f"stripe; keep it between 0 and {_nm(size)}"
            )
    if not stripe.window_mask().any():
        raise ValueError(
            f"readout_window (x {_nm(window.x[0])} to {_nm(window.x[1])}"
            + (f", y {_nm(window.y[0])} to {_nm(window.y[1])}" if window.y is not None else "")
            + ") covers no magnet: no cell centre inside it is magnet; make it larger than a cell "
            f"({_nm(stripe.cell[0])} x {_nm(stripe.cell[1])}) and keep it off notches"
        )
