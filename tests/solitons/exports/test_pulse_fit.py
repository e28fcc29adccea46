"""Fits to pulses: the truth on made-up devices, and devices that nothing was tuned on, two of which must fail."""

from dataclasses import replace

import numpy as np
import pytest
from rows import rows

from solitons import load_model, save_model
from solitons.devices import Junction, ProgrammingPulse, TabulatedSynapse
from solitons.exports import PulseData, conductance_table, fit_pulses
from solitons.exports.pulse_data import PulseSequence
from solitons.exports.pulse_fit import parts_of
from solitons.exports.pulse_judgement import Repeats, _about_cycles, about_pulses
from solitons.exports.pulse_trains import pulse_trains
from solitons.fits.provenance import FailedModel
from solitons.fits.verdict import judge
from solitons.junctions import StochasticBinarySynapse, SwitchingRates


def codes(fit):
    return {reason.code for reason in fit.verdict.reasons}


def test_the_truth_comes_back(fitted, exponential):
    assert codes(fitted) == {"few_devices"}
    assert fitted.shape == "exponential"
    found = fitted.synapse
    middle = np.linspace(15e-6, 45e-6, 7)
    for sign in (1, -1):
        np.testing.assert_allclose(
            found.mean_step(middle, sign), exponential.mean_step(middle, sign), rtol=0.1, atol=0.1e-6
        )
    # The noise of readings is told from that of pulses.
    assert float(found.read_noise) == pytest.approx(0.3e-6, rel=0.25)
    assert float(found.cycle_up) == pytest.approx(0.3e-6, rel=0.4)
    assert float(found.cycle_down) == pytest.approx(0.4e-6, rel=0.4)
    assert fitted.errors.rms < 0.1 * fitted.errors.trivial.rms
    assert fitted.likelihoods["exponential"] > fitted.likelihoods["constant"] + 0.1


def test_a_fit_is_saved_with_its_verdict(fitted, tmp_path):
    back = load_model(save_model(fitted.synapse, tmp_path / "synapse.json"))
    assert back.provenance == fitted.synapse.provenance
    assert back.provenance.verdict == "limited"
    assert not back.spread_known
    np.testing.assert_array_equal(back.up, fitted.synapse.up)


@pytest.mark.slow
def test_noise_of_readings_does_not_widen_the_range():
    """Readings of a device from 1 to 12 uS with noise of 0.5 uS have an on/off ratio of a hundred."""
    truth = TabulatedSynapse(lowest=1e-6, highest=12e-6, up=[0.56e-6, 0.02e-6], down=[-0.02e-6, -0.56e-6])
    path = truth.train(1e-6, np.repeat([1, -1], 64))
    generator = np.random.default_rng(0)
    data = PulseData(
        tuple(
            PulseSequence("1", str(cycle), np.repeat([1, -1], 64), path + 0.5e-6 * generator.normal(size=path.size))
            for cycle in range(5)
        ),
        "a device",
    )
    fit = fit_pulses(data)
    assert data.range[1] / data.range[0] > 50
    # The noise, less by the square root of what is averaged: 5 cycles, and some readings at each end.
    assert float(fit.synapse.lowest) == pytest.approx(path.min(), abs=0.25e-6)
    assert float(fit.synapse.highest) == pytest.approx(path.max(), abs=0.25e-6)


def test_devices_that_differ_are_told_from_cycles(exponential):
    unlike = replace(exponential, gain=0.2, read_noise=0.2e-6)
    fit = fit_pulses(pulse_trains(unlike, count=20, cycles=3, devices=8, seed=5))
    assert fit.verdict.verdict in ("trusted", "limited")
    # Saturation hides part of a gain: of pulses that end near the top, all devices end alike.
    assert 0.05 < float(fit.synapse.gain) < 0.3


