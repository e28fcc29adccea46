"""Bits that junctions keep and that pulses write, beside the rates of one junction and drawn populations."""

import numpy as np
import pytest

from solitons.junctions.junction_spread import JunctionSpread
from solitons.junctions.rates import SwitchingRates
from solitons.junctions.stored_bits import kept_for, write_error

RATES = SwitchingRates(attempt_rate=1e9, stability=20.0, critical_current=2e11)
ALIKE = JunctionSpread()
UNLIKE = JunctionSpread([0.05, 0.02], [0.05, -0.01], [0.0, 0.04])


def test_junctions_that_are_alike_flip_by_their_rates():
    up, down = (float(each) for each in RATES.rates(0.0))
    time = kept_for(RATES, ALIKE, 1, 0.1, 300.0)
    assert 0.5 * (1 - np.exp(-(up + down) * time)) == pytest.approx(0.1)
    # Warmer by a tenth, the barrier is lower by a tenth in k T.
    warm = SwitchingRates(attempt_rate=1e9, stability=20.0 / 1.1, critical_current=2e11)
    assert kept_for(RATES, ALIKE, 1, 0.1, 330.0) == pytest.approx(kept_for(warm, ALIKE, 1, 0.1, 300.0))


def test_unlike_junctions_flip_and_are_written_as_a_drawn_population():
    barrier, critical, _ = UNLIKE.drawn(np.random.default_rng(1), (200_000,))
    drawn = SwitchingRates(attempt_rate=1e9, stability=20.0 * barrier, critical_current=2e11 * critical)
    time = kept_for(RATES, UNLIKE, 24, 0.01, 300.0)
    each = drawn.probability(0.0, time).mean()
    assert 1 - (1 - each) ** 24 == pytest.approx(0.01, rel=0.02)
    missed = 1 - drawn.probability(1.4e11, 1e-8)
    assert write_error(RATES, UNLIKE, 1.4e11, 1e-8) == pytest.approx(missed.mean(), rel=0.02)


def test_times_have_ends():
    stable = SwitchingRates(attempt_rate=1e9, stability=120.0, critical_current=2e11)
    assert kept_for(stable, ALIKE, 24, 0.01, 300.0) == 1e18
    loose = SwitchingRates(attempt_rate=1e12, stability=0.5, critical_current=2e11)
    assert 0 < kept_for(loose, ALIKE, 512, 0.01, 1000.0) < 1e-15


def test_the_worse_direction_of_a_write_counts():
    lopsided = SwitchingRates(attempt_rate=1e9, stability=20.0, critical_current=2e11, offset=2e10)
    expected = 1 - lopsided.probability(1.5e11, 1e-8, state=-1)
    assert write_error(lopsided, ALIKE, 1.5e11, 1e-8) == pytest.approx(float(expected))
