"""Spiking hidden units in the campaign: which models are neurons, what they cost, and what is refused."""

from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from rows import rows

import solitons.campaigns.arrays.learning_on_devices as kind
from solitons.campaigns.arrays.array_energy import ArrayEnergy
from solitons.campaigns.arrays.learning_on_devices.campaign import LearningOnDevicesCampaign
from solitons.campaigns.arrays.learning_on_devices.judgement import _about_spiking
from solitons.campaigns.arrays.learning_on_devices.settings import SpikingUnits
from solitons.campaigns.arrays.learning_on_devices.spiking import (
    SPIKING,
    beyond_fit,
    neuron_in,
    spiking_results,
    spiking_rows,
)
from solitons.campaigns.arrays.trained_networks import Trained
from solitons.crossbars import Wires
from solitons.crossbars.learning import Learned
from solitons.crossbars.perceptron import accuracy, digit_images, train_in_software
from solitons.crossbars.weight_pairs import conductance_pairs
from solitons.energy import EnergyLedger
from solitons.fits.provenance import FittedRange, Provenance
from solitons.spiking.rate_network import RateCurve

UNITS = yaml.safe_load((Path(kind.__file__).parent / "campaign.yaml").read_text())["spiking"]
CURVE = RateCurve(np.linspace(0, 0.3e12, 201), np.maximum(np.arange(201) - 1, 0), 200e-9)


def units(**changes):
    return SpikingUnits(**UNITS | changes)


@pytest.fixture(scope="module")
def learned():
    """A network that learned as software does."""
    images = digit_images(0)
    weights = train_in_software(images, 8, 0, epochs=2)
    pairs = [conductance_pairs(each, float(np.abs(each).max()), (1e-4, 3e-4)) for each in weights]
    right = accuracy(weights, images.test, images.test_digits)
    return Learned(
        accuracy=right, history=(), pulses=0.0, most_pulses=0, outside=0.0, conductances=pairs, weights=weights
    )


def test_a_synapse_of_a_wall_is_a_neuron_with_two_places():
    neuron = neuron_in(units())
    assert [float(each) for each in neuron.span] == [60e-9, 220e-9]
    assert float(neuron.leak_field) == pytest.approx(1e-3 / (4e-7 * np.pi))


@rows(
    ("changes", "message"),
    [
        ({"fitted_model": "nowhere.json"}, "nowhere.json' cannot be read"),
        ({"fitted_model": "junction"}, "holds a StochasticBinarySynapse; give a neuron or a synapse of a wall"),
        ({"start": None, "threshold": None}, "is a synapse, which has no start and no threshold"),
        ({"threshold": "500 nm"}, r"must lie within the stripe of 'wall', from 2.4e-08 to 2.96e-07 m"),
    ],
)
def test_what_is_no_neuron_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        neuron_in(units(**changes))


def test_one_place_alone_is_refused():
    with pytest.raises(ValueError, match="start and threshold belong together"):
        units(start=None)


def test_costs_are_against_the_same_weights(learned):
    trained = Trained((0, 0), [learned.weights] * 2, [learned.accuracy] * 2)
    found = spiking_results(units(), CURVE, trained, [learned] * 2)
    assert found.learned.values == found.floating.values
    assert found.cost.mean == pytest.approx(learned.accuracy - found.learned.mean)
    assert found.learned.mean > 0.7
    assert found.most_spikes == 199
    assert 0 < found.spikes < 8 * 199
    # Held for 200 ns, where the wall was fitted to pulses of less than one.
    assert found.beyond
    assert found.beyond[0] == "they are held for 200 ns, and it was fitted on pulses of 300 ps to 400 ps"


def test_currents_outside_of_the_neurons_fit_limit_the_verdict_once(learned):
    trained = Trained((0, 0), [learned.weights] * 2, [learned.accuracy] * 2)
    found = spiking_results(units(), CURVE, trained, [learned] * 2)
    devices = [SimpleNamespace(spiking=each) for each in (None, found, found)]
    (reason,) = _about_spiking(devices)
    assert (reason.code, reason.weight) == ("spiking_outside_fit", "limited")
    assert "held for 200 ns" in reason.sentence
    assert "a dw_synapse campaign" in reason.sentence
    inside = found.model_copy(update={"outside": False, "beyond": []})
    assert list(_about_spiking([SimpleNamespace(spiking=inside)])) == []


