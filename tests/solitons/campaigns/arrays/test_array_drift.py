"""How long weights of an array last: against the flips of junctions, and what is said where it is not known."""

import numpy as np
import pytest

from solitons.campaigns.arrays.array_devices import ArrayDevice
from solitons.campaigns.arrays.array_drift import ArrayDrift, digits_after_drift, drift_reasons, weight_drift
from solitons.campaigns.arrays.scores_over_seeds import score_of
from solitons.crossbars import StepTable, Wires, learn_on_devices
from solitons.crossbars.perceptron import DigitImages
from solitons.junctions import SwitchingRates

SEEDS = (0, 1, 2)
TIMES = ("1 ns", "1 us", "0.3 ms", "3 ms", "30 ms", "10 s", "1000 s")
TRAIN = tuple(np.linspace(1e-6, 5e-6, 9).tolist())
JUNCTIONS = ArrayDevice(
    name="junctions", fitted_model="junction", junctions=16,
    pulse={"amplitude": "0.12e12 A/m^2", "width": "3 ns", "period": "4 ns"},
)  # fmt: skip


def bars():
    left, right = [1.0, 0.0, 1.0], [0.0, 1.0, 1.0]
    shown, which = np.array([left, right] * 20), np.array([0, 1] * 20)
    return DigitImages(shown, which, shown, which)


def levels():
    """Of 16 junctions, which each pulse moves by one level."""
    steps = np.zeros((1, 2, 17, 1))
    steps[0, 0, :-1], steps[0, 1, 1:] = 1 / 16, -1 / 16
    places = np.arange(17) / 16
    return StepTable(places, 1e-5 * (1 + places), drives=(1.0, -1.0), steps=steps, discrete=True)


def drifted(device, times=TIMES, allowed=0.05):
    table = levels()
    images = [bars() for _ in SEEDS]
    learned = [learn_on_devices(bars(), table, hidden=4, seed=seed, epochs=10, batch=2, rate=0.5) for seed in SEEDS]
    settings = ArrayDrift(times=times)
    counted = []
    start = score_of([each.accuracy for each in learned])
    read = digits_after_drift(learned, images, SEEDS, table, 1.5, Wires())
    found = weight_drift(device, start, read, settings, allowed, lambda: counted.append(1))
    assert len(counted) == len(times)
    return found


@pytest.mark.slow
def test_weights_of_junctions_last_about_as_long_as_their_states():
    found = drifted(JUNCTIONS)
    assert found.start.mean == 1.0
    assert [point.score.mean for point in found.points[:2]] == [1.0, 1.0]
    assert found.points[-1].score.mean < 0.8  # two patterns among ten digits, told at random
    rates = JUNCTIONS.synapse().rates
    assert isinstance(rates, SwitchingRates)
    dwell = 1 / float(rates.rates(0.0)[0])
    assert 0.05 * dwell < found.lost.value < 20 * dwell
    assert found.missing == ""
    speed = JUNCTIONS.synapse().drift_speed_ci95(300.0)
    if speed is not None:
        assert found.lost_ci95 == pytest.approx((found.lost.value / speed[1], found.lost.value / speed[0]))
    assert list(drift_reasons("junctions", found, 0.05, written_for=1e-6, heat_known=True)) == []
    (reason,) = drift_reasons("junctions", found, 0.05, written_for=100 * dwell, heat_known=True)
    assert reason.code == "weights_fade_while_written"
    assert "the first weights fade while the last are written" in reason.sentence
    (cold,) = drift_reasons("junctions", found, 0.05, written_for=100 * dwell, heat_known=False)
    assert "learned by devices without heat" in cold.sentence


def test_measured_conductances_have_no_drift_and_the_remedy_is_said():
    found = drifted(ArrayDevice(name="measured", up=TRAIN, down=TRAIN[::-1]))
    assert all(point.score is None for point in found.points)
    assert str(found) == "not known"
    assert found.lost_ci95 == (None, None)
    (reason,) = drift_reasons("measured", found, 0.05, written_for=0.0, heat_known=True)
    assert reason.code == "drift_unknown"
    assert "read the device again" in reason.sentence


@pytest.mark.parametrize(
    ("times", "words"), [(("1 ns", "10 ns"), "more than 10 ns"), (("1000 s", "2000 s"), "less than 1 ks")]
)
def test_what_lies_outside_of_the_times_is_said_so(times, words):
    assert str(drifted(JUNCTIONS, times)).startswith(words)


def test_a_device_may_have_a_temperature_of_its_own():
    cold = drifted(JUNCTIONS.model_copy(update={"temperature": 77.0}))
    assert cold.temperature == 77.0
    assert str(cold) == "more than 1 ks"
    assert [point.score.mean for point in cold.points] == [1.0] * len(TIMES)


def test_times_must_rise():
    with pytest.raises(ValueError, match="must rise"):
        ArrayDrift(times=("1 s", "1 ms"))
