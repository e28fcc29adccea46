"""Systems of ubermag in a line: a mesh from the origin on, and a magnetisation on it."""

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np


def magnet(n, m, energy=0, dynamics=0, *, cell=2e-9, Ms=8e5, bc="", boxes=None, name="magnet", T=0):
    """Make a system of `n` cells with edges `cell` (m); `boxes` are subregions, as first cell and end.

    `Ms=None` takes the lengths of `m` (A/m) as they are.
    """
    cell = np.broadcast_to(cell, 3)
    regions = {
        region: df.Region(p1=tuple(first * cell), p2=tuple(end * cell))
        for region, (first, end) in (boxes or {}).items()
    }
    mesh = df.Mesh(p1=(0, 0, 0), p2=tuple(np.multiply(n, cell)), n=tuple(n), bc=bc, subregions=regions)
    field = df.Field(mesh, nvdim=3, value=m, norm=Ms)
    return mm.System(name=name, m=field, energy=energy, dynamics=dynamics, T=T)


def random_magnet(n, energy=0, *, seed=0, empty=(0, 0, 0), cell=(2e-9, 3e-9, 4e-9), bc=""):
    """Make a system with random directions and Ms, and one cell without magnet."""
    random = np.random.default_rng(seed)
    m = random.normal(size=(*n, 3))
    norm = random.uniform(4e5, 1e6, size=n)
    if empty:
        norm[empty] = 0
    m *= (norm / np.linalg.norm(m, axis=-1))[..., None]
    return magnet(n, m, energy, cell=cell, Ms=None, bc=bc)


def largest_difference(field, expected, m):
    """Relative to the largest, where there is magnet: OOMMF has a field elsewhere too."""
    inside = np.linalg.norm(m, axis=-1) > 0
    return np.abs(field - expected)[inside].max() / np.abs(expected[inside]).max()
