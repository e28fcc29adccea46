"""Forces along a track: its ends."""

from dataclasses import replace

import numpy as np

from runs.waveforms.waveform import PiecewiseLinear
from solitons.skyrmions import EdgeForce, ForceSum, follow_skyrmions
from solitons.skyrmions.along_track import TrackEnds

ENDS = TrackEnds(EdgeForce(low=0.0, high=200e-9, strength=3.5e-12, distance=14e-9, decay=8e-9))


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
