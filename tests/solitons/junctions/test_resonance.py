import numpy as np
import pytest
from rows import rows
from scipy import stats

from analysis import signal_to_noise
from solitons.junctions import (
    PeriodicDrive,
    SwitchingRates,
    adiabatic_resonance,
    axial_fokker_planck,
    count_half_periods,
    drive_response,
    fokker_planck_rates,
    follow_macrospins,
    follow_rates,
    mean_states,
    thermal_states,
)
from solitons.junctions.driven_rates import NoisyRates
from solitons.junctions.driven_telegraph import residence_share, states_at
from solitons.junctions.resonance_theory import square_wave_locking
from solitons.junctions.sphere_fokker_planck import sphere_fokker_planck

from .conftest import disc, ellipse

JUNCTION = SwitchingRates(attempt_rate=1e9, stability=6.0, critical_current=1e10)
# Weak and strong, slow and fast, on either side of the matching of times at 0.8 MHz.
DRIVES = [
    PeriodicDrive(3e8, 1e6),
    PeriodicDrive(2e9, 3e7),
    PeriodicDrive(3e9, 1e6, "square"),
    PeriodicDrive(1e9, 1e5, "square", offset=3e8),
]
# How often one of these statistical tests would fail although all is well, over the choice of its seed.
FALSE_ALARM = 1e-3


def agrees(values, expected):
    """Whether the mean of independent members is what is expected, by Student's t."""
    kept = values[np.isfinite(values)]
    return stats.ttest_1samp(kept, expected).pvalue > FALSE_ALARM


@pytest.mark.parametrize("drive", DRIVES)
def test_followed_flips_have_the_exact_statistics(drive):
    exact = drive_response(JUNCTION, drive)
    flips = follow_rates(JUNCTION, drive, periods=150, members=60, seed=7)
    following, locked = count_half_periods(flips)
    assert agrees(following, exact.following)
    assert agrees(locked, exact.fraction_locked)
    assert agrees(residence_share(flips), exact.residence_share)
    ups = np.bincount(flips.member.values[flips.upper.values], minlength=60) / 150 * drive.frequency
    assert agrees(ups, exact.mean_frequency)
    seen = signal_to_noise(mean_states(flips, 1 / drive.frequency / 64), drive.frequency)
    assert agrees(seen.noise.values, exact.noise_density)
    assert agrees(seen.sine.values, exact.amplitude * np.cos(exact.lag))
    assert agrees(seen.cosine.values, -exact.amplitude * np.sin(exact.lag))
    assert agrees(seen.signal.values, exact.amplitude**2 / 2)


def test_a_weak_sine_has_the_adiabatic_theorys_response():
    rate = float(JUNCTION.rates(0.0)[0])
    for frequency in (1e3, 1e6, 1e8):
        drive = PeriodicDrive(1e7, frequency)
        # d ln(rate) / di = n Delta - 1.
        amplitude, ratio = adiabatic_resonance(rate, 11 * drive.fundamental / 1e10, frequency)
        exact = drive_response(JUNCTION, drive)
        assert exact.amplitude == pytest.approx(amplitude, rel=1e-3)
        assert exact.signal_to_noise == pytest.approx(ratio, rel=1e-3)
        assert np.tan(exact.lag) == pytest.approx(np.pi * frequency / rate, rel=1e-3)


def test_the_ratio_peaks_at_two_and_a_half_k_t_whatever_the_frequency_and_the_amplitude_does_not():
    barriers = np.linspace(1.5, 12, 400)
    for frequency in (1e5, 1e7):
        found = [
            drive_response(JUNCTION.at_temperature(300 * 6 / each), PeriodicDrive(2e7, frequency), steps=64)
            for each in barriers
        ]
        ratio, amplitude = (np.array([getattr(e, name) for e in found]) for name in ("signal_to_noise", "amplitude"))
        assert barriers[ratio.argmax()] == pytest.approx(2.5, abs=0.06)
        # 2 r = omega sqrt(Delta - 1 - 1 / n)
        best = barriers[amplitude.argmax()]
        assert 1e9 * np.exp(-best) == pytest.approx(np.pi * frequency * np.sqrt(best - 1.5), rel=0.06)
        # It is a fifth hotter than where twice the mean dwell is a period.
        assert np.log(1e9 / (2 * frequency)) / best == pytest.approx(1.2, abs=0.05)


