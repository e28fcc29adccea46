"""A drive's directory as one lazy Dataset: its frames along t, and the rows of its table at them."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from geometries.plain_files import read_json
from runs.reading.frame_files import Frame, find_frames, frames_directory, possible_tables
from runs.reading.lazy_frames import FrameArray
from runs.reading.ovf_dataset import coordinates, open_header, quantity_variable, variable_name
from runs.reading.ovf_error import OVFError
from runs.reading.ovf_header import Header
from runs.reading.tables import open_table

_START, _INFORMATION = "m0.omf", "info.json"
# Columns of OOMMF and runs.native that count as the second number of a frame's name does.
_COUNTERS = ("iteration", "E_calc_count", "evaluations")


def drive_dataset(path: str | os.PathLike[str], quantity: str | None = None, start: bool = False) -> xr.Dataset:
    """Open a drive's directory lazily; see `runs.reading.open_drive`.

    The first frame's header is read, and the others' sizes are compared with it; a header of another mesh
    is found when the frame is read. Where the table has no row for a frame, the time comes from the frame's header.
    """
    directory = frames_directory(Path(path))
    frames = find_frames(directory, quantity)
    header = open_header(frames[0].path)
    if header.irregular:
        # Every frame has positions of its own there.
        raise OVFError(frames[0].path, 0, "frames on a rectangular mesh", "an irregular one")
    _check_sizes(frames, header)
    # mumax3c keeps info.json and m0.omf beside mumax3's <name>.out.
    parent = directory.parent if directory.suffix == ".out" and (directory.parent / _INFORMATION).is_file() else None
    drive = parent or directory
    start_path = str(drive / _START) if (drive / _START).is_file() else None
    placed = _placed(header, start_path) if parent else header
    table = _table(directory, frames)
    rows = _matching_rows(frames, table)
    times = _times(frames, table, rows)

    paths = [frame.path for frame in frames]
    if start:
        if start_path is None:
            raise FileNotFoundError(f"drive {str(drive)!r} has no {_START}, which start=True asks for")
        _check_start(start_path, header, times, origin=placed is header)
        paths, rows = [os.path.abspath(start_path), *paths], np.concatenate([[-1], rows])
        times = None if times is None else np.concatenate([[0.0], times])

    dim = "t" if times is not None and np.all(np.diff(times) > 0) else "step"
    written = max(frame.written for frame in frames)
    array = FrameArray(tuple(paths), header, over_time=True, origin=placed is header, stamp=written)
    name = variable_name(header, frames[0].path)
    variable = quantity_variable(array, header, frames[0].path, (dim,))
    indices = coordinates(placed, frames[0].path)
    if times is not None:
        indices["t"] = xr.Variable(dim, times, {"long_name": "time", "units": "s"})
    if dim == "step":
        indices["step"] = xr.Variable(dim, np.arange(len(paths)) - int(start), {"long_name": "frame"})
    columns = _columns(table, rows, dim, {name, *variable.dims, *indices})
    dataset = xr.Dataset({name: variable} | columns, indices, _information(drive))
    return dataset.set_coords([column for column in columns if re.fullmatch(r"B[xyz]?_hysteresis", str(column))])


def _check_sizes(frames: Sequence[Frame], header: Header) -> None:
    """Check that every file can hold what the first one's header describes: only the description may be shorter."""
    least = header.shortest_file - header.description_bytes
    for frame in frames:
        if frame.size < least:
            expected = f"at least {least} bytes, as {frames[0].path} holds {header.count} numbers"
            raise OVFError(frame.path, frame.size, expected, f"a file of {frame.size}")


def _placed(header: Header, start_path: str | None) -> Header:
    """Return the header with the place of the mesh: mumax3 writes every mesh from 0, mumax3c's m0.omf has the place."""
    if start_path is None:
        return header
    start = open_header(start_path)
    return header if header.difference(start, origin=False) else start


