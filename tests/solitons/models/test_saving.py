import importlib
import json

import equinox as eqx
import jax
import numpy as np
import pytest
from announced import announce
from hypothesis import given
from hypothesis import strategies as st
from rows import rows

from solitons import FittedRange, Provenance, load_model, save_model
from solitons.devices import Junction
from solitons.domain_walls import EndConfinement, PinningSum, WallDynamics
from solitons.domain_walls.pinning import SplinePinning, UniformPush
from solitons.models.saving import is_saved_model

PROVENANCE = Provenance(
    trained_on=("a", "b"),
    held_out=("c",),
    held_out_error=1.23456789e-9,
    held_out_rms_at_rest=2e-9,
    fitted_range=FittedRange(amplitude=(1e11, 1e12), width=(1e-10, 1e-9), position=(0.0, 1e-7)),
)


def same(first, second):
    assert jax.tree.structure(first) == jax.tree.structure(second)
    for one, other in zip(jax.tree.leaves(first), jax.tree.leaves(second), strict=True):
        np.testing.assert_array_equal(one, other)
        assert np.asarray(one).dtype == np.asarray(other).dtype


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=5), st.floats(1e-9, 1e-7))
def test_every_number_comes_back_exactly(tmp_path_factory, coefficients, width):
    pinning = PinningSum(
        (
            UniformPush(coefficients[0]),
            SplinePinning(start=0.0, stop=1e-7, coefficients=coefficients),
            EndConfinement(left=1e-8, right=9e-8, reach=5e-9, strength=1e4),
        )
    )
    wall = WallDynamics(
        alpha=0.1, width=width, hard_axis_field=1 / 3, polarity=-1, pinning=pinning, provenance=PROVENANCE
    )
    back = load_model(save_model(wall, tmp_path_factory.mktemp("models") / "wall.json"))
    same(wall, back)
    assert back.provenance == PROVENANCE


def test_devices_come_back(synapse, linear, neuron, tmp_path):
    for device in (synapse, linear, neuron):
        back = load_model(save_model(device, tmp_path / "device.json"))
        assert type(back) is type(device)
        same(device, back)


def test_a_class_from_elsewhere_is_not_saved(tmp_path):
    class Stranger(eqx.Module):
        value: float = 1.0

    with pytest.raises(TypeError, match="Stranger is announced by no package"):
        save_model(Stranger(), tmp_path / "stranger.json")
    assert list(tmp_path.iterdir()) == []


def test_a_package_adds_a_class_of_models(tmp_path, monkeypatch):
    (tmp_path / "my_models.py").write_text(
        "import equinox as eqx\nfrom typing import Any\n\nclass Memristor(eqx.Module):\n    resistance: Any\n"
    )
    points = {"Memristor": "my_models:Memristor", "Other": "my_models:Memristor"}
    announce(tmp_path, "my_models", {"solitons.models": points})
    monkeypatch.syspath_prepend(tmp_path)
    memristor = importlib.import_module("my_models").Memristor(resistance=[1e3, 2e3])
    path = save_model(memristor, tmp_path / "memristor.json")
    assert load_model(path).resistance == [1e3, 2e3]
    path.write_text(path.read_text().replace('"Memristor"', '"Other"'))
    with pytest.raises(ValueError, match=r"'Other': my_models:Memristor is no equinox\.Module of that name"):
        load_model(path)


def test_a_large_lattice_is_read_back(tmp_path):
    """A model may have more than the 20 MB that a description may have."""
    junction = Junction(left=50e-9, right=350e-9, parallel=5e-4, antiparallel=2e-4)
    path = save_model(junction, tmp_path / "large.json")
    path.write_text(path.read_text().rstrip() + " " * 21_000_000)
    assert load_model(path) == junction


@rows(
    ("damage", "message"),
    [
        (lambda content: content["model"].update({"class": "os.system"}), "'os.system' is not one of"),
        (lambda content: content["model"].pop("alpha"), r"missing \['alpha'\]"),
        (lambda content: content["model"].update({"mass": 1.0}), r"unknown \['mass'\]"),
        (lambda content: content.update({"format": "another 2"}), "'another 2'"),
        (lambda content: content["model"].update({"alpha": -0.1}), "must be positive"),
    ],
)
def test_a_damaged_file_is_named_with_the_part(wall, tmp_path, damage, message):
    path = save_model(wall, tmp_path / "wall.json")
    content = json.loads(path.read_text())
    damage(content)
    path.write_text(json.dumps(content))
    with pytest.raises(ValueError, match=rf"wall\.json.*{message}"):
        load_model(path)


def test_a_file_that_is_no_json_is_named(tmp_path):
    (tmp_path / "wall.json").write_bytes(b"\x80\x04pickled")
    with pytest.raises(ValueError, match=r"wall\.json"):
        load_model(tmp_path / "wall.json")


def test_only_saved_models_are_taken_for_such(tmp_path):
    model = save_model(WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1), tmp_path / "wall.json")
    assert is_saved_model(model)
    for text in ('{"my": "notes"}', "[1, 2]", "no JSON", "[" * 100_000):
        (tmp_path / "other.json").write_text(text)
        assert not is_saved_model(tmp_path / "other.json")
    assert not is_saved_model(tmp_path / "missing.json")


def test_files_from_before_spreads_still_open(synapse, linear, neuron, tmp_path):
    for device, later in ((synapse, "spreads"), (linear, "spreads"), (neuron, "temperature"), (neuron, "refractory")):
        path = save_model(device, tmp_path / "device.json")
        content = json.loads(path.read_text())
        del content["model"][later]
        path.write_text(json.dumps(content))
        same(device, load_model(path))
