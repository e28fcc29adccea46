"""The frames of a run that is still being computed, from its work directory: what there is to see before it is stored.

OOMMF writes its frames and its table as it goes. The native engine keeps frames in memory and leaves the newest one and
the table beside, at most once a second (`record_frames`). What is read may be half written, or may have been left by a
process that was killed: it is there or it is not, and nothing is taken for more than it is.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from geometries.plain_files import parse_json, read_bytes, read_text, unlinked_opener
from runs.spec import RunSpec, read_spec
from runs.store.work import SPEC
from runs.whole_files import write_beside

__all__ = ["FramesSoFar", "frames_so_far", "record_frames", "spec_in"]

_TABLE = "frames.json"
_LARGEST = 1 << 26
_MEANS = ("mx", "my", "mz")

Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class FramesSoFar:
    """What a run has come to.

    Parameters
    ----------
    values : float, shape (frames,)
        Times in s, or numbers of field steps, of the frames so far.
    columns : dict of str to array
        `energy` (J), `mx`, `my`, `mz` over them.
    newest : float, shape (x, y, z, 3), or None
        Unit vectors of the last frame, NaN outside the magnet; None where there is none yet.
    """

    values: Floats
    columns: dict[str, Floats]
    newest: npt.NDArray[np.float32] | None


def spec_in(directory: Path, run_id: str) -> RunSpec | None:
    """The spec of the run that is computed in a work directory, as far as it can be read."""
    try:
        return read_spec(read_text(directory / SPEC, _LARGEST, unlinked_opener), run_id)
    except (OSError, ValueError, OverflowError):
        return None


def record_frames(directory: Path, values: Floats, every: float = 1.0) -> Callable[[Floats, float], None]:
    """Return a function that takes every frame and its energy (J) and leaves the newest in a work directory.

    Parameters
    ----------
    directory : pathlib.Path
        The run's.
    values : float, shape (frames,)
        Times, or numbers of field steps, of all frames that there will be.
    every : float
        Seconds from one to the next that is left.

    Returns
    -------
    callable
        Takes unit vectors (x, y, z, 3), NaN outside the magnet, and an energy.
    """
    rows: list[list[float]] = []
    last, before = -1.0, ""

    def keep(m: Floats, energy: float) -> None:
        nonlocal last, before
        means = np.nanmean(m.reshape(-1, 3), axis=0)
        rows.append([energy, *(float(mean) for mean in means)])
        now = time.monotonic()
        if last < 0 or now - last >= every:
            last = now
            # A courtesy: a full disk must show where results are written, not here.
            with suppress(OSError):
                before = _leave(directory, values[: len(rows)], rows, m, before)

    return keep


def _leave(directory: Path, values: Floats, rows: list[list[float]], m: Floats, before: str) -> str:
    """Leave a frame, and return its name; of the frames that are there only the one named `before` is kept."""
    frame = f"frame-{len(rows)}.npy"
    np.save(directory / frame, np.asarray(m, dtype=np.float32), allow_pickle=False)
    content = {"values": [float(value) for value in values], "rows": rows, "frame": frame}
    write_beside(directory / _TABLE, json.dumps(content))
    # The one that the table named until now may be being read; which that is, only the second frame knows.
    for path in directory.glob("frame-*.npy") if before else ():
        if path.name not in (frame, before):
            path.unlink(missing_ok=True)
    return frame


def frames_so_far(directory: Path, spec: RunSpec) -> FramesSoFar | None:
    """Read what a run has come to.

    Parameters
    ----------
    directory : pathlib.Path
        Where it is, or was, computed.
    spec : RunSpec
        The run.

    Returns
    -------
    FramesSoFar or None
        None where there is no frame yet, or the engine leaves none.
    """
    try:
        return _native(directory, spec) or _oommf(directory, spec)
    except (OSError, ValueError, KeyError, TypeError, IndexError, OverflowError):
        return None  # half written, or damaged by whatever killed the run


def _native(directory: Path, spec: RunSpec) -> FramesSoFar | None:
    try:
        content = parse_json(read_bytes(directory / _TABLE, _LARGEST, unlinked_opener), finite=False)
    except FileNotFoundError:
        return None
    table = np.array(content["rows"], dtype=float).reshape(-1, 1 + len(_MEANS))
    values = np.array(content["values"], dtype=float)
    if len(values) != len(table) or content["frame"] != f"frame-{len(table)}.npy":
        raise ValueError(f"{directory / _TABLE}: its rows are not those of its frames")
    if not np.isfinite(values).all():
        raise ValueError(f"{directory / _TABLE}: not every frame has a time")
    with open(directory / content["frame"], "rb", opener=unlinked_opener) as stream:
        # Compared before anything is read: it may come from anywhere, and ask for any amount of memory.
        version = np.lib.format.read_magic(stream)
        shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
        if version != (1, 0) or shape != (*spec.device.shape, 3) or dtype != np.float32:
            raise ValueError(f"{directory}: its newest frame has the shape {shape}")
        stream.seek(0)
        newest = np.lib.format.read_array(stream, allow_pickle=False)
    columns = dict(zip(("energy", *_MEANS), table.T, strict=True))
    return FramesSoFar(values, columns, newest)


def _oommf(directory: Path, spec: RunSpec) -> FramesSoFar | None:
    from runs.engines.oommf_frames import read_values
    from runs.engines.oommf_output import frames_in, open_drive_table

    where = directory / "drive"
    if where.is_symlink() or not where.is_dir():
        return None
    values = spec.protocol.frames().values
    if spec.protocol.rest_fields is None:
        values = values[1:]  # the first is the state before the drive
    nx, ny, nz = spec.device.shape
    for frame in reversed(frames_in(where)):
        with suppress(ValueError, OSError):  # the last may be half written
            m = read_values(str(frame.path), (nx, ny, nz)).transpose(2, 1, 0, 3)
            norm = np.linalg.norm(m, axis=-1, keepdims=True)
            newest = np.where(norm > 0, m / np.where(norm > 0, norm, 1.0), np.nan).astype(np.float32)
            break
    else:
        return None
    columns: dict[str, Floats] = {}
    rows = 0
    for path in sorted(where.glob("*.odt")):
        table = open_drive_table(path)
        rows = min(table.sizes[next(iter(table.sizes))], len(values))
        for name, column in (("energy", "E"), *((each, each) for each in _MEANS)):
            if column in table.variables:
                columns[name] = table[column].values[:rows].astype(float)
    return FramesSoFar(values[:rows], columns, newest)
