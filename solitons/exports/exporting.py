"""Saved models of a campaign, or a single one, written in the format of a target."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from runs.whole_files import write_whole
from solitons.fits.verdict import Verdict
from solitons.models.loading import load_model
from solitons.models.saving import is_saved_model, model_file, origin_of, saved_devices

if TYPE_CHECKING:
    from solitons.devices.neuron import AbstractNeuron
    from solitons.devices.pulse_shape import ProgrammingPulse
    from solitons.devices.synapse import AbstractSynapse
    from solitons.devices.tabulated_synapse import TabulatedSynapse
    from solitons.exports.neuron_fit import NeuronFit
    from solitons.exports.pulse_fit import PulseFit

__all__ = ["NEURON_TARGETS", "SYNAPSE_TARGETS", "ExportSettings", "export_model", "export_models"]

NEURON_TARGETS = ("nir", "snntorch", "norse", "brian2", "veriloga")
SYNAPSE_TARGETS = ("csv", "netcdf", "crosssim", "aihwkit", "veriloga")
_FAILED = "failed_fit"
_CYCLES, _DEVICES = 10, 6
_LONGEST_TRAIN = 256
_SHORTEST_TRAIN = 8
_STREAMS, _SEGMENTS = 40, 60
_STEPS_AN_INTERVAL = 50


@dataclass(frozen=True)
class ExportSettings:
    """What an export needs beyond the model; None where the model's own fitted range has it.

    Parameters
    ----------
    accept : collection of str
        Names of what may be lost.
    amplitude, width : float or None
        Of the pulses that describe a synapse, in A/m2 and s: the middle of the fitted amplitudes and the shortest
        fitted width.
    drive : (float, float) or None
        Weakest and strongest |J| in A/m2 of a neuron.
    step : float or None
        Of cells with a time step, in s of the device: a fiftieth of the shortest interval.
    time_factor : float
        Seconds of a NIR graph for each second of the device.
    seed : int
        Of whatever is drawn.

    Examples
    --------
    >>> settings = ExportSettings(accept=("heat", "refractory"), drive=(1e11, 4e11), time_factor=1e5)
    >>> f"{1e-9 * settings.time_factor:.0e} s of the graph for 1 ns of the device"
    '1e-04 s of the graph for 1 ns of the device'
    """

    accept: Collection[str] = ()
    amplitude: float | None = None
    width: float | None = None
    drive: tuple[float, float] | None = None
    step: float | None = None
    time_factor: float = 1.0
    seed: int = 0


def export_models(
    source: str | Path, target: str, out: str | Path, settings: ExportSettings | None = None
) -> list[Path]:
    """Export the saved models that a target can take.

    Parameters
    ----------
    source : str or pathlib.Path
        A campaign's folder with saved models, one such file, or the name of a device that comes with the workbench.
    target : str
        One of `NEURON_TARGETS` and `SYNAPSE_TARGETS`.
    out : str or pathlib.Path
        Folder of what is written; made where it is not there.
    settings : ExportSettings, optional
        What else is needed.

    Returns
    -------
    list of pathlib.Path
        What was written.

    Raises
    ------
    ValueError
        If the target is not known, or nothing there is for it.
    CannotExpressError
        If the target loses something that is not accepted.

    Examples
    --------
    >>> import tempfile
    >>> from solitons.devices import TabulatedSynapse
    >>> from solitons.models.saving import save_model
    >>> synapse = TabulatedSynapse(lowest=1e-6, highest=5e-6, up=[1e-6, 1e-6], down=[-1e-6, -1e-6])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     saved = save_model(synapse, Path(folder, "mine.json"))
    ...     print(sorted(path.name for path in export_models(saved, "crosssim", Path(folder, "out"))))
    ['mine_crosssim.py', 'mine_dG_decreasing.txt', 'mine_dG_increasing.txt']
    """
    from solitons.devices.neuron import AbstractNeuron
    from solitons.devices.synapse import AbstractSynapse
    from solitons.devices.tabulated_synapse import TabulatedSynapse

    if target not in (*NEURON_TARGETS, *SYNAPSE_TARGETS):
        raise ValueError(
            f"export: {target!r} is no target; neurons go to {', '.join(NEURON_TARGETS)}, and synapses to "
            f"{', '.join(SYNAPSE_TARGETS)}"
        )
    place = Path(source) if Path(source).exists() else model_file(source)
    if not place.exists():
        raise ValueError(
            f"export: {place} is not there; give a campaign's folder in the store, a saved model, or one of "
            f"{', '.join(saved_devices())}"
        )
    files = [place] if place.is_file() else sorted(file for file in place.rglob("*.json") if is_saved_model(file))
    models = {file: load_model(file) for file in files}
    of_neurons = (AbstractNeuron,) if target in NEURON_TARGETS else ()
    of_synapses = (AbstractSynapse, TabulatedSynapse) if target in SYNAPSE_TARGETS else ()
    kinds = (*of_neurons, *of_synapses)
    fitting = {file: model for file, model in models.items() if isinstance(model, kinds)}
    if not fitting:
        if place.is_file():
            there = f"{place} holds a {type(models[place]).__name__}"
        else:
            named = ", ".join(f"{file.name} ({type(model).__name__})" for file, model in models.items())
            there = f"{place} has {named or 'no saved model'}"
        wanted = " or a ".join([*["neuron"] * bool(of_neurons), *["synapse"] * bool(of_synapses)])
        raise ValueError(
            f"export: {target} takes a {wanted}, and {there}; neurons go to {', '.join(NEURON_TARGETS)}, and synapses "
            f"to {', '.join(SYNAPSE_TARGETS)}"
        )
    contents: dict[str, Callable[[Path], object]] = {}
    for file, model in fitting.items():
        names = file.relative_to(place).with_suffix("").parts if place.is_dir() else (file.stem,)
        contents |= _contents(model, target, "_".join(names), settings or ExportSettings())
    return _written(contents, Path(out))


def export_model(
    model: Any, target: str, folder: str | Path, name: str, settings: ExportSettings | None = None
) -> list[Path]:
    """Export one model; as `export_models` else.

    Parameters
    ----------
    model : AbstractNeuron, AbstractSynapse or TabulatedSynapse
        The device.
    target : str
        Where it goes.
    folder : str or pathlib.Path
        Made where it is not there, once all is known that is written.
    name : str
        With which the files' names begin.
    settings : ExportSettings, optional
        What else is needed.

    Examples
    --------
    >>> import tempfile
    >>> from solitons.devices import TabulatedSynapse
    >>> synapse = TabulatedSynapse(lowest=1e-6, highest=5e-6, up=[1e-6, 1e-6], down=[-1e-6, -1e-6])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(sorted(path.name for path in export_model(synapse, "crosssim", folder, "mine")))
    ['mine_crosssim.py', 'mine_dG_decreasing.txt', 'mine_dG_increasing.txt']
    """
    return _written(_contents(model, target, name, settings or ExportSettings()), Path(folder))


def _contents(model: Any, target: str, name: str, settings: ExportSettings) -> Mapping[str, Callable[[Path], object]]:
    """What writes each file, by its name; all refusals come before anything is written."""
    from solitons.devices.neuron import AbstractNeuron
    from solitons.exports.losses import CannotExpressError

    origin = origin_of(model)
    if getattr(origin, "verdict", None) == "failed" and _FAILED not in settings.accept:
        raise CannotExpressError(
            f"{name}: the fit that it comes from failed, so that no number of it means anything. To export it all the "
            f"same, say --accept {_FAILED} (in Python accept={(_FAILED,)!r})"
        )
    files = _neuron_files if isinstance(model, AbstractNeuron) else _synapse_files
    return files(model, target, name, settings)


def _written(contents: Mapping[str, Callable[[Path], object]], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for file, write in contents.items():
        write(folder / file)
    return [folder / file for file in contents]


def _text(content: str) -> Callable[[Path], object]:
    return lambda path: write_whole(path, content)


def _neuron_files(
    neuron: AbstractNeuron, target: str, name: str, settings: ExportSettings
) -> Mapping[str, Callable[[Path], object]]:
    from solitons.exports.cell_modules import brian2_module, norse_module, snntorch_module
    from solitons.exports.losses import CannotExpressError, neuron_losses, refuse_losses
    from solitons.exports.neuron_fit import fit_neuron
    from solitons.exports.nir_graph import nir_graph, write_nir
    from solitons.exports.verilog_a_neuron import verilog_a_neuron

    drive = _drive_of(neuron, name, settings)
    temperature = float(getattr(neuron, "temperature", 0.0))
    if not hasattr(neuron, "temperature"):
        raise CannotExpressError(
            f"{name}: a {type(neuron).__name__} fires by chance, at a rate; {target} has neurons that fire at a "
            "threshold. All of its statistics would be lost"
        )
    fit = fit_neuron(neuron, drive)
    has = dict.fromkeys(("refractory", "stop"), target in ("brian2", "veriloga"))
    refuse_losses(target, neuron_losses(fit.neuron, temperature, **has), settings.accept)
    # What is written is judged, without what was lost on the way.
    expressed = replace(
        fit.neuron,
        refractory=fit.neuron.refractory if has["refractory"] else 0.0,
        stopped=fit.neuron.stopped and has["stop"],
    )
    verdict, notes = _judged(neuron, replace(fit, neuron=expressed), settings.seed)
    if verdict.failed and _FAILED not in settings.accept:
        raise CannotExpressError(
            f"{name}: a leaky integrate-and-fire neuron cannot stand for it. {verdict.why} To export it all the same, "
            f"say --accept {_FAILED} (in Python accept={(_FAILED,)!r})"
        )
    if target == "nir":
        graph = nir_graph(
            fit.neuron,
            time_factor=settings.time_factor,
            temperature=temperature,
            accept=settings.accept,
            notes=notes,
        )
        return {f"{name}.nir": lambda path: write_nir(graph, path)}
    if target == "veriloga":
        text = verilog_a_neuron(fit.neuron, temperature=temperature, accept=settings.accept)
        return {f"{name}.va": _text(text)}
    shortest = float(fit.neuron.interval(np.sign(fit.neuron.r) * drive[1]))
    step = settings.step if settings.step is not None else min(shortest, fit.neuron.tau) / _STEPS_AN_INTERVAL
    module = {"snntorch": snntorch_module, "norse": norse_module, "brian2": brian2_module}[target]
    content = module(fit.neuron, step=step, temperature=temperature, accept=settings.accept)
    return {f"{name}_{target}.py": _text(content)}


def _drive_of(neuron: AbstractNeuron, name: str, settings: ExportSettings) -> tuple[float, float]:
    """Weakest and strongest current density that is asked for, or that the neuron was fitted on."""
    if settings.drive is not None:
        low, high = settings.drive
        if not 0 < low < high < np.inf:
            raise ValueError(
                f"{name}: drive = ({low:.4g}, {high:.4g}) A/m2 must rise from above 0; give the weakest current "
                "density first (--drive)"
            )
        return low, high
    fitted = getattr(origin_of(neuron), "fitted_range", None)
    if fitted is None:
        raise ValueError(
            f"{name}: it was not fitted to runs, so that no range of currents is known; give one (--drive)"
        )
    low, high = fitted.amplitude
    if not 0 < low < high:
        raise ValueError(
            f"{name}: it was fitted to runs from {low:.4g} to {high:.4g} A/m2, which is no range of currents above 0; "
            "give one (--drive), and remember that the model's error is not known outside of its runs"
        )
    return low, high


def _judged(neuron: AbstractNeuron, fit: NeuronFit, seed: int) -> tuple[Verdict, dict[str, Any]]:
    """How like the soliton it is, for what is written beside it."""
    from solitons.exports.neuron_fit import STEP, compare_spikes, random_currents
    from solitons.exports.neuron_judgement import judge_neuron

    found = fit.interval[np.isfinite(fit.interval)]
    hold = STEP * max(1, round(float(np.median(found)) / 3 / STEP))
    segments = int(np.ceil(_SEGMENTS * float(np.median(found)) / hold / 6))
    current = random_currents(
        fit.neuron.drive, int(np.sign(fit.neuron.r)), _STREAMS, segments, np.random.default_rng(seed)
    )
    comparison = compare_spikes(neuron, fit.neuron, current, hold)
    verdict = judge_neuron(comparison)
    rms, ci95 = comparison.rms
    notes = {
        "source": type(neuron).__name__,
        "verdict": verdict.verdict,
        "reasons": [reason.sentence for reason in verdict.reasons],
        "relative_rms_of_intervals": rms,
        "relative_rms_ci95": list(ci95),
        "intervals_compared": comparison.compared,
        "relative_rms_of_the_mean_interval": comparison.trivial,
        "mean_interval_s": comparison.mean_interval,
    }
    return verdict, notes


def _synapse_files(
    synapse: AbstractSynapse | TabulatedSynapse, target: str, name: str, settings: ExportSettings
) -> Mapping[str, Callable[[Path], object]]:
    from solitons.devices.tabulated_synapse import TabulatedSynapse
    from solitons.exports.aihwkit_device import aihwkit_module
    from solitons.exports.conductance_table import conductance_table, write_table
    from solitons.exports.crosssim import crosssim_device, crosssim_tables
    from solitons.exports.losses import CannotExpressError
    from solitons.exports.verilog_a import verilog_a_module

    fit = (
        None
        if isinstance(synapse, TabulatedSynapse) and target in ("crosssim", "aihwkit", "veriloga")
        else _described(synapse, name, settings)
    )
    if fit is not None and fit.verdict.failed and _FAILED not in settings.accept:
        raise CannotExpressError(
            f"{name}: its pulses are no synapse. {fit.verdict.why} To export it all the same, say --accept {_FAILED} "
            f"(in Python accept={(_FAILED,)!r})"
        )
    if target in ("csv", "netcdf"):
        assert fit is not None
        table = conductance_table(fit)
        return {f"{name}.{'nc' if target == 'netcdf' else 'csv'}": lambda path: write_table(table, path)}
    found = synapse if fit is None else fit.synapse
    assert isinstance(found, TabulatedSynapse)
    if target == "aihwkit":
        return {f"{name}_aihwkit.py": _text(aihwkit_module(found, accept=settings.accept))}
    if target == "veriloga":
        width = settings.width
        if not isinstance(synapse, TabulatedSynapse):
            width = _pulse_of(synapse, name, settings).longest
        if width is None:
            raise ValueError(f"{name}: it was fitted to pulses whose width is not known; give it (--width)")
        return {f"{name}.va": _text(verilog_a_module(found, width=width, accept=settings.accept))}
    device = crosssim_device(found, seed=settings.seed, accept=settings.accept)
    increasing, decreasing = crosssim_tables(found, accept=settings.accept)
    return {
        f"{name}_dG_increasing.txt": _text(increasing),
        f"{name}_dG_decreasing.txt": _text(decreasing),
        f"{name}_crosssim.py": _text(device),
    }


def _described(synapse: AbstractSynapse | TabulatedSynapse, name: str, settings: ExportSettings) -> PulseFit:
    """A synapse by the pulses that are sent to it, as many as take it through its range."""
    from solitons.devices.tabulated_synapse import TabulatedSynapse
    from solitons.exports.pulse_fit import fit_pulses
    from solitons.exports.pulse_trains import pulse_trains

    if isinstance(synapse, TabulatedSynapse):
        count = int(np.clip(synapse.reached_by_counting().size - 1, _SHORTEST_TRAIN, _LONGEST_TRAIN))
        return fit_pulses(
            pulse_trains(
                synapse, count=count, cycles=_CYCLES, devices=_devices(synapse.spread_known), seed=settings.seed
            )
        )
    pulse = _pulse_of(synapse, name, settings)
    first = pulse_trains(synapse, pulse, count=_LONGEST_TRAIN, cycles=1, seed=settings.seed)
    path = first.sequences[0].conductance[: _LONGEST_TRAIN + 1]
    reached = np.abs(path - path[0]) >= 0.98 * np.abs(path - path[0]).max()
    count = int(np.clip(int(reached.argmax()), _SHORTEST_TRAIN, _LONGEST_TRAIN))
    devices = _devices(bool(synapse.spreads.between_devices))
    return fit_pulses(
        pulse_trains(synapse, pulse, count=count, cycles=_CYCLES, devices=devices, seed=settings.seed + 1)
    )


def _devices(spread_known: bool) -> int:
    return _DEVICES if spread_known else 1


def _pulse_of(synapse: AbstractSynapse, name: str, settings: ExportSettings) -> ProgrammingPulse:
    """The pulse that is asked for, or one from the middle of the fitted range."""
    from solitons.devices.pulse_shape import ProgrammingPulse

    origin: Any = synapse.provenance
    fitted = getattr(origin, "fitted_range", None)
    amplitude, width = settings.amplitude, settings.width
    if fitted is not None:
        amplitude = amplitude if amplitude is not None else float(np.mean(fitted.amplitude))
        # A range from 0 has runs under constant currents, which are no pulses.
        width = width if width is not None else fitted.width[0] or fitted.width[1] or None
    elif hasattr(origin, "current_density"):
        amplitude = amplitude if amplitude is not None else float(np.max(np.abs(origin.current_density)))
        width = width if width is not None else float(origin.time[0])
    if amplitude is None or width is None:
        raise ValueError(
            f"{name}: it was not fitted to runs, so that no pulse is known for it; give --amplitude and --width"
        )
    return ProgrammingPulse(amplitude, width, width, 0.1 * width, 2 * width)
