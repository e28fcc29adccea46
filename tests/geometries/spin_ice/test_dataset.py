"""The Dataset of the islands: what other rooms rely on."""

import numpy as np
import pytest

KAGOME = {"kind": "kagome", "columns": 3, "rows": 3, "lattice_constant": "340 nm"}
DIMS = {
    "position": ("island", "component"),
    "axis": ("island", "component"),
    "angle": ("island",),
    "length": ("island",),
    "width": ("island",),
    "thickness": ("island",),
    "saturation_magnetisation": ("island",),
    "volume": ("island",),
    "island_vertex": ("island", "end"),
    "vertex_position": ("vertex", "component"),
    "coordination": ("vertex",),
}


def test_dims_units_and_coordinates_are_the_contracts(ice, soft):
    islands = ice(lattice=KAGOME).islands(soft)
    assert {name: islands[name].dims for name in islands.data_vars} == DIMS
    assert all("units" in islands[name].attrs for name in DIMS)
    assert islands.end.values.tolist() == ["tail", "head"]
    assert islands.component.values.tolist() == ["x", "y"]
    np.testing.assert_array_equal(islands.island, np.arange(38))
    np.testing.assert_array_equal(islands.vertex, np.arange(30))
    assert islands.attrs == {"lattice": "kagome", "lattice_constant": 340e-9}
    assert set(islands.kind.values) == {"upright", "rising", "falling"}


def test_axes_go_from_tail_to_head(ice, soft):
    islands = ice(lattice=KAGOME, island={"gap": "40 nm", "width": "40 nm"}).islands(soft)
    tail, head = (islands.vertex_position.values[islands.island_vertex.sel(end=end)] for end in ("tail", "head"))
    distance = np.linalg.norm(head - tail, axis=1)
    np.testing.assert_allclose((head - tail) / distance[:, None], islands.axis, atol=1e-12)
    np.testing.assert_allclose((head + tail) / 2, islands.position, atol=1e-18)
    np.testing.assert_allclose(distance - islands.length, 40e-9)
    np.testing.assert_allclose(np.stack([np.cos(islands.angle), np.sin(islands.angle)], axis=1), islands.axis)


def test_volumes_are_those_of_the_outlines(ice, soft):
    stadium, ellipse, rectangle = (
        ice(island={"length": "120 nm", "width": "40 nm", "shape": shape}).islands(soft).volume.values
        for shape in ("stadium", "ellipse", "rectangle")
    )
    np.testing.assert_allclose(stadium, (80 * 40 + np.pi * 20**2) * 10e-27)
    np.testing.assert_allclose(ellipse, np.pi * 60 * 20 * 10e-27)
    np.testing.assert_allclose(rectangle, 120 * 40 * 10e-27)


def test_islands_of_a_kind_have_their_own_size(ice, soft):
    lattice = {"kind": "trident", "columns": 3, "rows": 2, "lattice_constant": "360 nm", "separation": "70 nm"}
    islands = ice(lattice=lattice, other_islands=[{"of": "outer", "length": "200 nm", "width": "30 nm"}]).islands(soft)
    for kind, length, width, number in (("middle", 120e-9, 40e-9, 6), ("outer", 200e-9, 30e-9, 12)):
        chosen = islands.isel(island=islands.kind.values == kind)
        assert chosen.sizes["island"] == number
        np.testing.assert_allclose(chosen.length, length)
        np.testing.assert_allclose(chosen.width, width)


def test_a_vertex_stays_when_its_islands_go(ice, soft):
    whole, some = ice().islands(soft), ice(missing={"sites": [0, 3]}).islands(soft)
    lost = np.setdiff1d(whole.site, some.site)
    assert lost.tolist() == [0, 3]
    ends = whole.island_vertex.isel(island=lost).values.ravel()
    np.testing.assert_array_equal(whole.coordination - some.coordination, np.bincount(ends, minlength=16))
    np.testing.assert_array_equal(some.island_vertex, whole.island_vertex.isel(island=some.site.values))
    # The corner between the two has lost both.
    assert some.coordination.min() == 0


def test_a_table_has_no_lattice_constant(ice, soft):
    rows = [{"x": 0, "y": 0, "angle": 0, "length": 1.2e-7, "width": 4e-8}]
    islands = ice(lattice={"kind": "table", "islands": rows}, island=None).islands(soft)
    assert islands.attrs == {"lattice": "table"}
    assert islands.sizes["vertex"] == 0
    assert (islands.island_vertex == -1).all()


@pytest.mark.slow
def test_a_million_islands_need_no_mesh(ice, soft):
    large = {"kind": "square", "columns": 707, "rows": 707, "lattice_constant": "180 nm"}
    islands = ice(lattice=large, disorder={"width": 0.03, "seed": 1}).islands(soft)
    assert islands.sizes["island"] == 1_001_112
    np.testing.assert_array_equal(np.bincount(islands.coordination), [0, 0, 4, 4 * 706, 706**2])
