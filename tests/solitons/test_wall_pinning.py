"""Pinning landscapes: shapes, signs and sums."""

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solitons.pinning import (
    EndConfinement,
    HarmonicPinning,
    NoPinning,
    PeriodicPinning,
    PinningSum,
    SplinePinning,
    UniformPush,
)


def push(landscape, position):
    with jax.enable_x64(True):
        return np.asarray(landscape.push(np.asarray(position, dtype=np.float64)))


def test_simple_landscapes():
    q = np.array([-10e-9, 0.0, 30e-9])
    np.testing.assert_array_equal(push(NoPinning(), q), 0.0)
    np.testing.assert_array_equal(push(UniformPush(40.0), q), 40.0)
    np.testing.assert_allclose(push(HarmonicPinning(1e10, 10e-9), q), [200.0, 100.0, -200.0])
    periodic = PeriodicPinning(strength=50.0, period=40e-9, site=0.0)
    # Back to the site from either side, and none half a period away, where it is unstable.
    np.testing.assert_allclose(
        push(periodic, [10e-9, -10e-9, 20e-9, 40e-9]), [-50.0, 50.0, 0.0, 0.0], atol=1e-9
    )


def test_ends_push_inwards():
    ends = EndConfinement(left=20e-9, right=180e-9, reach=5e-9, strength=1e5)
    np.testing.assert_allclose(push(ends, [20e-9, 180e-9, 100e-9]), [5e4, -5e4, 0.0], atol=1e-3)
    np.testing.assert_allclose(push(ends, [-1.0, 1.0]), [1e5, -1e5])


@given(
    slope=st.floats(-1e3, 1e3),
    offset=st.floats(-1e3, 1e3),
    count=st.integers(2, 9),
    where=st.floats(0.0, 1.0),
)
@settings(max_examples=25, deadline=None)
def test_spline_keeps_straight_lines(slope, offset, count, where):
    control = offset + slope * np.linspace(0.0, 1.0, count)
    spline = SplinePinning(50e-9, 250e-9, control)
    assert push(spline, 50e-9 + where * 200e-9) == pytest.approx(offset + slope * where, abs=1e-6)


def test_spline_is_smooth_and_constant_beyond():
    spline = SplinePinning(0.0, 100e-9, np.array([0.0, 100.0, -50.0, 20.0, 5.0]))
    with jax.enable_x64(True):
        slope = jax.vmap(jax.grad(lambda q: spline.push(q)))(np.linspace(1e-9, 99e-9, 2000))
    assert np.abs(np.diff(np.asarray(slope))).max() < 0.01 * np.ptp(np.asarray(slope))
    assert push(spline, -1e-6) == push(spline, 0.0)
    assert push(spline, 1e-6) == pytest.approx(5.0)


def test_spline_needs_two_values():
    with pytest.raises(ValueError, match="at least two"):
        SplinePinning(0.0, 1e-7, np.array([1.0]))


def test_sum_adds_up():
    parts = (UniformPush(5.0), HarmonicPinning(1e9, 0.0))
    q = np.array([0.0, 10e-9])
    np.testing.assert_allclose(push(PinningSum(parts), q), push(parts[0], q) + push(parts[1], q))
