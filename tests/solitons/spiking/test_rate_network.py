"""Hidden units that are neurons: their curve against a closed form, and the network against the rectified one."""

import numpy as np
import pytest

from solitons.crossbars.perceptron import accuracy, digit_images, forward, train_in_software
from solitons.domain_walls import DomainWallNeuron, WallDynamics
from solitons.spiking.rate_network import RateCurve, rate_curve, spiking_outputs


def wall_neuron(**changes):
    """A Neel wall far below breakdown, which spin-orbit torque moves as fast as current and DMI have it."""
    wall = WallDynamics(
        alpha=0.3, width=6e-9, polarity=-1, drift_per_current=-3e-11, hard_axis_field=4e5, beta=0.3
    )  # fmt: skip
    # A wall that is reset to another angle than that of its rest would move on by turning back.
    given = {"start": 50e-9, "threshold": 150e-9, "leak_field": 800.0, "rest_angle": np.pi / 2}
    return DomainWallNeuron(wall=wall, **(given | changes))


def test_a_neuron_fires_as_often_as_its_wall_arrives():
    time = 20e-9
    curve = rate_curve(wall_neuron(), 3e12, time, currents=17)
    assert curve.count[0] == 0
    assert (np.diff(curve.count) >= 0).all()
    # The wall drifts with beta / alpha times u, less what the leak takes: gamma0 Delta H / alpha.
    speed = 3e-11 * curve.current - 221276.1 * 6e-9 * 800.0 / 0.3
    expected = np.floor(np.maximum(speed, 0) * time / 100e-9)
    np.testing.assert_allclose(curve.count[1:], expected[1:], atol=1.0)
    assert curve.threshold > 0


def fine(steps):
    return RateCurve(np.linspace(0, 1e12, steps + 1), np.arange(steps + 1), 1e-6)


@pytest.fixture(scope="module")
def trained():
    images = digit_images(0)
    return images, train_in_software(images, 16, 0, epochs=4)


def test_many_spikes_are_the_rectified_network(trained):
    images, weights = trained
    hidden, outputs = forward(weights, images.test)
    found, _, spikes = spiking_outputs(weights, images.test, fine(100_000), float(hidden.max()))
    np.testing.assert_allclose(found, outputs, atol=1e-3 * np.abs(outputs).max())
    assert (spikes[hidden[:, :-1] == 0] == 0).all()


def test_few_spikes_cost_accuracy(trained):
    images, weights = trained
    largest = float(np.quantile(forward(weights, images.train)[0][:, :-1], 0.99))

    def right(steps):
        found = spiking_outputs(weights, images.test, fine(steps), largest)[0]
        return float(np.mean(found.argmax(axis=1) == images.test_digits))

    whole = accuracy(weights, images.test, images.test_digits)
    assert right(50) == pytest.approx(whole, abs=0.03)
    assert right(1) < right(50)


def test_a_neuron_that_a_strong_current_silences_again_begins_where_it_first_fires():
    assert RateCurve(np.arange(5) * 1e11, np.array([0, 0, 3, 0, 2]), 1e-9).threshold == 1e11


def test_a_neuron_that_cannot_tell_is_refused():
    with pytest.raises(ValueError, match=r"does not fire.*stronger current, or for longer"):
        RateCurve(np.array([0.0, 1e11]), np.array([0, 0]), 1e-9)
    with pytest.raises(ValueError, match="without a current the neuron fires 3 times"):
        RateCurve(np.array([0.0, 1e11]), np.array([3, 5]), 1e-9)
