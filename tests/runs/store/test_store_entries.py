import hashlib
import json
import os

import mock_engine as mock
import numpy as np
import pytest
import xarray as xr

from runs import execute, open_run
from runs.store import CorruptEntryError, StoreFormatError, set_aside_corrupt, verify


def chunk_of(store, run_id):
    m = store.entry(run_id) / "run.zarr" / "m"
    return next(path for path in m.rglob("*") if path.is_file() and path.name != "zarr.json")


def test_a_run_comes_back_as_it_went_in_lazily(stored):
    spec, store = stored
    run = open_run(spec.run_id, store.root)
    assert run["m"].chunks is not None
    computed = mock.simulate(spec, store.root, lambda _: None)
    xr.testing.assert_allclose(run.load(), computed)
    assert run["m"].dims == ("t", "x", "y", "z", "vdims")
    assert run.attrs["run_id"] == spec.run_id
    # xarray aligns by equal coordinates: those of the device's own arrays are the same to the last digit.
    assert run["m"].where(spec.device.labels() > 0).sizes == run["m"].sizes
    for axis in "xyz":
        np.testing.assert_array_equal(run[axis], getattr(spec.device.mesh().cells, axis))
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


@pytest.mark.parametrize("damage", ["truncate", "remove", "provenance"])
def test_a_damaged_entry_is_reported_set_aside_and_run_again(stored, damage):
    spec, store = stored
    chunk = chunk_of(store, spec.run_id)
    if damage == "truncate":
        chunk.write_bytes(chunk.read_bytes()[:-7])
    elif damage == "remove":
        chunk.unlink()
    else:
        (store.entry(spec.run_id) / "provenance.json").write_text('{"files": ')
    with pytest.raises(CorruptEntryError, match=spec.run_id):
        open_run(spec.run_id, store.root)
    (report,) = execute([spec], store.root)
    assert report.outcome == "computed"
    assert np.isfinite(open_run(spec.run_id, store.root)["mz"]).all()
    (reason,) = (store.root / "set-aside").glob("*.reason.txt")
    assert spec.run_id in reason.read_text()


def test_whatever_numbers_and_text_an_engine_returns_come_back(make_spec, store):
    spec = make_spec()
    run = mock.simulate(spec, store.root, lambda _: None)
    run = run.assign_coords(terminal=["left", "right"], late=("t", run["t"].values > 1e-10), count=3)
    store.write(spec, run, wall_time=1.0)
    assert list(verify(store)) == []
    xr.testing.assert_identical(store.open(spec.run_id).load(), run)


def test_what_would_not_be_opened_is_not_stored(make_spec, store):
    spec = make_spec()
    run = mock.simulate(spec, store.root, lambda _: None)
    notes = np.array([None] * run.sizes["t"], dtype=object)
    notes[:] = "as long as it likes"
    with pytest.raises(ValueError, match=r"engine 'mock' returned what the store does not keep.*notes/zarr.json holds"):
        store.write(spec, run.assign(notes=("t", notes)), wall_time=1.0)
    assert list(store.root.iterdir()) == []


def test_another_engine_version_is_used_and_said_or_run_again(stored, monkeypatch):
    spec, store = stored
    monkeypatch.setattr(mock, "version", lambda: "2")
    (report,) = execute([spec], store.root)
    assert report.outcome == "stored"
    assert "made by mock 1; 2 is here now" in report.note
    (report,) = execute([spec], store.root, same_version=True)
    assert report.outcome == "computed"
    assert store.provenance(spec.run_id)["engine_version"] == "2"


def rewrite(entry, record):
    """Write a record as a store of that format would have it."""
    content = (json.dumps(record) + "\n").encode()
    (entry / "provenance.json").write_bytes(content)
    if "format" in record:
        digest = hashlib.sha256(content).hexdigest()
        (entry / "provenance.json.sha256").write_text(f"{digest}  provenance.json\n")
    else:
        (entry / "provenance.json.sha256").unlink()


def as_format_1(entry):
    record = json.loads((entry / "provenance.json").read_text())
    del record["format"]
    record["files"] = {name: file["size"] for name, file in record["files"].items()}
    rewrite(entry, record)


