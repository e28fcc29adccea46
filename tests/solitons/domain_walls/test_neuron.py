from dataclasses import replace

import numpy as np
import pytest
from rows import rows
from scipy import constants

from solitons import DomainWallNeuron
from solitons.devices import trace
from solitons.domain_walls import PeriodicPinning, WallDynamics

DRIVE = {"width": 0.4e-9, "rise": 20e-12, "period": 0.6e-9}


def test_it_integrates_and_fires_when_the_charge_is_enough(neuron):
    # beta = alpha: 50 m/s x 0.38 ns = 19 nm a pulse, 150 nm to the threshold: in the eighth pulse.
    time, position, spike = trace(neuron, np.array([-1e12]), count=9, **DRIVE)
    first = time[spike[0].argmax()]
    assert spike[0].sum() == 1
    assert 7 * 0.6e-9 < first < 7 * 0.6e-9 + 0.4e-9
    np.testing.assert_allclose(position[0, 59], 50e-9 + 19e-9, rtol=1e-4)


def test_it_is_reset_and_fires_again(neuron):
    _, position, spike = trace(neuron, np.array([-1e12]), count=33, **DRIVE)
    assert spike[0].sum() == 4
    assert (position[0][spike[0]] == 50e-9).all()
    assert position.max() < 200e-9


def test_current_the_other_way_does_nothing(neuron):
    _, position, spike = trace(neuron, np.array([1e12]), count=5, **DRIVE)
    assert not spike.any()
    assert (position >= 50e-9).all()
    assert position[0, -1] == pytest.approx(50e-9)


@pytest.mark.parametrize("polarity", [-1, 1])
@pytest.mark.parametrize("threshold", [200e-9, 20e-9])
def test_the_leak_pulls_back_at_the_walls_mobility(polarity, threshold):
    # Below breakdown a field H moves the wall at gamma0 Delta H / alpha.
    wall = WallDynamics(
        alpha=0.1, width=6e-9, hard_axis_field=5e4, polarity=polarity, beta=0.1, drift_per_current=-5e-11
    )
    sign = 1 if threshold > 100e-9 else -1
    neuron = DomainWallNeuron(wall=wall, start=100e-9, threshold=threshold, leak_field=400.0, rest_angle=np.pi / 2)
    # One pulse out, then rest: in the last nanosecond the wall only leaks.
    _, position, _ = trace(neuron, np.array([-sign * 2e12]), width=0.5e-9, rise=0.0, period=8e-9, count=1)
    velocity = (position[0, -1] - position[0, -101]) / 1e-9
    assert velocity == pytest.approx(-sign * float(wall.gamma0) * 6e-9 * 400.0 / 0.1, rel=0.01)


def test_a_neuron_that_cannot_be_is_refused(wall):
    with pytest.raises(ValueError, match="fire for ever"):
        DomainWallNeuron(wall=wall, start=50e-9, threshold=50e-9)
    with pytest.raises(ValueError, match=r"leak_field = -1\.0"):
        DomainWallNeuron(wall=wall, start=50e-9, threshold=90e-9, leak_field=-1.0)


@pytest.mark.slow
def test_heat_makes_a_wall_diffuse_while_the_current_takes_it_along():
    """It goes as far on average, and spreads by Einstein's D = kT mu / (2 mu0 Ms S)."""
    # So strong a hard axis that heat does not turn the wall round, which would slow it down.
    moment, temperature = 6e5 * 96e-18, 300.0
    wall = WallDynamics(
        alpha=0.3,
        width=6e-9,
        hard_axis_field=1e5,
        polarity=-1,
        beta=0.3,
        drift_per_current=-5e-11,
        moment_per_length=moment,
    )
    neuron = DomainWallNeuron(wall=wall, start=0.0, threshold=1e-5, rest_angle=np.pi / 2, temperature=temperature)
    drive = {"width": 1e-9, "rise": 0.0, "period": 1e-9, "count": 6}
    time, position, _ = trace(neuron, np.full(4000, -2e12), seed=5, **drive)
    diffusion = constants.k * temperature * float(wall.gamma0) * 6e-9 / 0.3 / (2 * constants.mu_0 * moment)
    # A fall behind the start is cut off at first, and the wall remembers its angle for 0.15 ns. The mean of the square
    # of 4000 normal numbers is known within 2 %.
    gained = np.var(position[:, -1]) - np.var(position[:, time.searchsorted(2e-9)])
    assert gained == pytest.approx(2 * diffusion * 4e-9, rel=0.1)
    (cold,) = trace(neuron, np.full(1, -2e12), **drive)[1]
    assert abs(position[:, -1].mean() - cold[-1]) < 4 * np.std(position[:, -1]) / np.sqrt(4000)


