import numpy as np
import pytest

from solitons import DomainWallSynapse
from solitons.walls import ProgrammingPulse, WallDynamics, write_conductances
from solitons.walls.programming import pulse_velocity


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


def test_higher_targets_take_more_pulses(synapse, pulse):
    written = write_conductances(synapse, [2.2e-4, 3.5e-4, 4.8e-4], pulse)
    assert (np.diff(written.pulses) > 0).all()


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


@pytest.mark.parametrize(
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