@pytest.mark.slow
@pytest.mark.parametrize(("left", "right", "rms"), [(50e-9, 250e-9, 0.05), (20e-9, 280e-9, 0.2)])
def test_a_wall_under_a_junction(synapse, left, right, rms):
    """A device that is known by its position; where its wall goes beyond the junction, the conductance hides it."""
    wall = replace(synapse, left=left, right=right)
    short = ProgrammingPulse(amplitude=5e11, shortest=0.1e-9, longest=0.4e-9, rise=20e-12, period=0.6e-9)
    data = pulse_trains(wall, short, count=25, cycles=3)
    assert data.source == "DomainWallSynapse"
    fit = fit_pulses(data)
    assert not fit.verdict.failed
    assert fit.errors.rms < rms * fit.errors.trivial.rms
    low, high = data.range
    assert low == pytest.approx(2e-4, rel=3e-2)
    assert high == pytest.approx(5e-4, rel=3e-2)


@pytest.mark.slow
def test_junctions_that_flip_by_chance():
    """Nine levels, and a noise that depends on how many junctions are left to flip."""
    rates = SwitchingRates(attempt_rate=1e9, stability=40.0, critical_current=2e11)
    device = StochasticBinarySynapse(
        Junction(left=0, right=1, parallel=3e-4, antiparallel=1.2e-4), rates=rates, count=8
    )
    weak = ProgrammingPulse(amplitude=1.85e11, shortest=1e-9, longest=1e-8, rise=0.0, period=1.1e-8)
    fit = fit_pulses(pulse_trains(device, weak, count=16, cycles=15, seed=2))
    assert fit.verdict.verdict in ("trusted", "limited")
    # Each junction has one chance: the mean step is linear in what is left.
    assert fit.shape == "exponential"
    assert float(fit.synapse.cycle_up) > 0


@pytest.mark.slow
def test_a_conductance_that_does_not_follow_its_pulses_fails(tmp_path):
    generator = np.random.default_rng(7)
    sign = np.repeat([1, -1], 25)
    paths = []
    for _ in range(6):
        slow = np.convolve(generator.standard_normal(sign.size + 21), np.ones(21) / 21, mode="valid")[: sign.size + 1]
        paths.append(20e-6 * (1 + 0.3 * slow))
    data = PulseData(tuple(PulseSequence("1", str(n), sign, path) for n, path in enumerate(paths)), "drift.csv")
    fit = fit_pulses(data)
    assert fit.verdict.failed
    assert codes(fit) & {"pulses_do_nothing", "no_better_than_trivial"}
    assert fit.levels is None, "levels of a failed fit are withheld"
    with pytest.warns(FailedModel):
        load_model(save_model(fit.synapse, tmp_path / "synapse.json"))


def test_a_device_that_remembers_its_last_pulses_is_limited():
    """Steps that grow while pulses of one sign go on: the conductance alone does not say what the next does."""
    generator = np.random.default_rng(3)
    sequences = []
    for cycle in range(6):
        # Trains of unlike lengths: where every cycle sends the same pulses, the conductance tells how many there were.
        runs = generator.integers(2, 16, size=10)
        sign = np.repeat(np.resize([1, -1], 10), runs)
        g, drive, path = 10e-6, 0.0, [10e-6]
        for each in sign:
            drive = 0.93 * drive + 0.07 * each
            g = np.clip(g + 3e-6 * drive + 0.02e-6 * generator.standard_normal(), 5e-6, 60e-6)
            path.append(g)
        sequences.append(PulseSequence("1", str(cycle), sign, np.array(path)))
    fit = fit_pulses(PulseData(tuple(sequences), "momentum.csv"))
    assert fit.verdict.verdict != "trusted"
    assert codes(fit) & {"remembers_more", "little_better_than_trivial", "no_better_than_trivial"}


