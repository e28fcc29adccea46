"""The whole way: a campaign in, `summary.json` and `report.html` out.

Simulate what is missing, then let the campaign's kind analyse it (`solitons.campaigns.framework.base`).
Existing results are not computed again: runs are found in the store by their id, and a
summary whose key still fits is only read.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from markupsafe import Markup
from rich.console import Console
from rich.markup import escape

from geometries.plain_files import LARGEST_TABLE, read_text
from runs import BatchCluster, EngineFailedError, Limits, execute, resolve
from runs.engines import DEFAULT_LIMITS, EngineNotFoundError, get_engine
from runs.execution import RunReport
from runs.store import Store, StoreFullError, StoreNotWritableError, remember_campaign
from runs.store.errors import store_error
from runs.store.names import folder_of
from runs.whole_files import write_whole
from solitons.campaigns.framework.base import AbstractCampaign, ComputedRuns, Variants, distinct_specs
from solitons.campaigns.framework.page import PagePart, page
from solitons.campaigns.framework.provenance import provenance_section, results_key
from solitons.campaigns.framework.report_template import ReportError, check_template, fill_in
from solitons.campaigns.framework.results import CampaignSummary, Findings, Headline, Variant
from solitons.campaigns.framework.settling import settle
from solitons.campaigns.framework.stages import Stages, progress_bars
from solitons.campaigns.framework.swept_parameters import parameters_figure
from solitons.models.saving import is_saved_model, save_model

__all__ = ["campaign_folder", "run_campaign"]

# A campaign whose whole answer is in the reduced model has no runs, and so no engine.
NO_ENGINE = "model"

Analysed = list[tuple[dict[str, float], AbstractCampaign, Findings[Any]]]


def campaign_folder(campaign: AbstractCampaign, engine: str, store: str | Path) -> Path:
    """Folder of a campaign's summary and report: ``<store>/campaigns/<name>/<engine>``."""
    return folder_of(Path(store), campaign.name, engine)


