"""Processes that are killed at random moments, and processes that race: the store is whole, every run once.

`benchmarks/store_faults.py` does it, a hundred kills here and a thousand by hand.
"""

import json
import os
import platform
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import mock_engine as mock
import numpy as np
import pytest

from runs import open_run
from runs.attempt import run_one
from runs.store import find_leftovers, remove_leftovers, verify

ROOT = Path(__file__).parents[3]


@pytest.fixture
def faults(tmp_path):
    """Start the benchmark, and return what waits for its table."""
    started = []

    def start(*arguments):
        table = tmp_path / f"faults-{len(started)}.json"
        process = subprocess.Popen(
            [sys.executable, "benchmarks/store_faults.py", "--json", str(table), *map(str, arguments)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)

        def wait():
            output, _ = process.communicate(timeout=300)
            assert process.returncode == 0, output
            return json.loads(table.read_text())

        return wait

    yield start
    for process in started:
        process.terminate()  # its disk is unmounted
        process.communicate()


@pytest.mark.slow
def test_a_hundred_kills_and_faults_of_every_kind_leave_a_whole_store(faults):
    # At once, as processes that wait for the moment of their end leave a core to others.
    kills, others = faults("--rounds", 100, "--kinds", "SIGKILL", "--seed", 1), faults("--rounds", 24, "--seed", 2)
    (found,) = kills().values()
    assert found["rounds"] == 100
    assert found["struck"] >= 50, "too few processes were at work when they were killed"
    assert found["writing"] >= 20, "too few were killed in the middle of writing"
    assert (found["wrong"], found["lost"], found["left behind"]) == (0, 0, 0)
    table = others()
    assert sum(found["struck"] for found in table.values()) >= 20
    for kind, found in table.items():
        assert found["rounds"] >= 1, kind
        assert (found["wrong"], found["lost"], found["left behind"]) == (0, 0, 0), kind


RACE = """
    import os, sys
    from pathlib import Path
    from runs import RunSpec, Store
    from runs.attempt import run_one
    import mock_engine as mock

    honest = mock.simulate
    def counted(spec, directory, progress, limits):
        with open(sys.argv[3], "a") as log:  # one short line at a time: appended whole
            log.write(spec.run_id + "\\n")
        return honest(spec, directory, progress, limits)
    mock.simulate = counted
    specs = [RunSpec.model_validate_json(line) for line in Path(sys.argv[2]).read_text().splitlines()]
    children = []
    while len(children) < 3:
        child = os.fork()
        if child == 0:
            children = []
            break
        children.append(child)
    for spec in specs:
        run_one(spec, Store(Path(sys.argv[1])))
    for child in children:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""


@pytest.mark.slow
def test_processes_that_race_compute_every_run_once(several, store, python, tmp_path):
    specs = several(12)
    (tmp_path / "specs").write_text("\n".join(spec.model_dump_json() for spec in specs))
    (tmp_path / "log").touch()
    process = python(RACE, tmp_path / "specs", tmp_path / "log")
    assert process.wait(300) == 0
    assert sorted((tmp_path / "log").read_text().split()) == sorted(spec.run_id for spec in specs)
    assert [path.name for path in sorted(store.root.iterdir())] == sorted(spec.run_id for spec in specs)
    for spec in specs:
        expected = mock.simulate(spec, tmp_path, lambda _: None)["m"].values
        np.testing.assert_array_equal(open_run(spec.run_id, store.root)["m"].values, expected)


@pytest.fixture
def first(make_spec, store, monkeypatch):
    """A run at which another thread is at work until it may go on; that attempt fails if `fails` is set."""
    honest, at_work = mock.simulate, threading.Event()
    here = SimpleNamespace(spec=make_spec(), calls=[], errors=[], go_on=threading.Event(), fails=False)

    def simulate(spec, directory, progress, limits):
        here.calls.append(directory)
        if len(here.calls) == 1:
            (directory / "progress.json").write_text('{"simulated_time": 1.0, "duration": 4.0}')
            at_work.set()
            assert here.go_on.wait(120)
            if here.fails:
                raise RuntimeError("out of paper")
        return honest(spec, directory, progress, limits)

    def run():
        try:
            run_one(here.spec, store)
        except RuntimeError as error:
            here.errors.append(str(error))

    monkeypatch.setattr(mock, "simulate", simulate)
    here.thread = threading.Thread(target=run)
    here.thread.start()
    assert at_work.wait(120)
    yield here
    here.go_on.set()
    here.thread.join()


def test_who_comes_second_waits_and_hears_how_far_the_first_is(first, store):
    heard, said = [], []

    def listen(fraction):
        heard.append(fraction)
        first.go_on.set()

    run_id = first.spec.run_id
    assert run_one(first.spec, store, listen, say=said.append) == 0.0
    (word,) = said
    assert word.startswith(f"run {run_id} is being computed by process {os.getpid()} on {platform.node()}, which")
    assert word.endswith("ago; waiting for it")
    assert len(first.calls) == 1
    assert heard[0] == 0.25


def test_who_waits_takes_over_when_the_first_fails(first, store):
    first.fails = True
    assert run_one(first.spec, store, lambda _: first.go_on.set(), say=lambda _: None) > 0
    first.thread.join()
    assert first.errors == ["out of paper"]
    assert len(first.calls) == 2
    assert store.failure(first.spec.run_id) is None
    assert [path.name for path in store.root.iterdir()] == [first.spec.run_id]


def test_an_interrupted_run_keeps_what_it_can_be_gone_on_from(make_spec, store, monkeypatch):
    spec = make_spec()
    seen = []

    def interrupted(spec, directory, progress, limits):
        seen.append(directory)
        (directory / "resume.json").write_text("{}")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mock, "simulate", interrupted)
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                run_one(spec, store)
    assert seen[0] == seen[1]
    assert run_one(spec, store) > 0
    assert [path.name for path in store.root.iterdir()] == [spec.run_id]


def test_waiting_can_be_interrupted(make_spec, store):
    spec = make_spec()

    def interrupt(_):
        raise KeyboardInterrupt

    with store.claim(spec.run_id), pytest.raises(KeyboardInterrupt):
        run_one(spec, store, interrupt, say=lambda _: None)


ONE_RUN = """
    import sys
    from pathlib import Path
    from runs import RunSpec, Store
    from runs.attempt import run_one
    print("ready", flush=True)
    run_one(RunSpec.model_validate_json(sys.argv[2]), Store(Path(sys.argv[1])))
"""


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])
def test_a_real_engine_that_is_killed_leaves_a_whole_store(make_spec, store, python, processes_of, engine, monkeypatch):
    # Half an entry in JAX's cache, which outlives this session, would stay there: these only read it.
    monkeypatch.setenv("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "1e9")
    spec = make_spec(engine=engine)
    moments = np.random.default_rng(3).uniform(0.2, 3.0, 3)
    for moment in moments:
        process = python(ONE_RUN, spec.model_dump_json(), stderr=subprocess.DEVNULL)
        assert process.stdout.readline().strip() == "ready"
        time.sleep(moment)
        process.kill()
        process.wait(60)
        # OOMMF, whose watcher ends it a moment later, would go on writing.
        assert processes_of(spec.run_id, patience=60) == []
        assert list(verify(store)) == []
        assert not store.is_claimed(spec.run_id)
    run_one(spec, store)
    for _ in remove_leftovers(store, find_leftovers(store)):
        pass
    assert [path.name for path in store.root.iterdir()] == [spec.run_id]
    assert list(verify(store)) == []
    assert np.isfinite(open_run(spec.run_id, store.root)["mz"].values).all()
