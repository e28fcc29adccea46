"""Headers of OVF files; headers of one drive are parsed once."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import BinaryIO

from runs.reading.ovf_header import Header
from runs.reading.ovf_parsing import check_size, decoded, parse_header

PAGE = 4096
_DATA_LINE = re.compile(rb"^#[ \t]*begin[ \t]*:[ \t]*data.*\n", re.IGNORECASE | re.MULTILINE)
_DESCRIPTION = re.compile(rb"^#[ \t]*desc[ \t]*:.*\n", re.IGNORECASE | re.MULTILINE)
# Headers without their descriptions, as they were read.
_KNOWN: dict[bytes, Header] = {}
_MOST_KNOWN = 64


def read_header(stream: BinaryIO, path: str, segment: int | None = None) -> Header:
    """Read the header of a segment (from 0, needed if there are several) and compare the file's size with it.

    The stream is open at its beginning, and the values are not read. An OVFError if the file is no OVF file, its header
    is not whole or the file is too short for the values.
    """
    known = _known_header(stream, path) if segment is None else None
    return known or parse_header(stream, path, segment)


def _known_header(stream: BinaryIO, path: str) -> Header | None:
    """Read a header that but for its description was read before; None if it is new.

    The frames of a drive differ in their descriptions, and to parse a header takes longer than to read a cell.
    """
    start = stream.read(PAGE)
    stream.seek(0)
    line = _DATA_LINE.search(start)
    if line is None:
        return None
    head = start[: line.end()]
    key = _DESCRIPTION.sub(b"", head)
    lines = _DESCRIPTION.findall(head)
    description = tuple(decoded(one).partition(":")[2].strip() for one in lines)
    known = _KNOWN.get(key)
    if known is None:
        header = parse_header(stream, path, None)
        if header.description == description and header.offset == len(head) + len(header.check):
            if len(_KNOWN) >= _MOST_KNOWN:
                _KNOWN.clear()
            _KNOWN[key] = header
        return header
    offset = len(head) + len(known.check)
    if start[len(head) : offset] != known.check:
        return None
    header = replace(known, description=description, description_bytes=sum(map(len, lines)), offset=offset)
    check_size(stream, path, header)
    return header
