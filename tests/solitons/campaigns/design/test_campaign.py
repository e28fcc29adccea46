"""Designs the whole way: by evolution on the mock engine, by gradients on the native one."""

import copy

import numpy as np
import pandas as pd
import pytest
from edited_content import with_fields
from pydantic import ValidationError
from rows import rows

from runs import Store, simulate
from solitons import campaign_table, run_campaign
from solitons.campaigns.design.campaign import DesignCampaign
from solitons.campaigns.design.devices import Shown
from solitons.campaigns.framework.workflow import campaign_folder

# The mock engine's wall moves at the drift velocity: g mu_B P J / (2 e Ms), g = 2; 1 ns long.
DRIFT = 9.2740100783e-24 * 0.6 / (1.602176634e-19 * 6e5)
STRIPE = {
    "kind": "stripe",
    "length": "400 nm",
    "width": "16 nm",
    "thickness": "1 nm",
    "cell": ["2 nm", "4 nm", "1 nm"],
    "walls": [{"position": "100 nm"}],
}
DRIVEN = {
    "name": "driven",
    "kind": "design",
    "engine": "mock",
    "base": {
        "device": STRIPE,
        "material": {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "alpha": 0.1, "P": 0.6, "beta": 0.1},
    },
    "runs": {
        "drive": {
            "protocol": {
                "sampling_interval": "100 ps",
                "steps": [{"do": "constant current", "amplitude": -1e12, "duration": "1 ns"}],
            }
        }
    },
    "free": [
        {"name": "density", "unit": "A/m^2", "fields": ["protocol.steps.0.amplitude"], "between": [-4.5e12, -0.1e12]}
    ],
    "aim": {"largest": "wall_displacement", "of": "drive"},
    "limits": [{"observable": "wall_position", "of": "drive", "most": "250 nm"}],
    "verification": [{"observable": "wall_velocity", "of": "drive", "most": "160 m/s"}],
    "search": {"devices": 25, "accuracy": 0.01, "seed": 1},
}


def edited(content=DRIVEN, **changes):
    return with_fields(copy.deepcopy(content), **changes)


@pytest.fixture(scope="module")
def driven(tmp_path_factory):
    store = tmp_path_factory.mktemp("design") / "store"
    campaign = DesignCampaign.model_validate(DRIVEN)
    return campaign, run_campaign(campaign, store), store


def test_a_wall_is_driven_as_far_as_its_limit(driven):
    _, summary, _ = driven
    results = summary.results
    cell = 2e-9  # at which the mock engine's wall is
    assert 150e-9 - 1.5 * cell < results.after <= 150e-9
    assert results.free[0].found == pytest.approx(-150 / DRIFT, rel=0.02)
    assert results.before == pytest.approx(DRIFT * 1e12 * 1e-9, abs=cell / 2)
    found = results.devices[results.best - 1]
    assert found.within
    assert found.numbers["wall_position"] <= 250e-9


def test_it_is_told_that_no_gradient_reaches_the_aim(driven):
    campaign, summary, store = driven
    results = summary.results
    assert results.way == "CMA-ES"
    assert "No gradient reaches wall displacement" in results.notes[0]
    text = (campaign_folder(campaign, "mock", store) / "report.html").read_text()
    assert "No gradient reaches wall displacement" in text


def test_start_and_found_are_verified_by_two_engines(driven):
    _, summary, _ = driven
    checks = summary.results.checks
    assert [(each.device, each.engine) for each in checks] == [
        (device, engine) for device in ("start", "found") for engine in ("native", "mock")
    ]
    # Where beta is alpha, a wall drifts with the current (A. Thiaville et al., Europhys. Lett. 69, 990 (2005)).
    start, found = checks[0].value, checks[2].value
    assert [start, found] == pytest.approx([each.value for each in (checks[1], checks[3])], rel=0.03)
    assert all(each.met for each in checks)
    assert [each.new for each in checks] == [True, False, True, False]  # the mock engine's are runs of the search


