"""Tcl lists, in which OOMMF's files give labels and units."""

import re

_WORD = re.compile(r'\{((?:[^{}]|\{[^{}]*\})*)\}(?!\S)|"([^"]*)"(?!\S)|(\S+)')


def tcl_list(text: str) -> list[str]:
    """Split a Tcl list into its words, apart by white space.

    One that holds white space is in braces or double quotes.
    """
    if "{" not in text and '"' not in text:
        return text.split()
    return [braced or quoted or bare for braced, quoted, bare in _WORD.findall(text)]
