import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows import rows

from runs import PiecewiseLinear


def test_interpolates_between_breakpoints_and_is_constant_outside():
    ramp = PiecewiseLinear((1.0, 3.0), (10.0, 20.0))
    assert ramp([0.0, 1.0, 2.0, 3.0, 9.0]).tolist() == [10.0, 10.0, 15.0, 20.0, 20.0]


def test_the_later_value_holds_on_a_jump():
    step = PiecewiseLinear((0.0, 1.0, 1.0, 2.0), (0.0, 0.0, 5.0, 5.0))
    assert step(1.0) == 5.0
    assert step(np.nextafter(1.0, 0.0)) == pytest.approx(0.0, abs=1e-12)


@given(st.floats(-1e12, 1e12), st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=6))
def test_scaling_scales_every_value(factor, values):
    wave = PiecewiseLinear(tuple(float(i) for i in range(len(values))), tuple(values))
    t = np.linspace(-1, len(values), 23)
    np.testing.assert_allclose((wave * factor)(t), factor * wave(t), rtol=1e-12, atol=1e-300)


@rows(
    ("times", "values", "message"),
    [
        ((), (), "at least one"),
        ((0.0, 1.0), (0.0,), "2 times and 1 values"),
        ((0.0, float("nan")), (0.0, 1.0), "not finite"),
        ((1.0, 0.5), (0.0, 1.0), r"times\[1\] = 0.5 s lies before times\[0\]"),
    ],
)
def test_bad_breakpoints_are_refused(times, values, message):
    with pytest.raises(ValueError, match=message):
        PiecewiseLinear(times, values)
