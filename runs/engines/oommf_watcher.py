"""Runs programs, and ends them and all that they started when its parent ends, in whatever way that happens.

A process that is killed with SIGKILL cannot end its children. This one stands between: it is run as a script and
holds one end of a socket whose other end only the parent holds. The kernel closes that end when the parent dies; then,
and when the parent closes it, everything is ended::

    python -I -S oommf_watcher.py SOCKET MARK MEMORY ALONE

SOCKET is the number of the descriptor, MARK a NAME=VALUE that is in the environment: by it also those processes are
found that have left their session. MEMORY is how many bytes each of them may have, 0 for no limit. With ALONE = 1 they
have a network of their own (`leave_network`), which ``oommf_watcher.py alone PROGRAM`` tries. The parent sends
programs, as `request` writes them. Each is started in a session of its own, with its output in oommf.stdout and
oommf.stderr of its directory; when it ends, its exit code is sent back as a line, negative for a signal.

It imports little, so that it starts in ten milliseconds.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import sys
import time
from collections.abc import Collection, Sequence

__all__ = ["end_all", "leave_network", "members", "request"]

_POLITE, _FORCED = 2.0, 5.0  # seconds that processes have to end after SIGTERM and after SIGKILL
_DEAF = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


def request(directory: str, command: Sequence[str]) -> bytes:
    r"""Return what asks for a program in a directory."""
    words = b"\0".join(os.fsencode(word) for word in (directory, *command))
    return b"%d\n%s" % (len(words), words)


def members(sessions: Collection[int], mark: str) -> list[int]:
    """Return the living processes of some sessions, and of a mark in the environment, but for this one.

    Sessions go by their leaders' numbers, and the mark is ``NAME=VALUE``. Where there is no /proc (macOS) only the
    sessions' first process groups are found: a group's number is the negative one that `os.kill` takes.
    """
    try:
        numbers = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except FileNotFoundError:
        return [-session for session in sessions if _kill(-session, 0)]
    found = []
    for number in numbers:
        if number == os.getpid():
            continue
        try:
            with open(f"/proc/{number}/stat", "rb") as file:
                # "number (name) state parent group session ...", and a name may hold anything.
                state, _, _, session = file.read().rpartition(b")")[2].split()[:4]
            if state in (b"Z", b"X"):
                continue
            if int(session) not in sessions:
                with open(f"/proc/{number}/environ", "rb") as file:
                    if mark.encode() not in file.read().split(b"\0"):
                        continue
        except OSError:  # it has ended, or is another user's
            continue
        found.append(number)
    return found


def end_all(sessions: Collection[int], mark: str) -> list[int]:
    """End every process of some sessions and of a mark (see `members`), politely and then not.

    Return those still there.
    """
    left: list[int] = []
    for number, patience in ((signal.SIGTERM, _POLITE), (signal.SIGKILL, _FORCED)):
        deadline = time.monotonic() + patience
        reported: set[int] = set()
        pause = 0.002
        while left := members(sessions, mark):
            for process in left:
                if process not in reported:
                    reported.add(process)
                    _kill(process, number)
            if time.monotonic() > deadline:
                break
            time.sleep(pause)
            pause = min(2 * pause, 0.05)
        if not left:
            break
    return left


def _kill(process: int, number: int) -> bool:
    try:
        os.kill(process, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _start(words: list[str]) -> int:
    """Start a program in a session of its own and return its number, which is the session's too."""
    child = os.fork()
    if child:
        return child
    directory, *command = words
    try:
        os.setsid()
        os.chdir(directory)
        for descriptor, name in ((1, "oommf.stdout"), (2, "oommf.stderr")):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666), descriptor)
        # What is ignored stays ignored in what is executed: this process is deaf, and Python ignores SIGPIPE.
        for number in (*_DEAF, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]} cannot be started in {directory}: {error.strerror}\n".encode())
    finally:
        os._exit(127)


def _watch(control: int, mark: str) -> int:
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
    parent, received = os.getppid(), b""
    ended: dict[int, bool] = {}
    while True:
        ready = {descriptor for descriptor, _ in poll.poll(1000)}
        if control in ready:
            sent = _received(control)
            if not sent:
                break
            received += sent
            size, _, words = received.partition(b"\n")
            if size and len(words) >= int(size):
                received = words[int(size) :]
                ended[_start([os.fsdecode(word) for word in words[: int(size)].split(b"\0")])] = False
        if wake in ready:
            os.read(wake, 64)
        for child in [child for child, over in ended.items() if not over]:
            code = _exit_code(child)
            if code is not None:
                ended[child] = True
                _tell(control, code)
        # A parent that was forked without exec has left its end of the socket in the fork, which keeps it open.
        if os.getppid() != parent:
            break
    left = end_all(list(ended), mark)
    for child in ended:
        if hasattr(os, "waitid"):
            os.waitpid(child, os.WNOHANG)  # whoever counts processor time gets the program's
    return len(left)


def _received(control: int) -> bytes:
    """Return what the parent has sent; nothing if it is gone."""
    try:
        return os.read(control, 1 << 16)
    except OSError:
        return b""


def _tell(control: int, code: int) -> None:
    try:
        os.write(control, b"%d\n" % code)
    except OSError:  # the parent is gone, which the next look at the socket shows
        return


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


def _limit_memory(limit: int) -> None:
    """Set what this process and all that it starts may have, but for a lower limit that is there."""
    _, highest = resource.getrlimit(resource.RLIMIT_AS)
    if limit and (highest == resource.RLIM_INFINITY or limit < highest):
        resource.setrlimit(resource.RLIMIT_AS, (limit, highest))


def leave_network() -> None:
    """Give this process, and all that it starts, a network with nothing but a loopback of its own.

    Linux lends one in a user namespace, in which this user keeps name and rights. No other user can enter it. OOMMF
    refuses root, who gets an ordinary user's number in it. An OSError if the kernel, or who set it up, forbids it, or
    the loopback cannot be used; this process is then of no more use.
    """
    import _socket
    import fcntl
    import struct

    user, group = os.geteuid(), os.getegid()
    _unshare(0x10000000 | 0x40000000)  # CLONE_NEWUSER | CLONE_NEWNET
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user or 1000} {user} 1"),
        ("gid_map", f"{group or 1000} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
    listening, connected = _socket.socket(), _socket.socket()
    # SIOCSIFFLAGS with IFF_UP and IFF_RUNNING.
    fcntl.ioctl(listening.fileno(), 0x8914, struct.pack("16sH14x", b"lo", 0x1 | 0x40))
    listening.bind(("127.0.0.1", 0))
    listening.listen(1)
    connected.connect(listening.getsockname())
    connected.close()
    listening.close()


def _unshare(flags: int) -> None:
    if hasattr(os, "unshare"):
        os.unshare(flags)
        return
    import ctypes  # Python 3.11

    try:
        failed = ctypes.CDLL(None, use_errno=True).unshare(flags)
    except AttributeError as error:
        raise OSError("this system has no namespaces") from error
    if failed:
        raise OSError(ctypes.get_errno(), "unshare")


if __name__ == "__main__":
    if sys.argv[1] == "alone":
        try:
            leave_network()
        except OSError as error:
            sys.exit(f"no network of its own: {error}")
        os.execvp(sys.argv[2], sys.argv[2:])
    _limit_memory(int(sys.argv[3]))
    if sys.argv[4] == "1":
        leave_network()
    sys.exit(_watch(int(sys.argv[1]), sys.argv[2]))
