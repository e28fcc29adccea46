"""Ctrl-C and SIGTERM as one interrupt that is not lost.

Python raises `KeyboardInterrupt` wherever its main thread is. In a callback of the garbage collector (JAX has one), or
in a finaliser, it is printed and forgotten, and the program goes on. So the handler leaves a mark too, at which loops
look.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["check", "held", "is_interrupted", "listen"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_interrupted = False


def listen() -> None:
    """Make Ctrl-C and SIGTERM interrupt this program, also where an exception is lost. For the main thread."""
    global _interrupted
    _interrupted = False
    for number in _SIGNALS:
        signal.signal(number, _interrupt)


def is_interrupted() -> bool:
    """Whether the program was interrupted since `listen`; it is ending then."""
    return _interrupted


def check() -> None:
    """Raise `KeyboardInterrupt` if the program was interrupted; loops call it."""
    if _interrupted:
        raise KeyboardInterrupt


@contextmanager
def held() -> Iterator[None]:
    """Let an interrupt wait for the end of a block that must not be left half done; a second one does not wait.

    Elsewhere than in the main thread, where none arrives, the block just runs.
    """
    came: list[tuple[int, FrameType | None]] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append((number, frame))
        if len(came) > 1:
            raise KeyboardInterrupt

    try:
        heard = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
        before = {number: signal.signal(number, note) for number in heard}
    except ValueError:
        yield
        return
    try:
        yield
    finally:
        for each, handler in before.items():
            # One that is not Python's cannot be put back.
            signal.signal(each, signal.SIG_DFL if handler is None else handler)
        for number, frame in came[:1]:
            handler = before[signal.Signals(number)]
            if callable(handler):
                handler(number, frame)
            else:
                signal.raise_signal(number)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    global _interrupted
    _interrupted = True
    raise KeyboardInterrupt
