"""Bits that junctions keep and that pulses write, beside the rates of one junction and drawn populations."""

import numpy as np
import pytest

from solitons.junctions.junction_spread import JunctionSpread
from solitons.junctions.rates import SwitchingRates
from solitons.junctions.stored_bits import flipped_share, kept_for, write_error

RATES = SwitchingRates(attempt_rate=1e9, stability=20.0, critical_current=2e11)
ALIKE = JunctionSpread()
UNLIKE = JunctionSpread([0.05, 0.02], [0.05, -0.01], [0.0, 0.04])


def test_junctions_that_are_alike_flip_by_their_rates():
    up, down = (float(each) for each in RATES.rates(0.0))
    expected = 0.5 * (1 - np.exp(-(up + down) * 1e-3))
    assert flipped_share(RATES, ALIKE, 1e-3, 300.0) == pytest.approx(expected)
    # Warmer by a tenth, the barrier is lower by a tenth in k T.
    warm = SwitchingRates(attempt_rate=1e9, stability=20.0 / 1.1, critical_current=2e11)
    assert flipped_share(RATES, ALIKE, 1e-4, 330.0) == pytest.approx(flipped_share(warm, ALIKE, 1e-4, 300.0))


def test_unlike_junctions_flip_and_are_written_as_a_drawn_population():
    barrier, critical, _ = UNLIKE.drawn(np.random.default_rng(1), (200_000,))
    drawn = SwitchingRates(attempt_rate=1e9, stability=20.0 * barrier, critical_current=2e11 * critical)
    assert flipped_share(RATES, UNLIKE, 1e-3, 300.0) == pytest.approx(drawn.probability(0.0, 1e-3).mean(), rel=0.02)
    missed = 1 - drawn.probability(1.4e11, 1e-8)
    assert write_error(RATES, UNLIKE, 1.4e11, 1e-8) == pytest.approx(missed.mean(), rel=0.02)


def test_a_word_is_kept_until_one_junction_in_it_is_likely_flipped():
    time = kept_for(RATES, UNLIKE, 24, 0.01, 300.0)
    each = flipped_share(RATES, UNLIKE, time, 300.0)
    assert 1 - (1 - each) ** 24 == pytest.approx(0.01, rel=1e-6)
    stable = SwitchingRates(attempt_rate=1e9, stability=120.0, critical_current=2e11)
    assert kept_for(stable, ALIKE, 24, 0.01, 300.0) == 1e18


def test_the_worse_direction_of_a_write_counts():
    lopsided = SwitchingRates(attempt_rate=1e9, stability=20.0, critical_current=2e11, offset=2e10)
    expected = 1 - lopsided.probability(1.5e11, 1e-8, state=-1)
    assert write_error(lopsided, ALIKE, 1.5e11, 1e-8) == pytest.approx(float(expected))
