"""The values of an OVF file: the part of them that is asked for, and no other."""

from __future__ import annotations

import re
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from geometries.plain_files import NotAFileError, plain_opener
from runs.reading.known_headers import PAGE
from runs.reading.ovf_error import OVFError
from runs.reading.ovf_header import Header

# Largest value of any quantity in SI; its square is finite too.
_LARGEST = 1e100
# Powers of ten between the numbers of one quantity.
_WILD = 25
_COMMENT = re.compile(rb"#[^\n]*")
_DATA_END = re.compile(rb"^[ \t]*#[ \t]*end[ \t]*:[ \t]*data", re.IGNORECASE | re.MULTILINE)
_SEGMENT_END = re.compile(rb"#[ \t]*end[ \t]*:[ \t]*segment", re.IGNORECASE)


def open_file(path: str) -> BinaryIO:
    """Open a file so that a header or a few values cost a page each, not more.

    An OVFError if it is a named pipe, a device or anything else that is no file: reading it could wait for ever.
    """
    try:
        return open(path, "rb", buffering=PAGE, opener=plain_opener)
    except NotAFileError as error:
        raise OVFError(path, 0, "a file", error.kind) from error


def read_box(stream: BinaryIO, path: str, header: Header, x: range, y: range, z: range) -> npt.NDArray[np.floating]:
    """Read the values (z, y, x, record) in a box of the mesh, in the machine's byte order and in the header's units.

    Binary files: the planes of the box are read, each from its first to its last row; a text file is read whole. The
    ranges of the box have step 1 and are not empty. An OVFError if the values are not all there, are no numbers or
    larger than any quantity, or what must follow them does not.
    """
    nx, ny, nz = header.nodes
    if header.text:
        whole = _text_values(stream, path, header).reshape(nz, ny, nx, header.record)
        block = whole[z.start : z.stop, y.start : y.stop, x.start : x.stop]
    else:
        rows: npt.NDArray[np.floating] = np.empty((len(z), len(y), nx, header.record), dtype=header.dtype)
        row = nx * header.record
        first, last = x.start * header.record, (len(y) - 1) * row + x.stop * header.record
        for plane, k in zip(rows, z, strict=True):
            offset = header.offset + ((k * ny + y.start) * row + first) * header.dtype.itemsize
            _fill(stream, path, offset, plane.reshape(-1)[first:last])
        _check_end(stream, path, header)
        block = rows[:, :, x.start : x.stop].astype(header.dtype.newbyteorder("="), copy=False)
    if header.multiplier != 1:
        block = block.copy()
        block[..., header.record - header.valuedim :] *= header.multiplier
    largest = np.max(np.abs(block), where=np.isfinite(block), initial=0)
    if largest > _LARGEST:
        raise OVFError(path, header.offset, f"values of at most {_LARGEST:g}", f"{largest:.3g}")
    return block


def _fill(stream: BinaryIO, path: str, offset: int, values: npt.NDArray[np.floating]) -> None:
    stream.seek(offset)
    buffer = values.view(np.uint8).data
    filled = 0
    while filled < len(buffer):
        got = stream.readinto(buffer[filled:])  # type: ignore[attr-defined]
        if not got:
            raise OVFError(path, offset + filled, f"{len(buffer) - filled} more bytes of values", "the end of the file")
        filled += got


def _check_end(stream: BinaryIO, path: str, header: Header) -> None:
    """Check that the values end where they should: a file of the right size may be half written, or lack a byte."""
    count = min(header.count, PAGE // header.dtype.itemsize)
    stream.seek(header.end - count * header.dtype.itemsize)
    values, tail = stream.read(count * header.dtype.itemsize), stream.read(PAGE)
    # Without a line break behind them, as mumax3 writes them, their last byte may be that break, all one byte off.
    may_lack = (values[-1:] == b"\n" and tail[:1] == b"#") or (values[-1:] == b"\r" and tail[:1] == b"\n")
    if may_lack and _are_wild(np.frombuffer(values, dtype=header.dtype)):
        raise OVFError(path, header.end - 1, "the last byte of the values", "a line break: a byte of them is missing")
    if not _DATA_END.match(tail.lstrip()):
        raise OVFError(path, header.end, "'# End: Data' after the values", repr(tail[:40]))
    _check_segment_end(path, header.end, tail)


def _are_wild(values: npt.NDArray[np.floating]) -> bool:
    """Whether values are as different as bytes are that were never meant as exponents."""
    sizes = np.abs(values[np.isfinite(values) & (values != 0)]).astype(np.float64)
    return bool(sizes.size) and bool(np.log10(sizes.max()) - np.log10(sizes.min()) > _WILD)


def _check_segment_end(path: str, offset: int, tail: bytes) -> None:
    if not _SEGMENT_END.search(tail):
        raise OVFError(path, offset + len(tail), "'# End: Segment'", "the end of the file")


def _text_values(stream: BinaryIO, path: str, header: Header) -> npt.NDArray[np.float64]:
    stream.seek(header.offset)
    content = stream.read()
    end = _DATA_END.search(content)
    if end is None:
        raise OVFError(path, header.offset + len(content), "'# End: Data Text'", "the end of the file")
    _check_segment_end(path, header.offset, content[end.start() :])
    # Spaces keep the offsets.
    body = _COMMENT.sub(lambda comment: b" " * len(comment[0]), content[: end.start()])
    # Fortran writes exponents with d.
    words = body.replace(b"d", b"e").replace(b"D", b"e").split()
    try:
        values = np.array(words, dtype=np.float64)
    except ValueError:
        raise _no_number(path, header.offset, body) from None
    # Python reads 1_0 as 10.
    if b"_" in body:
        raise _no_number(path, header.offset, body)
    if values.size != header.count:
        offset = header.offset + end.start()
        raise OVFError(path, offset, f"{header.count} numbers before", f"{values.size}")
    return values


def _no_number(path: str, offset: int, body: bytes) -> OVFError:
    for word in re.finditer(rb"\S+", body):
        try:
            float(word[0].replace(b"d", b"e").replace(b"D", b"e").replace(b"_", b"?"))
        except ValueError:
            return OVFError(path, offset + word.start(), "a number", repr(word[0][:40]))
    return OVFError(path, offset, "numbers", repr(body[:40]))
