"""A campaign whose stripe holds its wall: the landscape, the current that frees it, and heat, from one small device."""

import json

import numpy as np
import pandas as pd
import pytest
from rows import rows

from runs import HeldWall
from solitons import campaign_table, load_model, open_campaign, run_campaign
from solitons.campaigns.domain_walls.dw_synapse.campaign import SynapseCampaign
from solitons.campaigns.domain_walls.dw_synapse.roles import Heated, Held
from solitons.campaigns.framework.kinds import load_campaign


def described():
    train = {
        "do": "current pulses",
        "amplitude": 1e12,
        "width": "0.2 ns",
        "rise": "50 ps",
        "period": "1 ns",
        "count": 1,
    }
    return {
        "name": "small",
        "kind": "dw_synapse",
        "engine": "native",
        "base": {
            "material": {
                "name": "Pt/Co",
                "Ms": 6e5,
                "A": 12e-12,
                "Ku": 5e5,
                "easy_axis": [0, 0, 1],
                "D": 0.5e-3,
                "alpha": 0.1,
                "spin_hall_angle": 0.2,
            },
            "device": {
                "kind": "stripe",
                "length": "160 nm",
                "width": "24 nm",
                "thickness": "1 nm",
                "cell": ["4 nm", "4 nm", "1 nm"],
                "walls": [{"position": "52 nm", "kind": "neel"}],
                "notches": [{"first": "52 nm", "period": "56 nm", "count": 2, "depth": "4 nm", "width": "24 nm"}],
                "readout_window": {"x": ["32 nm", "128 nm"]},
                "terminals": [{"kind": "heavy_metal", "name": "metal"}],
            },
            "protocol": {
                "sampling_interval": "50 ps",
                "steps": [{"do": "relax"}, train | {"polarity": "positive"}, train | {"polarity": "negative"}],
            },
            "numerics": {"stopping_torque": 1.0},
        },
        "sweep": [
            {
                "name": "amplitude",
                "unit": "A/m^2",
                "fields": ["protocol.steps.1.amplitude", "protocol.steps.2.amplitude"],
                "values": [0.3e12, 1.1e12, 1.3e12],
            }
        ],
        "extract": {"resistance_area": 1e-11, "tmr": 1.5},
        # Two runs, of which one moves its wall, choose the material's constants, which miss the third: fit everything.
        "fit": {"held_out": 1, "knots": 0},
        "heat": {"temperatures": ["300 K"], "seeds": [1], "walls": 100},
    }


def test_a_stripe_that_holds_its_wall_has_runs_that_say_how():
    campaign = SynapseCampaign(**described())
    roles = [run.role for run in campaign.labelled_runs("native")]
    assert roles[3:] == [Held("right"), Held("left"), Heated(300.0, 1)]
    assert [str(role) for role in roles[3:]] == [
        "wall held at places to the right",
        "wall held at places to the left",
        "at 300 K, seed 1",
    ]
    assert all(isinstance(run.spec.protocol, HeldWall) for run in campaign.labelled_runs("native")[3:5])
    # OOMMF has no thermal field beside a spin torque: these runs are native's, whoever computes the others.
    engines = [run.spec.engine for run in campaign.labelled_runs("oommf")]
    assert engines == ["oommf"] * 5 + ["native"]


@rows(
    ("fit", "device", "held"),
    [
        ({}, {"notches": []}, 0),
        ({"landscape": "measured"}, {"notches": []}, 2),
        ({"landscape": "none"}, {}, 0),
        ({"knots": 4}, {}, 0),
        ({"knots": "auto"}, {}, 2),
        ({}, {"notches": [], "taper": {"ratio": 0.8}}, 2),
    ],
)
def test_when_the_landscape_is_measured(fit, device, held):
    content = described()
    content["fit"] |= fit
    content["base"]["device"] |= device
    runs = SynapseCampaign(**content).labelled_runs("native")
    assert sum(isinstance(run.role, Held) for run in runs) == held


@rows(
    ("part", "message"),
    [
        ({"fit": {"held_out": 1, "knots": 4, "landscape": "measured"}}, "leave one of them out"),
        ({"heat": {"temperatures": []}}, "heat.temperatures"),
        ({"heat": {"temperatures": ["0 K"]}}, "heat.temperatures"),
        ({"heat": {"temperatures": ["300 K", 300.0]}}, "temperatures has 300.0 twice"),
        ({"heat": {"temperatures": ["300 K"], "seeds": [1, 1]}}, "seeds has 1 twice"),
        ({"heat": {"temperatures": ["300 K"], "walls": 3}}, "heat.walls"),
    ],
)
def test_what_contradicts_itself_is_refused(part, message):
    with pytest.raises(ValueError, match=message):
        SynapseCampaign(**described() | part)


@pytest.mark.parametrize("name", ["dw-notched", "dw-notched-transfer"])
def test_the_shipped_ones_are_found_by_their_names(name):
    campaign = load_campaign(name)
    assert campaign.name == name
    campaign.check()


@pytest.mark.slow
def test_the_whole_way(tmp_path):
    campaign = SynapseCampaign(**described())
    summary = run_campaign(campaign, tmp_path / "store")
    results = summary.results
    assert [each.position for each in results.places] == pytest.approx([52e-9, 108e-9], abs=2e-9)
    # The strongest swept current moves the wall from notch to notch and the weakest does not.
    assert 0.3e12 < abs(results.places[0].right.drive) < 1.3e12
    assert results.places[0].right.barrier > 5 * 4.14e-21
    assert results.place_pulse == 0.2e-9
    folder = tmp_path / "store/campaigns/small/native"
    assert json.loads((folder / "summary.json").read_text())["places"][0]["right"]["field"] > 1e4
    report = (folder / "report.html").read_text()
    assert "What holds the wall" in report
    if results.verdict != "failed":
        sources = [(row.source, row.temperature, row.walls) for row in results.steps]
        assert sources == [("model", 0.0, 1)] * 2 + [("model", 300.0, 100)] * 2 + [("micromagnetics", 300.0, 1)] * 2
        assert "The steps with heat" in report
        assert load_model(folder / "steps.json").provenance.width == 0.2e-9
        printed = pd.read_csv(folder / "steps.csv")
        assert len(printed) == len(results.step_table)
        assert results.level_count.heat > 0
        assert results.level_count.ci95[0] <= results.levels <= results.level_count.ci95[1]
    else:
        assert "steps" in results.withheld
        # The runs' own steps need no model.
        sources = [(row.source, row.temperature) for row in results.steps]
        assert sources == [("micromagnetics", 300.0)] * 2
        assert "published, spin-orbit torque" in report
    table = campaign_table(campaign, tmp_path / "store", "native")
    over_hills = ["wall over the hills, straight", "wall over the hills, from its bottom edge"]
    assert list(table["role"])[3:] == [*(str(run.role) for run in campaign.labelled_runs("native")[3:]), *over_hills]
    assert open_campaign(campaign, tmp_path / "store", "native").sizes["amplitude"] == 3
    assert np.isfinite(results.wall_position_error)