def remembering(exponential, seed, *, change=None, reading=0.3e-6, cycles=6, count=40, drift=0.0):
    """Cycles of the exponential device, of which `change` replaces the step of the pulse of a number in its train."""
    generator = np.random.default_rng(seed)
    sign, sequences = np.repeat([1, -1], count), []
    for cycle in range(cycles):
        path = [12e-6]
        for number, each in enumerate(sign):
            step = float(exponential.mean_step(np.array([path[-1]]), each)[0])
            step = change(number % count, each, step) if change else step
            path.append(np.clip(path[-1] + step + 0.3e-6 * generator.standard_normal(), 10e-6, 50e-6))
        path = np.array(path) + reading * generator.standard_normal(len(path))
        sequences.append(PulseSequence("1", str(cycle), sign, path * (1 + drift * cycle)))
    return PulseData(tuple(sequences), "a device")


LOWERING = (1, 4, 9, 13, 17, 22, 26, 30, 33, 38)


def unlike_devices(exponential, gains, change=None):
    """Four cycles of devices with gains of their own, up and down."""
    found = []
    for number, (up, down) in enumerate(gains):
        own = replace(exponential, up=up * exponential.up, down=down * exponential.down)
        cycles = remembering(own, number, change=change, reading=0.1e-6, cycles=4).sequences
        found += [replace(each, device=str(number)) for each in cycles]
    return PulseData(tuple(found), "devices that differ")


@pytest.mark.parametrize(
    "gains",
    [
        [(0.55, 0.55), (0.9, 0.9), (1.2, 1.2), (1.7, 1.7)],
        pytest.param([(0.6, 1.5), (1.0, 1.0), (1.4, 0.7), (1.6, 1.2)], marks=pytest.mark.slow),
    ],
    ids=["both ways alike", "each way its own"],
)
def test_devices_that_merely_differ_remember_nothing(exponential, gains):
    assert not codes(fit_pulses(unlike_devices(exponential, gains))) & {"misses_repeat", "remembers_more"}


def test_devices_that_differ_and_remember_are_limited(exponential):
    gains = [(0.55, 0.55), (0.9, 0.9), (1.2, 1.2), (1.7, 1.7)]
    forgetting = unlike_devices(exponential, gains, lambda number, _, step: 0.0 if number < 6 else step)
    assert "misses_repeat" in codes(fit_pulses(forgetting))


@pytest.mark.parametrize("reading", [0.3e-6, pytest.param(1e-6, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "change",
    [
        lambda number, sign, step: -0.5 * step if sign > 0 and number in LOWERING else step,
        lambda number, _, step: 0.0 if number < 6 else step,
    ],
    ids=["ten pulses up lower it", "six dead pulses after a change of sign"],
)
def test_a_device_with_memory_is_limited(exponential, change, reading):
    assert "misses_repeat" in codes(fit_pulses(remembering(exponential, 1, change=change, reading=reading)))


@pytest.mark.parametrize("reading", [0.3e-6, pytest.param(1e-6, marks=pytest.mark.slow)])
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
def test_a_device_without_memory_is_not(exponential, seed, reading):
    """Noise of readings and of pulses alone, and a drift of a part of that, raise nothing of the cycles."""
    assert codes(fit_pulses(remembering(exponential, seed, reading=reading))) == {"few_devices"}


def test_misses_repeat_only_if_they_are_more_than_chance_and_matter(fitted, measured):
    def found(by_chance, share):
        reasons = list(about_pulses(
            measured, fitted.synapse, fitted.errors, np.ones(9) + 0.1 * np.arange(9), np.zeros(2), fitted.parts, 1.0,
            Repeats(by_chance, share),
        ))  # fmt: skip
        return [reason.code for reason in judge(reasons).reasons]

    assert found(0.9e-3, 0.21) == ["misses_repeat"]
    assert found(1.1e-3, 0.21) == []
    assert found(0.9e-3, 0.19) == []


def test_the_test_of_what_repeats_is_as_strict_as_it_says(measured):
    """Of misses that are chance alone one in twenty is below 0.05."""
    generator = np.random.default_rng(5)
    pulses = measured.sequences[0].sign.size
    found = [
        Repeats.of(measured, generator.standard_normal((8, pulses)), np.ones((8, pulses)), 4e-5, 0).by_chance
        for _ in range(400)
    ]
    assert np.mean(np.array(found) < 0.05) == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / 400))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_one_cycle_of_an_exponential_is_not_constant(exponential, seed):
    assert fit_pulses(remembering(exponential, seed, cycles=1)).shape != "constant"


