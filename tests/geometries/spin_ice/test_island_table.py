"""Tables of islands: read with units, refused where they are not whole."""

import io

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from geometries import SpinIce, get_material
from geometries.spin_ice.island_table import IslandTable, TabulatedIsland, read_island_table
from geometries.spin_ice.lattices import SquareLattice

ROW = {"x": 0, "y": 0, "angle": 0, "length": 1.2e-7, "width": 4e-8}
CSV = "x (nm), y (nm), angle (deg), length (nm), width (nm)\n0, 0, 0, 120, 40\n90, 90, 90, 120, 40\n"


def write(folder, text):
    path = folder / "islands.csv"
    path.write_text(text)
    return path


def test_units_stand_in_the_names_of_the_columns(tmp_path):
    table = read_island_table(write(tmp_path, CSV))
    assert table.islands[0] == TabulatedIsland(**ROW)
    second = table.islands[1]
    np.testing.assert_allclose([second.x, second.y, second.angle], [90e-9, 90e-9, np.pi / 2], rtol=1e-14)


def test_columns_without_units_are_si_in_any_order(tmp_path):
    table = read_island_table(write(tmp_path, "width,length,y,x,angle\n4e-8,1.2e-7,1e-9,2e-9,0.5\n"), shape="ellipse")
    assert table.islands == (TabulatedIsland(x=2e-9, y=1e-9, angle=0.5, length=1.2e-7, width=4e-8),)
    assert table.shape == "ellipse"


def test_an_open_file_is_read_as_text_or_as_bytes():
    assert read_island_table(io.BytesIO(CSV.encode())) == read_island_table(io.StringIO(CSV))


@rows(
    ("text", "message"),
    [
        (CSV.replace(", width (nm)", "").replace(", 40", ""), "islands.csv: the column 'width' is missing"),
        (
            "x (nm), angle\n0, 0\n",
            "islands.csv: the columns 'y', 'length', 'width' are missing; a table of islands has",
        ),
        (CSV.replace("90, 90, 90", "90, , 90"), r"islands.csv: row 2 has .*nan.* in the column 'y \(nm\)'.*no finite"),
        (CSV.replace("90, 90, 90", "90, nan, 90"), "row 2 has"),
        (CSV.replace("90, 90, 90", "90, inf, 90"), "row 2 has"),
        (CSV.replace("90, 90, 90", "90, left, 90"), "row 2 has 'left' in the column"),
        (CSV.replace("angle (deg)", "angel (deg)"), r"the column 'angel \(deg\)' is unknown"),
        (CSV.replace("y (nm)", "x (um)"), "the column 'x' is there twice"),
        (CSV.replace("angle (deg)", "angle (nm)"), "dimension"),
        ("x,y,angle,length,width\n", "the table has no islands"),
    ],
)
def test_a_file_that_is_not_whole_is_refused_by_name(tmp_path, text, message):
    with pytest.raises(ValueError, match=message):
        read_island_table(write(tmp_path, text))


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
