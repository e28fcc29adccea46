"""Nobody else on the machine gets into a running OOMMF, and where somebody could, it is said before the run."""

import contextlib
import os
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import pytest

from runs import EngineFailedError, Protocol, Rest, execute
from runs.engines import oommf, oommf_isolation, oommf_process
from runs.engines.oommf_isolation import WATCHER, oommf_here
from runs.engines.oommf_process import WatchedProcesses
from solitons.commands.cli import doctor

KINDS = ("account", "host", "boxsi", "mmarchive")


@pytest.fixture
def own_network():
    """Skip where the kernel lends none."""
    trial = subprocess.run(
        [sys.executable, "-I", "-S", str(WATCHER), "alone", "true"], capture_output=True, text=True, check=False
    )
    if trial.returncode:
        pytest.skip(trial.stderr.strip())


ATTACK = """
import encodings.idna, os, socket, sys
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
for port in map(int, sys.argv[1:]):
    try:
        connection = socket.create_connection(("127.0.0.1", port), timeout=30)
        connection.sendall(b"query 1 serverpid\\n")
        for line in connection.makefile("rb"):
            if line.startswith(b"reply"):
                print(int(line.split()[-1]))
            if b"refused" in line or line.startswith(b"reply"):
                break
    except OSError:
        pass
"""


@pytest.fixture
def ask_as_nobody():
    """Ask at ports, as another user of this machine, and return the numbers of the processes that answer."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can become another user")

    def ask(ports):
        command = [sys.executable, "-c", ATTACK, *map(str, ports)]
        return {int(word) for word in subprocess.run(command, capture_output=True, check=True).stdout.split()}

    return ask


def servers(run_id):
    """Port and name of every server that a run's processes listen with, by the process's number."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"SOLITONS_RUN={run_id}".encode() not in (entry / "environ").read_bytes().split(b"\0"):
                continue
            ours = {os.readlink(file) for file in (entry / "fd").iterdir()}
            name = (entry / "cmdline").read_bytes()
            for line in (entry / "net/tcp").read_text().splitlines()[1:]:
                words = line.split()
                if words[3] == "0A" and f"socket:[{words[9]}]" in ours:
                    kind = next((kind for kind in KINDS if kind.encode() in name), "other")
                    found[int(entry.name)] = (int(words[1].rpartition(":")[2], 16), kind)
    return found


@pytest.mark.oommf
@pytest.mark.slow
@pytest.mark.parametrize(
    ("isolation", "entered"),
    [("own network", set()), ("identities checked", {"host"}), ("none", set(KINDS))],
)
def test_another_user_enters_no_server_of_a_run(
    isolation, entered, make_spec, ask_as_nobody, own_network, tmp_path, monkeypatch
):
    """With "none" the attack succeeds, so that it is one; OOMMF's host server, a list of ports, never checks."""
    assert oommf_here(oommf.command()).isolation == "own network"
    here = replace(oommf_here(oommf.command()), isolation=isolation)
    monkeypatch.setattr(oommf_process, "oommf_here", lambda _: here)
    spec = make_spec(engine="oommf", protocol=Protocol(steps=[Rest(duration=20e-9)], sampling_interval=50e-12))
    kinds = []

    def attack(fraction):
        found = servers(spec.run_id)
        if fraction > 0 and set(KINDS) <= {kind for _, kind in found.values()}:
            answering = ask_as_nobody([port for port, _ in found.values()])
            kinds.extend(kind for number, (_, kind) in found.items() if number in answering)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        oommf.simulate(spec, tmp_path, attack)
    assert set(kinds) == entered


@pytest.mark.oommf
def test_oommf_can_check_identities_where_there_is_no_namespace(monkeypatch, tmp_path):
    without_namespaces(monkeypatch, tmp_path)
    if not Path("/proc/net/tcp").exists():
        pytest.skip("OOMMF asks /proc/net/tcp whose a socket is, which is not here")
    assert oommf_here(oommf.command()).isolation == "identities checked"


def without_namespaces(monkeypatch, tmp_path):
    watcher = tmp_path / "watcher.py"
    watcher.write_text("import sys\nsys.exit('Operation not permitted')\n")
    monkeypatch.setattr(oommf_isolation, "WATCHER", watcher)
    oommf_here.cache_clear()


@pytest.fixture(autouse=True)
def _tried_anew():
    oommf_here.cache_clear()
    yield
    oommf_here.cache_clear()


def test_a_run_has_a_network_of_its_own(own_network, tmp_path):
    with WatchedProcesses("alone", alone=True) as processes:
        processes.start(["sh", "-c", "readlink /proc/self/ns/net; tail -n +3 /proc/net/dev; id -u"], tmp_path)
        assert processes.wait(30) == 0
    network, *devices, user = (tmp_path / "oommf.stdout").read_text().splitlines()
    assert network != os.readlink("/proc/self/ns/net")
    assert [device.split(":")[0].strip() for device in devices] == ["lo"]
    assert user == str(os.geteuid() or 1000)


def test_where_others_can_enter_it_is_said_once_and_before_the_run(fake_oommf, make_spec, monkeypatch, tmp_path):
    without_namespaces(monkeypatch, tmp_path)
    said_by_then = []
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")

        def simulate(*_):
            said_by_then.append(len(said))
            raise EngineFailedError("enough")

        monkeypatch.setattr(oommf, "simulate", simulate)
        specs = [make_spec(engine="oommf"), make_spec(engine="oommf", protocol=Protocol(steps=[Rest(duration=1e-9)]))]
        assert [report.outcome for report in execute(specs, tmp_path / "store", retries=0)] == ["failed"] * 2
    assert said_by_then == [1, 1]
    assert "other users of this machine can reach OOMMF's servers" in str(said[0].message)
    assert "--engine native" in str(said[0].message)


def test_doctor_says_where_others_can_enter(fake_oommf, monkeypatch, tmp_path, capsys):
    without_namespaces(monkeypatch, tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    doctor(store=tmp_path / "store")
    assert "other users of this machine can reach OOMMF's servers" in capsys.readouterr().out


def test_where_nobody_can_nothing_is_said(fake_oommf, own_network):
    assert oommf.caution() == ""
