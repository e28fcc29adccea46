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

    Parameters
    ----------
    angle : float
        Of the field to its axis in rad.
    quantity, deviation : str, float
        What deviates from the island as drawn, relative; "" and 0 for nothing.
    field : array (steps)
        Applied field in A/m.
    macrospin : array (steps, 2)
        Its mean magnetisation along its first direction and along the field's part across it.
    switching_field, uncertainty : float
        In A/m.
    """

    angle: float
    quantity: str
    deviation: float
    field: Floats
    macrospin: Floats
    switching_field: float
    uncertainty: float
