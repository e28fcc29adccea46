from dataclasses import replace

import equinox as eqx
import jax
import numpy as np
import pytest
from rows import rows
from scipy import stats

from geometries import Material, Pillar
from solitons import load_model, save_model
from solitons.devices import Junction, ProgrammingPulse, apply_pulse, trace
from solitons.devices.programming import after_pulse
from solitons.junctions import (
    PBit,
    StochasticBinarySynapse,
    SuperparamagneticNeuron,
    SwitchingRates,
    exact_distribution,
    pillar_junction,
    sample_states,
)
from solitons.junctions.junction_spread import JunctionSpread, pillar_spread
from solitons.junctions.p_bits import AND_BIASES, AND_COUPLINGS

from .conftest import ellipse

STABLE = SwitchingRates(attempt_rate=4e9, stability=30.0, critical_current=2e11)
RESTLESS = SwitchingRates(attempt_rate=1e9, stability=8.0, critical_current=1e10)
READ_OUT = Junction(left=0.0, right=1.0, parallel=3e-4, antiparallel=1.2e-4)
# How often one of these statistical tests would fail although all is well, over the choice of its seed.
FALSE_ALARM = 1e-2


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


def several(**changes):
    return StochasticBinarySynapse(READ_OUT, **({"rates": STABLE, "count": 3} | changes))


def test_a_pulse_writes_each_junction_with_the_probability_of_its_rates():
    synapse, current, width = several(), 1.4e11, 4e-8
    start = synapse.repeated(synapse.reset(), (4000,))
    noise = synapse.noise(jax.random.key(1), (4000,))
    whole = synapse.step(start, current, width, noise)
    p = float(STABLE.probability(current, width))
    assert 0.2 < p < 0.9
    written = int(np.asarray(whole.upper).sum())
    assert stats.binomtest(written, 12_000, p).pvalue > FALSE_ALARM
    # Two halves are as good as the whole: a junction forgets.
    half = synapse.step(start, current, width / 2, noise)
    both = synapse.step(half, current, width / 2, synapse.noise(jax.random.key(2), (4000,)))
    assert stats.binomtest(int(np.asarray(both.upper).sum()), 12_000, p).pvalue > FALSE_ALARM
    # Levels are counted, and add up as junctions in parallel.
    found = np.asarray(synapse.conductance(whole))
    assert np.abs(found[:, None] - synapse.levels).min(axis=1).max() < 1e-18
    np.testing.assert_allclose(found, 1.2e-4 + 6e-5 * np.asarray(whole.upper).sum(axis=1), rtol=1e-12)


def test_pulses_of_the_shared_writer_write_by_the_same_probability():
    synapse = several(count=1)
    state = apply_pulse(
        synapse, synapse.reset(), np.full(2000, 1.6e11), width=2e-9, rise=0.0, period=2e-9, key=jax.random.key(3)
    )
    p = float(STABLE.probability(1.6e11, 2e-9))
    assert stats.binomtest(int(np.asarray(state.upper).sum()), 2000, p).pvalue > FALSE_ALARM


def test_without_heat_a_junction_flips_beyond_its_critical_current_only():
    synapse = several()
    start = synapse.at(synapse.reset(), 1 / 3)
    assert float(synapse.coordinate(synapse.step(start, 1.9e11, 1.0))) == pytest.approx(1 / 3)
    assert float(synapse.coordinate(synapse.step(start, 2.1e11, 1e-9))) == 1
    assert float(synapse.coordinate(synapse.step(start, -2.1e11, 1e-9))) == 0


def test_conductance_leads_back_to_the_nearest_level():
    synapse = several()
    for share in (0, 1 / 3, 2 / 3, 1):
        state = synapse.at(synapse.repeated(synapse.reset(), (2,)), share)
        np.testing.assert_allclose(synapse.coordinate_for(synapse.conductance(state)), share)
    assert float(synapse.coordinate_for(2.0e-4)) == pytest.approx(1 / 3)
    assert float(synapse.conductance(synapse.reset())) == pytest.approx(float(synapse.conductances[0]))
    assert float(synapse.ideal(1e-3).conductance(synapse.ideal(1e-3).reset())) == pytest.approx(1.2e-4)


