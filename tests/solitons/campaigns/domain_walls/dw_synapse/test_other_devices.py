"""Devices that nobody tuned: other wells, notches, films and widths, and pulses that no well lets go."""

from copy import deepcopy

import numpy as np
import pytest

from analysis import tunnel_junction
from runs import RunSpec, simulate
from solitons import load_model
from solitons.campaigns.domain_walls.dw_synapse.campaign import SynapseCampaign
from solitons.campaigns.framework.workflow import campaign_folder, run_campaign
from solitons.devices import compare_with_run
from solitons.fits.provenance import OutsideFittedRange

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
    assert level_headline(results).detail.startswith("of 3 places; each lasts over ")
    # The weakest pulse leaves the wall where it is, by the runs and by the prediction that nothing was fitted for.
    assert 0.35e12 < results.places[0].right.drive < 0.6e12
    assert not {"depinning_off", "unseen_without_power", "no_better_than_trivial"} & {
        each.code for each in results.reasons
    }
    assert results.rms_at_rest < 4e-9 < results.trivial_rms_at_rest


@pytest.mark.slow
def test_single_pulses_with_heat_are_run_counted_and_in_the_table_of_steps(store):
    content = deepcopy(WELLS) | {"name": "single-pulses", "fit": PLAIN}
    # The conductance falls from place to place.
    content["base"]["device"]["first_domain"] = -1
    content["heat"] = {"temperatures": ["150 K"], "single_pulses": 8, "walls": 50}
    results = found(content, store)
    (wrong,) = results.wrong_places
    assert wrong.pulses == 8
    assert wrong.chance is not None
    assert [(each.place, sum(each.arrived.values())) for each in results.arrivals] == [(0, 2), (1, 2), (1, 2), (2, 2)]
    seen = [row for row in results.step_table if row.source == "micromagnetics" and row.temperature == 150.0]
    assert [row.place for row in seen] == [0, 1, 2]
    assert seen[1].up > 0 > seen[1].down
    steps = load_model(campaign_folder(SynapseCampaign.model_validate(content), "native", store) / "steps.json")
    assert steps.lowest < steps.highest


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


def strips(places, width, anisotropy):
    return [
        {"name": f"well_{x}", "x": [f"{x - width // 2} nm", f"{x + width // 2} nm"], "Ku": anisotropy} for x in places
    ]


def notch(position, depth, width, edge):
    return {"position": f"{position} nm", "depth": f"{depth} nm", "width": f"{width} nm", "edge": edge}


def other(name, amplitudes, *, size, start, material=None, **device):
    """The campaign with another stripe, sizes in nm, whose ends are pinned, and another film."""
    content = deepcopy(WELLS) | {"name": name}
    del content["base"]["device"]["parts"]
    length, width, thickness = size
    content["base"]["device"] |= {
        "length": f"{length} nm",
        "width": f"{width} nm",
        "thickness": f"{thickness} nm",
        "cell": ["4 nm", "4 nm", f"{thickness} nm"],
        "walls": [{"position": f"{start} nm", "kind": "neel"}],
        "pinned_ends": {"length": "20 nm", "field": "250 mT/mu0"},
        "readout_window": {"x": ["24 nm", f"{length - 24} nm"]},
        **device,
    }
    content["base"]["material"] |= material or {}
    content["sweep"][0]["values"] = amplitudes
    return content


def ten_pulses(content, store, amplitude):
    """A train that no fit saw, 3 there, 3 back and 4 there, beside what the saved synapse predicts."""
    train = PULSES | {"amplitude": amplitude}
    steps = [train | {"count": n, "polarity": way} for n, way in ((3, "positive"), (3, "negative"), (4, "positive"))]
    protocol = content["base"]["protocol"] | {"steps": [{"do": "relax"}, *steps]}
    spec = RunSpec.model_validate(content["base"] | {"protocol": protocol, "engine": "native"})
    run = simulate(spec, store)
    junction = tunnel_junction(run, spec.device.window_mask(), tmr=1.5, resistance_area=1e-11)
    campaign = SynapseCampaign.model_validate(content)
    synapse = load_model(campaign_folder(campaign, "native", store) / "synapse.json")
    with pytest.warns(OutsideFittedRange, match=r"4 pulses go one way, and .* are known after 2 at most"):
        return compare_with_run(synapse, run, junction)


def inside(beside):
    """Whether a pulse left the wall within the interval: those with no more one way than runs of the fit had."""
    net = np.abs(np.cumsum(np.sign(beside.amplitude.values[1:])))
    within = (np.abs(beside.measured - beside.conductance[0]) <= beside.model_error[0]).values[1:]
    return within[net <= 2]


