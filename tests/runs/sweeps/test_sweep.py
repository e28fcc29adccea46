"""Runs handed out to real worker processes by a real scheduler, on loopback."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from types import SimpleNamespace

import pytest

from runs import EngineFailedError, Store, execute
from runs.attempt import Outcome, run_one
from runs.engines import Limits
from runs.execution import RunReport
from runs.store import verify
from runs.sweeps import worker as worker_module
from runs.sweeps.sweep import check_workers, sweep
from runs.sweeps.worker import Task, WorkerState, compute


def outcomes(reports):
    return Counter(report.outcome for report in reports)


def hidden(folder):
    """What the store keeps only while runs are computed."""
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.slow
def test_local_workers_compute_every_run_once_tell_how_far_they_are_and_end(plan, several, tmp_path):
    wanted, seen = several(6), []
    plan.write(held=wanted[:2])

    def progress(run_id, fraction):
        seen.append((run_id, fraction))
        if {(spec.run_id, 0.5) for spec in wanted[:2]} <= set(seen):
            plan.write()

    reports = list(execute([*wanted, wanted[0]], tmp_path / "store", jobs=2, progress=progress))
    assert sorted(report.run_id for report in reports) == sorted(spec.run_id for spec in wanted)
    assert outcomes(reports) == {"computed": 6}
    assert all(report.attempts == 1 and report.wall_time > 0 for report in reports)
    assert {run_id for run_id, _ in seen} <= {spec.run_id for spec in wanted}
    assert Store(tmp_path / "store").ids() == sorted(spec.run_id for spec in wanted)
    assert plan.count("begun") == plan.count("done") == 6
    assert hidden(tmp_path / "store") == []
    workers = set(plan.processes("begun"))
    assert os.getpid() not in workers
    assert len(workers) == 2
    assert gone(workers) == []


@pytest.mark.slow
def test_a_worker_that_is_killed_loses_nothing(plan, several, address, tmp_path):
    wanted = several(8)
    plan.write(held=wanted)
    with ThreadPoolExecutor(1) as threads:
        reports = threads.submit(lambda: list(execute(wanted, tmp_path / "store", scheduler=address)))
        victim, _ = plan.wait_until_begun(2)
        (struck,) = (path.name.split(".")[0] for path in plan.log.glob("*.begun.*") if path.read_text() == str(victim))
        os.kill(victim, signal.SIGKILL)
        plan.write()
        assert sorted(report.run_id for report in reports.result(300)) == sorted(spec.run_id for spec in wanted)
    # Every run is there, whole, and was finished once; whoever looks again has nothing to do.
    store = Store(tmp_path / "store")
    assert store.ids() == sorted(spec.run_id for spec in wanted)
    assert list(verify(store)) == []
    assert [plan.count("done", spec.run_id) for spec in wanted] == [1] * 8
    assert outcomes(execute(wanted, store.root, scheduler=address)) == {"stored": 8}
    # A run whose answer was lost with a worker is sent to another, which finds it computed before.
    assert set(outcomes(reports.result())) <= {"computed", "stored"}
    assert all(report.wall_time > 0 for report in reports.result())
    # The one that was struck went to another process.
    assert plan.processes("begun", struck)[0] == victim
    assert plan.processes("done", struck) != [victim]
    assert hidden(store.root) == []


@pytest.mark.slow
def test_what_fails_is_tried_again_and_reported_while_the_rest_go_on(plan, several, address, tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[sweep.__module__], "back_off", lambda attempts: 0.1 * attempts)
    wanted = several(5)
    plan.write(runs={wanted[0].run_id: ["fail"], wanted[1].run_id: ["fail"] * 9})
    reports = {report.run_id: report for report in execute(wanted, tmp_path / "store", scheduler=address, retries=2)}
    assert (reports[wanted[0].run_id].outcome, reports[wanted[0].run_id].attempts) == ("computed", 2)
    failed = reports[wanted[1].run_id]
    assert (failed.outcome, failed.attempts) == ("failed", 3)
    assert wanted[1].run_id in failed.note
    assert "the wall fell off" in failed.note
    log = Store(tmp_path / "store").failure(wanted[1].run_id).log_directory
    assert str(log) in failed.note
    assert log.is_dir()
    assert outcomes(reports.values()) == {"computed": 4, "failed": 1}
    # The next call computes what is missing, and nothing else.
    again = list(execute(wanted, tmp_path / "store", scheduler=address))
    assert outcomes(again) == {"stored": 4, "failed": 1}


@pytest.mark.slow
def test_a_run_that_kills_its_workers_is_given_up_and_the_rest_go_on(plan, several, address, tmp_path):
    wanted = several(4)
    plan.write(runs={wanted[2].run_id: ["die"] * 99})
    reports = {report.run_id: report for report in execute(wanted, tmp_path / "store", scheduler=address)}
    # A run that was stored in a worker just before it was killed is found by the next.
    assert reports[wanted[2].run_id].outcome == "failed"
    assert outcomes(reports.values())["failed"] == 1
    assert Store(tmp_path / "store").ids() == sorted(spec.run_id for spec in wanted if spec is not wanted[2])
    assert plan.count("begun", wanted[2].run_id) == 2
    assert "memory" in reports[wanted[2].run_id].note
    assert Store(tmp_path / "store").failure(wanted[2].run_id).error_type == "KilledWorker"


@pytest.mark.slow
def test_two_sweeps_at_once_compute_every_run_once(plan, several, address, tmp_path):
    wanted = several(6)
    one, other = (execute(order, tmp_path / "store", scheduler=address) for order in (wanted, wanted[::-1]))
    both = [report for pair in zip(one, other, strict=True) for report in pair]
    assert plan.count("done") == 6
    assert outcomes(both)["computed"] == 6
    assert outcomes(both)["stored"] == 6
    assert all(report.wall_time > 0 for report in both)


SWEEP = """
import sys
from runs import RunSpec, execute

