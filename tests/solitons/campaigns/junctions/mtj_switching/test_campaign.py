"""The campaign of a pillar that heat and a current switch: what it refuses, and what it finds in made ensembles."""

import re

import numpy as np
import pytest
import yaml
from edited_content import with_fields
from made_junctions import MadeEnsembles
from rows import rows

from runs import EngineFailedError
from solitons import load_model
from solitons.campaigns.framework.kinds import shipped_campaigns
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.framework.workflow import run_campaign
from solitons.campaigns.junctions.mtj_switching.campaign import MtjSwitchingCampaign
from solitons.campaigns.junctions.mtj_switching.checks import expected_switches
from solitons.campaigns.junctions.mtj_switching.judgement import _about_ways
from solitons.campaigns.junctions.mtj_switching.one_moment import pillar_of, probabilities, warmed
from solitons.campaigns.junctions.mtj_switching.results import WayResult
from solitons.campaigns.junctions.mtj_switching.settings import WriteErrorSettings
from solitons.campaigns.junctions.mtj_switching.write_errors import write_error_curves
from solitons.junctions import StochasticBinarySynapse, axial_fokker_planck

FILE = next(each.file for each in shipped_campaigns() if each.name == "mtj-switching")
CONTENT = yaml.safe_load(FILE.read_text())
WITHOUT = {"write_errors": None, "fit__both_ways": False, "unlike": None}
ELLIPSE = {
    "base__device": {
        "kind": "pillar",
        "length": "40 nm",
        "width": "24 nm",
        "thickness": "2 nm",
        "cell": ["4 nm", "4 nm", "2 nm"],
        "start": "left",
        "fixed_layer": "right",
        "barrier": {"resistance_area": "5 ohm um^2", "tmr": "120 %"},
    },
    "base__material": {"name": "soft", "Ms": "0.8 MA/m", "A": "20 pJ/m", "alpha": 0.05},
    "base__protocol__steps__0__duration": "1 ns",
}


def edited(**changes):
    """The shipped campaign with other fields, as `with_fields` has it."""
    return with_fields(CONTENT, **changes)


def analysed(store=None, **changes):
    campaign = MtjSwitchingCampaign(**edited(**(WITHOUT | changes)))
    campaign.check()
    return campaign, campaign.analyse((store or MadeEnsembles()).holding(campaign), Stages())


def test_each_run_has_noise_of_its_own():
    runs = MtjSwitchingCampaign(**CONTENT).labelled_runs("native")
    assert [run.spec.in_time.seed for run in runs] == list(range(1, 14))
    assert str(runs[5].role) == "check: a pulse of 0.155 × 10¹² A/m², 4 ns long, and rest"
    assert str(runs[6].role) == "way back: −0.11 × 10¹² A/m²"
    assert [run.spec.device.start for run in runs] == (
        [(0.0, 0.0, -1.0)] * 6 + [(0.0, 0.0, 1.0)] * 5 + [(0.0, 0.0, -1.0)] * 2
    )
    assert len(MtjSwitchingCampaign(**edited(fit__both_ways=False, unlike=None)).labelled_runs("native")) == 6
    # Two standard deviations of the critical current in the cells that are run, and of the barrier with it.
    weak, strong = (pillar_of(run.spec) for run in runs[-2:])
    mean = pillar_of(runs[0].spec)
    sigma = np.log(strong.barrier / mean.barrier) / 2
    assert 0.03 < sigma <= 0.044
    assert np.log(weak.barrier / mean.barrier) == pytest.approx(-2 * sigma)
    assert np.log(strong.critical_current() / mean.critical_current()) == pytest.approx(2 * sigma)


def test_an_engine_without_heat_is_refused_by_name(tmp_path):
    campaign = MtjSwitchingCampaign(**CONTENT)
    with pytest.raises(
        ValueError, match=r"engine = 'oommf', but campaign 'mtj-switching' counts .* use engine 'native'"
    ):
        campaign.labelled_runs("oommf")
    assert campaign.engine == "native"


