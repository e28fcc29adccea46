"""Devices that chance made different, from the seeds in a campaign to its levels: walls of known gains."""

import json

import mock_engine as mock
import numpy as np
import pytest
from rows import rows

from analysis import artificial
from solitons import load_model, run_campaign
from solitons.campaigns.domain_walls.dw_synapse.campaign import SynapseCampaign
from solitons.campaigns.domain_walls.dw_synapse.observation import NoWallError, observe
from solitons.campaigns.domain_walls.dw_synapse.samples import spread_among
from solitons.campaigns.framework.device_samples import Sample, seed_axis

GAINS = {1: 0.8, 2: 0.9, 3: 1.0, 4: 1.1, 5: 1.2}


@pytest.fixture
def described(small):
    """Five devices that differ in their edges."""
    rough = {"edge_roughness": {"rms": "0.2 nm", "correlation_length": "20 nm", "seed": 3}}

    def make(**changes):
        return small(device=rough, devices={"seeds": list(GAINS)}, name="unlike") | changes

    return make


def test_every_seed_is_a_device_with_the_base_runs_pulses(described):
    campaign = SynapseCampaign(**described())
    made = [run for run in campaign.labelled_runs("mock") if isinstance(run.role, Sample)]
    assert [run.role.seed for run in made] == list(GAINS)
    assert [run.spec.device.edge_roughness.seed for run in made] == list(GAINS)
    assert str(made[0].role) == "device with seed 1"
    # That of the campaign's own seed is one of the sweep, and is not computed twice.
    assert made[2].spec.run_id in {run.spec.run_id for run in campaign.labelled_runs("mock")[:4]}


def test_a_wall_that_is_there_only_later_is_named(described):
    run = SynapseCampaign(**described()).labelled_runs("mock")[0]
    later = artificial.domain_walls([-60e-9, 60e-9])
    with pytest.raises(NoWallError, match=r"in the first frame, only in later ones.*\(run .*: made up\)"):
        observe(run.spec, run.role, later, read_out=None, what="made up")


def test_seeds_are_found_wherever_they_are():
    base = {"device": {"edge_roughness": {"seed": 1}, "parts": [{"name": "a"}, {"grains": {"seed": 2}}], "seed": 0}}
    found = seed_axis(base, [1, 2, 3])
    assert found.fields == ("device.edge_roughness.seed", "device.parts.1.grains.seed", "device.seed")
    with pytest.raises(ValueError, match=r"nothing in base\.device is random"):
        seed_axis({"device": {"kind": "stripe"}}, [1, 2, 3])


@rows(
    ("devices", "message"),
    [({"seeds": [1, 2]}, "devices.seeds"), ({"seeds": [1, 1, 2]}, "seeds has 1 twice"), ({}, "devices.seeds")],
)
def test_too_few_devices_are_refused(described, devices, message):
    with pytest.raises(ValueError, match=message):
        SynapseCampaign(**described(devices=devices))


def test_a_device_without_chance_is_refused_before_anything_runs(described):
    plain = described()
    del plain["base"]["device"]["edge_roughness"]
    with pytest.raises(ValueError, match="leave 'devices' out"):
        SynapseCampaign(**plain)


def test_walls_that_leave_limit_what_is_known():
    positions = np.outer([0.9, 1.0, 1.1, 1.05], [0.0, 40e-9, 80e-9])
    assert spread_among(positions)[1] == []
    positions[0, 1:] = np.nan
    found, (reason,) = spread_among(positions)
    assert found.lost == 1
    assert (reason.code, reason.weight) == ("devices_lose_wall", "limited")
    assert "In 1 of 4 devices" in reason.sentence
    positions[1, 1:] = np.nan
    found, (reason,) = spread_among(positions)
    assert found is None
    assert "stays in 2 of 4 devices" in reason.sentence


@pytest.mark.slow
def test_the_whole_way_with_walls_of_known_gains(described, tmp_path, monkeypatch):
    honest = mock._shifted

    def shifted(spec):
        gain = GAINS[spec.device.edge_roughness.seed]
        material = spec.material.model_copy(update={"P": gain * spec.material.P})
        return honest(spec.model_copy(update={"material": material}))

    monkeypatch.setattr(mock, "_shifted", shifted)
    summary = run_campaign(SynapseCampaign(**described()), tmp_path)
    found = summary.results.devices
    assert (found.devices, found.lost) == (5, 0)
    # The frames have the wall to a fraction of a cell of 2 nm.
    assert found.gain == pytest.approx(np.std(list(GAINS.values()), ddof=1), rel=0.05)
    assert found.place < 1e-9
    assert found.start < 1e-10
    assert summary.results.level_count.devices == found.at_rest
    # 10 nm a pulse of a mean device, three there and three back.
    assert found.at_rest == pytest.approx(found.gain * 10.4e-9 * np.sqrt((1 + 4 + 9 + 4 + 1) / 6), rel=0.15)
    folder = tmp_path / "campaigns/unlike/mock"
    assert json.loads((folder / "summary.json").read_text())["devices"]["lost"] == 0
    assert float(load_model(folder / "synapse.json").spreads.gain) == found.gain
    page = (folder / "report.html").read_text()
    assert "From device to device" in page
    assert " nm from device to device." in page
    assert "Disorder from device to device is not included" not in page
