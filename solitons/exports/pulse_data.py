"""Conductances after pulses: measured ones from a CSV file, or those that a model gives.

A file has a header with a unit for each quantity, such as ``pulse, sign, conductance (uS)``, and a row for each
reading. Columns:

- ``pulse``: number of the pulse after which it was read, rising; 0 is before the first. Needed. A number that is left
  out is a pulse after which nothing was read; where its sign is not clear, what follows is a cycle of its own.
- ``conductance`` (such as uS), or ``resistance`` (such as kohm). Needed; an empty cell is a reading that was lost.
- ``sign``: sign of the pulse; +1 or up, set, potentiation; -1 or down, reset, depression. Without it all pulses are up.
- ``cycle``, ``device``: any names; the conductance goes on from row to row within one cycle of one device.

Lines that begin with # are comments; ``# pulse: 1 V, 100 ns`` describes the pulse.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from geometries.plain_files import LARGEST_TABLE, read_bytes
from geometries.plain_text import shortened
from geometries.quantities import parse_quantity
from solitons.figures import value_label

__all__ = ["PulseData", "PulseSequence", "PulseTrain", "read_pulse_data"]

Floats = npt.NDArray[np.float64]

FEWEST_PULSES = 16
"""Pulses of a whole file: a step and its spread from fewer would mean little."""
_LONGEST_GAP = 10
"""Pulses without a reading; after more of them a cycle begins anew."""
_SHORTEST = 4
"""Readings of a cycle below which it does not show an order."""
_LARGEST, _SMALLEST = 1.0, 1e-15
"""S: no memory cell conducts more, and no instrument reads less."""
_SIGNS = {
    **dict.fromkeys(("1", "+1", "+", "up", "set", "potentiation", "ltp", "1.0"), 1),
    **dict.fromkeys(("-1", "-", "−1", "down", "reset", "depression", "ltd", "-1.0"), -1),
}
_KNOWN = ("pulse", "conductance", "resistance", "sign", "cycle", "device")
_TURNED = 0.3
"""Share of its whole range by which a conductance goes back under pulses that are labelled with one sign."""


@dataclass(frozen=True, eq=False)
class PulseSequence:
    """Response of one device in one cycle, pulse after pulse.

    `sign` is 1 or -1 of each pulse; `conductance` (pulses + 1,) in S was read before the first pulse and after each,
    NaN where a reading was lost, but not the first.
    """

    device: str
    cycle: str
    sign: npt.NDArray[np.int64]
    conductance: Floats


@dataclass(frozen=True, eq=False)
class PulseTrain:
    """Pulses of one sign that follow each other in a sequence.

    `sequence` and `first` are the numbers of the sequence and of its first pulse in that; `conductance` (pulses + 1,)
    in S was read before the first pulse and after each, NaN where a reading was lost.
    """

    device: str
    cycle: str
    sequence: int
    first: int
    sign: int
    conductance: Floats


@dataclass(frozen=True, eq=False)
class PulseData:
    """Conductances of one or several devices under equal pulses of two signs.

    Parameters
    ----------
    sequences : tuple of PulseSequence
        A cycle of a device each, in the order in which they were measured.
    source : str
        The file's name, or the model.
    pulse : str
        Description of a pulse, in words; empty if unknown.
    sha256 : str or None
        Hash of the file's bytes.
    origin : str
        Provenance of a fitted model, as JSON.

    Examples
    --------
    >>> sequence = PulseSequence("A", "1", np.array([1, 1, -1]), 1e-6 * np.array([20.5, 25.9, 30.1, 26.0]))
    >>> data = PulseData((sequence,), source="measured.csv", pulse="1.2 V, 100 ns")
    >>> len(data.sequences)
    1
    """

    sequences: tuple[PulseSequence, ...]
    source: str
    pulse: str = ""
    sha256: str | None = None
    origin: str = ""

    @property
    def devices(self) -> tuple[str, ...]:
        """Names of the devices."""
        return tuple(dict.fromkeys(each.device for each in self.sequences))

    @property
    def pulses(self) -> int:
        """How many pulses there are in all."""
        return sum(each.sign.size for each in self.sequences)

    @property
    def range(self) -> tuple[float, float]:
        """Smallest and largest conductance in S that was read."""
        ends = [(np.nanmin(each.conductance), np.nanmax(each.conductance)) for each in self.sequences]
        return float(min(low for low, _ in ends)), float(max(high for _, high in ends))

    def trains(self) -> list[PulseTrain]:
        """Cut the sequences into trains of one sign."""
        found = []
        for number, each in enumerate(self.sequences):
            edges = np.concatenate([[0], np.flatnonzero(np.diff(each.sign)) + 1, [each.sign.size]])
            for first, last in itertools.pairwise(edges):
                part = each.conductance[first : last + 1]
                found.append(PulseTrain(each.device, each.cycle, number, int(first), int(each.sign[first]), part))
        return found


def read_pulse_data(path: str | Path, *, decimal: str = ".") -> PulseData:
    """Read a laboratory's own conductances after pulses.

    Parameters
    ----------
    path : str or pathlib.Path
        A CSV file as the module describes it; columns are separated by commas, semicolons or tabs.
    decimal : {".", ","}
        Decimal mark. With a comma, columns are separated by semicolons or tabs.

    Returns
    -------
    PulseData

    Raises
    ------
    ValueError
        If a column or a unit is missing, a value is wrong, pulse numbers do not rise, or there are too few
        pulses; the error names the file, the line and the remedy.

    Examples
    --------
    >>> import tempfile
    >>> rows = [f"{number},{'' if not number else 1},{20 + 2 * number}" for number in range(17)]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "measured.csv"
    ...     made = file.write_text(chr(10).join(["pulse,sign,conductance (uS)", *rows]))
    ...     data = read_pulse_data(file)
    >>> (1e6 * data.sequences[0].conductance[[0, -1]]).round(3).tolist()
    [20.0, 52.0]
    """
    if decimal not in (".", ","):
        raise ValueError(f"read_pulse_data: decimal = {decimal!r} must be '.' or ','")
    file = Path(path)
    raw = read_bytes(file, LARGEST_TABLE)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")  # what a spreadsheet writes where µ is not in UTF-8
    name, pulse, lines = file.name, "", []
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            comment = re.match(r"#\s*pulse\s*:\s*(.+)", line.strip())
            pulse = comment[1].strip() if comment else pulse
        elif line.strip():
            lines.append((number, line))
    if not lines:
        raise ValueError(
            f"{name}: it has no lines but comments; the first is a header such as 'pulse,conductance (uS)'"
        )
    mark = max(";\t,", key=lines[0][1].count)
    header, columns = _header(name, _cells(name, *lines[0], mark))
    if decimal == "," and mark == ",":
        raise ValueError(f"{name}: decimal = ',' but commas separate its columns; separate them by semicolons")
    table: dict[str, list[str]] = {each: [] for each in header}
    for number, line in lines[1:]:
        cells = _cells(name, number, line, mark)
        if len(cells) != len(header):
            comma = " If its commas are decimal marks, write points, or separate columns by semicolons and give "
            raise ValueError(
                f"{name}, line {number}: {len(cells)} values under {len(header)} columns ({', '.join(header)})."
                + (comma + "decimal=','." if mark == "," else "")
            )
        for each, cell in zip(header, cells, strict=True):
            table[each].append(cell)
    numbers = [number for number, _ in lines[1:]]
    sequences = _sequences(name, numbers, table, columns, decimal)
    data = PulseData(sequences, name, pulse, hashlib.sha256(raw).hexdigest())
    if data.pulses < FEWEST_PULSES:
        raise ValueError(
            f"{name}: {data.pulses} pulses follow one another; at least {FEWEST_PULSES} are needed, and some hundred "
            "over several cycles to tell the spread of a pulse from a trend"
        )
    return data


def _cells(name: str, number: int, line: str, mark: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=mark))]
    except csv.Error as error:
        raise ValueError(f"{name}, line {number}: it cannot be read as columns ({error})") from error


def _header(name: str, cells: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """The columns' names, and the units of those that have one."""
    found, units = [], {}
    for cell in cells:
        # "conductance (uS)" or "conductance [uS]"; a regular expression for it takes the square of a long cell's time.
        before, bracket, inside = cell.replace("[", "(").replace("]", ")").partition("(")
        title = before.strip().lower() if not bracket or inside.endswith(")") else cell
        if title not in _KNOWN:
            raise ValueError(
                f"{name}: column {shortened(repr(cell))} is not known; columns are {', '.join(_KNOWN)}, a unit in "
                "brackets, such as 'conductance (uS)'. Take out what is not needed, or make it a comment with #"
            )
        if title in found:
            raise ValueError(f"{name}: there are two columns {title!r}; leave one")
        found.append(title)
        if bracket and inside[:-1].strip():
            units[title] = inside[:-1].strip()
    read = [each for each in ("conductance", "resistance") if each in found]
    missing = [each for each in ("pulse",) if each not in found] + ([] if read else ["conductance"])
    if missing:
        raise ValueError(f"{name}: column {missing[0]!r} is missing; it has {', '.join(found)}")
    if len(read) == 2:
        raise ValueError(f"{name}: it has a conductance and a resistance; leave the one that was measured")
    if read[0] not in units:
        raise ValueError(f"{name}: the header gives no unit of the {read[0]}; write for instance '{read[0]} (uS)'")
    return found, units


