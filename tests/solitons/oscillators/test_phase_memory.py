"""Patterns in phases: rests, stability without a second harmonic, devices that hold couplings, and the capacity."""

import numpy as np
import pytest
from scipy import special, stats

from solitons.oscillators.hebbian_memory import (
    hebbian_matrix,
    hopfield_overlaps,
    pattern_overlaps,
    phase_overlaps,
    pseudo_inverse_matrix,
    random_patterns,
    written_couplings,
)
from solitons.oscillators.memory_capacity import HalfPoint, half_point, limit_of_sizes, recalled_shares
from solitons.oscillators.phase_networks import follow_phases, matrix_couplings, phase_velocities


def test_states_between_two_patterns_are_rests_of_pseudo_inverse_couplings():
    """cos(a) xi_1 + i sin(a) xi_2 has unit phases for any a and lies in the projector's space: a neutral line."""
    stored = random_patterns(5, 120, np.random.default_rng(1)).astype(float)
    for part in (0.0, 0.3, 0.8):
        phases = np.angle(np.cos(part) * stored[0] + 1j * np.sin(part) * stored[1])
        still = phase_velocities(matrix_couplings(pseudo_inverse_matrix(stored)), phases)
        assert np.abs(still).max() < 1e-12
    # By Hebb's rule the other patterns push.
    assert np.abs(phase_velocities(matrix_couplings(hebbian_matrix(stored)), phases)).max() > 0.05
    with pytest.raises(ValueError, match="the 2 patterns are not linearly independent; leave out equal or opposite"):
        pseudo_inverse_matrix([[1.0, -1.0], [-1.0, 1.0]])


def test_a_spread_moves_two_patterns_along_the_line_between_them():
    """The line's tangent is xi_1 xi_2 everywhere: a = t mean(omega xi_1 xi_2), and the overlap is |cos(a)|."""
    generator = np.random.default_rng(8)
    stored = random_patterns(2, 150, generator).astype(float)
    detunings = 8e-3 * generator.standard_normal(150)
    detunings -= detunings.mean()
    start = np.where(stored[0] > 0, 0.0, np.pi)
    for strength in (1.0, 3.0):
        couple = matrix_couplings(pseudo_inverse_matrix(stored, strength))
        end, _ = follow_phases(couple, start, detunings, 0.2, 3000, watch=lambda now: now[0])
        slipped = np.mean(detunings * stored[0] * stored[1]) * 600
        assert abs(slipped) > 0.3
        overlap = pattern_overlaps(np.cos(end), np.sin(end), stored[0])
        assert np.arccos(overlap) == pytest.approx(abs(slipped), rel=0.03)


def test_a_stored_pattern_is_no_stable_state_unless_it_is_alone():
    """T. Nishikawa, Y.-C. Lai and F. C. Hoppensteadt, Phys. Rev. Lett. 92, 108101 (2004)."""
    for count, stable in ((1, True), (8, False)):
        stored = random_patterns(count, 200, np.random.default_rng(2)).astype(float)
        couple, start = matrix_couplings(hebbian_matrix(stored)), np.where(stored[0] > 0, 0.0, np.pi)
        assert np.abs(phase_velocities(couple, start)).max() < 1e-12
        off = start + 1e-3 * np.random.default_rng(3).standard_normal(200)
        end, _ = follow_phases(couple, off, 0.0, 0.2, 500, watch=lambda now: now[0])
        overlap = pattern_overlaps(np.cos(end), np.sin(end), stored[0])
        assert overlap == pytest.approx(1, abs=1e-6) if stable else 0.7 < overlap < 0.99


def test_pairs_of_devices_hold_the_nearest_level_and_miss_it():
    generator = np.random.default_rng(4)
    wanted = hebbian_matrix(random_patterns(6, 100, generator), 3.0)
    # Six patterns: couplings are even multiples of K/N, which seven levels from 0 to 6 K/N hold exactly.
    assert written_couplings(wanted, 7, 0.0, generator) == pytest.approx(wanted, abs=1e-15)
    missed = (written_couplings(wanted, 7, 0.05, generator) - wanted)[~np.eye(100, dtype=bool)]
    # Two devices that miss by 5 % of the largest coupling each, over 9,900 pairs.
    assert missed.std() == pytest.approx(np.sqrt(2) * 0.05 * wanted.max(), rel=0.03)
    with pytest.raises(ValueError, match="1 levels hold no pattern; give devices with 2 or more"):
        written_couplings(wanted, 1, 0.0, generator)


