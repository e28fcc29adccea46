import json
import os

import numpy as np
import pytest
import xarray as xr

from runs import CorruptEntryError, Store, StoreFullError, StoreNotWritableError, execute, open_run, run_one
from runs.engines import mock


@pytest.fixture
def stored(make_spec, tmp_path):
    spec, store = make_spec(), Store(tmp_path / "store")
    run_one(spec, store)
    return spec, store


def test_a_run_comes_back_as_it_went_in_lazily(stored):
    spec, store = stored
    run = open_run(spec.run_id, store.root)
    assert run["m"].chunks is not None
    computed = mock.simulate(spec, store.root, lambda _: None)
    xr.testing.assert_allclose(run.load(), computed)
    assert run["m"].dims == ("t", "x", "y", "z", "vdims")
    assert run.attrs["run_id"] == spec.run_id
    assert {name: run[name].attrs["units"] for name in ("t", "x", "energy", "current_density", "applied_field")} == {
        "t": "s",
        "x": "m",
        "energy": "J",
        "current_density": "A/m^2",
        "applied_field": "A/m",
    }


def test_an_entry_has_spec_and_provenance_and_names_no_host(stored):
    spec, store = stored
    entry = store.entry(spec.run_id)
    assert type(spec).model_validate_json((entry / "spec.json").read_text()) == spec
    record = json.loads((entry / "provenance.json").read_text())
    assert record["engine"] == "mock"
    assert record["wall_time"] > 0
    assert record["simulated_time"] == pytest.approx(spec.protocol.duration)
    assert os.uname().nodename not in (entry / "provenance.json").read_text()
    assert not [path for path in store.root.iterdir() if path.name.startswith(".")], "scratch was left behind"


def test_an_existing_run_is_never_written_again(stored):
    spec, store = stored
    before = (store.entry(spec.run_id) / "provenance.json").stat().st_mtime_ns
    store.write(spec, mock.simulate(spec, store.root, lambda _: None), wall_time=99.0)
    assert (store.entry(spec.run_id) / "provenance.json").stat().st_mtime_ns == before
    assert store.provenance(spec.run_id)["wall_time"] != 99.0
    assert store.ids() == [spec.run_id]


def test_running_again_only_loads(stored, monkeypatch):
    spec, store = stored

    def fail(*_):
        raise AssertionError("the engine was called")

    monkeypatch.setattr(mock, "simulate", fail)
    (report,) = execute([spec], store.root)
    assert report.outcome == "stored"


@pytest.mark.parametrize("damage", ["truncate", "remove", "provenance"])
def test_a_damaged_entry_is_reported_set_aside_and_run_again(stored, damage):
    spec, store = stored
    entry = store.entry(spec.run_id)
    chunk = next(path for path in (entry / "run.zarr" / "m").rglob("*") if path.is_file() and path.name != "zarr.json")
    if damage == "truncate":
        chunk.write_bytes(chunk.read_bytes()[:-7])
    elif damage == "remove":
        chunk.unlink()
    else:
        (entry / "provenance.json").write_text('{"files": ')
    with pytest.raises(CorruptEntryError, match=spec.run_id):
        open_run(spec.run_id, store.root)
    (report,) = execute([spec], store.root)
    assert report.outcome == "computed"
    assert np.isfinite(open_run(spec.run_id, store.root)["mz"]).all()
    (reason,) = (store.root / "set-aside").glob("*.reason.txt")
    assert spec.run_id in reason.read_text()


def test_a_failed_write_leaves_nothing(make_spec, tmp_path, monkeypatch):
    spec, store = make_spec(), Store(tmp_path / "store")

    def full_disk(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(xr.Dataset, "to_zarr", full_disk)
    with pytest.raises(StoreFullError, match=rf"{spec.run_id}.*No space left.*MB are left"):
        store.write(spec, mock.simulate(spec, tmp_path, lambda _: None), wall_time=1.0)
    assert list(store.root.iterdir()) == []


def test_a_store_that_cannot_be_written_is_named_before_anything_runs(make_spec, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreNotWritableError, match="--store DIR"):
        list(execute([make_spec()], tmp_path / "file" / "store"))


def test_another_engine_version_is_used_and_said_or_run_again(stored, monkeypatch):
    spec, store = stored
    monkeypatch.setattr(mock, "version", lambda: "2")
    (report,) = execute([spec], store.root)
    assert report.outcome == "stored"
    assert "made by mock 1; 2 is here now" in report.note
    (report,) = execute([spec], store.root, same_version=True)
    assert report.outcome == "computed"
    assert store.provenance(spec.run_id)["engine_version"] == "2"


def test_a_run_that_is_not_there_is_named(tmp_path):
    with pytest.raises(KeyError, match="solitons list"):
        open_run("0123", tmp_path)


def test_a_short_id_is_enough(stored):
    spec, store = stored
    assert open_run(spec.run_id[:5], store.root).attrs["run_id"] == spec.run_id
