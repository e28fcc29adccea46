"""The outline of a stripe, and which cells lie inside it.

A stripe is an interval of y for every x: its outline is two curves. Only
these, one pair of numbers a column of cells, are computed from the shape; the
mask follows by comparing cell centres with them in one array operation.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from geometries.stripe.device import Stripe
    from geometries.stripe.notches import Notch

__all__ = ["column_rows", "edges", "find_cut", "single_notches", "smooth_edges"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def single_notches(stripe: Stripe) -> list[tuple[str, Notch]]:
    """List every notch of a stripe with the name of its field, periodic ones one by one."""
    return [
        (f"notches[{index}]", notch) for index, described in enumerate(stripe.notches) for notch in described.expand()
    ]


def smooth_edges(stripe: Stripe, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Give the two edges of a stripe without roughness.

    Parameters
    ----------
    stripe : Stripe
        The device.
    x : numpy.ndarray, shape (n,)
        Positions along the stripe, in m.

    Returns
    -------
    tuple of two numpy.ndarray, shape (n,)
        y of the bottom and the top edge, in m; where notches meet, bottom >= top.
    """
    width = np.full(x.shape, stripe.width)
    if stripe.taper is not None:
        width = stripe.taper.width_at(x, stripe.length, stripe.width)
    depth = {"bottom": np.zeros(x.shape), "top": np.zeros(x.shape)}
    for _, notch in single_notches(stripe):
        for edge in ("bottom", "top") if notch.edge == "both" else (notch.edge,):
            depth[edge] = np.maximum(depth[edge], notch.depth_at(x))
    inset = (stripe.width - width) / 2
    return inset + depth["bottom"], stripe.width - inset - depth["top"]


def edges(stripe: Stripe, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Give the two edges of a stripe, roughness included.

    The `width` of a rough stripe is that of the box around it: each edge is moved
    inwards by its largest excursion outwards, so that no bump is cut off and the
    edge keeps its rms.

    Parameters
    ----------
    stripe : Stripe
        The device.
    x : numpy.ndarray, shape (n,)
        Positions along the stripe, in m, in ascending order.

    Returns
    -------
    tuple of two numpy.ndarray, shape (n,)
        y of the bottom and the top edge, in m.
    """
    bottom, top = smooth_edges(stripe, x)
    if stripe.edge_roughness is not None:
        roughness = stripe.edge_roughness
        # The excursion is sought on points of its own, so that it does not depend on the cell.
        points = np.linspace(0, stripe.length, 1 + math.ceil(4 * stripe.length / roughness.correlation_length))
        outermost = roughness.displacements(points, stripe.length).min(axis=1, keepdims=True)
        inwards = np.maximum(roughness.displacements(x, stripe.length) - outermost, 0)
        bottom, top = bottom + inwards[0], top - inwards[1]
    return bottom, top


def column_rows(stripe: Stripe) -> tuple[IntArray, IntArray]:
    """Give the rows of cells with magnet, for every column of cells.

    Parameters
    ----------
    stripe : Stripe
        The device.

    Returns
    -------
    tuple of two numpy.ndarray of int, shape (nx,)
        First row, and the row after the last; a cell belongs to the magnet if its
        centre does.
    """
    _, ny, _ = stripe.shape
    dy = stripe.width / ny
    bottom, top = edges(stripe, stripe.cell_centres()[0])
    # A centre on an edge is inside, whichever way the division rounds.
    first = np.ceil(bottom / dy - 0.5 - 1e-6).astype(np.int64)
    after = np.floor(top / dy + 0.5 + 1e-6).astype(np.int64)
    return np.clip(first, 0, ny), np.clip(after, 0, ny)


def find_cut(stripe: Stripe) -> float | None:
    """Find where a stripe falls in two, if it does.

    Parameters
    ----------
    stripe : Stripe
        The device.

    Returns
    -------
    float or None
        Position along the stripe, in m, where no magnet is left, or where two
        columns of cells touch at corners at most.
    """
    # The tip of a notch may lie between the centres of two columns.
    tips = np.array([notch.position for _, notch in single_notches(stripe)])
    bottom, top = smooth_edges(stripe, tips)
    if np.any(bottom >= top):
        return float(tips[np.argmax(bottom - top)])

    first, after = column_rows(stripe)
    x = stripe.cell_centres()[0]
    if np.any(empty := first >= after):
        return float(x[np.argmax(empty)])
    apart = np.maximum(first[1:], first[:-1]) >= np.minimum(after[1:], after[:-1])
    if np.any(apart):
        place = int(np.argmax(apart))
        return float((x[place] + x[place + 1]) / 2)
    return None
