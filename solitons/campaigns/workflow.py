"""The whole way: a campaign in, `summary.json` and `report.html` out.

Simulate what is missing, then do what the campaign's kind asks for (`solitons.campaigns.kinds`).
What is there already is not done again: runs are found in the store by their id, and a
summary whose key still fits is only read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from runs import (
    BatchCluster,
    EngineFailedError,
    EngineNotFoundError,
    Limits,
    RunReport,
    RunSpec,
    execute,
    get_engine,
    resolve,
)
from runs.engines import DEFAULT_LIMITS, EngineChoice, EngineName
from runs.store import Store, remember_campaign
from runs.store.whole_files import write_whole
from solitons.campaigns.base import AbstractCampaign
from solitons.campaigns.computed_campaign import ComputedCampaign
from solitons.campaigns.kinds import kind_of
from solitons.campaigns.summary import CampaignSummary

__all__ = ["campaign_folder", "run_campaign"]

# A campaign whose whole answer is in the reduced model has no runs, and so no engine.
NO_ENGINE = "model"


def campaign_folder(campaign: AbstractCampaign, engine: str, store: str | Path) -> Path:
    """Where a campaign's summary and report are: ``<store>/campaigns/<name>/<engine>``."""
    return Path(store) / "campaigns" / campaign.name / engine


def run_campaign(
    campaign: AbstractCampaign,
    store: str | Path,
    *,
    engine: EngineChoice | None = None,
    jobs: int = 1,
    scheduler: str | None = None,
    cluster: BatchCluster | None = None,
    retries: int = 1,
    limits: Limits = DEFAULT_LIMITS,
    same_version: bool = False,
    console: Console | None = None,
) -> CampaignSummary:
    """Run a campaign from its specs to its report.

    Parameters
    ----------
    campaign : AbstractCampaign
        What to do, of any kind.
    store : str or pathlib.Path
        Folder of the run store; the campaign's own folder is inside.
    engine : str, optional
        Replaces the campaign's engine.
    jobs, scheduler, cluster, retries, limits, same_version
        Where and how the runs are computed, see `runs.execute`. The engine that ``auto`` takes is found
        on this machine.
    console : rich.console.Console, optional
        Where progress is shown; nowhere if None.

    Returns
    -------
    CampaignSummary
        What `summary.json` holds, of the campaign's kind.

    Raises
    ------
    EngineNotFoundError, StoreNotWritableError
        Before anything is computed.
    EngineFailedError
        If a run failed; the others are in the store.
    ValueError
        If the campaign cannot be answered, or an engine, a scheduler or a cluster is named for one
        without runs.
    """
    console = console or Console(quiet=True)
    if jobs < 1:
        raise ValueError(f"jobs = {jobs} must be at least 1")
    kind = kind_of(campaign)
    console.print(f"Campaign [bold]{campaign.name}[/bold]: {escape(campaign.title)}")
    chosen: str
    specs: dict[tuple[float, ...], RunSpec] = {}
    if campaign.has_runs:
        found = _chosen_engine(engine or campaign.engine, scheduler is not None or cluster is not None, console)
        chosen, specs = found, campaign.specs(found)
    elif engine not in (None, "auto"):
        raise ValueError(
            f"engine = {engine!r}, but campaign {campaign.name!r} has no micromagnetic runs: the reduced model "
            "computes all of it; leave the engine out"
        )
    elif scheduler is not None or cluster is not None:
        named = "cluster" if scheduler is None else f"scheduler = {scheduler!r}"
        raise ValueError(
            f"{named}, but campaign {campaign.name!r} has no micromagnetic runs to send there: the reduced model "
            "computes all of it here; leave it out"
        )
    else:
        chosen = NO_ENGINE
        if jobs > 1 or retries != 1:
            console.print("No micromagnetic runs to share or to try again: jobs and retries change nothing.")
    kind.check(campaign, specs)
    folder = campaign_folder(campaign, chosen, store)
    Store(folder).check_writable()
    remember_campaign(Store(Path(store)), campaign.name, chosen, [spec.run_id for spec in specs.values()])
    reports = (
        []
        if not specs
        else _execute(
            lambda progress: execute(
                specs.values(),
                store,
                jobs=jobs,
                scheduler=scheduler,
                cluster=cluster,
                retries=retries,
                limits=limits,
                progress=progress,
                same_version=same_version,
            ),
            len(specs),
            console,
        )
    )
    cached = sum(report.outcome == "stored" for report in reports)

    key = _key(campaign, specs, kind.files(campaign))
    summary = _stored_summary(folder, key, kind.summary)
    if summary is None or cached < len(specs):
        folder.mkdir(parents=True, exist_ok=True)
        with _progress(console) as progress:
            computed = ComputedCampaign(campaign, specs, Path(store), chosen, key, cached, folder)
            summary = kind.analyse(computed, progress)
        write_whole(folder / "summary.json", summary.model_dump_json(indent=2) + "\n")
    elif summary.cached != cached:
        summary = summary.model_copy(update={"cached": cached})
        write_whole(folder / "summary.json", summary.model_dump_json(indent=2) + "\n")
    for line in kind.in_words(summary):
        console.print(line, highlight=False, soft_wrap=True)
    console.print(f"Wrote {folder / 'summary.json'}", highlight=False, soft_wrap=True)
    console.print(f"Wrote {folder / 'report.html'}", highlight=False, soft_wrap=True)
    return summary


