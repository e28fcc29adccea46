from dataclasses import replace

import numpy as np
import pytest

from solitons.devices.neuron import exciting_sign, firing_times
from solitons.networks import program_crossbar
from solitons.networks.crossbar import PulseCoding, first_to_fire

WEIGHTS = np.random.default_rng(3).normal(size=(6, 3))


@pytest.fixture
def drive():
    return PulseCoding(
        offset=1e12, gain=1e16, lowest=0.0, highest=2e12, width=0.4e-9, rise=20e-12, period=0.6e-9, most=12
    )


def test_currents_are_the_weights_times_the_inputs(linear, pulse):
    crossbar = program_crossbar(linear, WEIGHTS, pulse)
    scale = 3e-4 / np.abs(WEIGHTS).max()
    # Each of two synapses is within half of a shortest pulse's step, 4 nm of 200 nm.
    error = np.abs(crossbar.positive - crossbar.negative - scale * WEIGHTS)
    assert error.max() < 2 * 3e-4 * 2 / 200
    inputs = np.random.default_rng(1).uniform(size=(5, 6))
    np.testing.assert_allclose(crossbar.current(inputs), inputs @ (crossbar.positive - crossbar.negative))


def test_position_errors_move_the_conductances(synapse, pulse):
    clean = program_crossbar(synapse, WEIGHTS, pulse)
    errors = np.zeros((2, *WEIGHTS.shape))
    errors[0, 0, 0] = -20e-9
    moved = program_crossbar(synapse, WEIGHTS, pulse, errors)
    changed = np.abs(moved.positive - clean.positive) > 1e-9
    assert changed[0, 0] or WEIGHTS[0, 0] < 0
    changed[0, 0] = False
    assert not changed.any()
    np.testing.assert_array_equal(moved.negative, clean.negative)


@pytest.mark.parametrize(("beta", "goes_on"), [(0.1, False), (0.02, True)], ids=["rigid", "precessing"])
def test_walls_that_precess_go_on_after_they_were_written(synapse, pulse, beta, goes_on):
    device = replace(synapse, wall=replace(synapse.wall, beta=beta))
    now = program_crossbar(device, WEIGHTS[:2, :2], pulse, rests=True)
    later = now.at_rest
    # 1.5 uS a nm; a wall turned by 0.1 rad goes on by 6 nm.
    assert (np.abs(later.positive - now.positive).max() > 1.5e-6) == goes_on


def test_the_strongest_current_fires_first(neuron, drive):
    currents = np.array([[0.0, 5e-5, -5e-5], [9e-5, 1e-5, 2e-5], [-1e-5, -2e-5, 0.0]])
    winner, time = first_to_fire(neuron, currents, drive)
    assert winner.tolist() == [1, 0, 2]
    assert (time[0, 1] < time[0, [0, 2]]).all()
    # The reading ends with the pulse in which the last image has its winner.
    assert time[np.isfinite(time)].max() <= np.ceil(time.min(axis=1).max() / drive.period) * drive.period


def test_a_race_is_what_the_traces_of_its_neurons_say(neuron, drive):
    currents = np.random.default_rng(1).uniform(-1e-4, 1e-4, (5, 4))
    winner, time = first_to_fire(neuron, currents, drive)
    density = np.clip(drive.offset + drive.gain * currents, drive.lowest, drive.highest)
    shape = {"width": drive.width, "rise": drive.rise, "period": drive.period}
    sign = exciting_sign(neuron, drive.highest, **shape)
    alone = firing_times(neuron, sign * density.ravel(), count=drive.most, **shape).reshape(currents.shape)
    assert winner.tolist() == alone.argmin(axis=1).tolist()
    fired = np.isfinite(time)
    np.testing.assert_allclose(time[fired], alone[fired], rtol=1e-12)
    assert (alone[~fired] > time[fired].max()).all()


def test_where_none_fires_the_furthest_wall_wins(neuron, drive):
    weak = PulseCoding(**(drive.__dict__ | {"most": 2}))
    winner, time = first_to_fire(neuron, np.array([[0.0, 1e-5, -1e-5]]), weak)
    assert np.isinf(time).all()
    assert winner.tolist() == [1]