def test_the_table_has_a_row_a_device(driven):
    campaign, summary, store = driven
    table = pd.read_csv(campaign_folder(campaign, "mock", store) / "devices.csv")
    results = summary.results
    assert list(table) == ["device", "density", "wall_displacement", "wall_position", "within_limits"]
    assert len(table) == len(results.devices)
    np.testing.assert_allclose(table["wall_displacement"], -table["density"] * DRIFT * 1e-9, atol=2e-9)


@pytest.mark.slow
def test_a_longer_search_begins_with_the_runs_of_a_shorter_one(tmp_path):
    short = DesignCampaign.model_validate(edited(search__devices=7))
    run_campaign(short, tmp_path)
    stored = set(Store(tmp_path).ids())
    longer = DesignCampaign.model_validate(edited(search__devices=13))
    results = run_campaign(longer, tmp_path).results
    assert stored < set(Store(tmp_path).ids())
    assert len(results.devices) == 13
    assert "after 13 devices" in " ".join(reason.sentence for reason in results.reasons)


@pytest.mark.slow
def test_where_no_device_keeps_to_the_limits_it_fails_and_shows_no_device(tmp_path):
    impossible = edited(limits=[{"observable": "wall_position", "of": "drive", "most": "50 nm"}], search__devices=10)
    campaign = DesignCampaign.model_validate(impossible)
    results = run_campaign(campaign, tmp_path).results
    assert results.verdict == "failed"
    assert "No device of 10 keeps to all limits" in results.reasons[0].sentence
    report = campaign_folder(campaign, "mock", tmp_path) / "report.html"
    assert "Each free field between its bounds" not in report.read_text()


@pytest.mark.slow
def test_numbers_of_two_runs_are_apart_and_whole_numbers_stay_whole(tmp_path):
    train = {"do": "current pulses", "amplitude": 1e12, "width": "0.2 ns", "period": "0.4 ns", "count": 1}
    train["polarity"] = "negative"
    pulses = edited(
        runs__train={"protocol": {"sampling_interval": "100 ps", "steps": [train]}},
        free=[
            {"name": "count", "fields": ["protocol.steps.0.count"], "between": [1, 4], "step": 1},
            {"name": "width", "unit": "s", "fields": ["protocol.steps.0.width"], "between": ["0.1 ns", "0.3 ns"]},
        ],
        aim={"largest": "wall_displacement", "of": "train"},
        limits=[
            {"observable": "wall_displacement", "of": "drive", "most": "200 nm"},
            {"observable": "wall_count", "of": "train", "least": 1, "most": 1},
        ],
        verification=[],
        search={"devices": 15, "enough": "30 nm"},
    )
    campaign = DesignCampaign.model_validate(pulses)
    results = run_campaign(campaign, tmp_path).results
    assert len(results.devices) < 15  # an exact count is kept to, so that it had enough
    table = pd.read_csv(campaign_folder(campaign, "mock", tmp_path) / "devices.csv")
    apart = ["wall_displacement_of_train", "wall_displacement_of_drive"]
    assert list(table) == ["device", "count", "width", *apart, "wall_count", "within_limits"]
    assert set(table["count"]) <= {1.0, 2.0, 3.0, 4.0}
    np.testing.assert_allclose(table[apart[0]], DRIFT * 1e12 * table["width"] * table["count"], atol=3e-9)
    np.testing.assert_allclose(table[apart[1]], DRIFT * 1e12 * 1e-9, atol=2e-9)
    assert any("No new run looked at the device" in reason.sentence for reason in results.reasons)


@pytest.mark.slow
def test_a_missed_check_fails_the_design(tmp_path):
    too_slow = edited(verification=[{"observable": "wall_velocity", "of": "drive", "most": "100 m/s"}])
    results = run_campaign(DesignCampaign.model_validate(too_slow), tmp_path).results
    assert results.verdict == "failed"
    assert "the device found misses: mean wall velocity at most 100 m/s" in results.reasons[0].sentence


