"""Verifying finds every byte that is not what was written."""

import pytest

from runs import execute, open_run
from runs.store import set_aside_corrupt, verify, verify_entry


def flip(path, position=0.5):
    content = bytearray(path.read_bytes())
    content[int(position * (len(content) - 1))] ^= 0x01
    path.write_bytes(content)


def test_a_whole_store_has_no_findings_and_progress_is_told(stored):
    _, store = stored
    seen = []
    assert list(verify(store, progress=lambda done, total: seen.append((done, total)))) == []
    assert seen == [(1, 1)]


@pytest.mark.parametrize("position", [0.0, 0.5, 1.0])
def test_one_flipped_bit_in_any_file_is_found(stored, entry_files, position):
    spec, store = stored
    files = entry_files(store, spec.run_id)
    assert len(files) > 20
    for path in files:
        before = path.read_bytes()
        flip(path, position)
        (finding,) = verify(store)
        assert finding.corrupt, path
        assert finding.run_id == spec.run_id
        # The record and its seal vouch for each other: either may be the one that changed.
        named = path.name.removesuffix(".sha256") if path.name.startswith("provenance") else path.name
        assert named in finding.text
        path.write_bytes(before)
    assert list(verify(store)) == []


def test_truncated_missing_and_foreign_files_are_told_apart(stored, entry_files):
    spec, store = stored
    entry = store.entry(spec.run_id)
    short, missing = [path for path in entry_files(store, spec.run_id) if path.name == "zarr.json"][:2]
    short.write_bytes(short.read_bytes()[:-1])
    missing.unlink()
    (entry / "run.zarr" / "more").write_text("not mine")
    (store.root / "notes.txt").write_text("not a run")
    found = {finding.path: finding for finding in verify(store)}
    assert {path: finding.problem for path, finding in found.items()} == {
        short: "size",
        missing: "missing",
        entry / "run.zarr" / "more": "foreign",
        store.root / "notes.txt": "foreign",
    }
    assert not found[entry / "run.zarr" / "more"].corrupt


def test_an_entry_without_a_record_is_corrupt(store):
    store.entry("0" * 16).mkdir(parents=True)
    (finding,) = verify(store)
    assert (finding.problem, finding.corrupt) == ("record", True)


def test_a_corrupt_run_is_set_aside_with_the_reason_and_computed_again(stored, entry_files):
    spec, store = stored
    flip(next(path for path in entry_files(store, spec.run_id) if path.parent.name == "0"))
    (finding,) = verify_entry(store, spec.run_id)
    aside = set_aside_corrupt(store, spec.run_id)
    assert aside.parent == store.root / "set-aside"
    assert (aside / "spec.json").is_file(), "nothing is deleted"
    assert (aside.parent / f"{aside.name}.reason.txt").read_text() == finding.text + "\n"
    assert store.ids() == []
    (report,) = execute([spec], store.root)
    assert report.outcome == "computed"
    open_run(spec.run_id, store.root).load()


def test_a_run_that_is_well_or_claimed_is_not_set_aside(stored, entry_files):
    spec, store = stored
    assert set_aside_corrupt(store, spec.run_id) is None
    flip(entry_files(store, spec.run_id)[0])
    with store.claim(spec.run_id):
        assert set_aside_corrupt(store, spec.run_id) is None
    assert store.ids() == [spec.run_id]


def test_a_run_that_was_replaced_meanwhile_is_not_set_aside(stored, entry_files, monkeypatch):
    # Two processes find the same corrupt entry; the first has put a whole one there when the second acts.
    spec, store = stored
    path = entry_files(store, spec.run_id)[0]
    before = path.read_bytes()
    flip(path)
    honest = type(store).check_writable

    def other_process(self):
        path.write_bytes(before)
        honest(self)

    monkeypatch.setattr(type(store), "check_writable", other_process)
    (report,) = execute([spec], store.root)
    assert report.outcome in ("stored", "computed")
    assert store.ids() == [spec.run_id]
    assert not (store.root / "set-aside").exists()
