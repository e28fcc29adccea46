"""The whole way: a campaign in, `summary.json` and `report.html` out.

Simulate what is missing, extract, fit on part of the runs and predict the rest,
time the model, run the network, write the report. What is there already is not
done again: runs are found in the store by their id, and a summary whose key still
fits is only read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import numpy as np
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
    Campaign,
    CurrentPulses,
    EngineFailedError,
    EngineNotFoundError,
    Limits,
    RunReport,
    RunSpec,
    execute,
    get_engine,
    resolve,
)
from runs.engines import DEFAULT_LIMITS, EngineName
from runs.store import Store, remember_campaign
from runs.store.whole_files import write_whole
from solitons.digits import neuron_of, read_digits, synapse_of
from solitons.fit import WallFit, fit_wall, levels
from solitons.observation import Observation, material_wall, observe_all
from solitons.preflight import check_campaign
from solitons.programming import ProgrammingPulse
from solitons.report import write_report
from solitons.saving import save_model
from solitons.speed import compare_speed
from solitons.stripe_device import stripe_of
from solitons.summary import DigitsSummary, Parameter, Summary
from solitons.wall_dynamics import WallDynamics

__all__ = ["campaign_folder", "fit_campaign", "run_campaign"]


def campaign_folder(campaign: Campaign, engine: str, store: str | Path) -> Path:
    """Where a campaign's summary and report are: ``<store>/campaigns/<name>/<engine>``."""
    return Path(store) / "campaigns" / campaign.name / engine