def _sequences(
    name: str, lines: list[int], table: dict[str, list[str]], units: dict[str, str], decimal: str
) -> tuple[PulseSequence, ...]:
    read = "conductance" if "conductance" in table else "resistance"
    unit = "S" if read == "conductance" else "ohm"
    try:
        scale = parse_quantity(f"1 {units[read]}", unit)
    except ValueError as error:
        raise ValueError(f"{name}: the unit of the {read}: {error}") from None
    values = scale * _numbers(name, lines, read, table[read], decimal)
    if np.any(values <= 0):
        worst = int(np.nanargmin(values))
        raise ValueError(f"{name}, line {lines[worst]}: a {read} of {table[read][worst]} {units[read]} is not above 0")
    conductance = values if read == "conductance" else 1 / values
    if not np.isfinite(conductance).any():
        raise ValueError(f"{name}: every {read} is empty; give the readings")
    for extreme in (float(np.nanmax(conductance)), float(np.nanmin(conductance))):
        if not _SMALLEST <= extreme <= _LARGEST:
            raise ValueError(
                f"{name}: a conductance of {value_label(extreme, 'S', digits=3)} is that of no memory cell; is "
                f"{units[read]!r} the unit of the {read}?"
            )
    count = _numbers(name, lines, "pulse", table["pulse"], decimal)
    signs = np.ones(len(lines), dtype=np.int64)
    if "sign" in table:
        for row, word in enumerate(table["sign"]):
            # What comes before the first pulse has no sign.
            if word.lower() not in _SIGNS and not (count[row] == 0 and word in ("", "0")):
                raise ValueError(
                    f"{name}, line {lines[row]}: sign {word!r} is not one of {', '.join(sorted(set(_SIGNS)))}"
                )
            signs[row] = _SIGNS.get(word.lower(), 1)
    devices = table.get("device", ["1"] * len(lines))
    cycles = table.get("cycle", ["1"] * len(lines))
    found, seen, first = [], set(), 0
    for row in range(1, len(lines) + 1):
        here = (devices[first], cycles[first])
        if row < len(lines) and (devices[row], cycles[row]) == here:
            if not (count[row] > count[row - 1] and (count[row] - count[row - 1]) % 1 == 0):
                raise ValueError(
                    f"{name}, line {lines[row]}: pulse {table['pulse'][row]} follows pulse {table['pulse'][row - 1]}; "
                    "whole numbers rise within a cycle. Give each cycle and each device a name in columns 'cycle' and "
                    "'device'"
                )
            continue
        if here in seen:
            raise ValueError(
                f"{name}, line {lines[first]}: cycle {here[1]} of device {here[0]} goes on after another; put its rows "
                "together"
            )
        seen.add(here)
        found += _whole_parts(*here, count[first:row], signs[first:row], conductance[first:row])
        first = row
    if "sign" not in table:
        for each in found:
            _check_one_direction(name, each)
    return tuple(found)


