"""OOMMF as processes of ours: started under a watcher, waited for, and ended whatever happens.

OOMMF's helpers (host server, account server, archiver) outlive the solver, and keep what they have inherited open.
So output goes to files, and `runs.engines.oommf_watcher` ends all of them with the run, and when this process dies.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from runs.engines import EngineFailedError
from runs.engines.oommf_watcher import end_all

__all__ = ["boxsi", "watched"]

_WATCHER = Path(__file__).with_name("oommf_watcher.py")
_ENDING = 20.0  # seconds that the watcher may take, which itself allows OOMMF seven
# They would send OOMMF's output, or its host server, somewhere else.
_UNWANTED = ("OOMMF_OUTDIR", "OOMMF_RESTARTFILEDIR", "OOMMF_HOSTPORT", "OOMMF_ACCOUNTPORT")
# A host server of its own: it would otherwise be shared with whatever else this account runs in OOMMF.
_BOXSI = (
    'mif=$1; threads=$2; restart=$3; shift 3; OOMMF_HOSTPORT=$("$@" launchhost 0) || exit 1; export OOMMF_HOSTPORT; '
    'exec "$@" boxsi +fg "$mif" -exitondone 1 -logfile boxsi.errors -threads "$threads" -restart "$restart"'
)


def boxsi(oommf: Sequence[str], mif: str, *, threads: int, restart: bool) -> list[str]:
    """Return the command that runs a MIF file of the current directory, with a host server of its own.

    Parameters
    ----------
    oommf : sequence of str
        How OOMMF is started.
    mif : str
        The file's name.
    threads : int
    restart : bool
        Whether it goes on from its checkpoint, which must be there.

    Returns
    -------
    list of str
    """
    return ["sh", "-c", _BOXSI, "sh", mif, str(threads), str(int(restart)), *oommf]


@contextlib.contextmanager
def watched(command: Sequence[str], directory: Path, run_id: str) -> Iterator[Callable[[float], int | None]]:
    """Run a command in a directory; inside the context it goes on, and all that it started ends with it.

    It ends however this process does, SIGKILL included. Its output goes to oommf.stdout and oommf.stderr. All its
    processes have SOLITONS_RUN, the run's id, in their environment.

    Parameters
    ----------
    command : sequence of str
    directory : pathlib.Path
    run_id : str

    Yields
    ------
    callable
        Waits so many seconds for the command to end, and returns its exit code, negative for a signal, or None
        if it goes on.

    Raises
    ------
    EngineFailedError
        The watcher was killed, or a process cannot be ended.
    """
    attempt = uuid.uuid4().hex
    mark = f"SOLITONS_ATTEMPT={attempt}"
    environment = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    environment |= {"SOLITONS_RUN": run_id, "SOLITONS_ATTEMPT": attempt}
    ours, theirs = socket.socketpair()
    # What closes `ours` ends the command: an interrupt here, where the watcher may just have been started, too.
    with ours:
        with (
            theirs,
            open(directory / "oommf.stdout", "ab") as stdout,
            open(directory / "oommf.stderr", "ab") as stderr,
        ):
            watcher = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_WATCHER), str(theirs.fileno()), mark, *command],
                cwd=directory,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                env=environment,
            )
        told = _Told(ours, run_id)
        try:
            yield told.wait
        finally:
            ours.close()
            _wait_for_end(watcher, told.session, mark, run_id)


class _Told:
    """What the watcher has told: the session's number, and the exit code."""

    def __init__(self, control: socket.socket, run_id: str) -> None:
        self.session, self._text = 0, ""
        self._code: int | None = None
        self._control, self._run_id = control, run_id

    def wait(self, seconds: float) -> int | None:
        """Wait for the command to end, and return its exit code; None if it goes on."""
        deadline = time.monotonic() + seconds
        while self._code is None:
            self._control.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                received = self._control.recv(4096)
            except TimeoutError:
                return None
            if not received:
                raise EngineFailedError(
                    f"run {self._run_id}: the process that watches OOMMF was killed, and so OOMMF was ended"
                )
            self._text += received.decode()
            self._read()
        return self._code

    def _read(self) -> None:
        *lines, self._text = self._text.split("\n")
        for line in lines:
            what, number = line.split()
            if what == "started":
                self.session = int(number)
            else:
                self._code = int(number)


def _wait_for_end(watcher: subprocess.Popen[bytes], session: int, mark: str, run_id: str) -> None:
    """Wait until the watcher has ended everything, and do it here if it cannot."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        if watcher.wait(_ENDING) == 0:
            return
    watcher.kill()
    watcher.wait()
    left = end_all(session, mark)
    if left:
        raise EngineFailedError(f"run {run_id}: OOMMF's processes {', '.join(map(str, left))} cannot be ended")
