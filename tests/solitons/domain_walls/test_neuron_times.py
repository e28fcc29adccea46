import dataclasses

import numpy as np
import pytest
from rows import rows

from solitons import DomainWallNeuron
from solitons.devices import trace
from solitons.devices.neuron import firing_times, threshold_current
from solitons.domain_walls import PeriodicPinning, WallDynamics
from solitons.domain_walls.neuron_times import arrival, least_field, return_time

DRIVE = {"width": 0.4e-9, "rise": 20e-12, "period": 0.6e-9}
LEAK = 400.0


@pytest.fixture
def leaky():
    """Below breakdown, rigid under current (beta = alpha), and pulled back at gamma0 Delta H / alpha."""
    wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=5e4, polarity=-1, beta=0.1, drift_per_current=-5e-11)
    return DomainWallNeuron(wall=wall, start=50e-9, threshold=200e-9, leak_field=LEAK, rest_angle=np.pi / 2)


def leak_velocity(neuron):
    return float(neuron.wall.gamma0) * 6e-9 * LEAK / 0.1


def test_it_fires_when_the_charge_less_the_leak_is_enough(leaky):
    """A pulse takes the wall on by u (width - rise), and in every period it leaks for the whole of it."""
    current = np.array([2e12, 3e12])
    times = firing_times(leaky, -current, count=40, **DRIVE)
    step = 50 * current / 1e12 * 0.38e-9 - leak_velocity(leaky) * 0.6e-9
    # It fires within the pulse that brings it there.
    pulses = np.ceil(times / 0.6e-9)
    assert np.abs(pulses - 150e-9 / step).max() < 1.6
    assert np.isinf(firing_times(leaky, np.array([2e12]), count=40, **DRIVE)[0])


@pytest.mark.slow
def test_below_the_threshold_current_the_leak_wins(leaky):
    """For ever many pulses it is where u (width - rise) is what leaks in a period."""
    closed = leak_velocity(leaky) * 0.6e-9 / (50 * 0.38e-9) * 1e12
    found = threshold_current(leaky, -4e12, count=400, **DRIVE)
    # 400 pulses bring it over 150 nm if each gains 0.4 nm.
    assert closed < found < closed + 1.2e12 * 0.4e-9 / (50 * 0.38e-9)
    assert np.isinf(firing_times(leaky, np.array([-0.99 * found]), count=400, **DRIVE)[0])
    assert threshold_current(leaky, -0.5 * closed, count=400, **DRIVE) is None
    assert threshold_current(leaky, 4e12, count=10, **DRIVE) is None


def test_the_way_back_takes_its_length_over_the_mobility(leaky):
    # From 200 nm to one width of 6 nm before 50 nm; first it turns from its angle at rest, in 1 / (alpha gamma0 H_K).
    expected = 144e-9 / leak_velocity(leaky) + 1.01 / (0.1 * float(leaky.wall.gamma0) * 5e4)
    assert return_time(leaky, 100e-9) == pytest.approx(expected, rel=2e-3)
    assert return_time(leaky, 0.5 * expected) is None
    assert return_time(dataclasses.replace(leaky, leak_field=0.0), 10e-9) is None


def test_while_it_waits_it_does_not_listen(leaky):
    deaf = dataclasses.replace(leaky, refractory=3e-9)
    time, position, spike = trace(deaf, np.array([-3e12]), count=40, **DRIVE)
    _, _, free = trace(leaky, np.array([-3e12]), count=40, **DRIVE)
    first, second = time[spike[0]][:2]
    waiting = (time > first) & (time <= first + 3e-9 - 1e-12)
    assert (position[0, waiting] == 50e-9).all()
    assert position[0, np.searchsorted(time, first + 3.6e-9)] > 50e-9
    between = np.diff(time[free[0]])[0]
    assert second - first > between + 2e-9
    with pytest.raises(ValueError, match=r"refractory = -1e-09 s"):
        dataclasses.replace(leaky, refractory=-1e-9)


@rows(
    ("place", "onwards", "after", "when"),
    [(5.0, 1, 0.0, 0.5), (5.0, -1, 0.0, 1.5), (5.0, 1, 1.0, 2.5), (20.0, 1, 0.0, np.inf), (5.0, 1, 3.5, np.inf)],
)
def test_a_place_is_passed_in_its_direction(place, onwards, after, when):
    assert arrival([0, 1, 2, 3, 4], [0, 10, 0, 10, np.nan], place, onwards, after) == when


def test_the_least_field_overcomes_the_wells(leaky):
    """A field above the strength of a sinusoidal landscape moves a wall in it; of those 26 % apart, the next."""
    wells = PeriodicPinning(strength=1500.0, period=40e-9, site=40e-9)
    held = dataclasses.replace(leaky, wall=dataclasses.replace(leaky.wall, pinning=wells))
    assert 1500.0 < least_field(held, 50e-9) < 1500.0 * 1.26
    assert least_field(held, 1e-10) == np.inf