def _chosen_engine(asked: EngineChoice, elsewhere: bool, console: Console) -> EngineName:
    # Whether an engine that was named is there, each worker says.
    chosen = asked if elsewhere and asked != "auto" else resolve(asked)
    version_here = "" if elsewhere else escape(get_engine(chosen).version())
    console.print(f"Engine: [bold]{chosen}[/bold] {version_here}", highlight=False)
    if asked == "auto" and chosen != "oommf":
        console.print(f"auto took it because: {escape(_why_no_oommf())}", highlight=False, soft_wrap=True)
    return chosen


def _why_no_oommf() -> str:
    try:
        get_engine("oommf").version()
    except EngineNotFoundError as error:
        return str(error)
    return "it was found only now"


def _execute(
    run: Callable[[Callable[[str, float], None]], Iterator[RunReport]], count: int, console: Console
) -> list[RunReport]:
    done: dict[str, float] = {}
    reports: list[RunReport] = []
    with _progress(console) as progress:
        task = progress.add_task("Runs", total=float(count))

        def advance(run_id: str, fraction: float) -> None:
            done[run_id] = fraction
            progress.update(task, completed=sum(done.values()))

        for report in run(advance):
            reports.append(report)
            advance(report.run_id, 1.0)
            if report.outcome == "failed":
                progress.console.print(f"[red]failed[/red] {escape(report.note)}", highlight=False)
            elif report.outcome == "computed":
                progress.console.print(f"computed {report.run_id} in {report.wall_time:.1f} s", highlight=False)
            elif report.note:
                progress.console.print(f"stored {report.run_id} {escape(report.note)}", highlight=False)
    failed = [report for report in reports if report.outcome == "failed"]
    if failed:
        raise EngineFailedError(
            f"{len(failed)} of {len(reports)} runs failed, the first because: {failed[0].note}\nThe others are in "
            "the store; the same command tries the failed ones again"
        )
    return reports


def _key(campaign: AbstractCampaign, specs: Mapping[tuple[float, ...], RunSpec], files: Sequence[Path]) -> str:
    content = [
        campaign.model_dump(mode="json", exclude={"engine"}),
        [spec.run_id for spec in specs.values()],
        version("soliton-workbench"),
        *(hashlib.sha256(path.read_bytes()).hexdigest() for path in files),
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _stored_summary(folder: Path, key: str, kind: type[CampaignSummary]) -> CampaignSummary | None:
    try:
        summary = kind.model_validate_json((folder / "summary.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None  # none yet, or from a version that said other things
    return summary if summary.key == key and (folder / "report.html").is_file() else None


@contextmanager
def _progress(console: Console) -> Iterator[Progress]:
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