@rows(
    "changes, named",
    [
        ({"free": []}, "free: nothing is free, so there is nothing to design"),
        ({"free__0__fields": ["protocol.steps.0.nothing"]}, "field 'protocol.steps.0.nothing' is in no run"),
        ({"free__0__between": [-0.1e12, -4.5e12]}, "must rise"),
        ({"free__0__between": ["1 nm", "2 nm"]}, "dimension|unit"),
        ({"free__0__between": [-4.5e12, -2e12]}, "is -1000000000000.0 in the base, outside -4.5e\\+12 to -2e\\+12"),
        ({"aim__largest": "wall_speed"}, "wall_speed"),
        ({"aim__largest": "flipped_fraction"}, "run 'drive' cannot have 'flipped_fraction'"),
        ({"aim__of": "push"}, "aim: there is no run 'push' for 'wall_displacement'; give one of drive"),
        ({"aim": {"of": "drive"}}, "give an observable either as 'largest' or as 'smallest'"),
        ({"limits__0__most": None}, "give 'least', 'most' or both"),
        ({"limits__0__most": "3 ns"}, "limit of 'wall_position'"),
        ({"verification__0__of": "push"}, "verification: there is no run 'push' for 'wall_velocity'"),
        (
            {"free": [{"name": "P", "fields": ["material.P", "material.beta"], "between": [0.1, 0.9]}]},
            r"'material.P' is 0.6 and 'material.beta' is 0.1, .* make them alike",
        ),
        ({"runs__drive__seeds": {"fields": ["protocol.sed"], "search": [1], "unseen": [2]}}, "no seed 'protocol.sed'"),
        ({"search__devices": 1}, "greater than or equal to 2"),
        ({"runs__drive__seeds": {"fields": ["protocol.seed"], "search": [1], "unseen": [1, 2]}}, "1 is among both"),
    ],
)
def test_bad_input_is_refused_before_anything_runs(changes, named):
    with pytest.raises(ValidationError, match=named):
        DesignCampaign.model_validate(edited(**changes))


def test_bounds_outside_the_device_are_refused_with_the_values():
    wider = edited(
        free=[{"name": "place", "unit": "m", "fields": ["device.walls.0.position"], "between": ["50 nm", "500 nm"]}]
    )
    with pytest.raises(ValidationError, match=r"place = 500 nm: .*position"):
        DesignCampaign.model_validate(wider)


def test_bounds_that_make_no_device_together_are_refused_too():
    there = edited(base__device__parts=[{"name": "soft", "x": ["100 nm", "120 nm"], "Ku": 4e5}])
    there["free"] = [
        {"name": "begin", "unit": "m", "fields": ["device.parts.0.x.0"], "between": ["60 nm", "150 nm"]},
        {"name": "end", "unit": "m", "fields": ["device.parts.0.x.1"], "between": ["120 nm", "200 nm"]},
    ]
    with pytest.raises(ValidationError, match=r"begin = 150 nm, end = 120 nm: .*parts"):
        DesignCampaign.model_validate(there)


def test_what_a_campaign_could_not_do_is_refused_before_anything_runs(tmp_path):
    endless = with_fields(INVERTER, runs__trials__settings__clock={"fall": "200 ns", "hold": "1 s"})
    endless["free"] = endless["free"][:1]
    with pytest.raises(ValueError, match="time steps of a magnet, above"):
        run_campaign(DesignCampaign.model_validate(endless), tmp_path / "store")
    assert not (tmp_path / "store").exists()


def wells(**changes):
    """Two wells of a narrow stripe, each a middle and two rims, with a wall in the first."""
    parts = []
    for number, centre in enumerate((22, 66)):
        for name, low, high, value in (
            ("left", -10, -2, 450),
            ("middle", -2, 2, 400),
            ("right", 2, 10, 450),
        ):
            x = [f"{centre + low} nm", f"{centre + high} nm"]
            parts.append({"name": f"{name}_{number}", "x": x, "Ku": f"{value} kJ/m^3"})
    stripe = {**STRIPE, "length": "88 nm", "cell": ["4 nm", "4 nm", "2 nm"], "thickness": "2 nm", "parts": parts}
    stripe["walls"] = [{"position": "22 nm", "kind": "neel"}]
    material = {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "easy_axis": [0, 0, 1], "D": 5e-4, "alpha": 0.3}
    content = {
        "name": "wells",
        "kind": "design",
        "engine": "native",
        "base": {"device": stripe, "material": material},
        "runs": {
            "way": {
                "protocol": {"kind": "energy_path", "images": 15},
                "stops": [{"walls": [{"position": "66 nm", "kind": "neel"}]}],
            }
        },
        "free": [
            {"name": name, "unit": "J/m^3", "fields": fields, "between": ["300 kJ/m^3", "500 kJ/m^3"]}
            for name, fields in (
                ("middle", ["device.parts.1.Ku", "device.parts.4.Ku"]),
                ("rims", [f"device.parts.{number}.Ku" for number in (0, 2, 3, 5)]),
            )
        ],
        "aim": {"largest": "least_hill", "of": "way"},
        "limits": [{"observable": "steepest_field", "of": "way", "most": "40 kA/m"}],
        "search": {"devices": 20, "accuracy": 0.01},
    }
    return DesignCampaign.model_validate(with_fields(content, **changes))


