"""Events of skyrmions between two frames: NumPy arrays in, a table out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["EVENT", "EVENTS", "find_events"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Table = npt.NDArray[np.void]

EVENTS = ("creation", "annihilation", "splitting", "merging", "entering", "leaving", "closing", "opening",
          "change")  # fmt: skip
"""Kinds of events, by their number in a table."""
EVENT = np.dtype([("frame", "i8"), ("kind", "i1"), ("x", "f8"), ("y", "f8"), ("skyrmion", "i8"), ("other", "i8")])
"""`frame` is the first one after the event, x and y (m) its place, `other` the one that it merged with or split
from."""

# Cells: outlines that are closer touch.
_TOUCH = 3.0
_AT_EDGE = 2.0
# Radii of one that has gone: half the length of a line at an edge, if it is a domain.
_DOMAIN = 1.5
# Share of the area of one that has gone: the survivor has grown by more after merging.
_GROWN = 0.5
# Share of the radius some frames ago: one that is smaller when last seen was shrinking.
_SHRUNK = 0.75


def find_events(textures: Table, open_lines: Table, identity: IntArray, frames: int, cell: float) -> Table:
    """Tell how each skyrmion came and went, and where one became of another kind: rows of dtype `EVENT`, by time.

    For the end of a skyrmion (and, backwards in time, its birth) the frame in which it is last there is compared with
    the next one that is without it. It has

    - merged with another one, if in the next frame its centre is inside the other's outline, or
      both touched (three cells), and the other has grown by more than half of its area;
    - left by an edge, if a line that ends at an edge has come up where it was, or its outline would
      reach the edge (within two cells) after one more step and it was not shrinking;
    - opened, if that line is larger than 1.5 times its radius: it has become a domain at the edge;
    - else been annihilated.

    `textures` are closed ones by frame, with their `identity` (n,), and `open_lines` are lines m_z = 0 that end at an
    edge, both of dtype `FOUND`; `cell` is the size of a cell in m.
    """
    rows_of = [np.flatnonzero(identity == each) for each in range(int(identity.max()) + 1 if identity.size else 0)]
    found = []
    for skyrmion, rows in enumerate(rows_of):
        if textures["frame"][rows[0]] > 0:
            kind, other = _cause(textures, open_lines, identity, rows[:4], -1, cell)
            found.append(
                _event(textures, rows[0], ("creation", "splitting", "entering", "closing")[kind], skyrmion, other, 0)
            )
        if textures["frame"][rows[-1]] < frames - 1:
            kind, other = _cause(textures, open_lines, identity, rows[:-5:-1], 1, cell)
            name = ("annihilation", "merging", "leaving", "opening")[kind]
            found.append(_event(textures, rows[-1], name, skyrmion, other, 1))
        for at in np.flatnonzero(np.diff(textures["charge"][rows]) != 0):
            # An unresolved texture is not another one.
            if textures["kind"][rows[at]] >= 0 and not _unresolved(textures[rows[at : at + 2]]):
                found.append(_event(textures, rows[at + 1], "change", skyrmion, -1, 0))
    return np.array(sorted(found), dtype=EVENT)


def _event(textures: Table, row: int, name: str, skyrmion: int, other: int, later: int) -> tuple[float, ...]:
    there = textures[row]
    return there["frame"] + later, EVENTS.index(name), there["x"], there["y"], skyrmion, other


def _unresolved(textures: Table) -> bool:
    return bool((np.abs(textures["charge"]) > 1).any())


def _cause(
    textures: Table, open_lines: Table, identity: IntArray, rows: IntArray, ahead: int, cell: float
) -> tuple[int, int]:
    """How a skyrmion ends, seen forwards (`ahead` 1), or begins, seen backwards (-1), and with which other.

    `rows` are its last ones, the very last first. The number is 0 for an event in the film alone,
    1 for one with another skyrmion, 2 for one at an edge, 3 where it becomes a domain at an edge.
    """
    last = textures[rows[0]]
    step, to_edge = np.zeros(2), last["edge_distance"]
    if len(rows) > 1:
        before = textures[rows[1]]
        elapsed = max(abs(int(last["frame"] - before["frame"])), 1)
        step = np.array([last["x"] - before["x"], last["y"] - before["y"]]) / elapsed
        to_edge = to_edge + (to_edge - before["edge_distance"]) / elapsed
    place = np.array([last["x"], last["y"]]) + step
    other = _partner(textures, identity, rows[0], place, ahead, cell)
    if other >= 0:
        return 1, other
    # A domain at the edge that has come up where it was: a line that was there before is another one's.
    here, room = np.array([last["x"], last["y"]]), last["radius"] + float(np.hypot(*step))
    after = _lines_near(open_lines, last["frame"] + ahead, here, room)
    if after.size > _lines_near(open_lines, last["frame"], here, room).size:
        return (3 if after["radius"].max() > _DOMAIN * last["radius"] else 2), -1
    shrinking = last["radius"] < _SHRUNK * textures["radius"][rows].max()
    return (2, -1) if not shrinking and to_edge - last["radius"] < _AT_EDGE * cell else (0, -1)


def _lines_near(open_lines: Table, frame: int, place: FloatArray, radius: float) -> Table:
    """Lines that end at an edge and lie within a radius of a place."""
    lines = open_lines[open_lines["frame"] == frame]
    near: Table = lines[np.hypot(lines["x"] - place[0], lines["y"] - place[1]) < radius + lines["radius"]]
    return near


def _partner(textures: Table, identity: IntArray, row: int, place: FloatArray, ahead: int, cell: float) -> int:
    """The skyrmion with which one has merged; -1 if there is none."""
    last = textures[row]
    now = np.flatnonzero(textures["frame"] == last["frame"])
    then = np.flatnonzero(textures["frame"] == last["frame"] + ahead)
    best, nearest = -1, np.inf
    for each in then:
        same = now[identity[now] == identity[each]]
        if not same.size:
            continue
        survivor, earlier = textures[each], textures[same[0]]
        apart = float(np.hypot(survivor["x"] - place[0], survivor["y"] - place[1]))
        touched = (
            np.hypot(earlier["x"] - last["x"], earlier["y"] - last["y"])
            < earlier["radius"] + last["radius"] + _TOUCH * cell
        )
        grown = survivor["radius"] ** 2 - earlier["radius"] ** 2 > _GROWN * last["radius"] ** 2
        inside = apart < survivor["radius"]
        if (inside or (touched and grown)) and apart < nearest:
            best, nearest = int(identity[each]), apart
    return best
