"""How often heat takes a skyrmion out of a well, against Thiele's equation with heat."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import constants

from analysis.statistics.proportions import wilson_interval
from solitons.skyrmions import ForceSum, PinningSites, escape_rate, follow_tracks, pinned_retention_time
from solitons.skyrmions.bends import Bends

NM = 1e-9
PITCH = 50 * NM
WELL, LEFT, RIGHT = (0.0, 30 * NM), (-PITCH / 2, 30 * NM), (PITCH / 2, 30 * NM)


@pytest.fixture
def pinned(track_skyrmion):
    """Wells of 40 zJ along the middle of the track."""
    places = [[index * PITCH, 30 * NM] for index in range(-2, 3)]
    sites = PinningSites(places=places, depth=[40e-21] * len(places), width=[11 * NM] * len(places))
    edges = track_skyrmion.force.parts[0]
    return replace(track_skyrmion, force=ForceSum((edges, sites)))


@pytest.mark.slow
@pytest.mark.parametrize(("alpha", "least", "most"), [(1.0, 0.8, 1.2), (0.1, 0.3, 0.9)])
def test_escapes_are_as_frequent_as_with_heat(pinned, alpha, least, most):
    skyrmion, tracks = replace(pinned, alpha=alpha), 400
    temperature = 40e-21 * 0.85 / (4.5 * constants.k)
    rates = [escape_rate(skyrmion, WELL, saddle, temperature) for saddle in (LEFT, RIGHT)]
    assert rates[0] == pytest.approx(rates[1], rel=1e-3)
    # A fifth leaves in each half; the first one lets them spread in their wells.
    times = np.array([0.0, 0.25, 0.5]) / sum(rates)
    heat = {"temperature": temperature, "seed": 4, "max_step": 2e-11}
    paths = follow_tracks(skyrmion, times, [None] * tracks, positions=WELL, **heat)
    there = np.abs(paths[:, :, 0, 0]) < PITCH / 2
    stayed = there[:, 1]
    low, high = -np.log(wilson_interval(int((there[:, 2] & stayed).sum()), int(stayed.sum())))[::-1] / 0.25
    # Besides chance Langer's rate is right up to k T over the barrier, a fifth; where the Magnus force is seven times
    # the damping, skyrmions that have come over a saddle often go back.
    assert low < most
    assert high > least


def test_a_row_keeps_its_wells_longer_when_it_is_cold(pinned, row):
    held = replace(row, skyrmion=pinned)
    cold, hot = (pinned_retention_time(held, WELL, (LEFT, RIGHT), temperature=each) for each in (150.0, 300.0))
    barrier = np.log(cold / hot) * constants.k / (1 / 150 - 1 / 300)
    # The slope of the rate is the barrier: less than the depth, since wells overlap.
    assert 0.7 * 40e-21 < barrier < 40e-21
    assert cold > 20 * hot


def test_bad_questions_are_refused(pinned, track_skyrmion, row):
    with pytest.raises(ValueError, match="a skyrmion does not rest"):
        escape_rate(pinned, LEFT, WELL, 100.0)
    with pytest.raises(ValueError, match=r"saddle = \(0\.0, 30\.0\) nm is none"):
        escape_rate(pinned, WELL, WELL, 100.0)
    with pytest.raises(ValueError, match=r"is .* k T at 2000 K"):
        escape_rate(pinned, WELL, RIGHT, 2000.0)
    with pytest.raises(ValueError, match="temperature = 0"):
        escape_rate(pinned, WELL, RIGHT, 0.0)
    bent = replace(pinned, bends=Bends([0.0], [1e6], 80e-9, 5e-9))
    with pytest.raises(ValueError, match="the track bends"):
        escape_rate(bent, WELL, RIGHT, 100.0)
    with pytest.raises(ValueError, match="error = 1"):
        pinned_retention_time(row, WELL, (RIGHT,), temperature=100.0, error=1.0)
