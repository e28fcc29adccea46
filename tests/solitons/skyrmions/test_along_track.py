"""Forces along a track: ends, a uniform force."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np

from runs.waveforms.waveform import PiecewiseLinear
from solitons.skyrmions import EdgeForce, ForceSum, follow_skyrmions
from solitons.skyrmions.along_track import TrackEnds, UniformForce

ENDS = TrackEnds(EdgeForce(low=0.0, high=200e-9, strength=3.5e-12, distance=14e-9, decay=8e-9))


def test_a_uniform_force_moves_a_free_skyrmion_at_the_closed_form(track_skyrmion):
    force = 2e-13
    film = replace(track_skyrmion, force=UniformForce(force))
    path = follow_skyrmions(film, [0.0, 1e-9], positions=(0.0, 0.0))
    damped, turn = 0.3 * 17, -4 * np.pi
    expected = float(film.velocity_per_force) * force / (turn**2 + damped**2) * np.array([damped, -turn])
    np.testing.assert_allclose(path[1, 0] / 1e-9, expected, rtol=1e-9)


def test_ends_hold_what_their_largest_force_balances(track_skyrmion):
    weak = TrackEnds(replace(ENDS.ends, strength=np.asarray(1e-12)))
    track = replace(track_skyrmion, force=ForceSum((track_skyrmion.force, weak)))
    # At rest the end's force takes up what the current pushes along x: gamma0 a J S = gamma0 F / (mu0 Ms t).
    balanced = 1e-12 * float(track.velocity_per_force) / (float(track.gamma0) * 4.5e-8 * 8e-8)
    # A current that jumps there throws the skyrmion over earlier, by the Magnus force of its way back from the edge.
    held, gone = (
        follow_skyrmions(track, [0.0, 40e-9], PiecewiseLinear((0.0, 40e-9), (0.0, current)), positions=(180e-9, 30e-9))[
            -1, 0
        ]
        for current in (0.97 * balanced, 1.1 * balanced)
    )
    assert 150e-9 < held[0] < 200e-9
    assert np.isnan(gone).all()
    assert ENDS.inside(np.array([[-1e-9, 0.0], [100e-9, 0.0]])).tolist() == [False, True]


def test_an_end_pushes_back_as_an_edge_does():
    at = jnp.array([[180e-9, 5e-9], [14e-9, 5e-9]])
    edge = EdgeForce(low=0.0, high=200e-9, strength=3.5e-12, distance=14e-9, decay=8e-9)
    np.testing.assert_allclose(ENDS.force(at)[:, 0], edge.force(at[:, ::-1])[:, 1])
    np.testing.assert_allclose(ENDS.force(at)[:, 1], 0.0)
