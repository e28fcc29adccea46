"""What other users of the machine can reach of a sweep: nothing that runs a program, and no other port."""

import asyncio
import importlib.util
import json
import os
import re
import shlex
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import dask
import pytest
import yaml

from runs.engines import Limits
from runs.sweeps.certificate import make_certificate
from runs.sweeps.clusters import local_workers, scheduler_at

ROOT = Path(__file__).parents[3]
STRANGER = Path(__file__).with_name("stranger.py")


@pytest.fixture(scope="module")
def stranger():
    spec = importlib.util.spec_from_file_location("stranger", STRANGER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def local(listening):
    """A sweep's processes on this machine, as `--jobs` starts them: one worker, and where they listen."""
    before = listening(os.getpid())
    with local_workers(1, Limits()) as client:
        (worker,) = client.run(os.getpid).values()
        here = [place for place in listening(os.getpid()) if place not in before]
        yield SimpleNamespace(client=client, here=here, worker=listening(worker), all=here + listening(worker))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("by-hand") / "certificate")


def settings(certificate):
    """What Dask takes for its configuration where DASK_CONFIG names the certificate."""
    found = {}

    def add(name, value):
        if isinstance(value, dict):
            for key, each in value.items():
                add(f"{name}.{key}" if name else key, each)
        else:
            found[name] = value

    add("", yaml.safe_load(certificate.read_text()))
    return found


@pytest.fixture(scope="module")
def by_hand(listening, certificate, tmp_path_factory):
    """A scheduler and a worker that are started by the commands of the documentation."""
    folder = tmp_path_factory.mktemp("scheduler")
    file = folder / "scheduler.json"
    text = (ROOT / "docs" / "campaigns.md").read_text("utf-8")
    (variable,) = re.findall(r"^    export DASK_CONFIG=.*\n    export (\w+)=\$\(mktemp -d\)$", text, re.MULTILINE)
    commands = dict(re.findall(r"^    dask (scheduler|worker) (.*)$", text, re.MULTILINE))
    scratch = folder / "scratch"
    scratch.mkdir(mode=0o700)
    environment = {**os.environ, "DASK_CONFIG": str(certificate), variable: str(scratch)}
    started = []

    def start(command, **changes):
        line = commands[command]
        for old, new in changes.items():
            assert old in line
            line = line.replace(old, new)
        with (folder / f"{command}.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{command}", *shlex.split(line)],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env=environment,
            )
        started.append(process)
        return process

    try:
        scheduler = start("scheduler", **{"10.0.0.1": f"127.0.0.1 --port 0 --scheduler-file {file}"})
        deadline = time.monotonic() + 120
        while not file.exists() or not file.read_text():
            assert time.monotonic() < deadline, (folder / "scheduler.log").read_text()
            time.sleep(0.05)
        address = json.loads(file.read_text())["address"]
        nanny = start("worker", **{"tls://10.0.0.1:8786": address, "eth0": "lo", "--nworkers 8": "--nworkers 1"})
        with dask.config.set(settings(certificate)), scheduler_at(address) as client:
            (worker,) = client.run(os.getpid).values()
            (where,) = client.run(lambda dask_worker: dask_worker.local_directory).values()
        parts = [listening(process) for process in (scheduler.pid, nanny.pid, worker)]
        everything = [place for part in parts for place in part]
        yield SimpleNamespace(address=address, parts=parts, all=everything, directory=where, scratch=scratch)
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(60)


@pytest.mark.slow
def test_nothing_but_scheduler_and_workers_listens_and_on_loopback_only(local, by_hand):
    # A scheduler, and of each worker itself and its nanny.
    assert len(local.here) == 2
    assert len(local.worker) == 1
    assert [len(part) for part in by_hand.parts] == [1, 1, 1]
    assert by_hand.address == f"tls://{by_hand.parts[0][0]}"
    assert {place.rpartition(":")[0] for place in local.all + by_hand.all} == {"127.0.0.1"}


def test_nobody_without_the_certificate_runs_anything(local, by_hand, certificate, stranger, tmp_path):
    answers = asyncio.run(stranger.attack(str(tmp_path), local.all + by_hand.all, stranger.strangers_ways()))
    assert list(tmp_path.iterdir()) == [], answers
    assert len(answers) == 24
    # The same request is answered where the certificate is shown: that of the sweep, not one by hand's to another's.
    with dask.config.set(settings(certificate)):
        way = {"known": (stranger.TLSConnector, stranger.Security().get_connection_args("client"))}
    asyncio.run(stranger.attack(str(tmp_path), local.all + by_hand.all, way))
    made = sorted(path.name for path in tmp_path.iterdir())
    (scheduler,), (nanny,), (worker,) = by_hand.parts
    assert made == sorted([f"known-{scheduler}-run_function", f"known-{nanny}-run", f"known-{worker}-run"])


def test_what_dask_writes_is_where_no_other_user_can_write(local, by_hand):
    (directory,) = local.client.run(lambda dask_worker: dask_worker.local_directory).values()
    above = Path(directory).parents[1]
    assert above.name.startswith("solitons-sweep-")
    assert stat.S_IMODE(above.stat().st_mode) == 0o700
    assert Path(by_hand.directory).is_relative_to(by_hand.scratch)
    # Dask looks for modules there, in this process too.
    shared = [Path(folder) for folder in sys.path if Path(folder).is_relative_to(tempfile.gettempdir())]
    assert all(folder.is_relative_to(above) for folder in shared if "dask" in folder.name)


def test_a_certificate_is_for_its_user_alone_and_never_replaced(certificate):
    assert sorted(path.name for path in certificate.parent.iterdir()) == ["cert.pem", "dask.yaml", "key.pem"]
    assert stat.S_IMODE(certificate.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in certificate.parent.iterdir()} == {0o600}
    with pytest.raises(ValueError, match="is there already"):
        make_certificate(certificate.parent)


@pytest.mark.slow
def test_a_scheduler_without_encryption_is_warned_of(monkeypatch):
    monkeypatch.setattr("runs.sweeps.connections._ANSWER", 0.1)
    with (
        pytest.warns(RuntimeWarning, match="anyone who can reach this port runs programs as you"),
        pytest.raises(ConnectionError, match="no Dask scheduler answers"),
        scheduler_at("tcp://127.0.0.1:1"),
    ):
        pass


@pytest.mark.slow
def test_a_certificate_that_is_not_named_is_asked_for():
    with (
        pytest.raises(ValueError, match=r"asks for a certificate.*set DASK_CONFIG.*solitons certificate"),
        scheduler_at("tls://127.0.0.1:1"),
    ):
        pass