def test_a_barrier_that_hardly_lets_a_flip_through_keeps_its_digits():
    stable = SwitchingRates(attempt_rate=2e9, stability=80.0, critical_current=5e10)
    found = drive_response(stable, PeriodicDrive(5e7, 1e6), steps=64)
    rate = float(stable.rates(0.0)[0])
    amplitude, ratio = adiabatic_resonance(rate, 159 * 1e-3, 1e6)
    assert found.probability[0] == pytest.approx(0.5, rel=1e-3)
    assert found.mean_frequency == pytest.approx(rate / 2, rel=0.01)
    assert found.signal_to_noise == pytest.approx(ratio, rel=0.02)
    assert found.amplitude == pytest.approx(amplitude, rel=0.02)
    assert found.lag == pytest.approx(np.pi / 2, rel=1e-6)
    assert amplitude < 1e-30


@rows("share", [0.1, 0.3, 0.6])
def test_a_square_wave_is_followed_as_the_closed_form_says(share):
    for frequency in (1e4, 1e6, 1e8):
        exact = drive_response(JUNCTION, PeriodicDrive(share * 1e10, frequency, "square"), steps=64)
        following, locked = square_wave_locking(*JUNCTION.rates(share * 1e10), frequency)
        assert exact.following == pytest.approx(float(following), rel=1e-9)
        assert exact.fraction_locked == pytest.approx(float(locked), rel=1e-9)


@pytest.mark.parametrize("share", [0.04, 0.08])
def test_fast_noise_is_as_a_hotter_layer(share):
    quiet = SwitchingRates(attempt_rate=1e9, stability=12.0, critical_current=1e10)
    noisy = NoisyRates(quiet, share * 1e10)
    wider = 1 + 2 * 12 * share**2
    for i in (-0.2, 0.0, 0.2):
        # The average of x^2 (2 - x) exp(-Delta x^2) over x normal around 1 - i: another normal, of these moments.
        mean, variance = (1 - i) / wider, share**2 / wider
        moments = 2 * (mean**2 + variance) - (mean**3 + 3 * mean * variance)
        closed = 1e9 * moments / wider**0.5 * np.exp(-12 * (1 - i) ** 2 / wider)
        up, down = noisy.rates(i * 1e10)
        assert float(up) == pytest.approx(closed, rel=1e-3)
        assert float(down) == pytest.approx(float(noisy.rates(-i * 1e10)[0]), rel=1e-9)
    # Values that last so long that they flip surely flip once.
    slow = NoisyRates(quiet, share * 1e10, lasting=1e-4).rates(0.0)
    assert float(slow[0]) < 0.9 * float(noisy.rates(0.0)[0])


def test_rates_from_fokker_planck_are_those_of_its_slowest_mode():
    spin = disc(4)
    rates = fokker_planck_rates(spin, 0.8 * spin.critical_current())
    for share in (-0.7, 0.03, 0.41):
        equation = axial_fokker_planck(spin, share * spin.critical_current())
        up, down = rates.rates(share * spin.critical_current())
        assert float(up + down) == pytest.approx(equation.slowest_rate(), rel=1e-3)
        assert float(up / (up + down)) == pytest.approx(equation.share_above(equation.equilibrium()), rel=1e-3)
    with pytest.raises(ValueError, match="outside the tabulated"):
        rates.rates(spin.critical_current())


@pytest.mark.slow
def test_an_ellipses_rates_between_the_nodes_are_right():
    spin = ellipse(4.0, ratio=4.0)
    critical = spin.critical_current()
    rates = fokker_planck_rates(spin, 0.5 * critical)
    equation = sphere_fokker_planck(spin, 0.3 * critical)
    up, down = rates.rates(0.3 * critical)
    assert float(up + down) == pytest.approx(equation.slowest()[0], rel=2e-3)
    assert float(up / (up + down)) == pytest.approx(float(equation.share_above(equation.equilibrium())), rel=2e-3)


def llg_shares(spin, currents, duration, trajectories, seed):
    """Share of an ensemble in its upper state after each of the samples."""
    start = thermal_states(spin, trajectories, seed=seed)
    run = follow_macrospins(spin, start, duration, seed=seed + 1, current_density=currents, samples=currents.shape[1])
    return (run.m.values @ spin.axis > 0).mean(axis=0)


