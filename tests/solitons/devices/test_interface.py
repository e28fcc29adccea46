"""What every family's synapse and neuron must do, whoever made it."""

from dataclasses import replace

import jax
import numpy as np
import pytest

from solitons import load_model, save_model
from solitons.devices import DevicePair, apply_pulse, send_pulses, trace, write_conductances
from solitons.devices.programming import pulse_velocity
from solitons.devices.pulse_shape import ProgrammingPulse
from solitons.skyrmions import neuron_of

SYNAPSES = ["synapse", "linear", "row"]
DRIVE = {"width": 1e-9, "rise": 20e-12, "period": 1.5e-9}


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


@pytest.fixture(params=SYNAPSES)
def any_synapse(request):
    return request.getfixturevalue(request.param)


def test_the_coordinate_orders_states_and_conductance_leads_back_to_it(any_synapse):
    low, high = (float(end) for end in any_synapse.window)
    coordinates = np.linspace(low, high, 13)[1:-1]
    states = any_synapse.at(any_synapse.repeated(any_synapse.reset(), (11,)), coordinates)
    np.testing.assert_allclose(any_synapse.coordinate(states), coordinates, rtol=1e-12)
    found = np.asarray(any_synapse.conductance(states))
    assert (np.abs(np.diff(found)) > 0).all()
    assert np.ptp(np.sign(np.diff(found))) == 0
    least, most = (float(end) for end in any_synapse.conductances)
    assert least * (1 - 1e-9) <= found.min()
    assert found.max() <= most * (1 + 1e-9)
    # A twentieth of a skyrmion's radius; a wall that is 6 nm wide is smeared by less in the middle of its junction.
    back = np.asarray(any_synapse.conductance(any_synapse.at(states, any_synapse.coordinate_for(found))))
    assert np.abs(back - found).max() < 0.01 * (most - least)


def test_reset_is_the_lowest_conductance(any_synapse):
    lowest = float(any_synapse.conductances[0])
    assert float(any_synapse.conductance(any_synapse.reset())) == pytest.approx(lowest, rel=0.01)


def test_pulses_are_sent_to_any_synapse(any_synapse):
    sent = send_pulses(any_synapse, [4e11, 4e11, -4e11, -4e11], **DRIVE, devices=2)
    assert dict(sent.sizes) == {"device": 2, "pulse": 5}
    low, high = (float(end) for end in any_synapse.conductances)
    assert np.isfinite(sent.conductance).all()
    assert low * (1 - 1e-9) <= float(sent.conductance.min()) < float(sent.conductance.max()) <= high * (1 + 1e-9)


@pytest.mark.slow
def test_devices_of_an_array_move_as_each_alone(any_synapse):
    middle = sum(float(end) for end in any_synapse.window) / 2
    start = any_synapse.at(any_synapse.reset(), middle)
    amplitudes = np.array([[2e11, -3e11], [4e11, 0.0]])
    together = any_synapse.coordinate(apply_pulse(any_synapse, start, amplitudes, **DRIVE))
    alone = [
        float(any_synapse.coordinate(apply_pulse(any_synapse, start, each, **DRIVE))) for each in amplitudes.ravel()
    ]
    np.testing.assert_allclose(np.ravel(together), alone, rtol=1e-12)
    assert alone[3] == pytest.approx(middle, rel=1e-6)


def test_the_ideal_synapse_spans_the_same_conductances(any_synapse):
    velocity = pulse_velocity(any_synapse, ProgrammingPulse(4e11, 0.5e-9, 1e-9, 20e-12, 1.5e-9))
    ideal = any_synapse.ideal(velocity / 4e11)
    ends = np.array([float(end) for end in any_synapse.window])
    found = np.asarray(any_synapse.conductance(any_synapse.at(any_synapse.repeated(any_synapse.reset(), (2,)), ends)))
    linear = [float(ideal.conductance(ideal.at(ideal.reset(), end))) for end in ends]
    # A wall at an end of its junction is half outside.
    np.testing.assert_allclose(linear, found, rtol=0.02)
    assert float(ideal.conductances[0]) == pytest.approx(float(any_synapse.conductances[0]), rel=1e-9)


def test_it_is_saved_and_loaded(any_synapse, tmp_path):
    back = load_model(save_model(any_synapse, tmp_path / "synapse.json"))
    assert jax.tree.structure(back) == jax.tree.structure(any_synapse)
    for one, other in zip(jax.tree.leaves(any_synapse), jax.tree.leaves(back), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.slow
def test_a_row_is_written_to_within_half_of_the_shortest_pulses_step(row):
    pulse = ProgrammingPulse(amplitude=4e11, shortest=0.1e-9, longest=1e-9, rise=20e-12, period=2.5e-9)
    low, high = (float(end) for end in row.conductances)
    target = low + (high - low) * np.array([0.0, 0.2, 1 / 3, 0.5, 0.9, 1.0])
    written = write_conductances(row, target, pulse)
    # A pulse of 0.08 ns goes 5 nm, and 1 nm at the edge of a level is worth a fiftieth of the whole.
    assert np.abs(written.conductance - target).max() < 0.06 * (high - low)
    assert np.asarray(written.state.there).all()


@pytest.mark.parametrize("family", ["wall", "skyrmion"])
def test_neurons_differ_by_threshold_and_gain(family, neuron, track_skyrmion):
    one = neuron if family == "wall" else neuron_of(track_skyrmion, 150e-9)
    start, threshold = (float(end) for end in one.span)
    batch = one.with_thresholds(np.array([threshold, threshold, threshold - 60e-9]), np.array([1.0, 2.0, 1.0]))
    sign = -1 if family == "wall" else 1
    _, position, spike = trace(batch, np.full(3, sign * 2e11), count=20, **DRIVE)
    moved = position[:, 40] - start
    assert moved[1] == pytest.approx(2 * moved[0], rel=0.2)
    assert moved[2] == pytest.approx(moved[0], rel=1e-9)
    fires = spike.argmax(axis=-1)
    assert not spike[0, : fires[2] + 1].any()
    assert spike[1].any()
    assert spike[2].any()


def test_a_pair_needs_an_error_and_a_range_of_currents(row, track_skyrmion):
    neuron = neuron_of(track_skyrmion, 180e-9)
    with pytest.raises(ValueError, match="error = nan"):
        DevicePair(row, neuron, error=float("nan"), amplitude=(1e11, 4e11))
    with pytest.raises(ValueError, match="sweep it"):
        DevicePair(row, neuron, error=1e-9, amplitude=(4e11, 4e11))


def test_a_synapse_without_noise_refuses_it(synapse, linear):
    for each in (synapse, linear):
        with pytest.raises(ValueError, match="noise is given"):
            each.step(each.reset(), 1e11, 1e-12, noise=np.zeros(2))
        assert each.noise(jax.random.key(0), (3,)) is None


@pytest.mark.slow
def test_heat_is_in_the_rows_steps(row):
    hot = replace(row, temperature=np.asarray(100.0))
    noise = hot.noise(jax.random.key(0), (5,))
    assert noise.shape == (5, 3, 2)
    assert row.noise(jax.random.key(0), (5,)) is None
    state = hot.repeated(hot.reset(), (5,))
    assert np.ptp(np.asarray(hot.coordinate(hot.step(state, np.zeros(5), 1e-11, noise)))) > 1e-12
