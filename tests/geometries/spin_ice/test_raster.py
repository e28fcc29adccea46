"""Rasters: cells are painted where the definition says, whatever the window."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geometries.outlines.convex import Outlines, paint


@given(st.integers(0, 2**31), st.integers(1, 12), st.sampled_from([(1.0, 1.0), (0.7, 1.3)]))
def test_painting_is_asking_every_cell(seed, number, cell):
    """Outlines of all sizes, over each other and over the border; the last one is on top."""
    random = np.random.default_rng(seed)
    width = random.uniform(0.3, 12, number)
    outlines = Outlines(
        *random.uniform(-5, 45, (2, number)),
        random.uniform(-4, 4, number),
        width * random.uniform(1, 3, number),
        width,
        random.uniform(0, 1, number),
        random.random(number) < 0.3,
    )
    shape = (40, 30)
    x, y = ((np.arange(count) + 0.5) * step for count, step in zip(shape, cell, strict=True))
    expected = np.zeros(shape, dtype=np.int64)
    for index in range(number):
        one = outlines.take(np.array([index]))
        expected[one.contain(x[:, None], y, 1e-6 * min(cell))] = index + 1
    canvas = np.zeros(shape, dtype=np.int64)
    # One at a time, so that "last" has a meaning across windows of different size.
    for index in range(number):
        paint(canvas, outlines.take(np.array([index])), np.array([index + 1]), cell)
    np.testing.assert_array_equal(canvas, expected)
    together = np.zeros(shape, dtype=np.int64)
    paint(together, outlines, np.arange(number) + 1, cell)
    np.testing.assert_array_equal(together > 0, expected > 0)


def test_a_centre_on_the_border_is_inside_on_all_sides():
    one = Outlines(*(np.array([number]) for number in (5.0, 5.0, 0.0, 7.0, 3.0, 0.0)), np.array([False]))
    canvas = np.zeros((10, 10), dtype=np.int64)
    paint(canvas, one, np.array([1]), (1.0, 1.0))
    np.testing.assert_array_equal(np.flatnonzero(canvas.any(axis=1)), np.arange(1, 9))
    np.testing.assert_array_equal(np.flatnonzero(canvas.any(axis=0)), np.arange(3, 7))