@pytest.mark.slow
def test_a_rough_taper_with_notches_here_and_there_fails_and_claims_nothing(store):
    notches = [
        notch(84, 12, 20, "top"),
        notch(132, 16, 24, "bottom"),
        notch(168, 12, 20, "top"),
        notch(224, 16, 28, "top"),
        notch(264, 12, 20, "bottom"),
    ]
    content = other(
        "taper",
        ["0.38e12", "0.45e12", "0.55e12", "0.65e12"],
        size=(360, 80, 1),
        start=132,
        taper={"ratio": 0.85},
        edge_roughness={"rms": "1 nm", "correlation_length": "20 nm", "seed": 5},
        notches=notches,
    )
    results = found(content, store)
    # Off by more at rest than a rule of one number: rightly.
    assert results.verdict == "failed"
    assert "no_better_than_trivial" in {each.code for each in results.reasons}
    assert results.rms_at_rest > results.trivial_rms_at_rest
    # Nothing beside it looks good: not the mean over one run, which is a quarter of the error at rest.
    lines = {each.name: each for each in results.headlines()}
    assert set(lines) == {"wall position error", "conductance levels"}
    assert lines["wall position error"].detail.startswith("at rest in unseen runs; ")
    folder = campaign_folder(SynapseCampaign.model_validate(content), "native", store)
    assert "how far a prediction holds" not in (folder / "report.html").read_text()


COFEB = {"name": "cofeb", "Ms": "1.1 MA/m", "A": "15 pJ/m", "Ku": "0.9 MJ/m^3", "D": "0.25 mJ/m^2", "alpha": 0.1}


@pytest.mark.slow
def test_a_film_like_cofeb_goes_on_after_its_pulses_and_its_predictions_hold_as_far_as_runs_went(store):
    content = other(
        "cofeb",
        ["0.6e12", "0.75e12", "0.9e12", "1.05e12"],
        size=(320, 60, 1.2),
        start=116,
        parts=strips((72, 116, 160, 204, 248), 16, "0.86 MJ/m^3"),
        material=COFEB | {"spin_hall_angle": 0.15},
    )
    results = found(content, store)
    assert results.verdict == "limited"
    assert {"not_at_rest", "little_better_than_trivial"} <= {each.code for each in results.reasons}
    assert results.levels == 4
    beside = ten_pulses(content, store, "0.82e12")
    assert inside(beside).size == 7
    assert inside(beside).all()
    folder = campaign_folder(SynapseCampaign.model_validate(content), "native", store)
    assert "how far a prediction holds" in (folder / "report.html").read_text()


def head_to_head(name, kind, amplitudes, *, size, start, **device):
    """A Permalloy stripe, sizes in nm, whose wall a current in the film moves."""
    length, _, thickness = size
    content = other(name, amplitudes, size=size, start=start, **device)
    content["base"]["material"] = {"name": "Permalloy", "Ms": "800 kA/m", "A": "13 pJ/m", "alpha": 0.1, "P": 0.5,
                                   "beta": 0.15}  # fmt: skip
    content["base"]["device"] |= {
        "cell": ["5 nm", "5 nm", f"{thickness} nm"],
        "walls": [{"position": f"{start} nm", "kind": kind}],
        "pinned_ends": {"length": "50 nm", "field": "20 mT/mu0"},
        "readout_window": {"x": ["100 nm", f"{length - 100} nm"]},
        "terminals": [{"kind": "in_plane", "name": "current"}],
    }
    content["extract"] = content["extract"] | {"polariser": [-1, 0, 0]}
    steps = [PULSES | {"width": "1 ns", "period": "2 ns", "polarity": way} for way in ("negative", "positive")]
    content["base"]["protocol"] = {"sampling_interval": "50 ps", "steps": [{"do": "relax"}, *steps]}
    return content | {"fit": PLAIN}


@pytest.mark.slow
def test_a_transverse_wall_in_a_narrow_stripe_goes_as_the_constants_say_and_does_not_stay(store):
    content = head_to_head(
        "narrow", "transverse", ["0.4e12", "0.6e12", "0.8e12", "1e12"], size=(1200, 60, 3), start=600
    )
    results = found(content, store)
    assert results.verdict == "limited"
    codes = {each.code for each in results.reasons}
    # Nothing holds it, and the model does not say that it is another wall's or another film's.
    assert "held_by_mesh" in codes or "not_at_rest" in codes
    assert not {"wall_with_core", "far_from_material", "tilted", "unphysical_anisotropy"} & codes
    assert results.rms_at_rest < 2e-9


@pytest.mark.slow
def test_a_vortex_wall_is_named(store):
    content = head_to_head("vortex", "vortex", ["0.4e12", "0.6e12", "0.8e12", "1e12"], size=(1200, 150, 15), start=600)
    results = found(content, store)
    (reason,) = (each for each in results.reasons if each.code == "wall_with_core")
    assert reason.sentence.startswith("In 4 of 4 runs the wall is one with a vortex")
    # Its moments cancel, so that the angle that the fit sees carries nothing.
    (failed,) = (each for each in results.reasons if each.weight == "failed")
    assert failed.code == "unphysical_anisotropy"
    assert failed.sentence.endswith("such as pinning."), "nothing in a smooth stripe bends a wall"


@pytest.mark.slow
def test_a_transverse_wall_that_a_notch_does_not_let_go_fails_as_stuck(store):
    held = {"position": "500 nm", "depth": "10 nm", "width": "60 nm", "edge": "bottom"}
    amplitudes = ["0.2e12", "0.3e12", "0.4e12", "0.5e12"]
    content = head_to_head("held", "transverse", amplitudes, size=(1000, 100, 5), start=500, notches=[held])
    results = found(content | {"fit": PLAIN | {"landscape": "none"}}, store)
    assert results.verdict == "failed"
    assert ("stuck", "failed") in {(each.code, each.weight) for each in results.reasons}
    assert level_headline(results).detail == "withheld: the fit failed"
