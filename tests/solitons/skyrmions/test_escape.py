"""How often heat takes a skyrmion out of a well, against Thiele's equation with heat."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import constants

from analysis.statistics.proportions import wilson_interval
from solitons.skyrmions import ForceSum, PinningSites, escape_rate, follow_tracks, pinned_places, retention_time
from solitons.skyrmions.bends import Bends

NM = 1e-9
PITCH = 50 * NM
WELL, LEFT, RIGHT = (0.0, 30 * NM), (-PITCH / 2, 30 * NM), (PITCH / 2, 30 * NM)


@pytest.fixture
def pinned(track_skyrmion):
    """Wells of 40 zJ along the middle of the track."""
    places = [[index * PITCH, 30 * NM] for index in range(-2, 9)]
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
    cold, hot = (retention_time(held, 1, temperature=each) for each in (150.0, 300.0))
    barrier = np.log(cold / hot) * constants.k / (1 / 150 - 1 / 300)
    # The slope of the rate is the barrier: less than the depth, since wells overlap.
    assert 0.7 * 40e-21 < barrier < 40e-21
    assert cold > 20 * hot
    rate = sum(escape_rate(pinned, WELL, saddle, 300.0) for saddle in (LEFT, RIGHT))
    assert hot == pytest.approx(-np.log(0.95) / (held.count * rate), rel=0.05)


def test_places_are_the_wells_and_last_as_langers_rate_has_it(pinned):
    edges, sites = pinned.force.parts
    # A site of 2 k T between the third and the fourth well is no place.
    more = PinningSites([*sites.places, [1.45 * PITCH, 30 * NM]], [*sites.depth, 8e-21], [*sites.width, 4 * NM])
    uneven = replace(pinned, force=ForceSum((edges, more)))
    for skyrmion in (pinned, uneven):
        found = pinned_places(skyrmion, (-2.5 * PITCH, 2.5 * PITCH), 30 * NM, 300.0)
        assert [each.position / PITCH for each in found] == pytest.approx([-1, 0, 1], abs=0.02)
        assert [way.to for each in found for way in each.passages] == [None, 1, 0, 2, 1, None]
        saddles = [(way.border, 30 * NM) for way in found[1].passages]
        rate = sum(escape_rate(skyrmion, WELL, saddle, 300.0) for saddle in saddles)
        assert found[1].lasts == pytest.approx(1 / rate, rel=1e-6)


def test_a_track_without_places_has_no_retention(pinned, row):
    """Sites of 1 k T hold nothing, and of two deep ones each is an end of the row."""
    edges, sites = pinned.force.parts
    shallow = PinningSites(sites.places, sites.depth / 10, sites.width)
    two = PinningSites(sites.places[4:6], sites.depth[4:6], sites.width[4:6])
    for few, number in ((shallow, 0), (two, 2)):
        held = replace(row, skyrmion=replace(pinned, force=ForceSum((edges, few))))
        with pytest.raises(
            ValueError, match=rf"hold a skyrmion in {number} places .* at 300 K; .* deeper PinningSites"
        ):
            retention_time(held, 1, temperature=300.0)


def test_bad_questions_are_refused(pinned):
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
