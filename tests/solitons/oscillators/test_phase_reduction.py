"""An oscillator as a phase beside the locked states of its own equations under a weak field."""

import numpy as np
import pytest

from solitons.models.loading import load_model
from solitons.oscillators import AutoOscillator
from solitons.oscillators.injection import locked_states, locking_range
from solitons.oscillators.phase_reduction import phase_of

RISING = AutoOscillator(frequency=[4e10, 2e9], damping=[4e8, 8e8], pump=2e-3)
FALLING = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3)
STILL = AutoOscillator(frequency=[4e10], damping=[4e8, 8e8], pump=2e-3)


def test_the_lag_is_that_of_the_locked_state_at_the_own_frequency():
    """The phase rests behind the field by the lag; where the frequency falls with the power, half a turn more."""
    for oscillator, current, turned in (
        (RISING, 3e11, 0),
        (FALLING, 2.6e11, np.pi),
        (load_model("oscillator"), 2.6e11, 0),
    ):
        found = phase_of(oscillator, current, 0.1, 0.0)
        (state,) = (
            each for each in locked_states(oscillator, current, 0.1, oscillator.frequency_at(current)) if each.stable
        )
        assert state.lag == pytest.approx(found.lag + turned, abs=2e-3)
    # Without a shift by the power a field in phase only moves the frequency.
    assert phase_of(STILL, 3e11, 0.1, 0.0).lag == pytest.approx(np.pi / 2)


@pytest.mark.parametrize("oscillator", [RISING, FALLING, STILL])
def test_the_coupling_is_half_of_the_range_that_a_weak_field_locks(oscillator):
    low, high = locking_range(oscillator, 2.6e11, 0.1)
    assert phase_of(oscillator, 2.6e11, 0.1, 0.0).coupling == pytest.approx((high - low) / 2, rel=2e-3)