def test_a_neuron_fires_as_often_as_its_tuning_curve_says():
    neuron = SuperparamagneticNeuron(RESTLESS)
    current = np.linspace(-1e9, 1e9, 5)
    time = 3000 / float(neuron.tuning_curve(0.0))
    counted = neuron.counts(np.repeat(current, 20), time, seed=4).reshape(5, 20).mean(axis=1)
    expected = neuron.tuning_curve(current) * time
    # A renewal of two dwells: the variance of the count is between a half and one of Poisson's.
    np.testing.assert_array_less(np.abs(counted - expected), 3.5 * np.sqrt(expected / 20))
    # Mizrahi et al. (2018): for equal barriers 1 / cosh, up to what the wells' curvature does.
    i = current / 1e10
    shape = neuron.tuning_curve(current) / float(neuron.tuning_curve(0.0))
    cosh = np.exp(-8 * i**2) * (1 - i**2) ** 1.5 / np.cosh(16 * i - np.arctanh(i))
    np.testing.assert_allclose(shape, cosh, rtol=1e-9)


def test_steps_of_the_shared_neuron_fire_at_the_same_rate():
    neuron = SuperparamagneticNeuron(RESTLESS.at_temperature(900.0))
    rate = float(neuron.tuning_curve(0.0))
    _, position, spike = trace(neuron, np.zeros(400), width=1e-8, rise=0.0, period=1e-8, count=5, seed=3)
    expected = rate * 400 * 5e-8
    assert set(np.unique(position)) == {0.0, 1.0}
    # They begin at rest, in the lower state: a little more often than later.
    assert abs(spike.sum() - expected) < 0.05 * expected + 4 * np.sqrt(expected)


def test_a_gain_is_of_the_current_and_not_of_the_offset():
    rates = SwitchingRates(attempt_rate=1e9, stability=8.0, critical_current=1e10, offset=1e9)
    unlike = SuperparamagneticNeuron(rates).with_thresholds([1.0, 1.0], [1.0, 2.0])
    one, two = unlike.tuning_curve(5e8)
    assert float(two) == pytest.approx(float(SuperparamagneticNeuron(rates).tuning_curve(1e9)))
    assert float(one) == pytest.approx(float(SuperparamagneticNeuron(rates).tuning_curve(5e8)))


def worst_departure(bit, largest):
    """Largest difference in probability from a tanh, for inputs up to a size."""
    inputs = np.linspace(-largest, largest, 401)
    return np.abs(bit.probability(inputs) - (1 + np.tanh(inputs)) / 2).max()


def test_the_slope_of_a_p_bit_is_that_of_a_tanh():
    bit = PBit(RESTLESS)
    inputs = np.linspace(-1, 1, 9)
    np.testing.assert_allclose(bit.probability(inputs), (1 + np.tanh(inputs)) / 2, atol=2e-3)
    assert worst_departure(bit, 1.0) < 2e-3
    steep = PBit(SwitchingRates(attempt_rate=1e9, stability=8.0, critical_current=1e10, exponent=1.0))
    assert worst_departure(steep, 3.0) < 0.05


@pytest.mark.parametrize("held", [None, {2: -1}, {2: 1}, {0: 1, 1: 1}])
def test_an_and_gate_works_in_all_directions(held):
    bit = PBit(RESTLESS)
    exact = exact_distribution(AND_COUPLINGS, AND_BIASES, strength=1.0, held=held, bit=bit)
    chains, sweeps = 400, 200
    found = sample_states(bit, AND_COUPLINGS, AND_BIASES, sweeps, seed=5, strength=1.0, held=held, chains=chains)
    # Sweeps of a chain are related: as many states are independent as there are chains times a share of the sweeps.
    np.testing.assert_array_less(
        np.abs(found - exact), 4 * np.sqrt(exact * (1 - exact) / (chains * sweeps / 20)) + 1e-4
    )
    ideal = exact_distribution(AND_COUPLINGS, AND_BIASES, strength=1.0, held=held)
    assert np.abs(exact - ideal).sum() / 2 < 0.02
    valid = [a << 2 | b << 1 | (a & b) for a in (0, 1) for b in (0, 1)]
    fitting = [s for s in valid if held is None or all((s >> (2 - i) & 1) == (v > 0) for i, v in held.items())]
    assert set(np.argsort(-ideal)[: len(fitting)]) == set(fitting)
    np.testing.assert_allclose(ideal[fitting], ideal[fitting][0])


def test_ideal_bits_come_to_boltzmanns_distribution():
    class Ideal:
        def probability(self, inputs):
            return (1 + np.tanh(inputs)) / 2

    one = exact_distribution(AND_COUPLINGS, AND_BIASES, strength=0.7, bit=Ideal())
    np.testing.assert_allclose(one, exact_distribution(AND_COUPLINGS, AND_BIASES, strength=0.7), atol=1e-10)


