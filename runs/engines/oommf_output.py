"""OOMMF's output: checks that it is complete and finite, with OOMMF's messages if it is not.

OOMMF's return code means little: it is 0 for runs whose last file was never written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import scipy

from runs.engines.oommf_frames import read_values
from runs.reading import open_table
from runs.reading.frame_files import Frame, find_frames

if TYPE_CHECKING:
    import discretisedfield as df
    import xarray as xr

__all__ = [
    "TABLE_END",
    "frames_in",
    "is_complete",
    "oommf_said",
    "open_drive_table",
    "read_output",
    "table_in",
    "threads_used",
]

TABLE_END = b"# Table End"
_LENGTH = 1e-6  # relative: |M| is Ms in OOMMF but for rounding
_RECORD = re.compile(r"^\[.*\] \S+(?: \S+)? (\w+):$", re.MULTILINE)
_NOISE = re.compile(
    r"Error thrown from inside|in file:|at line:|Error loading|Options:|\[[\d:]+\] (Start:|Boxsi run end)|"
    r".*SIGTERM|\s*$"
)


def table_in(directory: Path, name: str) -> Path:
    """Return where OOMMF writes the table of a system of this name."""
    return directory / f"{name}.odt"


def frames_in(directory: Path) -> list[Frame]:
    """Return the frames of the magnetisation that are there, in the order of stages."""
    try:
        return find_frames(directory, "Magnetization")
    except ValueError:  # there is none
        return []


def open_drive_table(path: Path) -> xr.Dataset:
    """Open a table of OOMMF's, half written or whole, with the total energy as `E` whatever the evolver."""
    table = open_table(path)
    # ubermagtable does not know the columns of the evolver with a u of three components.
    return table.rename({name: short for name, short in _OWN_NAMES.items() if name in table.variables})


def is_complete(directory: Path, name: str, stages: int) -> bool:
    """Return whether OOMMF has written the table's end and a frame of every stage; none is looked into."""
    try:
        with open(table_in(directory, name), "rb") as table:
            size = table.seek(0, 2)
            table.seek(max(0, size - 200))
            ended = table.read().rstrip().endswith(TABLE_END)
    except FileNotFoundError:
        return False
    return ended and len(frames_in(directory)) >= stages


def read_output(
    directory: Path,
    name: str,
    m: df.Field,
    stages: int,
    times: npt.NDArray[np.float64] | None = None,
    fields: npt.NDArray[np.float64] | None = None,
) -> tuple[npt.NDArray[np.float64], xr.Dataset]:
    """Read the frames and the table of a drive, and check all of it.

    `m` is what the drive began with: its mesh, and its norm Ms. `times` (stages,) are the stages' ends in s, None for a
    minimisation, and `fields` (stages, 3) in A/m of a hysteresis. Gives the magnetisation in A/m (1 + stages, x,
    y, z, 3) before and after each stage, and the table, a row a stage. A ValueError, which names the file, if something
    is missing, is not finite, or is not on the mesh, of length Ms, at the times or in the fields.
    """
    table = _read_table(table_in(directory, name), stages, times)
    if fields is not None:
        _check_fields(table_in(directory, name), table, fields)
    frames = frames_in(directory)
    written = [frame.numbers[0] for frame in frames]
    if written != list(range(stages)):
        missing = sorted(set(range(stages)) - set(written))
        what = f"that of stage {missing[0]} is missing" if missing else f"their stages are {written}"
        raise ValueError(f"{directory}: there are {len(frames)} frames of {stages}, {what}")
    rows = zip(table["stage"].values.tolist(), table["iteration"].values.tolist(), strict=True)
    for frame, row in zip(frames, rows, strict=True):
        if frame.numbers != row:
            raise ValueError(f"{frame.path}: its stage and iteration are those of no row of the table")
    return _read_frames(frames, m), table


_OWN_NAMES = {"SpinTEvolve_3d:evolver:Total energy": "E"}


def _read_table(path: Path, stages: int, times: npt.NDArray[np.float64] | None) -> xr.Dataset:
    if not path.is_file():
        raise ValueError(f"{path}: OOMMF has not written its table")
    table = open_drive_table(path)
    missing = sorted({"E", "iteration", "stage", *(["t"] if times is not None else [])} - set(table.variables))
    if missing:
        raise ValueError(
            f"{path}: the table has no column {', '.join(missing)}, but {', '.join(map(str, table.variables))}"
        )
    # A state that is written twice counts once: OOMMF 2.1 writes a checkpoint's state at a stage's end once more when
    # it goes on from it, since it does not read back its "Problem Status".
    states = list(zip(table["stage"].values.tolist(), table["iteration"].values.tolist(), strict=True))
    once = [row for row, state in enumerate(states) if state not in states[row + 1 : row + 2]]
    table = table.isel({table["stage"].dims[0]: once})
    rows = table["stage"].size
    if rows != stages:
        raise ValueError(f"{path}: the table has {rows} rows, and there are {stages} stages")
    if not path.read_bytes().rstrip().endswith(TABLE_END):
        raise ValueError(f"{path}: the table's last line is not {TABLE_END.decode()!r}: it is not whole")
    for name, column in table.variables.items():
        wrong = np.flatnonzero(~np.isfinite(column.values))
        if wrong.size:
            raise ValueError(f"{path}: column {name!r} is {column.values[wrong[0]]} in row {wrong[0]}")
    if times is not None and not np.allclose(table["t"], times, rtol=1e-6, atol=0):
        raise ValueError(f"{path}: the table's rows do not lie at the {stages} sampling times")
    return table


