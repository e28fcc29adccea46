"""Pinning landscapes against potentials written down here, by hand."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
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


def test_a_spline_is_scipys_and_holds_its_value_beyond_the_ends():
    coefficients = np.array([3.0, -1.0, 4.0, 1.0, -5.0, 9.0])
    spline = SplinePinning(start=100e-9, stop=350e-9, coefficients=coefficients)
    extended = np.r_[2 * 3.0 - -1.0, coefficients, 2 * 9.0 - -5.0]
    reference = BSpline(np.arange(-3.0, 9.0), extended, 3)
    inside = np.linspace(100e-9, 350e-9, 41)
    np.testing.assert_allclose(spline.push(inside), reference((inside - 100e-9) / 50e-9), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(spline.push(np.array([-1e-6, 1e-6])), [3.0, 9.0], rtol=1e-12)


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
