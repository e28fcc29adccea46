"""The header of an OVF file: where its values lie and what they mean.

OVF 1.0 and 2.0 as chapter 19, "Vector Field File Format (OVF)", of the OOMMF User's Guide (Donahue and Porter, NIST,
release 2.1a0) describes them. Beyond it, what mumax3 and mumax+ write is read too: no line break after binary
values, units that are more than the components, no labels.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from runs.reading.tcl_list import tcl_list

AXES = ("x", "y", "z")
_CHECK_VALUES = {4: 1234567.0, 8: 123456789012345.0}
_LONGEST_LINE = 1 << 16
_LONGEST_HEADER = 1 << 20
# A file's last lines without any white space: no complete file has fewer bytes after its values.
_SHORTEST_END = len("#End:DataText#End:Segment")


class OVFError(ValueError):
    """An OVF file that is truncated, malformed or not what was expected.

    Parameters
    ----------
    path : str
        The file.
    offset : int
        Where in it, in bytes.
    expected, found : str
        What should be there and what is.
    """

    def __init__(self, path: str, offset: int, expected: str, found: str):
        super().__init__(path, offset, expected, found)
        self.path, self.offset, self.expected, self.found = path, offset, expected, found

    def __str__(self) -> str:
        return f"{self.path}: byte {self.offset}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True)
class Header:
    """What one segment of an OVF file holds, and where."""

    version: int
    title: str
    description: tuple[str, ...]
    mesh_unit: str
    nodes: tuple[int, int, int]
    """Nodes along x, y and z; (points, 1, 1) on an irregular mesh."""
    base: tuple[float, float, float] | None
    """First node, in `mesh_unit`; None on an irregular mesh."""
    step: tuple[float, float, float] | None
    valuedim: int
    labels: tuple[str, ...]
    """One a component; empty where the file has none or not one a component."""
    units: tuple[str, ...]
    """One a component; "" where the file has none or not one a component."""
    multiplier: float
    """What values in the file are multiplied by to be in `units`; 1 in OVF 2.0."""
    dtype: np.dtype[np.floating]
    """Of a value in the file, with its byte order; float64 for text."""
    text: bool
    offset: int
    """First byte of the first value."""
    description_bytes: int
    """Length of the description, which may differ between files that hold the same mesh."""

    @property
    def irregular(self) -> bool:
        """Whether each value comes with its position."""
        return self.base is None

    @property
    def record(self) -> int:
        """Numbers at each node: the components, behind the position on an irregular mesh."""
        return self.valuedim + 3 * self.irregular

    @property
    def count(self) -> int:
        """Numbers in the segment."""
        nx, ny, nz = self.nodes
        return nx * ny * nz * self.record

    @property
    def end(self) -> int:
        """The least byte at which the values end; exact for binary values."""
        return self.offset + (2 * self.count - 1 if self.text else self.dtype.itemsize * self.count)

    @property
    def shortest_file(self) -> int:
        """The least size in bytes of a whole file."""
        return self.end + _SHORTEST_END

    @property
    def time(self) -> float | None:
        """Simulated time in s; None where the description gives none, as for a minimisation."""
        text = "\n".join(self.description)
        # The last one: mumax+ writes the stage's time under the same name before.
        found = re.findall(r"(?:Total simulation time|Time \(s\)):\s*(\S+)(?:[ \t]+s)?[ \t]*$", text, re.MULTILINE)
        try:
            time = float(found[-1])
        except (IndexError, ValueError):
            return None
        return time if time >= 0 else None

    @property
    def counters(self) -> dict[str, int]:
        """Stage, iteration and stage iteration where the description gives them."""
        text = "\n".join(self.description)
        patterns = {
            "stage": r"\bStage:\s*(\d+)",
            "iteration": r"(?<!Stage )\bIteration:\s*(\d+)",
            "stage_iteration": r"\bStage iteration:\s*(\d+)",
        }
        found = {name: re.search(pattern, text) for name, pattern in patterns.items()}
        return {name: int(match[1]) for name, match in found.items() if match}

    def difference(self, other: Header, *, origin: bool = True) -> tuple[str, str] | None:
        """Say in what the mesh or the quantity differs from another's.

        Parameters
        ----------
        other : Header
        origin : bool
            Whether the same mesh at another place counts as another.

        Returns
        -------
        tuple of str or None
            What this header has and what the other has; None if both are the same.
        """
        for name in ("nodes", "valuedim", "irregular", "mesh_unit"):
            if getattr(self, name) != getattr(other, name):
                return f"{name} {getattr(self, name)}", f"{name} {getattr(other, name)}"
        if all(self.units) and all(other.units) and self.units != other.units:
            return f"units {self.units}", f"units {other.units}"
        if self.base is not None and other.base is not None and self.step is not None and other.step is not None:
            step = np.abs(self.step)
            if np.any(np.abs(np.subtract(self.step, other.step)) > 1e-6 * step):
                return f"step {self.step}", f"step {other.step}"
            if origin and np.any(np.abs(np.subtract(self.base, other.base)) > 1e-3 * step):
                return f"base {self.base}", f"base {other.base}"
        return None


def read_header(stream: BinaryIO, path: str, segment: int | None = None) -> Header:
    """Read the header of a segment and compare the file's size with it.

    Parameters
    ----------
    stream : binary file
        Open at its beginning. The values are not read.
    path : str
        Its name, for errors.
    segment : int, optional
        Which one, from 0; needed if there are several.

    Returns
    -------
    Header

    Raises
    ------
    OVFError
        The file is no OVF file, its header is not whole or the file is too short for the values.
    """
    version = _version(stream, path)
    segments = 1
    reached = -1
    while True:
        offset, key, value = _entry(stream, path)
        if key == "segmentcount":
            segments = _integer(path, offset, key, value)
            if segment is None and segments > 1:
                expected = f"one segment, or to be told which (segment=0 to {segments - 1})"
                raise OVFError(path, offset, expected, f"{segments} segments")
        elif key == "begin" and _squeezed(value) == "header":
            reached += 1
            header = _segment_header(stream, path, version)
            if reached == (segment or 0):
                return header
            if reached + 1 >= segments:
                raise OVFError(path, offset, f"segment {segment}, from 0", f"the last of {segments}")
            _skip_values(stream, path, header)


def _version(stream: BinaryIO, path: str) -> int:
    line = stream.readline(200)
    text = _squeezed(line.decode("latin-1"))
    if text == "#oommfovf2.0":
        return 2
    # 0.99 and 0.0a0 are what OOMMF wrote while OVF 1.0 was developed.
    if re.fullmatch(r"#oommf:(rectangular|irregular)meshv(1\.0|0\.99|0\.0a0)", text):
        return 1
    if text.startswith("#oommf") and text.endswith("v0.0"):
        raise OVFError(path, 0, "OVF 1.0 or 2.0 (OOMMF's avf2ovf converts)", "OVF 0.0")
    raise OVFError(
        path, 0, "'# OOMMF OVF 2.0' or '# OOMMF: rectangular mesh v1.0'", repr(line[:60]) if line else "an empty file"
    )


def _segment_header(stream: BinaryIO, path: str, version: int) -> Header:
    """Read from behind "Begin: Header" to the first value."""
    fields: dict[str, tuple[int, str]] = {}
    description: list[str] = []
    description_bytes = 0
    start = stream.tell()
    while True:
        offset, key, value = _entry(stream, path)
        if key == "end" and _squeezed(value) == "header":
            break
        if key in ("begin", "end"):
            raise OVFError(path, offset, "'# End: Header'", repr(f"# {key}: {value}"))
        if key == "desc":
            description.append(value)
            description_bytes += stream.tell() - offset
        elif key in fields and fields[key][1] != value:
            raise OVFError(path, offset, f"{key!r} once", f"it twice, {fields[key][1]!r} and {value!r}")
        else:
            fields[key] = offset, value
        if offset - start > _LONGEST_HEADER:
            raise OVFError(path, offset, "'# End: Header'", f"none in {_LONGEST_HEADER} bytes")
    # Anything between header and values is a comment.
    while key != "begin" or not _squeezed(value).startswith("data"):
        offset, key, value = _entry(stream, path)
    representation = _squeezed(value)
    if representation not in ("datatext", "databinary4", "databinary8"):
        raise OVFError(path, offset, "'Data Text', 'Data Binary 4' or 'Data Binary 8'", repr(value))
    text = representation == "datatext"
    dtype = np.dtype(np.float64) if text else _byte_order(stream, path, int(representation[-1]))
    header = _interpret(
        _Fields(path, offset, fields),
        version=version,
        description=tuple(description),
        dtype=dtype,
        text=text,
        offset=stream.tell(),
        description_bytes=description_bytes,
    )
    size = os.fstat(stream.fileno()).st_size
    if size < header.shortest_file:
        found = f"a file of {size}"
        raise OVFError(path, size, f"at least {header.shortest_file} bytes for {header.count} numbers", found)
    return header


def _byte_order(stream: BinaryIO, path: str, size: int) -> np.dtype[np.floating]:
    """Read the check value. OVF 1.0 is big-endian and 2.0 little-endian, but the check value decides."""
    offset = stream.tell()
    found = stream.read(size)
    for order in "<>":
        dtype: np.dtype[np.floating] = np.dtype(f"{order}f{size}")
        if found == np.array(_CHECK_VALUES[size], dtype=dtype).tobytes():
            return dtype
    raise OVFError(path, offset, f"the check value {_CHECK_VALUES[size]:.1f} in {size} bytes", repr(found))


@dataclass(frozen=True)
class _Fields:
    """A header's lines by their names, each with its offset."""

    path: str
    end: int
    lines: dict[str, tuple[int, str]]

    def text(self, name: str, default: str = "") -> str:
        return self.lines.get(name, (0, default))[1]

    def number(self, name: str) -> float:
        offset, text = self._required(name)
        try:
            value = float(text)
        except ValueError:
            value = np.nan
        if not np.isfinite(value):
            raise OVFError(self.path, offset, f"a number for {name!r}", repr(text))
        return value

    def count(self, name: str) -> int:
        offset, text = self._required(name)
        return _integer(self.path, offset, name, text)

    def vector(self, name: str) -> tuple[float, float, float]:
        x, y, z = (self.number(axis + name) for axis in AXES)
        return x, y, z

    def _required(self, name: str) -> tuple[int, str]:
        if name not in self.lines:
            raise OVFError(self.path, self.end, f"a line '# {name}: ...' in the header before", "none")
        return self.lines[name]


