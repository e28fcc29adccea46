"""One damaged file of a store is a matter of one run: the table and the others are shown, in JSON as it is defined."""

import itertools
import json
import os

import numpy as np
import pytest
from rows import rows

from runs.engines.native_frames import record_frames
from runs.frames_so_far import frames_so_far, spec_in
from solitons.watch.fits import fit_of
from solitons.watch.open_runs import details, open_run_of
from solitons.watch.states import StoreWatch

DEEP = "[" * 100_000
LONG = "9" * 400


@pytest.fixture
def look(watched):
    """A new look at the store: its runs by their ids, and its problems; it must be JSON, which knows no NaN."""
    watch = StoreWatch(watched.store, clock=itertools.count(step=10).__next__)

    def look():
        found = watch.look().selected("", "", "", 0, 100)
        json.dumps(found, allow_nan=False)
        assert {row["id"] for row in found["runs"]} == set(watched.ids)
        return {row["id"]: row for row in found["runs"]}, found["problems"]

    return look


def test_progress_that_is_no_number_is_not_known(watched, look):
    for content in (
        DEEP,
        f'{{"fraction": {LONG}}}',
        '{"fraction": NaN, "seconds_left": Infinity, "steps_per_second": -1e999}',
        '{"simulated_time": -1e308, "duration": 1e-308}',
    ):
        (watched.directory / "progress.json").write_text(content)
        row = look()[0][watched.ids[2]]
        found = row["state"], row["progress"], row["left"], row["steps"]
        assert found == ("computing", None, None, None), content[:80]


def test_a_failure_that_cannot_be_read_says_so(watched, look):
    for content in (DEEP, '{"error_type": "E", "message": "m", "attempt": 1e999, "log_directory": null}'):
        (watched.store.root / ".failures" / f"{watched.ids[4]}.json").write_text(content)
        row = look()[0][watched.ids[4]]
        assert row["state"] == "failed"
        assert "cannot be read" in row["error"], content[:80]


def test_a_campaign_that_cannot_be_read_is_named(watched, look):
    folder = watched.store.root / "campaigns" / "broken" / "mock"
    folder.mkdir(parents=True)
    for content in ("{", DEEP, '{"run_ids": [], "schema": 1e999}'):
        (folder / "runs.json").write_text(content)
        assert any("broken" in problem for problem in look()[1]), content[:80]


def test_a_spec_that_is_none_is_not_known(watched):
    state = StoreWatch(watched.store).look().states.runs[watched.ids[2]]
    for content in (DEEP, "[]", "5", '{"protocol": 5}', '{"protocol": {"torques": 5}}'):
        (watched.directory / "spec.json").write_text(content)
        assert spec_in(watched.directory, watched.ids[2]) is None, content[:80]
        assert details(open_run_of(state, watched.store))["frames"] == 0


@rows(
    "content",
    [
        DEEP,
        f'{{"rows": [[{LONG}, 0, 0, 1]], "values": [0], "frame": "frame-1.npy"}}',
        '{"rows": [[0, 0, 0, 1]], "values": [NaN], "frame": "frame-1.npy"}',
    ],
)
def test_a_table_of_frames_that_is_damaged_is_none(tmp_path, make_spec, content):
    spec = make_spec()
    record_frames(tmp_path, spec.protocol.frames().values)(spec.device.initial_magnetisation(spec.material), 0.0)
    assert frames_so_far(tmp_path, spec) is not None
    (tmp_path / "frames.json").write_text(content)
    assert frames_so_far(tmp_path, spec) is None


@pytest.mark.parametrize("rising", [True, False])
def test_the_frame_before_the_newest_is_kept_whatever_the_order_of_the_folder(tmp_path, make_spec, monkeypatch, rising):
    spec = make_spec()
    path = type(tmp_path)
    unsorted = path.glob

    def glob(folder, pattern):
        return sorted(unsorted(folder, pattern), key=lambda each: int(each.stem.split("-")[1]), reverse=not rising)

    monkeypatch.setattr(path, "glob", glob)
    record = record_frames(tmp_path, np.arange(12.0), every=0.0)
    for _ in range(12):
        record(spec.device.initial_magnetisation(spec.material), 0.0)
    assert sorted(os.listdir(tmp_path)) == ["frame-11.npy", "frame-12.npy", "frames.json"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_among_the_locks_keeps_nobody_waiting(watched, look):
    os.mkfifo(watched.store.root / ".locks" / watched.ids[5])
    assert look()[0][watched.ids[5]]["state"] == "missing"


def test_a_summary_that_is_damaged_in_part_is_shown_without_it(tmp_path):
    content = {"verdict": "limited", "notes": 5, "held_out": 5, "reasons": 5, "headlines": 5, "parameters": 5}
    text = json.dumps(content)[:-1] + f', "held_out_error": {LONG}, "rms_error": 1e999}}'
    (tmp_path / "summary.json").write_text(text)
    (variant,) = fit_of(tmp_path)["variants"]
    assert (variant["verdict"], variant["notes"], variant["errors"], variant["held_out"]) == ("limited", [], {}, None)
