"""Columns of an array whose magnets are of one zone of the clock: lines along y under them clock one zone each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geometries.magnet_logic.device import MagnetArray

__all__ = ["zone_columns"]


def zone_columns(array: MagnetArray, owner: str) -> list[tuple[float, float, int]]:
    """Give the runs of neighbouring columns of one zone, from left to right: begin and end along x in m, and the zone.

    A run ends in the middle of the gap beside it or, where nothing lies there, at the margin. A ValueError, which names
    the `owner`, if magnets of two zones lie above each other.
    """
    placed = array.placed_outlines()
    half = placed.reach(0.0)
    lefts, rights = placed.x - half, placed.x + half
    columns = []
    for left, right, zone in _runs(array, lefts, rights, owner):
        before = (left - rights[rights < left]).min(initial=2 * array.margin) / 2
        after = (lefts[lefts > right] - right).min(initial=2 * array.margin) / 2
        columns.append((float(left - before), float(right + after), zone))
    return columns


def _runs(
    array: MagnetArray, lefts: npt.NDArray[np.float64], rights: npt.NDArray[np.float64], owner: str
) -> list[tuple[float, float, int]]:
    runs: list[tuple[float, float, int]] = []
    last = ""
    for i in np.argsort(lefts):
        magnet = array.magnets[i]
        if not magnet.clocked:
            continue
        if runs and magnet.zone != runs[-1][2] and lefts[i] <= runs[-1][1]:
            raise ValueError(
                f"{owner}: magnets {last!r} of zone {runs[-1][2]} and {magnet.name!r} of zone {magnet.zone} "
                "overlap along x, so that no line along y clocks one without the other; let zones be columns, or clock "
                "them in field steps (zone_clock)"
            )
        if runs and magnet.zone == runs[-1][2]:
            runs[-1] = runs[-1][0], max(runs[-1][1], float(rights[i])), magnet.zone
        else:
            runs.append((float(lefts[i]), float(rights[i]), magnet.zone))
        last = magnet.name
    return runs
