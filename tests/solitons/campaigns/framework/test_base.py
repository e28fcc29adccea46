import numpy as np
import pytest
import yaml
from pydantic import ValidationError
from rows import rows

from runs import FieldSteps, Loop, RunSpec, execute
from solitons.campaigns.domain_walls.dw_synapse.campaign import SynapseCampaign
from solitons.campaigns.framework.axes import Axis, replaced
from solitons.campaigns.framework.base import AbstractCampaign, SweptPoint
from solitons.campaigns.framework.kinds import load_campaign, shipped_campaigns
from solitons.campaigns.framework.opening import campaign_table, open_campaign

SHIPPED = sorted(campaign.name for campaign in shipped_campaigns())


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
                "values": ["0.5e12 A/m^2", 1e12, 2e12],
            },
            {
                "name": "width",
                "unit": "s",
                "fields": ["protocol.steps.1.width"],
                "values": ["0.1 ns", "0.2 ns"],
            },
        ],
        "extract": {"resistance_area": "10 ohm*um^2", "tmr": 1.5},
        "fit": {"held_out": 2},
    }


def at_points(campaign):
    return {run.role.values: run.spec for run in campaign.labelled_runs("mock")}


def test_runs_are_the_outer_product_of_the_axes(fields):
    specs = at_points(SynapseCampaign(**fields))
    assert len(specs) == 6
    assert len({spec.run_id for spec in specs.values()}) == 6
    assert specs[0.5e12, 0.2e-9].protocol.steps[1].amplitude == 0.5e12
    assert specs[0.5e12, 0.2e-9].protocol.steps[1].width == 0.2e-9
    assert specs[2e12, 0.1e-9].engine == "mock"


def test_yaml_and_python_say_the_same(fields, tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(fields))
    assert load_campaign(path) == SynapseCampaign(**fields)
    assert SynapseCampaign.model_validate_json(SynapseCampaign(**fields).model_dump_json()) == SynapseCampaign(**fields)


def test_a_campaign_opens_with_a_dimension_for_each_axis(fields, tmp_path):
    campaign = SynapseCampaign(**fields)
    assert all(report.outcome == "computed" for report in execute(campaign.specs("mock"), tmp_path))
    runs = open_campaign(campaign, tmp_path, "mock")
    assert dict(runs.sizes) == {
        "amplitude": 3, "width": 2, "t": 7, "x": 40, "y": 4, "z": 1, "vdims": 3,
    }  # fmt: skip
    assert runs["m"].chunks is not None
    assert runs["amplitude"].attrs["units"] == "A/m^2"
    one = runs.sel(amplitude=2e12, width=0.2e-9)
    assert float(one["current_density"].min()) == pytest.approx(-2e12)
    assert str(one["run_id"].values) == at_points(campaign)[2e12, 0.2e-9].run_id


def test_a_campaign_opens_while_it_is_computed(fields, tmp_path):
    campaign = SynapseCampaign(**fields)
    specs = at_points(campaign)
    with pytest.raises(KeyError, match="no run of engine mock"):
        open_campaign(campaign, tmp_path, "mock", missing="fill")
    there = [(1e12, 0.1e-9), (2e12, 0.2e-9)]
    list(execute([specs[point] for point in there], tmp_path))
    with pytest.raises(KeyError, match="is not in store"):
        open_campaign(campaign, tmp_path, "mock")
    runs = open_campaign(campaign, tmp_path, "mock", missing="fill")
    assert runs["m"].chunks is not None
    for point, spec in specs.items():
        one = runs.sel(amplitude=point[0], width=point[1])
        assert bool(one["stored"]) == (point in there)
        assert str(one["run_id"].values) == spec.run_id
        assert bool(one["m"].notnull().any()) == (point in there)
        assert bool(one["mz"].notnull().all()) == (point in there)


@rows(
    ("change", "message"),
    [
        ({"nmae": 1}, "did you mean 'name'"),
        ({"name": "../up"}, "name"),
        ({"name": "a;b"}, "name"),
        ({"fit": {"held_out": 6}}, "leave at least one"),
        ({"engine": "mumax"}, "engine"),
        ({"extract": {"resistance_area": "10 ohm", "tmr": 1.5}}, "dimension"),
        ({"extract": {"resistance_area": 1e-11, "tmr": 1.5, "polariser": [0, 0, 0]}}, "polariser"),
    ],
)
def test_bad_fields_are_named(fields, change, message):
    with pytest.raises(ValidationError, match=message):
        SynapseCampaign(**(fields | change))


def axis(**changes):
    base = {"name": "width", "unit": "s", "fields": ["protocol.steps.1.width"], "values": [1e-10]}
    return base | changes