def _whole_parts(
    device: str, cycle: str, count: Floats, signs: npt.NDArray[np.int64], values: Floats
) -> list[PulseSequence]:
    """A cycle with its gaps filled by lost readings, cut where nobody knows the signs of pulses that are left out."""
    found, path, sign = [], [values[0]], [int(signs[0])]
    for row in range(1, values.size + 1):
        missing = int(count[row] - count[row - 1]) - 1 if row < values.size else 0
        # The row before the first pulse has no sign.
        same = row < values.size and (signs[row] == signs[row - 1] or count[row - 1] == 0)
        if row == values.size or (missing and not (same and missing <= _LONGEST_GAP)):
            there = np.flatnonzero(np.isfinite(path))
            if there.size >= _SHORTEST:
                whole = slice(int(there[0]), int(there[-1]) + 1)
                part = np.array(sign, dtype=np.int64)[whole][1:]
                found.append(PulseSequence(device, cycle, part, np.array(path)[whole]))
            path, sign, missing = [], [], 0
        if row < values.size:
            path += [np.nan] * missing + [values[row]]
            sign += [int(signs[row])] * (missing + 1)
    return found


def _numbers(name: str, lines: list[int], column: str, cells: list[str], decimal: str) -> Floats:
    found = np.empty(len(cells))
    for row, cell in enumerate(cells):
        if column != "pulse" and cell.lower() in ("", "nan"):
            found[row] = np.nan
            continue
        try:
            found[row] = float(cell.replace(",", ".") if decimal == "," else cell)
        except ValueError:
            comma = decimal == "." and re.fullmatch(r"[+-]?\d+,\d+(e[+-]?\d+)?", cell, re.IGNORECASE)
            remedy = "give decimal=',' or write a point" if comma else "write a number"
            what = f"{column} is empty" if not cell else f"{column} {cell!r} is not a number"
            raise ValueError(f"{name}, line {lines[row]}: {what}; {remedy}") from None
        if not np.isfinite(found[row]):
            raise ValueError(
                f"{name}, line {lines[row]}: {column} is {cell!r}; leave the cell of a reading that was lost empty"
            )
    return found


def _check_one_direction(name: str, sequence: PulseSequence) -> None:
    """Refuse a conductance that turns round under pulses that are not marked as of two signs."""
    read = sequence.conductance[np.isfinite(sequence.conductance)]
    path = np.convolve(read, np.ones(3) / 3, mode="valid")
    whole = float(np.ptp(path))
    turn = int(np.argmax(np.abs(path - path[0])))
    back = abs(path[-1] - path[turn])
    if whole > 0 and back > _TURNED * whole and abs(path[turn] - path[0]) > _TURNED * whole:
        low, high = read[0], read[turn + 1]
        raise ValueError(
            f"{name}: the conductance goes from {value_label(float(low), 'S', digits=3)} to "
            f"{value_label(float(high), 'S', digits=3)} at pulse {turn + 1} and back by {back / whole:.0%} of its "
            "range, but the file does not say which pulses had the other sign; add a column 'sign'"
        )
