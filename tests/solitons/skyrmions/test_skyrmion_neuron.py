"""A skyrmion that leaks and fires, against the closed forms of Thiele's equation."""

from dataclasses import replace

import numpy as np
import pytest

from solitons.devices import threshold_current, trace
from solitons.devices.neuron import exciting_sign, firing_times
from solitons.skyrmions import SkyrmionNeuron, neuron_of

LEAK = 2e-13
STEADY = {"width": 20e-9, "rise": 0.0, "period": 20e-9, "count": 1}


@pytest.fixture
def neuron(track_skyrmion):
    return neuron_of(track_skyrmion, 200e-9, LEAK)


def closed_forms(skyrmion, current, force):
    """Velocities along a track by current and leak, both with v_y = 0."""
    damped = float(skyrmion.alpha) * 17
    driven = -float(skyrmion.gamma0) * 4.5e-8 * current * float(skyrmion.spin_orbit[0, 1] * -1) / damped
    return driven, float(skyrmion.velocity_per_force) * force / damped


def test_it_fires_after_the_distance_over_both_velocities(neuron):
    current = np.array([2e11, 3e11])
    driven, leak = closed_forms(neuron.skyrmion, current, LEAK)
    times = firing_times(neuron, current, **STEADY)
    _, position, _ = trace(replace(neuron, threshold=np.asarray(1e-6)), current, **STEADY)
    steady = (position[:, 1100] - position[:, 1000]) / 1e-9
    np.testing.assert_allclose(steady, driven - leak, rtol=1e-3)
    # First it turns aside until the edge takes that up.
    late = times - 200e-9 / (driven - leak)
    assert (np.abs(late) < 0.6e-9).all()
    assert times[1] < times[0]


def test_below_the_threshold_current_the_leak_wins(neuron):
    driven, leak = closed_forms(neuron.skyrmion, 1e11, LEAK)
    closed = leak / driven * 1e11
    found = threshold_current(neuron, 4e11, **STEADY)
    # In 20 ns it must gain 200 nm too.
    at_least = (leak + 200e-9 / 20e-9) / driven * 1e11
    assert closed < found
    assert found == pytest.approx(at_least, rel=0.05)


def test_it_is_reset_deaf_for_a_while_and_fires_again(neuron):
    deaf = replace(neuron, refractory=3e-9)
    time, position, spike = trace(deaf, np.array([3e11]), width=40e-9, rise=0.0, period=40e-9, count=1)
    _, _, free = trace(neuron, np.array([3e11]), width=40e-9, rise=0.0, period=40e-9, count=1)
    first, second = np.flatnonzero(spike[0])[:2]
    waited = np.diff(np.flatnonzero(free[0])[:2])[0]
    assert (position[0, first : first + 300] == 0.0).all()
    assert time[second] - time[first] == pytest.approx(time[waited] - time[0] + 3e-9, abs=0.02e-9)


def test_current_the_other_way_does_nothing_and_the_sign_is_found(neuron):
    assert exciting_sign(neuron, 3e11, width=1e-9, rise=0.0, period=2e-9) == 1
    _, position, spike = trace(neuron, np.array([-2e11]), **STEADY)
    assert not spike.any()
    assert (position == 0.0).all()
    mirrored = replace(neuron, threshold=-200e-9)
    assert exciting_sign(mirrored, 3e11, width=1e-9, rise=0.0, period=2e-9) == -1
    np.testing.assert_allclose(
        trace(mirrored, np.array([-2e11]), **STEADY)[1], -trace(neuron, np.array([2e11]), **STEADY)[1], atol=1e-15
    )


def test_a_skyrmion_that_leaves_by_an_edge_never_fires(neuron):
    far = replace(neuron, threshold=5e-6)
    _, position, spike = trace(far, np.array([8e11, 3e11]), width=60e-9, rise=0.0, period=60e-9, count=1)
    assert not spike.any()
    assert position[0, -1] == 0.0
    assert position[1, -1] > 1e-6


def test_heat_spreads_the_firing_times_as_diffusion_does(neuron):
    """Of a walk with drift v the first passage over L has the variance 2 D L / v^3 (inverse Gaussian)."""
    temperature = 3.0
    hot = neuron.heated(temperature)
    time, _, spike = trace(hot, np.full(1000, 3e11), seed=4, **STEADY)
    assert spike.any(axis=1).all()
    times = time[spike.argmax(axis=1)]
    driven, leak = closed_forms(neuron.skyrmion, 3e11, LEAK)
    damped = 0.3 * 17
    diffusion = 1.380649e-23 * temperature * float(neuron.skyrmion.velocity_per_force) / damped
    expected = np.sqrt(2 * diffusion * 200e-9 / (driven - leak) ** 3)
    assert times.std() == pytest.approx(expected, rel=0.1)
    cold = firing_times(neuron, np.array([3e11]), **STEADY)[0]
    assert times.mean() == pytest.approx(cold, abs=4 * times.std() / np.sqrt(1000) + 10e-12)


def test_a_neuron_that_cannot_be_is_refused(track_skyrmion):
    keys = {"skyrmion": track_skyrmion, "start": 0.0, "middle": 30e-9}
    with pytest.raises(ValueError, match="fire for ever"):
        SkyrmionNeuron(threshold=0.0, **keys)
    with pytest.raises(ValueError, match=r"leak_force = -1e-13"):
        SkyrmionNeuron(threshold=1e-7, leak_force=-1e-13, **keys)
