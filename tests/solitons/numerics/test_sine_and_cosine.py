import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solitons.numerics.sine_and_cosine import sine_and_cosine


def both(angle):
    with jax.enable_x64(True):
        return tuple(map(np.asarray, jax.jit(sine_and_cosine)(np.asarray(angle, dtype=float))))


@given(st.lists(st.floats(-1e5, 1e5), min_size=8, max_size=8))
def test_both_are_numpys(angles):
    sine, cosine = both(angles)
    np.testing.assert_allclose(sine, np.sin(angles), rtol=0, atol=3e-16)
    np.testing.assert_allclose(cosine, np.cos(angles), rtol=0, atol=3e-16)


def test_near_every_multiple_of_a_quarter_turn_of_a_right_angle():
    angles = np.arange(-4000, 4001) * np.pi / 4
    angles = np.concatenate([angles, np.nextafter(angles, 1e9), np.nextafter(angles, -1e9)])
    sine, cosine = both(angles)
    np.testing.assert_allclose(sine, np.sin(angles), rtol=0, atol=2.3e-16)
    np.testing.assert_allclose(cosine, np.cos(angles), rtol=0, atol=2.3e-16)


def test_derivatives_are_each_other():
    with jax.enable_x64(True):
        _, (of_sine, of_cosine) = jax.jvp(sine_and_cosine, (2.0,), (1.0,))
    assert (float(of_sine), float(of_cosine)) == pytest.approx((np.cos(2.0), -np.sin(2.0)), abs=1e-14)


@pytest.mark.parametrize("angle", [np.nan, np.inf])
def test_what_is_no_angle_has_none(angle):
    assert np.isnan(both(angle)).all()
