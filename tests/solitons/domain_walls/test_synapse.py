import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solitons import DomainWallSynapse, LinearSynapse
from solitons.devices import Junction, apply_pulse
from solitons.domain_walls import WallDynamics
from solitons.domain_walls.synapse import WallState


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


def test_a_rigid_wall_moves_by_u_times_the_pulses_charge(synapse):
    # beta = alpha: dq/dt = u exactly, whatever the angle.
    before = WallState(100e-9, np.pi / 2)
    after = apply_pulse(synapse, before, -1e12, 0.4e-9, 20e-12, 0.6e-9)
    assert float(after.position) - 100e-9 == pytest.approx(50 * 0.38e-9, rel=1e-6)


@pytest.mark.parametrize(("polarity", "polariser", "sign"), [(-1, 1, -1), (1, 1, 1), (-1, -1, 1), (1, -1, -1)])
def test_the_sign_follows_the_domains_and_the_polariser(polarity, polariser, sign):
    wall = WallDynamics(
        alpha=0.1, width=6e-9, hard_axis_field=5e3, polarity=polarity, beta=0.1, drift_per_current=-5e-11
    )
    junction = Junction(left=50e-9, right=250e-9, parallel=5e-4, antiparallel=2e-4, polariser=polariser)
    synapse = DomainWallSynapse(wall=wall, junction=junction, left=20e-9, right=280e-9)
    ideal = LinearSynapse(mobility=-5e-11, junction=junction, polarity=polarity, left=20e-9, right=280e-9)
    for each in (synapse, ideal):
        assert float(each.conductance(each.reset())) == pytest.approx(2e-4, rel=0.01)
        start = WallState(150e-9, 0.0)
        after = apply_pulse(each, start, sign * 1e12, 0.3e-9, 20e-12, 0.6e-9)
        assert each.conductance(after) > each.conductance(start)


def test_it_saturates_at_both_ends(synapse, linear):
    for device in (synapse, linear):
        for amplitude, end in ((-3e12, 280e-9), (3e12, 20e-9)):
            state = WallState(150e-9, np.pi / 2)
            for _ in range(4):
                state = apply_pulse(device, state, amplitude, 0.5e-9, 20e-12, 0.6e-9)
            assert float(state.position) == end


@given(st.floats(0, 300e-9), st.floats(-5e12, 5e12), st.floats(1e-13, 2e-11))
def test_conductance_and_position_stay_in_their_bounds(position, current, dt):
    with jax.enable_x64(True):
        wall = WallDynamics(
            alpha=0.1, width=6e-9, hard_axis_field=5e3, polarity=-1, beta=0.05, drift_per_current=-5e-11
        )
        junction = Junction(left=50e-9, right=250e-9, parallel=5e-4, antiparallel=2e-4)
        synapse = DomainWallSynapse(wall=wall, junction=junction, left=20e-9, right=280e-9)
        state = synapse.step(WallState(position, 0.3), current, dt)
        assert 20e-9 <= float(state.position) <= 280e-9
        assert 2e-4 * (1 - 1e-9) <= float(synapse.conductance(state)) <= 5e-4 * (1 + 1e-9)
