"""Loaded by worker processes of the tests: the mock engine does to each run what a plan says.

The plan is the JSON file that PLANNED_MOCK names: ``{"log": folder, "runs": {run_id: action}, "seconds": s}``. An
action is a list, one entry for each attempt: "fail", "die", or "run"; then "run". Each attempt leaves a file.
"""

import json
import os
import signal
import time
from pathlib import Path

import mock_engine as mock

from runs.engines import DEFAULT_LIMITS, EngineFailedError

honest = mock.simulate


def simulate(spec, directory, progress, limits=DEFAULT_LIMITS):
    plan = json.loads(Path(os.environ["PLANNED_MOCK"]).read_text())
    log = Path(plan["log"])
    attempt = len(list(log.glob(f"{spec.run_id}.begun.*")))
    (log / f"{spec.run_id}.begun.{attempt}").write_text(str(os.getpid()))
    actions = plan["runs"].get(spec.run_id, [])
    action = actions[attempt] if attempt < len(actions) else "run"
    end = time.monotonic() + plan["seconds"]
    while time.monotonic() < end:
        progress(0.5)
        time.sleep(0.02)
    if action == "fail":
        raise EngineFailedError(f"run {spec.run_id}: the wall fell off")
    if action == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    run = honest(spec, directory, progress, limits)
    (log / f"{spec.run_id}.done.{attempt}").touch()
    return run


def dask_setup(_worker):
    mock.simulate = simulate
