import dataclasses

import jax
import numpy as np
import pytest
from rows import rows

from solitons import DomainWallSynapse
from solitons.devices import ProgrammingPulse, apply_pulse, write_conductances
from solitons.devices.programming import pulse_velocity
from solitons.devices.spreads import Spreads
from solitons.devices.synapse import example_synapse
from solitons.domain_walls import WallDynamics


# A rigid wall stays where it was written; one that precesses drifts on while the others are written.
@pytest.mark.parametrize(("beta", "steps"), [(0.1, 0.5), (0.02, 1.0)], ids=["rigid", "precessing"])
def test_writing_ends_within_the_shortest_pulses_step(junction, pulse, beta, steps):
    wall = WallDynamics(alpha=0.1, width=2e-9, hard_axis_field=5e3, polarity=-1, beta=beta, drift_per_current=-5e-11)
    synapse = DomainWallSynapse(wall=wall, junction=junction, left=20e-9, right=280e-9, rest_angle=np.pi / 2)
    target = np.linspace(2.2e-4, 4.8e-4, 40)
    written = write_conductances(synapse, target, pulse)
    # 50 m/s x (0.1 ns - 20 ps) = 4 nm a shortest pulse; 1.5e-6 S a nm.
    assert np.abs(written.conductance - target).max() < 1.02 * steps * 4e-9 * 3e-4 / 200e-9
    assert written.pulses.max() < 40


def test_a_pulse_may_have_times_of_numpy(linear):
    """What is swept comes from NumPy; the number of steps is part of the compiled program all the same."""
    start = linear.at(linear.reset(), 150e-9)
    plain = apply_pulse(linear, start, 1e11, 0.3e-9, 20e-12, 0.6e-9)
    swept = apply_pulse(linear, start, 1e11, *np.array([0.3e-9, 20e-12, 0.6e-9]))
    assert float(swept.position) == float(plain.position) != 150e-9


def test_any_shape_is_kept(linear, pulse):
    target = np.full((2, 3, 4), 3e-4)
    written = write_conductances(linear, target, pulse)
    assert written.conductance.shape == (2, 3, 4)
    assert written.state.position.shape == (2, 3, 4)
    assert np.ptp(written.conductance) == 0


def test_the_lowest_target_takes_no_pulse_beyond_reset(linear, pulse):
    # The reset wall lies at the stripe's end, beyond the junction: one pulse train brings it to the edge or leaves it.
    written = write_conductances(linear, [2e-4], pulse)
    assert written.conductance[0] == pytest.approx(2e-4, rel=1e-2)


def test_a_target_out_of_reach_is_refused(synapse, pulse):
    with pytest.raises(ValueError, match=r"0\.0002 to 0\.0005 S"):
        write_conductances(synapse, [6e-4], pulse)


@rows(
    ("changes", "message"),
    [
        ({"amplitude": 0.0}, "above 0"),
        ({"shortest": 0.5e-9}, "in this order"),
        ({"period": 0.3e-9}, "in this order"),
        ({"rise": 0.2e-9}, "at most half"),
    ],
)
def test_pulses_that_no_driver_sends_are_refused(changes, message):
    fields = {"amplitude": 1e12, "shortest": 0.1e-9, "longest": 0.4e-9, "rise": 20e-12, "period": 0.6e-9}
    with pytest.raises(ValueError, match=message):
        ProgrammingPulse(**(fields | changes))


def chiral_wall(**changes):
    fields = {
        "alpha": 0.3,
        "width": 6e-9,
        "hard_axis_field": 5e3,
        "polarity": -1,
        "damping_like_per_current": 4e-8,
        "dmi_field": 2e5,
    }
    return WallDynamics(**(fields | changes))


@pytest.mark.parametrize("dmi_field", [2e5, -2e5])
def test_spin_orbit_torque_alone_programs_too(junction, pulse, dmi_field):
    wall = chiral_wall(dmi_field=dmi_field)
    rest = 0.0 if dmi_field > 0 else np.pi
    synapse = DomainWallSynapse(wall=wall, junction=junction, left=20e-9, right=280e-9, rest_angle=rest)
    assert np.sign(pulse_velocity(synapse, pulse)) == np.sign(dmi_field)
    target = np.linspace(2.5e-4, 4.5e-4, 9)
    written = write_conductances(synapse, target, pulse)
    step = abs(pulse_velocity(synapse, pulse)) * (pulse.shortest - pulse.rise) * 3e-4 / 200e-9
    assert np.abs(written.conductance - target).max() < step


