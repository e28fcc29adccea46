"""Tables of islands: refused where they are not whole, with vertices where ends are near."""

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from geometries import SpinIce, get_material
from geometries.spin_ice.island_table import IslandTable
from geometries.spin_ice.lattices import SquareLattice

ROW = {"x": 0, "y": 0, "angle": 0, "length": 1.2e-7, "width": 4e-8}


@rows(
    ("rows", "message"),
    [
        ([ROW | {"x": float("nan")}], r"islands\.0\.x\n.*nan is not finite"),
        ([ROW, {key: ROW[key] for key in ROW if key != "angle"}], r"islands\.1\.angle\n.*required"),
        ([ROW | {"length": 0}], "not a size"),
        ([], "the table has no islands"),
    ],
)
def test_rows_that_are_no_islands_are_refused(rows, message):
    with pytest.raises(ValidationError, match=message):
        IslandTable(islands=rows)


@rows("seed", range(3))
def test_vertices_are_found_where_ends_are_near(seed):
    """Square ice written as a table, in any order, has the vertices of square ice."""
    sites = SquareLattice(columns=3, rows=2, lattice_constant="180 nm").sites()
    order = np.random.default_rng(seed).permutation(len(sites.angle))
    rows = [
        {"x": x, "y": y, "angle": angle, "length": 1.2e-7, "width": 4e-8}
        for (x, y), angle in zip(sites.position[order], sites.angle[order], strict=True)
    ]
    # Neighbouring ends are 60 nm / sqrt(2) apart.
    found = IslandTable(islands=rows, vertex_distance="43 nm").sites()
    assert len(found.vertex_position) == len(sites.vertex_position) == 12
    np.testing.assert_allclose(
        found.vertex_position[found.island_vertex],
        sites.vertex_position[sites.island_vertex[order]],
        atol=31e-9,  # of two or three ends the mean is off the crossing, by at most half the gap
    )
    expected = sites.island_vertex[order]
    assert len(np.unique(np.stack([found.island_vertex.ravel(), expected.ravel()], axis=1), axis=0)) == 12
    assert (IslandTable(islands=rows, vertex_distance="42 nm").sites().island_vertex == -1).all()
    assert (IslandTable(islands=rows).sites().island_vertex == -1).all()


def test_a_box_puts_islands_on_the_cells_of_a_larger_lattice():
    """The margin is around the box, wherever the islands are in it."""
    lattice = IslandTable(islands=[ROW | {"x": "102 nm", "y": "33 nm"}], box=[["5 nm", "0 nm"], ["205 nm", "80 nm"]])
    ice = SpinIce(lattice=lattice, thickness="10 nm", cell=("5 nm", "5 nm", "10 nm"), margin="10 nm")
    assert ice.shape == (44, 20, 1)
    np.testing.assert_allclose(ice.islands(get_material("permalloy"))["position"].values, [[107e-9, 43e-9]])


def test_an_empty_box_is_refused():
    with pytest.raises(ValidationError, match="has nothing inside"):
        IslandTable(islands=[ROW], box=[[0, 0], ["100 nm", 0]])
