"""Clad strip lines under the columns of an array, one for each run of columns of one zone of the clock."""

from __future__ import annotations

from geometries.magnet_logic.device import MagnetArray
from geometries.magnet_logic.zone_columns import zone_columns
from geometries.wires import StripLine

__all__ = ["clock_line_zones", "with_clock_lines"]

_PREFIX = "clock_"


def with_clock_lines(array: MagnetArray, *, distance: float = 20e-9) -> MagnetArray:
    """Give an array the lines that clock its zones, at this distance (m) between film and lines.

    Each line runs along y under neighbouring columns of one zone, is clad but for its upper side, and reaches to the
    middle of the gaps beside them; held magnets and blocks lie on whichever line covers them. The lines are terminals
    "clock_0", "clock_1" and so on, from left to right. A ValueError if magnets of two zones lie above each other, so
    that no line along y has one without the other, if there are lines already, or if the lines lie in the film.
    """
    if any(each.name.startswith(_PREFIX) for each in array.terminals):
        raise ValueError("with_clock_lines: the array has clock lines already; give it without them")
    terminals = [
        StripLine(
            name=f"{_PREFIX}{number}",
            centre=(begin + end) / 2,
            width=end - begin,
            height=-(array.thickness / 2 + distance),
            clad=True,
        )
        for number, (begin, end, _) in enumerate(zone_columns(array, "with_clock_lines"))
    ]
    return MagnetArray.model_validate(array.model_dump() | {"terminals": (*array.terminals, *terminals)})


def clock_line_zones(array: MagnetArray) -> dict[str, int]:
    """Give the zone that each line of `with_clock_lines` clocks, as its place in `MagnetArray.zones`."""
    found = zone_columns(array, "clock_line_zones")
    zones = sorted({zone for *_, zone in found})
    return {f"{_PREFIX}{number}": zones.index(zone) for number, (*_, zone) in enumerate(found)}
