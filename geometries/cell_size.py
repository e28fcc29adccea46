"""Positions of cells, and checks that they resolve a material's textures."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from geometries.materials import Material
from geometries.quantities import format_quantity

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["cell_coordinates", "warn_if_coarse"]


def cell_coordinates(extent: Sequence[float], shape: Sequence[int]) -> dict[str, xr.Variable]:
    """Centres in m of the cells of a box of this extent (m) along x, y and z, as discretisedfield computes them.

    The box has its corner at the origin.
    """
    import xarray as xr

    return {
        axis: xr.Variable(
            axis,
            np.linspace(size / number / 2, size - size / number / 2, number),
            {"units": "m", "long_name": f"cell centre along {axis}"},
        )
        for axis, size, number in zip("xyz", extent, shape, strict=True)
    }


def warn_if_coarse(cell: Sequence[float], shape: Sequence[int], material: Material) -> None:
    """Warn if the cells (m) are too large to resolve a material's textures.

    A finite-difference cell has to be smaller than the exchange length sqrt(2 A / (mu0 Ms^2)) and, in a perpendicular
    film, than the wall width parameter sqrt(A / K_eff), over which m turns. A direction with a single cell is not
    judged: m does not vary along it.
    """
    scale, name = material.exchange_length, "exchange length"
    also = ""
    if material.effective_anisotropy > 0 and material.wall_width < scale:
        also = f" (exchange length {format_quantity(scale, 'm')})"
        scale, name = material.wall_width, "wall width parameter"
    limit = format_quantity(scale, "m")
    for axis, size, number in zip("xyz", cell, shape, strict=True):
        if number > 1 and size > scale:
            warnings.warn(
                f"the cell is {format_quantity(size, 'm')} along {axis}, more than the {name} of "
                f"{material.name}, {limit}{also}: walls will stick to the mesh; choose cells "
                f"below {limit}, better half of it",
                UserWarning,
                stacklevel=3,
            )
