import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from geometries import Stripe
from runs import CurrentPulses, Numerics, Protocol, Relax, RunSpec
from runs.spec import SCHEMA_VERSION, OlderSchemaError, read_spec


def golden():
    return RunSpec(
        device=Stripe(
            length="512 nm",
            width="64 nm",
            thickness="1 nm",
            cell=("4 nm", "4 nm", "1 nm"),
            walls=[{"position": "128 nm", "kind": "bloch"}],
        ),
        material={
            "name": "film",
            "Ms": "600 kA/m",
            "A": "12 pJ/m",
            "Ku": 5e5,
            "alpha": 0.1,
            "P": 0.6,
            "beta": 0.05,
        },
        protocol=Protocol(
            steps=[Relax(), CurrentPulses(amplitude="1e12 A/m^2", width="0.5 ns", period="1 ns", count=4)]
        ),
        engine="oommf",
    )


def test_the_id_is_pinned():
    # If this fails, stored runs are lost to their owners: raise SCHEMA_VERSION and say so in the changelog.
    assert golden().run_id == "1919b46a5c3885f7"


def test_the_id_does_not_depend_on_how_a_number_was_written():
    spec = golden()
    content = spec.model_dump(mode="json")
    content["device"]["length"] = "0.512 um"
    content["protocol"]["steps"][1]["count"] = 4.0
    content["protocol"]["static_field"] = [0, -0.0, "0 A/m"]
    assert RunSpec.model_validate(content).run_id == spec.run_id


def test_the_id_is_the_same_in_another_process():
    code = "import sys; from runs import RunSpec; print(RunSpec.model_validate_json(sys.stdin.read()).run_id)"
    result = subprocess.run(
        [sys.executable, "-c", code],
        input=golden().model_dump_json(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == golden().run_id


def test_defaults_are_pinned():
    # The id leaves defaults out, so a default that changes must come with a new SCHEMA_VERSION.
    defaults = golden().model_dump(mode="json")
    assert SCHEMA_VERSION == 2
    assert defaults["numerics"] == {"demagnetisation": True, "stopping_torque": 0.1, "thermal_time_step": 5e-14}
    assert {key: value for key, value in defaults["protocol"].items() if key != "steps"} == {
        "sampling_interval": 50e-12,
        "static_field": [0.0, 0.0, 0.0],
        "temperature": 0.0,
        "seed": 0,
        "moving_window": None,
    }
    assert defaults["protocol"]["steps"][1]["rise"] == 0.0


def leaves(content, path=()):
    items = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in items:
        if isinstance(value, (dict, list)):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


@pytest.mark.filterwarnings("ignore:the cell is")
def test_every_number_changes_the_id():
    spec = golden()
    base = spec.model_dump(mode="json")
    changed = 0
    for path, value in leaves(base):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            continue
        content = json.loads(json.dumps(base))
        target = content
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = value * 2 if value else 1
        try:
            other = RunSpec.model_validate(content)
        except ValidationError:
            continue
        if other != spec:
            assert other.run_id != spec.run_id, path
            changed += 1
    assert changed > 15


def test_name_and_source_of_a_material_are_not_physics():
    spec = golden()
    renamed = spec.material.model_copy(update={"name": "another", "source": "elsewhere"})
    assert spec.model_copy(update={"material": renamed}).run_id == spec.run_id


def test_the_engine_is_part_of_the_id():
    assert golden().model_copy(update={"engine": "native"}).run_id != golden().run_id


def test_the_version_of_a_device_is_part_of_the_id_unless_it_is_1(monkeypatch):
    spec, first = golden(), golden().run_id
    assert Stripe.version == 1
    assert "version" not in spec.canonical_json()
    monkeypatch.setattr(Stripe, "version", 2)
    second = spec.run_id
    assert second != first
    assert json.loads(spec.canonical_json())["device_version"] == 2
    assert read_spec(spec.model_dump_json(), second) == spec
    with pytest.raises(OlderSchemaError, match="another version of the device 'stripe' than 2, which is here: it can"):
        read_spec(spec.model_dump_json(), first)
    monkeypatch.setattr(Stripe, "version", 3)
    assert golden().run_id not in (first, second)


@given(st.floats(0.01, 10.0))
def test_json_round_trip(torque):
    spec = golden().model_copy(update={"numerics": Numerics(stopping_torque=torque)})
    assert RunSpec.model_validate_json(spec.model_dump_json()) == spec


def test_spin_orbit_torque_needs_a_heavy_metal(make_spec, stripe):
    fields = stripe.model_dump()
    with pytest.raises(ValidationError, match=r"'metal' \(heavy_metal\), but material\.spin_hall_angle is 0"):
        make_spec(device=Stripe(**fields | {"terminals": [{"kind": "heavy_metal", "name": "metal"}]}))
    own = {"kind": "heavy_metal", "name": "metal", "spin_hall_angle": 0.1}
    assert make_spec(device=Stripe(**fields | {"terminals": [own]})).device.terminal().spin_hall_angle == 0.1
    none = own | {"spin_hall_angle": 0}
    with pytest.raises(
        ValidationError, match=r"'metal' \(heavy_metal\), but its spin_hall_angle is 0, so that nothing"
    ):
        make_spec(device=Stripe(**fields | {"terminals": [none]}))


def test_a_spec_of_schema_1_says_what_it_is_and_what_it_would_be(make_spec):
    spec = make_spec(material=make_spec().material.model_copy(update={"spin_hall_angle": 0.1}))
    assert read_spec(spec.model_dump_json(), spec.run_id) == spec
    old = spec.model_dump(mode="json")
    for torques, kinds in [(["zhang-li"], ["in_plane"]), (["zhang-li", "spin-orbit"], ["in_plane", "heavy_metal"])]:
        content = old | {"protocol": old["protocol"] | {"torques": torques}}
        with pytest.raises(OlderSchemaError, match=r"run 0123 was described in schema 1.*solitons rm 0123") as found:
            read_spec(json.dumps(content), "0123")
        channels = found.value.spec.protocol.channels(found.value.spec.device)
        assert [channel.terminal.kind for channel in channels] == kinds
        assert all(channel.waveform == spec.protocol.current_density for channel in channels)
    assert OlderSchemaError("0123", spec).spec == spec


def test_the_name_of_a_parts_material_is_not_physics(make_spec, stripe, material_fields):
    def with_gate(name):
        gate = {"name": "gate", "x": (40e-9, 80e-9), "material": material_fields | {"name": name, "Ku": 4e5}}
        return make_spec(device=Stripe(**stripe.model_dump() | {"parts": [gate]}))

    assert with_gate("one").run_id == with_gate("other").run_id != make_spec().run_id


@pytest.mark.filterwarnings("default")
def test_a_coarse_cell_warns(make_spec, material_fields):
    with pytest.warns(UserWarning, match="the cell is 4 nm along"):
        make_spec(material=material_fields | {"A": 1e-12})


def test_a_current_without_spin_polarisation_is_refused(make_spec, material_fields):
    with pytest.raises(ValidationError, match=r"material\.P of 'perpendicular film' is 0"):
        make_spec(material=material_fields | {"P": 0})


def test_walls_that_overlap_in_this_material_are_refused(make_spec, stripe):
    device = Stripe(**(stripe.model_dump() | {"walls": [{"position": 60e-9}, {"position": 72e-9}]}))
    with pytest.raises(ValidationError, match="wall"):
        make_spec(device=device)