def shown(asked, places, store):
    """What devices show, from new runs."""
    for place in places:
        spec = asked.made("way", place)
        store.write(spec, simulate(spec), 1.0)
    return Shown(store, "native")


@pytest.mark.slow
def test_slopes_are_those_of_new_runs_of_other_devices(tmp_path):
    asked, store = wells().asked, Store(tmp_path)
    place, step = (0.5, 0.75), 0.02
    table = asked.table(place, shown(asked, [place], store))
    for number in range(2):
        ends = [tuple(np.array(place) + sign * step * (np.arange(2) == number)) for sign in (-1, 1)]
        below, above = (asked.table(end, shown(asked, [end], store))[:, 0] for end in ends)
        hill, steepest = (above - below) / (2 * step) / table[:, 1 + number]
        assert hill == pytest.approx(1, abs=0.005)
        assert steepest == pytest.approx(1, abs=0.1)


@pytest.mark.slow
def test_wells_hold_better_at_the_same_field(tmp_path):
    results = run_campaign(wells(), tmp_path).results
    assert results.way == "gradients"
    assert results.devices[results.best - 1].within
    assert len(results.devices) <= 12
    # Nothing better on a grid over both fields, from new runs.
    asked, store = wells().asked, Store(tmp_path / "grid")
    places = [(x, y) for x in (0.0, 0.25, 0.5, 0.75, 1.0) for y in (0.0, 0.25, 0.5, 0.75, 1.0)]
    seen = shown(asked, places, store)
    grid = [[seen.value(number, asked.made("way", place)) for number, _ in asked.numbers] for place in places]
    best = max(hill for hill, field in grid if field <= 40e3)
    assert results.after >= 0.99 * best


@pytest.mark.slow
def test_a_design_bears_disorder_that_the_search_has_not_seen(tmp_path):
    rough = wells(
        base__device__grains={"size": "12 nm", "anisotropy_spread": 0.05, "seed": 1},
        runs__way__seeds={"fields": ["device.grains.seed"], "search": [1, 2], "unseen": [3, 4, 5, 6]},
        limits__0__may_fail=0.5,
        search={"devices": 6},
    )
    results = run_campaign(rough, tmp_path).results
    assert results.way == "gradients"
    assert not results.devices[0].within  # with these grains the start holds the wall against more than 40 kA/m
    assert "outside the limits" in results.headlines()[0].detail
    assert results.devices[results.best - 1].within
    start, found = results.checks
    assert (found.of, found.met) == (4, True)
    assert found.failed < start.failed
    assert found.value < 40e3 < start.value


@pytest.mark.slow
def test_lengths_have_no_gradient(tmp_path):
    moved = wells(
        free=[{"name": "place", "unit": "m", "fields": ["device.walls.0.position"], "between": ["16 nm", "28 nm"]}],
        search={"devices": 4},
    )
    results = run_campaign(moved, tmp_path).results
    assert results.way == "CMA-ES"
    assert "No gradient reaches place" in results.notes[0]


@pytest.mark.slow
def test_a_field_that_no_energy_depends_on_has_no_gradient(tmp_path):
    damped = wells(free=[{"name": "alpha", "fields": ["material.alpha"], "between": [0.1, 0.5]}], search={"devices": 4})
    results = run_campaign(damped, tmp_path).results
    assert results.way == "CMA-ES"
    assert "No gradient reaches alpha" in results.notes[0]


