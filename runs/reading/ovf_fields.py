"""The lines of an OVF header by their names, and which names there are."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

import numpy as np

from runs.reading.ovf_error import OVFError
from runs.reading.ovf_header import AXES

_COUNT = re.compile(r"\+?0*[1-9][0-9]{0,11}")
# Python would read "1_000" and the digits of other scripts too, which nobody means.
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)
_NAMES = (
    *("title", "desc", "meshunit", "meshtype", "pointcount", "boundary"),
    *(axis + name for axis in AXES for name in ("base", "stepsize", "nodes", "min", "max")),
    *("valuedim", "valuelabels", "valueunits", "valueunit", "valuemultiplier", "valuerangeminmag", "valuerangemaxmag"),
)
# So alike are "valuemultipler" and "valuemultiplier", and "xstep" and "xstepsize" are not quite.
_ALIKE = 0.8
_MOST_COMPONENTS = 1 << 16
_MULTIPLIERS = 1e-30, 1e30


def begins_with_a_name(text: str) -> bool:
    """Whether a line without a colon, in lower case and without white space, begins with a header's name."""
    return text.startswith(_NAMES)


@dataclass(frozen=True)
class Fields:
    """A header's lines: offset and value by name, in lower case and without white space.

    `path` is for errors, and `end` is where the header ends, in bytes.
    """

    path: str
    end: int
    lines: dict[str, tuple[int, str]]

    def check_names(self) -> None:
        """Raise an OVFError for a misspelt name: its value would be taken for absent. Others' names are let be."""
        for name, (offset, _) in self.lines.items():
            if name in _NAMES:
                continue
            letters = "".join(letter for letter in name if letter.isalnum())
            if alike := difflib.get_close_matches(letters, _NAMES, n=1, cutoff=_ALIKE):
                raise OVFError(
                    self.path, offset, f"a line of a header, such as '# {alike[0]}: ...'", f"'# {name}: ...'"
                )

    def text(self, name: str, default: str = "") -> str:
        """Value of a line that may be missing."""
        return self.lines.get(name, (0, default))[1]

    def offset(self, name: str) -> int:
        """Position of a line; the end of the header if it is missing."""
        return self.lines.get(name, (self.end, ""))[0]

    def number(self, name: str) -> float:
        """A finite number."""
        offset, text = self._required(name)
        value = float(text) if _NUMBER.fullmatch(text) else np.nan
        if not np.isfinite(value):
            raise OVFError(self.path, offset, f"a number for {name!r}", repr(text))
        return value

    def optional_number(self, name: str) -> float | None:
        """A finite number, None if the line is missing."""
        return self.number(name) if name in self.lines else None

    def count(self, name: str) -> int:
        """A whole number of at least 1."""
        offset, text = self._required(name)
        return integer(self.path, offset, name, text)

    def components(self, version: int) -> int:
        """Numbers at each node."""
        count = self.count("valuedim") if version == 2 or "valuedim" in self.lines else 3
        if count > _MOST_COMPONENTS or (version == 1 and count != 3):
            expected = (
                f"at most {_MOST_COMPONENTS} components" if version == 2 else "3 components, as in all of OVF 1.0"
            )
            raise OVFError(self.path, self.offset("valuedim"), expected, f"'valuedim: {count}'")
        return count

    def multiplier(self, version: int) -> float:
        """Multiplier of the values; OVF 2.0 has none."""
        if "valuemultiplier" not in self.lines:
            return 1.0
        value, (least, most) = self.number("valuemultiplier"), _MULTIPLIERS
        if version == 2 and value != 1:
            expected = "no 'valuemultiplier' but 1 in OVF 2.0, which has none"
            raise OVFError(self.path, self.offset("valuemultiplier"), expected, f"{value:g}")
        if not least <= abs(value) <= most:
            expected = f"a 'valuemultiplier' from {least:g} to {most:g} (it would make all values 0 or infinite)"
            raise OVFError(self.path, self.offset("valuemultiplier"), expected, f"{value:g}")
        return value

    def _required(self, name: str) -> tuple[int, str]:
        if name not in self.lines:
            raise OVFError(self.path, self.end, f"a line '# {name}: ...' in the header before", "none")
        return self.lines[name]


def integer(path: str, offset: int, name: str, text: str) -> int:
    """Read a whole number of at least 1; an OVFError if it is none."""
    if not _COUNT.fullmatch(text):
        raise OVFError(path, offset, f"a number of at least 1 for {name!r}", repr(text))
    return int(text)
