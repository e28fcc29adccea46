"""The frames of a drive among the files of a directory."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

EXTENSIONS = (".omf", ".ovf", ".ohf", ".oef", ".obf")
"""OOMMF's extensions: magnetisation, any field, H, energy density, B."""

_EXTENSION = "(?:" + "|".join(re.escape(extension) for extension in EXTENSIONS) + ")"
# OOMMF's <basename>-<output>-<stage>-<iteration>.omf; m000007.ovf of mumax3 and magnetization_000007.ovf of mumax+.
_PATTERNS = (
    re.compile(rf"(?P<series>.+)-(?P<stage>\d+)-(?P<iteration>\d+){_EXTENSION}", re.IGNORECASE),
    re.compile(rf"(?P<series>.*?\D)(?P<counter>\d\d+){_EXTENSION}", re.IGNORECASE),
)
_MAGNETISATION = re.compile(r"magnetization|spin|m|m_full|.*_magnetization", re.IGNORECASE)


@dataclass(frozen=True)
class Frame:
    """One file of a series."""

    path: str
    size: int
    written: int
    """When, in ns."""
    numbers: tuple[int, ...]
    """Stage and iteration of OOMMF, or the counter of mumax3 and mumax+."""


def frames_directory(path: Path) -> Path:
    """Return where a drive's frames are: the directory, or the one <name>.out of mumax3 in it.

    A FileNotFoundError if there is no such directory, or no frame in it.
    """
    if not path.is_dir():
        raise FileNotFoundError(f"drive {str(path)!r} is no directory")
    candidates = [path, *sorted(one for one in path.glob("*.out") if one.is_dir())]
    found = [one for one in candidates if any(_match(name) for name in os.listdir(one))]
    if len(found) == 1 or (found and found[0] == path):
        return found[0]
    tables = [table for one in candidates for table in possible_tables(one) if table.is_file()]
    if not found and tables:
        raise FileNotFoundError(
            f"drive {str(path)!r} has a table and no frames; read it with runs.reading.open_table({str(tables[0])!r})"
        )
    names = f"{len(found)} directories with frames" if found else f"no numbered {', '.join(EXTENSIONS)} files"
    raise FileNotFoundError(f"drive {str(path)!r} holds {names}; give the directory with its frames")


def possible_tables(directory: Path) -> list[Path]:
    """Possible files of a drive's table: mumax3's table.txt, which need not be there, and all .odt files."""
    return [directory / "table.txt", *sorted(directory.glob("*.odt"))]


def find_frames(directory: Path, quantity: str | None = None) -> list[Frame]:
    """Find the frames of one quantity, in the order in which they were written.

    `quantity` is as in the file names: "Magnetization", "B_demag" or all of what stands before the numbers; by default
    the magnetisation, or what there is if there is one. Frames are sorted by their numbers as numbers: names sort
    wrongly where a number outgrows its zeros. A ValueError if there is no such quantity, or several and none is asked
    for.
    """
    series = _series(directory)
    names = {key: re.split(r"-", key[0].rstrip("-_"))[-1] for key in series}
    if quantity is not None:
        chosen = [key for key in series if quantity in (names[key], key[0].rstrip("-_"))]
    else:
        chosen = [key for key in series if _MAGNETISATION.fullmatch(names[key])] or list(series)
    if len(chosen) != 1:
        listing = ", ".join(sorted(key[0].rstrip("-_") for key in series))
        problem = f"quantity {quantity!r} is not one series of frames" if quantity else "which quantity is not clear"
        raise ValueError(f"drive {str(directory)!r}: {problem}; give quantity= as one of {listing}")
    return sorted(series[chosen[0]], key=lambda frame: frame.numbers)


def _series(directory: Path) -> dict[tuple[str, str], list[Frame]]:
    """Return the numbered files by what stands before the numbers, and by extension."""
    found: dict[tuple[str, str], list[Frame]] = defaultdict(list)
    with os.scandir(directory) as entries:
        for entry in entries:
            if match := _match(entry.name):
                series, *numbers = match.groups()
                status = entry.stat()
                path = os.path.abspath(entry.path)
                frame = Frame(path, status.st_size, status.st_mtime_ns, tuple(int(one) for one in numbers))
                found[series, os.path.splitext(entry.name)[1].lower()].append(frame)
    return found


def _match(name: str) -> re.Match[str] | None:
    return next((match for pattern in _PATTERNS if (match := pattern.fullmatch(name))), None)