INVERTER = {
    "name": "inverter",
    "kind": "design",
    "engine": "native",
    "runs": {
        "trials": {
            "campaign": "nml-netlist",
            "settings": {"plan": "inverter", "logic": {}, "members": 300, "micromagnetic_rows": []},
            "seeds": {"fields": ["campaign.seed"], "search": [1], "unseen": [2, 3]},
        }
    },
    "free": [
        {
            "name": "gap",
            "unit": "m",
            "fields": ["campaign.grid.gap_beside"],
            "between": ["64 nm", "160 nm"],
            "step": "16 nm",
        },
        {"name": "fall", "unit": "s", "fields": ["campaign.clock.fall"], "between": ["20 ps", "200 ps"]},
    ],
    "aim": {"smallest": "worst_error", "of": "trials"},
    "limits": [{"observable": "smallest_margin", "of": "trials", "least": 0.5}],
    "search": {"devices": 24, "enough": 0.01},
}
INVERTER["runs"]["trials"]["settings"]["clock"] = {"fall": "20 ps"}
INVERTER["runs"]["trials"]["settings"]["grid"] = {"gap_beside": "112 nm"}


@pytest.mark.slow
def test_the_aim_may_be_what_a_campaign_finds(tmp_path):
    settings = INVERTER["runs"]["trials"]["settings"]
    seen = {key: value for key, value in settings.items() if key != "micromagnetic_rows"} | {"members": 100}
    both = with_fields(
        INVERTER,
        runs__rows={"campaign": "nml-netlist", "settings": seen},
        verification=[{"observable": "rows_right", "of": "rows", "least": 1}],
    )
    campaign = DesignCampaign.model_validate(both)
    results = run_campaign(campaign, tmp_path).results
    assert results.before > 0.1
    assert results.after <= 0.01
    assert len(results.devices) < 24  # it had enough
    gaps = np.array([each.values["gap"] for each in results.devices]) / 16e-9
    np.testing.assert_allclose(gaps, gaps.round(), atol=1e-6)
    checks = [(each.device, each.engine, each.of) for each in results.checks]
    assert checks == [(device, *of) for device in ("start", "found") for of in (("model", 2), ("native", 1))]
    assert any("native alone verified it" in reason.sentence for reason in results.reasons)
    # Both rows of both devices, also as the store has them, where the search is taken again.
    assert len(campaign_table(campaign, tmp_path, "native")) == 4
    page = (campaign_folder(campaign, "native", tmp_path) / "report.html").read_text()
    assert "Kelley" in page
    assert "Brown" in page  # the references of nml-netlist
    assert "No gradient reaches error rate of the worst row, smallest margin at 0 K, gap:" in results.notes[0]


@rows(
    "changes, named",
    [
        ({"aim__smallest": "energy"}, "campaign 'nml-netlist' has no number 'energy'; it has worst_error, rows_right"),
        ({"runs__trials__campaign": "nothing"}, "nothing"),
        ({"runs__trials__campaign": "skyrmion-track"}, "run 'trials': settings of campaign 'skyrmion-track'"),
        ({"runs__trials__settings__members": -1}, "run 'trials': settings of campaign 'nml-netlist': members"),
        ({"runs__trials__protocol": {"kind": "energy_path"}}, "give each either a protocol or a campaign"),
        ({"free__0__step": "5 nm"}, "step = 5 nm of free field 'gap' must divide the way"),
        ({"free__0__step": "-4 nm"}, "step = -4 nm of free field 'gap' must be above 0"),
        ({"free__0__step": "4 ns"}, "step of free field 'gap'"),
        ({"free__0__unit": "s", "free__0__between": ["64 ns", "160 ns"], "free__0__step": None}, "grid.gap_beside"),
        ({"free__0__between": ["70 nm", "134 nm"]}, "no whole number of steps"),
        ({"free__0__fields": ["campaign.grid.gap"]}, "field 'campaign.grid.gap' is in no run"),
        ({"search__enough": "3 nm"}, "search.enough"),
    ],
)
def test_bad_settings_of_campaigns_are_refused_too(changes, named):
    with pytest.raises((ValidationError, ValueError), match=named):
        DesignCampaign.model_validate(with_fields(INVERTER, **changes))
