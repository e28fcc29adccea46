"""Tables of numbers: OOMMF's .odt and mumax3's table.txt.

Columns are called as ubermagtable calls them, so that a table is the same here as in a drive of ubermag. Rows are read
here: ubermagtable takes a row that is still being written, or a second table with other columns, for more of the same.
ODT 1.0 is chapter 18, "Data Table File Format (ODT)", of the OOMMF User's Guide (Donahue and Porter, NIST).
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geometries.plain_files import NotAFileError, plain_opener
from runs.reading.tcl_list import tcl_list

if TYPE_CHECKING:
    import xarray as xr


def open_table(path: str | os.PathLike[str]) -> xr.Dataset:
    r"""Read a table.

    Parameters
    ----------
    path : str or path
        An .odt file of OOMMF, oommfc or `runs.native`, or the table.txt of mumax3. If it is still being
        written, a last row without a line break is left out.

    Returns
    -------
    xarray.Dataset
        One variable a column, with its unit in the attribute `units`, called as ubermagtable does; columns to
        which it gives one name (the energies of terms without names) keep the file's. So do the labels of quantities
        that a user of mumax3 added; one that is there twice gets its column's number, as "mx_5", and an empty one is
        "column_5". The dimension is ``t`` where there is a column ``t`` which grows from row to row, and
        ``step``, from 0, where there is none; a column that is called "step" is "table_step".

    Raises
    ------
    ValueError
        The file is no table, or a row has not one number a column.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from runs.reading import open_table
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "table.txt")
    ...     _ = file.write_text("# t (s)\tmx ()\n0\t1\n1e-12\t0.9\n")
    ...     open_table(file)["mx"].values
    array([1. , 0.9])
    """
    import xarray as xr

    names, units, rows = read_rows(Path(path))
    names = ["table_step" if name == "step" else name for name in names]
    table = xr.Dataset(
        {
            name: ("step", column, {"units": unit} if unit else {})
            for name, unit, column in zip(names, units, rows.T, strict=True)
        },
        {"step": np.arange(len(rows))},
    )
    if "t" not in table:
        return table
    if np.all(np.diff(table["t"].values) > 0):
        return table.swap_dims(step="t").set_coords("t").drop_vars("step")
    return table.set_coords("t")


def read_rows(path: Path) -> tuple[list[str], list[str], npt.NDArray[np.float64]]:
    """Read the names and units of a table's columns, and its rows.

    A ValueError if the file is no table, or a row has not one number a column.
    """
    try:
        with open(path, encoding="utf-8", errors="replace", opener=plain_opener) as stream:
            text = stream.read()
    except NotAFileError as error:
        raise ValueError(f"{path}: expected a table, found {error.kind}") from error
    # What is behind the last line break is still being written.
    lines = re.sub(r"\\\r?\n#*", " ", text).split("\n")[:-1]
    odt = bool(lines) and lines[0].replace(" ", "").lower().startswith("#odt")
    if not odt and not (lines and lines[0].startswith("# ") and "(" in lines[0]):
        raise ValueError(f"{path}: neither an OOMMF table, which begins with '# ODT', nor one of mumax3: {lines[:1]}")
    raw, units = _odt_columns(path, lines) if odt else _mumax_columns(lines[0])
    if len(units) != len(raw):
        raise ValueError(f"{path}: {len(raw)} columns have {len(units)} units")
    rows = np.empty((len(lines), len(raw)))
    filled = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        # {} is a missing value.
        words = line.replace("{}", "nan").split()
        try:
            row = np.array(words, dtype=np.float64)
        except ValueError:
            row = np.empty(0)
        if len(row) != len(raw):
            raise ValueError(f"{path}: line {number} is not {len(raw)} numbers: {line.strip()[:80]!r}")
        rows[filled] = row
        filled += 1
    return _short_names(path, raw) if odt else _mumax_names(raw), units, rows[:filled]


def _odt_columns(path: Path, lines: Sequence[str]) -> tuple[list[str], list[str]]:
    found = {}
    for label in ("Columns", "Units"):
        prefix = re.compile(rf"#\s*{label}:", re.IGNORECASE)
        values = [tcl_list(line[match.end() :]) for line in lines if (match := prefix.match(line))]
        if any(value != values[0] for value in values):
            raise ValueError(f"{path}: holds several tables with different {label.lower()}; split it with odtcols")
        found[label] = values[0] if values else []
    if not found["Columns"]:
        raise ValueError(f"{path}: has no line '# Columns: ...'")
    return found["Columns"], found["Units"] or [""] * len(found["Columns"])


def _mumax_columns(line: str) -> tuple[list[str], list[str]]:
    """Labels and units of "# label (unit)" between tabs; a user's label may be anything, with parentheses or empty."""
    labels, units = zip(*(_label_and_unit(cell.strip()) for cell in line[1:].rstrip("\r\n").split("\t")), strict=True)
    found: list[str] = []
    for number, label in enumerate(labels, start=1):
        name = label or f"column_{number}"
        while name in found:  # a second quantity of the same label is one of its own
            name = f"{name}_{number}"
        found.append(name)
    return found, list(units)


def _label_and_unit(cell: str) -> tuple[str, str]:
    """Split at the parenthesis that the last one closes."""
    depth = 0
    for place in reversed(range(len(cell) if cell.endswith(")") else 0)):
        depth += (cell[place] == ")") - (cell[place] == "(")
        if not depth:
            return cell[:place].strip(), cell[place + 1 : -1].strip()
    return cell, ""


def _mumax_names(raw: Sequence[str]) -> list[str]:
    """Return ubermagtable's names of mumax3's own quantities, and the file's of all others."""
    from ubermagtable.util.util import mumax3_dict

    short = [str(mumax3_dict.get(name, name)) for name in raw]
    return [one if short.count(one) == 1 else whole for one, whole in zip(short, raw, strict=True)]


def _short_names(path: Path, raw: Sequence[str]) -> list[str]:
    """Return ubermagtable's names, or the file's own where it finds other columns or gives two the same name."""
    # Imported when it is needed: it takes as long to import as a thousand frames to open.
    import ubermagtable.util

    short: list[str] = ubermagtable.util.columns(str(path))
    if len(short) != len(raw):
        short = list(raw)
    return [one if short.count(one) == 1 else whole for one, whole in zip(short, raw, strict=True)]
