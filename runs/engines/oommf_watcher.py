"""Runs a program, and ends it and all that it started when its parent ends, in whatever way that happens.

A process that is killed with SIGKILL cannot end its children. This one stands between: it is run as a script,
starts the program in a session of its own and holds one end of a socket whose other end only the parent holds. The
kernel closes that end when the parent dies; then, and when the parent closes it, everything is ended::

    python -I -S oommf_watcher.py SOCKET MARK COMMAND...

SOCKET is the number of the descriptor, MARK a NAME=VALUE that is in the environment of all that the command starts:
by it also those are found that have left the session. The parent is told ``started PID`` and ``ended CODE``.

It imports little, so that it starts in ten milliseconds.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time

__all__ = ["end_all", "members"]

_POLITE, _FORCED = 2.0, 5.0  # seconds that processes have to end after SIGTERM and after SIGKILL
_DEAF = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


def members(session: int, mark: str) -> list[int]:
    """Return the living processes of a session, and of a mark in the environment, but for this one.

    Parameters
    ----------
    session : int
        Its leader; 0 for none.
    mark : str
        ``NAME=VALUE``. Where there is no /proc (macOS) only the session's first process group is found.

    Returns
    -------
    list of int
        Their numbers; a group's as the negative number that `os.kill` takes for one.
    """
    try:
        numbers = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except FileNotFoundError:
        return [-session] if session and _exists(-session) else []
    found = []
    for number in numbers:
        if number == os.getpid():
            continue
        try:
            with open(f"/proc/{number}/stat", "rb") as file:
                # "number (name) state parent group session ...", and a name may hold anything.
                state, _, _, its_session = file.read().rpartition(b")")[2].split()[:4]
            if state in (b"Z", b"X"):
                continue
            if int(its_session) != session:
                with open(f"/proc/{number}/environ", "rb") as file:
                    if mark.encode() not in file.read().split(b"\0"):
                        continue
        except OSError:  # it has ended, or is another user's
            continue
        found.append(number)
    return found


def end_all(session: int, mark: str) -> list[int]:
    """End every process of a session and of a mark, politely and then not.

    Parameters
    ----------
    session, mark
        As for `members`.

    Returns
    -------
    list of int
        Those that are still there after all.
    """
    left: list[int] = []
    for number, patience in ((signal.SIGTERM, _POLITE), (signal.SIGKILL, _FORCED)):
        deadline = time.monotonic() + patience
        told: set[int] = set()
        pause = 0.002
        while left := members(session, mark):
            for process in left:
                if process not in told:
                    told.add(process)
                    _kill(process, number)
            if time.monotonic() > deadline:
                break
            time.sleep(pause)
            pause = min(2 * pause, 0.05)
        if not left:
            break
    return left


def _exists(process: int) -> bool:
    return _kill(process, 0)


def _kill(process: int, number: int) -> bool:
    try:
        os.kill(process, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _start(command: list[str]) -> int:
    """Start the program in a session of its own and return its number, which is the session's too."""
    child = os.fork()
    if child:
        return child
    try:
        os.setsid()
        # What is ignored stays ignored in what is executed: this process is deaf, and Python ignores SIGPIPE.
        for number in (*_DEAF, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]} cannot be started: {error.strerror}\n".encode())
    finally:
        os._exit(127)


def _watch(control: int, mark: str, command: list[str]) -> int:
    for number in _DEAF:
        signal.signal(number, signal.SIG_IGN)
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    os.set_inheritable(control, False)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    poll = select.poll()  # takes any descriptor, `select.select` only the first thousand
    for descriptor in (control, wake):
        poll.register(descriptor, select.POLLIN)
    parent = os.getppid()
    child = _start(command)
    running = _tell(control, f"started {child}\n")
    ended = False
    while running:
        # A parent that was forked without exec has left its end of the socket in the fork, which keeps it open.
        ready = {descriptor for descriptor, _ in poll.poll(1000)}
        if control in ready or os.getppid() != parent:
            break
        if wake in ready:
            os.read(wake, 64)
        if not ended and (code := _exit_code(child)) is not None:
            ended = True
            running = _tell(control, f"ended {code}\n")
    return len(end_all(child, mark))


def _exit_code(child: int) -> int | None:
    """Return how a child ended, negative for a signal; None while it runs."""
    if hasattr(os, "waitid"):
        # The child is not reaped: nobody else gets its number, which is the session's, before all of it has ended.
        status = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if status is None:
            return None
        return status.si_status if status.si_code == os.CLD_EXITED else -status.si_status
    number, code = os.waitpid(child, os.WNOHANG)  # macOS before Python 3.13
    return os.waitstatus_to_exitcode(code) if number else None


def _tell(control: int, message: str) -> bool:
    """Tell the parent; False if it is gone."""
    try:
        os.write(control, message.encode())
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(_watch(int(sys.argv[1]), sys.argv[2], sys.argv[3:]))
