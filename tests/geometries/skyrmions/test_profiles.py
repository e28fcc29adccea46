import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows import rows

from geometries.skyrmions.profiles import PlacedTexture, superpose, wall_parameters

X, Y = np.linspace(-60, 60, 241), np.linspace(-40, 40, 161)


def along_x(texture, background=1):
    return superpose(X, np.array([0.0]), [texture], background)[:, 0]


def test_the_wall_of_a_large_one_is_a_walker_wall():
    m = along_x(PlacedTexture(0.0, 0.0, 30.0, 3.0, 0.0))
    right = X > 5
    np.testing.assert_allclose(m[right, 2], np.tanh((X[right] - 30) / 3), atol=1e-3)
    np.testing.assert_allclose(m[right, 0], 1 / np.cosh((X[right] - 30) / 3), atol=1e-3)


def test_a_small_one_is_that_of_the_formula():
    m = along_x(PlacedTexture(0.0, 0.0, 4.0, 3.0, np.pi / 2))
    there = np.abs(X) > 1e-9
    polar = 2 * np.arctan(np.sinh(4 / 3) / np.sinh(np.abs(X[there]) / 3))
    np.testing.assert_allclose(m[there, 2], np.cos(polar), atol=1e-10)
    np.testing.assert_allclose(m[there, 1], np.sign(X[there]) * np.sin(polar), atol=1e-10)
    assert m[~there, 2] == pytest.approx(-1)


def test_an_antiskyrmion_and_a_bubble():
    top = superpose(np.array([0.0]), Y, [PlacedTexture(0.0, 0.0, 10.0, 2.0, 0.0, vorticity=-1)], 1)[0]
    assert top[Y == 10.0, 1] == pytest.approx(-1, abs=1e-3)
    around = superpose(X, Y, [PlacedTexture(0.0, 0.0, 10.0, 2.0, 0.3, vorticity=0)], 1)
    wall = np.abs(np.hypot(X[:, None], Y[None]) - 10) < 0.2
    np.testing.assert_allclose(np.arctan2(around[wall, 1], around[wall, 0]), 0.3, atol=1e-9)


def test_a_skyrmionium_has_two_walls_and_the_background_inside():
    m = along_x(PlacedTexture(0.0, 0.0, 30.0, 2.0, 0.0, inner_radius=12.0), background=-1)
    changes = X[:-1][np.diff(np.sign(m[:, 2])) != 0]
    np.testing.assert_allclose(changes, [-30, -12, 12, 30], atol=0.6)
    assert m[X == 0.0, 2] == pytest.approx(-1)
    # One sense of turning throughout: the moments point inwards in the inner wall.
    assert m[X == 30.0, 0] == pytest.approx(1, abs=1e-2)
    assert m[X == 12.0, 0] == pytest.approx(-1, abs=1e-2)


@rows(("radius", "inner"), [(12.0, 6.0), (10.0, 5.0), (30.0, 8.0)])
def test_each_wall_of_a_skyrmionium_is_at_its_radius_though_they_turn_m_together(radius, inner):
    texture = PlacedTexture(0.0, 0.0, radius, 2.0, 0.0, inner_radius=inner)
    at = superpose(np.array([inner, radius]), np.array([0.0]), [texture], 1)[:, 0]
    np.testing.assert_allclose(at[:, 2], 0, atol=1e-5)
    np.testing.assert_allclose(at[:, 0], [-1, 1], atol=1e-5)


@pytest.mark.parametrize(("radius", "inner"), [(3.0, 1.5), (12.0, 10.0)])
def test_walls_too_near_each_other_are_refused(radius, inner):
    with pytest.raises(ValueError, match="too near each other"):
        wall_parameters(radius, inner, 2.0)


@given(st.floats(1.0, 50.0), st.floats(0.5, 10.0), st.sampled_from([1, -1]), st.floats(-3, 3))
def test_unit_vectors_whatever_the_sizes(radius, width, background, helicity):
    # Walls nearer each other make no skyrmionium.
    inner = radius / 3 if radius > 9 * width else 0.0
    m = superpose(X, Y, [PlacedTexture(3.0, 1.0, radius, width, helicity, 1, inner)], background)
    np.testing.assert_allclose(np.linalg.norm(m, axis=-1), 1, atol=1e-12)


def test_textures_that_are_far_apart_do_not_feel_each_other():
    one = PlacedTexture(-30.0, 0.0, 8.0, 1.5, 0.0)
    both = superpose(X, Y, [one, PlacedTexture(30.0, 0.0, 8.0, 1.5, 0.0)], 1)
    np.testing.assert_allclose(both[X < -10], superpose(X, Y, [one], 1)[X < -10], atol=1e-3)
