"""Devices that are left alone: a wall goes on by Delta / alpha times what its angle turns, and nothing else moves."""

import numpy as np
import pytest

from solitons import DomainWallSynapse
from solitons.devices.coming_to_rest import come_to_rest
from solitons.devices.synapse import LinearState
from solitons.domain_walls import WallDynamics
from solitons.domain_walls.synapse import WallState


def synapse_with(junction, hard_axis_field, left=-1e-6, right=1e-6):
    wall = WallDynamics(
        alpha=0.1, width=6e-9, hard_axis_field=hard_axis_field, polarity=-1, beta=0.05, drift_per_current=-5e-11
    )
    return DomainWallSynapse(wall=wall, junction=junction, left=left, right=right)


# A wall prefers to be a Bloch wall above 0, a Neel wall below.
@pytest.mark.parametrize(("field", "easy"), [(5e3, np.pi / 2), (-5e3, 0.0)])
def test_a_wall_goes_on_by_what_its_angle_turns(junction, field, easy):
    turned = np.linspace(-1.4, 1.4, 15)
    begin = WallState(np.full(15, 150e-9), easy + turned, np.zeros(15))
    rested = come_to_rest(synapse_with(junction, field), begin)
    np.testing.assert_allclose(rested.state.angle, easy, atol=1e-3)
    np.testing.assert_allclose(rested.moved, 6e-9 / 0.1 * turned, atol=1e-10)
    # It decays by (alpha gamma0 H_K) / (1 + alpha^2), 9 ns: to 1 nm of some tens it takes a few times that.
    assert rested.time[7] == 0
    assert (rested.time[[0, -1]] > 20e-9).all()
    assert (rested.time < 60e-9).all()


def test_an_end_stops_it(junction):
    begin = WallState(np.array([150e-9]), np.array([1.0 + np.pi / 2]), np.zeros(1))
    rested = come_to_rest(synapse_with(junction, 5e3, left=20e-9, right=180e-9), begin)
    assert rested.moved[0] == pytest.approx(30e-9)


def test_what_still_moves_at_the_end_says_so(junction):
    begin = WallState(np.array([150e-9]), np.array([1.0 + np.pi / 2]), np.zeros(1))
    assert come_to_rest(synapse_with(junction, 5e3), begin, longest=20e-9).time == np.inf


def test_the_ideal_synapse_stays(linear):
    rested = come_to_rest(linear, LinearState(np.array([[80e-9, 120e-9]])))
    assert rested.moved.tolist() == rested.time.tolist() == [[0.0, 0.0]]
