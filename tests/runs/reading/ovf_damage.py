"""What can happen to a file: cut off, bits flipped, lines lost, numbers changed. A seed gives the same damage again."""

from __future__ import annotations

import functools
import random
import re

__all__ = ["DAMAGES", "damage"]

_NUMBER = re.compile(rb"(# *)(\w+)(: *)([-+0-9.e]+)(\r?\n)", re.IGNORECASE)
_COUNT = re.compile(rb"(# *)([xyz]nodes|valuedim|pointcount|Segment count)(: *)(\d+)(\r?\n)", re.IGNORECASE)
_NUMBERS = [*b"0 -1 1 2 3 7 1e9 999999999999 1e-30 1e300 nan inf 0x3".split(), b""]
_DATA = re.compile(rb"^#[ \t]*begin[ \t]*:[ \t]*data[^\n]*\n", re.IGNORECASE | re.MULTILINE)


def _cut(content: bytes, header: int, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content) - 1)]


def _flip(content: bytes, start: int, stop: int, draw: random.Random) -> bytes:
    where = draw.randrange(start, stop)
    return content[:where] + bytes([content[where] ^ 1 << draw.randrange(8)]) + content[where + 1 :]


def _replace(pattern: re.Pattern[bytes], content: bytes, header: int, draw: random.Random) -> bytes:
    match = draw.choice(list(pattern.finditer(content, 0, header)))
    return content[: match.start(4)] + draw.choice(_NUMBERS) + content[match.end(4) :]


def _scaled_number(content: bytes, header: int, draw: random.Random) -> bytes:
    match = draw.choice(list(_NUMBER.finditer(content, 0, header)))
    number = float(match[4]) * draw.choice([-1, 0.5, 0.9, 1.1, 2, 10, 1000])
    return content[: match.start(4)] + repr(number).encode() + content[match.end(4) :]


def _misspelt(content: bytes, header: int, draw: random.Random) -> bytes:
    match = draw.choice(list(_NUMBER.finditer(content, 0, header)))
    where = draw.randrange(*match.span(2))
    return content[:where] + content[where + 1 :]


def _line_out(content: bytes, header: int, draw: random.Random) -> bytes:
    lines = content[:header].splitlines(keepends=True)
    del lines[draw.randrange(len(lines))]
    return b"".join(lines) + content[header:]


def _line_twice(content: bytes, header: int, draw: random.Random) -> bytes:
    lines = content[:header].splitlines(keepends=True)
    lines.insert(draw.randrange(len(lines)), draw.choice(lines))
    return b"".join(lines) + content[header:]


def _bytes_more(content: bytes, header: int, draw: random.Random) -> bytes:
    where = draw.randrange(len(content))
    return content[:where] + draw.randbytes(draw.choice([1, 2, 4, 8, 100])) + content[where:]


def _bytes_less(content: bytes, header: int, draw: random.Random) -> bytes:
    where = draw.randrange(len(content))
    return content[:where] + content[where + draw.choice([1, 2, 4, 8, 100]) :]


DAMAGES = {
    "cut off": _cut,
    "a bit flipped in the header": lambda content, header, draw: _flip(content, 0, header, draw),
    "a bit flipped behind it": lambda content, header, draw: _flip(content, header, len(content), draw),
    "a wrong count": functools.partial(_replace, _COUNT),
    "a wrong number": functools.partial(_replace, _NUMBER),
    "a number scaled": _scaled_number,
    "a name misspelt": _misspelt,
    "a line lost": _line_out,
    "a line twice": _line_twice,
    "bytes too many": _bytes_more,
    "bytes too few": _bytes_less,
}
"""What happens to a file, in words, and a function of its content, the length of its header and random numbers."""


def damage(content: bytes, kind: str, draw: random.Random) -> bytes:
    """Return a file's content with one damage.

    Parameters
    ----------
    content : bytes
        An OVF file that is whole.
    kind : str
        One of `DAMAGES`.
    draw : random.Random
        Where the chance comes from.
    """
    header = _DATA.search(content)
    assert header is not None
    return DAMAGES[kind](content, header.end(), draw)
