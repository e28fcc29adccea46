"""The `solitons` command."""

from __future__ import annotations

import os
import signal
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from geometries import format_quantity
from geometries.description import plain_errors
from runs import (
    CorruptEntryError,
    CurrentPulses,
    EngineFailedError,
    EngineNotFoundError,
    RunSpec,
    Store,
    StoreNotWritableError,
    get_engine,
    load_campaign,
    open_run,
)
from runs.engines import ENGINES

__all__ = ["app", "main"]

app = App(
    name="solitons",
    help="From micromagnetics to neuromorphic devices: run a campaign, and look at what is stored.",
    version=version("soliton-workbench"),
    # `main` answers an interrupt itself: it says that the same command goes on.
    suppress_keyboard_interrupt=False,
)

StoreOption = Annotated[Path, Parameter(name="--store", help="Folder of the run store.")]


@app.command
def run(
    campaign: str,
    *,
    store: StoreOption = Path("store"),
    engine: Literal["auto", "oommf", "native", "mock"] | None = None,
    jobs: int = 1,
    same_version: bool = False,
) -> None:
    """Run a campaign: simulate what is missing, extract, fit, and write summary.json and report.html.

    Parameters
    ----------
    campaign
        Name of a campaign of the workbench (such as dw-synapse), or a YAML file.
    store
        Folder of the run store.
    engine
        Engine that replaces the campaign's; auto takes OOMMF where it is found, else native.
    jobs
        How many runs at once, one thread each.
    same_version
        Compute again what another version of the engine made, instead of using it.
    """
    from solitons.workflow import run_campaign

    run_campaign(
        load_campaign(campaign),
        store,
        engine=engine,
        jobs=jobs,
        same_version=same_version,
        console=Console(),
    )


@app.command(name="list")
def list_runs(*, store: StoreOption = Path("store")) -> None:
    """List the stored runs.

    Parameters
    ----------
    store
        Folder of the run store.
    """
    folder = Store(store)
    table = Table(
        Column("run", no_wrap=True),
        "engine",
        "device",
        "drive",
        "simulated",
        "took",
        title=f"{len(folder.ids())} runs in {store}",
    )
    for run_id in folder.ids():
        try:
            record = folder.provenance(run_id)
            spec = RunSpec.model_validate_json((folder.entry(run_id) / "spec.json").read_text("utf-8"))
            sizes = (format_quantity(size, "m") for size in (spec.device.length, spec.device.width))
            table.add_row(
                run_id,
                record["engine"],
                f"{spec.device.kind} {' x '.join(sizes)}",
                _drive_of(spec),
                format_quantity(record["simulated_time"], "s"),
                f"{record['wall_time']:.1f} s",
            )
        except (CorruptEntryError, ValueError) as error:
            table.add_row(run_id, "[red]cannot be read[/red]", "", "", escape(str(error)))
    Console().print(table)


@app.command
def show(run: str, *, store: StoreOption = Path("store")) -> None:
    """Show a stored run: its spec, its provenance, and its Dataset.

    Parameters
    ----------
    run
        The run's id, or the first digits of it.
    store
        Folder of the run store.
    """
    import json

    dataset = open_run(run, store)
    run_id = dataset.attrs["run_id"]
    folder = Store(store)
    console = Console()
    record = {key: value for key, value in folder.provenance(run_id).items() if key != "files"}
    console.print(f"[bold]{run_id}[/bold] in {folder.entry(run_id)}")
    console.print_json(json.dumps({"provenance": record, "spec": _spec_of(folder, run_id)}))
    console.print(str(dataset.drop_attrs()), markup=False, highlight=False)


@app.command
def doctor(*, store: StoreOption = Path("store")) -> None:
    """Say which engines can run here, which one `auto` takes, and whether the store can be written.

    Parameters
    ----------
    store
        Folder of the run store.
    """
    from runs import resolve

    table = Table("what", "state", title="solitons doctor")
    table.add_row("soliton-workbench", version("soliton-workbench"))
    table.add_row("Python", ".".join(map(str, sys.version_info[:3])))
    for package in ("ubermag", "oommfc", "discretisedfield", "jax", "numpy", "xarray", "zarr"):
        table.add_row(package, version(package))
    for name in ENGINES[:2]:
        try:
            table.add_row(f"engine {name}", f"[green]ready[/green] {escape(get_engine(name).version())}")
        except EngineNotFoundError as error:
            table.add_row(f"engine {name}", f"[yellow]not here[/yellow]: {escape(str(error))}")
    table.add_row("engine auto", f"takes {resolve('auto')}")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    table.add_row("cores", str(cores))
    if store.exists():
        try:
            Store(store).check_writable()
            table.add_row(f"store {store}", f"[green]can be written[/green], {len(Store(store).ids())} runs")
        except StoreNotWritableError as error:
            table.add_row(f"store {store}", f"[red]{escape(str(error))}[/red]")
    else:
        table.add_row(f"store {store}", "is not there yet; the first run makes it")
    Console().print(table)


def _drive_of(spec: RunSpec) -> str:
    """The steps of a protocol in a few words, such as "8 x 600 GA/m^2, 300 ps"."""
    steps = []
    for step in spec.protocol.steps:
        if isinstance(step, CurrentPulses):
            sign = {"positive": "", "negative": "-", "alternating": "+-"}[step.polarity]
            steps.append(
                f"{step.count} x {sign}{format_quantity(step.amplitude, 'A/m^2')}, {format_quantity(step.width, 's')}"
            )
        elif step.do != "relax":
            steps.append(step.do)
    return "; ".join(steps)


def _spec_of(store: Store, run_id: str) -> dict[str, dict[str, float]]:
    import json

    return dict(json.loads((store.entry(run_id) / "spec.json").read_text("utf-8")))


def main() -> None:
    """Entry point: errors that name their remedy are shown as such, without a traceback."""
    # A scheduler's SIGTERM is an interrupt like Ctrl-C: runs end their engines, the store stays whole.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app()
    except KeyboardInterrupt:
        Console(stderr=True).print(
            "[yellow]Interrupted.[/yellow] Finished runs are in the store; the same command goes on from there."
        )
        sys.exit(130)
    except (
        CorruptEntryError,
        EngineFailedError,
        EngineNotFoundError,
        KeyError,
        OSError,
        StoreNotWritableError,
        ValidationError,
        ValueError,
    ) as error:
        text = error.args[0] if isinstance(error, KeyError) and error.args else error
        if isinstance(error, ValidationError):
            text = plain_errors(error)
        Console(stderr=True).print(f"[red]Error:[/red] {escape(str(text))}", highlight=False, soft_wrap=True)
        sys.exit(2)
