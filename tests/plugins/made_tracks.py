"""Tracks that the model itself has made, with noise, and runs of a campaign: a fit to them has a truth."""

from dataclasses import dataclass, replace

import numpy as np

from analysis import artificial
from runs.waveforms.waveform import PiecewiseLinear
from solitons.campaigns.framework.base import ComputedRuns
from solitons.skyrmions import EdgeForce, ThieleDynamics, follow_skyrmions, follow_tracks
from solitons.skyrmions.thiele import NearEdge
from solitons.skyrmions.trajectory import SkyrmionTrajectory

EDGES = EdgeForce(low=0.0, high=60e-9, strength=3.6e-12, distance=14.3e-9, decay=8e-9)
NEAR = NearEdge(0.0, 60e-9, [15e-9, 20e-9, 28e-9], [0.93, 0.95, 1.0], [0.78, 0.87, 1.0])
S = np.array([[0.0, 8.3e-8, 0.0], [-8.3e-8, 0.0, 0.0]])
TRUTH = ThieleDynamics(-4 * np.pi, 16.8 * np.eye(2), alpha=0.3, moment_per_area=5.8e-4, spin_orbit=S, force=EDGES,
                       damping_like_per_current=4.5e-8, near_edge=NEAR)  # fmt: skip
START = replace(
    TRUTH,
    dissipation=17.2 * np.eye(2),
    drift_dissipation=None,
    damping_like_per_current=4.4e-8,
    force=replace(EDGES, strength=3.3e-12, distance=15e-9, decay=7e-9),
)
CURRENTS = (1.5e11, 2.5e11, 3.5e11, 4.5e11, 5.2e11, 5.8e11)
TIMES = np.linspace(0.0, 1.5e-9, 31)


def made(dynamics=TRUTH, *, noise=0.1e-9, seed=1, currents=CURRENTS, temperature=0.0):
    """Runs with noise on all positions, the first one too, and with heat if there is a temperature."""
    waves = [PiecewiseLinear((0.0,), (each,)) for each in currents]
    paths = follow_tracks(dynamics, TIMES, waves, positions=(100e-9, 30e-9), temperature=temperature, seed=seed)
    generator = np.random.default_rng(seed)
    noisy = paths[:, :, 0] + generator.normal(0.0, noise, (len(waves), TIMES.size, 2))
    return [
        SkyrmionTrajectory(f"{current:.2e}", TIMES, path, wave, (0.0, 60e-9))
        for current, wave, path in zip(currents, waves, noisy, strict=True)
    ]


@dataclass
class MadeRuns:
    """A store whose runs are textures that go the way of a known model, in a track 60 nm wide."""

    model: object
    starts: tuple = ((55e-9, 30e-9),)

    def __post_init__(self):
        self.specs = {}

    def holding(self, campaign):
        self.specs |= {run.spec.run_id: run.spec for run in campaign.labelled_runs("native")}
        return ComputedRuns(campaign.labelled_runs("native"), self, "native")

    def open(self, run_id):
        spec = self.specs[run_id]
        times = spec.protocol.frames().values
        path = follow_skyrmions(self.model, times, spec.in_time.current_density, positions=self.starts)
        near = np.fmin(path[..., 1], 60e-9 - path[..., 1])
        track = spec.device
        if track.path.kind == "curved":
            path = in_the_plane(track, path)
        # The film opens where the edge can hold it no longer.
        places = np.where(np.minimum.accumulate(near, axis=0)[..., None] < 14.2e-9, np.nan, path)
        return artificial.skyrmions(places, t=times, extent=track.extent[:2], cell=track.cell,
                                    mask=track.mask()[..., 0], radius=8.4e-9, wall_width=4.2e-9,
                                    helicity=np.pi)  # fmt: skip


def in_the_plane(track, places):
    """Places by the middle of a curved track as x and y in it."""
    (pieces,), begin = track.path.chains(), track._outline.box()[1]

    def place(along, across):
        piece = next((each for each in reversed(pieces) if each.before <= along), pieces[0])
        return piece.point(along - piece.before, across - track.width / 2)

    flat = [place(*each) for each in places.reshape(-1, 2)]
    return np.reshape(flat, places.shape) - begin
