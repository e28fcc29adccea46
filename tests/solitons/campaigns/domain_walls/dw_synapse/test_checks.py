"""Campaigns that the last stage could not answer are refused before the first."""

import pytest
from rows import rows

from solitons.campaigns.domain_walls.dw_synapse.campaign import SynapseCampaign
from solitons.campaigns.framework.workflow import run_campaign


@pytest.fixture
def fields(make_spec):
    return {
        "name": "small",
        "kind": "dw_synapse",
        "engine": "mock",
        "base": make_spec().model_dump(mode="json"),
        "sweep": [
            {
                "name": "amplitude",
                "unit": "A/m^2",
                "fields": ["protocol.steps.1.amplitude"],
                "values": [0.5e12, 1e12, 2e12],
            }
        ],
        "extract": {"resistance_area": 1e-11, "tmr": 1.5},
        "fit": {"held_out": 1},
        "digits": {"seed": 0},
    }


def changed(content, path, value):
    key, *rest = path
    if isinstance(content, list):
        return [changed(item, rest, value) if rest else value if i == key else item for i, item in enumerate(content)]
    return {**content, key: changed(content[key], rest, value) if rest else value}


@rows(
    ("path", "value", "message"),
    [
        (("base", "device", "readout_window"), None, "no junction to read"),
        (("base", "device", "walls"), [], r"0 wall\(s\)"),
        (("base", "device", "walls"), [{"position": 40e-9}, {"position": 110e-9}], r"2 wall\(s\)"),
        (("base", "device", "readout_window"), {"x": [0.0, 80e-9]}, "fire before any pulse"),
        (("extract", "polariser"), [1, 0, 0], "no part along z, so that both domains of a bloch wall"),
        (
            ("base", "protocol", "steps"),
            [{"do": "relax"}, {"do": "current pulses", "amplitude": 1e12, "width": 0.3e-9, "period": 0.3e-9}],
            "without a rest",
        ),
        (
            ("sweep",),
            [
                {
                    "name": "width",
                    "unit": "s",
                    "fields": ["protocol.steps.1.width"],
                    "values": [1e-10, 1.5e-10, 2e-10],
                }
            ],
            "all runs have one amplitude",
        ),
    ],
)
def test_it_is_named_before_anything_is_written(fields, tmp_path, path, value, message):
    campaign = SynapseCampaign(**changed(fields, path, value))
    with pytest.raises(ValueError, match=message):
        run_campaign(campaign, tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_a_window_at_a_pinned_end_is_refused(fields, tmp_path):
    pinned = changed(fields, ("base", "device", "pinned_ends"), {"length": 40e-9, "field": 1e5})
    with pytest.raises(ValueError, match="within a pinned end"):
        run_campaign(
            SynapseCampaign(**changed(pinned, ("base", "device", "readout_window"), {"x": [0.0, 40e-9]})), tmp_path
        )


def test_each_model_needs_runs_of_its_own(fields):
    # One model is fitted to the runs of one material.
    sweep = [{"name": "damping", "fields": ["material.alpha"], "values": [0.1, 0.2, 0.3]}]
    with pytest.raises(ValueError, match=r"with damping = 0\.1: fit\.held_out = 1, but the sweep has 1 run"):
        SynapseCampaign(**fields | {"sweep": sweep})


def test_a_material_in_the_plane_is_refused(fields, tmp_path):
    flat = changed(fields, ("base", "material", "Ku"), 2e5)
    # A wall whose width is left to such a material is refused with the spec already.
    given = changed(flat, ("base", "device", "walls"), [{"position": 60e-9, "width": 6e-9}])
    with pytest.raises(ValueError, match="in the plane of a film"):
        run_campaign(SynapseCampaign(**given), tmp_path / "store")
    assert not (tmp_path / "store").exists()


SOFT = {"Ku": 0.0, "D": 0.0, "alpha": 0.05}


@rows(
    ("material", "more", "message"),
    [
        ({}, {}, "magnetises out of the plane .* no base.device.walls\\[0\\].kind = 'transverse'; lower Ku"),
        (SOFT, {}, r"polariser = \(0.0, 0.0, 1.0\) has no part along x, so that both domains of a transverse wall"),
        (SOFT | {"D": 1e-4}, {"polariser": [1, 0, 0]}, "D = 0.0001 J/m2, which the model of a wall between domains"),
        (SOFT, {"polariser": [1, 0, 0], "heat": {"temperatures": [300.0]}}, "what spin waves do to a head-to-head"),
        (SOFT, {"polariser": [1, 0, 0], "temperature": 300.0}, "base.protocol.temperature is given"),
        (SOFT, {"polariser": [1, 0, 0], "parts": [{"name": "chiral", "x": [0, 40e-9], "D": 1e-4}]}, "'chiral' has D"),
        (SOFT | {"Ku": 5e4, "easy_axis": [0, 1, 0]}, {"polariser": [1, 0, 0]}, "holds domains along x by Ms n_y"),
    ],
)
def test_a_head_to_head_wall_that_the_model_does_not_know_is_refused(fields, tmp_path, material, more, message):
    heat = {"heat": more["heat"]} if "heat" in more else {}
    extract = fields["extract"] | {name: value for name, value in more.items() if name == "polariser"}
    transverse = {"domain_axis": "x", "walls": [{"position": 60e-9, "kind": "transverse"}]}
    base = fields["base"] | {"device": fields["base"]["device"] | transverse}
    base["material"] = base["material"] | material
    base["protocol"] = base["protocol"] | {name: more[name] for name in ("temperature",) if name in more}
    base["device"] = base["device"] | {name: more[name] for name in ("parts",) if name in more}
    with pytest.raises(ValueError, match=message):
        run_campaign(SynapseCampaign(**fields | {"base": base, "extract": extract} | heat), tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_units_of_an_axis_are_si(fields):
    wrong = changed(fields, ("sweep",), [{"name": "width", "unit": "ns", "fields": ["material.Ku"], "values": [0.2]}])
    with pytest.raises(ValueError, match="unit = 'ns' is 1e-09 of the SI unit"):
        SynapseCampaign(**wrong)


def test_a_key_twice_in_yaml_is_refused(tmp_path):
    from solitons.campaigns.framework.kinds import load_campaign

    (tmp_path / "twice.yaml").write_text("name: a\nname: b\n")
    with pytest.raises(ValueError, match="'name' is given twice"):
        load_campaign(tmp_path / "twice.yaml")


def test_a_spin_ice_has_no_walls_to_fit(fields, tmp_path):
    device = {
        "kind": "spin_ice",
        "lattice": {"kind": "square", "columns": 1, "rows": 1, "lattice_constant": 180e-9},
        "island": {"length": 120e-9, "width": 40e-9},
        "thickness": 1e-9,
        "cell": [4e-9, 4e-9, 1e-9],
        "terminals": [{"kind": "in_plane", "name": "current"}],
    }
    with pytest.raises(ValueError, match=r"device\.kind is 'spin_ice', but domain walls run in a stripe"):
        run_campaign(SynapseCampaign.model_validate(changed(fields, ("base", "device"), device)), tmp_path)


@rows(
    ("device", "message"),
    [
        (
            {"terminals": [{"kind": "through_plane", "name": "pillar", "polariser": [0, 0, 1], "polarisation": 0.4}]},
            "'pillar'.*drives the wall",
        ),
        ({"terminals": [{"kind": "heavy_metal", "name": "side", "direction": [0, 1, 0]}]}, "'side'.*drives the wall"),
        ({"terminals": [{"kind": "in_plane", "name": "half", "x": [0, 80e-9]}]}, "'half'.*drives the wall"),
        ({"parts": [{"name": "stiff", "x": [0, 40e-9], "Ku": 5.5e5}]}, "without a measured landscape the model is of"),
        ({"grains": {"size": "20 nm", "exchange_bias": [1e4, 0, 0], "seed": 1}}, "differs from grain to grain"),
    ],
)
def test_terminals_and_parts_that_the_wall_model_does_not_know_are_refused(fields, tmp_path, device, message):
    described = fields["base"]["device"] | device
    base = fields["base"] | {"device": described, "material": fields["base"]["material"] | {"spin_hall_angle": 0.1}}
    fit = fields["fit"] | {"landscape": "none"}
    with pytest.raises(ValueError, match=message):
        run_campaign(SynapseCampaign(**fields | {"base": base, "fit": fit}), tmp_path / "store")
    assert not (tmp_path / "store").exists()


@rows(
    ("middles", "message"),
    [
        (
            (40, 70, 100),
            "'w40' and others like it are 30 nm apart, no multiple of the cell, 4 nm.*28 nm or 32 nm apart",
        ),
        ((40, 56), "'w40' and others like it are 16 nm apart, less than the width of a wall.*put them further apart"),
    ],
)
def test_wells_that_the_mesh_or_the_wall_takes_for_others_are_warned_of(fields, middles, message):
    parts = [{"name": f"w{at}", "x": [(at - 4) * 1e-9, (at + 4) * 1e-9], "Ku": 4e5} for at in middles]
    base = fields["base"] | {"device": fields["base"]["device"] | {"parts": parts, "cell": [4e-9, 4e-9, 1e-9]}}
    with pytest.warns(UserWarning, match=message):
        SynapseCampaign(**fields | {"base": base}).check()


def test_wells_on_whole_cells_and_irregular_ones_are_not_warned_of(fields, recwarn):
    for middles in ((40, 72, 104), (40, 70, 104), (40,)):
        parts = [{"name": f"w{at}", "x": [(at - 4) * 1e-9, (at + 4) * 1e-9], "Ku": 4e5} for at in middles]
        base = fields["base"] | {"device": fields["base"]["device"] | {"parts": parts, "cell": [4e-9, 4e-9, 1e-9]}}
        SynapseCampaign(**fields | {"base": base}).check()
    assert not [each for each in recwarn if "apart" in str(each.message)]


def test_heat_that_turns_the_film_into_its_plane_is_refused_before_any_run(fields):
    soft = fields["base"]["material"] | {"Ms": 1.1e6, "A": 15e-12, "Ku": 0.79e6}
    heat = {"temperatures": [300.0]}
    with pytest.raises(ValueError, match=r"at 300 K the film .* magnetises in its plane"):
        SynapseCampaign(**fields | {"base": fields["base"] | {"material": soft}, "heat": heat}).check()
