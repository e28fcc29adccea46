"""The regions of a mesh, as OOMMF sees them."""

from collections.abc import Collection

import discretisedfield as df
import numpy as np

__all__ = ["cells_outside", "region_names"]


def region_names(mesh: df.Mesh) -> list[str]:
    """Return the names that OOMMF's regions have: the subregions in the mesh's order, then the rest."""
    return [*mesh.subregions, "entire" if mesh.subregions else "main"]


def cells_outside(mesh: df.Mesh, name: str, regions: Collection[str]) -> int:
    """Count the cells of a subregion that OOMMF does not find in any of some regions.

    Where subregions overlap, a cell is in the mesh's first one only.
    """
    owner = np.full(tuple(mesh.n), -1)
    names = list(mesh.subregions)
    for index in reversed(range(len(names))):
        owner[mesh.region2slices(mesh.subregions[names[index]])] = index
    cells = owner[mesh.region2slices(mesh.subregions[name])]
    return int(np.sum(~np.isin(cells, [names.index(region) for region in regions])))
