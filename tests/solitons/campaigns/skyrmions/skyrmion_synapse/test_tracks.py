"""Tracks of one drawing among other grains: which are run, what is followed, and what the verdict states."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from edited_content import with_fields
from made_tracks import TRUTH, MadeRuns
from report_text import report_text
from rows import rows

from geometries import SkyrmionTrack
from solitons.campaigns.framework.device_samples import Sample
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.skyrmions.skyrmion_synapse import campaign as campaigns
from solitons.campaigns.skyrmions.skyrmion_synapse.campaign import SkyrmionSynapseCampaign
from solitons.campaigns.skyrmions.skyrmion_synapse.results import TracksResult
from solitons.campaigns.skyrmions.skyrmion_synapse.tracks import Tracks, _levels, about_tracks, in_landscape, spec_with
from solitons.devices.device_spread import device_spread
from solitons.devices.spreads import Spreads
from solitons.skyrmions import ForceSum, PairForce
from solitons.skyrmions.landscape import Landscape
from solitons.skyrmions.simulation import follow_skyrmions

CONTENT = yaml.safe_load(Path(campaigns.__file__).with_name("campaign.yaml").read_text())
CONTENT["base"]["device"]["grains"] = {"size": "10 nm", "anisotropy_spread": 0.03, "seed": 1}
CONTENT["devices"] = {"seeds": [1, 2, 3, 4], "checked": [2]}
PAIR = PairForce(strength=2.93e-9, decay=5.04e-9)
PATHS = 1e-9 * (150 + np.outer([0.9, 1.0, 1.1], [0, 40, 80, 40, 0]) + np.array([[0], [3], [-3]]))


def tracks(followed=PATHS, measured=None, rms=None):
    spread = device_spread(followed)
    found = TracksResult(spread=spread, checked=0 if rms is None else 1, rms_checked=rms)
    return Tracks(found, Spreads(gain=spread.gain or 0.0), followed, measured or {}, (1, 2, 3))


def test_only_checked_tracks_are_run():
    campaign = SkyrmionSynapseCampaign(**CONTENT)
    runs = campaign.labelled_runs("native")
    others = [run for run in runs if isinstance(run.role, Sample)]
    assert [run.role.seed for run in others] == [2]
    assert others[0].spec.device.grains.seed == 2
    # The seed of the base itself is swept already.
    same = SkyrmionSynapseCampaign(**with_fields(CONTENT, devices__checked=[1, 2]))
    assert len(same.labelled_runs("native")) == len(runs)


@rows(
    ("changes", "message"),
    [
        ({"devices__checked": [9]}, "must name some of devices.seeds"),
        ({"devices__checked": [2, 2]}, "checked has 2 twice"),
        ({"devices__seeds": [1, 1, 2]}, "seeds has 1 twice"),
    ],
)
def test_bad_tracks_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        SkyrmionSynapseCampaign(**with_fields(CONTENT, **changes))


def test_a_track_in_which_nothing_is_random_is_refused():
    even = with_fields(CONTENT, base__device__grains=None, devices__checked=[])
    with pytest.raises(ValueError, match=r"nothing in base\.device is random"):
        SkyrmionSynapseCampaign(**even).check()


def test_other_seeds_are_other_tracks_of_the_same_drawing():
    base = SkyrmionSynapseCampaign(**CONTENT).labelled_runs("native")[0].spec
    other = spec_with(base, 5)
    assert isinstance(other.device, SkyrmionTrack)
    assert other.device.grains.seed == 5
    assert other.protocol == base.protocol
    assert not np.allclose(other.device.grain_numbers(), base.device.grain_numbers())


@pytest.mark.slow
def test_a_row_is_pushed_by_the_landscape_of_its_track():
    x, y = np.linspace(0, 300e-9, 121), np.linspace(0, 60e-9, 25)
    ones = np.ones((x.size, y.size))
    # A slope of 2e-14 N along the track.
    slope = Landscape(x, y, 2e-14 * x[:, None] * ones, 2e-14 * x[:, None] * ones, ones, ones, ones)
    row = TRUTH.__class__(**{**vars(TRUTH), "near_edge": None, "force": ForceSum((TRUTH.force, PAIR))})
    flat = Landscape(x, y, 0 * ones, 0 * ones, ones, ones, ones)
    starts = np.array([[100e-9, 30e-9], [160e-9, 30e-9]])
    # A landscape takes the place of another one, and stands beside edges and neighbours.
    pushed = in_landscape(in_landscape(row, flat), slope)
    assert len(pushed.force.parts) == 3
    times = [0.0, 3e-9, 5e-9]
    still, moved = (
        follow_skyrmions(each, times, positions=starts)[:, :, 0].mean(axis=1)
        for each in (in_landscape(row, flat), pushed)
    )
    # Once edges keep it from going aside: v = gamma F / (alpha D_xx Ms t), against the slope.
    speed = 2e-14 * 1.7595e11 / (0.3 * 16.8 * 5.8e-4)
    assert np.diff(still - moved)[1] == pytest.approx(speed * 2e-9, rel=0.05)


def test_what_the_verdict_states_of_tracks():
    assert [each.code for each in about_tracks(tracks())] == ["tracks_unchecked"]
    spread = tracks().found.spread.at_rest
    assert list(about_tracks(tracks(rms=0.3 * spread))) == []
    (reason,) = about_tracks(tracks(rms=0.8 * spread))
    assert reason.code == "tracks_off"
    gone = np.vstack([PATHS, np.full((1, 5), np.nan)])
    assert "tracks_lose_row" in [each.code for each in about_tracks(tracks(gone, rms=0.0))]
    none = Tracks(None, Spreads(), gone[2:], {}, (3, 4))
    (reason,) = about_tracks(none)
    assert "the row stays in 1 of 2 tracks" in reason.sentence


def test_a_checked_track_that_loses_its_row_is_no_check():
    lost = np.where(np.arange(5) < 3, PATHS[1], np.nan)
    (reason,) = about_tracks(tracks(measured={2: lost}))
    assert reason.code == "tracks_off"
    assert "In the tracks of seeds 2 the model and micromagnetics do not agree" in reason.sentence
    both = tracks(np.vstack([PATHS[:1], lost[None], PATHS[1:]]), measured={2: lost})
    reason = next(each for each in about_tracks(both) if each.code == "tracks_unchecked")
    assert "the row stays in none of those that were run in micromagnetics" in reason.sentence


def even_base(**changes):
    other = {"size": "10 nm", "anisotropy_spread": 0.01}
    return with_fields(CONTENT, base__device__grains=None, devices__grains=other, devices__checked=[2, 3, 4], **changes)


def test_an_even_track_is_fitted_and_only_others_have_grains():
    campaign = SkyrmionSynapseCampaign(**even_base())
    campaign.check()
    by_role = {isinstance(run.role, Sample): [] for run in campaign.labelled_runs("native")}
    for run in campaign.labelled_runs("native"):
        by_role[isinstance(run.role, Sample)].append(run.spec.device.grains)
    assert by_role[False] == [None] * len(by_role[False])
    assert [(each.seed, each.anisotropy_spread, each.size) for each in by_role[True]] == [
        (seed, 0.01, pytest.approx(10e-9)) for seed in (2, 3, 4)
    ]
    both = with_fields(CONTENT, devices__grains={"size": "10 nm", "anisotropy_spread": 0.01})
    with pytest.raises(ValueError, match=r"devices.grains is given, and base.device.grains too; leave"):
        SkyrmionSynapseCampaign(**both).check()


def test_the_spread_of_runs_needs_no_model_to_be_right():
    # The model is off by more than tracks differ: nothing follows from it.
    found = tracks(measured={1: PATHS[0], 2: PATHS[1], 3: PATHS[2]}, rms=1e-6)
    by_runs = found.found.model_copy(update={"measured": True, "step": 40e-9, "even_step": 41e-9})
    assert list(about_tracks(replace(found, found=by_runs))) == []
    stuck = by_runs.model_copy(update={"stuck": 1})
    (reason,) = about_tracks(replace(found, found=stuck))
    assert (reason.code, reason.weight) == ("tracks_stuck", "limited")
    assert "In 1 of 3 tracks" in reason.sentence


def test_levels_are_those_that_all_tracks_read_alike():
    up_and_down = np.array([0.0, 1.0, 2.0, 1.0, 0.0])
    read = {seed: 1e-4 + 2e-6 * (up_and_down + 0.1 * seed) for seed in range(3)}
    assert _levels(read, 2e-6) == (3, 3)
    # A row that lags behind at the top.
    assert _levels(read | {3: 1e-4 + 2e-6 * np.array([0.0, 1.0, 1.3, 1.0, 0.0])}, 2e-6) == (2, 3)


GAINS = {None: 1.0, 1: 0.85, 2: 1.0, 3: 0.93, 4: 0.02}


class TracksOfGains(MadeRuns):
    """Rows that a pulse moves farther or less far, by the seed of their track's grains; the last one is stuck."""

    def open(self, run_id):
        grains = self.specs[run_id].device.grains
        gain = GAINS[None if grains is None else grains.seed]
        moved = TRUTH.damping_like_per_current * gain
        row = replace(
            TRUTH, near_edge=None, damping_like_per_current=moved, spin_orbit=gain * np.asarray(TRUTH.spin_orbit)
        )
        self.model = replace(row, force=ForceSum((TRUTH.force, PAIR)))
        return super().open(run_id)