@rows(
    ("sweep", "message"),
    [
        (axis(fields=["protocol.stepz.1.width"]), "has no 'stepz'"),
        (axis(fields=["protocol.steps.9.width"]), "not an index below 2"),
        (axis(fields=["protocol.steps.1.widht"]), "did you mean 'width'"),
        (axis(values=["0.5 ns"]), r"width = 5e-10.*longer than period"),
        (axis(values=["0.2 nm"]), "dimension"),
        (axis(values=[1e-10, 1e-10]), "values has 1e-10 twice"),
        (axis(name="t"), "a name that every run has already"),
        (axis(name="__class__"), "name"),
        (axis(name="energy"), "a name that every run has already"),
        (axis(fields=["engine"]), "none of a run that can be swept"),
        (axis(fields=["protocol.steps.1.width"] * 2), "fields has 'protocol.steps.1.width' twice"),
    ],
)
def test_a_bad_axis_is_named_with_its_value(fields, sweep, message):
    # Beside an axis that is right, so that there are runs to hold out.
    swept = [sweep, fields["sweep"][0]]
    with pytest.raises(ValidationError, match=message):
        SynapseCampaign(**(fields | {"sweep": swept, "fit": {"held_out": 1}}))


def test_an_axis_has_a_unit_as_it_is_usually_written_and_may_have_capitals(fields):
    swept = {"name": "Ku", "unit": "J/m3", "fields": ["material.Ku"], "values": ["0.6 MJ/m3", "7e6 erg/cm3"]}
    campaign = SynapseCampaign(**(fields | {"sweep": [*fields["sweep"], swept]}))
    assert [at for at, _ in campaign.variants()] == [{"Ku": 6e5}, {"Ku": 7e5}]
    assert campaign.sweep[2].unit == "J/m^3"
    with pytest.raises(ValidationError, match="it is no unit"):
        Axis(**axis(unit="9**9**9**9"))


def test_swept_values_have_their_names_where_units_do_not_tell_them():
    lengths = [
        Axis(name=name, unit="m", fields=[f"device.{name}"], values=["20 nm"]) for name in ("width", "notch_depth")
    ]
    axes = (*lengths, Axis(name="seed", fields=["protocol.seed"], values=[3]), Axis(**axis(name="pulse_width")))
    point = SweptPoint(axes, (2e-8, 4e-9, 3, 1e-10))
    assert str(point) == "width = 20 nm, notch depth = 4 nm, seed = 3, 100 ps"


def test_a_default_that_is_swept_must_be_written_out():
    sweep = [Axis(name="seed", fields=["device.disorder.seed"], values=[1, 2])]
    with pytest.raises(ValueError, match=r"axis 'seed': .*has no 'disorder'; it has kind. Write out in the base"):
        replaced({"device": {"kind": "spin_ice"}}, sweep, (1.0,))


def test_a_campaign_file_cannot_run_code(tmp_path):
    target = tmp_path / "owned"
    path = tmp_path / "evil.yaml"
    path.write_text(f"name: !!python/object/apply:os.system ['touch {target}']\n")
    with pytest.raises(ValueError, match="data only"):
        load_campaign(path)
    assert not target.exists()


def test_an_axis_with_units_in_its_values_alone_is_told_to_have_one_itself():
    with pytest.raises(ValidationError, match=r"values of axis 'width': '0\.5 ns' .*; give the axis the SI unit"):
        Axis(name="width", fields=("protocol.steps.1.width",), values=("0.5 ns",))


