import os
import signal
import subprocess
import sys

import mock_engine as mock
import pytest

from runs import Store, execute
from runs.attempt import run_one
from runs.engines import EngineNotFoundError
from runs.engines import oommf as oommf_engine


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


def test_ctrl_c_leaves_a_store_that_goes_on(several, tmp_path):
    specs = several(6)
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
