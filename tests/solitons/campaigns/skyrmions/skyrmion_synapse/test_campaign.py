"""The campaign of a row of skyrmions: what it refuses, and what it states of rows whose truth is known."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import yaml
from edited_content import with_fields
from made_tracks import TRUTH, MadeRuns
from report_text import report_text
from rows import rows

from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.skyrmions.observation import observe
from solitons.campaigns.skyrmions.skyrmion_synapse import campaign as campaigns
from solitons.campaigns.skyrmions.skyrmion_synapse.campaign import SkyrmionSynapseCampaign
from solitons.campaigns.skyrmions.skyrmion_synapse.levels import _retention, answers_of
from solitons.campaigns.skyrmions.skyrmion_synapse.reading import (
    Reading,
    about_reach,
    about_steps,
    covered_window,
    rest_samples,
)
from solitons.devices.place_plots import places_figure, places_table
from solitons.models.loading import load_model
from solitons.models.saving import save_model
from solitons.skyrmions import ForceSum, PairForce, PinningSites, retention_time, synapse_of
from solitons.skyrmions.trajectory import SkyrmionTrajectory

CONTENT = yaml.safe_load(Path(campaigns.__file__).with_name("campaign.yaml").read_text())
TRAIN = CONTENT["base"]["device"]["skyrmions"][0]


def edited(**changes):
    """The shipped campaign with other fields, as `with_fields` has it."""
    return with_fields(CONTENT, **changes)


def test_the_shipped_campaign_has_its_runs():
    runs = SkyrmionSynapseCampaign(**CONTENT).labelled_runs("native")
    assert len(runs) == 6
    up, down = runs[3].spec.protocol.steps[1:]
    assert (up.amplitude, up.width) == (down.amplitude, down.width) == (5e11, 0.85e-9)
    rest, current = runs[-1].spec.protocol.steps
    assert (rest.duration, current.amplitude, current.duration) == (0.5e-9, 7e11, 1.3e-9)
    assert str(runs[-1].role) == "training: a constant current of 0.7 × 10¹² A/m²"


@rows(
    ("changes", "message"),
    [
        ({"sweep": []}, "sweep has none over base.protocol"),
        ({"fit__held_out": 3}, "has 4 runs of pulses, and fit.held_out = 3 asks for 5 at least"),
        ({"fit__held_out": 0}, "fit.held_out"),
        ({"sweep__0__unit": "", "sweep__0__values": [1, 2, 3, 4], "sweep__0__name": "pulses",
          "sweep__0__fields": ["protocol.steps.1.count", "protocol.steps.2.count"]}, r"pulses \(no unit\) over"),
        ({"fit__training": [{"amplitude": 0, "duration": "1 ns"}]}, "amplitude = 0 moves nothing"),
        ({"fit__training": [{"amplitude": "5e11 A/m2", "duration": "0.13 ns"}]},
         r"fit.training: duration = 1.3e-10 s: .* does not divide"),
        ({"heat__temperatures": ["3 K", "3 K"]}, r"temperatures has 3\.0 twice"),
        ({"heat__error": 0.6}, "heat.error"),
        ({"digits": {"shortest": "1 ns", "longest": "0.5 ns"}}, "give the range in order"),
    ],
)  # fmt: skip
def test_bad_descriptions_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        SkyrmionSynapseCampaign(**edited(**changes))


@rows(
    ("changes", "message"),
    [
        ({"base__device__path": {"kind": "curved", "lead": "420 nm", "radius": "60 nm", "angle": "90 deg"}},
         "several in a curved track|lies across a straight track"),
        ({"base__device__skyrmions": [TRAIN, TRAIN | {"first": ["240 nm", "30 nm"]}]}, "a row is one train"),
        ({"base__device__skyrmions": [{"position": ["60 nm", "30 nm"], "radius": "8 nm"}]}, "a row is one train"),
        ({"base__device__skyrmions__0__count": 1}, "a single skyrmion is no row"),
        ({"base__device__skyrmions": [TRAIN | {"direction": [1, 0.01, 0]}]}, "leads across the track"),
        ({"base__protocol__steps": [{"do": "rest", "duration": "0.5 ns"}] * 3,
          "sweep__0__fields": ["protocol.steps.1.duration"], "sweep__0__unit": "s",
          "sweep__0__values": ["1 ns", "2 ns", "3 ns", "4 ns"]}, "has no current"),
        ({"base__protocol__steps__2": {"do": "constant current", "amplitude": "1e11 A/m^2", "duration": "1 ns"}},
         "by pulses and down by the same"),
        ({"base__protocol__steps__2__polarity": "positive"}, "does not bring the row back"),
        ({"base__protocol__steps__2__count": 2}, "count is 3 in the pulses up and 2 in those down"),
        ({"sweep__0__fields": ["protocol.steps.1.amplitude"]}, "amplitude is 2.5e.11 in the pulses up"),
        ({"sweep__0__values": ["0 A/m^2", "1e11 A/m^2", "2e11 A/m^2"]}, "an amplitude of 0"),
        ({"base__protocol__steps__1__width": "2.5 ns", "base__protocol__steps__2__width": "2.5 ns"},
         "without a rest"),
        ({"base__protocol__sampling_interval": "3.1 ns", "fit__training": []}, "is longer than the rest"),
        ({"read_out__window": ["210 nm", "430 nm"]}, "is not within the track"),
        ({"read_out__window": ["150 nm", "390 nm"]}, "left of it there are 1.5e-07 m"),
        ({"read_out__window": ["210 nm", "300 nm"]}, "under it there are 9e-08 m"),
        ({"read_out__polariser": [1, 0, 0]}, "has no part along z"),
        ({"digits": {"shortest": "0.5 ns", "longest": "3 ns"}}, "the period of 2.5e-09 s"),
        ({"base__material__spin_hall_angle": 0}, "spin_hall_angle"),
        ({"base__protocol__moving_window": {"follow": "skyrmion"}}, "moving_window is given, and a junction stays"),
        ({"base__device__skyrmions__0__kind": "antiskyrmion"}, "has antiskyrmion"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_before_anything_runs(changes, message):
    with pytest.raises(ValueError, match=message):
        SkyrmionSynapseCampaign(**edited(**changes)).check()


STARTS = ((60e-9, 30e-9), (120e-9, 30e-9))
PAIR = PairForce(strength=2.93e-9, decay=5.04e-9)
# The texture of the made runs does not shrink near an edge.
MODEL = replace(TRUTH, near_edge=None, force=ForceSum((TRUTH.force, PAIR)))
SMALL = {
    "base__device__path__length": "300 nm",
    "base__device__skyrmions__0__count": 2,
    "base__protocol__sampling_interval": "500 ps",
    # Pulses that shift the model's row by one spacing with the strongest current.
    **{f"base__protocol__steps__{step}__{name}": value for step in (1, 2)
       for name, value in (("count", 2), ("width", "1.05 ns"))},
    "read_out__window": ["150 nm", "270 nm"],
    "sweep__0__values": ["0.28e12 A/m^2", "0.34e12 A/m^2", "0.4e12 A/m^2"],
    "heat__temperatures": ["3 K", "300 K"],
    "fit__training": [{"amplitude": "0.5e12 A/m^2", "duration": "1 ns"}],
}  # fmt: skip


def analysed(model, **changes):
    campaign = SkyrmionSynapseCampaign(**edited(**(SMALL | changes)))
    return campaign, campaign.analyse(MadeRuns(model, STARTS).holding(campaign), Stages())


@pytest.fixture(scope="module")
def found():
    return analysed(MODEL)


@pytest.mark.slow
def test_a_known_row_is_predicted_and_counted(found, tmp_path):
    results = found[1].results
    assert [reason.weight for reason in results.reasons if reason.code != "pairs_not_seen"] == []
    assert results.position_error < 0.01
    # The film's own cells against the closed form of the junction.
    assert results.step_error < 0.03
    assert {each.role for each in results.pulsed} == {"fitted", "held out"}
    (training,) = results.training
    assert training.fitted
    assert training.current == 5e11
    assert training.error < 0.1e-9
    assert training.run_id not in results.held_out
    # Nearer to an edge than any pulse brings the row.
    assert training.nearest < min(each.nearest for each in results.pulsed)
    strongest = results.pulsed[-1]
    steps = np.diff(strongest.measured) / results.level_step
    np.testing.assert_allclose(steps, [1, 1, -1, -1], atol=0.05)
    assert results.pulse.amplitude == pytest.approx(4e11)
    assert results.pulse.width == pytest.approx(1.05e-9, rel=0.1)
    cold, cool, hot = results.levels
    assert (cold.levels, cold.possible, cold.verdict) == (3, 3, "trusted")
    assert (cool.levels, cool.temperature) == (3, 3.0)
    assert hot.verdict == "failed"
    assert hot.levels < 3
    assert hot.worst_error_ci95[0] > 0.25


@pytest.mark.slow
def test_the_synapse_is_that_of_the_track_and_is_saved(found, tmp_path):
    findings = found[1]
    synapse = load_model(save_model(findings.models["synapse"], tmp_path / "synapse.json"))
    assert (float(synapse.right), float(synapse.junction.left)) == pytest.approx((300e-9, 150e-9))
    cool, hot = findings.results.retention
    assert hot.times[1] == pytest.approx(retention_time(synapse, 1, temperature=300.0), rel=1e-6)
    assert hot.times[1] < 0.1 * cool.times[1]
    assert synapse.provenance.held_out == tuple(findings.results.held_out)


def test_the_report_is_whole(found):
    campaign, findings = found
    text = report_text(campaign, findings)
    assert text.count("<figure>") == 7
    assert "Runs for training only" in text
    assert "Nothing pins the row" in text
    headlines = {each.name: each for each in findings.results.headlines()}
    assert headlines["levels"].value == "3 of 3"
    assert "at 300 K (failed)" in headlines["levels"].detail


def test_what_a_sound_model_cannot_answer_is_withheld_with_the_reason(found):
    """In a whole period no pulse shifts a row by 200 nm, and two sites hold no row for a time that is known."""
    campaign, findings = found
    dynamics, observed = findings.models["skyrmion"], observe(MadeRuns(MODEL, STARTS).holding(campaign), Stages())
    force = ForceSum((*dynamics.force.parts, PinningSites(places=STARTS, depth=[1e-20] * 2, width=[10e-9] * 2)))
    pinned = replace(dynamics, force=force)
    synapse = synapse_of(pinned, (8.4e-9, 4.2e-9), campaign.read_out, count=1, pitch=200e-9)
    answers = answers_of(dynamics, synapse, observed, campaign.heat, None, Stages())
    assert not answers.counted
    assert "within a period a pulse moves" in answers.withheld["levels"]
    (cold, why) = next((name, why) for name, why in answers.withheld.items() if name.startswith("retention at "))
    assert "it takes 3 or more" in why
    lacking = findings.results.model_copy(update={"levels": [], "retention": [], "withheld": answers.withheld})
    shown = {each.name: each for each in lacking.headlines()}
    assert shown["levels"].value == shown[cold].value == "–"
    assert shown["levels"].detail.startswith("withheld: no pulse brings")


def test_the_report_shows_the_places_that_hold_a_row(found):
    campaign, findings = found
    synapse, heat = findings.models["synapse"], campaign.heat
    middle = float(synapse.middle)
    sites = PinningSites([[x * 1e-9, middle] for x in range(50, 300, 50)], depth=[40e-21] * 5, width=[11e-9] * 5)
    force = ForceSum((*synapse.skyrmion.force.parts, sites))
    row = replace(synapse, skyrmion=replace(synapse.skyrmion, force=force))
    retention = [_retention(row, temperature, heat.error) for temperature in (200.0, 300.0)]
    cool, hot = retention
    assert len(cool.places) == len(hot.places) == 3
    assert max(hot.times) == min(hot.times) < 0.1 * cool.times[0]
    held = (hot.places, "place (nm)", 1e9, 300.0)
    shown = replace(
        findings,
        results=findings.results.model_copy(update={"retention": retention}),
        values=findings.values | {"places": places_table(*held)},
        figures=findings.figures | {"hills": partial(places_figure, *held)},
    )
    text = report_text(campaign, shown)
    assert "Nothing pins the row" not in text
    assert "barrier, left (kT)" in text
    assert text.count("<figure>") == 8


@pytest.mark.slow
def test_a_pinned_row_fails_before_any_number():
    sites = PinningSites(places=STARTS, depth=[1e-18] * 2, width=[10e-9] * 2)
    campaign, findings = analysed(replace(MODEL, force=sites))
    results = findings.results
    assert results.verdict == "failed"
    assert "stuck" in [each.code for each in results.reasons]
    assert not results.levels
    assert not results.retention
    assert set(results.withheld) == {"levels", "retention", "skyrmion", "synapse"}
    assert not findings.models
    shown = {each.name: each for each in results.headlines()}
    assert shown["levels"].detail == "withheld: the fit failed"
    assert "Levels with heat" not in report_text(campaign, findings)


def test_steps_that_are_off_limit_the_verdict_or_fail_it():
    found = [list(about_steps([np.array([off, -off])], 1.0)) for off in (0.05, 0.2, 0.7)]
    assert [[each.weight for each in reasons] for reasons in found] == [[], ["limited"], ["failed"]]
    assert "off by 20% of a level" in found[1][0].sentence


def test_a_window_that_no_skyrmion_reaches_fails():
    # Every model predicts that nothing changes.
    far = Reading(measured=np.array([1.0, 1.04, 1.1, 1.0]), predicted=np.ones(4))
    (reason,) = about_reach([far, far], step=-1.0)
    assert (reason.code, reason.weight) == ("window_not_reached", "failed")
    assert "change by more than 10% of a level" in reason.sentence
    assert list(about_reach([far, replace(far, measured=np.array([1.0, 1.6, 2.0, 1.0]))], step=-1.0)) == []


def test_the_row_is_read_before_each_pulse_and_at_the_end():
    wave = SkyrmionSynapseCampaign(**CONTENT).labelled_runs("native")[0].spec.in_time.current_density
    time = 0.4e-9 + 0.1e-9 * np.arange(152)
    run = SkyrmionTrajectory("run", time, np.zeros((152, 2)), wave, (0.0, 60e-9))
    np.testing.assert_allclose(time[rest_samples(run)], 0.5e-9 + 2.5e-9 * np.arange(7))
    # Cells of 2.5 nm whose centres are within it.
    assert covered_window((np.arange(100) + 0.5) * 2.5e-9, (20e-9, 51e-9)) == pytest.approx((20e-9, 50e-9))
