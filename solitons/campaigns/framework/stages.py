"""Stages of an analysis, each with a bar that shows how far it is and the time left, or with lines in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from runs import interruption

__all__ = ["Stages", "progress_bars"]

T = TypeVar("T")
_FEW = 8  # steps, below which a stage has no quarters


@contextmanager
def progress_bars(console: Console) -> Iterator[Progress]:
    """Bars with the fraction that is done, the time it took and the time left; none where no bar can be drawn anew."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        disable=_in_lines(console),
    ) as progress:
        yield progress


def _in_lines(console: Console) -> bool:
    return not (console.is_terminal or console.is_jupyter)


class _Lines:
    """The progress of one stage where output goes to a file: a line as it begins, at each quarter, and at its end."""

    def __init__(self, console: Console, name: str, total: int | None) -> None:
        self._print = console.print if _in_lines(console) else lambda *_, **__: None
        self._name, self._total, self._done, self._began = name, total or 0, 0, monotonic()
        self._say("begins")

    def _say(self, what: str) -> None:
        self._print(f"{self._name}: {what}", markup=False, highlight=False, soft_wrap=True)

    def advance(self) -> None:
        """One more of the steps is done."""
        self._done += 1
        quarters = 4 * self._done // self._total if self._total >= _FEW else 0
        if quarters > 4 * (self._done - 1) // max(self._total, 1) and self._done < self._total:
            left = (monotonic() - self._began) / self._done * (self._total - self._done)
            self._say(f"{self._done} of {self._total}, {timedelta(seconds=round(left))} left")

    def end(self) -> None:
        """All of it is done."""
        self._say(f"done in {monotonic() - self._began:.1f} s")


class Stages:
    """Shows the stages of an analysis in a progress display, or nowhere."""

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress or Progress(console=Console(quiet=True))
        self.prefix = ""
        """What stands before each stage's name: which variant it is of."""

    @contextmanager
    def __call__(self, name: str, total: int | None = None) -> Iterator[Callable[[], None]]:
        """Show one stage while the block runs; the block calls what it is given after each of `total` steps."""
        interruption.check()
        task = self._progress.add_task(self.prefix + name, total=total)
        lines = _Lines(self._progress.console, self.prefix + name, total)

        def advance() -> None:
            interruption.check()
            self._progress.advance(task)
            lines.advance()

        yield advance
        self._progress.update(task, total=total or 1, completed=total or 1)
        lines.end()

    def over(self, name: str, items: Sequence[T]) -> Iterator[T]:
        """Give the items one after another, a step of one stage each."""
        with self(name, len(items)) as advance:
            for item in items:
                yield item
                advance()