def _check_fields(path: Path, table: xr.Dataset, fields: npt.NDArray[np.float64]) -> None:
    """Raise unless OOMMF applied these fields (A/m); its table has their induction in mT."""
    names = [f"B{axis}_hysteresis" for axis in "xyz"]
    if not set(names) <= set(table.variables):
        raise ValueError(f"{path}: the table has no columns {', '.join(names)}")
    applied = np.stack([table[name].values for name in names], axis=1) / (1e3 * scipy.constants.mu_0)
    # The table has twelve digits, and OOMMF's mu0 is that before 2019.
    wrong = ~np.isclose(applied, fields, rtol=1e-6, atol=1e-6 * np.abs(fields).max())
    if wrong.any():
        stage = int(np.argmax(wrong.any(axis=1)))
        raise ValueError(
            f"{path}: in stage {stage} OOMMF applied {applied[stage].tolist()} A/m, asked for {fields[stage].tolist()}"
        )


def _read_frames(frames: Sequence[Frame], m: df.Field) -> npt.NDArray[np.float64]:
    nodes = tuple(int(number) for number in m.mesh.n)
    # As the frames have them: (z, y, x).
    saturation = np.linalg.norm(m.array, axis=-1).transpose(2, 1, 0)
    values = np.empty((1 + len(frames), *saturation.shape, 3))
    values[0] = m.array.transpose(2, 1, 0, 3)
    for frame, value in zip(frames, values[1:], strict=True):
        value[...] = read_values(frame.path, nodes)
        _check_length(frame.path, value, saturation)
    return values.transpose(0, 3, 2, 1, 4)


def _check_length(path: str, values: npt.NDArray[np.float64], saturation: npt.NDArray[np.float64]) -> None:
    length = np.sqrt(np.einsum("zyxc,zyxc->zyx", values, values))
    right = np.abs(length - saturation) <= _LENGTH * saturation  # False for NaN too
    if not right.all():
        z, y, x = (int(index) for index in np.argwhere(~right)[0])
        found, wanted = length[z, y, x], saturation[z, y, x]
        what = f"|M| = {found:.9g} A/m, and Ms = {wanted:.9g} A/m" if np.isfinite(found) else "M is not finite"
        raise ValueError(
            f"{path}: in {(~right).sum()} cells of {right.size} M is wrong; in cell ({x}, {y}, {z}) {what}"
        )


def oommf_said(directory: Path) -> str:
    """Return OOMMF's own words on what went wrong, in a line: from its log, else what it printed last, else "".

    The directory has boxsi.errors, oommf.stderr and oommf.stdout.
    """
    log = _text(directory / "boxsi.errors")
    log = log[log.rfind("\nStart: ") + 1 :]  # of the last of several attempts
    records = list(_RECORD.finditer(log))
    ends = [*(record.start() for record in records[1:]), len(log)]
    errors = [
        log[record.end() : end].partition("-----------")[0]
        for record, end in zip(records, ends, strict=False)
        if record[1] == "error"
    ]
    if errors:
        return _in_a_line(errors[0])
    return _in_a_line(_text(directory / "oommf.stderr")) or _in_a_line(_text(directory / "oommf.stdout"))


def threads_used(directory: Path) -> int | None:
    """Return how many threads OOMMF took by its log, which may be fewer than it was given; None if the log has none."""
    found = re.findall(r"^Number of threads: (\d+)|^(Single) threaded build", _text(directory / "boxsi.errors"), re.M)
    return (int(found[-1][0]) if found[-1][0] else 1) if found else None


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace") if path.is_file() else ""


def _in_a_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if not _NOISE.match(line.strip())]
    kept = list(dict.fromkeys(re.sub(r"^(ERROR DETAILS: |--- Error message: )", "", line) for line in lines))[-4:]
    # OOMMF prints memory behind the end of some of its texts.
    return "".join(letter for letter in "; ".join(kept) if letter.isascii() and letter.isprintable())[:600]
