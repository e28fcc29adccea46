"""Loaded by worker processes of the tests: the mock engine does to each run what a plan says.

The plan is the JSON file that PLANNED_MOCK names: ``{"log": folder, "held": [run_id, ...], "runs": {run_id: action}}``.
A run that is held stays at work until the plan no longer holds it. An action is a list, one entry for each attempt:
"fail", "die", or "run"; then "run". Each attempt leaves a file with the number of its process.
"""

import json
import os
import signal
import time
from pathlib import Path

import mock_engine as mock

from runs.engines import DEFAULT_LIMITS, EngineFailedError

honest = mock.simulate


PATIENCE = 120.0  # seconds after which a run that is held fails: then the test has ended, or hangs


def read_plan():
    return json.loads(Path(os.environ["PLANNED_MOCK"]).read_text())


def simulate(spec, directory, progress, limits=DEFAULT_LIMITS):
    plan = read_plan()
    log = Path(plan["log"])
    attempt = len(list(log.glob(f"{spec.run_id}.begun.*")))
    beside = directory / "begun"
    beside.write_text(str(os.getpid()))
    beside.rename(log / f"{spec.run_id}.begun.{attempt}")
    actions = plan["runs"].get(spec.run_id, [])
    action = actions[attempt] if attempt < len(actions) else "run"
    deadline = time.monotonic() + PATIENCE
    while spec.run_id in read_plan()["held"]:
        assert time.monotonic() < deadline, "nobody has let go of the run"
        progress(0.5)
        time.sleep(0.02)
    if action == "fail":
        raise EngineFailedError(f"run {spec.run_id}: the wall fell off")
    if action == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    run = honest(spec, directory, progress, limits)
    (log / f"{spec.run_id}.done.{attempt}").write_text(str(os.getpid()))
    return run


def dask_setup(_worker):
    mock.simulate = simulate
