"""Networks in software and on devices: gradients, references, and devices that were not tuned for; one must fail."""

from dataclasses import replace

import numpy as np
import pytest

from solitons.crossbars import Wires, learn_on_devices
from solitons.crossbars.learning import _pulses
from solitons.crossbars.measured_trains import table_from_trains
from solitons.crossbars.perceptron import (
    accuracy,
    digit_images,
    forward,
    gradients,
    quantised,
    train_in_software,
    write_weights,
)
from solitons.crossbars.step_table import ideal_table

IMAGES = digit_images(0)


def trains(devices=6, pulses=40, amount=1.0, noise=0.0, spread=0.0, seed=0):
    """Devices whose steps shrink towards the end, with chance in each step and unlike gains."""
    generator, both = np.random.default_rng(seed), []
    for sign in (1, -1):
        share = np.full(devices, 0.0)
        rows, gain = [share], np.maximum(0.2, 1 + spread * generator.standard_normal(devices))
        for _ in range(pulses):
            step = gain * (1.6 if amount else 1.0) * (1 - amount * share / 1.3) / pulses
            share = np.clip(share + step + noise * generator.standard_normal(devices) / pulses, 0, 1)
            rows.append(share)
        rows = np.array(rows).T
        both.append(1e-6 * (1 + 4 * (rows if sign > 0 else 1 - rows)))
    return both


@pytest.fixture(scope="module")
def software():
    return train_in_software(IMAGES, 24, 0, epochs=10)


def test_gradients_are_those_of_the_cross_entropy():
    generator = np.random.default_rng(0)
    weights = generator.normal(0, 0.3, (65, 5)), generator.normal(0, 0.3, (6, 10))
    images, digits = IMAGES.train[:7], IMAGES.train_digits[:7]

    def loss(first, second):
        outputs = forward((first, second), images)[1]
        return np.mean(np.log(np.exp(outputs).sum(axis=1)) - outputs[np.arange(7), digits])

    found = gradients(weights, images, digits)
    for layer, place in ((0, (30, 2)), (0, (64, 4)), (1, (3, 7)), (1, (5, 0))):
        moved = [each.copy() for each in weights]
        moved[layer][place] += 1e-6
        up = loss(*moved)
        moved[layer][place] -= 2e-6
        assert found[layer][place] == pytest.approx((up - loss(*moved)) / 2e-6, abs=1e-8)


def test_software_reads_digits_and_fewer_levels_read_fewer(software):
    whole = accuracy(software, IMAGES.test, IMAGES.test_digits)
    assert whole > 0.95
    few, many = (accuracy(quantised(software, levels), IMAGES.test, IMAGES.test_digits) for levels in (3, 65))
    assert few < 0.75 * whole
    assert many > whole - 0.01
    assert np.unique(quantised(software, 5)[0]).size == 5


def test_ideal_devices_hold_what_is_written(software):
    table = ideal_table(table_from_trains(*trains()), 400)
    read, written = write_weights(software, table, seed=0)
    assert len(written) == 4
    # Half a step of a range that stands for the largest weight.
    assert np.abs(read[0] - software[0]).max() < 1.01 * np.abs(software[0]).max() / 400
    whole = accuracy(software, IMAGES.test, IMAGES.test_digits)
    assert accuracy(read, IMAGES.test, IMAGES.test_digits) == pytest.approx(whole, abs=0.01)


@pytest.mark.parametrize("rule", ["manhattan", "delta", "accumulated"])
def test_every_rule_learns_on_ideal_devices(rule):
    table = ideal_table(table_from_trains(*trains()), 500)
    found = learn_on_devices(IMAGES, table, 24, 0, rule=rule, epochs=6)
    assert found.accuracy > 0.9
    assert found.history[-1] == found.accuracy
    assert found.pulses > 1


def test_what_is_not_sent_at_once_is_sent_later():
    wanted, waiting = np.array([[25.4, -3.2, 0.6]]), np.zeros((1, 3))
    sent = np.zeros((1, 3))
    for batch in range(4):
        counts = _pulses(wanted if batch == 0 else 0 * wanted, 1.0, "accumulated", 8, waiting, np.random.default_rng(0))
        assert np.abs(counts).max() <= 8
        sent += counts
    np.testing.assert_array_equal(sent, [[25, -3, 0]])
    np.testing.assert_allclose(waiting, [[0.4, -0.2, 0.6]])


# None of these was used while learning was written.
UNTUNED = {"gentle": trains(amount=0.3, noise=0.3, spread=0.1), "steep": trains(amount=1.2, noise=1.0, spread=0.2)}


@pytest.mark.parametrize("name", UNTUNED)
def test_devices_that_were_not_tuned_for_learn(name):
    found = learn_on_devices(IMAGES, table_from_trains(*UNTUNED[name]), 24, 0, epochs=10)
    assert found.accuracy > 0.88


def test_a_device_whose_noise_is_ten_steps_does_not_learn():
    table = ideal_table(table_from_trains(*trains()), 15)
    noise = np.sort(np.random.default_rng(0).standard_normal((1, 2, 2, 32)), axis=-1) * 10 / 15
    noisy = replace(table, steps=table.steps + noise - noise.mean(axis=-1, keepdims=True))
    assert learn_on_devices(IMAGES, noisy, 24, 0, epochs=6).accuracy < 0.5
    assert learn_on_devices(IMAGES, noisy.without_noise(), 24, 0, epochs=6).accuracy > 0.9


def test_wires_cost_less_where_the_network_learns_through_them(software):
    table, wires = ideal_table(table_from_trains(*trains()), 400), Wires(600.0, 600.0)
    read, _ = write_weights(software, table, seed=0, wires=wires)
    learned = learn_on_devices(IMAGES, table, 24, 0, wires=wires, epochs=10)
    assert accuracy(read, IMAGES.test, IMAGES.test_digits) + 0.03 < learned.accuracy < 0.9


@pytest.mark.slow
def test_noise_in_training_makes_a_network_that_errors_harm_less():
    table = table_from_trains(*trains(devices=12, pulses=15, noise=1.5, seed=4))
    found = {}
    for noise in (0.0, 0.15):
        weights = [train_in_software(IMAGES, 24, seed, noise=noise, largest=1.0, epochs=12) for seed in range(5)]
        read = [write_weights(each, table, seed=seed, verified=False)[0] for seed, each in enumerate(weights)]
        found[noise] = np.mean([accuracy(each, IMAGES.test, IMAGES.test_digits) for each in read])
    assert found[0.15] > found[0.0] + 0.03


def test_an_unknown_rule_is_refused():
    table = ideal_table(table_from_trains(*trains()), 100)
    with pytest.raises(ValueError, match="rule = 'hebb' is none of 'manhattan', 'delta' and 'accumulated'"):
        learn_on_devices(IMAGES, table, 8, 0, rule="hebb")
    with pytest.raises(ValueError, match="levels = 1 must be 2 or more"):
        quantised((np.ones((2, 2)), np.ones((2, 2))), 1)
