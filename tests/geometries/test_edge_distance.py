import numpy as np
import pytest
from rows import rows

from geometries.edge_distance import edge_distance
from geometries.skyrmions.placement import Room


@rows("cell", [(1.0, 1.0), (2.0, 5.0), (4.0, 1.0)])
def test_a_strip_along_either_axis_has_its_edges_at_the_borders_of_cells(cell):
    magnet = np.zeros((9, 40), dtype=bool)
    magnet[:, 5:30] = True
    # The ends of the mesh are farther away in the middle column, whatever the cells.
    middle = edge_distance(np.repeat(magnet, 21, axis=0), cell)[94]
    y = (np.arange(40) + 0.5) * cell[1]
    np.testing.assert_allclose(middle, np.minimum(y - 5 * cell[1], 30 * cell[1] - y))
    turned = edge_distance(np.repeat(magnet, 21, axis=0).T, cell[::-1])[:, 94]
    np.testing.assert_allclose(turned, middle)


def test_a_corner_is_as_far_as_the_crow_flies():
    magnet = np.ones((20, 20), dtype=bool)
    magnet[10:, 10:] = False
    assert edge_distance(magnet, (3.0, 4.0))[9, 9] == pytest.approx(np.hypot(1.5, 2.0))


@rows("cell", [(1.0, 1.0), (2.0, 5.0), (4.0, 1.0)])
def test_places_between_the_centres_of_cells(cell):
    room = Room(np.ones((300, 30), dtype=bool), cell)
    for share in (0.02, 0.3, 0.77):
        y = share * 30 * cell[1]
        (distance,) = room.to_edge([(150.3 * cell[0], y)])
        assert distance == pytest.approx(min(y, 30 * cell[1] - y), abs=1e-9)
    outside = room.to_edge([(150 * cell[0], -0.3 * cell[1]), (150 * cell[0], -9 * cell[1])])
    assert outside[0] == pytest.approx(-0.3 * cell[1])
    assert outside[1] < 0
