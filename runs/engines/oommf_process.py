"""OOMMF as processes of ours: started under a watcher, waited for, and ended whatever happens.

OOMMF's helpers (host server, account server, archivers) outlive the solver, and keep what they have inherited open.
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
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from runs.engines import EngineFailedError
from runs.engines.oommf_isolation import WATCHER, oommf_here
from runs.engines.oommf_watcher import end_all, request

__all__ = ["OommfProcesses", "WatchedProcesses"]

_ENDING = 20.0  # seconds that the watcher may take, which itself allows the others seven
_LAUNCH = 60.0  # seconds that a host server may take to start
# They would send OOMMF's output, or its host server, somewhere else.
_UNWANTED = ("OOMMF_OUTDIR", "OOMMF_RESTARTFILEDIR", "OOMMF_HOSTPORT", "OOMMF_ACCOUNTPORT")


class WatchedProcesses:
    """Programs that all end with the context that this is, or with this process, however it dies.

    All their processes have SOLITONS_RUN, the run's id, in their environment. The watcher starts with the first.
    `memory` is how many bytes each process may have, and `alone` whether they get a network of their own.
    """

    def __init__(self, run_id: str, memory: int | None = None, *, alone: bool = False) -> None:
        self.run_id = run_id
        self._memory = memory or 0
        self._alone = alone
        self._attempt = uuid.uuid4().hex
        self._control: socket.socket | None = None
        self._watcher: subprocess.Popen[bytes] | None = None
        self._text = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._control is not None:
            self._control.close()
        if self._watcher is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            if self._watcher.wait(_ENDING) == 0:
                return
        # It was killed, or cannot do it.
        self._watcher.kill()
        self._watcher.wait()
        left = end_all((), f"SOLITONS_ATTEMPT={self._attempt}")
        if left:
            raise EngineFailedError(f"run {self.run_id}: OOMMF's processes {', '.join(map(str, left))} cannot be ended")

    def start(self, command: Sequence[str], directory: Path) -> None:
        """Start a program in a directory, with its output in oommf.stdout and oommf.stderr there."""
        if self._control is None:
            # What closes our end ends everything: an interrupt here, where the watcher may just have been started, too.
            self._control, theirs = socket.socketpair()
            with theirs:
                self._watcher = self._start_watcher(theirs.fileno())
        try:
            self._control.sendall(request(str(directory), command))
        except OSError as error:
            raise self._lost() from error

    def wait(self, seconds: float) -> int | None:
        """Wait for the program that was started last, so many seconds at most, and return its exit code.

        None if it goes on. It is negative for a signal. An EngineFailedError if the watcher was killed.
        """
        if self._control is None:
            raise ValueError("nothing was started")
        deadline = time.monotonic() + seconds
        while b"\n" not in self._text:
            self._control.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                received = self._control.recv(4096)
            except TimeoutError:
                return None
            except OSError:
                received = b""
            if not received:
                raise self._lost()
            self._text += received
        code, _, self._text = self._text.partition(b"\n")
        return int(code)

    def _start_watcher(self, control: int) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
        environment |= {"SOLITONS_RUN": self.run_id, "SOLITONS_ATTEMPT": self._attempt}
        return subprocess.Popen(
            [
                sys.executable,
                "-I",
                "-S",
                str(WATCHER),
                str(control),
                f"SOLITONS_ATTEMPT={self._attempt}",
                str(self._memory),
                str(int(self._alone)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[control],
            start_new_session=True,
            env=environment,
        )

    def _lost(self) -> EngineFailedError:
        return EngineFailedError(
            f"run {self.run_id}: the process that watches OOMMF was killed, and so OOMMF was ended; run it again"
        )


class OommfProcesses(WatchedProcesses):
    """OOMMF, with a host server of its own that serves all drives of a run.

    oommfc's would be shared with whatever else this account runs in OOMMF, and starting one for each drive takes as
    long as all that this package does beside OOMMF. No other user of the machine reaches it, in the best way that there
    is (`runs.engines.oommf_isolation`). `oommf` is how OOMMF is started.
    """

    def __init__(self, oommf: tuple[str, ...], run_id: str, memory: int | None = None) -> None:
        here = oommf_here(oommf)
        super().__init__(run_id, memory, alone=here.isolation == "own network")
        self._oommf = oommf
        self._environment = dict(here.environment)

    def start_solver(self, mif: Path, *, threads: int, restart: bool) -> None:
        """Start OOMMF's solver on a MIF file, in the file's directory; `restart` goes on from its checkpoint.

        An EngineFailedError if there is no host server.
        """
        if "OOMMF_HOSTPORT" not in self._environment:
            self._environment["OOMMF_HOSTPORT"] = self._launch_host(mif.parent)
        options = [
            "-exitondone",
            "1",
            "-logfile",
            "boxsi.errors",
            "-threads",
            str(threads),
            "-restart",
            str(int(restart)),
        ]
        self._start_oommf(["boxsi", "+fg", mif.name, *options], mif.parent)

    def _start_oommf(self, arguments: Sequence[str], directory: Path) -> None:
        environment = ["env", *(f"{name}={value}" for name, value in self._environment.items())]
        self.start([*(environment if self._environment else ()), *self._oommf, *arguments], directory)

    def _launch_host(self, directory: Path) -> str:
        """Start a host server and return its port."""
        self._start_oommf(["launchhost", "0"], directory)
        code = self.wait(_LAUNCH)
        stdout = directory / "oommf.stdout"
        words = stdout.read_text("utf-8", "replace").split() if stdout.exists() else []
        if code != 0 or not words or not words[-1].isdigit():
            ended = "does not start" if code is None else f"ended with {code}"
            raise EngineFailedError(
                f"run {self.run_id}: OOMMF's host server {ended}, and gave no port; its logs are in {directory}"
            )
        return words[-1]
