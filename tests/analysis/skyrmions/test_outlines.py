import numpy as np
import pytest
from rows import rows

from analysis.skyrmions.outlines import find_outlines
from geometries.skyrmions.profiles import PlacedTexture, superpose

X, Y = (np.arange(70) + 0.5, np.arange(64) + 0.5)


@rows(("radius", "width"), [(2.0, 1.0), (5.0, 3.0), (6.0, 0.7), (20.0, 3.0)])
def test_centre_radius_and_slope_of_a_skyrmion(radius, width):
    rng = np.random.default_rng(3)
    for _ in range(5):
        centre = np.array([35, 32]) + rng.uniform(size=2)
        helicity = rng.uniform(-3, 3)
        (found,) = find_outlines(superpose(X, Y, [PlacedTexture(*centre, radius, width, helicity)], 1))
        assert found.closed
        assert (found.inside, found.vorticity) == (-1, 1)
        np.testing.assert_allclose(found.centre + 0.5, centre, atol=0.02)
        assert np.sqrt(found.area / np.pi) == pytest.approx(radius, abs=0.06)
        assert found.slope == pytest.approx(1 / width / np.tanh(radius / width), rel=0.02)
        assert found.helicity == pytest.approx(helicity, abs=0.02)


def test_lines_that_end_at_an_edge_are_open():
    m = superpose(X, Y, [PlacedTexture(0.0, 30.0, 9.0, 2.0, 0.0), PlacedTexture(40.0, 30.0, 9.0, 2.0, 0.0)], 1)
    closed, open_line = find_outlines(m)
    assert closed.closed
    assert not open_line.closed
    np.testing.assert_allclose(open_line.points[[0, -1], 0], 0)


def test_saturated_moments_beside_a_wall_of_one_cell():
    # m_perp is 0 to the last digit: the line is in the middle between two cells.
    m = np.zeros((10, 10, 3))
    m[..., 2] = 1.0
    m[3:6, 4:7, 2] = -1.0
    (found,) = find_outlines(m)
    np.testing.assert_allclose(found.centre, [4.0, 5.0])
    assert found.area == pytest.approx(9.0, abs=0.6)
