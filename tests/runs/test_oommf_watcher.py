"""What a run has started ends with it and with its parent, however that dies; shell scripts stand for OOMMF."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import uuid

import pytest

from runs import EngineFailedError
from runs.engines.oommf_process import WatchedProcesses

# A program with a helper in its own session and one in another.
PROGRAM = "sleep 1000 & setsid sleep 1000 & echo ready; {then}"
# One more, in another session and deaf to SIGTERM.
DEAF = "setsid sh -c 'trap \"\" TERM; while :; do sleep 1; done' & " + PROGRAM
PARENT = """
import os, pathlib, sys, time
from runs.engines.oommf_process import WatchedProcesses
run_id, directory, program, then = sys.argv[1:]
with WatchedProcesses(run_id) as processes:
    processes.start(["sh", "-c", program], pathlib.Path(directory))
    output = pathlib.Path(directory, "oommf.stdout")
    while not (output.exists() and "ready" in output.read_text()):
        time.sleep(0.01)
    if then == "fork":
        # Whoever forks without exec shares our end of the socket.
        if os.fork() == 0:
            time.sleep(1000)
    print("started", flush=True)
    time.sleep(1000)
"""


@pytest.fixture
def run_id():
    return f"test-{uuid.uuid4().hex}"


@pytest.fixture
def parent(run_id, tmp_path):
    """A process that runs such a program, when the program has started."""
    started = []

    def start(then=""):
        arguments = [run_id, str(tmp_path), DEAF.format(then="sleep 1000"), then]
        process = subprocess.Popen(
            [sys.executable, "-c", PARENT, *arguments], stdout=subprocess.PIPE, start_new_session=True, text=True
        )
        started.append(process)
        assert process.stdout.readline() == "started\n"
        return process

    yield start
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def at_least(number, processes_of, run_id):
    """Whether so many processes are seen; one has no environment for the moment in which it becomes another program."""
    deadline = time.monotonic() + 60
    while len(processes_of(run_id)) < number:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize(
    ("program", "then", "code"),
    [
        (PROGRAM, "exit 0", 0),
        (PROGRAM, "exit 3", 3),
        (PROGRAM, "kill -9 $$", -9),
        (PROGRAM, "sleep 1000", None),
        (DEAF, "exit 0", 0),
    ],
)
def test_nothing_is_left_when_the_context_ends(run_id, tmp_path, processes_of, program, then, code):
    with WatchedProcesses(run_id) as processes:
        processes.start(["sh", "-c", program.format(then=then)], tmp_path)
        assert processes.wait(0.5 if code is None else 60) == code
        # Helpers and the watcher.
        assert at_least(4 if program is DEAF else 3, processes_of, run_id)
    assert processes_of(run_id) == []


def test_programs_run_one_after_the_other_and_write_into_their_directories(run_id, tmp_path):
    first, second = tmp_path / "first one", tmp_path / "größe"
    with WatchedProcesses(run_id) as processes:
        for directory, word in ((first, "a\nb  c"), (second, "ü")):
            directory.mkdir()
            processes.start(["sh", "-c", 'echo "$1"; echo "$1" >&2', "sh", word], directory)
            assert processes.wait(60) == 0
            assert (directory / "oommf.stdout").read_text() == f"{word}\n"
            assert (directory / "oommf.stderr").read_text() == f"{word}\n"


def test_an_exception_ends_everything(run_id, tmp_path, processes_of):
    def interrupted():
        with WatchedProcesses(run_id) as processes:
            processes.start(["sh", "-c", PROGRAM.format(then="sleep 1000")], tmp_path)
            processes.wait(0.2)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert processes_of(run_id) == []


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
ENDS = {number.name: lambda process, number=number: process.send_signal(number) for number in SIGNALS}
ENDS |= {"group": lambda process: os.killpg(process.pid, signal.SIGKILL), "fork": subprocess.Popen.kill}


@pytest.mark.parametrize("how", ENDS)
def test_nothing_is_left_when_the_parent_is_killed(parent, run_id, processes_of, how):
    """Alone, with its group, or while a fork of it holds its end of the socket open."""
    process = parent("fork" if how == "fork" else "")
    assert at_least(5, processes_of, run_id)
    ENDS[how](process)
    process.wait(60)
    assert processes_of(run_id, patience=60) == []


def test_a_watcher_that_is_killed_is_said_and_nothing_is_left(run_id, tmp_path, processes_of):
    def run():
        with WatchedProcesses(run_id) as processes:
            processes.start(["sh", "-c", PROGRAM.format(then="sleep 1000")], tmp_path)
            processes.wait(0.3)
            threading.Timer(0.1, processes._watcher.kill).start()
            processes.wait(60)

    with pytest.raises(EngineFailedError, match=f"run {run_id}: the process that watches OOMMF was killed"):
        run()
    assert processes_of(run_id) == []


def test_other_runs_go_on(run_id, tmp_path, processes_of):
    # The same run may be computed twice at once, for two stores.
    with WatchedProcesses(run_id) as ours:
        ours.start(["sleep", "1000"], tmp_path)
        with WatchedProcesses(run_id) as theirs:
            theirs.start(["sleep", "1000"], tmp_path)
            assert at_least(4, processes_of, run_id)
        assert ours.wait(0.1) is None
        assert len(processes_of(run_id)) == 2
    assert processes_of(run_id) == []


def test_the_watcher_does_not_take_time(run_id, tmp_path):
    with WatchedProcesses(run_id) as processes:
        processes.start(["sleep", "0.5"], tmp_path)
        started = time.process_time()
        assert processes.wait(60) == 0
        assert time.process_time() - started < 0.1


@pytest.mark.parametrize(("memory", "code"), [(400_000_000, 1), (None, 0)])
def test_a_program_gets_no_more_memory_than_it_may(tmp_path, memory, code):
    with WatchedProcesses("limited", memory) as processes:
        processes.start([sys.executable, "-I", "-S", "-c", "bytearray(1_000_000_000)"], tmp_path)
        assert processes.wait(60) == code
    assert ("MemoryError" in (tmp_path / "oommf.stderr").read_text()) == bool(memory)
