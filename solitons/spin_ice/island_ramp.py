"""A ramp of the field that turns one island."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["IslandRamp"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class IslandRamp:
    """A ramp of one island.

    `angle` (rad) is between field and axis; `quantity` deviates from the island as drawn by the relative `deviation`
    ("" and 0 for nothing). Fields are in A/m; `macrospin` (steps, 2) is the mean magnetisation along its first
    direction and along the field's part across it.
    """

    angle: float
    quantity: str
    deviation: float
    field: Floats
    macrospin: Floats
    switching_field: float
    uncertainty: float
