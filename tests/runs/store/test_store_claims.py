"""One process has a run at a time, whatever becomes of it."""

import os
import platform
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from rows import rows

from runs import Store
from runs.store import StoreNotWritableError, claims

RUN = "0123456789abcdef"

HOLD = """
    import sys, time
    from pathlib import Path
    from runs.store import Store
    with Store(Path(sys.argv[1])).claim(sys.argv[2]) as mine:
        print(mine, flush=True)
        time.sleep(60)
"""


def test_a_claim_is_for_one_at_a_time_and_leaves_nothing(store):
    assert not store.is_claimed(RUN)
    assert store.holder(RUN) is None
    assert not store.root.exists(), "asking writes nothing"
    with store.claim(RUN) as mine:
        assert mine
        assert store.is_claimed(RUN)
        with store.claim(RUN) as another:
            assert not another
        assert store.is_claimed(RUN), "who was refused must not take the claim away"
        with store.claim("f" * 16) as other_run:
            assert other_run
    assert not store.is_claimed(RUN)
    assert list(store.root.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("make", [lambda path: os.mkfifo(path), os.mkdir, lambda path: os.symlink(path, path)])
def test_what_is_no_file_claims_nothing_and_cannot_be_claimed(store, make):
    (store.root / ".locks").mkdir(parents=True)
    make(store.root / ".locks" / RUN)
    assert not store.is_claimed(RUN)
    with pytest.raises(OSError, match=r"a named pipe|Is a directory|symbolic links"), store.claim(RUN):
        pass


def test_another_thread_is_refused(store):
    seen = []

    def ask():
        with store.claim(RUN) as mine:
            seen.append(mine)

    with store.claim(RUN):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert seen == [False]


def test_the_holder_of_a_claim_is_known_and_the_kernel_ends_that_of_a_killed_process(store, python):
    before = time.time() - 1
    process = python(HOLD, RUN)
    assert process.stdout.readline().strip() == "True"
    assert store.is_claimed(RUN)
    holder = store.holder(RUN)
    assert holder.process == f"process {process.pid} on {platform.node()}"
    assert before <= holder.since <= time.time() + 1
    with store.claim(RUN) as mine:
        assert not mine
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    assert (store.root / ".locks" / RUN).exists(), "the file is left behind, and claims nothing"
    assert not store.is_claimed(RUN)
    with store.claim(RUN) as mine:
        assert mine
    assert not (store.root / ".locks").exists()


@rows(("folder", "file"), [(0o755, 0o600), (0o700, 0o600), (0o775, 0o660), (0o777, 0o666)])
def test_a_lock_file_is_open_to_those_who_may_write_in_the_store(store, folder, file):
    locks = store.root / ".locks"
    locks.mkdir(parents=True)
    store.root.chmod(folder)
    left_by_an_older_workbench = locks / RUN
    left_by_an_older_workbench.touch()
    left_by_an_older_workbench.chmod(0o644)
    for run_id in (RUN, "f" * 16):
        with store.claim(run_id) as mine:
            assert mine
            assert (locks / run_id).stat().st_mode & 0o777 == file


STEAL = """
import fcntl, os, sys
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_SH | fcntl.LOCK_NB)
"""


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() != 0, reason="only root can become another user")
def test_another_user_cannot_hold_a_run_back():
    # In a folder of its own: each session of pytest closes the folder of all sessions to other users.
    with tempfile.TemporaryDirectory() as folder:
        if not Path(folder).parent.stat().st_mode & 0o001:
            pytest.skip(f"{Path(folder).parent} is closed to other users")
        Path(folder).chmod(0o755)
        with Store(Path(folder)).claim(RUN):
            lock = Path(folder) / ".locks" / RUN
            beside = lock.with_name("open to all")
            beside.touch()
            beside.chmod(0o644)
            results = [
                subprocess.run([sys.executable, "-c", STEAL, str(file)], capture_output=True, text=True, check=False)
                for file in (lock, beside)
            ]
    assert "PermissionError" in results[0].stderr
    assert results[1].returncode == 0, results[1].stderr


@pytest.mark.parametrize(
    "written",
    ["", "{", "[" * 200_000, '{"pid": "x", "host": "y"}', '{"pid": 1e999, "host": "y"}', "\0" * 10**6, "null"],
)
def test_a_lock_file_may_hold_anything(store, written):
    (store.root / ".locks").mkdir(parents=True)
    (store.root / ".locks" / RUN).write_text(written)
    assert store.holder(RUN).process == "a process that has left no name"


def test_a_process_that_was_forked_off_does_not_keep_the_claim(store, python):
    process = python(
        """
        import os, sys, time
        from pathlib import Path
        from runs.store import Store
        with Store(Path(sys.argv[1])).claim(sys.argv[2]) as mine:
            if os.fork() == 0:
                print(os.getpid(), flush=True)
                time.sleep(60)
            time.sleep(60)
        """,
        RUN,
    )
    child = int(process.stdout.readline())
    try:
        assert store.is_claimed(RUN)
        process.send_signal(signal.SIGKILL)
        process.wait(60)
        assert not store.is_claimed(RUN)
    finally:
        os.kill(child, signal.SIGKILL)


def test_a_lock_on_a_file_that_was_removed_is_no_claim(store, monkeypatch):
    honest = claims.lock_descriptor
    replaced = []

    def overtaken(descriptor, *, blocking):
        if not replaced:  # the holder before lets go, and removes its file, between our opening and our locking
            path = store.root / ".locks" / RUN
            path.unlink()
            replaced.append(path)
        return honest(descriptor, blocking=blocking)

    monkeypatch.setattr(claims, "lock_descriptor", overtaken)
    with store.claim(RUN) as mine:
        assert mine
        assert replaced[0].exists(), "the claim must be on the file that others will find"
        assert store.is_claimed(RUN)


COUNT = """
    import sys
    from pathlib import Path
    from runs.store import Store
    store, counter = Store(Path(sys.argv[1])), Path(sys.argv[2])
    print("ready", flush=True)
    done = 0
    while done < 150:
        with store.claim("0123456789abcdef") as mine:
            if mine:
                number = int(counter.read_text())
                counter.write_text(str(number + 1))
                done += 1
"""


@pytest.mark.slow
def test_four_processes_that_claim_again_and_again_never_meet(store, python, tmp_path):
    counter = tmp_path / "counter"
    counter.write_text("0")
    processes = [python(COUNT, counter) for _ in range(4)]
    for process in processes:
        assert process.wait(300) == 0
    assert counter.read_text() == "600"


def test_a_store_that_is_read_only_is_named(store, monkeypatch):
    def refuse(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(claims.os, "open", refuse)
    with pytest.raises(StoreNotWritableError, match=rf"{RUN}.*Read-only file system.*--store DIR"), store.claim(RUN):
        pass


NO_PATHS = ["", ".", "..", "../other", "a/b", "a\\b", ".hidden", "-rf", "a b", "a;b", "[exec ls]"]
NO_NAMES = ["$x", "{a}", "campaigns", "set-aside", "a\n", "é", "x" * 101]


@rows("name", [*NO_PATHS, *NO_NAMES])
def test_names_that_are_more_than_names_or_mean_something_else_are_refused(name, tmp_path):
    store = Store(tmp_path)
    message = "its name becomes part of a path" if name in NO_PATHS else "run "
    for use in (lambda run: store.claim(run).__enter__(), store.entry, store.work_directory, store.is_claimed):
        with pytest.raises(ValueError, match=message):
            use(name)
    assert list(tmp_path.iterdir()) == []
