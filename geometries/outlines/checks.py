"""Checks of an outline and its cells; each names field, value and remedy."""

from __future__ import annotations

import math

import numpy as np

from geometries.outlines import profile as outline
from geometries.outlines.notches import PeriodicNotches
from geometries.outlines.profile import Profile
from geometries.quantities import format_quantity
from geometries.sizes import check_mesh, check_samples, refuse_more

__all__ = ["check_cell", "check_details", "check_outline"]

Lengths = tuple[float, float, float]


def _nm(value: float) -> str:
    return format_quantity(value, "m")


def check_cell(sizes: Lengths, cells: Lengths) -> None:
    """Refuse cells that do not divide the length, width and thickness `sizes` (m) of a stripe or track."""
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
    """Refuse tapers, notches and roughness that do not fit a stripe or cut it in two; `cell` is in m."""
    check_details(profile, shape[0])
    _check_in_one_piece(profile, cell, shape)


def check_details(profile: Profile, columns: int) -> None:
    """Refuse tapers, notches and roughness that do not fit a stripe or track, or cannot be drawn on so many columns."""
    _check_taper(profile)
    _check_number(profile, columns)
    _check_notches(profile)


def _check_number(stripe: Profile, columns: int) -> None:
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
            f"taper.end_width = {_nm(stripe.taper.narrow_width(stripe.width))} is more than the {stripe.name}'s "
            f"width of {_nm(stripe.width)}; give the wide end's width as width, and choose narrow_end"
        )


def _check_notches(stripe: Profile) -> None:
    for name, notch in outline.single_notches(stripe):
        if notch.width > stripe.length:
            raise ValueError(
                f"{name}.width = {_nm(notch.width)} is more than the {stripe.name}'s length of "
                f"{_nm(stripe.length)}; make the notch narrower"
            )
        # A rounding error in "first + k * period" does not put a notch outside.
        slack = 1e-9 * stripe.length
        left, right = notch.position - notch.width / 2, notch.position + notch.width / 2
        if left < -slack or right > stripe.length + slack:
            raise ValueError(
                f"{name} at {_nm(notch.position)} reaches from {_nm(left)} to {_nm(right)}, outside the "
                f"{stripe.name} (0 to {_nm(stripe.length)}); move it inside or make it narrower"
            )
        if notch.depth >= stripe.width:
            raise ValueError(
                f"{name}.depth = {_nm(notch.depth)} is not less than the {stripe.name}'s width of "
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
            f"the {stripe.name} of width {_nm(stripe.width)} is cut in two at x = {_nm(cut)} by {listed}; cut less "
            f"deep or farther apart, so that at least a cell of magnet ({_nm(cell[1])}) is left"
        )
    cause = "edge_roughness" if stripe.edge_roughness is not None else "taper"
    raise ValueError(
        f"{cause} cuts the {stripe.name} of width {_nm(stripe.width)} in two at x = {_nm(cut)}; "
        + (
            f"choose a smaller rms than {_nm(stripe.edge_roughness.rms)}, or another seed"
            if stripe.edge_roughness is not None
            else f"make its narrow end wider than a cell, {_nm(cell[1])}"
        )
    )