def test_noise_at_the_ends_of_a_range_is_no_drift(exponential):
    """Of ten devices with few noisy cycles none wanders; one that loses a thirtieth a cycle does."""
    synapse = replace(exponential, lowest=20e-6, highest=24e-6)
    short = [remembering(exponential, seed, reading=1.5e-6, count=3) for seed in range(10)]
    assert not any(list(_about_cycles(each, synapse)) for each in short)
    worn = remembering(exponential, 1, reading=0.1e-6, drift=-0.03)
    assert [each.code for each in _about_cycles(worn, exponential)] == ["cycles_wander"]
    # The same shift of less than a tenth of the range.
    assert not list(_about_cycles(remembering(exponential, 1, reading=0.1e-6, drift=-0.01), exponential))


@pytest.mark.slow
def test_how_devices_differ_is_known_of_three(exponential):
    two, three = (fit_pulses(pulse_trains(exponential, count=20, cycles=3, devices=n, seed=5)) for n in (2, 3))
    assert "few_devices" in codes(two)
    assert "Measure 3" in str(two)
    assert not two.synapse.spread_known
    assert "few_devices" not in codes(three)
    assert three.synapse.spread_known


def test_trains_too_short_to_tell_devices_apart_are_said_to_be(exponential):
    """Three devices do not tell how they differ if trains of pulses up have one pulse."""
    sign = np.resize([1, -1], 40)
    generator = np.random.default_rng(1)
    sequences = [
        PulseSequence(device, str(cycle), sign, 20e-6 + 5e-6 * np.append(0, np.cumsum(sign))
                      + 0.1e-6 * generator.standard_normal(41))
        for device in "ABC" for cycle in range(3)
    ]  # fmt: skip
    fit = fit_pulses(PulseData(tuple(sequences), "alternating.csv"))
    assert "few_devices" in codes(fit)
    assert "Send more pulses up in a row" in str(fit)
    assert not fit.synapse.spread_known


def test_lost_readings_change_a_fit_by_their_noise_alone(fitted, measured):
    generator = np.random.default_rng(2)
    sequences = []
    for each in measured.sequences:
        path = each.conductance.copy()
        path[1 + generator.choice(path.size - 1, 6, replace=False)] = np.nan
        sequences.append(replace(each, conductance=path))
    fit = fit_pulses(replace(measured, sequences=tuple(sequences)))
    assert codes(fit) == codes(fitted)
    assert fit.shape == fitted.shape
    np.testing.assert_allclose(fit.synapse.up, fitted.synapse.up, rtol=0.05, atol=0.05e-6)
    assert fit.errors.rms == pytest.approx(fitted.errors.rms, rel=0.2)
    table = conductance_table(fit)
    assert np.isfinite(table.conductance.values).all()
    assert int(table.trains.sum()) == sum(int(np.isfinite(each.conductance).sum()) for each in fit.data.trains())


def of_lengths(*pulses):
    step = 1e-6
    return PulseData(
        tuple(
            PulseSequence("1", str(number), np.ones(count, dtype=int), step * (5 + np.arange(count + 1)))
            for number, count in enumerate(pulses)
        ),
        "short.csv",
    )


@rows(
    "pulses", [(16,), (17,), (24,), (25,), (29,), (30,), (500,), (3, 13), (8, 8), (12, 12), (13, 3), (60, 60), (4,) * 3]
)
def test_each_use_has_pulses_however_short_the_data(pulses):
    assert {int(each) for part in parts_of(of_lengths(*pulses)) for each in part} == {0, 1, 2}


@pytest.mark.parametrize("pulses", [(4,), (2, 20)])
def test_too_few_pulses_are_refused(pulses):
    with pytest.raises(ValueError, match=r"short\.csv has \d+ pulses in \d cycle\(s\), too few to fit some, choose"):
        fit_pulses(of_lengths(*pulses))


