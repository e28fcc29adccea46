"""The `solitons` command.

A command imports its dependencies when it runs, so that commands that only look at a store
answer at once.
"""

from __future__ import annotations

import atexit
import gc
import shlex
import sys
import traceback
import warnings
from importlib.metadata import entry_points, version
from pathlib import Path

from cyclopts import App
from rich.markup import escape
from rich.table import Table

from geometries.plain_text import printable
from runs import interruption
from solitons.commands import export_commands, problem_commands, reproduce_commands, store_commands
from solitons.commands.store_commands import StoreOption
from solitons.commands.terminal import SafeConsole

__all__ = ["app", "main"]


def _versions() -> str:
    """The versions of the workbench and of each engine, a line each."""
    from geometries.plugins import PluginError
    from runs.engines import EngineNotFoundError, engine_names, get_engine

    lines = [f"soliton-workbench {version('soliton-workbench')}"]
    for name in engine_names():
        try:
            lines.append(f"engine {name} {get_engine(name).version()}")
        except (EngineNotFoundError, PluginError) as error:
            lines.append(f"engine {name}: {error}")
    return "\n".join(lines)


app = App(
    name="solitons",
    help="From micromagnetics to neuromorphic devices: run a campaign, and look at what is stored.",
    version=_versions,
    version_format="plaintext",
    # `main` answers an interrupt itself: the same command continues the work.
    suppress_keyboard_interrupt=False,
)
app.register_install_completion_command(help="Complete the command's words in your shell when you press Tab.")
store_commands.register(app)
export_commands.register(app)
problem_commands.register(app)
reproduce_commands.register(app)


@app.command
def run(
    campaign: str,
    *,
    store: StoreOption = Path("store"),
    engine: str | None = None,
    jobs: int = 1,
    scheduler: str | None = None,
    cluster: Path | None = None,
    retries: int = 1,
    threads: int = 1,
    wall_time_limit: str | None = None,
    memory: str | None = None,
    same_version: bool = False,
) -> None:
    """Run a campaign: simulate what is missing, extract, fit, and write summary.json and report.html.

    Parameters
    ----------
    campaign
        Name of an installed campaign (see `solitons campaigns`), or a YAML file.
    store
        Folder of the run store.
    engine
        Engine to use in place of the one in the campaign: oommf, native, or one that another package adds (see
        `solitons doctor`). auto takes OOMMF if it is found, else native.
    jobs
        How many runs at once on this machine, each in a process of its own.
    scheduler
        Address of a Dask scheduler, such as tls://10.0.0.1:8786, whose workers compute instead. With tcp:// anyone who
        can reach it runs programs as you.
    cluster
        YAML file of a batch system (SLURM, PBS or SGE), whose jobs compute instead.
    retries
        How many more times a run that fails is tried.
    threads
        Threads of each run.
    wall_time_limit
        How long an attempt at a run may take, such as "6 hours".
    memory
        Memory of each process of a run, such as "4 GB".
    same_version
        Recompute runs that another version of the engine computed, instead of using them.
    """
    from geometries.quantities import parse_quantity
    from runs import Limits, load_cluster
    from solitons import load_campaign, run_campaign

    limits = Limits(
        threads=threads,
        wall_time=None if wall_time_limit is None else parse_quantity(wall_time_limit, "s"),
        memory=None if memory is None else round(parse_quantity(memory, "byte")),
    )
    loaded = load_campaign(campaign)
    try:
        run_campaign(
            loaded,
            store,
            engine=engine,
            jobs=jobs,
            scheduler=scheduler,
            cluster=None if cluster is None else load_cluster(cluster),
            retries=retries,
            limits=limits,
            same_version=same_version,
            console=SafeConsole(),
        )
    except KeyboardInterrupt as interrupt:
        if not loaded.has_runs:
            raise
        raise KeyboardInterrupt("Finished runs are in the store; the same command goes on from there.") from interrupt


@app.command
def campaigns() -> None:
    """List the installed campaigns, one per line."""
    from solitons import shipped_campaigns

    table = Table("campaign", "what it does", "comes with", box=None)
    for each in shipped_campaigns():
        what = f"[red]{escape(each.problem)}[/red]" if each.problem else escape(each.title)
        table.add_row(each.name, what, each.package)
    console = SafeConsole()
    console.print(table)
    console.print("'solitons run CAMPAIGN' runs one; 'solitons new KIND my.yaml' writes a file to start from.")


@app.command
def new(kind: str, file: Path, /) -> None:
    """Write a commented campaign file to start from.

    Parameters
    ----------
    kind
        Kind of campaign, or an installed campaign, as `solitons campaigns` lists them.
    file
        YAML file to write; it must not exist.
    """
    from solitons.campaigns.framework.starting import new_campaign

    SafeConsole().print(f"Wrote {new_campaign(kind, file)}", highlight=False, soft_wrap=True, markup=False)


@app.command
def certificate(folder: Path, /) -> None:
    """Make the certificate by which a Dask scheduler, its workers and `solitons run --scheduler` recognise each other.

    Parameters
    ----------
    folder
        Folder to make, which only you can read; every machine must see it under the same path.
    """
    from runs.sweeps.certificate import make_certificate

    made = make_certificate(folder)
    SafeConsole().print(
        f"Made a certificate, good for a year. Wherever you start schedulers, workers and solitons, run first:\n"
        f"export DASK_CONFIG={shlex.quote(str(made))}\n"
        "export DASK_TEMPORARY_DIRECTORY=$(mktemp -d)",
        highlight=False,
        soft_wrap=True,
        markup=False,
    )


