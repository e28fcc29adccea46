"""Skyrmions along bends: closed forms, and tracks of the native engine that were not fitted."""

from dataclasses import replace

import jax
import numpy as np
import pytest
from made_tracks import EDGES, NEAR, TRUTH
from stored_tracks import fitted, runs_of

from geometries import SkyrmionTrack
from runs import PiecewiseLinear
from solitons.models.loading import load_model
from solitons.models.saving import save_model
from solitons.skyrmions import follow_skyrmions
from solitons.skyrmions.bends import Bends, bends_of
from solitons.skyrmions.fit import follow_together
from solitons.skyrmions.forces import NoForce
from solitons.skyrmions.model_limits import about_bends
from solitons.skyrmions.simulation import velocities_at
from solitons.skyrmions.trajectory import position_errors

NM = 1e-9
ARC = Bends(begin=[0.0], curvature=[1 / (90 * NM)], width=60 * NM, tilt_length=5 * NM)
BEND = Bends(begin=[0.0, 90 * NM, 200 * NM], curvature=[0.0, -1 / (90 * NM), 0.0], width=60 * NM, tilt_length=5 * NM)


def along(dynamics, bends):
    """The same skyrmion in a track that bends."""
    near = None if dynamics.near_edge is None else replace(dynamics.near_edge, bends=bends)
    return replace(dynamics, provenance=None, bends=bends, force=replace(dynamics.force, bends=bends), near_edge=near)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_free_skyrmion_goes_round_a_centre_on_a_logarithmic_spiral(sign):
    # Its angle to the current is the same everywhere, whatever the current's strength is there.
    bends = replace(ARC, curvature=sign * np.asarray(ARC.curvature))
    free = replace(TRUTH, force=NoForce(), near_edge=None, bends=bends)
    ahead, aside = velocities_at(replace(free, bends=None), [[0.0, 0.0]], 1e11)[0]
    path = follow_skyrmions(free, np.linspace(0, 3e-9, 7), PiecewiseLinear((0.0,), (1e11,)), positions=(0.0, 30 * NM))
    turned, radius = path[:, 0, 0] / (90 * NM), 90 * NM - sign * (path[:, 0, 1] - 30 * NM)
    np.testing.assert_allclose(radius, 90 * NM * np.exp(-sign * turned * aside / ahead), rtol=1e-6)
    # J r is that of the middle: r v is a constant, and r^2 / 2 grows evenly with the time.
    share = (1 / 1.5) / np.log((1 + 1 / 3) / (1 - 1 / 3)) * 1.0
    assert np.ptp(np.diff(radius**2)) < 1e-6 * abs(np.diff(radius**2)).max()
    expected = -2 * sign * aside * share * 90 * NM * 3e-9
    assert radius[-1] ** 2 - radius[0] ** 2 == pytest.approx(expected, rel=1e-5)


def test_the_current_is_that_of_the_device():
    track = SkyrmionTrack(
        path={"kind": "curved", "lead": 100 * NM, "radius": 90 * NM, "angle": "-90 deg"},
        width=60 * NM, thickness=NM, cell=(2 * NM, 2 * NM, NM),
    )  # fmt: skip
    bends = replace(ARC, begin=[0.0, 100 * NM, (100 + 45 * np.pi) * NM], curvature=[0.0, -1 / (90 * NM), 0.0])
    x, y, _ = track.cell_centres()
    places, angle = track.along_middle(np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1))
    # Away from where the bend begins and ends.
    inside = track.mask()[..., 0] & (np.abs(places[..., 0] - (100 + 22.5 * np.pi) * NM) < 30 * NM)
    share = np.asarray(bends.current_share(places[inside]))
    way = share[:, None] * np.stack([np.cos(angle[inside]), np.sin(angle[inside])], axis=-1)
    np.testing.assert_allclose(way, track.current_paths()[inside], rtol=1e-3, atol=1e-3)


def test_the_force_of_the_edges_is_the_slope_of_an_energy():
    edges, step = replace(EDGES, bends=BEND), 1e-3 * NM

    def energies(places):
        shares = BEND.edge_shares(places)[0]
        return np.asarray((shares * edges.energy(np.stack([places[:, 1], 60 * NM - places[:, 1]]))).sum(axis=0))

    places = np.array([[60, 40], [88, 20], [95, 44], [150, 18], [198, 35]]) * NM
    with jax.enable_x64(True):
        slopes = [(energies(places + shift) - energies(places - shift)) / (2 * step) for shift in step * np.eye(2)]
        # Along the track a way is as long as the stretch says; its curvature, unlike the edges', is not smoothed.
        slopes[0] = slopes[0] / np.asarray(BEND.stretch(places))
        np.testing.assert_allclose(edges.force(places), -np.stack(slopes, axis=-1), rtol=1e-5, atol=1e-20)
    # It pushes along the track where the bend begins.
    assert np.abs(slopes[0]).argmax() == 1
    assert np.abs(slopes[0]).max() > 0.02 * np.abs(slopes[1]).max()


@pytest.mark.slow
def test_far_from_a_bend_nothing_is_changed(tmp_path):
    places = np.array([[20 * NM, 44 * NM], [300 * NM, 20 * NM]])
    bent = along(replace(TRUTH, near_edge=NEAR), BEND)
    expected = velocities_at(TRUTH, places, 2e11)
    np.testing.assert_allclose(velocities_at(bent, places, 2e11), expected, rtol=1e-5)
    loaded = load_model(save_model(bent, tmp_path / "skyrmion.json"))
    np.testing.assert_array_equal(velocities_at(loaded, places - 200 * NM, 2e11),
                                  velocities_at(bent, places - 200 * NM, 2e11))  # fmt: skip


@pytest.fixture(scope="module")
def straight():
    """Fitted to the shipped track."""
    return fitted("skyrmion_track", held_out=(3e11,))[1].dynamics


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "largest"), [("held_left", 0.01), ("held_right", 0.02), ("left", 0.025), ("right", 0.01)]
)
def test_the_fit_to_a_straight_track_predicts_bends(straight, name, largest):
    """Nothing is fitted to a curved track; errors as shares of the width, on average over a run."""
    for run in runs_of(name, "curved_tracks"):
        run = replace(run, position=run.position[: run.time.size])
        errors, without = (
            position_errors(run, follow_together(dynamics, [run])[:, 0])[1:].mean() / run.width
            for dynamics in (along(straight, run.bends), replace(straight, provenance=None))
        )
        assert errors < largest
        assert errors < 0.35 * without
        assert list(about_bends([run])) == []


def test_a_tight_bend_limits_the_verdict():
    (run,) = runs_of("tight", "curved_tracks")
    (reason,) = about_bends([run])
    assert (reason.code, reason.weight) == ("tight_bend", "limited")
    assert "has a radius of 12 nm, less than 2 times" in reason.sentence


def test_what_has_no_one_way_is_refused():
    path = {
        "kind": "chambers",
        "count": 2,
        "chamber_length": 80 * NM,
        "channel_length": 20 * NM,
        "channel_width": 40 * NM,
    }
    track = SkyrmionTrack(path=path, width=60 * NM, thickness=NM, cell=(2 * NM, 2 * NM, NM))
    with pytest.raises(ValueError, match=r"path\.kind is 'chambers', but the model is of one way"):
        bends_of(track, None)
