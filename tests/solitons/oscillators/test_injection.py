"""What a signal locks: fixed points of one moment in the frame that turns with it, and those of fitted oscillators."""

import math

import numpy as np
import pytest
from made_oscillators import MU0, axial, exact_border, means, moment_record

from analysis import injection_locking, oscillation, precession
from solitons.junctions import follow_macrospins
from solitons.junctions.ensemble import AlternatingDrive
from solitons.oscillators import of_macrospin
from solitons.oscillators.auto_oscillator import AutoOscillator
from solitons.oscillators.capture import capture_range, count_slips, locked_from, time_to_lock
from solitons.oscillators.following import follow_oscillators
from solitons.oscillators.injection import locked_states, locking_range, signal_of_current, weak_half_width
from solitons.oscillators.oscillator_fit import fit_oscillator


@pytest.mark.parametrize("tesla", [1e-4, *(pytest.param(each, marks=pytest.mark.slow) for each in (1e-5, 1e-3))])
def test_borders_are_where_the_fixed_points_of_a_moment_end(tesla):
    spin = axial(0.01, 1.0, -0.5)
    model = of_macrospin(spin)
    current = 1.2 * model.threshold
    own, power = model.frequency_at(current), model.power(current)
    weak = weak_half_width(model, current, tesla / MU0)
    found = locking_range(model, current, tesla / MU0)
    for sign, border in ((-1, found.low), (1, found.high)):
        exact = exact_border(spin, current, (tesla / MU0, 0.0), own, power, sign, weak)
        assert sign * (border - own) == pytest.approx(exact, rel=0.01)
    # gamma0 h / (alpha sin(theta0)) at large nu, right to 1 % at 0.01 mT and far off at 1 mT.
    large = float(spin.gyromagnetic_ratio) * tesla / MU0 / (0.01 * 2 * math.sqrt(power * (1 - power))) / (2 * math.pi)
    assert weak == pytest.approx(large, rel=1e-3)
    assert ((found.high - found.low) / 2 == pytest.approx(weak, rel=0.01)) == (tesla < 1e-4)


@pytest.mark.parametrize(("field", "torque"), [(0.0, 1e-4), (1e-4, 2e-4), (-1e-4, 1e-4)])
def test_borders_of_a_torque_are_where_the_fixed_points_of_a_moment_end(field, torque):
    spin = axial(0.01, 1.0, -0.5)
    model = of_macrospin(spin)
    current, signal = 1.5 * model.threshold, (field / MU0, torque / MU0)
    own, power = model.frequency_at(current), model.power(current)
    weak = weak_half_width(model, current, signal[0], torque=signal[1])
    found = locking_range(model, current, signal[0], torque=signal[1])
    for sign, border in ((-1, found.low), (1, found.high)):
        exact = exact_border(spin, current, signal, own, power, sign, weak)
        assert sign * (border - own) == pytest.approx(exact, rel=0.01)


@pytest.mark.parametrize(("field", "torque"), [(1.0, 0.0), (0.0, 1.0), (0.6, 0.8), (-0.6, 0.8)])
@pytest.mark.parametrize("slope", [0.0, 2e8, -6e10])
def test_the_weak_half_width_is_the_limit_of_the_range(slope, field, torque):
    """At p = 0.4, with a nonlinearity of 0, about a half, and -100."""
    model = AutoOscillator(frequency=[4e10, slope], damping=[2.4e8], pump=1e-3)
    current = 4e11
    assert model.power(current) == pytest.approx(0.4)
    weak = weak_half_width(model, current, 1e-2 * field, torque=1e-2 * torque)
    low, high = locking_range(model, current, 1e-2 * field, torque=1e-2 * torque)
    assert (high - low) / 2 == pytest.approx(weak, rel=1e-3)


def test_without_a_nonlinearity_capture_is_release():
    model = AutoOscillator(frequency=[4e10], damping=[2.06e8], pump=1e-3)  # p = 0.485: a field hardly acts
    taken, kept = capture_range(model, 4e11, 800.0), locking_range(model, 4e11, 800.0)
    assert taken.high - taken.low == pytest.approx(kept.high - kept.low, rel=0.05)


def test_an_oscillator_that_follows_a_torque_comes_to_its_locked_state():
    model = of_macrospin(axial(0.02, 1.0, -0.5))
    current, torque = 1.4 * model.threshold, 2e-4 / MU0
    frequency = model.frequency_at(current) + 0.3 * weak_half_width(model, current, 0.0, torque=torque)
    (state,) = [each for each in locked_states(model, current, 0.0, frequency, torque=torque) if each.stable]
    run = follow_oscillators(
        model, [math.sqrt(model.power(current)) + 0j], current, 100e-9, torque=torque, field_frequency=frequency
    )
    end = complex(run.values[0, -1])
    assert abs(end) ** 2 == pytest.approx(state.power, rel=1e-4)
    lag = 2 * math.pi * frequency * 100e-9 - np.angle(end)
    assert math.remainder(lag - state.lag, 2 * math.pi) == pytest.approx(0.0, abs=1e-2)


