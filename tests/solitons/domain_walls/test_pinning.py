"""Pinning landscapes against potentials written down here, by hand."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import rows
from scipy.interpolate import BSpline

from solitons.domain_walls.pinning import (
    EndConfinement,
    HarmonicPinning,
    NoPinning,
    PeriodicPinning,
    PinningSum,
    SplinePinning,
    TabulatedPinning,
    UniformPush,
    is_convex,
)

POSITIONS = np.linspace(-40e-9, 560e-9, 37)

# The push in A/m is minus the gradient of a potential in A (that of the energy over 2 mu0 Ms S).
LANDSCAPES = {
    "none": (NoPinning(), lambda q: 0.0 * q),
    "uniform": (UniformPush(70.0), lambda q: -70.0 * q),
    "harmonic": (HarmonicPinning(stiffness=3e9, centre=200e-9), lambda q: 3e9 / 2 * (q - 200e-9) ** 2),
    "periodic": (
        PeriodicPinning(strength=500.0, period=60e-9, site=11e-9),
        lambda q: -500.0 * 60e-9 / (2 * jnp.pi) * jnp.cos(2 * jnp.pi * (q - 11e-9) / 60e-9),
    ),
    "ends": (
        EndConfinement(left=20e-9, right=480e-9, reach=7e-9, strength=2e3),
        lambda q: 2e3 * 7e-9 * (jax.nn.softplus((20e-9 - q) / 7e-9) + jax.nn.softplus((q - 480e-9) / 7e-9)),
    ),
    "sum": (
        PinningSum((UniformPush(70.0), HarmonicPinning(stiffness=3e9, centre=200e-9))),
        lambda q: -70.0 * q + 3e9 / 2 * (q - 200e-9) ** 2,
    ),
}


@pytest.fixture(autouse=True)
def float64():
    with jax.enable_x64(True):
        yield


@pytest.mark.parametrize("name", LANDSCAPES)
def test_the_push_is_minus_the_gradient_of_the_potential(name):
    landscape, potential = LANDSCAPES[name]
    expected = -jax.vmap(jax.grad(potential))(POSITIONS)
    np.testing.assert_allclose(landscape.push(POSITIONS), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", LANDSCAPES)
def test_the_push_has_the_shape_of_the_position(name):
    landscape, _ = LANDSCAPES[name]
    assert np.shape(landscape.push(1e-9)) == ()
    assert np.shape(landscape.push(np.full((2, 3), 1e-9))) == (2, 3)


def test_the_well_pulls_back_and_the_hill_pushes_away():
    well = HarmonicPinning(stiffness=3e9, centre=200e-9)
    hill = HarmonicPinning(stiffness=-3e9, centre=200e-9)
    assert well.push(210e-9) < 0 < well.push(190e-9)
    assert hill.push(190e-9) < 0 < hill.push(210e-9)


def test_ends_push_inwards_with_half_their_strength_on_the_edge():
    ends = EndConfinement(left=20e-9, right=480e-9, reach=7e-9, strength=2e3)
    np.testing.assert_allclose(ends.push(np.array([20e-9, 480e-9])), [1e3, -1e3], rtol=1e-12)
    np.testing.assert_allclose(ends.push(np.array([-1e-6, 2e-6])), [2e3, -2e3], rtol=1e-12)
    assert abs(ends.push(250e-9)) < 1e-9


def test_a_spline_is_scipys():
    coefficients = np.array([3.0, -1.0, 4.0, 1.0, -5.0, 9.0])
    spline = SplinePinning(start=100e-9, stop=350e-9, coefficients=coefficients)
    extended = np.r_[2 * 3.0 - -1.0, coefficients, 2 * 9.0 - -5.0]
    reference = BSpline(np.arange(-3.0, 9.0), extended, 3)
    inside = np.linspace(100e-9, 350e-9, 41)
    np.testing.assert_allclose(spline.push(inside), reference((inside - 100e-9) / 50e-9), rtol=1e-9, atol=1e-9)


def test_a_spline_reproduces_a_straight_line_and_holds_its_value_beyond_the_ends():
    spline = SplinePinning(start=0.0, stop=300e-9, coefficients=np.linspace(-30.0, 90.0, 5))
    inside = np.linspace(0.0, 300e-9, 23)
    np.testing.assert_allclose(spline.push(inside), -30.0 + 120.0 * inside / 300e-9, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(spline.push(np.array([-1e-6, 1e-6])), [-30.0, 90.0], rtol=1e-12)


@pytest.mark.slow
def test_a_batch_of_splines_under_vmap_is_one_by_one():
    coefficients = np.random.default_rng(3).normal(size=(4, 6))
    one_by_one = [SplinePinning(0.0, 1e-7, each).push(63e-9) for each in coefficients]
    make = eqx.filter_vmap(lambda each: SplinePinning(0.0, 1e-7, each).push(63e-9))
    np.testing.assert_allclose(make(jnp.asarray(coefficients)), one_by_one, rtol=1e-12)


@settings(max_examples=25, deadline=None)
@given(shift=st.floats(-5e-7, 5e-7), position=st.floats(-2e-7, 7e-7))
def test_moving_the_landscape_and_the_wall_together_changes_nothing(shift, position):
    with jax.enable_x64(True):  # hypothesis calls the body more often than the fixture
        for here, there in (
            (HarmonicPinning(3e9, 1e-7), HarmonicPinning(3e9, 1e-7 + shift)),
            (PeriodicPinning(5e2, 6e-8, 0.0), PeriodicPinning(5e2, 6e-8, shift)),
            (
                EndConfinement(0.0, 5e-7, 7e-9, 2e3),
                EndConfinement(shift, 5e-7 + shift, 7e-9, 2e3),
            ),
            (SplinePinning(0.0, 5e-7, [1, 5, 2.0]), SplinePinning(shift, 5e-7 + shift, [1, 5, 2.0])),
        ):
            np.testing.assert_allclose(there.push(position + shift), here.push(position), rtol=1e-6, atol=1e-6)


@rows(
    ("make", "said"),
    [
        (lambda: PeriodicPinning(1.0, 0.0, 0.0), r"PeriodicPinning\.period = 0\.0 m must be positive"),
        (lambda: EndConfinement(0.0, 1e-7, -1e-9, 1.0), r"EndConfinement\.reach = -1e-09 m"),
        (lambda: EndConfinement(2e-7, 1e-7, 1e-9, 1.0), r"left = 2e-07 m must lie left of right = 1e-07 m"),
        (lambda: SplinePinning(0.0, 0.0, [1.0, 2.0]), r"SplinePinning\.start = 0\.0 m must lie left of stop"),
        (lambda: SplinePinning(0.0, 1.0, [1.0]), r"coefficients has shape \(1,\); give at least two"),
    ],
)
def test_a_landscape_that_cannot_be_is_refused(make, said):
    with pytest.raises(ValueError, match=said):
        make()


@pytest.mark.slow
def test_which_landscapes_have_nothing_to_pass():
    notch = TabulatedPinning(0.0, 90e-9, [0.0, 300.0, -300.0, 0.0])  # one well, and a wall is caught in it or not
    ends, middle = EndConfinement(0.0, 2e-7, 2e-8, 1e4), TabulatedPinning(0.0, 90e-9, [300.0, 100.0, -100.0, -300.0])
    assert all(is_convex(each) for each in (NoPinning(), UniformPush(30.0), ends, middle, PinningSum((ends, middle))))
    hill = HarmonicPinning(stiffness=-1e10, centre=0.0)
    assert not any(is_convex(each) for each in (notch, hill, PinningSum((ends, notch))))
    assert not is_convex(SplinePinning(0.0, 9e-8, [0.0, 300.0, -300.0, 0.0]))