@pytest.mark.slow
def test_a_driven_macrospin_follows_the_rates():
    spin = disc(5, damping=0.5)
    rates = fokker_planck_rates(spin, spin.critical_current())
    # Twice the mean dwell is a period; a relaxation in the well takes a thousandth of one.
    frequency = float(rates.rates(0.0)[0]) / 2
    drive = PeriodicDrive(0.25 * spin.critical_current(), frequency)
    exact = drive_response(rates, drive)
    samples, trajectories = 96, 250
    middles = (np.arange(samples) + 0.5) * 2 / frequency / samples
    shares = llg_shares(spin, drive.current(middles)[None], 2 / frequency, trajectories, seed=11)
    # In the second period; eighths of it are far enough apart to be independent.
    seen, place = shares[47::6], np.arange(47, samples, 6) - 47
    expected = exact.probability[place * (len(exact.probability) - 1) // 48]
    assert np.ptp(expected) > 0.5
    chi = np.sum((seen - expected) ** 2 / (expected * (1 - expected) / trajectories))
    assert stats.chi2.sf(chi, len(seen)) > FALSE_ALARM


@pytest.mark.slow
def test_a_macrospin_under_electrical_noise_flips_at_the_averaged_rate():
    spin = disc(6, damping=0.5)
    critical = spin.critical_current()
    quiet, noise = fokker_planck_rates(spin, 2 * critical), 0.25 * critical
    up, down = NoisyRates(quiet, noise).rates(0.0)
    assert float(up) > 2 * float(quiet.rates(0.0)[0])
    # Kept for 0.4 ns, beside 0.03 ns for the motion in a well and some 20 ns for a dwell.
    relaxed, kept, trajectories = 1 / float(up + down), 4e-10, 400
    samples = int(np.ceil(1.2 * relaxed / kept))
    currents = noise * np.random.default_rng(5).normal(size=(trajectories, samples))
    start = thermal_states(spin, trajectories, seed=6, state=-1)
    run = follow_macrospins(spin, start, samples * kept, seed=8, current_density=currents, samples=samples)
    upper = int((run.m.values[:, -1] @ spin.axis > 0).sum())
    expected = -np.expm1(-samples * kept / relaxed) / 2
    assert stats.binomtest(upper, trajectories, expected).pvalue > FALSE_ALARM


@rows(
    ("made", "said"),
    [
        (lambda: PeriodicDrive(1e9, 0.0), "frequency = 0.0 Hz must be above 0"),
        (lambda: PeriodicDrive(-1e9, 1e6), "amplitude = -1000000000.0 A/m2 must be 0 or above"),
        (lambda: PeriodicDrive(1e9, 1e6, "saw"), "'sine' or 'square'"),
        (lambda: NoisyRates(JUNCTION, -1.0), "noise = -1.0 A/m2 must be 0 or above"),
        (lambda: follow_rates(JUNCTION, DRIVES[0], periods=0, members=1, seed=1), "periods = 0"),
        (
            lambda: follow_rates(JUNCTION, PeriodicDrive(0.0, 1.0), periods=100, members=100, seed=1),
            r"2\.4\d+e\+10 flips are to be expected",
        ),
        (lambda: drive_response(JUNCTION, DRIVES[0], steps=10), "steps = 10 must be a multiple of 4"),
        (
            lambda: mean_states(follow_rates(JUNCTION, DRIVES[0], periods=2, members=1, seed=1), 1.0),
            "at most the record's 2e-06 s",
        ),
        (
            lambda: signal_to_noise(
                states_at(follow_rates(JUNCTION, DRIVES[0], periods=40, members=1, seed=1), 2e-7), 1e6
            ),
            "5 samples in a period",
        ),
        (
            lambda: signal_to_noise(
                states_at(follow_rates(JUNCTION, DRIVES[0], periods=4, members=1, seed=1), 2e-8), 1e6
            ),
            "neighbours = 8 with 4 whole periods",
        ),
    ],
)
def test_what_cannot_be_followed_is_refused(made, said):
    with pytest.raises(ValueError, match=said):
        made()
