"""The named regions of a mesh, as oommfc describes them to OOMMF."""

import discretisedfield as df
import numpy as np


def regions(mesh: df.Mesh) -> tuple[list[str], np.ndarray]:
    """Return the names of a mesh's regions and the index (nz, ny, nx) of the one that each cell belongs to.

    A cell belongs to the first subregion that holds it. The cells of none are the region "entire", or "main" in a mesh
    without subregions, which comes last.
    """
    names = [*mesh.subregions, "entire" if mesh.subregions else "main"]
    region = np.full(tuple(mesh.n)[::-1], len(names) - 1)
    for index in reversed(range(len(names) - 1)):
        region[tuple(reversed(mesh.region2slices(mesh.subregions[names[index]])))] = index
    return names, region
