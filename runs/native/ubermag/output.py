"""Drive directories as oommfc writes them, so that micromagneticdata and other ubermag tools open them."""

import contextlib
import datetime
import importlib.metadata
import json
import math
import pathlib
import re
import shutil
from typing import Any

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pandas as pd

from runs.native.columns import long_names, unit

REPRESENTATIONS = ("bin8", "bin4", "txt")


def new_directory(system: mm.System, dirname: str, kind: str, append: bool) -> pathlib.Path:
    """Make `dirname/system.name/kind-N` with the next free N and set the system's number to it.

    A FileExistsError if the system's directory exists and `append` is false.
    """
    base = pathlib.Path(dirname, system.name)
    if base.exists() and not append:
        raise FileExistsError(f"directory {base} already exists; pass append=True to add to it")
    names = (re.fullmatch(rf"{kind}-(\d+)", path.name) for path in base.glob(f"{kind}-*"))
    taken = [int(name[1]) for name in names if name]
    number = max(taken, default=-1) + 1
    setattr(system, f"{kind}_number", number)
    directory = base / f"{kind}-{number}"
    directory.mkdir(parents=True)
    return directory


def remove_directory(directory: pathlib.Path) -> None:
    """Remove a drive's directory, and the system's if nothing else is in it."""
    shutil.rmtree(directory)
    with contextlib.suppress(OSError):
        directory.parent.rmdir()


def check_representation(ovf_format: str) -> None:
    """Raise a ValueError for an OVF format that cannot be written: none of "bin8", "bin4" and "txt"."""
    if ovf_format not in REPRESENTATIONS:
        raise ValueError(f"ovf_format={ovf_format!r} is not supported; use one of {', '.join(REPRESENTATIONS)}")


def write_information(
    directory: pathlib.Path, driver: str, number: int, start: datetime.datetime, arguments: dict[str, Any]
) -> None:
    """Write `info.json` before the run, without a result."""
    information = {
        "drive_number": number,
        "date": start.strftime("%Y-%m-%d"),
        "time": start.strftime("%H:%M:%S"),
        "start_time": start.isoformat(timespec="seconds"),
        "adapter": "runs.native",
        "adapter_version": importlib.metadata.version("soliton-workbench"),
        "driver": driver,
        **arguments,
    }
    (directory / "info.json").write_text(json.dumps(information, default=_plain), encoding="utf-8")


def finish_information(directory: pathlib.Path, start: datetime.datetime, success: bool) -> None:
    """Add to `info.json` when the run ended and whether it succeeded."""
    path = directory / "info.json"
    information = json.loads(path.read_text(encoding="utf-8"))
    end = datetime.datetime.now()
    hours, rest = divmod(math.ceil((end - start).total_seconds()), 3600)
    minutes, seconds = divmod(rest, 60)
    information["end_time"] = end.isoformat(timespec="seconds")
    information["elapsed_time"] = f"{hours:02}:{minutes:02}:{seconds:02}"
    information["success"] = success
    path.write_text(json.dumps(information, default=_plain), encoding="utf-8")


class Record:
    """Writes states (nx, ny, nz, 3) and their rows of the table as they come.

    A drive that is interrupted, or killed, leaves what came before. `driver` names the files, as OOMMF's does, and
    `number` is the largest number of states; its digits are in the names, which tools sort as text.
    """

    def __init__(self, directory: pathlib.Path, system: mm.System, driver: str, number: int, ovf_format: str) -> None:
        self._directory, self._system, self._driver, self._ovf_format = directory, system, driver, ovf_format
        self._width = max(2, len(str(number - 1)))
        self._table = directory / f"{system.name}.odt"
        self.written = 0
        """Number of states so far."""

    def __call__(self, frame: np.ndarray, row: pd.DataFrame) -> None:
        """Write one state."""
        count = int(row["evaluations" if "evaluations" in row else "iteration"].iloc[0])
        index = f"{self.written:0{self._width}d}"
        name = f"{self._system.name}-Oxs_{self._driver}-Magnetization-{index}-{count:07d}.omf"
        _write_frame(self._directory / name, self._system, frame, self._ovf_format)
        with open(self._table, "a", encoding="utf-8") as file:
            if not self.written:
                file.write(_table_head(self._system, self._table.stem, row))
            file.writelines(
                " ".join(f"{value:.17g}" for value in values) + "\n" for values in row.to_numpy(dtype=float)
            )
        self.written += 1

    def finish(self) -> None:
        """Write the table's end."""
        if self.written:
            with open(self._table, "a", encoding="utf-8") as file:
                file.write("# Table End\n")


def write_last_state(directory: pathlib.Path, system: mm.System, frame: np.ndarray, ovf_format: str) -> pathlib.Path:
    """Write the state (nx, ny, nz, 3) at which a drive stopped early, and return where.

    Its name does not start with the system's, so that it is not taken for a frame.
    """
    path = directory / "last_good_state.omf"
    _write_frame(path, system, frame, ovf_format)
    return path


def _write_frame(path: pathlib.Path, system: mm.System, frame: np.ndarray, ovf_format: str) -> None:
    value = np.nan_to_num(frame) * system.m.norm.array
    df.Field(system.m.mesh, nvdim=3, value=value, unit=system.m.unit).to_file(str(path), representation=ovf_format)


def _table_head(system: mm.System, title: str, table: pd.DataFrame) -> str:
    """Return the head of a table in OOMMF's ODT 1.0 text format."""
    long = long_names(system)
    names = " ".join("{" + long[column] + "}" for column in table.columns)
    units = " ".join(unit(column) or "{}" for column in table.columns)
    lines = ["# ODT 1.0", "# Table Start", f"# Title: {title}", f"# Columns: {names}", f"# Units: {units}"]
    return "\n".join(lines) + "\n"


def delete(system: mm.System, /, silent: bool = False) -> None:
    """Delete a system's directory in the working directory, with every drive in it.

    Parameters
    ----------
    system : micromagneticmodel.System
    silent : bool
        Whether it is no error that there is none. It never is where nothing was written: before the first
        drive, or after `compute`.

    Raises
    ------
    FileNotFoundError
        There is no such directory, but a drive has made one.

    Examples
    --------
    >>> import contextlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
    ...     pathlib.Path("film", "drive-0").mkdir(parents=True)
    ...     delete(mm.System(name="film"))
    ...     pathlib.Path("film").exists()
    False
    """
    directory = pathlib.Path(system.name)
    if directory.exists():
        shutil.rmtree(directory)
    elif not silent and system.drive_number and not system.compute_number:
        raise FileNotFoundError(f"directory {directory} does not exist; pass silent=True to ignore that")
    system.drive_number = system.compute_number = 0


def _plain(value: Any) -> Any:
    """Return an array or a number of NumPy as JSON writes it."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    raise TypeError(f"{value!r} cannot be written as JSON")
