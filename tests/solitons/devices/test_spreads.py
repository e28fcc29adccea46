import jax
import numpy as np
import pytest
from rows import rows

from solitons.devices.device_spread import device_spread
from solitons.devices.spreads import Spreads

NM = 1e-9
MEAN = np.array([0.0, 30.0, 60.0, 90.0, 60.0, 30.0, 0.0])


def made(rng, devices, *, gain, place, mean=MEAN):
    """Devices as the module describes them: places before the first pulse too."""
    gains = 1 + gain * rng.standard_normal(devices)
    places = place * rng.standard_normal((devices, mean.size))
    return (50 + gains[:, None] * mean + places) * NM


@rows(("gain", "place"), [(0.1, 2.0), (0.0, 2.0), (0.05, 0.5), (0.2, 0.0)])
def test_gains_and_places_are_told_apart(gain, place):
    found = device_spread(made(np.random.default_rng(1), 4000, gain=gain, place=place))
    assert found.gain == pytest.approx(gain, rel=0.05, abs=6e-3)
    assert found.place == pytest.approx(place * NM, rel=0.03, abs=1e-15)
    together = np.sqrt(np.mean((gain * MEAN[1:]) ** 2) + place**2) * NM
    assert found.at_rest == pytest.approx(together, rel=0.05)
    assert found.start == pytest.approx(place * NM, rel=0.05, abs=1e-20)


@pytest.mark.parametrize(("gain", "place"), [(0.1, 1.0), (0.05, 5.0)])
def test_the_interval_of_a_gain_holds_it_as_often_as_it_says(gain, place):
    rng = np.random.default_rng(2)
    holds = 0
    for _ in range(400):
        low, high = device_spread(made(rng, 8, gain=gain, place=place)).gain_ci95
        holds += low <= gain <= high
    assert 0.92 < holds / 400 < 0.98


def test_places_alone_are_no_gain():
    rng = np.random.default_rng(5)
    found = [device_spread(made(rng, 8, gain=0.0, place=5.0)) for _ in range(200)]
    assert np.mean([each.gain_ci95[0] == 0 for each in found]) > 0.9


def test_walls_that_stay_have_places_and_no_gain():
    found = device_spread(made(np.random.default_rng(3), 200, gain=0.1, place=3.0, mean=MEAN / 60))
    assert found.gain is None
    assert found.gain_ci95 is None
    assert found.place == pytest.approx(3.0 * NM, rel=0.05)
    # Nor can one pulse tell.
    once = device_spread(made(np.random.default_rng(3), 200, gain=0.0, place=1.0, mean=MEAN[:2]))
    assert once.gain is None
    assert once.place == pytest.approx(1.0 * NM, rel=0.1)
    with pytest.raises(ValueError, match="1 dimensions"):
        device_spread([1.0, 2.0, 3.0])


def test_devices_that_lose_their_wall_are_counted_and_left_out():
    positions = made(np.random.default_rng(4), 50, gain=0.1, place=1.0)
    kept = device_spread(positions[:40])
    positions[40:, 3:] = np.nan
    found = device_spread(positions)
    assert (found.devices, found.lost) == (50, 10)
    assert (found.gain, found.place) == (kept.gain, kept.place)
    with pytest.raises(ValueError, match="stays in 2 of 12 devices"):
        device_spread(positions[38:])


def test_what_is_drawn_has_the_spreads():
    spreads = Spreads(cycle=3 * NM, gain=0.1, place=4 * NM)
    with jax.enable_x64(True):
        gains = np.asarray(spreads.gains(jax.random.key(1), (20000,)))
        misses = np.asarray(spreads.misses(jax.random.key(2), (20000,)))
    assert gains.mean() == pytest.approx(1, abs=3e-3)
    assert gains.std() == pytest.approx(0.1, rel=0.03)
    assert misses.std() == pytest.approx(5 * NM, rel=0.03)
    assert spreads.known
    assert not Spreads().known


def test_a_negative_spread_is_refused():
    with pytest.raises(ValueError, match=r"Spreads\.gain = -0\.1"):
        Spreads(gain=-0.1)
    with pytest.raises(ValueError, match=r"Spreads\.cycle = inf"):
        Spreads(cycle=np.inf)
    with pytest.raises(ValueError, match=r"devices = -1 and temperature = .* must be 0 or above"):
        Spreads(devices=-1)


def test_what_was_looked_at_is_known_though_nothing_was_found():
    looked_at = Spreads(devices=6, temperature=300.0)
    assert not looked_at.known
    assert (looked_at.between_devices, looked_at.between_cycles) == (True, True)
    assert (Spreads().between_devices, Spreads().between_cycles) == (False, False)