def run_campaign(
    campaign: Campaign,
    store: str | Path,
    *,
    engine: Literal["auto"] | EngineName | None = None,
    jobs: int = 1,
    scheduler: str | None = None,
    cluster: BatchCluster | None = None,
    retries: int = 1,
    limits: Limits = DEFAULT_LIMITS,
    same_version: bool = False,
    console: Console | None = None,
) -> Summary:
    """Run a campaign from its specs to its report.

    Parameters
    ----------
    campaign : Campaign
        What to do.
    store : str or pathlib.Path
        Folder of the run store; the campaign's own folder is inside.
    engine : {"auto", "oommf", "native", "mock"}, optional
        Replaces the campaign's engine.
    jobs, scheduler, cluster, retries, limits, same_version
        Where and how the runs are computed, see `runs.execute`. The engine that ``auto`` takes is found
        on this machine.
    console : rich.console.Console, optional
        Where progress is shown; nowhere if None.

    Returns
    -------
    Summary
        What `summary.json` holds.

    Raises
    ------
    EngineNotFoundError, StoreNotWritableError
        Before anything is computed.
    EngineFailedError
        If a run failed; the others are in the store.
    """
    console = console or Console(quiet=True)
    if jobs < 1:
        raise ValueError(f"jobs = {jobs} must be at least 1")
    asked = engine or campaign.engine
    elsewhere = scheduler is not None or cluster is not None
    # Whether an engine that was named is there, each worker says.
    chosen = asked if elsewhere and asked != "auto" else resolve(asked)
    console.print(f"Campaign [bold]{campaign.name}[/bold]: {escape(campaign.title)}")
    version_here = "" if elsewhere else escape(get_engine(chosen).version())
    console.print(f"Engine: [bold]{chosen}[/bold] {version_here}", highlight=False)
    if asked == "auto" and chosen != "oommf":
        console.print(f"auto took it because: {escape(_why_no_oommf())}", highlight=False, soft_wrap=True)
    specs = campaign.specs(chosen)
    check_campaign(campaign, specs)
    folder = campaign_folder(campaign, chosen, store)
    Store(folder).check_writable()
    remember_campaign(Store(Path(store)), campaign.name, chosen, [spec.run_id for spec in specs.values()])
    reports = _execute(
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
    cached = sum(report.outcome == "stored" for report in reports)

    key = _key(campaign, specs)
    summary = _stored_summary(folder, key)
    if summary is None or cached < len(specs):
        summary = _analyse(campaign, specs, store, chosen, key, cached, folder, console)
    elif summary.cached != cached:
        summary = summary.model_copy(update={"cached": cached})
        write_whole(folder / "summary.json", summary.model_dump_json(indent=2) + "\n")
    _print_summary(summary, console)
    console.print(f"Wrote {folder / 'summary.json'}", highlight=False, soft_wrap=True)
    console.print(f"Wrote {folder / 'report.html'}", highlight=False, soft_wrap=True)
    return summary


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


def fit_campaign(campaign: Campaign, observations: Mapping[tuple[float, ...], Observation]) -> WallFit:
    """Fit the wall model to a campaign's runs, holding out as many as it says.

    The held-out runs are drawn with the campaign's seed from those that are not at
    a corner of the sweep, so that the model is asked to interpolate; if there are
    too few of them, from all.
    """
    first = next(iter(observations.values()))
    start = material_wall(first)
    # The width is seen in every frame; fitted, it would trade places with beta and the hard-axis field.
    widths = np.concatenate([each.walls["width"].isel(wall=0).values for each in observations.values()])
    start = replace(start, width=float(np.nanmedian(widths)))
    candidates = [
        observation.spec.run_id for point, observation in observations.items() if not _corner(campaign, point)
    ]
    if len(candidates) < campaign.fit.held_out:
        candidates = [observation.spec.run_id for observation in observations.values()]
    chosen = np.random.default_rng(campaign.fit.seed).choice(candidates, campaign.fit.held_out, replace=False)
    return fit_wall(
        [observation.trajectory for observation in observations.values()],
        start,
        held_out=[str(run_id) for run_id in chosen],
        free=_free(start),
        knots=campaign.fit.knots,
    )


def _free(start: WallDynamics) -> list[str]:
    """What a wall's path tells beyond its width: the hard axis, and the torques that act on it."""
    spin_transfer, spin_orbit = ("drift_per_current", "beta"), ("damping_like_per_current", "dmi_field")
    acting = [names for names in (spin_transfer, spin_orbit) if float(getattr(start, names[0])) != 0]
    return ["hard_axis_field", *(name for names in acting for name in names if float(getattr(start, name)) != 0)]


def _corner(campaign: Campaign, point: tuple[float, ...]) -> bool:
    return all(
        value in (min(map(float, axis.values)), max(map(float, axis.values)))
        for axis, value in zip(campaign.sweep, point, strict=True)
    )


def programming_pulse(campaign: Campaign, fit: WallFit, spec: RunSpec) -> ProgrammingPulse:
    """The driver's pulses: the widths that were fitted, and the campaign's (or the middle) amplitude."""
    train = next(step for step in spec.protocol.steps if isinstance(step, CurrentPulses))
    seen = fit.provenance.fitted_range
    asked = campaign.digits.pulse_amplitude if campaign.digits is not None else None
    amplitude = asked or float(np.mean(seen.amplitude))
    fit.check_range(amplitude)
    return ProgrammingPulse(
        amplitude=amplitude,
        shortest=seen.width[0],
        longest=seen.width[1],
        rise=train.rise,
        period=train.period,
    )


def _analyse(
    campaign: Campaign,
    specs: Mapping[tuple[float, ...], RunSpec],
    store: str | Path,
    engine: str,
    key: str,
    cached: int,
    folder: Path,
    console: Console,
) -> Summary:
    with _progress(console) as progress:
        task = progress.add_task("Extract", total=len(specs))
        observations = observe_all(specs, store, campaign.extract, lambda: progress.advance(task))
        task = progress.add_task("Fit", total=None)
        fit = fit_campaign(campaign, observations)
        progress.update(task, total=1, completed=1)
        task = progress.add_task("Time the model", total=None)
        speed = compare_speed(fit.dynamics, fit.start_angle, list(specs.values()), store)
        progress.update(task, total=1, completed=1)
        digits = None
        first = next(iter(observations.values()))
        stripe = stripe_of(first.spec)
        window = stripe.readout_window
        assert window is not None  # `check_campaign` has refused a device without
        synapse = synapse_of(fit, stripe, campaign.extract)
        if campaign.digits is not None:
            task = progress.add_task("Read digits", total=None)
            digits = read_digits(
                fit,
                stripe,
                campaign.extract,
                campaign.digits,
                programming_pulse(campaign, fit, first.spec),
            )
            progress.update(task, total=1, completed=1)
        summary = Summary(
            campaign=campaign.name,
            engine=engine,
            engine_version=str(first.run.attrs["engine_version"]),
            key=key,
            runs=len(specs),
            cached=cached,
            run_ids=[spec.run_id for spec in specs.values()],
            held_out=list(fit.provenance.held_out),
            wall_position_error=fit.held_out_error_over_length,
            training_error=fit.training_error / fit.length,
            parameters=[
                Parameter(name=each.name, unit=each.unit, value=each.value, ci95=(each.low, each.high))
                for each in fit.parameters
            ],
            speedup=speed.ratio,
            engine_speed=speed.engine,
            reduced_speed=speed.reduced,
            levels=levels(fit, min(window.x[1], float(synapse.right)) - max(window.x[0], float(synapse.left))),
            digits=None
            if digits is None
            else DigitsSummary.model_validate({name: getattr(digits, name) for name in DigitsSummary.model_fields}),
        )
        folder.mkdir(parents=True, exist_ok=True)
        task = progress.add_task("Report", total=None)
        save_model(fit.dynamics, folder / "wall.json")
        save_model(synapse, folder / "synapse.json")
        save_model(neuron_of(fit, stripe), folder / "neuron.json")
        write_whole(folder / "report.html", write_report(campaign, observations, fit, summary, digits))
        progress.update(task, total=1, completed=1)
    write_whole(folder / "summary.json", summary.model_dump_json(indent=2) + "\n")
    return summary


def _key(campaign: Campaign, specs: Mapping[tuple[float, ...], RunSpec]) -> str:
    content = [
        campaign.model_dump(mode="json", exclude={"engine"}),
        [spec.run_id for spec in specs.values()],
        version("soliton-workbench"),
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _stored_summary(folder: Path, key: str) -> Summary | None:
    try:
        summary = Summary.model_validate_json((folder / "summary.json").read_text("utf-8"))
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


def _print_summary(summary: Summary, console: Console) -> None:
    lines = [
        f"runs                 {summary.runs} ({summary.cached} from the store)",
        f"wall position error  {summary.wall_position_error:.2%} of the stripe, {len(summary.held_out)} runs held out",
        f"speed-up             {summary.speedup:,.0f} over {summary.engine}",
        f"conductance levels   {summary.levels}",
    ]
    if summary.digits is not None:
        low, high = summary.digits.ci95
        lines += [
            f"digits               {summary.digits.accuracy:.1%} right, 95 % interval {low:.1%} to {high:.1%}",
            f"                     {summary.digits.float_accuracy:.1%} in floating point",
            f"                     {summary.digits.ideal_synapse_accuracy:.1%} with ideal synapses",
        ]
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True)
