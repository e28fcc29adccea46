"""Kuramoto's equation beside closed forms: Adler's pair, the onset with a spread, diffusion, order with heat."""

import numpy as np
import pytest
from rows import rows
from scipy import optimize, special

from solitons.attractors.patterns import hebbian_couplings, hebbian_matrix, random_patterns
from solitons.oscillators.phase_memory import pattern_overlaps
from solitons.oscillators.phase_networks import align_phases, follow_phases, matrix_couplings

STRENGTH = 2e8


def order(phases):
    return np.abs(np.mean(np.exp(1j * phases), axis=-1))


def test_one_oscillator_under_a_drive_locks_and_slips_as_adler_has_it():
    """R. Adler, Proc. IRE 34, 351 (1946): locked at arcsin(detuning / K), beat sqrt(detuning^2 - K^2) beyond K."""
    detuning = STRENGTH * np.array([-1.5, -0.9, 0.5, 0.99, 1.02, 1.5, 3.0])
    driven = matrix_couplings([[0.0, STRENGTH], [0.0, 0.0]])
    frequencies = np.stack([detuning, np.zeros_like(detuning)], axis=-1)
    _, kept = follow_phases(driven, np.zeros((7, 2)), frequencies, 0.05 / STRENGTH, 20_000, watch=lambda now: now[:, 0])
    locked = np.abs(detuning) < STRENGTH
    ahead = kept[-1, locked] / np.arcsin(detuning[locked] / STRENGTH)
    assert ahead == pytest.approx(1, rel=1e-6)
    # Whole slips: from the first to the last passage of the same phase.
    for phases, offset in zip(np.abs(kept[:, ~locked]).T, detuning[~locked], strict=True):
        turns = np.interp(2 * np.pi * np.arange(1, phases[-1] // (2 * np.pi)), phases, np.arange(phases.size))
        beat = 2 * np.pi / np.diff(turns).mean() * STRENGTH / 0.05
        assert beat == pytest.approx(np.sqrt(offset**2 - STRENGTH**2), rel=1e-3)


def test_a_lag_of_a_pair_leaves_the_cosine_and_moves_both():
    """By hand: the difference d has d' = detuning - 2 K cos(lag) sin(d), and the mean K sin(lag) cos(d) less."""
    pair = matrix_couplings(STRENGTH * np.array([[0.0, 1.0], [1.0, 0.0]]))
    detuning, lag = 0.9 * STRENGTH, np.array([0.0, 0.6, -1.0])[:, None]
    frequencies, step = np.array([0.0, detuning]), 0.05 / STRENGTH
    _, kept = follow_phases(pair, np.zeros((3, 2)), frequencies, step, 2000, lag=lag)
    ahead = kept[-1, :, 1] - kept[-1, :, 0]
    assert ahead == pytest.approx(np.arcsin(0.45 / np.cos(lag[:, 0])), rel=1e-6)
    mean = (kept[-1] - kept[-2]).mean(axis=-1) / step
    assert mean == pytest.approx(0.45 * STRENGTH - STRENGTH * np.sin(lag[:, 0]) * np.cos(ahead), rel=1e-3)


def test_a_lorentz_spread_synchronises_above_kuramotos_onset():
    """Y. Kuramoto (1984): K_c = 2 / (pi g(0)), 2 gamma for a Lorentz spread gamma, and r = sqrt(1 - K_c / K)."""
    size, steps = 2000, 1500
    # Even parts of the distribution; its tails take no part and would need short steps.
    lorentz = np.clip(np.tan(np.pi * ((np.arange(size) + 0.5) / size - 0.5)), -30, 30)
    start = np.random.default_rng(1).uniform(0, 2 * np.pi, size)
    for over, expected in ((0.6, 0.0), (1.5, np.sqrt(1 / 3)), (2.5, np.sqrt(0.6))):
        everyone = hebbian_couplings(np.ones((1, size)), 2.0 * over)
        _, kept = follow_phases(everyone, start, lorentz, 0.015, steps, watch=order)
        assert kept[-steps // 3 :].mean() == pytest.approx(expected, abs=0.06 if over < 1 else 0.02)


def test_a_lone_phase_diffuses_by_two_pi_linewidths():
    """A Lorentz line of the full width Delta f is a phase whose variance grows as 2 pi Delta f t (A. L. Schawlow)."""
    linewidth = np.repeat([1e6, 4e6], 8000)
    alone, generator = hebbian_couplings(np.ones((1, 16_000)), 0.0), np.random.default_rng(2)
    end, _ = follow_phases(alone, np.zeros(16_000), 0.0, 1e-9, 50, linewidth=linewidth, generator=generator)
    variances = end.reshape(2, -1).var(axis=-1)
    # Standard error 1.6 %.
    assert variances / (2 * np.pi * np.array([1e6, 4e6]) * 50e-9) == pytest.approx(1, rel=0.05)


def test_heat_orders_equal_oscillators_as_in_the_mean_field():
    """With D = pi Delta f, r = I_1(K r / D) / I_0(K r / D) above K_c = 2 D (J. A. Acebron et al. (2005), their section
    on identical oscillators with noise)."""
    linewidth, size, generator = 1 / np.pi, 3000, np.random.default_rng(3)
    for strength in (1.0, 3.0, 6.0):
        everyone = hebbian_couplings(np.ones((1, size)), strength)
        _, kept = follow_phases(
            everyone, np.zeros(size), 0.0, 0.02, 800, linewidth=linewidth, generator=generator, watch=order
        )
        found = kept[500:].mean()
        if strength < 2:
            assert found < 0.06
        else:
            expected = optimize.brentq(lambda r, k=strength: special.i1e(k * r) / special.i0e(k * r) - r, 0.1, 1.0)
            assert found == pytest.approx(expected, abs=0.02)


def test_alignment_comes_to_the_rests_of_the_equation_of_motion():
    size, generator, agreed = 800, np.random.default_rng(5), []
    for count in (24, 32, 72):
        stored = random_patterns(count, size, generator)
        couple, cut = hebbian_couplings(stored), stored[:3].astype(float)
        start = np.where(cut > 0, 0.0, np.pi) + 0.1 * generator.standard_normal(cut.shape)
        moved, _ = follow_phases(couple, start, 0.0, 0.2, 800, watch=lambda now: now[:, 0])
        turned, rested = align_phases(couple, start, tolerance=1e-6)
        assert rested.all()
        field = couple(np.stack([np.cos(turned), np.sin(turned)]))
        assert np.abs(np.cos(turned) * field[1] - np.sin(turned) * field[0]).max() < 1e-4
        overlaps = [pattern_overlaps(np.cos(each), np.sin(each), cut) for each in (moved, turned)]
        agreed += list(zip(*overlaps, strict=True))
    moved, turned = np.array(agreed).T
    # Lost states go to other rests; what is recalled is the same, and how well.
    assert list(moved > 0.6) == list(turned > 0.6)
    assert moved[moved > 0.6] == pytest.approx(turned[moved > 0.6], abs=0.01)
    assert 5 <= np.sum(moved > 0.6) <= 8


def test_a_memory_of_few_patterns_slips_along_the_line_between_them():
    """What is recalled after 240/K is no rest: much later one start of three is lost."""
    size, generator = 400, np.random.default_rng(5)
    stored = random_patterns(4, size, generator)
    couple, cut = hebbian_couplings(stored), stored[:3].astype(float)
    start = np.where(cut > 0, 0.0, np.pi) + 0.1 * generator.standard_normal(cut.shape)
    end, _ = follow_phases(couple, start, 0.0, 0.2, 1200, watch=lambda now: now[:, 0])
    late, _ = align_phases(couple, end, tolerance=1e-7, most_steps=4000)
    overlaps = [pattern_overlaps(np.cos(each), np.sin(each), cut) for each in (end, late)]
    assert [int(np.sum(each > 0.6)) for each in overlaps] == [3, 2]


@rows(
    ("wrong", "said"),
    [
        (lambda: matrix_couplings(np.ones((2, 3))), r"J has the shape \(2, 3\); give a square matrix"),
        (lambda: matrix_couplings([[0.0, np.nan], [0.0, 0.0]]), "finite"),
        (lambda: follow(linewidth=1e6), "give a generator that draws it"),
        (lambda: follow(step=1.0), "advances by 2 rad in a step of 1 s; at most 0.5 rad: use shorter steps"),
        (lambda: follow(step=np.nan), "advances by nan rad"),
    ],
)
def test_what_cannot_be_followed_is_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        wrong()


def follow(step=0.1, **more):
    return follow_phases(matrix_couplings(hebbian_matrix(np.ones((1, 2)))), np.zeros(2), 2.0, step, 1, **more)