if __name__ == "__main__":
    specs = [RunSpec.model_validate_json(line) for line in open(sys.argv[2])]
    where = {"jobs": 2} if sys.argv[3] == "here" else {"scheduler": sys.argv[3]}
    try:
        for report in execute(specs, sys.argv[1], **where):
            print(report.outcome, flush=True)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


def gone(pids, patience=120.0):
    """Wait until processes have ended, and return those that have not."""
    deadline = time.monotonic() + patience
    while left := [pid for pid in pids if _alive(pid)]:
        if time.monotonic() > deadline:
            return left
        time.sleep(0.05)
    return []


def group_of(pid):
    """The processes of a group that are there now."""
    found = subprocess.run(["pgrep", "-g", str(pid)], stdout=subprocess.PIPE, check=False).stdout
    return [int(each) for each in found.split()]


def _alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.fixture
def script(start_script):
    """Start a sweep in a session of its own."""
    return lambda wanted, where="here": start_script(SWEEP, wanted, where, start_new_session=True)


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="processes are looked up in /proc, which is not here")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_whatever_ends_the_sweep_ends_its_workers_and_the_store_goes_on(plan, several, script, tmp_path, number):
    wanted = several(8)
    plan.write(held=wanted[1:])
    process = script(wanted)
    # One is stored, or about to be, and two are at work.
    workers = plan.wait_until_begun(3)
    # Ctrl-C reaches every process of a terminal, a kill one.
    (os.killpg if number == signal.SIGINT else os.kill)(process.pid, number)
    output, errors = process.communicate(timeout=300)
    if number == signal.SIGINT:
        assert output.split()[-1] == "interrupted"
        assert "Traceback" not in errors
        assert hidden(tmp_path / "store") == []
    assert gone(workers) == []
    # Nor is any other process left, such as Python's own resource tracker, which follows a moment later.
    assert gone(group_of(process.pid)) == []
    done = Store(tmp_path / "store").ids()
    assert len(done) <= 1
    plan.write()
    reports = list(execute(wanted, tmp_path / "store"))
    assert outcomes(reports) == {"stored": len(done), "computed": 8 - len(done)}
    assert hidden(tmp_path / "store") == []