def run_campaign(
    campaign: AbstractCampaign,
    store: str | Path,
    *,
    engine: str | None = None,
    jobs: int = 1,
    scheduler: str | None = None,
    cluster: BatchCluster | None = None,
    retries: int = 1,
    limits: Limits = DEFAULT_LIMITS,
    same_version: bool = False,
    console: Console | None = None,
) -> CampaignSummary[Any]:
    """Run a campaign from its specs to its report.

    Parameters
    ----------
    campaign : AbstractCampaign
        Campaign of any kind.
    store : str or pathlib.Path
        Folder of the run store; the campaign's own folder is inside.
    engine : str, optional
        Replaces the campaign's engine: "auto", "oommf", "native", or another that is installed.
    jobs, scheduler, cluster, retries, limits, same_version
        Where and how the runs are computed, see `runs.execute`. The engine that ``auto`` takes is found
        on this machine.
    console : rich.console.Console, optional
        Console that shows progress; none if None.

    Returns
    -------
    CampaignSummary
        What `summary.json` holds; ``summary.results`` are the kind's.

    Raises
    ------
    EngineNotFoundError, StoreNotWritableError
        Before anything is computed.
    EngineFailedError
        If a run failed; the others are in the store.
    ValueError
        If the campaign cannot be answered, or an engine, a scheduler or a cluster is named for one
        without runs.

    Examples
    --------
    A sweep of two runs of a film of eight cells:

    >>> import tempfile
    >>> from solitons import load_campaign
    >>> text = '''
    ... {kind: sweep, name: mine, title: A field that pulls, engine: native, observables: [mx],
    ...  base: {material: {name: film, Ms: 600 kA/m, A: 12 pJ/m, Ku: 0.5 MJ/m^3, alpha: 0.5},
    ...         device: {kind: stripe, length: 16 nm, width: 8 nm, thickness: 1 nm, cell: [4 nm, 4 nm, 1 nm]},
    ...         protocol: {steps: [{do: constant field, amplitude: [0, 0, 0], duration: 50 ps}]}},
    ...  sweep: [{name: field, label: Field, unit: A/m, fields: [protocol.steps.0.amplitude.0], values: [1e6, 2e6]}]}
    ... '''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "mine.yaml"
    ...     _ = file.write_text(text)
    ...     summary = run_campaign(load_campaign(file), folder)
    >>> summary.runs, summary.kind
    (2, 'sweep')
    """
    console = console or Console(quiet=True)
    if jobs < 1:
        raise ValueError(f"jobs = {jobs} must be at least 1")
    console.print(f"Campaign [bold]{campaign.name}[/bold]: {escape(campaign.title)}")
    if campaign.has_runs:
        chosen = _chosen_engine(engine or campaign.engine, scheduler is not None or cluster is not None, console)
    else:
        chosen = _no_engine(campaign, engine, scheduler, cluster, jobs > 1 or retries != 1, console)
    variants: Variants = campaign.variants()
    for _, variant in variants:
        variant.check()
    folder, runs = campaign_folder(campaign, chosen, store), Store(Path(store))
    # Before the runs: the source code may be edited while they take their time, and this process goes on with the old.
    # The digest of the source is remembered, so that the key below has the one of now.
    results_key(campaign, distinct_specs(variants, chosen))
    _rehearse(campaign, variants, chosen, folder)
    outcomes: dict[str, RunReport] = {}

    def compute(known: Variants) -> None:
        found = {spec.run_id: spec for spec in distinct_specs(known, chosen)}
        labels = campaign.run_labels(chosen, known)
        more = any(variant.unsettled for _, variant in known)
        remember_campaign(runs, campaign.name, chosen, list(found), labels, more=more)
        wanted = [spec for run_id, spec in found.items() if run_id not in outcomes]
        if not wanted:
            return
        done = _execute(
            lambda progress: execute(
                wanted,
                store,
                jobs=jobs,
                scheduler=scheduler,
                cluster=cluster,
                retries=retries,
                limits=limits,
                progress=progress,
                same_version=same_version,
            ),
            {spec.run_id: labels[spec.run_id] for spec in wanted},
            console,
        )
        outcomes.update({report.run_id: report for report in done})

    variants = settle(variants, chosen, runs, compute, console)
    specs = distinct_specs(variants, chosen)
    key = results_key(campaign, specs)
    compute(variants)
    reports = list(outcomes.values())
    cached = sum(report.outcome == "stored" for report in reports)
    summary = _stored_summary(folder, key, campaign)
    if summary is None or cached < len(specs):
        summary = _analyse(campaign, variants, runs, chosen, key, cached, console)
        with _writing(campaign, folder, len(specs)):
            write_whole(folder / "summary.json", summary.as_json())
    elif summary.cached != cached:
        summary = summary.model_copy(update={"cached": cached})
        with _writing(campaign, folder, len(specs)):
            write_whole(folder / "summary.json", summary.as_json())
    _say(campaign, summary, console)
    console.print(f"Wrote {folder / 'summary.json'}", highlight=False, soft_wrap=True)
    console.print(f"Wrote {folder / 'report.html'}", highlight=False, soft_wrap=True)
    for path in _table_files(folder, campaign):
        console.print(f"Wrote {path}", highlight=False, soft_wrap=True)
    return summary


