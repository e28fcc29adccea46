"""Drawings of spin ice: what it shows of itself."""

import numpy as np

PORTS = [
    {"name": "in", "role": "held", "sites": [0], "field": "100 kA/m"},
    {"name": "out", "role": "readout", "sites": [22, 23]},
]
FULL = {
    "ports": PORTS,
    "bridge": {"width": "20 nm"},
    "missing": {"sites": [5, 6]},
    "disorder": {"position": "2 nm", "angle": "1 deg", "length": 0.01, "width": 0.02, "seed": 3},
}


def test_ports_and_bridges_have_their_colours_and_names(ice):
    made = ice(**FULL)
    ax = made.plot()
    shown, labels = ax.images[0].get_array().T, made.labels().values[..., 0]
    colours = {name: set(shown[labels == label].tolist()) for name, label in (("in", 1), ("out", 22), ("bridge", -1))}
    assert len(set.union(*colours.values())) == 3
    assert set(shown[labels == 22]) != set(shown[labels == 2])
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["magnet", "bridge", "held port", "readout port", "vertex"]


def test_vertices_labels_and_spins_are_where_they_are(ice, soft):
    made = ice(**FULL, initial_spins={"kind": "random", "seed": 1})
    ax, islands = made.plot(), made.islands(soft)
    np.testing.assert_allclose(ax.lines[0].get_xydata(), islands.vertex_position * 1e9)
    assert [text.get_text() for text in ax.texts] == [str(site) for site in islands.site.values]
    (arrows,) = ax.collections
    spins = made.initial_spins.spins(islands.angle.values)
    along = arrows.U * islands.axis[:, 0] + arrows.V * islands.axis[:, 1]
    np.testing.assert_array_equal(np.sign(along), spins)


def test_many_islands_have_no_labels(ice):
    large = {"kind": "square", "columns": 9, "rows": 9, "lattice_constant": "180 nm"}
    assert not ice(lattice=large, cell=("10 nm", "10 nm", "10 nm")).plot().texts


def test_a_line_of_text_says_it_all(ice):
    assert str(ice(**FULL)) == (
        "square spin ice, 22 islands, 116.8 nm to 122 nm x 39.07 nm to 41.93 nm x 10 nm, "
        "144 x 144 x 1 cells of 5 nm x 5 nm x 10 nm, lattice: 3 x 3, 180 nm, closed edges, bridges: 20 nm wide, "
        "disorder: position 2 nm, angle 1 degrees, length 1 %, width 2 %, seed 3, missing: 2 of 24 islands, "
        "ports: in: 1 held; out: 2 readout"
    )