@rows("gain", [[np.nan, np.nan], [3.0], [0.1, -0.1, 0.0]])
def test_readings_that_tell_nothing_of_pulses_fail(fitted, measured, gain):
    verdict = judge(about_pulses(measured, fitted.synapse, fitted.errors, np.array(gain), np.zeros(2), fitted.parts))
    assert [reason.code for reason in verdict.reasons] == ["pulses_do_nothing"]


def test_a_single_cycle_of_sixteen_pulses_is_fitted():
    fit = fit_pulses(of_lengths(16))
    assert fit.shape == "constant"
    assert codes(fit) == {"one_sign", "one_cycle", "few_devices"}
    assert np.isfinite(fit.errors.rms)
    assert all(np.isfinite(each) for each in fit.likelihoods.values())
    np.testing.assert_allclose(fit.synapse.up, 1e-6, rtol=0.05)


def test_held_out_readings_do_not_tell_the_model_how_far_it_goes():
    """The cycle that is held out goes twice as far: the error counts that, though the synapse may go there."""
    fit = fit_pulses(of_lengths(10, 10, 20))
    (error,) = fit.errors.trains
    np.testing.assert_allclose(error[:10], 0, atol=0.5e-6)
    assert error[-1] == pytest.approx(10e-6, rel=0.05)
    assert float(fit.synapse.highest) == pytest.approx(25e-6)
    np.testing.assert_allclose(fit.synapse.up, 1e-6, rtol=0.05)


def test_a_conductance_that_never_changes_is_refused():
    sequence = PulseSequence("1", "1", np.ones(30, dtype=int), np.full(31, 1e-5))
    with pytest.raises(ValueError, match="its pulses do nothing that could be fitted"):
        fit_pulses(PulseData((sequence,), "stuck.csv"))


def test_counted_pulses_write_what_is_asked(exponential):
    target = np.linspace(10e-6, 48e-6, 200)
    exact = exponential.write(target)
    step = exponential.mean_step(target, 1)
    assert np.all(np.abs(exact.conductance - target) <= 0.6 * np.maximum(step, exponential.mean_step(target - step, 1)))
    blind = exponential.write(target, seed=4)
    read = exponential.write(target, seed=4, verify=True)
    rms = [float(np.sqrt(np.mean((each.conductance - target) ** 2))) for each in (blind, read)]
    assert rms[1] < rms[0]
    with pytest.raises(ValueError, match=r"target goes from 1e-05 to 5.00000001e-05 S, but the synapse has"):
        exponential.write([1e-5, 5.00000001e-5])
    with pytest.raises(ValueError, match=r"target goes from 1e-06 to 1e-06 S, but the synapse has 1e-05 to 5e-05 S"):
        exponential.write(1e-6)


def test_few_noisy_pulses_of_one_sign_move_the_conductance_though_their_steps_are_uncertain():
    # With seven of the seeds 2 to 8 the readings that choose the shape tell it; with this one they do not.
    generator = np.random.default_rng(4)
    path = 1e-6 * (20 + 30 * (1 - np.exp(-np.arange(61) / 25)) + generator.normal(0, 0.8, 61))
    fit = fit_pulses(PulseData((PulseSequence("1", "1", np.ones(60, dtype=int), path),), "one way"))
    codes = [reason.code for reason in fit.verdict.reasons]
    assert fit.verdict.verdict == "limited"
    assert {"steps_uncertain", "one_sign"} <= set(codes)
    # No pulse down was measured, and none does anything.
    assert np.all(fit.synapse.down == 0)
    assert float(fit.synapse.cycle_down) == 0
    # The same noise about one conductance is moved by nothing.
    still = 1e-6 * (35 + generator.normal(0, 0.8, 61))
    none = fit_pulses(PulseData((PulseSequence("1", "1", np.ones(60, dtype=int), still),), "nothing"))
    assert none.verdict.failed
    assert "pulses_do_nothing" in [reason.code for reason in none.verdict.reasons]
