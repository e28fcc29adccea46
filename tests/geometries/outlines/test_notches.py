"""Notches: profiles with known depths."""

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from rows import rows

from geometries import Notch, PeriodicNotches
from geometries.outlines.notches import AnyNotch

SIZE = {"depth": 8e-9, "width": 20e-9}
X = np.array([80e-9, 90e-9, 95e-9, 100e-9, 106e-9, 110e-9, 200e-9])


def test_a_triangular_notch_is_a_triangle():
    depth = Notch(position=100e-9, **SIZE).depth_at(X)
    np.testing.assert_allclose(depth * 1e9, [0, 0, 4, 8, 3.2, 0, 0], atol=1e-9)


def test_a_round_notch_is_half_an_ellipse():
    depth = Notch(position=100e-9, shape="round", **SIZE).depth_at(X)
    inside = (X >= 90e-9) & (X <= 110e-9)
    on_ellipse = ((X - 100e-9) / 10e-9) ** 2 + (depth / 8e-9) ** 2
    np.testing.assert_allclose(on_ellipse[inside], 1)
    assert not depth[~inside].any()


def test_periodic_notches_are_single_ones_at_equal_distances():
    notches = PeriodicNotches(first=50e-9, period=30e-9, count=3, edge="top", **SIZE)
    assert notches.expand() == tuple(Notch(position=50e-9 + k * 30e-9, edge="top", **SIZE) for k in range(3))


@rows(
    ("keys", "message"),
    [
        ({"position": 1e-7, "depth": 0, "width": 1e-8}, "depth\n.*above 0"),
        ({"position": 1e-7, "depth": 1e-9, "width": "-1 nm"}, "width\n.*-1 nm is not a size"),
        ({"position": "1 s", **SIZE}, r"position\n.*dimension \[time\]"),
        ({"position": 1e-7, "shape": "square", **SIZE}, "'triangular', 'round' or 'rectangular'"),
        ({"first": 1e-7, "period": 1e-8, "count": 0, **SIZE}, "count\n.*greater than or equal to 1"),
        ({"first": 1e-7, "period": 1e-8, **SIZE}, "count\n.*required"),
        ({"position": 1e-7, "deep": 1e-9, **SIZE}, "unknown key 'deep' in Notch; did you mean 'depth'"),
    ],
)
def test_an_error_speaks_of_the_notch_that_was_meant(keys, message):
    with pytest.raises(ValidationError, match=message) as error:
        TypeAdapter(AnyNotch).validate_python(keys)
    assert error.value.error_count() == 1


def test_a_rectangular_notch_is_as_deep_everywhere():
    notch = Notch(position="100 nm", depth="10 nm", width="40 nm", shape="rectangular")
    x = np.array([79e-9, 80e-9, 81e-9, 100e-9, 119e-9, 120e-9])
    np.testing.assert_allclose(notch.depth_at(x), np.array([0, 0, 10, 10, 10, 0]) * 1e-9)
