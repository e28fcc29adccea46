"""The named regions of a mesh, as oommfc describes them to OOMMF."""

import discretisedfield as df
import numpy as np


def regions(mesh: df.Mesh) -> tuple[list[str], np.ndarray]:
    """Return the names of a mesh's regions and the index of the one that each cell belongs to.

    A cell belongs to the first subregion that holds it. The cells of none are the region "entire", or "main" in a
    mesh without subregions.

    Parameters
    ----------
    mesh : discretisedfield.Mesh
        Three-dimensional.

    Returns
    -------
    list of str
        The subregions in the mesh's order, then the rest.
    numpy.ndarray
        Index of every cell's region in that list, (nz, ny, nx).
    """
    names = [*mesh.subregions, "entire" if mesh.subregions else "main"]
    region = np.full(tuple(mesh.n)[::-1], len(names) - 1)
    for index in reversed(range(len(names) - 1)):
        region[tuple(reversed(mesh.region2slices(mesh.subregions[names[index]])))] = index
    return names, region
