"""The command that computes the claims of a publication: `reproduce`."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table

from solitons.commands.crate_commands import pack
from solitons.commands.store_commands import StoreOption
from solitons.commands.terminal import SafeConsole

if TYPE_CHECKING:
    from cyclopts import App

    from solitons.campaigns.framework.base import AbstractCampaign
    from solitons.campaigns.framework.results import CampaignSummary
    from solitons.reproductions.computing import ComputedRow
    from solitons.reproductions.plan import Plan

__all__ = ["register"]


def register(app: App) -> None:
    """Add the command to the `solitons` command."""
    app.command(reproduce)


def reproduce(
    plan: str,
    /,
    *,
    store: StoreOption = Path("store"),
    engine: str | None = None,
    jobs: int = 1,
    hours: float | None = None,
    out: Path = Path("reproduced"),
    crates: bool = False,
    licence: str | None = None,
) -> None:
    """Run all campaigns that stand for the figures of a publication, and put its numbers beside ours in one table.

    What is stored is used, so that the same command goes on where it was stopped. Ends with exit code 1 if a campaign
    stopped with an error.

    Parameters
    ----------
    plan
        Name of the plan: grollier-2016 is the review of the gallery.
    store
        Folder of the run store.
    engine
        Engine to use in place of those in the campaigns: oommf, native, or one that another package adds.
    jobs
        How many runs at once on this machine.
    hours
        Take only campaigns whose recorded minutes fit, in the order of the plan.
    out
        Folder for table.csv and table.md, which are written after every campaign, and for the crates.
    crates
        Pack each campaign that was computed as an RO-Crate.
    licence
        Licence of the data in the crates, such as CC-BY-4.0, or its address. If left out: none, as the crates state.
    """
    from runs import resolve
    from runs.engines import get_engine
    from solitons import run_campaign
    from solitons.crates.metadata import licence_address
    from solitons.reproductions import compute_plan, left_out, load_plan
    from solitons.reproductions.tables import write_tables

    planned = load_plan(plan)
    without = left_out(planned, hours)
    if jobs < 1:
        raise ValueError(f"reproduce: jobs = {jobs} must be at least 1")
    if licence is not None:
        if not crates:
            raise ValueError(f"reproduce: --licence {licence!r} is for the crates; add --crates, or leave it out")
        licence_address(licence)  # one that is not known would spoil each crate
    if engine is not None:
        get_engine(resolve(engine)).version()  # one that is not here would stop each campaign
    console = SafeConsole(highlight=False, soft_wrap=True)
    _announce(planned, without, console)

    def run(campaign: AbstractCampaign) -> CampaignSummary[Any]:
        shared = {"engine": engine, "jobs": jobs} if campaign.has_runs else {}
        return run_campaign(campaign, store, console=console, **shared)  # type: ignore[arg-type]

    def packed(summary: CampaignSummary[Any]) -> None:
        if crates:
            pack(Path(summary.campaign), out, store, summary.engine, licence, arrays=True)

    errors = []

    def failed(name: str, why: str) -> None:
        errors.append(name)
        console.print(f"[red]{name}[/red] {escape(why)}")

    def so_far(rows: list[ComputedRow]) -> None:
        write_tables(planned, rows, out)

    try:
        rows = compute_plan(planned, run, without=without, after=packed, so_far=so_far, failed=failed)
    except KeyboardInterrupt as interrupt:
        raise KeyboardInterrupt(
            f"Finished runs are in the store, and rows of finished campaigns in the tables in {str(out)!r}; the same "
            "command goes on from there."
        ) from interrupt
    shown = Table(
        "figure", "claim", "published", "ours", "verdict", "engine", "campaign", box=SIMPLE, title=planned.title
    )
    for column in shown.columns:
        column.overflow = "fold"
    colours = {"trusted": "green", "limited": "yellow", "failed": "red"}
    for row in rows:
        if row.planned.campaign in without:  # announced before, and in the files
            continue
        at, ours = row.planned, "; ".join(filter(None, (row.ours, row.detail)))
        verdict = f"[{colours[row.verdict]}]{row.verdict}[/]" if row.verdict in colours else row.verdict
        texts = (escape(each) for each in (at.claim, re.sub(r" \[[^]]*\]", "", at.published), ours))
        shown.add_row(str(at.figure), *texts, verdict, escape(row.engine), at.campaign)
    SafeConsole(highlight=False).print(shown)
    for path in write_tables(planned, rows, out):
        console.print(f"Wrote {escape(str(path))}")
    if errors:
        console.print(f"[red]Stopped with an error:[/red] {', '.join(errors)}; the same command tries them again")
        sys.exit(1)


def _announce(plan: Plan, without: dict[str, str], console: SafeConsole) -> None:
    """Print what will be computed, how long that took, and what is left out."""
    table = Table("campaign", "minutes, two cores in use", "", box=None)
    for name in plan.campaigns:
        table.add_row(
            name, f"{plan.minutes[name]:g}" if name in plan.minutes else "not measured", without.get(name, "")
        )
    console.print(f"{escape(plan.title)}: {escape(plan.source)}")
    console.print(table)
    taken = [name for name in plan.campaigns if name not in without]
    known = [plan.minutes[name] for name in taken if name in plan.minutes]
    console.print(
        f"{len(taken)} of {len(plan.campaigns)} campaigns are computed. {len(known)} of them took {sum(known):g} "
        "minutes, some by their pages' command with --jobs 2, without which they take longer; the others were not "
        "measured. What is stored is not computed again."
    )
