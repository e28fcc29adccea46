"""Stages of an analysis, each with a bar that shows how far it is and the time left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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


@contextmanager
def progress_bars(console: Console) -> Iterator[Progress]:
    """Bars with the fraction that is done, the time it took and the time left."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
    ) as progress:
        yield progress


class Stages:
    """Shows the stages of an analysis.

    Parameters
    ----------
    progress : rich.progress.Progress, optional
        Where they are shown; nowhere if left out.
    """

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress or Progress(console=Console(quiet=True))
        self.prefix = ""
        """What stands before each stage's name: which variant it is of."""

    @contextmanager
    def __call__(self, name: str, total: int | None = None) -> Iterator[Callable[[], None]]:
        """Show one stage while the block runs; the block calls what it is given after each of `total` steps."""
        interruption.check()
        task = self._progress.add_task(self.prefix + name, total=total)

        def advance() -> None:
            interruption.check()
            self._progress.advance(task)

        yield advance
        self._progress.update(task, total=total or 1, completed=total or 1)

    def over(self, name: str, items: Sequence[T]) -> Iterator[T]:
        """Give the items one after another, a step of one stage each."""
        with self(name, len(items)) as advance:
            for item in items:
                yield item
                advance()
