"""A store with a run of every kind, and a server on it."""

import asyncio
import io
import subprocess
import sys
from contextlib import asynccontextmanager
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from runs import execute
from runs.engines.native_frames import record_frames
from runs.protocols.in_time import Protocol
from runs.protocols.pulses import CurrentPulses
from runs.store import Store, remember_campaign
from solitons.watch.server import application, listen

TOKEN = "the-token-of-the-tests"

# Claims runs, says so, and holds them until it is killed.
_WORKER = """
import contextlib, sys
from pathlib import Path
from runs.store import Store
with contextlib.ExitStack() as claims:
    for run_id in sys.argv[2:]:
        assert claims.enter_context(Store(Path(sys.argv[1])).claim(run_id))
    print("claimed", flush=True)
    sys.stdin.read()
"""


def begun(store, spec, frames):
    """A run of which so many frames are there, as the native engine leaves them."""
    directory = store.work_directory(spec.run_id)
    (directory / "spec.json").write_text(spec.model_dump_json())
    m = spec.device.initial_magnetisation(spec.material)
    record = record_frames(directory, spec.protocol.frames().values, every=0.0)
    for number in range(frames):
        record(m, 1e-18 * number)
    return directory


@pytest.fixture
def worker():
    """Start a process that has claimed runs of a store; those left are killed."""
    started = []

    def start(store, *run_ids):
        command = [sys.executable, "-c", _WORKER, str(store.root), *run_ids]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout.readline() == "claimed\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


@pytest.fixture
def watched(tmp_path, make_spec, worker):
    """A store with runs of a stripe: two stored, one being computed, one stale, one failed, one missing."""
    store = Store(tmp_path / "store")
    specs = [_numbered(make_spec, number) for number in range(6)]
    stored = list(execute(specs[:2], store.root))
    assert all(report.outcome == "computed" for report in stored)
    directory = begun(store, specs[2], 3)
    process = worker(store, specs[2].run_id)
    begun(store, specs[3], 2)
    store.record_failure(specs[4].run_id, "EngineFailedError", "the <b>film</b> tore")
    ids = [spec.run_id for spec in specs]
    remember_campaign(store, "demo", "mock", ids, {run_id: f"drive-{number}" for number, run_id in enumerate(ids)})
    return SimpleNamespace(store=store, specs=specs, ids=ids, process=process, directory=directory)


def _numbered(make_spec, number):
    pulses = CurrentPulses(amplitude=(1 + number) * 1e11, width=0.2e-9, rise=20e-12, period=0.3e-9)
    return make_spec(protocol=Protocol(steps=[pulses], sampling_interval=50e-12))


@asynccontextmanager
async def _served(store, token=TOKEN, host="127.0.0.1"):
    """A server on a store, and a function that asks it."""
    app = application(store, token, host)
    server, port = listen(app, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{port}/{token}/"

    async def ask(path, *, base=address, **options):
        request = HTTPRequest(base + path, decompress_response=True, follow_redirects=False, **options)
        return await AsyncHTTPClient().fetch(request, raise_error=False)

    async def end():
        server.stop()
        await server.close_all_connections()
        app.settings["serving"].end()

    try:
        yield SimpleNamespace(address=address, port=port, ask=ask, end=end, serving=app.settings["serving"])
    finally:
        await end()


@pytest.fixture
def asking():
    """Run a test's coroutine with a server on a store."""

    def run(store, work, **options):
        async def inside():
            async with _served(store, **options) as server:
                return await asyncio.wait_for(work(server), 300)

        return asyncio.run(inside())

    return run


@pytest.fixture
def served():
    """A server on a store, for a coroutine: ``async with served(store) as server``."""
    return _served


@pytest.fixture
def pixels():
    """Read a PNG as an array from the top, RGBA."""
    return lambda body: np.asarray(Image.open(io.BytesIO(body)).convert("RGBA"))
