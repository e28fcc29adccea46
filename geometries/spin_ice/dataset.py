"""The islands of a spin ice as a Dataset: what the other rooms know of the lattice.

Dimensions: ``island``, ``end`` ("tail" and "head" of the easy axis), ``vertex`` and
``component`` ("x", "y"). A state of the ice is an array ``spin(..., island)`` of +-1,
+1 for magnetised from tail to head. In units of one end's charge, a vertex has the
charge q = (sum of the spins whose heads are there) - (sum of those whose tails are).

=========================== ========================= ========================================
variable                    dims                      what it is
=========================== ========================= ========================================
``position``                island, component         centre, in m
``axis``                    island, component         unit vector from tail to head
``angle``                   island                    of the axis from x, in rad
``length, width, thickness`` island                   in m
``saturation_magnetisation`` island                   in A/m
``volume``                  island                    of the outline, in m3
``island_vertex``           island, end               vertex at each end, -1 at a loose one
``vertex_position``         vertex, component         in m, without disorder
``coordination``            vertex                    how many ends meet there
=========================== ========================= ========================================

Coordinates over ``island``: ``site`` (the label of its place in the complete lattice),
``kind``, ``port`` (the name of its port or ""). attrs: ``lattice``, and
``lattice_constant`` in m but for a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geometries.spin_ice.island_table import IslandTable
from geometries.spin_ice.placement import AnyLattice, PlacedIslands

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["island_dataset"]

_UNITS = {
    "position": "m", "axis": "1", "angle": "rad", "length": "m", "width": "m", "thickness": "m",
    "saturation_magnetisation": "A/m", "volume": "m^3", "island_vertex": "1", "vertex_position": "m",
    "coordination": "1",
}  # fmt: skip


def island_dataset(
    placed: PlacedIslands,
    lattice: AnyLattice,
    thickness: float,
    saturation_magnetisation: npt.NDArray[np.float64],
    ports: Mapping[str, tuple[int, ...]],
) -> xr.Dataset:
    """Gather the islands of a spin ice and their vertices, as described above.

    A vertex that has lost its islands stays, with its coordination lower. The thickness is in m, the saturation
    magnetisation (n,) in A/m, and `ports` has the sites of each by its name.
    """
    import xarray as xr

    number, vertices = placed.site.size, len(placed.vertex_position)
    port = np.full(number, "", dtype=f"<U{max([1, *map(len, ports)])}")
    for name, sites in ports.items():
        port[np.isin(placed.site, sites)] = name
    meeting = placed.island_vertex[placed.island_vertex >= 0]
    dataset = xr.Dataset(
        {
            "position": (("island", "component"), placed.position),
            "axis": (("island", "component"), placed.axis),
            "angle": ("island", placed.outlines.angle),
            "length": ("island", placed.outlines.length),
            "width": ("island", placed.outlines.width),
            "thickness": ("island", np.full(number, thickness)),
            "saturation_magnetisation": ("island", saturation_magnetisation),
            "volume": ("island", placed.outlines.area * thickness),
            "island_vertex": (("island", "end"), placed.island_vertex),
            "vertex_position": (("vertex", "component"), placed.vertex_position),
            "coordination": ("vertex", np.bincount(meeting, minlength=vertices)),
        },
        coords={
            "island": np.arange(number),
            "vertex": np.arange(vertices),
            "end": ["tail", "head"],
            "component": ["x", "y"],
            "site": ("island", placed.site),
            "kind": ("island", placed.kind),
            "port": ("island", port),
        },
        attrs={"lattice": lattice.kind},
    )
    for name, unit in _UNITS.items():
        dataset[name].attrs["units"] = unit
    if not isinstance(lattice, IslandTable):
        dataset.attrs["lattice_constant"] = lattice.lattice_constant
    return dataset