def test_a_neuron_that_never_fires_is_refused_before_anything_is_trained():
    begun = []

    @contextmanager
    def stages(name, *_):
        begun.append(name)
        yield lambda: None

    given = yaml.safe_load((Path(kind.__file__).parent / "campaign.yaml").read_text())
    given["spiking"] |= {"strongest": "1e6 A/m^2", "time": "1 ns"}
    with pytest.raises(ValueError, match="the neuron does not fire"):
        LearningOnDevicesCampaign.model_validate(given).analyse(None, stages)
    assert begun == ["Follow the neuron"]


def test_a_neuron_is_outside_by_time_and_by_current_each():
    seen = FittedRange(amplitude=(1e10, 3e11), width=(1e-10, 3e-7), position=(0.0, 3e-7))
    origin = Provenance(trained_on=("a-run",), fitted_range=seen)
    firing = RateCurve(np.linspace(0, 0.3e12, 201), np.maximum(np.arange(201) - 20, 0), 200e-9)
    assert beyond_fit(units(), firing, origin) == []
    (strong,) = beyond_fit(units(strongest="0.5e12 A/m^2"), firing, origin)
    assert "0.5 × 10¹² A/m²" in strong
    (long,) = beyond_fit(units(time="1 us"), firing, origin)
    assert "held for 1" in long
    assert beyond_fit(units(time="1 us"), firing, None) == []


def test_an_image_costs_what_flows(learned):
    energy = ArrayEnergy(read_voltage=0.1, read_time=5e-9, source="a test")
    rows = spiking_rows("wall", learned, units(), CURVE, Wires(), energy, 0)
    ledger = EnergyLedger(rows=tuple(rows))
    by_name = {row.name.split(":")[0].split(",")[0]: row for row in rows if row.part == "device"}
    images = digit_images(0).test[:16]
    (first, other), (positive, negative) = learned.conductances
    held = float((images**2 @ (first + other)).sum(axis=1).mean()) * 0.1**2 * 200e-9
    assert by_name["first array"].joule == pytest.approx(held)
    sums = np.maximum(images @ learned.weights[0], 0)
    train = digit_images(0).train @ learned.weights[0]
    spikes = CURVE.counts(CURVE.currents(sums, float(np.quantile(train[train > 0], 0.99))))
    events = float((spikes @ (positive + negative)[:-1].sum(axis=1)).mean()) * 0.1**2 * 5e-9
    assert by_name["second array"].joule == pytest.approx(events)
    # A unit whose sum is 1 would fire so often by a straight curve, and so often is the line read that is always on.
    reads = CURVE.count[-1] / float(np.quantile(train[train > 0], 0.99))
    assert by_name["line that is always on"].joule == pytest.approx(
        reads * float((positive + negative)[-1].sum()) * 0.1**2 * 5e-9
    )
    assert by_name["neurons"].joule > 0
    assert ledger.second("wall", SPIKING) == 200e-9
    # Amplifiers are no part of the model, so that no sum is given.
    assert ledger.joule("wall", SPIKING) is None
    behind = spiking_rows(
        "wall", learned, units(), CURVE, Wires(), energy.model_copy(update={"transistor_resistance": 600.0}), 0
    )
    series = (first / (1 + 600 * first)) ** 2 / first + (other / (1 + 600 * other)) ** 2 / other
    found = {row.name: row for row in behind}
    assert found["first array, inputs held"].joule == pytest.approx(
        float((images**2 @ series).sum(axis=1).mean()) * 0.1**2 * 200e-9
    )
    assert found["first array, inputs held, open transistors and ends"].joule > 0
    bare = spiking_rows("wall", learned, units(write_path=None), CURVE, Wires(), ArrayEnergy(), 0)
    assert all(row.joule is None and "give " in row.missing for row in bare[:-1])