@pytest.mark.slow
def test_an_interrupt_frees_the_workers_of_a_shared_scheduler(plan, several, script, address, tmp_path):
    wanted = several(30)
    plan.write(held=wanted)
    process = script(wanted, address)
    begun = plan.wait_until_begun(2)
    os.kill(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=300)
    assert output.split()[-1] == "interrupted"
    assert plan.count("begun") == 2
    assert hidden(tmp_path / "store") == []
    # The same workers serve the next sweep.
    plan.write()
    assert outcomes(execute(several(3), tmp_path / "other", scheduler=address)) == {"computed": 3}
    assert gone(begun, patience=0.0) == begun


@pytest.mark.slow
@pytest.mark.oommf
def test_oommf_ends_with_a_sweep_that_is_killed(several, script, processes_of, tmp_path):
    wanted = []
    for spec in several(3, engine="oommf"):
        first, pulse = spec.protocol.steps
        steps = first, pulse.model_copy(update={"count": 200})
        wanted.append(spec.model_copy(update={"protocol": spec.protocol.model_copy(update={"steps": steps})}))
    process = script(wanted)
    deadline = time.monotonic() + 120
    while not any("boxsi" in each for spec in wanted for each in processes_of(spec.run_id)):
        assert time.monotonic() < deadline, "OOMMF has not started"
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=300)
    assert [each for spec in wanted for each in processes_of(spec.run_id, patience=120.0)] == []
    assert Store(tmp_path / "store").ids() == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"jobs": 0}, "jobs = 0"),
        ({"retries": -1}, "retries = -1"),
        ({"jobs": 2, "scheduler": "tcp://127.0.0.1:1"}, "give one"),
        ({"scheduler": "127.0.0.1:8786"}, "is not an address such as"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_written(make_spec, tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        list(execute([make_spec()], tmp_path / "store", **options))
    assert not list((tmp_path / "store").glob("*"))


def test_no_workers_are_said(make_spec, scheduler_here, tmp_path, monkeypatch):
    monkeypatch.setattr("runs.sweeps.clusters._RETURN", 0.5)
    with pytest.raises(ConnectionError, match=r"no workers.*dask worker tcp://.*--nthreads 1"):
        list(execute([make_spec()], tmp_path, scheduler=scheduler_here(workers=0)))


def test_a_worker_that_mixes_runs_in_one_process_is_refused(make_spec, scheduler_here, tmp_path):
    with pytest.raises(ValueError, match=r"computes 3 runs in one process.*--nthreads 1"):
        list(execute([make_spec()], tmp_path, scheduler=scheduler_here(workers=1, threads=3)))
    assert list(tmp_path.iterdir()) == []


class FakeClient:
    def __init__(self, *states):
        self.states = {f"tcp://10.0.0.{number}:1": state for number, state in enumerate(states)}

    def nthreads(self, **_):
        return dict.fromkeys(self.states, 1)

    def run(self, *_, **__):
        return self.states


def state(**changes):
    parts = {"workbench": version("soliton-workbench"), "engines": {"oommf": (True, "2.0")}, "sees_store": True}
    return WorkerState(**parts | changes)


@pytest.mark.parametrize(
    ("states", "message"),
    [
        ([state(), state(workbench="0.0.1")], r"10\.0\.0\.1:1 has soliton-workbench 0\.0\.1"),
        (
            [state(engines={"oommf": (False, "OOMMFTCL is not set")})],
            r"10\.0\.0\.0:1 cannot run the engine oommf: OOMMFTCL",
        ),
        ([state(), state(engines={"oommf": (True, "2.1")})], r"unlike engines oommf: 2\.0, 2\.1"),
        ([state(sees_store=False)], "does not see the store"),
    ],
)
def test_workers_are_looked_at_before_they_get_runs(states, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        check_workers(FakeClient(*states), Store(tmp_path), ["oommf"])
    assert list(tmp_path.iterdir()) == []


def task(spec, folder, **changes):
    parts = {"sweep": "s", "workbench": version("soliton-workbench"), "limits": Limits()}
    return Task(spec=spec.model_dump_json(), store=str(folder), **(parts | changes))


class LostOnce:
    """The answer of a worker that died before it was fetched, and of the one that did the work again."""

    status = "lost"

    def __init__(self):
        self.asked = 0

    def add_done_callback(self, tell):
        self.asked += 1
        self.status = "lost" if self.asked == 1 else "finished"
        tell(self)

    def result(self, **_):
        return Outcome("stored")


def test_an_answer_that_is_lost_is_waited_for_again(make_spec, tmp_path):
    spec, future = make_spec(), LostOnce()
    run_one(spec, Store(tmp_path))
    client = SimpleNamespace(submit=lambda *_, **__: future)
    found = list(sweep([spec], Store(tmp_path), client, limits=Limits(), retries=0, progress=lambda *_: None))
    assert found == [(spec, Outcome("stored"), 1)]
    assert future.asked == 2


class KilledInstead:
    """The answer for a run that waited behind another one, which killed all of their workers, and then its second."""

    def __init__(self, key):
        self.status = "error" if key.endswith("-1") else "finished"

    def add_done_callback(self, tell):
        tell(self)

    def exception(self, **_):
        from distributed import KilledWorker

        return KilledWorker("run", None, 3)

    def result(self, **_):
        return Outcome("stored")


def test_a_run_that_never_began_is_not_given_up_with_the_one_that_killed_its_workers(make_spec, tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[sweep.__module__], "back_off", lambda _: 0.0)
    spec, store = make_spec(), Store(tmp_path)
    run_one(spec, store)
    client = SimpleNamespace(submit=lambda *_, key, **__: KilledInstead(key))
    found = list(sweep([spec], store, client, limits=Limits(), retries=1, progress=lambda *_: None))
    assert found == [(spec, Outcome("stored"), 2)]
    ((_, given_up, _),) = sweep([spec], store, client, limits=Limits(), retries=0, progress=lambda *_: None)
    assert given_up.kind == "failed"
    assert "before it began" in given_up.reason


def test_a_worker_with_another_workbench_computes_nothing(make_spec, tmp_path):
    outcome = compute(task(make_spec(), tmp_path, workbench="0.0.1"))
    assert (outcome.kind, outcome.final) == ("failed", True)
    assert "0.0.1" in outcome.reason
    assert list(tmp_path.iterdir()) == []


def test_a_sweep_that_was_stopped_begins_nothing(make_spec, tmp_path, monkeypatch):
    monkeypatch.setattr(worker_module, "_stopped", {"s"})
    assert compute(task(make_spec(), tmp_path)) == Outcome("interrupted")
    assert list(tmp_path.iterdir()) == []
    assert compute(task(make_spec(), tmp_path, sweep="other")).kind == "computed"


@pytest.mark.slow
def test_the_native_engine_ends_when_the_sweep_is_stopped(make_spec, tmp_path, monkeypatch):
    # What happens to worker processes is told with the mock engine above; this is what happens in one of them.
    class StoppedMeanwhile(set):
        asked = 0

        def __contains__(self, sweep):
            self.asked += 1
            return self.asked > 2

    stopped = StoppedMeanwhile()
    monkeypatch.setattr(worker_module, "_stopped", stopped)
    assert compute(task(make_spec(engine="native"), tmp_path)) == Outcome("interrupted")
    # Before it began, after its first frame, and after the second, with which it was over.
    assert stopped.asked == 3
    assert list(tmp_path.iterdir()) == []


def test_a_single_job_tries_again_too(make_spec, tmp_path, monkeypatch):
    monkeypatch.setattr("runs.execution.back_off", lambda attempts: 0.1 * attempts)
    import mock_engine as mock

    honest, calls = mock.simulate, []

    def fails_once(*arguments):
        calls.append(arguments)
        if len(calls) == 1:
            raise EngineFailedError("the wall fell off")
        return honest(*arguments)

    monkeypatch.setattr(mock, "simulate", fails_once)
    (report,) = execute([make_spec()], tmp_path, retries=1)
    assert (report.outcome, report.attempts) == ("computed", 2)
    assert Store(tmp_path).failure(make_spec().run_id) is None


def test_a_run_that_another_process_has_computed_meanwhile_is_stored_not_computed(make_spec, tmp_path):
    spec = make_spec()
    run_one(spec, Store(tmp_path))
    assert compute(task(spec, tmp_path)).kind == "stored"
    assert isinstance(next(execute([spec], tmp_path)), RunReport)
