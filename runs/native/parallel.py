"""Independent pieces of work in threads: what JAX has compiled runs in several at once."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import Any, TypeVar

Result = TypeVar("Result")


class _StoppedError(Exception):
    """Another piece has failed, or the whole was interrupted."""


def in_parallel(
    work: Callable[[int, Callable[[float], None]], Result],
    pieces: Sequence[int],
    threads: int,
    progress: Callable[[float], Any] | None = None,
) -> list[Result]:
    """Do pieces of work, so many threads at a time; with one, all is done in this thread. Gives their results in order.

    `work` is called with a piece and a function that takes now and then which part of it is done, from 0 to 1;
    `progress` with the part of the whole that is done. What `progress`, or the first piece to fail, raises ends the
    whole; the other pieces end when they next report how far they are.
    """
    shares = [0.0] * len(pieces)
    lock, stopped = threading.Lock(), threading.Event()

    def reporter(index: int) -> Callable[[float], None]:
        def report(share: float) -> None:
            if stopped.is_set():
                raise _StoppedError
            with lock:
                shares[index] = share
                if progress is not None:
                    progress(min(1.0, sum(shares) / len(shares)))

        return report

    if threads == 1 or len(pieces) == 1:
        return [work(piece, reporter(index)) for index, piece in enumerate(pieces)]
    with ThreadPoolExecutor(threads) as executor:
        futures = [executor.submit(work, piece, reporter(index)) for index, piece in enumerate(pieces)]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            # An interruption, too, ends the threads before it goes on.
            if not all(future.done() and future.exception() is None for future in futures):
                stopped.set()
                for future in futures:
                    future.cancel()
    failures = [future.exception() for future in futures if not future.cancelled()]
    for failure in failures:
        if failure is not None and not isinstance(failure, _StoppedError):
            raise failure
    return [future.result() for future in futures]