def test_a_temperature_needs_a_moment(wall):
    with pytest.raises(ValueError, match="no moment_per_length"):
        DomainWallNeuron(wall=wall, start=0.0, threshold=1e-7, temperature=300.0)
    with pytest.raises(ValueError, match=r"temperature = -1\.0 K"):
        DomainWallNeuron(wall=wall, start=0.0, threshold=1e-7, temperature=-1.0)


def test_a_pulse_takes_it_back_as_far_as_its_charge(neuron):
    """beta = alpha: 50 m/s under 1e12 A/m2, so that 2 ns are 100 nm, from wherever it fired."""
    pulsed = replace(neuron, reset_current=1e12, reset_width=2e-9, refractory=3e-9)
    time, position, spike = trace(pulsed, np.array([-1e12]), count=20, **DRIVE)
    first, second = np.flatnonzero(spike[0])
    fired = position[0, first]
    assert 200e-9 <= fired < 201e-9, "it does not jump"
    # It is deaf: neither in its reset pulse nor after it do the pulses move it.
    np.testing.assert_allclose(
        position[0, [first + 100, first + 200, first + 300]] - fired, [-5e-8, -1e-7, -1e-7], atol=1e-12
    )
    # 19 nm a pulse: the sixth of those that begin after the dead time, or what is left of the one before.
    assert 5 * 0.6e-9 - 0.3e-9 < time[second] - time[first] - 3e-9 < 6 * 0.6e-9


@pytest.mark.slow
def test_a_well_makes_up_for_a_reset_pulse_that_is_not_exact(wall):
    """Wells 40 nm apart, which take a tenth of 50 m/s: 3.1 to 3.5 ns take it back over four of them."""
    wells = PeriodicPinning(strength=1000.0, period=40e-9, site=50e-9)
    neuron = DomainWallNeuron(
        wall=replace(wall, pinning=wells, hard_axis_field=5e4), start=50e-9, threshold=190e-9, rest_angle=np.pi / 2,
        reset_current=1e12, reset_after=4e-9, reset_width=3.3e-9, refractory=14e-9,
    )  # fmt: skip
    ends = []
    for width in (2.5e-9, 3.1e-9, 3.3e-9, 3.5e-9, 4.1e-9):
        _, position, spike = trace(
            replace(neuron, reset_width=width), np.array([-1e12]), width=0.8e-9, rise=0.0, period=5e-9, count=7
        )
        ends.append(position[0, np.flatnonzero(spike[0])[0] + 1399])
    np.testing.assert_allclose(ends, [90e-9, 50e-9, 50e-9, 50e-9, 10e-9], atol=1e-9)


@rows(
    "changes",
    [{"reset_width": 0.0}, {"reset_after": -1e-10}, {"reset_width": 2e-9}, {"reset_after": 0.2e-9}],
)
def test_a_reset_pulse_outside_the_dead_time_is_refused(neuron, changes):
    fits = {"reset_current": 1e12, "reset_width": 0.9e-9, "reset_after": 0.1e-9, "refractory": 1e-9}
    replace(neuron, **fits)
    with pytest.raises(ValueError, match=r"reset_width = .* must be above 0 and end within refractory = 1e-09 s"):
        replace(neuron, **fits | changes)
