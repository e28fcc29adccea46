"""How fast magnets follow a field that clocks them."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Response"]


class Response(NamedTuple):
    """How magnets follow a field that clocks them.

    Attributes
    ----------
    anisotropy_field : float
        Largest H_K of theirs, in A/m: from there on a field across the easy axis leaves no state.
    time : float
        Longest time in s in which their small oscillations die away.
    """

    anisotropy_field: float
    time: float