def test_the_record_has_size_and_sha256_of_every_file_and_is_vouched_for(stored, entry_files):
    spec, store = stored
    entry = store.entry(spec.run_id)
    record = json.loads((entry / "provenance.json").read_text())
    assert record["format"] == 2
    for path in entry_files(store, spec.run_id):
        content = path.read_bytes()
        if path.name == "provenance.json":
            digest = hashlib.sha256(content).hexdigest()
            assert (entry / "provenance.json.sha256").read_text() == f"{digest}  provenance.json\n"
        elif path.name != "provenance.json.sha256":
            file = record["files"][str(path.relative_to(entry))]
            assert file == {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_entries_of_format_1_stay_readable(stored):
    spec, store = stored
    before = open_run(spec.run_id, store.root).load()
    as_format_1(store.entry(spec.run_id))
    xr.testing.assert_identical(open_run(spec.run_id, store.root).load(), before)
    (report,) = execute([spec], store.root)
    assert report.outcome == "stored"


def test_a_newer_format_is_named_and_left_alone(stored):
    spec, store = stored
    entry = store.entry(spec.run_id)
    rewrite(entry, json.loads((entry / "provenance.json").read_text()) | {"format": 3})
    with pytest.raises(StoreFormatError, match=rf"{spec.run_id}.*format 3, but 1 and 2"):
        list(execute([spec], store.root))
    (finding,) = verify(store)
    assert (finding.problem, finding.corrupt) == ("format", False)
    assert set_aside_corrupt(store, spec.run_id) is None
    assert entry.is_dir()


def test_a_short_id_is_enough_and_a_run_that_is_not_there_is_named(stored):
    spec, store = stored
    assert open_run(spec.run_id[:5], store.root).attrs["run_id"] == spec.run_id
    with pytest.raises(KeyError, match="solitons list"):
        open_run("0" * 4, store.root)


def test_another_runs_entry_under_this_name_is_refused(stored):
    spec, store = stored
    store.entry(spec.run_id).rename(store.entry("0" * 16))
    with pytest.raises(CorruptEntryError, match=f"is of run '{spec.run_id}'"):
        store.open("0" * 16)


@pytest.mark.parametrize("name", ["../../elsewhere", "/etc/passwd"])
def test_a_record_cannot_lead_out_of_its_entry(stored, name):
    spec, store = stored
    entry = store.entry(spec.run_id)
    record = json.loads((entry / "provenance.json").read_text())
    record["files"][name] = {"size": 1, "sha256": "0" * 64}
    rewrite(entry, record)
    with pytest.raises(CorruptEntryError, match="leads out of the entry"):
        store.open(spec.run_id)


def test_a_flipped_byte_is_never_read(stored):
    spec, store = stored
    run = open_run(spec.run_id, store.root)
    chunk = chunk_of(store, spec.run_id)
    content = bytearray(chunk.read_bytes())
    content[len(content) // 2] ^= 1
    chunk.write_bytes(content)
    for opened in (run, open_run(spec.run_id, store.root)):
        with pytest.raises(CorruptEntryError, match=rf"{spec.run_id}.*SHA-256 differs.*verify --set-aside"):
            opened["m"].load()
        assert np.isfinite(opened["energy"]).all(), "the other files are what they were"


def test_a_chunk_that_vanishes_after_opening_is_not_taken_for_emptiness(stored):
    spec, store = stored
    run = open_run(spec.run_id, store.root)
    chunk_of(store, spec.run_id).unlink()
    with pytest.raises(CorruptEntryError, match=rf"{spec.run_id}.*is missing"):
        run["m"].load()


def test_a_truncated_chunk_of_format_1_is_not_read(stored):
    spec, store = stored
    as_format_1(store.entry(spec.run_id))
    run = open_run(spec.run_id, store.root)
    chunk = chunk_of(store, spec.run_id)
    chunk.write_bytes(chunk.read_bytes()[:-7])
    with pytest.raises(CorruptEntryError, match="bytes, but"):
        run["m"].load()


def test_an_opened_run_pickles_and_stays_checked(stored):
    import pickle

    spec, store = stored
    run = pickle.loads(pickle.dumps(open_run(spec.run_id, store.root)))
    assert np.isfinite(run["mz"].values).all()
    chunk_of(store, spec.run_id).unlink()
    with pytest.raises(CorruptEntryError, match="is missing"):
        run["m"].load()


def test_a_write_without_a_claim_claims_the_run(make_spec, store, monkeypatch):
    spec = make_spec()
    run = mock.simulate(spec, store.root, lambda _: None)
    honest, seen = xr.Dataset.to_zarr, []

    def look(*arguments, **options):
        seen.append(store.is_claimed(spec.run_id))
        return honest(*arguments, **options)

    monkeypatch.setattr(xr.Dataset, "to_zarr", look)
    store.write(spec, run, wall_time=1.0)
    assert seen == [True]
    assert [path.name for path in store.root.iterdir()] == [spec.run_id]
