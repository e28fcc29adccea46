"""Whether cells are fine enough for a material's textures."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from geometries.materials import Material
from geometries.quantities import format_quantity

__all__ = ["warn_if_coarse"]


def warn_if_coarse(cell: Sequence[float], shape: Sequence[int], material: Material) -> None:
    """Warn if the cells are too large to resolve a material's textures.

    A finite-difference cell has to be smaller than the exchange length
    sqrt(2 A / (mu0 Ms^2)) and, in a perpendicular film, than the wall width
    parameter sqrt(A / K_eff), over which m turns. A direction with a single
    cell is not judged: m does not vary along it.

    Parameters
    ----------
    cell : sequence of three floats
        Size of a cell, in m.
    shape : sequence of three ints
        Number of cells.
    material : Material
        The magnet.

    Warns
    -----
    UserWarning
        If a cell is larger; it says by how much and what to do.
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