def _check_start(path: str, frames: Header, times: npt.NDArray[np.float64] | None, *, origin: bool) -> None:
    """Check that a state can stand before the frames: on the same mesh, in the same unit, at t = 0."""
    if times is not None and times[0] <= 0:
        raise ValueError(f"{path}: the frames begin at t = {times[0]} s, where start=True would put it")
    header = open_header(path)
    difference = frames.difference(header, origin=origin)
    if difference:
        raise OVFError(path, 0, f"{difference[0]} as the frames have", difference[1])
    # discretisedfield writes M in A/m without a unit; before directions it would be a million times too long.
    if variable_name(frames, "") == "m" and not all(header.units):
        raise ValueError(f"{path}: has no unit and the frames are directions; start=True needs one with unit 1")


def _table(directory: Path, frames: Sequence[Frame]) -> xr.Dataset | None:
    """Return the directory's table: mumax3's, or the .odt whose name the frames begin with."""
    candidates = possible_tables(directory)
    if len(candidates) > 2:
        candidates = [one for one in candidates if Path(frames[0].path).name.startswith(f"{one.stem}-")]
    table = next((one for one in candidates if one.is_file()), None)
    return None if table is None else open_table(table)


def _matching_rows(frames: Sequence[Frame], table: xr.Dataset | None) -> npt.NDArray[np.intp]:
    """Return the number of each frame's row, -1 for none.

    Stage and iteration in the name give OOMMF's row; a run that was restarted has rows twice; the
    later ones are the frames'. `runs.native` numbers its frames and writes a row for each. mumax3's names give
    nothing: a row has the time that is in a frame's header.
    """
    if table is None:
        return np.full(len(frames), -1)
    numbers = np.array([frame.numbers for frame in frames])
    if numbers.shape[1] == 2:
        for name in _COUNTERS:
            if name in table and np.array_equal(table[name].values, numbers[:, 1]):
                return np.arange(len(frames))
        if "stage" in table and "iteration" in table:
            pairs = zip(table["stage"].values, table["iteration"].values, strict=True)
            row_of: dict[tuple[float, ...], int] = {pair: row for row, pair in enumerate(pairs)}
            return np.array([row_of.get(frame.numbers, -1) for frame in frames])
    elif "t" in table:
        row_at = {time: row for row, time in enumerate(table["t"].values)}
        return np.array([row_at.get(open_header(frame.path).time, -1) for frame in frames])
    return np.full(len(frames), -1)


def _times(
    frames: Sequence[Frame], table: xr.Dataset | None, rows: npt.NDArray[np.intp]
) -> npt.NDArray[np.float64] | None:
    """Return the frames' times in s, None where one has none."""
    if table is not None and "t" in table and np.all(rows >= 0):
        in_rows: npt.NDArray[np.float64] = table["t"].values[rows]
        return in_rows
    known = table["t"].values if table is not None and "t" in table else np.empty(0)
    times = np.empty(len(frames))
    for index, (frame, row) in enumerate(zip(frames, rows, strict=True)):
        time = known[row] if known.size and row >= 0 else open_header(frame.path).time
        if time is None:
            return None
        times[index] = time
    return times


def _columns(table: xr.Dataset | None, rows: npt.NDArray[np.intp], dim: str, taken: set[Any]) -> dict[str, xr.Variable]:
    """Return the table's columns at the frames, NaN where there is no row."""
    if table is None or np.all(rows < 0):
        return {}
    columns = {}
    for name, column in table.reset_coords().data_vars.items():
        if name == "t":
            continue
        values = np.where(rows >= 0, column.values[rows], np.nan)
        columns[f"table_{name}" if name in taken else str(name)] = xr.Variable(dim, values, column.attrs)
    return columns


def _information(drive: Path) -> dict[str, Any]:
    """Return what info.json has: driver, its arguments, versions, whether the drive succeeded."""
    path = drive / _INFORMATION
    if not path.is_file():
        return {}
    found = read_json(path, finite=False)
    if not isinstance(found, dict):
        raise ValueError(f"{path}: holds no JSON object")
    return found