@app.command
def doctor(*, store: StoreOption = Path("store")) -> None:
    """Report which engines can run here, which one `auto` takes, and whether the store can be written.

    Parameters
    ----------
    store
        Folder of the run store.
    """
    from geometries.plugins import PluginError
    from runs import Store, resolve
    from runs.engines import EngineNotFoundError, caution, engine_names, get_engine
    from runs.store import StoreNotWritableError
    from solitons.numerics.threads import available_cores

    table = Table("what", "state", title="solitons doctor")
    table.add_row("soliton-workbench", version("soliton-workbench"))
    table.add_row("Python", ".".join(map(str, sys.version_info[:3])))
    for package in ("ubermag", "oommfc", "discretisedfield", "jax", "numpy", "xarray", "zarr"):
        table.add_row(package, version(package))
    for name in engine_names():
        try:
            table.add_row(f"engine {name}", f"[green]ready[/green] {escape(get_engine(name).version())}")
            beware = caution(name)
            if beware:
                table.add_row("", f"[yellow]{escape(beware)}[/yellow]")
        except EngineNotFoundError as error:
            table.add_row(f"engine {name}", f"[yellow]not here[/yellow]: {escape(str(error))}")
        except PluginError as error:
            table.add_row(f"engine {name}", f"[red]broken[/red]: {escape(str(error))}")
    table.add_row("engine auto", f"takes {resolve('auto')}")
    table.add_row("cores", str(available_cores()))
    if store.exists():
        try:
            Store(store).check_writable()
            table.add_row(f"store {store}", f"[green]can be written[/green], {len(Store(store).ids())} runs")
        except StoreNotWritableError as error:
            table.add_row(f"store {store}", f"[red]{escape(str(error))}[/red]")
    else:
        table.add_row(f"store {store}", "is not there yet; the first run makes it")
    SafeConsole().print(table)


@app.command
def watch(*, store: StoreOption = Path("store"), host: str = "127.0.0.1", port: int = 8642) -> None:
    """Show a store on a web page: its runs, their frames and observables, fits and reports. It writes nothing.

    Parameters
    ----------
    store
        Folder of the run store.
    host
        Address to listen on. By default only this machine can open the page; 0.0.0.0 lets every machine that reaches
        this one open it, by its address with the token.
    port
        Port to listen on; 0 for any that is free.
    """
    from solitons.watch.command import serve

    console = SafeConsole(highlight=False, soft_wrap=True)
    serve(store, host, port, lambda text: console.print(escape(text)))


def main() -> None:
    """Entry point: errors that name their remedy are shown as such, without a traceback."""
    # A scheduler's SIGTERM is an interrupt like Ctrl-C: runs end their engines, the store stays whole.
    interruption.listen()
    # At its end Python looks for cycles among all objects, 1.3 s after a fit, and gives the memory back in any case.
    atexit.register(gc.freeze)
    warnings.formatwarning = lambda message, *_, **__: f"Warning: {printable(str(message))}\n"
    try:
        app()
    except KeyboardInterrupt as interrupt:
        SafeConsole(stderr=True).print(f"[yellow]Interrupted.[/yellow] {interrupt}".rstrip())
        sys.exit(130)
    except Exception as error:
        text = _in_words(error)
        if text is None:
            raise
        SafeConsole(stderr=True).print(f"[red]Error:[/red] {escape(text)}", highlight=False, soft_wrap=True)
        sys.exit(2)


def _in_words(error: Exception) -> str | None:
    """The message of an error that names its remedy; None for a fault of the workbench."""
    from pydantic import ValidationError

    from geometries.description import plain_errors
    from runs import EngineFailedError
    from runs.engines import EngineNotFoundError
    from runs.store import (
        CorruptEntryError,
        RunClaimedError,
        StoreFormatError,
        StoreFullError,
        StoreNotWritableError,
    )

    if isinstance(error, ValidationError):
        return plain_errors(error)
    if isinstance(error, KeyError) and error.args and _is_deliberate(error):
        return str(error.args[0])
    explained = (
        CorruptEntryError,
        EngineFailedError,
        EngineNotFoundError,
        OSError,
        RunClaimedError,
        StoreFormatError,
        StoreFullError,
        StoreNotWritableError,
    )
    told = isinstance(error, explained) or (isinstance(error, ValueError) and _is_deliberate(error))
    return str(error) if told else None


def _is_deliberate(error: Exception) -> bool:
    """Whether the workbench or a plug-in of it raised an error itself, rather than a library that it called."""
    frames = list(traceback.walk_tb(error.__traceback__))
    if not frames:
        return True
    raised_by = str(frames[-1][0].f_globals.get("__name__", "")).partition(".")[0]
    groups = ("geometries.devices", "runs.engines", "solitons.campaigns")
    added = {point.value.partition(".")[0] for group in groups for point in entry_points(group=group)}
    return raised_by in {"geometries", "runs", "analysis", "solitons", *added}