def test_a_current_through_a_tilted_polariser_locks_moments_within_its_borders():
    """The axis is tilted by the direct torque too, so that borders are 10 % right, and taken 15 % off."""
    tilted = axial(0.02, 1.0, -0.5, polariser=(0.2, 0, -math.sqrt(0.96)), ratio=0.3)
    model = of_macrospin(axial(0.02, 1.0, -0.5))
    current = 1.4 * model.threshold / math.sqrt(0.96)
    signal = signal_of_current(tilted, (0, 0, 1), 0.05 * current)
    start = [[math.sin(1.0), 0, math.cos(1.0)]]
    samples = {"seed": 0, "current_density": current, "samples": 8000, "threads": 1}
    free = precession(means(follow_macrospins(tilted, start, 80e-9, **samples)), (0, 0, 1))
    own = float(oscillation(free, frequency=model.frequency_at(current))["frequency"][-1000:].mean())
    middle = model.frequency_at(1.4 * model.threshold)
    found = locking_range(model, 1.4 * model.threshold, signal.field, torque=signal.torque)
    for border in (found.low - middle, found.high - middle):
        locked = []
        for share in (0.85, 1.15):
            drive = AlternatingDrive(own + share * border, current_density=0.05 * current)
            run = follow_macrospins(tilted, start, 80e-9, alternating=drive, **samples)
            phase = oscillation(precession(means(run), (0, 0, 1)), frequency=drive.frequency)["phase"]
            locked.append(injection_locking(phase, drive.frequency).locked)
        assert locked == [True, False]


@pytest.mark.slow
def test_slips_by_heat_are_those_of_stratonovichs_potential():
    """Without a nonlinearity the lag is that of Adler's equation with heat: the mean time is an exact double integral.

    From the middle of a well to that of either next one, in the potential -delta cos(psi), with the diffusion D.
    """
    model = AutoOscillator(frequency=[4e10], damping=[4e8, 4e9], pump=4e-3, diffusion=6e4)
    current, field = 4e11, 450.0
    p = model.power(current)
    diffusion = float(model.diffusion) * 300 / (2 * p * (1 - p))
    delta = float(model.gyromagnetic_ratio) * field * (1 - 2 * p) / (2 * math.sqrt(p * (1 - p)))
    y = np.linspace(0, 2 * np.pi, 4001)
    weight = np.exp(delta / diffusion * np.cos(y))
    inner = np.concatenate([[0.0], np.cumsum((weight[1:] + weight[:-1]) / 2) * y[1]])
    exact = float(np.trapezoid(inner / weight, y)) / diffusion
    assert delta / diffusion > 1  # held by the signal
    found = count_slips(model, current, field, model.frequency_at(current), 300.0, duration=8 * exact, seed=3)
    assert found.watched / found.count == pytest.approx(exact, rel=0.09)  # some 460 slips


def test_a_current_that_does_nothing_to_the_phase_is_refused():
    with pytest.raises(ValueError, match="along the axis of the orbit"):
        signal_of_current(axial(), (0, 0, 1), 1e10)
    with pytest.raises(ValueError, match=r"Lambda is 1\.5"):
        signal_of_current(axial(asymmetry=1.5, polariser=(1, 0, -1)), (0, 0, 1), 1e10)


def test_inside_one_state_lasts_and_outside_none():
    model = of_macrospin(axial(0.02, 1.0, -0.5))
    current, field = 1.2 * model.threshold, 1e-4 / MU0
    found = locking_range(model, current, field)
    middle = (found.low + found.high) / 2
    states = locked_states(model, current, field, middle)
    assert [each.stable for each in states].count(True) == 1
    assert not any(each.stable for each in locked_states(model, current, field, found.high + 1e6))


def test_what_is_refused():
    model = of_macrospin(axial())
    with pytest.raises(ValueError, match="one must be other than 0"):
        locked_states(model, 1.2 * model.threshold, 0.0, 1e10)
    with pytest.raises(ValueError, match="does not oscillate"):
        locking_range(model, 0.5 * model.threshold, 100.0)
    with pytest.raises(ValueError, match="give what `locked_from` returns"):
        time_to_lock([])


def times_of_moments(spin, start, current, own, longest, samples, signal):
    """Median time to lock of moments under signals of 16 phases."""
    times = []
    for phase in 2 * np.pi * np.arange(16) / 16:
        drive = AlternatingDrive(own, phase=phase, **signal)
        run = follow_macrospins(
            spin, start, longest, seed=0, current_density=current, alternating=drive, samples=samples, threads=1
        )
        psi = oscillation(precession(means(run), (0, 0, 1)), frequency=own)["phase"]
        times.append(injection_locking(psi, own).time_to_lock)
    return float(np.median(times))


