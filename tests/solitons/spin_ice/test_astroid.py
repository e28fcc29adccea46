import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows import rows
from scipy.optimize import brentq

from solitons.spin_ice import SwitchingAstroid

shapes = st.builds(
    SwitchingAstroid,
    b=st.floats(0.2, 1.5),
    c=st.floats(0.2, 1.5),
    beta=st.floats(1, 4),
    gamma=st.floats(1, 4),
)


@pytest.mark.parametrize("degrees", [1, 10, 30, 45, 60, 80, 89])
def test_coherent_rotation_has_the_classical_astroid(degrees):
    # The largest field at which the moment, pushed back by it, still has an equilibrium: written as torque
    # balance h sin(theta - phi) = sin(2 phi) / 2 with the field at theta against the moment.
    theta = np.pi - np.deg2rad(degrees)
    phi = np.linspace(0, theta, 2_000_001)[1:-1]
    balance = np.sin(2 * phi) / 2 / np.sin(theta - phi)
    first = np.argmax(np.diff(balance) < 0)
    assert SwitchingAstroid().switching_field(np.deg2rad(degrees), 1.0) == pytest.approx(balance[first], rel=1e-9)


@given(shapes, st.floats(0, 2 * np.pi), st.floats(1e3, 1e6))
def test_the_switching_field_lies_on_the_astroid(astroid, angle, scale):
    field = astroid.switching_field(angle, scale)
    against, across = abs(np.cos(angle)) * field, np.sin(angle) * field
    if against > 1e-9 * field:
        assert astroid.instability(against, across, scale) == pytest.approx(0, abs=1e-9)
    assert astroid.instability(against * 1.01, across * 1.01, scale) > 0 or against == 0
    assert astroid.instability(-against - 1, 1.5 * across, scale) == -1


@given(shapes, st.floats(0, 1.2))
def test_the_easy_axis_limit_lies_on_the_astroid(astroid, across):
    limit = float(astroid.easy_axis_limit(across, 1.0))
    if across < astroid.c * (1 - 1e-6):
        found = brentq(lambda against: astroid.instability(against, across, 1.0), 1e-300, 10, xtol=1e-14)
        assert limit == pytest.approx(found, rel=1e-6, abs=1e-9)
    elif across >= astroid.c:
        assert limit == 0


def test_the_axes_give_b_and_c():
    astroid = SwitchingAstroid(b=0.4, c=0.9, beta=1.7, gamma=2.7)
    found = astroid.switching_field([0, np.pi, np.pi / 2], 2e5)
    # cos(pi / 2) is 6e-17 in floats, and 1e-12 to the power 2 / gamma.
    np.testing.assert_allclose(found, [8e4, 8e4, 1.8e5], rtol=1e-11)


@rows("bad", [0.0, -1.0, np.nan, np.inf, [1.0, 2.0]])
@rows("name", ["b", "c", "beta", "gamma"])
def test_bad_parameters_are_named(name, bad):
    with pytest.raises(ValueError, match=rf"SwitchingAstroid\.{name}"):
        SwitchingAstroid(**{name: bad})