@rows(
    ("changes", "message"),
    [
        ({"sweep": []}, "sweep has none; give one axis over the current"),
        ({"fit__held_out": 4}, "asks for 7 at least"),
        ({"fit__critical_current": "free"}, "fit.critical_current"),
        ({"base__device__barrier__polarisation": 1.2}, "polarisation"),
        ({"write_errors__overdrives": [0.8]}, "overdrives"),
    ],
)
def test_bad_descriptions_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        MtjSwitchingCampaign(**edited(**changes))


@rows(
    ("changes", "message"),
    [
        ({"base__material__Ku": "0.9 MJ/m^3"},
         r"about [\d.]+e-11 of 640 members are expected to switch .* barrier of 57\.1 k T is too high for 8e-09 s"),
        ({"base__material__Ku": "0.4 MJ/m^3"}, "is not along the easy axis"),
        ({"sweep__0__values": ["0.6e12", "0.7e12", "0.8e12", "0.9e12", "1e12"]}, "drive is faster than its sampling"),
        ({"sweep__0__values": ["-0.1e12", "0.1e12", "0.12e12", "0.13e12", "0.14e12"]}, "holds the layer in the state"),
        ({"base__device__start": "right"}, "not along the easy axis"),
        ({"base__protocol__steps__0__duration": "50 ps"}, "takes about .* s; give a longer rest"),
        ({"base__ensemble": None}, "base has no ensemble"),
        ({"fit__interval": "3 ns"}, "must divide"),
        ({"fit__longest": "9 ns"}, "longer than the current flows"),
        ({"fit__check_pulse__width": "4.5 ns"}, "must be a multiple of fit.interval"),
        ({"base__device__parts": [{"name": "rim", "x": ["0 nm", "8 nm"], "Ku": "0.5 MJ/m^3"}]}, "leave them out"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_before_anything_runs(changes, message):
    with pytest.raises(ValueError, match=message):
        MtjSwitchingCampaign(**edited(fit__check_pulse=None, **changes)
                             if "fit__check_pulse__width" not in changes else edited(**changes)).check()  # fmt: skip


def test_an_ensemble_that_no_memory_holds_is_refused_before_it_is_computed(tmp_path):
    content = edited(
        base__ensemble={"members": 10**6, "keep": "states"}, base__protocol__sampling_interval="1 ps", write_errors=None
    )
    with pytest.raises(EngineFailedError, match=r"members of 8501 frames need about .* of memory, .* keep means"):
        run_campaign(MtjSwitchingCampaign(**content), tmp_path, retries=0)


def test_what_is_expected_is_near_what_the_equation_predicts():
    specs = [run.spec for run in MtjSwitchingCampaign(**CONTENT).labelled_runs("native")[:5]]
    moment = pillar_of(specs[0])
    exact = sum(
        128 * probabilities(moment, spec.in_time.steps[1].amplitude, [4e-9, 8e-9], -1, seed=1)[0][-1] for spec in specs
    )
    assert expected_switches(specs) == pytest.approx(exact, rel=0.5)


def test_a_warm_layer_has_a_lower_barrier_and_critical_current():
    cold = pillar_of(MtjSwitchingCampaign(**CONTENT).labelled_runs("native")[0].spec)
    warm = warmed(cold, 0.9)
    assert warm.stability / cold.stability == pytest.approx(0.9**3)
    assert warm.critical_current() / cold.critical_current() == pytest.approx(0.9**2)
    assert warmed(cold, 1.0).stability == cold.stability


@pytest.fixture(scope="module")
def macrospins():
    """Of the shipped campaign's pillar, under strong currents, to see many switch."""
    values = ["0.14e12", "0.15e12", "0.16e12", "0.17e12", "0.18e12"]
    return analysed(sweep__0__values=values, base__ensemble__members=300, fit__both_ways=True, unlike=CONTENT["unlike"])


@pytest.mark.slow
def test_macrospins_are_found_again(macrospins):
    _, findings = macrospins
    found = findings.results
    assert found.verdict == "trusted", found.reasons
    by_name = {each.name: each for each in found.parameters}
    assert set(by_name) == {"attempt_rate", "stability"}
    low, high = by_name["stability"].ci95
    assert low < found.macrospin.stability < high
    assert found.macrospin.length == pytest.approx(1.0, abs=1e-6)
    assert found.macrospin.ratio_ci95[0] < 1 < found.macrospin.ratio_ci95[1]
    assert found.held_out_error < 2 * found.chance_error < found.trivial_error
    assert found.exponent.used == 2
    assert found.pulse.chance > 0.01
    assert {point.use for point in found.points} == {"fitted", "longer", "held out"}


@pytest.mark.slow
def test_the_synapse_switches_as_often_as_the_members_did(macrospins):
    _, findings = macrospins
    synapse = findings.models["synapse"]
    assert isinstance(synapse, StochasticBinarySynapse)
    assert synapse.provenance.verdict == "trusted"
    assert len(synapse.provenance.held_out) == 4
    last = max(findings.results.points, key=lambda point: (point.current, point.width))
    predicted = float(synapse.rates.probability(last.current, last.width))
    assert abs(predicted - last.probability) < 0.1
    # 21 cells of 16 nm^2 and 5 ohm um^2; TMR 120 %.
    assert synapse.conductances[1] == pytest.approx(21 * 16e-18 / 5e-12)
    assert synapse.conductances[0] == pytest.approx(21 * 16e-18 / 5e-12 / 2.2)


@pytest.mark.slow
def test_other_junctions_switch_as_the_scaled_rates_expect(macrospins):
    _, findings = macrospins
    found = findings.results.unlike
    assert found.critical_current == pytest.approx(0.044)
    for other in found.others:
        # Macrospins have their closed forms; the mean junction's rates are far off.
        low, high = other.ratio_ci95
        assert low < 1.15
        assert high > 0.85
        assert abs(np.log(other.unscaled / other.expected)) > 0.15
    synapse = findings.models["synapse"]
    assert synapse.unlike.relative == pytest.approx((found.stability, found.critical_current, found.conductance))
    assert synapse.spread_known


@pytest.fixture(scope="module")
def fewer():
    """Fewer macrospins under fewer currents, both ways, and fewer exponents that the counts are asked about."""
    values = ["0.15e12", "0.16e12", "0.17e12", "0.18e12"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("solitons.campaigns.junctions.mtj_switching.analysis.EXPONENTS", np.array([1.0, 2.0, 4.0]))
        return analysed(sweep__0__values=values, base__ensemble__members=150, fit__held_out=1, fit__check_pulse=None,
                        fit__both_ways=True, unlike=CONTENT["unlike"])  # fmt: skip


def test_a_layer_that_follows_late_is_not_fitted_for_short_pulses(fewer):
    _, findings = fewer
    found = findings.results
    assert round(found.shortest * 1e9) in (2, 3, 4)
    assert findings.models["synapse"].provenance.time == (found.shortest, 8e-9)
    assert any("A layer takes a time to follow a current" in note for note in found.notes)


def test_how_long_a_state_lasts_is_known_to_its_interval(fewer):
    """Extrapolated from counts under a current, beside the equation without one."""
    _, findings = fewer
    exact = 2 / axial_fokker_planck(findings.models["macrospin"]).slowest_rate()
    for place, cosine, conductance in zip(
        findings.results.places, (-1, 1), findings.models["synapse"].conductances, strict=True
    ):
        assert place.position == cosine
        assert place.conductance == pytest.approx(float(conductance))
        low, high = place.lasts_ci95
        assert low < place.lasts < high
        assert low < exact < high
    assert all(each.lasts_ci95 is None for each in findings.models["synapse"].places(350.0))


@pytest.mark.slow
def test_both_ways_are_fitted_as_one(macrospins):
    _, findings = macrospins
    found = findings.results
    there, back = found.ways
    assert (there.upwards, back.upwards) == (True, False)
    assert there.switches + back.switches > 300
    for way in found.ways:
        assert way.ratio_ci95[0] < 1.1
        assert way.ratio_ci95[1] > 0.9
    # The same size of current is held out of both, and one way predicts as well as the other.
    assert {abs(p.current) for p in found.points if p.current < 0 and p.use == "held out"} == {
        p.current for p in found.points if p.current > 0 and p.use == "held out"
    }
    synapse = findings.models["synapse"]
    assert synapse.provenance.both_ways
    assert synapse.provenance.current_density == (0.14e12, 0.18e12)
    down = float(synapse.rates.probability(-0.16e12, 4e-9, state=1))
    assert down == pytest.approx(float(synapse.rates.probability(0.16e12, 4e-9)))


def test_ways_that_are_no_mirror_images_limit():
    way = {"ratio_ci95": (0.9, 1.1), "expected": 200.0}
    there = WayResult(upwards=True, switches=260, ratio=1.3, **way)
    back = WayResult(upwards=False, switches=150, ratio=0.75, **way)
    (reason,) = _about_ways([there, back])
    assert reason.code == "ways_unlike"
    assert "1.30 times as many members switch towards" in reason.sentence
    assert list(_about_ways([there, there])) == []


def test_the_report_shows_what_was_counted_beside_what_was_fitted(fewer):
    campaign, findings = fewer
    report = campaign.report(findings)
    assert re.findall("<h2>(.*?)</h2>", report) == [
        "The pillar", "How often it switches", "The layer as one moment", "What was fitted",
        "From junction to junction", "Energy and time", "The counts",
    ]  # fmt: skip
    assert not re.search(r"\b(undefined|nan|None)\b", re.sub("<[^>]*>", "", report))
    assert report.count("<img src") == 5
    assert "lasts at 300 K" in report


def test_write_errors_are_the_same_by_the_equation_and_by_steered_macrospins(monkeypatch):
    moment = pillar_of(MtjSwitchingCampaign(**CONTENT).labelled_runs("native")[0].spec)
    monkeypatch.setattr("solitons.campaigns.junctions.mtj_switching.write_errors._SIZES", (100, 100))
    asked = WriteErrorSettings(overdrives=(3,), lowest=1e-3)
    done = []
    (curve,) = write_error_curves(moment, -1, asked, lambda: done.append(1))
    assert done == [1]
    assert curve.current == pytest.approx(3 * moment.critical_current(-1))
    assert np.all(np.diff(curve.exact) < 0)
    assert len(curve.sampled) == 2
    for width, _, low, high in curve.sampled:
        assert low < np.exp(np.interp(width, curve.widths, np.log(curve.exact))) < high
    assert np.exp(np.interp(curve.width_for_lowest, curve.widths, np.log(curve.exact))) == pytest.approx(1e-3, rel=0.01)
    # The linear problem near the pole: W. H. Butler et al., IEEE Trans. Magn. 48, 4684 (2012).
    assert 1.0 < curve.closed_form_ratio < 1.2


@pytest.mark.slow
def test_a_layer_that_bends_is_limited_and_its_write_errors_are_withheld():
    changes = {"sweep__0__values": ["0.14e12", "0.15e12", "0.16e12", "0.17e12"], "fit__held_out": 1}
    _campaign, findings = analysed(
        MadeEnsembles(length=0.97, bent=0.6), write_errors=CONTENT["write_errors"], fit__check_pulse=None, **changes
    )
    found = findings.results
    assert found.verdict == "limited"
    assert "incoherent_reversal" in [reason.code for reason in found.reasons]
    assert "does not reverse as a whole" in found.withheld["write errors"]
    assert found.write_errors == []
    assert "macrospin" not in findings.models
    assert "synapse" in findings.models
    assert any(each.value == "–" for each in found.headlines())


def test_too_few_switches_fail_and_nothing_is_made_of_them():
    changes = {"sweep__0__values": ["0.10e12", "0.105e12", "0.11e12", "0.115e12"], "fit__held_out": 1}
    campaign, findings = analysed(fit__check_pulse=None, **changes)
    found = findings.results
    assert found.verdict == "failed"
    assert found.reasons[0].code == "too_few_switches"
    assert found.parameters == []
    assert "synapse" not in findings.models
    assert all(point.model is None for point in found.points)
    assert next(found.headlines()).value == "–"
    report = campaign.report(findings)
    assert re.findall("<h2>(.*?)</h2>", report)[-1] == "The counts"
    assert "What was fitted" not in report


@pytest.mark.slow
def test_an_ellipse_in_the_plane_is_followed_without_symmetry():
    values = ["0.045e12", "0.055e12", "0.065e12", "0.075e12"]
    _, findings = analysed(fit__check_pulse=None, fit__held_out=1, sweep__0__values=values, **ELLIPSE)
    found = findings.results
    assert found.macrospin.method in ("Fokker-Planck, in harmonics", "an ensemble of macrospins")
    assert found.exponent.used == 1
    assert 0.5 < found.macrospin.ratio < 2
    assert found.verdict in ("trusted", "limited")
    # Fixed layer and start are along x, and the pillar is switched towards the fixed layer.
    assert findings.models["synapse"].rates.critical_current > 0


@pytest.mark.slow
def test_the_whole_way_on_made_runs(tmp_path):
    content = edited(engine="mock", name="made", sweep__0__values=["0.15e12", "0.16e12", "0.17e12", "0.18e12"],
                     fit__held_out=1, write_errors__overdrives=[3])  # fmt: skip
    summary = run_campaign(MtjSwitchingCampaign(**content), tmp_path)
    found = summary.results
    assert found.verdict in ("trusted", "limited")
    curve = found.write_errors[0]
    # Exact and steered errors agree, and the closed form is within its tenth at three times the critical current.
    width, rate, low, high = curve.sampled[-1]
    assert low < np.exp(np.interp(width, curve.widths, np.log(curve.exact))) < high
    assert rate == pytest.approx(1e-6, rel=0.5)
    assert 1.0 < curve.closed_form_ratio < 1.2
    folder = tmp_path / "campaigns" / "made" / "mock"
    assert load_model(folder / "synapse.json").provenance.verdict == found.verdict
    assert (folder / "report.html").read_text().count('<img src="data:image/') == 6
    # A counted pulse of either way, one that hardly ever fails, and a reading; all of them known.
    assert all(row.joule is not None for row in found.energy.rows)
    assert [operation.rpartition(": ")[2][-7:] for _, operation in found.energy.operations][-2:] == ["0 fails", "read"]
    assert len((folder / "energy.csv").read_text().splitlines()) == 1 + len(found.energy.rows)


@pytest.mark.slow
def test_a_real_pillar_is_counted(tmp_path):
    content = edited(
        name="real", write_errors=None, fit={"interval": "0.1 ns", "longest": "0.2 ns", "held_out": 1},
        base__ensemble__members=8, base__device__length="16 nm",
        base__protocol__steps__0__duration="0.2 ns", base__protocol__steps__1__duration="0.3 ns",
        sweep__0__values=["0.3e12", "0.35e12", "0.4e12", "0.45e12"],
    )  # fmt: skip
    found = run_campaign(MtjSwitchingCampaign(**content), tmp_path).results
    # So few members in so short a time: nothing may be made of them.
    assert found.verdict == "failed"
    assert "synapse" in found.withheld
    assert 0.9 < found.macrospin.length < 1
    assert sum(point.switched for point in found.points if point.current > 0.4e12) > 0
