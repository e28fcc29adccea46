"""Fixed layer that polarises a current through the plane."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["FixedLayer"]


class FixedLayer(NamedTuple):
    """A magnetic layer that does not move, and how well it polarises a current.

    `direction` is the unit vector of its magnetisation, `polarisation` the spin polarisation P, above 0 and at most 1.
    """

    direction: tuple[float, float, float]
    polarisation: float
