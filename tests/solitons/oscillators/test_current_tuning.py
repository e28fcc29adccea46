"""The tuning of oscillators by a current, and where there is none."""

import pytest
from rows import rows

from solitons.oscillators import AutoOscillator
from solitons.oscillators.current_tuning import CurrentTuning, tuning_of
from solitons.oscillators.injection import locking_range

ONE = AutoOscillator(frequency=[4e10, -2e10], damping=[4e8, 8e8], pump=2e-3)


def test_the_tuning_of_a_fitted_oscillator_is_its_own():
    """Falling with the current; half widths as the exact borders of a weak field have them."""
    tuning = tuning_of(ONE, 2.5e11, 4e11, 8.0)
    for current in (2.6e11, 3.33e11, 3.9e11):
        assert tuning.frequency(current) == pytest.approx(ONE.frequency_at(current), rel=1e-4)
        low, high = locking_range(ONE, current, 8.0)
        assert tuning.half_width(current) == pytest.approx((high - low) / 2, rel=0.02)
        assert tuning.current(tuning.frequency(current)) == pytest.approx(current)
    assert tuning.frequencies[0] > tuning.frequencies[-1]
    assert tuning.current([0.0, 1e12]).tolist() == [4e11, 2.5e11]  # beyond the range: its nearer end


@rows(
    ("make", "said"),
    [
        (lambda: tuning_of(ONE, 1e11, 4e11, 8.0), r"below its threshold of 2e\+11 A/m2"),
        (lambda: CurrentTuning((1.0, 2.0, 3.0), (5.0, 6.0, 5.5), (1.0,) * 3), "turns back near 2 A/m2"),
        (lambda: CurrentTuning((2.0, 1.0), (5.0, 6.0), (1.0,) * 2), "must rise"),
        (lambda: CurrentTuning((1.0, 2.0), (5.0, 5.0), (1.0,) * 2), "turns back near 1 A/m2"),
    ],
)
def test_what_is_no_tuning_is_refused(make, said):
    with pytest.raises(ValueError, match=said):
        make()