@rows(
    "model",
    [
        several(),
        several(unlike=JunctionSpread(stability=[0.1], critical_current=[0.1], conductance=[0.0])),
        SuperparamagneticNeuron(RESTLESS),
        PBit(RESTLESS),
        PBit(RESTLESS, current_per_input=3e8),
        ellipse(20, field=(1e3, 0.0, 0.0)),
    ],
)
def test_saved_devices_come_back(model, tmp_path):
    assert eqx.tree_equal(load_model(save_model(model, tmp_path / "device.json")), model, typematch=True)


@rows(
    ("made", "said"),
    [
        (lambda: several(count=0), "count = 0 must be 1 or more"),
        (lambda: several(right=1e-6), "are shares, 0 and 1"),
        (lambda: SuperparamagneticNeuron(RESTLESS).with_thresholds([0.5, 1.0]), "has no threshold"),
        (lambda: sample_states(PBit(RESTLESS), [[1.0]], [0.0], 10, seed=1), "symmetric with 0 on the diagonal"),
        (lambda: sample_states(PBit(RESTLESS), AND_COUPLINGS, AND_BIASES, 0, seed=1), "0 sweeps"),
        (lambda: exact_distribution(AND_COUPLINGS, AND_BIASES, held={0: 5}), r"held = \{0: 5\}"),
        (lambda: exact_distribution(AND_COUPLINGS, AND_BIASES, held={3: 1}), "bits from 0 to 2"),
        (lambda: exact_distribution(np.zeros((30, 30)), np.zeros(30)), "30 bits"),
        (lambda: PBit(SwitchingRates(1e9, 0.5, 1e10)).current(1.0), "no current favours a state"),
        (lambda: SuperparamagneticNeuron(RESTLESS).counts(0.0, 1e6, seed=1), "drawn one after another"),
    ],
)
def test_what_is_no_device_is_refused(made, said):
    with pytest.raises(ValueError, match=said):
        made()


UNLIKE = JunctionSpread(stability=[0.1, 0.05], critical_current=[0.1, 0.0], conductance=[0.0, 0.08])


@pytest.mark.slow
def test_the_ends_of_a_pulse_are_those_of_junctions_that_are_followed():
    synapse = replace(several(count=5), unlike=UNLIKE)
    drawn = synapse.drawn_devices(3, seed=2)
    places, pulse = np.array([0.0, 0.4, 1.0]), ProgrammingPulse(1.6e11, 3e-9, 3e-9, 0.5e-9, 4e-9)
    amplitude = 1.6e11 * np.ones(3)
    found = drawn.synapse.ends_of_pulse(places, amplitude, pulse, 1000, seed=0)
    assert found.shape == (3, 3, 1000)
    with jax.enable_x64(True):
        # Devices last, where their parameters are.
        shape = (3, 1000, 3)
        start = synapse.at(synapse.repeated(synapse.reset(), shape), np.broadcast_to(places[:, None, None], shape))
        end = after_pulse(drawn.synapse, start, np.broadcast_to(1.6e11, shape), pulse, jax.random.key(1))
        followed = np.moveaxis(np.asarray(synapse.coordinate(end)), -1, 0)
    # Four standard deviations of what is followed; what is drawn has none to speak of.
    assert np.abs(found.mean(axis=-1) - followed.mean(axis=-1)).max() < 4 * 0.5 / np.sqrt(5 * 1000)
    assert np.abs(found.std(axis=-1) - followed.std(axis=-1)).max() < 0.02
    # Three devices, and no two alike.
    assert np.ptp(found[:, 0].mean(axis=-1)) > 0.02


def test_rare_flips_keep_their_mean():
    synapse = several(count=1)
    pulse = ProgrammingPulse(1.2e11, 1e-9, 1e-9, 0.0, 2e-9)
    few = np.mean([synapse.ends_of_pulse(np.zeros(1), np.full(1, 1.2e11), pulse, 16, seed) for seed in range(500)])
    chance = float(synapse.ends_of_pulse(np.zeros(1), np.full(1, 1.2e11), pulse, 1_000_000, 0).mean())
    assert 1e-4 < chance < 1 / 32
    assert few == pytest.approx(chance, abs=4 * np.sqrt(chance / 8_000))


def test_junctions_that_differ_have_the_spread_that_they_were_given():
    drawn = replace(several(count=16), unlike=UNLIKE).drawn_devices(2000, seed=1)
    stability = np.log(drawn.synapse.rates.stability / 30.0)
    assert stability.std() == pytest.approx(np.hypot(0.1, 0.05), rel=0.03)
    assert np.log(drawn.synapse.rates.critical_current / 2e11).std() == pytest.approx(0.1, rel=0.03)
    # Sixteen junctions in parallel differ by a quarter of what one does.
    assert drawn.scales.std() == pytest.approx(0.08 / 4, rel=0.08)
    assert replace(several(), unlike=UNLIKE).spread_known
    assert not several().spread_known