def _interpret(
    fields: _Fields,
    *,
    version: int,
    description: tuple[str, ...],
    dtype: np.dtype[np.floating],
    text: bool,
    offset: int,
    description_bytes: int,
) -> Header:
    mesh = fields.text("meshtype", "rectangular").lower()
    base = step = None
    if mesh == "rectangular":
        nx, ny, nz = (fields.count(axis + "nodes") for axis in AXES)
        base, step = fields.vector("base"), fields.vector("stepsize")
        if 0 in step:
            raise OVFError(fields.path, fields.end, "step sizes other than zero", f"{step}")
    elif mesh == "irregular":
        nx, ny, nz = fields.count("pointcount"), 1, 1
    else:
        raise OVFError(fields.path, fields.lines["meshtype"][0], "meshtype rectangular or irregular", repr(mesh))
    valuedim = fields.count("valuedim") if version == 2 else 3
    return Header(
        version=version,
        title=fields.text("title"),
        description=description,
        mesh_unit=fields.text("meshunit"),
        nodes=(nx, ny, nz),
        base=base,
        step=step,
        valuedim=valuedim,
        labels=_labels(fields.text("valuelabels"), valuedim),
        units=_units(fields.text("valueunits" if version == 2 else "valueunit"), valuedim, version),
        multiplier=fields.number("valuemultiplier") if version == 1 and "valuemultiplier" in fields.lines else 1.0,
        dtype=dtype,
        text=text,
        offset=offset,
        description_bytes=description_bytes,
    )


