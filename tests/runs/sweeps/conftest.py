import contextlib
import ipaddress
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import dask
import distributed  # sets the defaults that `dask.config.set` goes back to
import pytest

ROOT = Path(__file__).parents[3]
PRELOAD = str(Path(__file__).with_name("planned_mock.py"))
SETTINGS = {
    # Of the workers that a run kills before it is given up, as each must be started anew.
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
}


class Plan:
    """What `planned_mock` does, and what it has done."""

    def __init__(self, folder):
        self.folder, self.log = folder, folder / "log"
        self.log.mkdir()
        self.path = folder / "plan.json"
        self.write()

    def write(self, held=(), runs=None):
        content = {"log": str(self.log), "held": [spec.run_id for spec in held], "runs": runs or {}}
        # Workers that read it at this moment find the old or the new one, whole.
        beside = self.path.with_suffix(".new")
        beside.write_text(json.dumps(content))
        beside.replace(self.path)

    def count(self, what, run_id="*"):
        return len(list(self.log.glob(f"{run_id}.{what}.*")))

    def processes(self, what, run_id="*"):
        """The processes that have begun or done a run."""
        return [int(path.read_text()) for path in sorted(self.log.glob(f"{run_id}.{what}.*"))]

    def wait_until_begun(self, number, patience=120.0):
        """Wait until so many runs have begun, and return the processes that compute them."""
        deadline = time.monotonic() + patience
        while len(begun := self.processes("begun")) < number:
            assert time.monotonic() < deadline, f"only {len(begun)} runs have begun"
            time.sleep(0.02)
        return begun


@pytest.fixture(scope="module")
def plan_of_module(tmp_path_factory):
    return Plan(tmp_path_factory.mktemp("plan"))


@pytest.fixture
def plan(plan_of_module, monkeypatch):
    """A plan that every worker of this module follows; nothing has been done yet."""
    for path in plan_of_module.log.iterdir():
        path.unlink()
    plan_of_module.write()
    monkeypatch.setenv("PLANNED_MOCK", str(plan_of_module.path))
    with dask.config.set({"distributed.worker.preload": [PRELOAD]}):
        yield plan_of_module


@pytest.fixture
def start_script(tmp_path):
    """Start a script with a store, a file of specs and where to run them, and a worker that follows the plan."""

    def start(text, wanted, where="here", **options):
        (tmp_path / "script.py").write_text(text)
        (tmp_path / "specs").write_text("\n".join(spec.model_dump_json() for spec in wanted))
        return subprocess.Popen(
            [sys.executable, str(tmp_path / "script.py"), str(tmp_path / "store"), str(tmp_path / "specs"), where],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "DASK_DISTRIBUTED__WORKER__PRELOAD": str([PRELOAD])},
            **options,
        )

    return start


@pytest.fixture(scope="module")
def dask_command(tmp_path_factory, plan_of_module):
    """Start Dask's own scheduler or workers, as a user would, and end them after the module's tests."""
    started, folder = [], tmp_path_factory.mktemp("dask")

    def start(command, *arguments):
        log = folder / f"{command}-{len(started)}.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{command}", *arguments],
                cwd=ROOT,
                stdout=output,
                stderr=output,
                env={**os.environ, **SETTINGS, "PLANNED_MOCK": str(plan_of_module.path)},
            )
        started.append(process)
        return log

    yield start
    for process in reversed(started):
        process.terminate()
    for process in started:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


@pytest.fixture(scope="module")
def scheduler_of_module(dask_command, tmp_path_factory):
    """The address of a scheduler on loopback, in a process of its own, with two worker processes."""
    file = tmp_path_factory.mktemp("scheduler") / "scheduler.json"
    log = dask_command(
        "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file), "--no-dashboard"
    )
    deadline = time.monotonic() + 120
    while not file.exists() or not file.read_text():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
    address = json.loads(file.read_text())["address"]
    dask_command(
        "worker", address, "--nthreads", "1", "--nworkers", "2", "--host", "127.0.0.1", "--no-dashboard",
        "--preload", PRELOAD,
    )  # fmt: skip
    return address


@pytest.fixture(scope="session")
def listening():
    """The addresses on which processes listen, as the kernel lists them."""
    if not Path("/proc/net/tcp").exists():
        pytest.skip("listening sockets are looked up in /proc, which is not here")

    def find(*pids):
        inodes = set()
        for pid in pids:
            for entry in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(OSError):  # closed meanwhile
                    inodes.add(os.readlink(entry).removeprefix("socket:[").removesuffix("]"))
        found = []
        for table in ("tcp", "tcp6"):
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
                _, local, _, state, *_, inode = line.split()[:10]
                if state == "0A" and inode in inodes:
                    host, port = local.split(":")
                    words = [bytes.fromhex(host[at : at + 8])[::-1] for at in range(0, len(host), 8)]
                    found.append(f"{ipaddress.ip_address(b''.join(words))}:{int(port, 16)}")
        return sorted(found)

    return find


@pytest.fixture
def address(scheduler_of_module):
    """A scheduler with two workers, which serve the module's tests one after the other."""
    with distributed.Client(scheduler_of_module, set_as_default=False) as client:
        # Those that the test before has ended are on their way back.
        client.wait_for_workers(2, timeout=120)
    return scheduler_of_module


@pytest.fixture
def scheduler_here():
    """Start a scheduler in this process, with so many workers in it too, and return its address on loopback."""
    with contextlib.ExitStack() as started:

        def start(workers, threads=1):
            cluster = distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=threads,
                processes=False,
                protocol="tcp",
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
            )
            return started.enter_context(cluster).scheduler_address

        yield start
