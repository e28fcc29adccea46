"""How long a level stays: the closed form of diffusion in a track, against Thiele's equation with heat."""

from dataclasses import replace

import jax
import numpy as np
import pytest

from analysis.statistics.proportions import wilson_interval
from solitons.skyrmions import ForceSum, PinningSites, follow_tracks, retention_time
from solitons.skyrmions.retention import edge_stiffness, level_error, variance_along

TIMES = np.array([0.0, 0.1e-9, 0.5e-9, 2e-9])


def test_it_diffuses_as_in_a_film_at_first_and_as_in_a_track_later(track_skyrmion):
    stiffness = edge_stiffness(track_skyrmion, (0.0, 30e-9))
    film = 30 * float(track_skyrmion.diffusion_per_kelvin)
    assert float(variance_along(track_skyrmion, 1e-13, 30.0, stiffness)) == pytest.approx(2 * film * 1e-13, rel=1e-3)
    late = np.diff(variance_along(track_skyrmion, [1e-6, 2e-6], 30.0, stiffness))[0] / 2e-6
    damped = 0.3 * 17
    assert late == pytest.approx(film * ((4 * np.pi) ** 2 + damped**2) / damped**2, rel=1e-6)
    assert float(variance_along(track_skyrmion, 1e-9, 30.0)) == pytest.approx(2 * film * 1e-9, rel=1e-12)
    paths = follow_tracks(track_skyrmion, TIMES, [None] * 2000, positions=(0.0, 30e-9), temperature=30.0, seed=3)
    measured = np.var(paths[:, 1:, 0, 0], axis=0)
    expected = variance_along(track_skyrmion, TIMES[1:], 30.0, stiffness)
    # The variance of 2000 normal numbers is known within 3.2 %.
    np.testing.assert_allclose(measured, expected, rtol=0.1)
    # In the end it is six times what a film would give.
    assert measured[-1] > 3 * 2 * film * TIMES[-1]


@pytest.mark.slow
@pytest.mark.parametrize("level", [0, 2])
def test_a_level_is_wrong_as_often_as_diffusion_says(row, level):
    rows = 1000
    time = retention_time(row, level, temperature=30.0, error=0.1)
    with jax.enable_x64(True):
        start = np.asarray(row.at(row.reset(), row.level_coordinate(level)).places)
        alone = replace(row.skyrmion, force=row.skyrmion.force.parts[0])
        paths = follow_tracks(alone, [0.0, time], [None] * rows, positions=start, temperature=30.0, seed=5)[:, -1]
        levels = np.asarray(
            [float(row.conductance(row.at(row.reset(), row.level_coordinate(each)))) for each in range(4)]
        )
        found = np.asarray(row.junction.conductance(paths[..., 0]))
    wrong = int((np.abs(found[:, None] - levels).argmin(axis=1) != level).sum())
    low, high = wilson_interval(wrong, rows)
    assert low < 0.1 < high


def test_it_is_shorter_when_hot_and_longer_with_a_longer_pitch(row):
    cold, hot = (retention_time(row, 1, temperature=each) for each in (3.0, 300.0))
    assert hot < 0.1 * cold
    # Nanoseconds: nothing pins it.
    assert 0.5e-9 < hot < 5e-9
    with jax.enable_x64(True):
        variance = (20e-9) ** 2
        assert level_error(row, 1, variance) > level_error(row, 1, variance / 4)
        assert float(level_error(row, 1, 1e-30)) == pytest.approx(0.0, abs=1e-12)


def test_bad_questions_are_refused(row, track_skyrmion):
    with pytest.raises(ValueError, match="level = 4"):
        level_error(row, 4, 1e-18)
    with pytest.raises(ValueError, match="temperature = 0"):
        retention_time(row, 1, temperature=0.0)
    with pytest.raises(ValueError, match=r"error = 0\.5"):
        retention_time(row, 1, temperature=1.0, error=0.5)
    sites = PinningSites(places=[[0.0, 0.0]], depth=[1e-20], width=[2e-8])
    pinned = replace(row, skyrmion=replace(row.skyrmion, force=ForceSum((*row.skyrmion.force.parts, sites))))
    with pytest.raises(
        ValueError, match=r"hold a skyrmion in \d places that are 3 k T deep at 1 K; it takes 3 or more"
    ):
        retention_time(pinned, 1, temperature=1.0)
    with pytest.raises(ValueError, match="is negative"):
        variance_along(track_skyrmion, 1e-9, 1.0, edge_stiffness(track_skyrmion, (0.0, 8e-9)))