def _analyse(
    campaign: AbstractCampaign,
    settled: Variants,
    store: Store,
    engine: str,
    key: str,
    cached: int,
    console: Console,
) -> CampaignSummary[Any]:
    """Analyse every variant, and write models and report into the campaign's folder."""
    from runs.native.compilation_cache import use_compilation_cache

    use_compilation_cache()
    folder, specs = campaign_folder(campaign, engine, store.root), distinct_specs(settled, engine)
    folder.mkdir(parents=True, exist_ok=True)
    with progress_bars(console) as progress:
        stages = Stages(progress)
        variants = [
            (at, variant, ComputedRuns(variant.labelled_runs(engine), store, engine)) for at, variant in settled
        ]
        analysed = []
        for at, variant, runs in variants:
            stages.prefix = f"{campaign.variant_in_words(at)}: " if at else ""
            analysed.append((at, variant, variant.analyse(runs, stages)))
        stages.prefix = ""
        summary: CampaignSummary[Any] = CampaignSummary[campaign.results_class](  # type: ignore[name-defined]
            campaign=campaign.name,
            kind=str(getattr(campaign, "kind", "")),
            engine=engine,
            engine_version=variants[0][2].engine_version if specs else version("soliton-workbench"),
            key=key,
            runs=len(specs),
            cached=cached,
            run_ids=[spec.run_id for spec in specs],
            labels=campaign.run_labels(engine, settled),
            headlines=_named_headlines(campaign, analysed),
            variants=[Variant(at=at, results=findings.results) for at, _, findings in analysed],
        )
    try:
        with _writing(campaign, folder, len(specs)):
            _save_models(folder, analysed)
            _save_tables(folder, analysed)
            with progress_bars(console) as progress, Stages(progress)("Report"):
                models = analysed[0][2].models if len(analysed) == 1 else ()
                end = provenance_section(campaign, summary, specs, models)
                text = _page(campaign, analysed, f"{summary.engine} {summary.engine_version}", end)
            write_whole(folder / "report.html", text)
    except (StoreFullError, StoreNotWritableError, ReportError):
        # What a fit of hours has found is at least read where it cannot be kept, or no page can be made of it.
        _say(campaign, summary, console)
        raise
    return summary


def _rehearse(campaign: AbstractCampaign, variants: Variants, engine: str, folder: Path) -> None:
    """Draw and write a page before the first run: a text that cannot be drawn or a full disk then costs no run."""
    Store(folder).check_writable()
    if type(campaign).report is AbstractCampaign.report:
        check_template(campaign.report_file())
    with _report_style():
        parts = [PagePart(variant.rehearsed()) for _, variant in variants]
    trial = folder / f".rehearsal-{uuid.uuid4().hex[:8]}.html"  # another process may run the same campaign
    try:
        write_whole(trial, page(campaign.title or campaign.name, campaign.name, engine, parts))
    except OSError as error:
        raise store_error(error, folder, f"no report of campaign {campaign.name!r} could be written") from error
    finally:
        trial.unlink(missing_ok=True)


@contextmanager
def _report_style() -> Iterator[None]:
    """Draw in matplotlib's own style: discretisedfield, when it is imported, sets another."""
    import matplotlib.style

    with matplotlib.style.context("default"):
        yield


@contextmanager
def _writing(campaign: AbstractCampaign, folder: Path, runs: int) -> Iterator[None]:
    """Say of a full disk what is kept, and what to do."""
    try:
        yield
    except OSError as error:
        kept = f"its {runs} runs are kept" if runs else "it has no runs to keep"
        what = f"the results of campaign {campaign.name!r} could not be written ({kept})"
        raise store_error(error, folder, what) from error


def _chosen_engine(asked: str, elsewhere: bool, console: Console) -> str:
    # Each worker checks itself whether a named engine is installed.
    chosen = asked if elsewhere and asked != "auto" else resolve(asked)
    version_here = "" if elsewhere else escape(get_engine(chosen).version())
    console.print(f"Engine: [bold]{chosen}[/bold] {version_here}", highlight=False)
    if asked == "auto" and chosen != "oommf":
        console.print(f"auto took it because: {escape(_why_no_oommf())}", highlight=False, soft_wrap=True)
    return chosen


