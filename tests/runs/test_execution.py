import os
import signal
import subprocess
import sys
import time

import mock_engine as mock
import pytest

from runs import Store, execute
from runs.attempt import run_one
from runs.engines import EngineNotFoundError
from runs.engines import oommf as oommf_engine


def several(make_spec, count=4):
    protocol = make_spec().protocol
    for index in range(count):
        step = protocol.steps[1].model_copy(update={"amplitude": (index + 1) * 1e11})
        yield make_spec(protocol=protocol.model_copy(update={"steps": (protocol.steps[0], step)}))


def test_a_failed_run_is_reported_and_the_rest_go_on(make_spec, tmp_path, monkeypatch):
    specs = list(several(make_spec))
    honest = mock.simulate

    def fails_once(spec, directory, progress, limits):
        if spec.run_id == specs[1].run_id:
            raise RuntimeError("the wall fell off")
        return honest(spec, directory, progress, limits)

    monkeypatch.setattr(mock, "simulate", fails_once)
    reports = {report.run_id: report for report in execute(specs, tmp_path, retries=0)}
    assert reports[specs[1].run_id].outcome == "failed"
    assert "the wall fell off" in reports[specs[1].run_id].note
    assert sum(report.outcome == "computed" for report in reports.values()) == 3
    assert not Store(tmp_path).holds(specs[1].run_id)


def test_no_jobs_is_an_error(make_spec, tmp_path):
    with pytest.raises(ValueError, match="jobs = 0"):
        list(execute([make_spec()], tmp_path, jobs=0))


def test_an_engine_that_is_missing_is_named_before_anything_is_written(make_spec, tmp_path, monkeypatch):
    monkeypatch.setattr(oommf_engine.shutil, "which", lambda _: None)
    monkeypatch.delenv("OOMMFTCL", raising=False)
    with pytest.raises(EngineNotFoundError, match=r"OOMMFTCL is not set.*conda-forge oommf"):
        list(execute([make_spec(engine="oommf")], tmp_path / "store"))
    assert not (tmp_path / "store").exists()


def test_an_interrupted_run_leaves_no_entry_and_no_scratch(make_spec, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(mock, "simulate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_one(make_spec(), Store(tmp_path))
    assert Store(tmp_path).ids() == []
    assert list(tmp_path.iterdir()) == []


SLOW_SWEEP = """
import sys, time
from runs import RunSpec, execute
import mock_engine as mock

specs = [RunSpec.model_validate_json(line) for line in sys.stdin]
honest = mock.simulate
def first_only(*arguments):
    mock.simulate = interrupted
    return honest(*arguments)
def interrupted(*arguments):
    print("at work", flush=True)
    time.sleep(1000)
mock.simulate = first_only
for report in execute(specs, sys.argv[1], jobs=1):
    print(report.outcome, flush=True)
"""


def test_ctrl_c_leaves_a_store_that_goes_on(make_spec, tmp_path):
    specs = list(several(make_spec, 6))
    lines = "\n".join(spec.model_dump_json() for spec in specs)
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_SWEEP, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    process.stdin.write(lines)
    process.stdin.close()
    assert [process.stdout.readline().strip() for _ in range(2)] == ["computed", "at work"]
    os.kill(process.pid, signal.SIGINT)
    process.wait(60)
    process.stdout.close()
    done = Store(tmp_path).ids()
    assert len(done) == 1
    reports = list(execute(specs, tmp_path))
    assert sum(report.outcome == "stored" for report in reports) == len(done)
    assert Store(tmp_path).ids() == sorted(spec.run_id for spec in specs)


def test_specs_pickle(make_spec):
    import pickle

    spec = make_spec()
    assert pickle.loads(pickle.dumps(spec)) == spec


PARALLEL_SWEEP = """
import sys
from runs import RunSpec, execute

if __name__ == "__main__":
    specs = [RunSpec.model_validate_json(line) for line in open(sys.argv[2])]
    print("starting", flush=True)
    try:
        for report in execute(specs, sys.argv[1], jobs=2, progress=lambda run, fraction: print(fraction, flush=True)):
            print(report.outcome, flush=True)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


@pytest.mark.slow
@pytest.mark.oommf
def test_an_interrupt_stops_all_workers_and_starts_nothing_more(make_spec, tmp_path):
    long = make_spec().protocol
    steps = (long.steps[0], long.steps[1].model_copy(update={"count": 40}))
    specs = [
        make_spec(engine="oommf", protocol=long.model_copy(update={"steps": steps, "static_field": (0.0, 0.0, field)}))
        for field in (0.0, 1.0, 2.0, 3.0, 4.0)
    ]
    (tmp_path / "specs").write_text("\n".join(spec.model_dump_json() for spec in specs))
    script = tmp_path / "sweep.py"
    script.write_text(PARALLEL_SWEEP)
    process = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "store"), str(tmp_path / "specs")],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout.readline().strip() == "starting"
    assert float(process.stdout.readline()) < 1.0, "a run was done before it could be interrupted"
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=300)
    assert output.split()[-1] == "interrupted"
    # Python's own resource tracker follows a moment later.
    deadline = time.monotonic() + 60
    while group := subprocess.run(["pgrep", "-g", str(process.pid)], stdout=subprocess.PIPE, check=False).stdout:
        assert time.monotonic() < deadline, f"these processes are still there: {group.split()}"
        time.sleep(0.1)
    # At most the two runs that were at work can have ended just before.
    assert len(Store(tmp_path / "store").ids()) <= 2
    assert not [path for path in (tmp_path / "store").iterdir() if path.name.startswith(".")]
