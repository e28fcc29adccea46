import pytest
import yaml
from pydantic import ValidationError
from solitons.campaigns.loading import load_campaign

from runs import execute
from solitons.campaigns.base import Axis, open_campaign
from solitons.campaigns.dw_synapse.campaign import Campaign

SHIPPED = ("dw-synapse", "ice-avalanche", "ice-recogniser")


@pytest.fixture
def fields(make_spec):
    return {
        "name": "small",
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


def test_runs_are_the_outer_product_of_the_axes(fields):
    specs = Campaign(**fields).specs("mock")
    assert len(specs) == 6
    assert len({spec.run_id for spec in specs.values()}) == 6
    assert specs[0.5e12, 0.2e-9].protocol.steps[1].amplitude == 0.5e12
    assert specs[0.5e12, 0.2e-9].protocol.steps[1].width == 0.2e-9
    assert specs[2e12, 0.1e-9].engine == "mock"


def test_yaml_and_python_say_the_same(fields, tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(fields))
    assert load_campaign(path) == Campaign(**fields)
    assert Campaign.model_validate_json(Campaign(**fields).model_dump_json()) == Campaign(**fields)


def test_a_campaign_opens_with_a_dimension_for_each_axis(fields, tmp_path):
    campaign = Campaign(**fields)
    assert all(report.outcome == "computed" for report in execute(campaign.specs("mock").values(), tmp_path))
    runs = open_campaign(campaign, tmp_path, "mock")
    assert dict(runs.sizes) == {
        "amplitude": 3, "width": 2, "t": 7, "x": 40, "y": 4, "z": 1, "vdims": 3,
    }  # fmt: skip
    assert runs["m"].chunks is not None
    assert runs["amplitude"].attrs["units"] == "A/m^2"
    one = runs.sel(amplitude=2e12, width=0.2e-9)
    assert float(one["current_density"].min()) == pytest.approx(-2e12)
    assert str(one["run_id"].values) == campaign.specs("mock")[2e12, 0.2e-9].run_id


def test_a_campaign_opens_while_it_is_computed(fields, tmp_path):
    campaign = Campaign(**fields)
    specs = campaign.specs("mock")
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


@pytest.mark.parametrize(
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
        Campaign(**(fields | change))


def axis(**changes):
    base = {"name": "width", "unit": "s", "fields": ["protocol.steps.1.width"], "values": [1e-10]}
    return base | changes


@pytest.mark.parametrize(
    ("sweep", "message"),
    [
        (axis(fields=["protocol.stepz.1.width"]), "has no 'stepz'"),
        (axis(fields=["protocol.steps.9.width"]), "not an index below 2"),
        (axis(fields=["protocol.steps.1.widht"]), "did you mean 'width'"),
        (axis(values=["0.5 ns"]), r"width = 5e-10.*longer than period"),
        (axis(values=["0.2 nm"]), "dimension"),
        (axis(values=[1e-10, 1e-10]), "one twice"),
        (axis(name="t"), "dimension of every run already"),
        (axis(name="__class__"), "name"),
    ],
)
def test_a_bad_axis_is_named_with_its_value(fields, sweep, message):
    with pytest.raises(ValidationError, match=message):
        Campaign(**(fields | {"sweep": [sweep], "fit": {"held_out": 1}}))


def test_a_campaign_file_cannot_run_code(tmp_path):
    target = tmp_path / "owned"
    path = tmp_path / "evil.yaml"
    path.write_text(f"name: !!python/object/apply:os.system ['touch {target}']\n")
    with pytest.raises(ValueError, match="data only"):
        load_campaign(path)
    assert not target.exists()


def test_an_axis_takes_quantities():
    assert Axis(name="width", unit="s", fields=("a",), values=("0.5 ns", 1e-9)).values == (5e-10, 1e-9)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_campaigns_are_valid_and_bear_the_name_of_their_folder(name):
    campaign = load_campaign(name)
    assert campaign.name == name
    # A recogniser is all in the reduced model.
    assert bool(campaign.specs("native")) == (campaign.kind != "ice_recogniser")


def test_a_campaign_file_says_a_kind_that_there_is(tmp_path):
    path = tmp_path / "other.yaml"
    path.write_text("name: other\nkind: soup\n")
    with pytest.raises(ValueError, match=r"other\.yaml: kind = 'soup' is no kind of campaign; there are synapse"):
        load_campaign(path)
