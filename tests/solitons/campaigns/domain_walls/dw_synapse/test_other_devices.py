"""Devices that nobody tuned: wells of another width and spacing, notches, and pulses that no well lets go."""

from copy import deepcopy

import pytest

from solitons.campaigns.domain_walls.dw_synapse.campaign import SynapseCampaign
from solitons.campaigns.framework.workflow import run_campaign

PULSES = {
    "do": "current pulses",
    "amplitude": "0.8e12 A/m^2",
    "width": "0.3 ns",
    "rise": "50 ps",
    "period": "1.2 ns",
    "count": 2,
}
WELLS = {
    "name": "wells-of-16-nm",
    "kind": "dw_synapse",
    "title": "Wells 36 nm apart",
    "base": {
        "material": {
            "name": "film",
            "Ms": "600 kA/m",
            "A": "12 pJ/m",
            "Ku": "0.5 MJ/m^3",
            "easy_axis": [0, 0, 1],
            "D": "0.5 mJ/m^2",
            "alpha": 0.3,
            "spin_hall_angle": 0.2,
        },
        "device": {
            "kind": "stripe",
            "length": "176 nm",
            "width": "40 nm",
            "thickness": "1 nm",
            "cell": ["4 nm", "4 nm", "1 nm"],
            "walls": [{"position": "52 nm", "kind": "neel"}],
            "parts": [
                {"name": f"well_{x}", "x": [f"{x - 8} nm", f"{x + 8} nm"], "Ku": "0.42 MJ/m^3"} for x in (52, 88, 124)
            ],
            "readout_window": {"x": ["32 nm", "144 nm"]},
            "terminals": [{"kind": "heavy_metal", "name": "metal"}],
        },
        "protocol": {
            "sampling_interval": "50 ps",
            "steps": [{"do": "relax"}, PULSES | {"polarity": "positive"}, PULSES | {"polarity": "negative"}],
        },
    },
    "sweep": [
        {
            "name": "amplitude",
            "label": "Current density",
            "unit": "A/m^2",
            "fields": ["protocol.steps.1.amplitude", "protocol.steps.2.amplitude"],
            "values": ["0.35e12", "0.6e12", "0.7e12", "0.8e12"],
        }
    ],
    "extract": {"resistance_area": "10 ohm*um^2", "tmr": 1.5},
    "fit": {"held_out": 1, "seed": 1},
}
# One model, which saves the comparison of twenty.
PLAIN = {"held_out": 1, "seed": 1, "knots": 0}


def found(content, store):
    return run_campaign(SynapseCampaign.model_validate(content), store, engine="native").results


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return tmp_path_factory.mktemp("store")


def level_headline(results):
    (line,) = (each for each in results.headlines() if each.name == "conductance levels")
    return line


@pytest.mark.slow
def test_wells_of_another_width_and_spacing_are_the_levels(store):
    results = found(WELLS, store)
    assert results.verdict != "failed"
    assert results.levels == 3
    assert [round(each * 1e9) for each in results.level_wells] == pytest.approx([52, 88, 124], abs=2)
    assert results.level_count is None
    assert level_headline(results).detail.startswith("of 3 places that hold the wall; each lasts ")
    # The weakest pulse leaves the wall where it is, by the runs and by the prediction that nothing was fitted for.
    assert 0.35e12 < results.places[0].right.drive < 0.6e12
    assert not {"depinning_off", "unseen_without_power", "no_better_than_trivial"} & {
        each.code for each in results.reasons
    }
    assert results.rms_at_rest < 4e-9 < results.trivial_rms_at_rest


@pytest.mark.slow
def test_so_are_those_between_notches(store):
    content = deepcopy(WELLS)
    device = content["base"]["device"]
    del device["parts"]
    device["notches"] = [{"first": "52 nm", "period": "36 nm", "count": 3, "depth": "4 nm", "width": "16 nm"}]
    content["sweep"][0]["values"] = ["0.35e12", "0.8e12", "0.9e12", "1e12"]
    results = found(content | {"name": "notches-of-4-nm", "fit": PLAIN}, store)
    assert results.verdict != "failed"
    assert results.levels == len(results.level_wells) == 3
    assert "σ" not in level_headline(results).detail


@pytest.mark.slow
def test_pulses_that_no_well_lets_go_make_no_device(store):
    content = deepcopy(WELLS)
    content["sweep"][0]["values"] = ["0.05e12", "0.1e12", "0.15e12", "0.2e12"]
    results = found(content | {"name": "too-weak", "fit": PLAIN}, store)
    assert results.verdict == "failed"
    assert {(each.code, each.weight) for each in results.reasons} >= {("stuck", "failed")}
    assert results.levels is None
    assert level_headline(results).detail == "withheld: the fit failed"
