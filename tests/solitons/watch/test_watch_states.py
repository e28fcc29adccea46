"""How runs stand, after kill -9 too, and what a look costs."""

import itertools
import json

import pytest

from runs.store import Store, run_states
from solitons.watch.states import STATES, StoreWatch


def watch_of(store):
    """A watch whose every look is new."""
    return StoreWatch(store, clock=itertools.count(step=10).__next__)


def test_every_run_stands_as_it_does(watched):
    found = watch_of(watched.store).look().selected("", "", "", 0, 100)
    states = {row["id"]: row["state"] for row in found["runs"]}
    expected = ["stored", "stored", "computing", "stale", "failed", "missing"]
    assert [states[run_id] for run_id in watched.ids] == expected
    assert [row["state"] for row in found["runs"]] == sorted(expected, key=STATES.index)
    assert found["counts"] == {"computing": 1, "stale": 1, "failed": 1, "corrupt": 0, "missing": 1, "stored": 2}
    (campaign,) = found["campaigns"]
    assert (campaign["total"], campaign["counts"]["stored"]) == (6, 2)
    assert (campaign["report"], campaign["verdict"]) == (False, None)


def test_an_error_is_as_long_as_one_reads(watched):
    watched.store.record_failure(watched.ids[4], "EngineFailedError", "it tore " * 10**6)
    look = watch_of(watched.store).look()
    (row,) = (row for row in look.rows if row["id"] == watched.ids[4])
    assert len(row["error"]) == 2000


def test_a_run_whose_worker_is_killed_is_stale_at_the_next_look(watched):
    watch = watch_of(watched.store)
    assert watch.look().states.runs[watched.ids[2]].state == "computing"
    watched.process.kill()
    watched.process.wait()
    run = watch.look().states.runs[watched.ids[2]]
    assert (run.state, run.directory) == ("stale", watched.directory)


def test_one_that_is_begun_again_is_computing(watched, worker):
    watch = watch_of(watched.store)
    assert watch.look().states.runs[watched.ids[3]].state == "stale"
    worker(watched.store, watched.ids[3])
    worker(watched.store, watched.ids[4])
    runs = watch.look().states.runs
    assert [runs[run_id].state for run_id in watched.ids[3:5]] == ["computing", "computing"]
    assert runs[watched.ids[4]].failure is None


def test_progress_is_that_of_the_work_directory(watched):
    told = {"fraction": 0.25, "seconds_left": 90.0, "steps_per_second": 120.0}
    (watched.directory / "progress.json").write_text(json.dumps(told))
    look = watch_of(watched.store).look()
    (campaign,) = look.campaigns
    assert (campaign["counts"]["computing"], campaign["at_work"]) == (1, 0.25)
    row = next(row for row in look.rows if row["id"] == watched.ids[2])
    assert (row["progress"], row["left"], row["steps"]) == (0.25, 90.0, 120.0)
    assert row["last"] == pytest.approx((watched.directory / "progress.json").stat().st_mtime, abs=1.0)


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        (("", "failed", ""), [4]),
        (("", "", "DRIVE-5"), [5]),
        (("", "", "film tore"), [4]),
        (("demo/mock", "missing", "demo"), [5]),
        (("another/mock", "", ""), []),
        (("", "", "no such words"), []),
    ],
)
def test_runs_are_filtered(watched, asked, numbers):
    found = watch_of(watched.store).look().selected(*asked, 0, 100)
    assert [row["id"] for row in found["runs"]] == [watched.ids[number] for number in numbers]
    assert found["fitting"] == len(numbers)


def test_rows_come_page_by_page(watched):
    look = watch_of(watched.store).look()
    pages = [look.selected("", "", "", first, 4)["runs"] for first in (0, 4, 8)]
    assert [len(page) for page in pages] == [4, 2, 0]
    assert sorted(row["id"] for page in pages for row in page) == sorted(watched.ids)


def test_a_damaged_entry_is_named_and_the_others_go_on(watched):
    record = watched.store.entry(watched.ids[0]) / "provenance.json"
    record.write_text(record.read_text().replace("mock", "mick"))
    watch = watch_of(watched.store)
    watch.look()  # a look reads as many entries as there is time for; the clock here gives it time for one
    rows = {row["id"]: row for row in watch.look().rows}
    assert rows[watched.ids[0]]["state"] == "corrupt"
    assert "provenance.json" in rows[watched.ids[0]]["error"]
    assert rows[watched.ids[1]]["state"] == "stored"
    assert rows[watched.ids[1]]["took"] >= 0


def test_one_that_is_put_in_its_place_is_looked_at_anew(watched):
    watch = watch_of(watched.store)
    written = watch.look().states.runs[watched.ids[0]].last_word
    watch.mark(watched.ids[0], written, "it is not what was written")
    assert next(row for row in watch.look().rows if row["id"] == watched.ids[0])["state"] == "corrupt"
    watched.store.set_aside(watched.ids[0], "for the test")
    assert watch.look().states.runs[watched.ids[0]].state == "missing"


def test_a_campaign_that_is_a_link_out_of_the_store_is_not_read(watched, tmp_path):
    outside = tmp_path / "outside" / "mock"
    outside.mkdir(parents=True)
    (outside / "runs.json").write_text(json.dumps({"run_ids": ["f" * 16], "labels": {"f" * 16: "secret"}}))
    (watched.store.root / "campaigns" / "linked").symlink_to(outside.parent)
    states = run_states(watched.store)
    assert "f" * 16 not in states.runs
    assert any("leads out of the store" in problem for problem in states.problems)


def test_a_failure_that_is_a_link_is_not_read(watched, tmp_path):
    secret = tmp_path / "secret.json"
    secret.write_text(
        (watched.store.root / ".failures" / f"{watched.ids[4]}.json").read_text().replace("tore", "secret")
    )
    (watched.store.root / ".failures" / f"{watched.ids[5]}.json").symlink_to(secret)
    row = next(row for row in watch_of(watched.store).look().rows if row["id"] == watched.ids[5])
    assert "secret" not in row["error"].replace(str(secret), "")


def test_a_look_answers_everybody_for_a_second(watched):
    clock = iter([0.0, 0.1, 0.2, 0.3, 0.9, 1.5, 1.6, 1.7, 1.8])
    watch = StoreWatch(watched.store, clock=lambda: next(clock))
    first = watch.look()
    assert watch.look() is first


def test_an_empty_folder_has_no_runs(tmp_path):
    assert watch_of(Store(tmp_path)).look().rows == ()
