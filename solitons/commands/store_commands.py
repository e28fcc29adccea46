"""The commands that look at a store and keep it: `status`, `list`, `show`, `verify`, `gc`, `rm`.

They import only what they need: asking how a campaign stands must not wait for JAX.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter
from rich.filesize import decimal
from rich.markup import escape

from geometries.plain_files import read_json, unlinked_opener
from runs.store import (
    Leftover,
    RunClaimedError,
    Store,
    campaigns_with,
    find_leftovers,
    remove_leftovers,
    remove_run,
    run_labels,
    set_aside_corrupt,
    set_aside_entries,
    verify,
)
from runs.store import status as look_at
from solitons.commands.crate_commands import is_crate, verify_packed
from solitons.commands.terminal import SafeConsole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from runs.store import CampaignStatus, ComputingRun, Failure

__all__ = ["StoreOption", "register"]

StoreOption = Annotated[Path, Parameter(name="--store", help="Folder of the run store.")]


def register(app: App) -> None:
    """Add the commands to the `solitons` command."""
    app.command(status)
    app.command(list_runs, name="list")
    app.command(show)
    app.command(verify_store, name="verify")
    app.command(clean_store, name="gc")
    app.command(remove_runs, name="rm")


def status(campaign: str | None = None, /, *, store: StoreOption = Path("store")) -> None:
    """Show which runs of each campaign are stored, being computed, failed or missing.

    Parameters
    ----------
    campaign
        Name or file of one campaign; all if it is left out.
    store
        Folder of the run store.
    """
    console = _console()
    if campaign is not None and Path(campaign).suffix in {".yaml", ".yml"}:
        from solitons.campaigns.framework.kinds import load_campaign

        campaign = load_campaign(campaign).name
    if campaign is None and _is_missing(console, store):
        return
    found, labels = look_at(Store(store), campaign), run_labels(Store(store))
    for each in found.campaigns:
        _print_campaign(console, each, labels)
    for problem in found.problems:
        console.print(f"[red]cannot be read[/red] {escape(problem)}")
    if campaign is None:
        for run in found.computing:
            console.print(f"computing, of no campaign: {run.run_id}{_progress_of(run)}")
        for failure in found.failed:
            console.print(f"failed, of no campaign: {failure.run_id} {_failure_in_words(failure)}")
        console.print(f"{found.stored} runs in {escape(str(store))}")
        if found.set_aside:
            console.print(
                f"{found.set_aside} entries were not whole and lie in {escape(str(store / 'set-aside'))}, "
                "each with the reason beside it"
            )


def _is_missing(console: Console, store: Path) -> bool:
    """Say of a store that is not there that it is not: a command that looks at one makes none."""
    if store.is_dir():
        return False
    what = "is no folder" if store.exists() else "is not there"
    console.print(
        f"There is no store: {escape(repr(str(store)))} {what}; name its folder with '--store DIR', or run a campaign, "
        "which makes one"
    )
    return True


def _print_campaign(console: Console, campaign: CampaignStatus, labels: Mapping[str, str]) -> None:
    counts = [f"{campaign.stored} of {campaign.total} runs"]
    counts += [
        f"{count} {word}"
        for count, word in (
            (len(campaign.computing), "computing"),
            (len(campaign.failed), "failed"),
            (campaign.missing, "missing"),
        )
        if count
    ]
    counts += ["more follow from what these show"] if campaign.more else []
    console.print(f"[bold]{escape(campaign.name)}[/bold] ({escape(campaign.engine)}): {', '.join(counts)}")
    if campaign.older:
        console.print(f"  described in {_OLDER}")
    for run in campaign.computing:
        console.print(f"  computing {escape(_named(run.run_id, labels))}{_progress_of(run)}")
    for failure in campaign.failed:
        console.print(f"  [red]failed[/red] {escape(_named(failure.run_id, labels))} {_failure_in_words(failure)}")


_OLDER = (
    "an older schema, by an older version of the workbench: such runs can be opened, and a campaign of today computes "
    "its runs again, under ids of their own"
)


def _older_in_words(count: int) -> str:
    return f"{count} {'was' if count == 1 else 'were'} described in {_OLDER}"


def _named(run_id: str, labels: Mapping[str, str]) -> str:
    """A run by its id and what it is, which an id alone does not say."""
    return f"{run_id} ({labels[run_id]})" if run_id in labels else run_id


def _progress_of(run: ComputingRun) -> str:
    parts = [""]
    if run.progress.fraction is not None:
        parts.append(f"{run.progress.fraction:.0%}")
    if run.progress.steps_per_second is not None:
        parts.append(f"{run.progress.steps_per_second:,.0f} steps/s")
    if run.progress.seconds_left is not None:
        parts.append(f"{timedelta(seconds=round(run.progress.seconds_left))} left")
    return ", ".join(parts)


def _failure_in_words(failure: Failure) -> str:
    logs = f"; logs in {failure.log_directory}" if failure.log_directory else ""
    text = f"(attempt {failure.attempt}): {failure.error_type}: {failure.message}{logs}"
    return escape(text)


def list_runs(*, store: StoreOption = Path("store")) -> None:
    """List the stored runs.

    Parameters
    ----------
    store
        Folder of the run store.
    """
    from solitons.commands.run_list import listed_run, written_in_columns

    console = _console()
    if _is_missing(console, store):
        return
    folder = Store(store)
    labels = run_labels(folder)
    found = [listed_run(folder, run_id, labels.get(run_id, "")) for run_id in folder.ids()]
    console.print(f"{len(found)} runs in {escape(str(store))}")
    # Thousands of lines: a table of rich's would take longer than reading the store.
    console.out("\n".join(written_in_columns(found)), highlight=False)
    older = sum(run.older for run in found)
    if older:
        console.print(_older_in_words(older))


def show(run: str, *, store: StoreOption = Path("store")) -> None:
    """Show a stored run: its spec, its provenance, and its Dataset.

    Parameters
    ----------
    run
        The run's id, or the first digits of it.
    store
        Folder of the run store.
    """
    folder = Store(store)
    run_id = folder.find(run)
    dataset = folder.open(run_id)
    console = SafeConsole()
    record = {key: value for key, value in folder.provenance(run_id).items() if key != "files"}
    spec = read_json(folder.entry(run_id) / "spec.json", opener=unlinked_opener)
    label = run_labels(folder).get(run_id)
    console.print(f"[bold]{run_id}[/bold] in {folder.entry(run_id)}{f', {escape(label)}' if label else ''}")
    if folder.is_older(run_id):
        console.print(_older_in_words(1), soft_wrap=True)
    console.print_json(json.dumps({"provenance": record, "spec": spec}))
    console.print(str(dataset.drop_attrs()), markup=False, highlight=False)


def verify_store(*runs: str, store: StoreOption = Path("store"), set_aside: bool = False) -> None:
    """Read every file of stored runs, or of a crate, again and compare it with its record; exit code 1 if one differs.

    Parameters
    ----------
    runs
        Ids of runs, or the first digits; all if none is given. Or one crate (.zip), as `solitons export --to rocrate`
        writes it: it is compared with what it lists, without any store.
    store
        Folder of the run store.
    set_aside
        Move damaged runs out of the way, so that their campaign computes them again.
    """
    from rich.progress import Progress

    crates = [run for run in runs if is_crate(run)]
    if crates:
        if len(runs) > 1 or set_aside:
            raise ValueError(f"verify: {crates[0]} is a crate; give it alone, without runs and without --set-aside")
        verify_packed(Path(crates[0]))
        return
    console = _console()
    if not runs and _is_missing(console, store):
        return
    folder = Store(store)
    if set_aside:
        folder.check_writable()
    ids = [folder.find(run) for run in runs] if runs else None
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Verify", total=None)
        findings = list(
            verify(folder, ids, lambda done, total: progress.update(task, completed=done, total=total)),
        )
    labels = run_labels(folder)
    for finding in findings:
        label = f" ({labels[finding.run_id]})" if finding.run_id in labels else ""
        console.print(f"[red]{finding.problem}[/red] {escape(finding.text + label)}")
    corrupt = list(dict.fromkeys(finding.run_id for finding in findings if finding.corrupt))
    if set_aside:
        for run_id in corrupt:
            where = set_aside_corrupt(folder, run_id)
            if where is None:
                console.print(
                    f"{escape(_named(run_id, labels))} is in another process's hands, or well again; it was left "
                    "where it is"
                )
            else:
                console.print(f"Moved {escape(_named(run_id, labels))} to {escape(str(where))}")
    console.print(
        f"{len(folder.ids() if ids is None else ids)} runs in {escape(str(store))} read again: "
        + (f"{len(findings)} findings, {len(corrupt)} runs unusable" if findings else "all are what was written")
    )
    older = sum(map(folder.is_older, folder.ids() if ids is None else ids))
    if older:
        console.print(_older_in_words(older))
    if corrupt and not set_aside:
        console.print("'solitons verify --set-aside' moves them out of the way, and their campaigns compute them again")
    if findings:
        sys.exit(1)


def clean_store(*, store: StoreOption = Path("store"), delete: bool = False, everything: bool = False) -> None:
    """Show what killed processes left in the store, and remove it with --delete.

    Parameters
    ----------
    store
        Folder of the run store.
    delete
        Remove what is listed. Stored runs, and files that a running process uses, are never removed.
    everything
        Include the logs of failed runs, and the checkpoints from which interrupted runs would continue.
    """
    console = _console()
    if _is_missing(console, store):
        return
    folder = Store(store)
    found = find_leftovers(folder, everything=everything)
    for leftover in found if not delete else ():
        console.print(_leftover_in_words(leftover))
    if delete and found:
        folder.check_writable()
        gone = []
        for leftover in remove_leftovers(folder, found, everything=everything):
            gone.append(leftover)
            console.print(f"Removed {_leftover_in_words(leftover)}")
        console.print(f"Removed {len(gone)} of {len(found)}, {decimal(sum(each.size for each in gone))}")
    elif found:
        console.print(
            f"{len(found)} left behind in {escape(str(store))}, {decimal(sum(each.size for each in found))}; "
            "nothing was removed, '--delete' removes them"
        )
    else:
        console.print(f"Nothing was left behind in {escape(str(store))}")
    for path, reason in set_aside_entries(folder):
        console.print(f"kept, set aside: {escape(str(path))}: {escape(reason.splitlines()[0] if reason else '')}")


def _leftover_in_words(leftover: Leftover) -> str:
    return f"{escape(str(leftover.path))}, {decimal(leftover.size)}: {leftover.what}"


def remove_runs(*runs: str, store: StoreOption = Path("store"), yes: bool = False) -> None:
    """Remove stored runs, after asking.

    Parameters
    ----------
    runs
        Ids of runs, or the first digits.
    store
        Folder of the run store.
    yes
        Do not ask.
    """
    if not runs:
        raise ValueError("rm needs the ids of runs; 'solitons list' shows them")
    console = _console()
    folder = Store(store)
    ids = list(dict.fromkeys(folder.find(run) for run in runs))
    labels = run_labels(folder)
    # All is looked at before the first goes.
    folder.check_writable()
    for run_id in ids:
        if folder.is_claimed(run_id):
            raise RunClaimedError(f"run {run_id} in store {str(store)!r} is being computed; nothing was removed")
        used, problems = campaigns_with(folder, run_id)
        if problems and yes:
            raise ValueError(
                f"{problems[0]}; run {run_id} may be of that campaign, so nothing was removed: leave --yes out to be "
                "asked"
            )
        unknown = [f"perhaps of another: {problem}" for problem in problems]
        console.print(
            f"{escape(_named(run_id, labels))} in {escape(str(folder.entry(run_id)))}, of "
            f"{escape(', '.join([*(used or ['no campaign']), *unknown]))}"
        )
    if not yes and not _agreed(console, f"Remove {len(ids)} run(s)?"):
        console.print("Nothing was removed")
        sys.exit(1)
    for run_id in ids:
        console.print(f"Removed {escape(_named(run_id, labels))}, {decimal(remove_run(folder, run_id))}")


def _agreed(console: Console, question: str) -> bool:
    from rich.prompt import Confirm

    try:
        return Confirm.ask(question, console=console, default=False)
    except EOFError:
        raise ValueError(f"{question} There is no terminal to ask at; add --yes") from None


def _console() -> Console:
    return SafeConsole(highlight=False, soft_wrap=True)