def _no_engine(
    campaign: AbstractCampaign,
    engine: str | None,
    scheduler: str | None,
    cluster: BatchCluster | None,
    shared: bool,
    console: Console,
) -> str:
    what = f"campaign {campaign.name!r} has no micromagnetic runs"
    if engine not in (None, "auto"):
        raise ValueError(f"engine = {engine!r}, but {what}: the reduced model computes all of it; leave the engine out")
    if scheduler is not None or cluster is not None:
        named = "cluster" if scheduler is None else f"scheduler = {scheduler!r}"
        raise ValueError(f"{named}, but {what} to send there: the reduced model computes all of it here; leave it out")
    if shared:
        console.print("No micromagnetic runs to share or to try again: jobs and retries change nothing.")
    return NO_ENGINE


def _why_no_oommf() -> str:
    try:
        get_engine("oommf").version()
    except EngineNotFoundError as error:
        return str(error)
    return "it was found only now"


def _execute(
    run: Callable[[Callable[[str, float], None]], Iterator[RunReport]], labels: Mapping[str, str], console: Console
) -> list[RunReport]:
    """Execute the runs; `labels` has what each is for."""

    def named(run_id: str) -> str:
        return escape(f"{run_id} ({labels[run_id]})" if labels.get(run_id) else run_id)

    done: dict[str, float] = {}
    reports: list[RunReport] = []
    with progress_bars(console) as progress:
        task = progress.add_task("Runs", total=float(len(labels)))

        def advance(run_id: str, fraction: float) -> None:
            done[run_id] = fraction
            progress.update(task, completed=sum(done.values()))

        for report in run(advance):
            reports.append(report)
            advance(report.run_id, 1.0)
            if report.outcome == "failed":
                progress.console.print(
                    f"[red]failed[/red] {escape(report.note)}{escape(_at(report, labels))}", highlight=False
                )
            elif report.outcome == "computed":
                progress.console.print(f"computed {named(report.run_id)} in {report.wall_time:.1f} s", highlight=False)
            elif report.note:
                progress.console.print(
                    f"computed before: {named(report.run_id)} {escape(report.note)}", highlight=False
                )
    failed = [report for report in reports if report.outcome == "failed"]
    if failed:
        raise EngineFailedError(
            f"{len(failed)} of {len(reports)} runs failed, the first{_at(failed[0], labels)} because: "
            f"{failed[0].note}\nThe others are in the store; the same command tries the failed ones again"
        )
    return reports


def _at(report: RunReport, labels: Mapping[str, str]) -> str:
    """Role of a failed run, to stand behind its message."""
    return f" ({labels[report.run_id]})" if labels.get(report.run_id) else ""


def _stored_summary(folder: Path, key: str, campaign: AbstractCampaign) -> CampaignSummary[Any] | None:
    try:
        text = read_text(folder / "summary.json", LARGEST_TABLE)
        summary: CampaignSummary[Any] = CampaignSummary[campaign.results_class].from_json(text)  # type: ignore[name-defined]
    except (OSError, ValueError):
        return None  # none yet, or from code with other texts
    whole = all(path.is_file() for path in (folder / "report.html", *_table_files(folder, campaign)))
    return summary if summary.key == key and whole else None


def _table_files(folder: Path, campaign: AbstractCampaign) -> list[Path]:
    """Folder of the tables of all variants."""
    places = [folder / _folder_name(at) if at else folder for at, _ in campaign.variants()]
    return [place / f"{name}.csv" for place in places for name in campaign.table_names]


def _save_tables(folder: Path, analysed: Analysed) -> None:
    for at, _, findings in analysed:
        place = folder / _folder_name(at) if at else folder
        for name, found in findings.tables.items():
            place.mkdir(exist_ok=True)
            write_whole(place / f"{name}.csv", found.to_csv(index=False, lineterminator="\n"))


def _save_models(folder: Path, analysed: Analysed) -> None:
    for at, _, findings in analysed:
        place = folder / _folder_name(at) if at else folder
        if findings.models:
            place.mkdir(exist_ok=True)
        for left in place.glob("*.json"):  # by an earlier analysis, which may have had more to give
            if left.stem not in findings.models and is_saved_model(left):
                left.unlink()
        for name, model in findings.models.items():
            save_model(model, place / f"{name}.json")


