"""Text of strangers, such as labels and messages, as a terminal may show it."""

from __future__ import annotations

import re

__all__ = ["LONGEST_LABEL", "printable", "shortened"]

LONGEST_LABEL = 200
"""Number of characters of a label that are kept."""

# Controls of both halves of Latin-1 but for tab and line feed, and those that turn the direction of writing:
# a terminal obeys them, so that a label could clear the screen, rename the window or show another text. Half a pair of
# UTF-16, which JSON may hold, cannot be written at all.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    r"""Leave out what a terminal would obey instead of showing it."""
    return _CONTROLS.sub("", text)


def shortened(text: str, longest: int = LONGEST_LABEL) -> str:
    """Cut a text, and end it with three dots where something was cut."""
    return text if len(text) <= longest else text[: longest - 3] + "..."