@pytest.mark.slow
def test_the_fit_sees_the_even_track_alone_and_the_spread_is_that_of_the_runs():
    small = even_base(
        base__device__path__length="300 nm", base__device__skyrmions__0__count=2, fit__training=[], heat=None,
        base__protocol__sampling_interval="500 ps", read_out__window=["150 nm", "270 nm"],
        sweep__0__values=["0.28e12 A/m^2", "0.34e12 A/m^2", "0.4e12 A/m^2"], base__protocol__steps__1__amplitude=0.4e12,
        base__protocol__steps__2__amplitude=0.4e12, devices__seeds=[1, 2, 3, 4],
        **{f"base__protocol__steps__{step}__{name}": value for step in (1, 2)
           for name, value in (("count", 2), ("width", "1.05 ns"))},
    )  # fmt: skip
    small["devices"]["checked"] = [1, 2, 3, 4]
    campaign = SkyrmionSynapseCampaign(**small)
    starts = ((60e-9, 30e-9), (120e-9, 30e-9))
    findings = campaign.analyse(TracksOfGains(TRUTH, starts).holding(campaign), Stages())
    found = findings.results.tracks
    assert findings.results.position_error < 0.01
    assert (found.measured, found.spread.devices, found.spread.lost, found.stuck) == (True, 4, 0, 1)
    # Gains go over the mean of all four, and rows that are pushed less are also pushed less aside.
    expected = np.std(list(GAINS.values())[1:], ddof=1) / np.mean(list(GAINS.values())[1:])
    assert found.spread.gain == pytest.approx(expected, rel=0.1)
    assert found.even_step == pytest.approx(found.step / np.mean(list(GAINS.values())[1:]), rel=0.1)
    # The stuck row reads nothing but the first number.
    assert (found.levels, found.possible) == (1, 3)
    assert float(findings.models["synapse"].spreads.gain) == found.spread.gain
    assert "tracks_stuck" in [reason.code for reason in findings.results.reasons]
    assert "are read alike in every track" in report_text(campaign, findings)
    headlines = {each.name: each for each in findings.results.headlines()}
    assert "1 stuck" in headlines["spread of a pulse's step from track to track"].detail