def _folder_name(at: dict[str, float]) -> str:
    return "_".join(f"{name}={value:.6g}" for name, value in at.items())


def _page(whole: AbstractCampaign, analysed: Analysed, engine: str, end: Markup) -> str:
    """The page of a report, the variants one after the other."""
    with _report_style():
        parts = [
            PagePart(
                campaign.report(findings),
                title=whole.variant_in_words(at) if at else "",
                verdict=findings.results.verdict,
                meaning=whole.verdict_meanings.get(findings.results.verdict or "", ""),
                headlines=list(findings.results.headlines()),
                reasons=findings.results.reasons,
                notes=findings.results.notes,
            )
            for at, campaign, findings in analysed
        ]
        comparison = _comparison(whole, analysed) if len(analysed) > 1 else Markup()
        return page(whole.title or whole.name, whole.name, engine, parts, comparison, end)


def _comparison(whole: AbstractCampaign, analysed: Analysed) -> Markup:
    """The headlines of all variants, side by side."""
    headlines = [
        (at, [findings.results.verdict] if findings.results.verdict else [], list(findings.results.headlines()))
        for at, _, findings in analysed
    ]
    names = list(dict.fromkeys(each.name for _, _, found in headlines for each in found))
    rows = []
    for at, verdict, found in headlines:
        cells = {each.name: f"{each.value}{'; ' if each.detail else ''}{each.detail}" for each in found}
        rows.append([whole.variant_in_words(at), *verdict, *(cells.get(name, "–") for name in names)])
    judged = ["verdict"] if any(findings.results.verdict for _, _, findings in analysed) else []
    variants: list[Variant[Any]] = [Variant(at=at, results=findings.results) for at, _, findings in analysed]
    drawn = parameters_figure(getattr(whole, "variant_axes", ()), variants)
    return fill_in(
        Path(__file__).parent / "templates" / "variants.md",
        {"head": ["variant", *judged, *names], "rows": rows, "drawn": drawn is not None},
        {} if drawn is None else {"parameters": lambda: drawn},
    )


_COLOURS = {"trusted": "green", "limited": "yellow", "failed": "bold red"}


def _say(campaign: AbstractCampaign, summary: CampaignSummary[Any], console: Console) -> None:
    console.print(f"{'runs':<28} {summary.runs} ({summary.cached} computed before)", highlight=False, soft_wrap=True)
    for each in summary.variants:
        if each.at:
            console.print(f"with {campaign.variant_in_words(each.at)}", highlight=False, soft_wrap=True)
        if verdict := each.results.verdict:
            console.print(
                f"{'verdict':<28} [{_COLOURS[verdict]}]{verdict}[/]: {campaign.verdict_meanings[verdict]}",
                soft_wrap=True,
            )
            for reason in each.results.reasons:
                console.print(f"  {reason.weight}: {reason.sentence}", highlight=False, soft_wrap=True, markup=False)
        for line in _lines(list(each.results.headlines())):
            console.print(line, highlight=False, soft_wrap=True, markup=False)
        for note in each.results.notes:
            console.print(f"note: {note}", highlight=False, soft_wrap=True, markup=False)


def _named_headlines(whole: AbstractCampaign, analysed: Analysed) -> list[Headline]:
    """The headlines of all variants, with where each is."""
    return [
        each.model_copy(update={"name": f"{whole.variant_in_words(at)}: {each.name}"}) if at else each
        for at, _, findings in analysed
        for each in findings.results.headlines()
    ]


def _lines(headlines: Sequence[Headline]) -> list[str]:
    width = max([28, *(len(each.name) for each in headlines)])
    return [f"{each.name:<{width}} {each.value}{'; ' if each.detail else ''}{each.detail}" for each in headlines]
