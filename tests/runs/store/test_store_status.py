"""Counting what is stored, computing, failed and missing, without opening an entry."""

import json

import pytest
from rows import rows

from runs import Store
from runs.store import remember_campaign, run_labels, status

RUNS = [f"{number:016x}" for number in range(6)]


@pytest.fixture
def busy(store):
    """A store in which a campaign of six runs has two stored, one failed, and one that is computed by the caller."""
    for run_id in RUNS[:2]:
        store.entry(run_id).mkdir(parents=True)
    log = store.work_directory(RUNS[2])
    store.record_failure(RUNS[2], "EngineFailedError", "it broke", log_directory=log)
    remember_campaign(store, "mine", "mock", [*RUNS, RUNS[0]])
    return store


def test_a_campaign_is_counted(busy):
    directory = busy.work_directory(RUNS[3])
    told = {"simulated_time": 1e-9, "duration": 4e-9, "steps_per_second": 120.0, "seconds_left": 90.0, "updated": 0}
    (directory / "progress.json").write_text(json.dumps(told))
    with busy.claim(RUNS[3]):
        (campaign,) = status(busy).campaigns
    assert (campaign.name, campaign.engine, campaign.total) == ("mine", "mock", 6)
    assert (campaign.stored, len(campaign.computing), len(campaign.failed), campaign.missing) == (2, 1, 1, 2)
    (computing,) = campaign.computing
    assert computing.directory == directory
    assert computing.progress.fraction == pytest.approx(0.25)
    assert (computing.progress.steps_per_second, computing.progress.seconds_left) == (120.0, 90.0)
    (failed,) = campaign.failed
    assert (failed.run_id, failed.error_type, failed.message, failed.attempt) == (
        RUNS[2],
        "EngineFailedError",
        "it broke",
        1,
    )
    assert failed.log_directory.is_dir()


def test_a_run_whose_process_is_gone_is_missing(busy):
    busy.work_directory(RUNS[3])
    (busy.root / ".locks").mkdir(exist_ok=True)
    (busy.root / ".locks" / RUNS[3]).touch()
    (campaign,) = status(busy).campaigns
    assert (campaign.computing, campaign.missing) == ((), 3)


def test_a_failed_run_that_is_tried_again_is_computing(busy):
    with busy.claim(RUNS[2]):
        (campaign,) = status(busy).campaigns
    assert [run.run_id for run in campaign.computing] == [RUNS[2]]
    assert campaign.failed == ()


def test_runs_of_no_campaign_are_told_apart(busy):
    busy.record_failure("f" * 16, "ValueError", "other")
    with busy.claim("e" * 16):
        found = status(busy)
    assert [run.run_id for run in found.computing] == ["e" * 16]
    assert [failure.run_id for failure in found.failed] == ["f" * 16]
    assert found.stored == 2


def test_attempts_are_counted_until_the_run_is_stored(make_spec, store, monkeypatch):
    import mock_engine as mock

    from runs.attempt import run_one

    spec = make_spec()

    def fail(*_):
        raise RuntimeError("out of paper")

    with monkeypatch.context() as patch:
        patch.setattr(mock, "simulate", fail)
        for _ in range(3):
            with pytest.raises(RuntimeError, match="out of paper"):
                run_one(spec, store)
    failure = store.failure(spec.run_id)
    assert (failure.error_type, failure.attempt) == ("RuntimeError", 3)
    assert failure.log_directory.is_dir()
    assert run_one(spec, store) > 0
    assert store.failure(spec.run_id) is None
    assert [path.name for path in store.root.iterdir()] == [spec.run_id]


def test_a_failure_can_move_with_its_store(busy, tmp_path):
    moved = Store(busy.root.rename(tmp_path / "elsewhere"))
    assert moved.failure(RUNS[2]).log_directory.is_dir()


def test_a_failure_that_cannot_be_read_says_so(busy):
    (busy.root / ".failures" / f"{RUNS[2]}.json").write_text("{")
    (campaign,) = status(busy).campaigns
    assert "cannot be read" in campaign.failed[0].message


def test_a_campaign_that_was_not_run_is_named(busy):
    with pytest.raises(KeyError, match=r"'other' has not been run.*mine"):
        status(busy, "other")


@rows("content", ["[]", "[" * 200_000, '{"run_ids": 1}', '{"run_ids": [], "labels": 1}', "\0"])
def test_a_campaigns_record_that_cannot_be_read_is_named_and_passed_over(busy, content):
    remember_campaign(busy, "another", "mock", RUNS, {RUNS[0]: "what it is"})
    path = busy.root / "campaigns" / "mine" / "mock" / "runs.json"
    path.write_text(content)
    found = status(busy)
    assert [campaign.name for campaign in found.campaigns] == ["another"]
    (problem,) = found.problems
    assert "runs.json does not say which runs" in problem
    assert "writes it anew" in problem
    assert run_labels(busy) == {RUNS[0]: "another: what it is"}
    with pytest.raises(KeyError, match=r"'mine' has not been run.*does not say which runs"):
        status(busy, "mine")


def test_a_label_is_short_and_orders_nothing(store):
    path = remember_campaign(store, "mine", "mock", RUNS, {RUNS[0]: "\x1b[2J" + "long " * 100, RUNS[1]: "short"})
    written = json.loads(path.read_text("utf-8"))
    written["labels"] = {run_id: "\x9b31m" + label * 100 for run_id, label in written["labels"].items()}
    for content in (path.read_text("utf-8"), json.dumps(written)):
        path.write_text(content, "utf-8")
        for label in run_labels(store).values():
            assert len(label) <= len("mine: ") + 200
            assert label.isprintable()


@rows(("name", "engine"), [("../x", "mock"), ("x", "a/b"), (".x", "mock"), ("$x", "mock")])
def test_names_of_campaigns_are_checked(store, name, engine):
    with pytest.raises(ValueError, match="its name becomes part of a path"):
        remember_campaign(store, name, engine, RUNS)
    assert not store.root.exists()


def test_asking_an_empty_store_writes_nothing(store):
    found = status(store)
    assert (found.stored, found.campaigns, found.set_aside) == (0, (), 0)
    assert not store.root.exists()


def test_how_far_an_engine_has_come_is_left_where_others_see_it(store, monkeypatch):
    from runs.store import work

    directory = store.work_directory(RUNS[0])
    clock = iter([0.0, 0.5, 2.0, 2.1])
    monkeypatch.setattr(work.time, "monotonic", lambda: next(clock))
    told = []
    report = work.record_fraction(directory, told.append)
    report(0.1)
    assert work.read_progress(directory).fraction is None, "at most once a second"
    report(0.4)
    report(0.5)
    assert told == [0.1, 0.4, 0.5]
    progress = work.read_progress(directory)
    assert progress.fraction == 0.4
    assert progress.seconds_left == pytest.approx(3.0)


def test_no_entry_is_opened(busy, monkeypatch):
    # What makes it fast with ten thousand entries; benchmarks/store_status.py measures it.
    def fail(*_):
        raise AssertionError("an entry was opened")

    monkeypatch.setattr("runs.store.folder.read_record", fail)
    monkeypatch.setattr("runs.store.folder.check_sizes", fail)
    assert status(busy).stored == 2
