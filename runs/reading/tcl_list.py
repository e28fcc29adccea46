"""Tcl lists, in which OOMMF's files give labels and units."""

import re

_WORD = re.compile(r'\{((?:[^{}]|\{[^{}]*\})*)\}(?!\S)|"([^"]*)"(?!\S)|(\S+)')


def tcl_list(text: str) -> list[str]:
    """Split a Tcl list into its words.

    Parameters
    ----------
    text : str
        Words apart by white space; one that holds white space is in braces or double quotes.

    Returns
    -------
    list of str

    Examples
    --------
    >>> tcl_list('{Total energy} J "Max dm/dt" {}')
    ['Total energy', 'J', 'Max dm/dt', '']
    """
    if "{" not in text and '"' not in text:
        return text.split()
    return [braced or quoted or bare for braced, quoted, bare in _WORD.findall(text)]
