"""How the header of an OVF file is read: where the values lie and what they mean.

OVF 1.0 and 2.0 as chapter 19, "Vector Field File Format (OVF)", of the OOMMF User's Guide (Donahue and Porter, NIST,
release 2.1a0) describes them. Beyond it, what mumax3 and mumax+ write is read too: no line break after binary
values, units that are more than the components, no labels.
"""

from __future__ import annotations

import os
import re
from typing import BinaryIO

import numpy as np

from runs.reading.ovf_error import OVFError
from runs.reading.ovf_fields import Fields, begins_with_a_name, integer
from runs.reading.ovf_header import Header, check_value
from runs.reading.ovf_mesh import read_mesh
from runs.reading.tcl_list import tcl_list

# 0.99 and 0.0a0 are what OOMMF wrote while OVF 1.0 was developed.
_VERSION_1 = re.compile(r"#oommf:(rectangular|irregular)meshv(1\.0|0\.99|0\.0a0)")
# What OVF 0.0 was called first.
_SVF = re.compile(r"#svf-[0-9]+.*")
_LONGEST_LINE = 1 << 16
_LONGEST_HEADER = 1 << 20


def parse_header(stream: BinaryIO, path: str, segment: int | None) -> Header:
    """Parse the header of a segment; see `runs.reading.known_headers.read_header`."""
    version = _version(stream, path)
    segments = 1
    reached = -1
    while True:
        offset, key, value = _entry(stream, path)
        if key == "segmentcount":
            segments = integer(path, offset, key, value)
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
    if _VERSION_1.fullmatch(text):
        return 1
    if (text.startswith("#oommf") and text.endswith("v0.0")) or _SVF.fullmatch(text) or _is_columns(line):
        raise OVFError(
            path, 0, "OVF 1.0 or 2.0 (OOMMF's avf2ovf converts)", "OVF 0.0, also called SVF: columns of numbers"
        )
    raise OVFError(
        path, 0, "'# OOMMF OVF 2.0' or '# OOMMF: rectangular mesh v1.0'", repr(line[:60]) if line else "an empty file"
    )


def _is_columns(line: bytes) -> bool:
    """Whether a line is a position and a vector, as OVF 0.0 may begin without any header."""
    try:
        return len([float(word) for word in line.split()]) in (5, 6)
    except ValueError:
        return False


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
        Fields(path, offset, fields),
        version=version,
        description=tuple(description),
        dtype=dtype,
        text=text,
        offset=stream.tell(),
        description_bytes=description_bytes,
    )
    check_size(stream, path, header)
    return header


def check_size(stream: BinaryIO, path: str, header: Header) -> None:
    """Raise an OVFError if a file is too short for what its header describes."""
    size = os.fstat(stream.fileno()).st_size
    if size < header.shortest_file:
        found = f"a file of {size}"
        raise OVFError(path, size, f"at least {header.shortest_file} bytes for {header.count} numbers", found)


def _byte_order(stream: BinaryIO, path: str, size: int) -> np.dtype[np.floating]:
    """Read the check value. OVF 1.0 is big-endian and 2.0 little-endian, but the check value decides."""
    offset = stream.tell()
    found = stream.read(size)
    for order in "<>":
        dtype: np.dtype[np.floating] = np.dtype(f"{order}f{size}")
        if found == check_value(dtype):
            return dtype
    expected = np.frombuffer(check_value(dtype), dtype=dtype)[0]
    raise OVFError(path, offset, f"the check value {expected:.1f} in {size} bytes", repr(found))


def _interpret(
    fields: Fields,
    *,
    version: int,
    description: tuple[str, ...],
    dtype: np.dtype[np.floating],
    text: bool,
    offset: int,
    description_bytes: int,
) -> Header:
    fields.check_names()
    mesh, valuedim = read_mesh(fields), fields.components(version)
    return Header(
        version=version,
        title=fields.text("title"),
        description=description,
        mesh_unit=mesh.unit,
        nodes=mesh.nodes,
        base=mesh.base,
        step=mesh.step,
        has_sizes=mesh.has_sizes,
        valuedim=valuedim,
        labels=_labels(fields.text("valuelabels"), valuedim),
        units=_units(fields.text("valueunits" if version == 2 else "valueunit"), valuedim, version),
        multiplier=fields.multiplier(version),
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
    """Read the next line that is not empty: its offset, its label in lower case and its value."""
    while True:
        offset = stream.tell()
        line = stream.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            found = "the end of the file" if len(line) < _LONGEST_LINE else f"more than {_LONGEST_LINE} bytes"
            raise OVFError(path, offset + len(line), "the rest of a header, in lines", found)
        parsed = _parse(line)
        if parsed is None:
            raise OVFError(path, offset, "a line of a header, which begins with '#' and has a ':'", repr(line[:60]))
        if parsed:
            return offset, *parsed


def _parse(line: bytes) -> tuple[str, str] | tuple[()] | None:
    """Return a line's label in lower case and its value, nothing if it is empty, None if it is no line."""
    text = decoded(line).strip()
    if text and not text.startswith("#"):
        return None
    label, colon, value = text[1:].partition(":")
    if not label.startswith("#") and not colon and begins_with_a_name(_squeezed(label)):
        return None
    if not colon or label.startswith("#"):
        return ()
    key = _squeezed(label)
    # In a description two hashes are no comment.
    return key, (value if key == "desc" else value.partition("##")[0]).strip()


def decoded(line: bytes) -> str:
    """Return a line as text: UTF-8, or Latin-1 where it is not that."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _squeezed(text: str) -> str:
    """Drop white space and case, as the format does in labels."""
    return "".join(text.split()).lower()