def test_an_axis_takes_quantities():
    assert Axis(name="width", unit="s", fields=("protocol.steps.1.width",), values=("0.5 ns", 1e-9)).values == (
        5e-10,
        1e-9,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_campaigns_are_valid_and_bear_the_name_of_their_folder(name):
    campaign = load_campaign(name)
    assert campaign.name == name
    # A kind that says no runs has none: all of it is in reduced models. So may be all from which its runs follow.
    has_runs = type(campaign).labelled_runs is not AbstractCampaign.labelled_runs
    assert bool(campaign.specs("native")) == (has_runs and name != "design-adder")
    assert has_runs or not campaign.unsettled


def test_a_campaign_file_says_a_kind_that_there_is(tmp_path):
    path = tmp_path / "other.yaml"
    path.write_text("name: other\nkind: soup\n")
    with pytest.raises(
        ValueError, match=r"other\.yaml: 'soup' is no kind of campaign; there are associative_memory, crossbar_limits"
    ):
        load_campaign(path)


def test_the_angle_of_a_loop_is_swept_in_a_campaign(ice, soft, tmp_path):
    loop = FieldSteps(steps=[Loop(amplitude="120 mT/mu0", field_steps=2)])
    campaign = SynapseCampaign(
        name="angles",
        base=RunSpec(device=ice(), material=soft, protocol=loop),
        sweep=[Axis(name="angle", fields=["protocol.steps.0.angle"], values=[0.2, 0.7], unit="rad")],
        extract={"resistance_area": 1e-11, "tmr": 1.0},
        fit={"held_out": 1},
    )
    assert [report.outcome for report in execute(campaign.specs("mock"), tmp_path)] == ["computed", "computed"]
    runs = open_campaign(campaign, tmp_path, "mock")
    assert runs["m"].dims == ("angle", "step", "x", "y", "z", "vdims")
    first = runs["applied_field"].sel(step=1)
    np.testing.assert_allclose(np.arctan2(first[:, 1], first[:, 0]), [0.2, 0.7])


@pytest.fixture
def swept_stripes(fields):
    """A sweep of two pulse amplitudes over two lengths of the stripe, so that meshes differ, and two anisotropies."""
    amplitude = fields["sweep"][0] | {"values": [1e12, 2e12]}
    length = {"name": "length", "unit": "m", "fields": ["device.length"], "values": ["160 nm", "200 nm"]}
    anisotropy = {"name": "Ku", "unit": "J/m^3", "fields": ["material.Ku"], "values": [5e5, 5.5e5]}
    anisotropy |= {"name": "anisotropy"}
    return fields | {"sweep": [length, anisotropy, amplitude], "fit": {"held_out": 1}}


def test_axes_over_device_and_material_make_variants(swept_stripes):
    campaign = SynapseCampaign(**swept_stripes)
    variants = campaign.variants()
    assert [at for at, _ in variants] == [
        {"length": length, "anisotropy": anisotropy} for length in (1.6e-7, 2e-7) for anisotropy in (5e5, 5.5e5)
    ]
    for at, variant in variants:
        specs = variant.specs("mock")
        assert [spec.protocol.steps[1].amplitude for spec in specs] == [1e12, 2e12]
        assert {spec.device.length for spec in specs} == {at["length"]}
        assert {spec.material.Ku for spec in specs} == {at["anisotropy"]}
    assert len({spec.run_id for spec in campaign.specs("mock")}) == 8


def test_a_swept_field_of_a_material_from_the_library_is_found(fields):
    # Its walls are narrower than those of the fixture's film.
    device = fields["base"]["device"] | {"cell": [2e-9, 2e-9, 1e-9]}
    base = fields["base"] | {"material": "Pt/Co", "device": device}
    anisotropy = {"name": "ku", "unit": "J/m^3", "fields": ["material.Ku"], "values": ["1.2 MJ/m^3", "1.3 MJ/m^3"]}
    sweep = [fields["sweep"][0], anisotropy]
    campaign = SynapseCampaign(**fields | {"base": base, "sweep": sweep, "fit": {"held_out": 1}})
    assert [variant.specs("mock")[0].material.Ku for _, variant in campaign.variants()] == [1.2e6, 1.3e6]


def test_a_variant_that_cannot_be_made_is_named_with_its_value(swept_stripes):
    swept_stripes["sweep"][0] |= {"values": ["160 nm", "161 nm"]}
    with pytest.raises(ValidationError, match=r"length = 161 nm.*cell"):
        SynapseCampaign(**swept_stripes)


def test_runs_of_unlike_meshes_are_a_table(swept_stripes, tmp_path):
    campaign = SynapseCampaign(**swept_stripes)
    first = campaign.specs("mock")[0]
    list(execute([first], tmp_path))
    table = campaign_table(campaign, tmp_path, "mock")
    assert table.index.name == "run_id"
    assert list(table.columns) == ["length", "anisotropy", "amplitude", "role", "nx", "ny", "nz", "stored"]
    assert table.index[table["stored"]].tolist() == [first.run_id]
    assert table["nx"].tolist() == [40] * 4 + [50] * 4
    with pytest.raises(ValueError, match=r"different cells, \(40, 4, 1\) and \(50, 4, 1\).*campaign_table"):
        open_campaign(campaign, tmp_path, "mock", missing="fill")


def test_runs_of_like_meshes_are_one_dataset_over_materials_too(swept_stripes, tmp_path):
    campaign = SynapseCampaign(**swept_stripes | {"sweep": swept_stripes["sweep"][1:]})
    list(execute(campaign.specs("mock"), tmp_path))
    runs = open_campaign(campaign, tmp_path, "mock")
    assert runs["m"].dims == ("anisotropy", "amplitude", "t", "x", "y", "z", "vdims")
    assert bool(runs["stored"].all())
