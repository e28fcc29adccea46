"""Directions in space: vectors whose length does not matter."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import AfterValidator

from geometries.quantities import PureNumber

__all__ = ["Direction", "InPlaneDirection", "direction_text", "unit_vector"]

Vector = tuple[float, float, float]


def unit_vector(vector: Vector) -> Vector:
    """Give a vector the length 1; a ValueError for the zero vector."""
    norm = math.hypot(*vector)
    if norm == 0:
        raise ValueError(f"{vector} has no direction; give one, such as (1, 0, 0)")
    # A unit vector is left as it is: dividing again could change its last digit, and
    # with it the identity of a run, each time it is written and read.
    if abs(norm - 1) < 1e-12:
        return vector
    return vector[0] / norm, vector[1] / norm, vector[2] / norm


def direction_text(direction: Vector) -> str:
    """Write a unit vector as a person would: "-y", or "(0.6, 0, 0.8)"."""
    for axis, component in zip("xyz", direction, strict=True):
        if abs(component) == 1:
            return f"{'+' if component > 0 else '-'}{axis}"
    return f"({', '.join(f'{component:.3g}' for component in direction)})"


def _in_plane(vector: Vector) -> Vector:
    if vector[2] != 0:
        raise ValueError(f"{vector} leaves the plane of the film; give a direction with z = 0, such as (1, 0, 0)")
    return vector


Direction = Annotated[tuple[PureNumber, PureNumber, PureNumber], AfterValidator(unit_vector)]
"""A direction in space: three numbers of any length, normalised."""

InPlaneDirection = Annotated[Direction, AfterValidator(_in_plane)]
"""A direction in the plane of the film, normalised."""
