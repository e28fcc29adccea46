"""Rules of couplings: pairs of devices that hold them, and the chance that a pattern is exactly stable."""

import numpy as np
import pytest

from solitons.attractors.patterns import (
    hebbian_matrix,
    random_patterns,
    stable_chance,
    written_couplings,
    wrong_bit_chance,
)


def test_pairs_of_devices_hold_the_nearest_level_and_miss_it():
    generator = np.random.default_rng(4)
    wanted = hebbian_matrix(random_patterns(6, 100, generator), 3.0)
    # Six patterns: couplings are even multiples of K/N, which seven levels from 0 to 6 K/N hold exactly.
    assert written_couplings(wanted, 7, 0.0, generator) == pytest.approx(wanted, abs=1e-15)
    # The range may be given: half levels of a wider one, and clipped in a narrower one.
    wide, narrow = (written_couplings(wanted, 7, 0.0, generator, largest=part * wanted.max()) for part in (2, 0.5))
    assert np.abs(wide).max() / wanted.max() == pytest.approx(1.0)
    assert np.unique(np.abs(wide).round(9)).size == 4
    assert narrow == pytest.approx(np.clip(wanted, narrow.min(), narrow.max()))
    assert np.abs(narrow).max() == pytest.approx(wanted.max() / 2)
    missed = (written_couplings(wanted, 7, 0.05, generator) - wanted)[~np.eye(100, dtype=bool)]
    # Two devices that miss by 5 % of the largest coupling each, over 9,900 pairs.
    assert missed.std() == pytest.approx(np.sqrt(2) * 0.05 * wanted.max(), rel=0.03)
    with pytest.raises(ValueError, match="1 levels hold no pattern; give devices with 2 or more"):
        written_couplings(wanted, 1, 0.0, generator)


@pytest.mark.parametrize(
    ("count", "error", "diagonal"), [(40, 0.0, False), (50, 0.0, False), (50, 0.0, True), (30, 8e-3, False)]
)
def test_the_chance_of_a_stable_pattern_is_the_closed_form(count, error, diagonal):
    """Wrong bits of a draw are not independent: their limit is by draws. More patterns are stable than by independent
    neurons, 0.06 more with 50 of 400; without its diagonal, or its error, each case is far away."""
    size, draws, generator = 400, 150, np.random.default_rng(11)
    wrong, stable = [], []
    for _ in range(draws):
        stored = random_patterns(count, size, generator).astype(float)
        couplings = stored.T @ stored / size
        if not diagonal:
            np.fill_diagonal(couplings, 0.0)
        couplings += error * generator.standard_normal(couplings.shape)
        failing = (stored @ couplings) * stored < 0
        wrong.append(failing.mean())
        stable.append(np.mean(~failing.any(axis=1)))
    expected = wrong_bit_chance(size, count, error=error, diagonal=diagonal)
    assert np.mean(wrong) == pytest.approx(expected, abs=3 * np.std(wrong) / np.sqrt(draws))
    assert 0 < np.mean(stable) - stable_chance(size, count, error=error, diagonal=diagonal) < 0.07
    other = {"error": error, "diagonal": not diagonal}
    assert abs(stable_chance(size, count, **other) - np.mean(stable)) > 0.1
