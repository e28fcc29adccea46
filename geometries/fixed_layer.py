"""What polarises a current through the plane."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["FixedLayer"]


class FixedLayer(NamedTuple):
    """A magnetic layer that does not move, and how well it polarises a current.

    Attributes
    ----------
    direction : tuple of three floats
        Of its magnetisation, of unit length.
    polarisation : float
        Spin polarisation P of the current, above 0 and at most 1.
    """

    direction: tuple[float, float, float]
    polarisation: float
