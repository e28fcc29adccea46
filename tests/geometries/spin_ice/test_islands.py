"""Outlines of islands against their definitions, written another way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from rows import rows

from geometries.outlines.convex import Outlines
from geometries.spin_ice.islands import Island

CENTRE = np.array([13.0, -7.0])


def outlines(shape, length, width, angle, radius=0.0, centre=CENTRE):
    roundness = {"stadium": 1.0, "rectangle": 2 * radius / width, "ellipse": 0.0}[shape]
    numbers = (np.array([number]) for number in (*centre, angle, length, width, roundness))
    return Outlines(*numbers, np.array([shape == "ellipse"]))


def is_inside(shape, points, length, width, angle, radius):
    """The definition: distance to a segment or a smaller rectangle, or the equation of the ellipse."""
    turned = (points - CENTRE) @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    if shape == "ellipse":
        return np.sum((turned / [length / 2, width / 2]) ** 2, axis=1) <= 1
    radius = width / 2 if shape == "stadium" else radius
    core = np.array([length / 2 - radius, width / 2 - radius])
    nearest = np.clip(turned, -core, core)
    return np.linalg.norm(turned - nearest, axis=1) <= radius


SHAPES = st.tuples(
    st.sampled_from(["stadium", "ellipse", "rectangle"]),
    st.floats(10, 40).flatmap(lambda width: st.tuples(st.floats(width, 100), st.just(width), st.floats(0, width / 2))),
    st.floats(-4, 4),
)


@given(SHAPES, st.integers(0, 2**31))
def test_points_are_inside_as_the_definition_has_it(described, seed):
    shape, (length, width, radius), angle = described
    points = CENTRE + np.random.default_rng(seed).uniform(-60, 60, (500, 2))
    expected = is_inside(shape, points, length, width, angle, radius)
    found = outlines(shape, length, width, angle, radius).contain(points[:, 0], points[:, 1], 0.0)
    assert np.sum(found != expected) == 0


@given(SHAPES, st.floats(-4, 4))
def test_the_reach_is_that_of_the_farthest_point_inside(described, direction):
    shape, (length, width, radius), angle = described
    figure = outlines(shape, length, width, angle, radius)
    (reach,) = figure.reach(direction)
    # Along every ray from the centre the border is found by bisection.
    rays = np.linspace(0, 2 * np.pi, 2000)
    near, far = np.zeros(rays.size), np.full(rays.size, 80.0)
    for _ in range(50):
        middle = (near + far) / 2
        inside = figure.contain(CENTRE[0] + middle * np.cos(rays), CENTRE[1] + middle * np.sin(rays), 0.0)
        near, far = np.where(inside, middle, near), np.where(inside, far, middle)
    farthest = np.max(near * np.cos(rays - direction))
    assert farthest <= reach * (1 + 1e-9)
    # A corner may lie between two rays, 3 mrad apart.
    assert farthest == pytest.approx(reach, abs=4e-3 * length)


@given(SHAPES)
def test_the_area_is_that_of_the_points_inside(described):
    shape, (length, width, radius), angle = described
    figure = outlines(shape, length, width, angle, radius)
    step = 0.25
    grid = np.arange(-75, 75, step) + step / 2
    x, y = np.meshgrid(CENTRE[0] + grid, CENTRE[1] + grid)
    # Cells on the border are in or out at random: their number is the perimeter over the step.
    border = 2 * (length + width) * step
    assert figure.contain(x, y, 0.0).sum() * step**2 == pytest.approx(figure.area[0], abs=0.5 * border)


def test_a_quarter_turn_swaps_length_and_width():
    figure = outlines("rectangle", 100.0, 20.0, np.pi / 2, 0.0)
    np.testing.assert_allclose([figure.reach(0.0)[0], figure.reach(np.pi / 2)[0]], [10, 50])


@rows(
    ("keys", "message"),
    [
        ({"width": "40 nm"}, "either a length or a gap, but neither is given"),
        ({"length": "120 nm", "gap": "60 nm", "width": "40 nm"}, "but both are given"),
        ({"length": "40 nm", "width": "120 nm"}, "width = 120 nm is more than length = 40 nm"),
        ({"length": "120 nm", "width": "40 nm", "corner_radius": "5 nm"}, "only a rectangle has corners"),
        (
            {"length": "120 nm", "width": "40 nm", "shape": "rectangle", "corner_radius": "21 nm"},
            "corner_radius = 21 nm is more than half of the width of 40 nm",
        ),
        ({"length": "120 nm", "width": 0}, "0 m is not a size"),
        ({"length": "120 nm", "width": "40 nm", "shape": "stadion"}, "'stadium', 'ellipse' or 'rectangle'"),
        ({"length": "120 nm", "width": "40 nm", "corner": "5 nm"}, "did you mean 'corner_radius'"),
    ],
)
def test_what_no_island_is(keys, message):
    with pytest.raises(ValidationError, match=message):
        Island(**keys)
