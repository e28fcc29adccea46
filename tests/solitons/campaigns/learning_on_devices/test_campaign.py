"""The campaign of learning on devices: faults one after another, its verdict, and the whole way."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from edited_content import with_fields

import solitons.campaigns.learning_on_devices as kind
from solitons.campaigns.learning_on_devices.analysis import faults_of
from solitons.campaigns.learning_on_devices.campaign import LearningOnDevicesCampaign
from solitons.campaigns.workflow import run_campaign
from solitons.crossbars import Wires, table_from_trains

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


@pytest.mark.slow
def test_the_whole_way_side_by_side(tmp_path):
    campaign = campaign_of(
        devices=[{"name": "gentle", **trains(0.5)}, {"name": "steep", **trains(6.0, 12)}],
        learning={"hidden": 12, "epochs": 5, "rules": ["accumulated", "manhattan"], "allowed_loss": 0.06},
        wires={"segment": "1 ohm"},
        name="learning-test",
    )
    found = run_campaign(campaign, tmp_path).results
    gentle, steep = found.devices
    assert found.verdict == "limited"
    assert [reason.code for reason in found.reasons] == ["learns_too_little"]
    assert "steep" in found.reasons[0].sentence
    assert gentle.loss.mean < 0.06 < steep.loss.mean
    assert list(gentle.rules) == ["accumulated", "manhattan"]
    # What faults cost adds up to what is lost since the ideal devices.
    costs = sum(cause.cost.mean for cause in steep.causes)
    assert costs == pytest.approx(steep.causes[0].score.mean - steep.rules["accumulated"].mean)
    assert steep.causes[2].cost.mean > 0.02
    assert "steep" in (tmp_path / "campaigns" / "learning-test" / "model" / "report.html").read_text()
