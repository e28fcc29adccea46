"""What killed processes leave is found and removed; what lives, is stored or was set aside is not."""

import os
import time

import pytest

from runs import Store, open_run
from runs.store import (
    RunClaimedError,
    campaigns_with,
    find_leftovers,
    remember_campaign,
    remove_leftovers,
    remove_run,
    set_aside_entries,
)

GONE, ALIVE = "a" * 16, "b" * 16


def names(path):
    return sorted(entry.name for entry in path.iterdir())


def litter(store, run_id):
    """What a process that is killed in the middle of writing leaves."""
    work = store.work_directory(run_id)
    (work / "m.omf").write_bytes(b"x" * 1000)
    unfinished = store.root / f".unfinished-{run_id}-0123abcd"
    (unfinished / "run.zarr").mkdir(parents=True)
    (unfinished / "run.zarr" / "zarr.json").write_bytes(b"y" * 100)
    (store.root / ".locks").mkdir(exist_ok=True)
    (store.root / ".locks" / run_id).touch()
    return work


def clean(store, **options):
    return list(remove_leftovers(store, find_leftovers(store, **options), everything=options.get("everything", False)))


def test_an_empty_store_has_no_leftovers(tmp_path):
    assert find_leftovers(Store(tmp_path / "nothing")) == []
    assert not (tmp_path / "nothing").exists()


def test_looking_changes_nothing_and_removing_leaves_entries_only(stored):
    spec, store = stored
    litter(store, GONE)
    found = find_leftovers(store)
    assert sorted(leftover.size for leftover in found) == [0, 100, 1000]
    assert {leftover.run_id for leftover in found} == {GONE}
    assert all(leftover.path.exists() for leftover in found)
    assert {leftover.path for leftover in clean(store)} == {leftover.path for leftover in found}
    assert names(store.root) == [spec.run_id]
    open_run(spec.run_id, store.root).load()


def test_nothing_is_taken_from_a_process_that_lives(store):
    litter(store, GONE)
    litter(store, ALIVE)
    with store.claim(ALIVE) as mine:
        assert mine
        assert {leftover.run_id for leftover in find_leftovers(store)} == {GONE}
        clean(store)
        assert [name for name in names(store.root / ".work") if name.startswith(ALIVE)]
        assert (store.root / f".unfinished-{ALIVE}-0123abcd").is_dir()
        assert store.is_claimed(ALIVE)


def test_what_a_process_takes_up_after_it_was_found_stays(store):
    litter(store, ALIVE)
    found = find_leftovers(store)
    with store.claim(ALIVE):
        assert list(remove_leftovers(store, found)) == []
    assert (store.root / ".work").is_dir()


def test_a_run_that_can_be_gone_on_with_and_logs_of_a_failure_stay_until_everything_goes(store):
    resumable, failed = store.work_directory(GONE), store.work_directory(ALIVE)
    (resumable / "resume.json").write_text("{}")
    store.record_failure(ALIVE, "EngineFailedError", "no", log_directory=failed)
    assert find_leftovers(store) == []
    with store.claim(GONE):
        assert store.work_directory(GONE) == resumable, "the same run goes on where it was"
    assert store.work_directory(ALIVE) != failed, "a failure is begun anew"
    assert {leftover.what for leftover in clean(store)} == {"work directory of a process that is gone"}
    assert resumable.is_dir()
    assert failed.is_dir()
    assert len(clean(store, everything=True)) == 3
    assert list(store.root.iterdir()) == []


def test_a_new_work_directory_is_given_while_another_process_is_at_work_in_the_old(store, monkeypatch):
    resumable = store.work_directory(GONE)
    (resumable / "resume.json").write_text("{}")
    monkeypatch.setattr("runs.store.folder.is_claimed", lambda *_: True)
    assert store.work_directory(GONE) != resumable


def test_failures_and_work_of_runs_that_are_stored_go(stored):
    spec, store = stored
    work = store.work_directory(spec.run_id)
    (work / "resume.json").write_text("{}")
    store.record_failure(spec.run_id, "EngineFailedError", "earlier", log_directory=work)
    assert len(clean(store)) == 2
    assert names(store.root) == [spec.run_id]


def test_half_written_small_files_go_once_they_are_old(store):
    folder = remember_campaign(store, "mine", "mock", [GONE]).parent
    fresh, old, probe = folder / ".runs.json.1.unfinished", folder / ".runs.json.2.unfinished", store.root / ".probe-0"
    for path in (fresh, old, probe):
        path.touch()
    for path in (old, probe):
        os.utime(path, (time.time() - 120, time.time() - 120))
    assert {leftover.path for leftover in clean(store)} == {old, probe}
    assert names(folder) == [".runs.json.1.unfinished", "runs.json"]


def test_what_was_set_aside_is_shown_and_never_removed(stored):
    spec, store = stored
    aside = store.set_aside(spec.run_id, "it was bent\nin two places")
    assert clean(store, everything=True, age=0.0) == []
    assert set_aside_entries(store) == [(aside, "it was bent\nin two places")]
    assert (aside / "provenance.json").is_file()


def test_a_run_is_removed_with_all_that_belongs_to_it(stored):
    spec, store = stored
    store.record_failure(spec.run_id, "EngineFailedError", "earlier", log_directory=store.work_directory(spec.run_id))
    remember_campaign(store, "mine", "mock", [spec.run_id, GONE])
    assert campaigns_with(store, spec.run_id) == (["mine (mock)"], [])
    assert remove_run(store, spec.run_id) > 1000
    assert names(store.root) == ["campaigns"]
    with pytest.raises(KeyError, match="solitons list"):
        remove_run(store, spec.run_id)


def test_a_run_that_is_being_computed_is_not_removed(stored):
    spec, store = stored
    with store.claim(spec.run_id), pytest.raises(RunClaimedError, match=f"{spec.run_id}.*not removed"):
        remove_run(store, spec.run_id)
    assert store.ids() == [spec.run_id]


def test_an_interrupted_removal_leaves_no_entry_and_gc_ends_it(stored, monkeypatch):
    spec, store = stored

    def killed(_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("runs.store.cleaning.discard", killed)
        with pytest.raises(KeyboardInterrupt):
            remove_run(store, spec.run_id)
    assert store.ids() == []
    (leftover,) = clean(store)
    assert leftover.what == "entry that was being removed"
    assert list(store.root.iterdir()) == []


def test_strange_names_in_the_stores_folders_are_passed_over(store):
    for folder in (".locks", ".work", ".failures"):
        (store.root / folder).mkdir(parents=True)
        (store.root / folder / "..odd name;").touch()
    assert find_leftovers(store) == []