@pytest.mark.slow
def test_the_time_to_lock_is_that_of_moments():
    spin = axial(0.03, 0.6, -0.2)
    model = of_macrospin(spin)
    current, field = 1.3 * model.threshold, 2e-4 / MU0
    own = model.frequency_at(current)
    found = time_to_lock(locked_from(model, current, field, own, longest=60e-9))
    angle = 2 * math.asin(math.sqrt(model.power(current)))
    start, signal = [[math.sin(angle), 0, math.cos(angle)]], {"field": (field, 0, 0), "quadrature": (0, field, 0)}
    assert found == pytest.approx(times_of_moments(spin, start, current, own, 60e-9, 6000, signal), rel=0.1)


def test_at_50_ghz_a_tenth_of_the_current_locks_in_2_ns():
    """About 2 ns (J. Grollier, D. Querlioz and M. D. Stiles, Proc. IEEE 104, 2024 (2016), after W. Rippard et al.)."""
    spin = axial(0.05, 1.95, -0.4)
    model = of_macrospin(spin)
    current = 1.15 * model.threshold
    own = model.frequency_at(current)
    assert own == pytest.approx(50e9, rel=1e-3)
    cosine = math.sqrt(1 - 0.3**2)
    tilted, direct = axial(0.05, 1.95, -0.4, polariser=(0.3, 0, -cosine)), current / cosine
    found = {}
    for share in (0.02, 0.1, 0.4):
        signal = signal_of_current(tilted, (0, 0, 1), share * direct)
        found[share] = time_to_lock(locked_from(model, current, signal.field, own, torque=signal.torque))
        if share == 0.02:  # Adler's equation, from a quarter of a turn to 0.1 rad
            weak = 2 * math.pi * weak_half_width(model, current, signal.field, torque=signal.torque)
            assert found[share] == pytest.approx(math.log(1 / math.tan(0.05)) / weak, rel=0.1)
    free = follow_macrospins(tilted, [[0.9, 0, 0.44]], 20e-9, seed=0, current_density=direct, samples=8000, threads=1)
    phase = oscillation(precession(means(free), (0, 0, 1)), frequency=own)
    own = float(phase["frequency"][-3000:].mean())
    start, drive = [free["m"].values[0, -1]], {"current_density": 0.1 * direct}
    assert found[0.1] == pytest.approx(times_of_moments(tilted, start, direct, own, 20e-9, 8000, drive), rel=0.1)
    assert found[0.1] == pytest.approx(2e-9, rel=0.1)
    assert found[0.4] > 2 / model.restoring_rate(current)  # no faster than its power returns


@pytest.mark.slow
def test_borders_of_twenty_pairs_that_no_fit_saw():
    """Fitted to moments under some currents; borders at twenty drawn currents and fields, within 5 %."""
    random = np.random.default_rng(34)
    worst = []
    for alpha, field, anisotropy in ((0.03, 0.6, -0.2), (0.02, 1.0, -0.4)):
        spin = axial(alpha, field, anisotropy)
        exact = of_macrospin(spin)
        duration = 6 / (alpha * (field + anisotropy) * 0.1 * 28e9)
        records = [
            moment_record(spin, over * exact.threshold, duration, interval=5e-12)
            for over in (0.5, 0.8, 1.1, 1.2, 1.3, 1.4, 1.5)
        ]
        model = fit_oscillator(records).oscillator
        for _ in range(10):
            current = random.uniform(1.12, 1.48) * exact.threshold
            tesla = 10 ** random.uniform(-5, -3.5)
            found = locking_range(model, current, tesla / MU0)
            own, power = exact.frequency_at(current), exact.power(current)
            scale = weak_half_width(exact, current, tesla / MU0)
            truth = [exact_border(spin, current, (tesla / MU0, 0.0), own, power, sign, scale) for sign in (-1, 1)]
            middle = model.frequency_at(current)
            found_half = [middle - found.low, found.high - middle]
            worst += [a / b - 1 for a, b in zip(found_half, truth, strict=True)]
    assert np.abs(worst).max() < 0.05


@pytest.mark.slow
def test_capture_is_narrower_than_release_once_the_range_exceeds_the_powers_own_rate():
    # Gamma_p = 2 alpha gamma0 |H_k| p (1 - p); below it they are one border (to the 3 % of the bisection).
    model = of_macrospin(axial(0.05, 0.6, -0.3))
    current = 1.2 * model.threshold
    rate = model.restoring_rate(current) / (2 * math.pi)
    for share, narrower in ((0.2, False), (5.0, True)):
        field = share * rate / weak_half_width(model, current, 1.0)
        kept = locking_range(model, current, field)
        taken = capture_range(model, current, field, longest=40 / rate)
        ratio = (taken.high - taken.low) / (kept.high - kept.low)
        assert (ratio < 0.9) if narrower else (ratio == pytest.approx(1.0, abs=0.1))
