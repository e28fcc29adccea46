"""The campaign of a skyrmion track: what it refuses, and what it says of runs whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest
import yaml
from edited_content import with_fields
from made_tracks import EDGES, TRUTH, MadeRuns
from report_text import report_text
from rows import rows

from analysis import artificial
from runs import PiecewiseLinear
from solitons import load_campaign
from solitons.campaigns.framework.base import SweptPoint
from solitons.campaigns.framework.kinds import shipped_campaigns
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.skyrmions.checks import outside_model
from solitons.campaigns.skyrmions.skyrmion_track.campaign import SkyrmionTrackCampaign
from solitons.models.loading import load_model
from solitons.models.saving import save_model
from solitons.skyrmions import ForceSum, PairForce, PinningSites, expulsion_of
from solitons.skyrmions.bends import bends_of
from solitons.skyrmions.forces import part_of
from solitons.skyrmions.landscape import landscape_of
from solitons.skyrmions.runs import check_rest

FILE = next(each.file for each in shipped_campaigns() if each.name == "skyrmion-track")
CONTENT = yaml.safe_load(FILE.read_text())


def edited(**changes):
    """The shipped campaign with other fields, as `with_fields` has it."""
    return with_fields(CONTENT, **changes)


def test_the_shipped_campaign_has_its_runs():
    campaign = load_campaign("skyrmion-track")
    assert len(campaign.labelled_runs("native")) == 6
    assert campaign.unsettled
    assert not SkyrmionTrackCampaign(**edited(fit__check_expulsion=False)).unsettled


@rows(
    ("changes", "message"),
    [
        ({"sweep": []}, "sweep has none over base.protocol"),
        ({"fit__held_out": 5}, "asks for 7 at least"),
        ({"fit__held_out": 0}, "fit.held_out"),
        ({"sweep__0__unit": "s", "sweep__0__values": ["1 ns", "2 ns"],
          "sweep__0__fields": ["protocol.steps.1.duration"]}, "current density with the unit 'A/m"),
        ({"base__device__skyrmions__0__position": ["55 nm", "70 nm"]}, "is outside the track"),
        ({"base__device__skyrmions__0__position": ["55 nm", "6 nm"]}, "reaches over an edge"),
    ],
)  # fmt: skip
def test_bad_descriptions_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        SkyrmionTrackCampaign(**edited(**changes))


BEND = {"base__device__path": {"kind": "curved", "lead": "90 nm", "radius": "90 nm", "angle": "60 deg"}}
ALONG = {"base__device__terminals": [{"kind": "heavy_metal", "name": "current", "along_path": True}]}


@pytest.mark.slow
@rows(
    ("changes", "message"),
    [
        ({"base__device__path": {"kind": "fork", "stem": "200 nm", "branch": "100 nm", "angle": "30 deg"},
          "base__device__skyrmions__0__position": ["55 nm", "75 nm"]}, "path.kind is 'fork', but the model"),
        ({"base__device__path": {"kind": "chambers", "count": 2, "chamber_length": "100 nm", "channel_length": "20 nm",
                                 "channel_width": "40 nm"}}, "path.kind is 'chambers', but"),
        (BEND, "the current of 'current' goes along x"),
        (BEND | ALONG | {"base__device__skyrmions": [{"first": ["55 nm", "30 nm"], "spacing": "40 nm", "count": 2,
                                                      "radius": "8.4 nm"}]}, "several in a curved track"),
        (BEND | ALONG | {"base__device__grains": {"size": "12 nm", "anisotropy_spread": 0.05, "seed": 1}},
         "grains in a curved track"),
        ({"base__device__skyrmions": [{"density": "1e14 1/m^2", "radius": "8 nm"}]}, "from known places"),
        ({"base__device__skyrmions": []}, "has none"),
        ({"base__device__skyrmions__0__kind": "antiskyrmion"}, "has antiskyrmion"),
        ({"base__material__spin_hall_angle": 0}, "spin_hall_angle"),
        ({"base__device__terminals": [{"kind": "in_plane", "name": "current"}]}, "material.P of .* is 0"),
        ({"base__device__terminals": [{"kind": "heavy_metal", "name": "current", "direction": [0, 1, 0]}]},
         "currents along x in the whole track only"),
        ({"sweep__0__values": ["0 A/m2", "1e11 A/m2", "2e11 A/m2", "3e11 A/m2"]}, "no current in a run"),
    ],
)  # fmt: skip
def test_what_the_model_cannot_answer_is_refused_before_anything_runs(changes, message):
    with pytest.raises(ValueError, match=message):
        SkyrmionTrackCampaign(**edited(**changes)).check()


@pytest.mark.slow
@rows(
    ("changes", "message"),
    [
        ({"base__material__D": "1.5 mJ/m2"}, "has collapsed, and the film is uniform: .*Raise base.material.D"),
        ({"base__material__D": "5.5 mJ/m2"}, "fills the track: .*base.device.width larger"),
        ({"base__material__D": "6.5 mJ/m2"}, "has become stripes: .*Lower base.material.D"),
        ({"base__material__Ku": "0.15 MJ/m^3"}, "in its plane, and no skyrmion is stable; raise base.material.Ku"),
        ({"base__device__skyrmions__0__position": ["55 nm", "9 nm"]}, "left by an edge"),
        ({"base__device__parts": [{"name": "start", "x": ["40 nm", "80 nm"], "D": "1.5 mJ/m^2"}]}, "has collapsed"),
    ],
)
def test_a_film_without_a_stable_skyrmion_says_what_it_became(changes, message):
    short = {"base__device__path__length": "120 nm"} | changes
    with pytest.raises(ValueError, match=message):
        SkyrmionTrackCampaign(**edited(**short)).check()


def test_a_stable_skyrmion_has_a_radius():
    spec = SkyrmionTrackCampaign(**edited(base__device__path__length="120 nm")).labelled_runs("native")[0].spec
    assert check_rest(spec) == pytest.approx(8.4e-9, rel=0.02)


# The texture of the runs does not shrink near an edge.
MODEL = replace(TRUTH, near_edge=None)


def analysed(model, *, starts=((55e-9, 30e-9),), **changes):
    changes = {"base__protocol__sampling_interval": "100 ps"} | changes
    campaign = SkyrmionTrackCampaign(**edited(**changes))
    store = MadeRuns(model, starts)
    runs = store.holding(campaign)
    if campaign.unsettled:
        campaign = campaign.settled(runs)
    return campaign, campaign.analyse(store.holding(campaign), Stages())


FEW = {
    "sweep__0__values": ["0.2e12 A/m^2", "0.35e12 A/m^2", "0.45e12 A/m^2", "0.5e12 A/m^2"],
    "base__protocol__sampling_interval": "200 ps",
    "fit__held_out": 1,
    "fit__check_expulsion": False,
}


def test_few_runs_of_a_known_skyrmion_are_fitted_and_shown():
    campaign, findings = analysed(MODEL, **FEW)
    results = findings.results
    assert (results.verdict, results.reasons) == ("trusted", [])
    assert results.position_error < 0.005
    assert results.edge_force == pytest.approx(3.6e-12, rel=0.1)
    assert [each.role for each in results.driven].count("held out") == 1
    # Thiele's equation without an edge: tan of the Hall angle is 4 pi Q / (alpha D).
    assert abs(results.hall_angle) == pytest.approx(np.arctan2(4 * np.pi, 0.3 * 16.8), abs=0.01)
    assert all(each.error < 0.3e-9 for each in results.driven)
    text = report_text(campaign, findings)
    assert text.count("<figure>") == 7
    assert text.count("<td>stays</td>") == 4


@pytest.fixture(scope="module")
def found():
    return analysed(MODEL)


@pytest.mark.slow
def test_a_known_skyrmion_is_trusted_and_its_expulsion_checked(found, tmp_path):
    campaign, findings = found
    results = findings.results
    assert (results.verdict, results.reasons) == ("trusted", [])
    assert results.position_error < 0.005
    assert abs(results.charge) == pytest.approx(1, abs=0.01)
    force = next(each for each in results.parameters if each.name == "edge_strength")
    assert force.value == pytest.approx(float(EDGES.strength), rel=0.05)
    checks = [each for each in results.driven if each.role == "check"]
    assert [each.stays for each in checks] == [True, False]
    assert results.stays_up_to < abs(results.expulsion.predicted) < results.leaves_from
    assert not campaign.unsettled
    # The same runs ask for the same checks, whatever is known already.
    labels = campaign.run_labels("native").values()
    assert sum("should leave" in each for each in labels) == 1
    model = load_model(save_model(findings.models["skyrmion"], tmp_path / "skyrmion.json"))
    np.testing.assert_array_equal(model.dissipation, findings.models["skyrmion"].dissipation)
    assert float(model.force.strength) == float(findings.models["skyrmion"].force.strength)
    assert model.provenance.verdict == "trusted"


@pytest.mark.slow
def test_a_check_in_which_the_skyrmion_stays_where_it_should_leave_is_reported():
    campaign = SkyrmionTrackCampaign(**edited(base__protocol__sampling_interval="100 ps"))
    campaign = campaign.settled(MadeRuns(MODEL).holding(campaign))
    swept = {run.spec.run_id for run in campaign.labelled_runs("native") if isinstance(run.role, SweptPoint)}
    harder = MadeRuns(replace(MODEL, force=replace(EDGES, strength=1.2 * EDGES.strength)))

    class HeldInChecks(MadeRuns):
        def open(self, run_id):
            return super().open(run_id) if run_id in swept else harder.open(run_id)

    harder.holding(campaign)
    results = campaign.analyse(HeldInChecks(MODEL).holding(campaign), Stages()).results
    assert results.verdict == "limited"
    (reason,) = results.reasons
    assert reason.code == "expulsion_off"
    assert "where it should leave" in reason.sentence


@pytest.mark.slow
def test_the_report_says_whether_the_checks_are_as_predicted(found):
    campaign, findings = found
    assert "leaves, as predicted." in report_text(campaign, findings)
    headlines = {each.name: each for each in findings.results.headlines()}
    assert headlines["expulsion current"].value.endswith("A/m²")
    assert "stays at" in headlines["expulsion current"].detail


@pytest.fixture(scope="module")
def over_a_barrier():
    """Runs of a model that has the landscape of its texture: a track with a part."""
    parts = [{"name": "barrier", "x": ["80 nm", "100 nm"], "Ku": "0.83 MJ/m^3"}]
    spec = SkyrmionTrackCampaign(**edited(base__device__parts=parts)).labelled_runs("native")[0].spec
    first = artificial.skyrmions([[55e-9, 30e-9]], extent=(280e-9, 60e-9), cell=(2.5e-9, 2.5e-9, 1e-9),
                                 radius=8.4e-9, wall_width=4.2e-9, helicity=np.pi).m.values[0]  # fmt: skip
    landscape = landscape_of(first, spec, (55e-9, 30e-9), (8.4e-9, 4.2e-9))
    truth = replace(MODEL, force=ForceSum((EDGES, landscape.force())), local_texture=landscape.texture())
    return truth, *analysed(truth, base__device__parts=parts, fit__check_expulsion=False)


@pytest.mark.slow
def test_a_track_with_a_part_is_within_the_model(over_a_barrier, tmp_path):
    truth, campaign, findings = over_a_barrier
    results = findings.results
    assert (results.verdict, results.reasons) == ("trusted", [])
    assert results.position_error < 0.005
    assert results.edge_force == pytest.approx(3.6e-12, rel=0.1)
    assert results.hall_angle == pytest.approx(-1.19, abs=0.02) or results.hall_angle == pytest.approx(1.19, abs=0.02)
    # The runs go over a barrier of some kT, which nothing was fitted to.
    assert results.landscape.highest - results.landscape.lowest > 5e-21
    assert results.landscape.left_out < 0.1 * results.landscape.highest
    loaded = load_model(save_model(findings.models["skyrmion"], tmp_path / "skyrmion.json"))
    where = np.array([[85e-9, 35e-9]])
    np.testing.assert_allclose(loaded.force.force(where), truth.force.force(where), rtol=0.05)
    assert "kT at 300 K" in report_text(campaign, findings)


@pytest.mark.slow
def test_a_train_is_followed_and_tells_the_force_between_skyrmions():
    """Two skyrmions, near enough to each other; their texture is that of one that is alone."""
    starts = ((60e-9, 30e-9), (96e-9, 30e-9))
    train = [{"first": ["60 nm", "30 nm"], "spacing": "36 nm", "count": 2, "radius": "8.4 nm", "width": "4.2 nm"}]
    pair = PairForce(strength=1e-12, decay=6e-9, distance=36e-9)
    campaign, findings = analysed(replace(MODEL, force=ForceSum((EDGES, pair))), starts=starts,
                                  base__device__skyrmions=train, fit__check_expulsion=False)  # fmt: skip
    results = findings.results
    assert (results.verdict, results.reasons) == ("trusted", [])
    found = {each.name: each for each in results.parameters}
    # Its strength is given at the least distance that was seen; at 36 nm it is the truth's.
    fitted = part_of(findings.models["skyrmion"].force, PairForce)
    assert float(fitted.distance) > 36e-9
    assert found["pair_strength"].value == pytest.approx(float(fitted.strength))
    assert float(fitted.force(np.array([[0.0, 0.0], [36e-9, 0.0]]))[1, 0]) == pytest.approx(1e-12, rel=0.05)
    assert found["pair_decay"].value == pytest.approx(6e-9, rel=0.1)
    assert results.position_error < 0.005
    assert "force between two skyrmions" in report_text(campaign, findings)


@pytest.mark.slow
def test_a_bend_is_within_the_model():
    spec = SkyrmionTrackCampaign(**edited(**BEND, **ALONG)).labelled_runs("native")[0].spec
    bends = bends_of(spec.device, spec.material)
    truth = replace(MODEL, bends=bends, force=replace(EDGES, bends=bends))
    campaign, findings = analysed(truth, **FEW, **BEND, **ALONG)
    results = findings.results
    assert (results.verdict, results.reasons) == ("trusted", [])
    assert results.position_error < 0.005
    # The edge of the arc on the inside lets it go before one of a straight track does.
    straight = expulsion_of(replace(MODEL, provenance=None), PiecewiseLinear((0.0,), (1e11,)), 1e-8, (55e-9, 30e-9))
    assert 0.75 * straight.steady < results.expulsion.steady < 0.95 * straight.steady
    assert "What the skyrmion did" in report_text(campaign, findings)


def test_what_is_outside_the_model_is_named():
    def has(**changes):
        spec = SkyrmionTrackCampaign(**edited(**changes)).labelled_runs("native")[0].spec
        return outside_model(spec.device, spec.material)

    assert has() == []
    assert has(base__device__grains={"size": "12 nm", "anisotropy_spread": 0.05, "seed": 1}) == []
    assert has(base__device__anisotropy_gradient={"last": 0.9}) == []
    part = {"name": "gate", "x": ["100 nm", "120 nm"]}
    assert has(base__device__parts=[part | {"Ku": "0.7 MJ/m^3", "D": "3 mJ/m^2"}]) == []
    assert has(base__device__parts=[part | {"Ms": "600 kA/m"}]) == ["a part with another Ms"]
    notch = {"position": "120 nm", "depth": "10 nm", "width": "20 nm"}
    assert has(base__device__parts=[part | {"alpha": 0.5}], base__device__notches=[notch]) == [
        "notches", "a part with another damping"
    ]  # fmt: skip


@pytest.mark.slow
def test_a_pinned_skyrmion_fails_before_any_number():
    site = PinningSites(places=[[55e-9, 30e-9]], depth=[1e-18], width=[10e-9])
    campaign, findings = analysed(replace(MODEL, force=site), fit__held_out=3)
    results = findings.results
    assert results.verdict == "failed"
    assert "stuck" in [each.code for each in results.reasons]
    assert results.expulsion is None
    assert set(results.withheld) == {"expulsion", "skyrmion"}
    assert not findings.models
    shown = {each.name: each for each in results.headlines()}
    assert shown["expulsion current"].value == "–"
    assert "withheld" in shown["expulsion current"].detail
    assert "The expulsion current" not in report_text(campaign, findings)


@pytest.mark.slow
def test_runs_that_all_lose_their_skyrmion_are_answered_with_what_to_sweep():
    with pytest.raises(ValueError, match=r"stays in the track in 0 of 6 runs.*more currents below 2e\+12 A/m"):
        analysed(MODEL, sweep__0__values=[f"{each}e12 A/m2" for each in (2, 3, 4, 5, 6, 7)])