def test_weak_junctions_drift_first():
    spread = JunctionSpread(stability=[0.03], critical_current=[0.03], conductance=[0.0])
    alike, unlike = several(count=8), several(count=8, unlike=spread)
    generator, short = np.random.default_rng(0), 0.01 / float(alike.rates.rates(0.0)[0])
    lost = [float(1 - each.drift(short, 300.0)(np.ones(200_000), generator).mean()) for each in (alike, unlike)]
    assert lost[0] == pytest.approx(0.01, rel=0.05)
    # The mean of exp(-Delta) over a normal barrier is that of the mean barrier times exp(sigma^2 / 2).
    assert lost[1] / lost[0] == pytest.approx(np.exp(0.9**2 / 2), rel=0.1)
    assert unlike.drift(1e12, 300.0)(np.ones(1000), generator).mean() == pytest.approx(0.5, abs=0.03)


def test_a_barrier_that_is_too_high_for_a_rate_holds_its_junctions():
    # exp(-1200) is 0 in double precision.
    start = np.array([0.0, 0.5, 1.0])
    np.testing.assert_array_equal(several(count=4).drift(1.0, 10.0)(start, np.random.default_rng(0)), start)
    held = StochasticBinarySynapse(several().junction, rates=SwitchingRates(4e9, 800.0, 2e11), count=4)
    pulse = ProgrammingPulse(2e11, 3e-9, 3e-9, 0.0, 4e-9)
    ends = held.ends_of_pulse(start, np.zeros(1), pulse, 4, seed=0)
    np.testing.assert_array_equal(ends, np.broadcast_to(start[:, None], (1, 3, 4)))


def test_the_spread_of_a_layer_in_the_plane_is_not_its_anisotropys():
    pillar = Pillar(
        length="80 nm", width="40 nm", thickness="2 nm", cell=("4 nm", "4 nm", "2 nm"), fixed_layer="right",
        barrier={"resistance_area": "5 ohm um^2", "tmr": "120 %"},
    )  # fmt: skip
    permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.01)
    for changes in ({}, {"Ku": 1e4, "easy_axis": (1, 0, 0)}):
        with pytest.raises(ValueError, match=r"would have to differ by more than 50% .* mostly its stray field"):
            pillar_spread(pillar, permalloy.model_copy(update=changes), critical_current=0.044)


def test_a_pillar_has_the_spread_of_its_closed_forms():
    pillar = Pillar(
        length="20 nm", thickness="1.6 nm", cell=("4 nm", "4 nm", "1.6 nm"), fixed_layer="up",
        barrier={"resistance_area": "5 ohm um^2", "tmr": "120 %"},
    )  # fmt: skip
    film = Material(name="CoFeB", Ms=1e6, A=2e-11, Ku=6.4e5, alpha=0.1)
    spread = pillar_spread(pillar, film, critical_current=0.044, diameter=0.02)
    assert spread.relative[1] == pytest.approx(0.044)
    assert float(spread.conductance[1]) == pytest.approx(0.04)
    # By the anisotropy alone barrier and current go alike; a film that is wider by 2 % has 4 % more of volume.
    assert float(spread.stability[0]) == pytest.approx(float(spread.critical_current[0]))
    assert float(spread.stability[1] - spread.critical_current[1]) == pytest.approx(0.04)
    harder = pillar_junction(pillar, film.model_copy(update={"Ku": 6.4e5 * 1.01}), temperature=300.0)
    mean = pillar_junction(pillar, film, temperature=300.0)
    relative = np.log(harder.barrier / mean.barrier) / np.log(1.01)
    assert relative == pytest.approx(6.4e5 / (mean.barrier / float(mean.volume)), rel=0.05)
    with pytest.raises(ValueError, match=r"diameters that differ by 20\.00% make critical currents differ by"):
        pillar_spread(pillar, film, critical_current=0.01, diameter=0.2)
    assert spread.scaled_to(0.088).relative == pytest.approx(tuple(2 * each for each in spread.relative))
    with pytest.raises(ValueError, match="must be finite, 0 or above"):
        spread.scaled_to(-0.1)
    with pytest.raises(ValueError, match="must be rows of finite numbers"):
        JunctionSpread(stability=[0.1], critical_current=[0.1, 0.2], conductance=[0.0])
