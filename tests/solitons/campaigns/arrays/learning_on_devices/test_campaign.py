"""The campaign of learning on devices: faults one after another, its verdict, and the whole way."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from edited_content import with_fields

import solitons.campaigns.arrays.learning_on_devices as kind
from solitons.campaigns.arrays.array_devices import FoundDevice
from solitons.campaigns.arrays.learning_on_devices import analysis
from solitons.campaigns.arrays.learning_on_devices.analysis import faults_of, findings_of
from solitons.campaigns.arrays.learning_on_devices.campaign import LearningOnDevicesCampaign
from solitons.campaigns.arrays.learning_on_devices.judgement import about_learning
from solitons.campaigns.arrays.learning_on_devices.results import (
    SPREAD,
    Cause,
    DeviceLearning,
    LearningOnDevicesResults,
)
from solitons.campaigns.arrays.scores_over_seeds import VariedPoint, score_of
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.framework.workflow import run_campaign
from solitons.crossbars import Wires
from solitons.crossbars.measured_trains import table_from_trains
from solitons.fits.verdict import judge

CONTENT = yaml.safe_load((Path(kind.__file__).parent / "campaign.yaml").read_text())


def trains(amount, pulses=60):
    share = (1 - np.exp(-amount * np.arange(pulses + 1) / pulses)) / (1 - np.exp(-amount))
    return {"up": tuple((1e-6 * (1 + 4 * share)).tolist()), "down": tuple((1e-6 * (5 - 4 * share)).tolist())}


def campaign_of(**changes):
    return LearningOnDevicesCampaign(**with_fields(CONTENT, **changes))


def test_each_line_has_one_fault_more():
    generator = np.random.default_rng(0)
    up = np.cumsum(np.abs(generator.normal(1, 0.4, (5, 30))), axis=1)
    table = table_from_trains(1e-6 * (1 + np.c_[np.zeros(5), up]), 1e-6 * (31 - np.c_[np.zeros(5), 0.6 * up]))
    names, tables, wires = zip(*faults_of(table, Wires(1.0, 1.0)), strict=True)
    assert names[-1] == "wires"
    assert [each.ideal for each in wires] == [True] * 5 + [False]
    assert [each.devices for each in tables] == [1, 1, 1, 1, 5, 5]
    assert [each.steps.shape[-1] for each in tables] == [1, 1, 1, 16, 16, 16]
    # Ideal devices in as many pulses as the device's weaker sign takes.
    assert tables[1].pulses_across == pytest.approx(table.pulses_across)
    assert tables[2].mean_step(1.0) == pytest.approx(table.mean_step(1.0))


def test_two_devices_of_one_name_are_refused():
    device = {"name": "twice", **trains(1.0)}
    with pytest.raises(ValueError, match="two have one name, of twice, twice"):
        campaign_of(devices=[device, device])


def test_shipped_devices_are_found():
    campaign = campaign_of()
    campaign.check()
    assert [each.name for each in campaign.input_files()] == ["junction.json", "wall.json"]


def learned(costs, **known):
    """A device that learned, of made-up numbers: what each fault costs."""
    device = FoundDevice(
        name="made up", lowest=1e-5, highest=3e-5, pulses_across=20.0, levels=None, spread_known=True,
        chance_known=True, **({"table_error": 0.01, "verdict": "trusted"} | known),
    )  # fmt: skip
    score = score_of([0.71, 0.72, 0.73, 0.74, 0.75])
    causes = [Cause(name=f"fault {index}", score=score, cost=score_of([cost] * 5)) for index, cost in enumerate(costs)]
    lost = score_of([sum(costs)] * 5)
    return DeviceLearning(
        device=device, rules={"accumulated": score}, loss=lost, causes=causes, quantised=score, written=score,
        written_noisy=score, counted=score, counted_noisy=score, pulses=9.0, most_pulses=30.0, outside=0.0,
        history=[0.5, 0.73],
    )  # fmt: skip


def test_learning_itself_may_be_the_largest_cost():
    verdict = judge(about_learning([learned([0.2, 0.01, 0.03])], 0.03))
    assert verdict.verdict == "limited", "that little is learned is a result"
    (reason,) = verdict.reasons
    assert "The largest single cost is that of fault 0, 20.0" in reason.sentence
    # Of a fault that the device has, what would make it smaller.
    coarse = learned([0.2])
    named = coarse.model_copy(update={"causes": [coarse.causes[0].model_copy(update={"name": "large steps"})]})
    (reason,) = judge(about_learning([named], 0.03)).reasons
    assert "A mean pulse changes it by a 20th of its range: weaker or shorter pulses, more levels" in reason.sentence


def reported(results, **changes):
    campaign = campaign_of(**changes)
    return str(campaign.report(findings_of(campaign, results)))


def test_written_networks_are_shown_by_the_size_of_tiles():
    score = score_of([0.71, 0.72, 0.73, 0.74, 0.75])
    point = VariedPoint(axis="tiles", value=32, score=score, loss=score, joule=2.5e-9)
    each = learned([0.01]).model_copy(update={"tiles": [point, point.model_copy(update={"value": 785, "joule": None})]})
    results = LearningOnDevicesResults(verdict="trusted", floating=score, devices=[each], allowed=0.03)
    shown = reported(results, wires__tile=128)
    assert "<td>32</td>" in shown
    assert "2.5 nJ" in shown
    assert "<td>785</td>" in shown
    assert "All else in this report has tiles of at most 128 x 128 devices." in shown


def test_the_first_cost_is_against_floating_point():
    faults = faults_of(table_from_trains(**trains(1.0)), Wires(1.0, 1.0))
    keys = [(table, wires) for _, table, wires in faults]
    learned = {each: [SimpleNamespace(accuracy=0.85 if each == keys[-1] else 0.9)] * 5 for each in keys}
    found = analysis._causes(faults, learned, [0.96] * 5)
    assert [each.cost.mean for each in found] == pytest.approx([0.06, 0, 0, 0, 0, 0.05])


def test_faults_that_a_device_does_not_have_are_not_learned_again():
    # One device has no spread: its lines are small steps, large steps, the mean steps, with chance, with wires.
    table = table_from_trains(**trains(1.0))
    for each, different in ((table, 5), (table.without_noise(), 4)):
        faults = faults_of(each, Wires(1.0, 1.0))
        assert len(faults) == 6
        assert len({(faulty, wires) for _, faulty, wires in faults}) == different


@pytest.mark.parametrize("known", [{"verdict": "failed"}, {"table_error": 0.3}])
def test_a_device_whose_model_does_not_stand_for_it_shows_no_numbers(known):
    good, bad = learned([0.01, 0.0]), learned([0.2, 0.0], **known)
    bad = bad.model_copy(update={"device": bad.device.model_copy(update={"name": "bad"})})
    verdict = judge(about_learning([good, bad], 0.03))
    assert verdict.failed
    assert "learns_too_little" not in [reason.code for reason in verdict.reasons]
    results = LearningOnDevicesResults(
        verdict="failed", floating=score_of([0.96] * 5), devices=[good, bad], allowed=0.03
    )
    shown = {each.name: each.value for each in results.headlines()}
    assert shown["learned on made up"] == f"{good.rules['accumulated'].mean:.1%}"
    assert shown["learned on bad"] == "–"
    report, alone = reported(results), reported(results.model_copy(update={"devices": [good]}))
    said = str(good.rules["accumulated"])
    assert report.count(said) == alone.count(said) > 0


def test_the_cost_of_what_is_not_known_is_not_said_to_be_nothing():
    good = learned([0.01, 0.0])
    causes = [
        cause.model_copy(update={"name": name}) for cause, name in zip(good.causes, ("wires", SPREAD), strict=True)
    ]
    reports = []
    for known in (True, False):
        device = good.device.model_copy(update={"spread_known": known})
        results = LearningOnDevicesResults(
            verdict="limited", floating=score_of([0.96] * 5), allowed=0.03,
            devices=[good.model_copy(update={"causes": causes, "device": device})],
        )  # fmt: skip
        reports.append(reported(results))
    assert "not known" not in reports[0]
    assert reports[1].count("not known") == 1


def test_what_faults_cost_a_small_network_adds_up_to_what_it_loses():
    campaign = campaign_of(
        devices=[{"name": "steep", **trains(6.0, 12)}], learning={"hidden": 4, "epochs": 1, "rules": ["accumulated"]},
        spiking=None, drift={"times": ["1 ms", "1 s"]}, tiles=[8],
    )  # fmt: skip
    findings = campaign.analyse(None, Stages())
    found = findings.results
    (steep,) = found.devices
    assert [reason.code for reason in found.reasons] == ["spread_unknown", "drift_unknown", "learns_too_little"]
    assert sum(cause.cost.mean for cause in steep.causes) == pytest.approx(steep.loss.mean)
    assert steep.loss.mean == pytest.approx(found.floating.mean - steep.rules["accumulated"].mean)
    assert findings.tables["causes"]["cause"].tolist() == [cause.name for cause in steep.causes]
    assert findings.tables["causes"]["cost"].sum() == pytest.approx(steep.loss.mean)
    assert findings.tables["tiles"][["device", "lines"]].values.tolist() == [["steep", 8]]
    # Measured pulses do not say what heat does at rest.
    assert findings.tables["drift"]["accuracy"].isna().tolist() == [True, True]


@pytest.mark.slow
def test_the_whole_way_side_by_side(tmp_path):
    campaign = campaign_of(
        devices=[{"name": "gentle", **trains(0.5)}, {"name": "steep", **trains(6.0, 12)}],
        learning={"hidden": 12, "epochs": 5, "rules": ["accumulated", "manhattan"], "allowed_loss": 0.06},
        wires={"segment": "1 ohm"},
        drift={"times": ["1 ms", "1 s"]},
        name="learning-test",
    )
    found = run_campaign(campaign, tmp_path).results
    gentle, steep = found.devices
    assert found.verdict == "limited"
    codes = ["spread_unknown"] * 2 + ["drift_unknown"] * 2 + ["spiking_outside_fit", "learns_too_little"]
    assert [reason.code for reason in found.reasons] == codes
    assert "steep" in found.reasons[-1].sentence
    assert gentle.loss.mean < 0.06 < steep.loss.mean
    assert list(gentle.rules) == ["accumulated", "manhattan"]
    # What faults cost adds up to what is lost since floating point.
    costs = sum(cause.cost.mean for cause in steep.causes)
    assert costs == pytest.approx(steep.loss.mean)
    assert steep.causes[2].cost.mean > 0.02
    folder = tmp_path / "campaigns" / "learning-test" / "model"
    page = (folder / "report.html").read_text()
    assert page.count('<img src="data:image/') == 3
    # Measured pulses do not say what heat does at rest: null.
    summary = json.loads((folder / "summary.json").read_text())
    assert [point["score"] for point in summary["devices"][0]["drift"]["points"]] == [None, None]
    assert len((folder / "drift.csv").read_text().splitlines()) == 5
