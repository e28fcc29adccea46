"""The same state in a notebook's cell, or in a terminal, while a campaign runs."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from runs.store import Store, run_states
from solitons.watch.states import STATES, StoreWatch

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["watch_campaign", "watching_campaign"]

_EVERY = 1.0  # seconds between looks
_LINES = 12  # shown runs: runs at work, and runs with problems


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def watch_campaign(campaign: str | _Named, store: str | Path, *, engine: str | None = None) -> None:
    """Show how a campaign stands until none of its runs is computed any more, wherever it is computed.

    Parameters
    ----------
    campaign : str or AbstractCampaign
        The campaign, or its name.
    store : str or pathlib.Path
        Folder of the run store; nothing is written there.
    engine : str, optional
        Engine whose runs to show; by default all engines.

    Raises
    ------
    KeyError
        If the campaign has not been run into this store.

    Notes
    -----
    It ends when no process computes a run of the campaign, for the second look in turn: between two runs nobody
    computes one. Interrupt the cell to end it sooner; the campaign goes on.

    Examples
    --------
    >>> watch_campaign("dw-synapse", "no-such-store")
    Traceback (most recent call last):
    ...
    KeyError: "campaign 'dw-synapse' has not been run into store 'no-such-store'; it has none"
    """
    watch, name = StoreWatch(Store(Path(store))), _name(campaign)
    known = sorted({record.name for record in run_states(watch.store).campaigns})
    if name not in known:
        raise KeyError(
            f"campaign {name!r} has not been run into store {str(store)!r}; it has {', '.join(known) or 'none'}"
        )
    with _display() as show:
        idle = 0
        while idle < 2:
            table, at_work = _table(watch, name, engine)
            show(table)
            idle = 0 if at_work else idle + 1
            time.sleep(_EVERY)


@contextmanager
def watching_campaign(campaign: str | _Named, store: str | Path, *, engine: str | None = None) -> Iterator[None]:
    """Show how a campaign stands as long as the block runs, which computes it.

    Parameters
    ----------
    campaign : str or AbstractCampaign
        The campaign, or its name.
    store : str or pathlib.Path
        Folder of the run store.
    engine : str, optional
        Engine whose runs to show; by default all engines.

    Examples
    --------
    In a notebook the cell that runs a campaign shows a table that changes; here no campaign has run yet:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as store, watching_campaign("mine", store):
    ...     pass  # run_campaign(load_campaign("mine.yaml"), store, jobs=4)
                   mine: not begun
    ┏━━━━━━━┳━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━┳━━━━━━━┓
    ┃ state ┃ run ┃ progress ┃ time left ┃ error ┃
    ┡━━━━━━━╇━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━╇━━━━━━━┩
    └───────┴─────┴──────────┴───────────┴───────┘
    """
    watch, name, ended = StoreWatch(Store(Path(store))), _name(campaign), threading.Event()
    with _display() as show:

        def look() -> None:
            while True:
                last = ended.is_set()
                show(_table(watch, name, engine)[0])
                if last:
                    return
                ended.wait(_EVERY)

        thread = threading.Thread(target=look, name="watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def _name(campaign: str | _Named) -> str:
    return campaign if isinstance(campaign, str) else campaign.name


def _table(watch: StoreWatch, name: str, engine: str | None) -> tuple[Table, bool]:
    """How the campaign stands, and whether any process is at work for it."""
    from rich.markup import escape
    from rich.table import Table

    look = watch.look(at_most=0.0)
    chosen = [each for each in look.campaigns if each["name"] == name and engine in (None, each["engine"])]
    counts = {state: sum(each["counts"][state] for each in chosen) for state in STATES}
    told = ", ".join(
        f"{count} {'waiting' if state == 'missing' else state}" for state, count in counts.items() if count
    )
    table = Table("state", "run", "progress", "time left", "error", title=f"{escape(name)}: {told or 'not begun'}")
    ids = {each["id"] for each in chosen}
    rows = [row for row in look.rows if ids.intersection(row["campaigns"])]
    shown = [row for row in rows if row["state"] not in ("stored", "missing")]
    for row in shown[:_LINES]:
        progress = "" if row["progress"] is None else f"{row['progress']:.0%}"
        left = "" if row["left"] is None else f"{row['left']:.0f} s"
        table.add_row(row["state"], escape(row["label"] or row["id"]), progress, left, escape(row["error"]))
    if len(shown) > _LINES:
        table.caption = f"and {len(shown) - _LINES} more"
    return table, counts["computing"] > 0


@contextmanager
def _display() -> Iterator[Callable[[Table], None]]:
    """Display of a table in the place of the one before: in a cell of a notebook, or in the terminal."""
    if _in_notebook():
        from IPython.display import display

        handle = display(display_id=True)  # type: ignore[no-untyped-call]
        assert handle is not None
        yield handle.update
        return
    from rich.live import Live

    with Live(auto_refresh=False) as live:
        yield lambda table: live.update(table, refresh=True)


def _in_notebook() -> bool:
    if "IPython" not in sys.modules:
        return False
    shell = sys.modules["IPython"].get_ipython()
    return shell is not None and shell.__class__.__name__ == "ZMQInteractiveShell"