def test_intervals_of_half_points_and_of_their_limit_hold_what_was_put_in():
    """Thresholds of draws are normal about a known one; a draw's starts share half of their variance."""
    generator, loads, covered = np.random.default_rng(6), np.linspace(0.03, 0.07, 17), []
    for _ in range(25):
        points = []
        for size in (1000, 2000, 4000):
            threshold = 0.042 + 4 / size
            width = 0.2 / np.sqrt(size) / np.sqrt(2)
            draws = threshold + width * (generator.standard_normal((30, 1)) + generator.standard_normal((30, 4)))
            points.append(half_point(loads, np.mean(loads < draws[..., None], axis=1)))
            covered.append(points[-1].low <= threshold <= points[-1].high)
        limit = limit_of_sizes([1000, 2000, 4000], points)
        covered.append(limit.low <= 0.042 <= limit.high)
    # 95 of 100 are expected; below 85 once in 10,000 times.
    assert sum(covered) >= 85
    shares = np.tile([1.0, 0.9, 0.8], (5, 1))
    assert np.isnan(half_point([1.0, 2.0, 3.0], shares).value)
    with pytest.raises(ValueError, match="widen the loads where none was found"):
        limit_of_sizes([1000, 2000], [half_point([1.0, 2.0, 3.0], shares)] * 2)
    assert half_point([1.0, 2.0, 3.0, 4.0], np.array([[1.0, 0.5, 0.5, 0.0]] * 2)).value == 2.5
    line = [HalfPoint(0.04 + 16 * size**-0.8, 0.0, 1.0, np.array([0.0, 1e-3])) for size in (1e3, 4e3, 8e3)]
    assert limit_of_sizes([1e3, 4e3, 8e3], line, power=0.8).value == pytest.approx(0.04)


def test_spins_remember_as_well_as_theory_has_it():
    """D. J. Amit, H. Gutfreund and H. Sompolinsky (1985) at no temperature: m = erf(x), x sqrt(2 alpha) = erf(x) -
    2 x exp(-x^2) / sqrt(pi), whose solution ends at alpha = 0.138."""
    x = np.linspace(0.5, 4, 40_001)
    loads = ((special.erf(x) - 2 * x * np.exp(-(x**2)) / np.sqrt(np.pi)) / x) ** 2 / 2
    assert loads.max() == pytest.approx(0.138, abs=5e-4)
    generator = np.random.default_rng(7)
    for load, wrong in ((0.1, 1.0e-3), (0.12, 3.39e-3)):
        expected = (1 - special.erf(np.interp(-load, -loads[loads.argmax() :], x[loads.argmax() :]))) / 2
        assert expected == pytest.approx(wrong, rel=0.01)
        several = [random_patterns(round(2000 * load), 2000, generator) for _ in range(8)]
        overlaps = np.concatenate([hopfield_overlaps(stored, 8, generator) for stored in several])
        # Standard error 12 % of the wrong bits.
        assert (1 - overlaps[overlaps > 0.6].mean()) / 2 == pytest.approx(expected, rel=0.3)
    with pytest.raises(ValueError, match=r"0\.001 of 1000 oscillators are 1 patterns, and 4 are recalled"):
        recalled_shares(1000, [0.001, 0.1], 1, 4, 0)


@pytest.mark.slow
def test_capacities_are_the_published_ones():
    """0.042 N: T. Aonishi, Phys. Rev. E 58, 4865 (1998). 0.138 N: D. J. Amit, H. Gutfreund and H. Sompolinsky, Phys.
    Rev. Lett. 55, 1530 (1985); lines in 1/N end above."""
    sizes = [500, 1000, 2000]
    loads = [0.034, 0.038, 0.042, 0.046, 0.05, 0.054, 0.06]
    shares = [recalled_shares(size, loads, 40, 4, 11) for size in sizes]
    limit = limit_of_sizes(sizes, [half_point(loads, each) for each in shares])
    assert limit.value == pytest.approx(0.042, abs=0.004)
    # Eight draws at N = 2,000 that another program made recalled 0.88, 0.62 and 0.25 of the patterns.
    for load, others in ((0.038, 7), (0.042, 5), (0.046, 2)):
        share = shares[2][:, loads.index(load)].mean()
        assert stats.binomtest(others, 8, share).pvalue > 0.01
    spin_loads = [0.13, 0.14, 0.15, 0.16, 0.17, 0.19, 0.22]
    spins = limit_of_sizes(
        sizes, [half_point(spin_loads, recalled_shares(size, spin_loads, 40, 4, 11, "spins")) for size in sizes]
    )
    assert 0.136 < spins.value < 0.154
    generator = np.random.default_rng(12)
    phases = phase_overlaps(random_patterns(160, 4000, generator), 8, generator)
    assert 0.65 < phases[phases > 0.6].mean() < 0.78
