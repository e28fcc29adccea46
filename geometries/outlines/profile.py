"""The outline of a stripe, and which cells lie inside it.

A stripe is an interval of y for every x: its outline is two curves. Only
these, one pair of numbers a column of cells, are computed from the shape; the
mask follows by comparing cell centres with them in one array operation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from geometries.outlines.notches import AnyNotch, Notch
from geometries.outlines.roughness import EdgeRoughness
from geometries.outlines.taper import Taper

__all__ = ["Profile", "column_rows", "edges", "find_cut", "find_cut_at_tip", "single_notches", "smooth_edges"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Profile:
    """What decides the outline of a stripe or track: a box of `length` and `width` (m), and what is cut from it.

    `name` is what errors call it.
    """

    length: float
    width: float
    taper: Taper | None
    notches: tuple[AnyNotch, ...]
    edge_roughness: EdgeRoughness | None
    name: str = "stripe"


def single_notches(profile: Profile) -> list[tuple[str, Notch]]:
    """List every notch with the name of its field, periodic ones one by one."""
    return [
        (f"notches[{index}]", notch) for index, described in enumerate(profile.notches) for notch in described.expand()
    ]


def smooth_edges(profile: Profile, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Y of the bottom and the top edge without roughness, in m, at positions `x` (m) along the stripe.

    If notches meet, bottom >= top.
    """
    width = np.full(x.shape, profile.width)
    if profile.taper is not None:
        width = profile.taper.width_at(x, profile.length, profile.width)
    depth = {"bottom": np.zeros(x.shape), "top": np.zeros(x.shape)}
    for _, notch in single_notches(profile):
        for edge in ("bottom", "top") if notch.edge == "both" else (notch.edge,):
            depth[edge] = np.maximum(depth[edge], notch.depth_at(x))
    inset = (profile.width - width) / 2
    return inset + depth["bottom"], profile.width - inset - depth["top"]


def edges(profile: Profile, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Y of the bottom and the top edge, roughness included, in m, at rising positions `x` (m) along the stripe.

    The `width` of a rough stripe belongs to the box around it: each edge is moved inwards by its largest excursion
    outwards, so that no bump is cut off and the edge keeps its rms.
    """
    bottom, top = smooth_edges(profile, x)
    if profile.edge_roughness is not None:
        roughness = profile.edge_roughness
        # The excursion is sought on points of its own, so that it does not depend on the cell.
        points = np.linspace(0, profile.length, 1 + math.ceil(4 * profile.length / roughness.correlation_length))
        outermost = roughness.displacements(points, profile.length).min(axis=1, keepdims=True)
        inwards = np.maximum(roughness.displacements(x, profile.length) - outermost, 0)
        bottom, top = bottom + inwards[0], top - inwards[1]
    return bottom, top


def _column_centres(profile: Profile, columns: int) -> FloatArray:
    centres: FloatArray = (np.arange(columns) + 0.5).astype(np.float64) * (profile.length / columns)
    return centres


@lru_cache(maxsize=64)
def column_rows(profile: Profile, columns: int, rows: int) -> tuple[IntArray, IntArray]:
    """First row of cells with magnet, and the row after the last, for every column.

    A cell counts if its centre does.
    """
    dy = profile.width / rows
    bottom, top = edges(profile, _column_centres(profile, columns))
    # A centre on an edge is inside, whichever way the division rounds.
    first = np.ceil(bottom / dy - 0.5 - 1e-6).astype(np.int64)
    after = np.floor(top / dy + 0.5 + 1e-6).astype(np.int64)
    clipped = np.clip(first, 0, rows), np.clip(after, 0, rows)
    for each in clipped:
        each.flags.writeable = False  # many ask for the same
    return clipped


def find_cut_at_tip(profile: Profile) -> float | None:
    """Find where notches cut a stripe in two at a tip, which may lie between the centres of two columns, in m."""
    tips = np.array([notch.position for _, notch in single_notches(profile)])
    bottom, top = smooth_edges(profile, tips)
    if np.any(bottom >= top):
        return float(tips[np.argmax(bottom - top)])
    return None


def find_cut(profile: Profile, columns: int, rows: int) -> float | None:
    """Position in m along a stripe where it falls in two; None if it does not.

    There no magnet is left, or two columns of cells touch at corners at most.
    """
    if (tip := find_cut_at_tip(profile)) is not None:
        return tip
    first, after = column_rows(profile, columns, rows)
    x = _column_centres(profile, columns)
    if np.any(empty := first >= after):
        return float(x[np.argmax(empty)])
    apart = np.maximum(first[1:], first[:-1]) >= np.minimum(after[1:], after[:-1])
    if np.any(apart):
        place = int(np.argmax(apart))
        return float((x[place] + x[place + 1]) / 2)
    return None
