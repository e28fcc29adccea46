"""The frames of a run that is still being computed, from its work directory: what there is to see before it is stored.

OOMMF writes its frames and its table as it goes. The native engine keeps frames in memory and leaves the newest one and
the table beside, at most once a second (`runs.engines.native_frames`). What is read may be half written, or may have
been left by a process that was killed: it is there or it is not, and nothing is taken for more than it is.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from geometries.plain_files import parse_json, read_bytes, read_text, unlinked_opener
from runs.engines.native_frames import MEANS, TABLE
from runs.spec import RunSpec, read_spec
from runs.store.work import SPEC

__all__ = ["FramesSoFar", "frames_so_far", "spec_in"]

_LARGEST = 1 << 26

Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class FramesSoFar:
    """Progress of a run.

    `values` (frames,) are times in s, or numbers of field steps, of the frames so far; `columns` are `energy` (J),
    `mx`, `my`, `mz` over them; `newest` (x, y, z, 3) are the unit vectors of the last frame, NaN outside the magnet, or
    None.
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


def frames_so_far(directory: Path, spec: RunSpec) -> FramesSoFar | None:
    """Read what a run has come to in the directory where it is, or was, computed.

    None where there is no frame yet, or the engine leaves none.
    """
    try:
        return _native(directory, spec) or _oommf(directory, spec)
    except (OSError, ValueError, KeyError, TypeError, IndexError, OverflowError):
        return None  # half written, or damaged by whatever killed the run


def _native(directory: Path, spec: RunSpec) -> FramesSoFar | None:
    try:
        content = parse_json(read_bytes(directory / TABLE, _LARGEST, unlinked_opener), finite=False)
    except FileNotFoundError:
        return None
    table = np.array(content["rows"], dtype=float).reshape(-1, 1 + len(MEANS))
    values = np.array(content["values"], dtype=float)
    if len(values) != len(table) or content["frame"] != f"frame-{len(table)}.npy":
        raise ValueError(f"{directory / TABLE}: its rows are not those of its frames")
    if not np.isfinite(values).all():
        raise ValueError(f"{directory / TABLE}: not every frame has a time")
    with open(directory / content["frame"], "rb", opener=unlinked_opener) as stream:
        # Compared before anything is read: it may come from anywhere, and ask for any amount of memory.
        version = np.lib.format.read_magic(stream)
        shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
        if version != (1, 0) or shape != (*spec.device.shape, 3) or dtype != np.float32:
            raise ValueError(f"{directory}: its newest frame has the shape {shape}")
        stream.seek(0)
        newest = np.lib.format.read_array(stream, allow_pickle=False)
    columns = dict(zip(("energy", *MEANS), table.T, strict=True))
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
        for name, column in (("energy", "E"), *((each, each) for each in MEANS)):
            if column in table.variables:
                columns[name] = table[column].values[:rows].astype(float)
    return FramesSoFar(values[:rows], columns, newest)