def _labels(text: str, valuedim: int) -> tuple[str, ...]:
    words = tcl_list(text)
    if len(words) == valuedim:
        return tuple(words)
    return (text,) if words and valuedim == 1 else ()


def _units(text: str, valuedim: int, version: int) -> tuple[str, ...]:
    words = [text] if version == 1 else tcl_list(text)
    # discretisedfield writes None for a field without a unit.
    words = ["" if word == "None" else word for word in words]
    if len(set(words)) == 1:
        return tuple(words[:1] * valuedim)
    return tuple(words) if len(words) == valuedim else ("",) * valuedim


def _skip_values(stream: BinaryIO, path: str, header: Header) -> None:
    if header.text:
        while _squeezed(stream.readline(_LONGEST_LINE).decode("latin-1"))[:9] != "#end:data":
            if stream.tell() == os.fstat(stream.fileno()).st_size:
                raise OVFError(path, stream.tell(), "'# End: Data Text'", "the end of the file")
    else:
        stream.seek(header.end)


def _entry(stream: BinaryIO, path: str) -> tuple[int, str, str]:
    """Read the next line that says something: its offset, its label in lower case and its value."""
    while True:
        offset = stream.tell()
        line = stream.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            found = "the end of the file" if len(line) < _LONGEST_LINE else f"more than {_LONGEST_LINE} bytes"
            raise OVFError(path, offset + len(line), "the rest of a header, in lines", found)
        text = _decoded(line).strip()
        if text and not text.startswith("#"):
            raise OVFError(path, offset, "a line of a header, which begins with '#'", repr(text[:60]))
        label, colon, value = text[1:].partition(":")
        if not colon or label.startswith("#"):
            continue
        key = _squeezed(label)
        if key != "desc":
            value = value.partition("##")[0]
        return offset, key, value.strip()


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _squeezed(text: str) -> str:
    """Drop white space and case, as the format does in labels."""
    return "".join(text.split()).lower()


def _integer(path: str, offset: int, name: str, text: str) -> int:
    if not re.fullmatch(r"\+?0*[1-9]\d{0,11}", text):
        raise OVFError(path, offset, f"a number of at least 1 for {name!r}", repr(text))
    return int(text)
