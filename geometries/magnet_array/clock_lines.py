"""Clad strip lines under the columns of an array, one for each run of columns of one zone of the clock."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geometries.magnet_array.device import MagnetArray
from geometries.terminals import StripLine

__all__ = ["clock_line_zones", "with_clock_lines"]

_PREFIX = "clock_"


def with_clock_lines(array: MagnetArray, *, distance: float = 20e-9) -> MagnetArray:
    """Give an array the lines that clock its zones.

    Each line runs along y under neighbouring columns of one zone, is clad but for its upper side, and reaches to the
    middle of the gaps beside them; held magnets and blocks lie on whichever line covers them. The lines are terminals
    "clock_0", "clock_1" and so on, from left to right.

    Parameters
    ----------
    array : MagnetArray
        Whose zones are.
    distance : float
        Between film and lines, in m.

    Returns
    -------
    MagnetArray
        The same with more terminals.

    Raises
    ------
    ValueError
        If magnets of two zones lie above each other, so that no line along y has one without the other, there are
        lines already, or the lines lie in the film.

    Examples
    --------
    >>> from geometries.magnet_array import and_gate
    >>> lines = with_clock_lines(and_gate((1, 1))).terminals
    >>> [(line.name, round(line.width * 1e9)) for line in lines]
    [('clock_0', 76), ('clock_1', 76), ('clock_2', 88)]
    """
    if any(each.name.startswith(_PREFIX) for each in array.terminals):
        raise ValueError("with_clock_lines: the array has clock lines already; give it without them")
    lefts, rights = _spans(array)
    found = _runs(array, lefts, rights)
    terminals = []
    for number, (left, right, _) in enumerate(found):
        # Half of the gap to whatever lies beside, or, where nothing does, the margin.
        before = (left - rights[rights < left]).min(initial=2 * array.margin) / 2
        after = (lefts[lefts > right] - right).min(initial=2 * array.margin) / 2
        begin, end = left - before, right + after
        terminals.append(
            StripLine(
                name=f"{_PREFIX}{number}",
                centre=(begin + end) / 2,
                width=end - begin,
                height=-(array.thickness / 2 + distance),
                clad=True,
            )
        )
    return MagnetArray.model_validate(array.model_dump() | {"terminals": (*array.terminals, *terminals)})


def clock_line_zones(array: MagnetArray) -> dict[str, int]:
    """Give the zone that each line of `with_clock_lines` clocks, as its place in `MagnetArray.zones`.

    Examples
    --------
    >>> from geometries.magnet_array import and_gate
    >>> clock_line_zones(with_clock_lines(and_gate((1, 1))))
    {'clock_0': 0, 'clock_1': 1, 'clock_2': 2}
    """
    found = _runs(array, *_spans(array))
    zones = sorted({zone for *_, zone in found})
    return {f"{_PREFIX}{number}": zones.index(zone) for number, (*_, zone) in enumerate(found)}


def _spans(array: MagnetArray) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Left and right end of each magnet along x, in m."""
    placed = array.placed_outlines()
    half = placed.reach(0.0)
    return placed.x - half, placed.x + half


def _runs(
    array: MagnetArray, lefts: npt.NDArray[np.float64], rights: npt.NDArray[np.float64]
) -> list[tuple[float, float, int]]:
    """Left and right end in m, and zone, of neighbouring columns of one zone, from left to right."""
    runs: list[tuple[float, float, int]] = []
    last = ""
    for i in np.argsort(lefts):
        magnet = array.magnets[i]
        if not magnet.clocked:
            continue
        if runs and magnet.zone != runs[-1][2] and lefts[i] <= runs[-1][1]:
            raise ValueError(
                f"with_clock_lines: magnets {last!r} of zone {runs[-1][2]} and {magnet.name!r} of zone {magnet.zone} "
                "overlap along x, so that no line along y clocks one without the other; let zones be columns, or clock "
                "them in field steps (zone_clock)"
            )
        if runs and magnet.zone == runs[-1][2]:
            runs[-1] = runs[-1][0], max(runs[-1][1], float(rights[i])), magnet.zone
        else:
            runs.append((float(lefts[i]), float(rights[i]), magnet.zone))
        last = magnet.name
    return runs
