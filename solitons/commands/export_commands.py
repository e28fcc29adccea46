"""The commands that take devices out of the workbench and measured pulses into it: `export` and `fit-pulses`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from solitons.commands.crate_commands import CRATE, pack
from solitons.commands.store_commands import StoreOption
from solitons.commands.terminal import SafeConsole

if TYPE_CHECKING:
    from cyclopts import App

__all__ = ["register"]


def register(app: App) -> None:
    """Add the commands to the `solitons` command."""
    app.command(export)
    app.command(fit_pulse_file, name="fit-pulses")


def export(
    source: Path,
    /,
    *,
    to: str,
    out: Path = Path("exported"),
    accept: tuple[str, ...] = (),
    amplitude: str | None = None,
    width: str | None = None,
    drive: tuple[str, str] | None = None,
    period: str | None = None,
    step: str | None = None,
    time_factor: float = 1.0,
    seed: int = 0,
    store: StoreOption = Path("store"),
    engine: str | None = None,
    licence: str | None = None,
    without_runs: bool = False,
) -> None:
    """Write the saved neurons or synapses of a campaign in the format of another program, or pack a whole campaign.

    Neurons go to nir, snntorch, norse, brian2 and veriloga; synapses to csv, netcdf, crosssim, aihwkit and veriloga;
    packages of your own may add targets. What the other program cannot express is named and refused. A campaign with
    its runs and results goes to rocrate: a zip that a stranger can check with `solitons verify`.

    Parameters
    ----------
    source
        A campaign's folder in the store, or a saved model (.json); for rocrate the campaign's name or YAML file.
    to
        The target.
    out
        Folder of what is written; of rocrate also the name of the file (.zip).
    accept
        Name of something that may be lost, as the error message gives it. May be repeated.
    amplitude
        Current density of the pulses that describe a synapse, such as "0.3e12 A/m^2". If left out:
        the middle of its fitted range.
    width
        Their width, such as "0.3 ns", and that of a neuron's pulses. If left out: the shortest of its fitted range.
    drive
        Weakest and strongest current density of a neuron, such as "0.1e12 A/m^2" "0.5e12 A/m^2". If left
        out: its fitted range.
    period
        Time between the pulses that excite a neuron, such as "1 ns", for nir. If left out: its current is held.
    step
        Time step of snntorch, norse and brian2, such as "20 ps". If left out: a fiftieth of the shortest interval
        between spikes.
    time_factor
        Seconds of a NIR graph for each second of the device.
    seed
        Seed of the random numbers.
    store
        Folder of the run store, for rocrate.
    engine
        Engine whose results go to rocrate, where the store has those of several.
    licence
        Licence of the data in rocrate, such as CC-BY-4.0, or its address. If left out: none, as the crate states.
    without_runs
        Leave the arrays of the runs out of rocrate; their specs, records and hashes are in it.
    """
    of_models = {
        "--accept": accept, "--amplitude": amplitude, "--width": width, "--drive": drive, "--period": period,
        "--step": step, "--time-factor": time_factor != 1.0, "--seed": seed,
    }  # fmt: skip
    of_crates = {"--engine": engine, "--licence": licence, "--without-runs": without_runs}
    unused = [name for name, value in (of_models if to == CRATE else of_crates).items() if value]
    if unused:
        what, needed = ("packs a whole campaign", "a model") if to == CRATE else ("writes models", f"--to {CRATE}")
        raise ValueError(f"export: --to {to} {what}, and {unused[0]} is for {needed}; leave it out")
    if to == CRATE:
        pack(source, out, store, engine, licence, not without_runs)
        return
    from geometries.quantities import parse_quantity
    from solitons.exports.exporting import export_models
    from solitons.exports.target import ExportSettings

    def density(value: str) -> float:
        return parse_quantity(value, "A/m^2")

    settings = ExportSettings(
        accept=accept,
        amplitude=None if amplitude is None else density(amplitude),
        width=None if width is None else parse_quantity(width, "s"),
        drive=None if drive is None else (density(drive[0]), density(drive[1])),
        period=None if period is None else parse_quantity(period, "s"),
        step=None if step is None else parse_quantity(step, "s"),
        time_factor=time_factor,
        seed=seed,
    )
    for path in export_models(source, to, out, settings):
        _say(f"Wrote {path}")


def fit_pulse_file(file: Path, /, *, out: Path | None = None, decimal: Literal[".", ","] = ".") -> None:
    """Make a synapse of measured conductances after pulses, and report how well it fits.

    Parameters
    ----------
    file
        CSV file with a header such as "pulse, sign, cycle, device, conductance (uS)".
    out
        Folder in which the synapse (.json) and the table of conductance against pulse (.csv, .nc) are written; beside
        the file if it is left out. After a failed fit nothing is written.
    decimal
        Decimal mark of the file.
    """
    from solitons.exports import conductance_table, fit_pulses, read_pulse_data, write_table
    from solitons.models.saving import save_model

    fit = fit_pulses(read_pulse_data(file, decimal=decimal))
    _say(str(fit))
    if fit.verdict.failed:
        raise ValueError(
            f"{file.name}: the fit failed, so that no synapse and no table were written. Measure what the reasons ask "
            "for; to look at the numbers all the same, call solitons.exports.fit_pulses in Python"
        )
    folder = file.parent if out is None else out
    folder.mkdir(parents=True, exist_ok=True)
    table = conductance_table(fit)
    for path in (
        save_model(fit.synapse, folder / f"{file.stem}_synapse.json"),
        write_table(table, folder / f"{file.stem}_table.csv"),
        write_table(table, folder / f"{file.stem}_table.nc"),
    ):
        _say(f"Wrote {path}")


def _say(text: str) -> None:
    SafeConsole().print(text, highlight=False, soft_wrap=True, markup=False)