def test_with_both_torques_the_stronger_decides(junction, pulse):
    # Spin transfer alone goes to -x under a positive current; here spin-orbit torque wins.
    wall = chiral_wall(drift_per_current=-5e-12, beta=0.1)
    synapse = DomainWallSynapse(wall=wall, junction=junction, left=20e-9, right=280e-9)
    assert pulse_velocity(synapse, pulse) > 0


def test_a_pulse_that_moves_nothing_is_refused(junction, pulse):
    wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=5e3, polarity=-1)
    synapse = DomainWallSynapse(wall=wall, junction=junction, left=20e-9, right=280e-9)
    with pytest.raises(ValueError, match="stronger or longer pulse"):
        write_conductances(synapse, [3e-4], pulse)


def with_spreads(synapse, **spreads):
    return dataclasses.replace(synapse, spreads=Spreads(**spreads))


@pytest.mark.slow
def test_without_a_seed_every_device_is_the_mean_one(synapse, pulse):
    target = np.linspace(2.2e-4, 4.8e-4, 20)
    plain = write_conductances(synapse, target, pulse)
    same = write_conductances(with_spreads(synapse, cycle=5e-9, gain=0.2), target, pulse)
    np.testing.assert_array_equal(plain.conductance, same.conductance)
    # And with a seed, a device without spreads.
    np.testing.assert_allclose(write_conductances(synapse, target, pulse, seed=1).conductance, plain.conductance)


@pytest.mark.slow
def test_verifying_takes_off_what_devices_differ_and_costs_pulses(synapse, pulse):
    target = np.full(2000, 4.8e-4)
    plain = write_conductances(synapse, target, pulse)
    spread = write_conductances(with_spreads(synapse, gain=0.2), target, pulse, seed=1)
    # 4 nm a shortest pulse of a mean device, 1.5e-6 S a nm. One that goes g times as far, and has half a step to go,
    # ends g - 1/2 steps beyond; one in a hundred has g > 1.5.
    step = 4e-9 * 3e-4 / 200e-9
    assert np.quantile(np.abs(spread.conductance - target), 0.99) < step
    # It does not go to and fro over its target.
    assert (spread.pulses == 40).mean() < 1e-3
    assert np.ptp(spread.pulses) >= 4
    assert spread.pulses.mean() > plain.pulses.mean()


def test_heat_leaves_what_the_last_pulse_missed(linear, pulse):
    """With misses far below the shortest step, the writer is content after the first pulse into half of it."""
    target, miss = np.full(4000, 3.5e-4), 0.3e-9
    plain = write_conductances(linear, target, pulse)
    shaken = write_conductances(with_spreads(linear, cycle=miss, place=miss), target, pulse, seed=3)
    same = shaken.pulses == plain.pulses
    assert same.mean() > 0.9
    wandered = (shaken.conductance - plain.conductance)[same] / (3e-4 / 200e-9)
    # Two pulses of the longest, and one that knows where it starts from: only what the last one misses is left.
    assert np.std(wandered) == pytest.approx(np.hypot(miss, miss), rel=0.1)
    again = write_conductances(with_spreads(linear, cycle=miss, place=miss), target, pulse, seed=3)
    np.testing.assert_array_equal(again.conductance, shaken.conductance)


@pytest.mark.parametrize(
    ("width", "rise"),
    [(0.2e-9, 0.0), (0.203e-9, 0.0), (0.203e-9, 1e-14), (0.207e-9, 2e-12), (0.203e-9, 15e-12), (0.2e-9, 0.02e-9),
     (0.25e-9, 0.05e-9)],
)  # fmt: skip
def test_a_pulse_has_its_charge_however_short_its_rise(width, rise):
    """The ideal synapse moves in proportion to charge: the amplitude times the width less one rise."""
    synapse = example_synapse()
    with jax.enable_x64(True):
        start = synapse.at(synapse.reset(), 50e-9)
        moved = float(apply_pulse(synapse, start, -5e11, width, rise, 1e-9).position) - 50e-9
    assert moved == pytest.approx(float(synapse.mobility) * -5e11 * (width - rise), rel=1e-9)
