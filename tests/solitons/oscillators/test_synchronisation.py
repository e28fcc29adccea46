"""Who follows which signal: Adler's equation, pairs, an independent integration, noise, and the rule of training."""

import numpy as np
import pytest
from rows import rows

from solitons.oscillators.phase_networks import follow_phases, matrix_couplings
from solitons.oscillators.synchronisation import (
    Record,
    SignalledOscillators,
    mean_frequencies,
    synchronised,
    tuned_towards,
)

LONG = Record(waiting=2e-6, length=60e-6)
SHORT = Record(waiting=1e-6, length=4e-6)


def test_one_oscillator_slips_at_adlers_beat():
    """R. Adler, Proc. IRE 34, 351 (1946): held within the half width, then off by sqrt(detuning^2 - half width^2)."""
    detuning = np.array([-30e6, -9e6, -6.2e6, -5.9e6, 0.0, 3e6, 5.9e6, 6.2e6, 12e6])
    own = SignalledOscillators((400e6,), (6e6,))
    found = mean_frequencies(own, 400e6 + detuning[:, None], LONG)[:, 0]
    beat = np.sign(detuning) * np.sqrt(np.maximum(detuning**2 - 6e6**2, 0))
    assert found == pytest.approx(400e6 + detuning - beat, abs=1.2 * LONG.resolution)


def test_two_oscillators_meet_in_the_middle_within_twice_their_half_width():
    for apart in (0.5e6, 3.8e6, 4.3e6, 10e6):
        own = SignalledOscillators((200e6, 200e6 + apart), (0.0, 0.0), coupling=2e6)
        (found,) = mean_frequencies(own, np.empty((1, 0)), LONG)
        assert found.sum() == pytest.approx(400e6 + apart, abs=1e3)  # what pulls one pushes the other
        left = np.sqrt(max(apart**2 - 4e6**2, 0.0))
        assert found[1] - found[0] == pytest.approx(left, abs=1.2 * LONG.resolution), apart


def test_three_networks_are_as_another_integration_has_them():
    """Signals as oscillators that nothing moves, in Heun's rule of `follow_phases` with a third of the step."""
    generator = np.random.default_rng(4)
    for count, coupling in ((2, 3e6), (4, 1e6), (5, 2.5e6)):
        own = 250e6 + generator.uniform(-20e6, 20e6, count)
        signals = 250e6 + generator.uniform(-20e6, 20e6, (12, 2))
        widths = generator.uniform(3e6, 6e6, count)
        found = mean_frequencies(SignalledOscillators(tuple(own), tuple(widths), coupling), signals, SHORT)
        matrix = np.zeros((count + 2, count + 2))
        matrix[:count, :count] = 2 * np.pi * coupling
        matrix[:count, count:] = 2 * np.pi * widths[:, None]
        velocities = 2 * np.pi * (np.hstack([np.tile(own, (12, 1)), signals]) - 250e6)
        couple, step = matrix_couplings(matrix), 0.4e-9
        start, _ = follow_phases(couple, np.zeros(velocities.shape), velocities, step, 2500, watch=np.max)
        end, _ = follow_phases(couple, start, velocities, step, 10_000, watch=np.max)
        expected = 250e6 + (end - start)[:, :count] / (2 * np.pi * 10_000 * step)
        patterns = [synchronised(each, signals, SHORT.resolution) for each in (found, expected)]
        assert np.mean(patterns[0] == patterns[1]) > 0.97
        assert np.median(np.abs(found - expected)) < 0.2 * SHORT.resolution


def test_between_two_equal_signals_an_oscillator_follows_none():
    """By symmetry: theta = 0 solves the equation halfway between them, and it stays near."""
    signals = np.array([[298e6, 302e6], [285e6, 315e6]])
    found = mean_frequencies(SignalledOscillators((300e6,), (5e6,)), signals, SHORT)
    assert found == pytest.approx(300e6, abs=SHORT.resolution)
    assert synchronised(found, signals, SHORT.resolution).tolist() == [[0], [0]]


def test_noise_spreads_the_mean_frequency_as_its_line_is_wide():
    """The phase's variance is 2 pi linewidth T, so that of the mean frequency is linewidth / (2 pi T)."""
    own = SignalledOscillators((100e6,) * 5, (0.0,) * 5, linewidth=2e6)
    found = mean_frequencies(own, np.full((200, 1), 101e6), SHORT, seed=3)
    assert found.std() == pytest.approx(np.sqrt(2e6 / (2 * np.pi * SHORT.length)), rel=0.07)
    assert found.mean() == pytest.approx(100e6, abs=4 * found.std() / np.sqrt(found.size))
    assert np.abs(np.corrcoef(found.T) - np.eye(5)).max() < 0.25
    one = mean_frequencies(own, [[101e6]], SHORT, seed=3, numbers=[17])
    assert one[0] == pytest.approx(found[17])
    assert mean_frequencies(own, np.full((200, 1), 101e6), SHORT, seed=3, threads=1).tolist() == found.tolist()


@rows(
    ("own", "found", "wanted", "expected"),
    [
        (10.0, 1, 1, 10.0),  # right: stays
        (10.0, 0, 1, 11.0),  # towards A
        (13.6, 2, 1, 14.0),  # onto A, although it followed B
        (10.0, 0, 2, 9.0),
        (14.2, 1, 0, 15.2),  # away from A
        (13.8, 1, 0, 12.8),
        (5.0, 2, 0, 6.0),  # exactly at B: upwards
        (10.0, 0, 0, 10.0),
    ],
)
def test_an_oscillator_is_tuned_towards_what_it_should_follow(own, found, wanted, expected):
    assert tuned_towards([own], [14.0, 5.0], [found], [wanted], 1.0).tolist() == pytest.approx([expected])


def test_a_pattern_is_the_nearest_signal_within_the_tolerance():
    patterns = synchronised([[1.0, 2.0, 3.2]], [[1.05, 1.98, 1.03]], 0.1)
    assert patterns.tolist() == [[3, 2, 0]]


@rows(
    ("make", "said"),
    [
        (lambda: heard((1e8,), ()), "each have one half width"),
        (lambda: heard((1e8,), (-1.0,)), "0 or above"),
        (lambda: heard((np.nan,), (1.0,)), "must be finite"),
        (lambda: heard((1e8,), (1e6,), np.inf), "must be finite"),
        (lambda: Record(length=0), "greater than 0"),
    ],
)
def test_what_has_no_frequency_is_refused(make, said):
    with pytest.raises(ValueError, match=said):
        make()


def heard(frequencies, half_widths, signal=1e8):
    return mean_frequencies(SignalledOscillators(frequencies, half_widths), [[signal]], SHORT)
