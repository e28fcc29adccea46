"""Shared by the tests of runs: specs, a stand-in for OOMMF, and the processes of a run."""

import contextlib
import os
import sys
import time
from pathlib import Path

import pytest

from geometries import Stripe
from runs import Numerics, Protocol, RunSpec
from runs.engines import oommf


@pytest.fixture
def several(make_spec):
    """So many runs that differ in the amplitude of the pulse."""

    def make(count, **changes):
        base = make_spec(**changes)
        first, pulse = base.protocol.steps
        steps = [(first, pulse.model_copy(update={"amplitude": (number + 1) * 1e11})) for number in range(count)]
        return [make_spec(**changes, protocol=base.protocol.model_copy(update={"steps": each})) for each in steps]

    return make


@pytest.fixture
def macrospin():
    """A spec of a uniform perpendicular magnet without magnetostatics, so that closed forms are exact."""

    def make(engine, steps, terminals=None, interval=None, material=None, **protocol):
        device = {"length": 16e-9, "width": 8e-9, "thickness": 1e-9, "cell": (4e-9, 4e-9, 1e-9)}
        film = {"name": "macrospin", "Ms": 6e5, "A": 1.2e-11, "Ku": 3e5, "alpha": 0.5} | (material or {})
        return RunSpec(
            device=Stripe(**device if terminals is None else device | {"terminals": terminals}),
            material=film,
            protocol=Protocol(steps=steps, sampling_interval=interval or steps[-1].duration / 10, **protocol),
            numerics=Numerics(demagnetisation=False),
            engine=engine,
        )

    return make


@pytest.fixture
def fake_oommf(monkeypatch):
    """Put `fake_oommf.py` in OOMMF's place."""
    command = (sys.executable, "-I", "-S", str(Path(__file__).with_name("fake_oommf.py")))
    monkeypatch.setattr(oommf, "command", lambda: command)
    return command


@pytest.fixture
def allow_stages(tmp_path_factory, monkeypatch):
    """Let the stand-in for OOMMF do so many stages in time and then wait, until it is allowed more."""
    path = tmp_path_factory.mktemp("stages") / "allowed"

    def allow(number):
        beside = path.with_suffix(".new")
        beside.write_text(str(number))
        beside.replace(path)
        monkeypatch.setenv("FAKE_STAGES", str(path))

    return allow


@pytest.fixture
def processes_of():
    """Every process that this worker's tests started for a run, in whatever group or session it is now."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("processes are counted in /proc, which is not here")

    # Another worker of this session, or another session, may have a run of the same id at the same time.
    ours = {f"{name}={os.environ[name]}" for name in ("SOLITONS_TESTS", "PYTEST_XDIST_WORKER") if name in os.environ}

    def find(run_id, patience=0.0):
        marks = {mark.encode() for mark in (f"SOLITONS_RUN={run_id}", *ours)}
        deadline = time.monotonic() + patience
        while True:
            found = []
            for entry in Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError):
                    if marks <= set((entry / "environ").read_bytes().split(b"\0")):
                        found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            if not found or time.monotonic() > deadline:
                return found
            time.sleep(0.02)

    return find
