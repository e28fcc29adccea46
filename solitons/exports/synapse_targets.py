"""Targets of export that take a synapse: by the pulses that are sent to it, with what is lost named."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from solitons.exports.losses import CannotExpressError
from solitons.exports.neuron_targets import veriloga_neuron
from solitons.exports.target import FAILED, ExportSettings, ExportTarget, Files, as_text

if TYPE_CHECKING:
    from solitons.devices.pulse_shape import ProgrammingPulse
    from solitons.devices.synapse import AbstractSynapse
    from solitons.devices.tabulated_synapse import TabulatedSynapse
    from solitons.exports.pulse_fit import PulseFit

__all__ = ["AIHWKIT", "CROSSSIM", "CSV", "NETCDF", "VERILOGA", "as_table", "described"]

_CYCLES, _DEVICES = 10, 6
_LONGEST_TRAIN = 256
_SHORTEST_TRAIN = 8


def described(synapse: AbstractSynapse | TabulatedSynapse, name: str, settings: ExportSettings) -> PulseFit:
    """A synapse by the pulses that are sent to it, as many as take it through its range; refused if they are none."""
    fit = _described(synapse, name, settings)
    if fit.verdict.failed and FAILED not in settings.accept:
        raise CannotExpressError(
            f"{name}: its pulses are no synapse. {fit.verdict.why} To export it all the same, say --accept {FAILED} "
            f"(in Python accept={(FAILED,)!r})"
        )
    return fit


def as_table(synapse: AbstractSynapse | TabulatedSynapse, name: str, settings: ExportSettings) -> TabulatedSynapse:
    """A synapse as steps over its conductance: what it is already, or what describes it."""
    from solitons.devices.tabulated_synapse import TabulatedSynapse

    return synapse if isinstance(synapse, TabulatedSynapse) else described(synapse, name, settings).synapse


def _in_file(ending: str) -> Callable[[AbstractSynapse | TabulatedSynapse, str, ExportSettings], Files]:
    """Function that writes the table of conductance against pulse."""

    def files(synapse: AbstractSynapse | TabulatedSynapse, name: str, settings: ExportSettings) -> Files:
        from solitons.exports.conductance_table import conductance_table, write_table

        table = conductance_table(described(synapse, name, settings))
        return {f"{name}.{ending}": lambda path: write_table(table, path)}

    return files


def _aihwkit(synapse: AbstractSynapse | TabulatedSynapse, name: str, settings: ExportSettings) -> Files:
    from solitons.exports.aihwkit_device import aihwkit_module

    table = as_table(synapse, name, settings)
    return {f"{name}_aihwkit.py": as_text(aihwkit_module(table, accept=settings.accept))}


def _veriloga(synapse: AbstractSynapse | TabulatedSynapse, name: str, settings: ExportSettings) -> Files:
    from solitons.devices.tabulated_synapse import TabulatedSynapse
    from solitons.exports.verilog_a import verilog_a_module

    table, width = as_table(synapse, name, settings), settings.width
    if not isinstance(synapse, TabulatedSynapse):
        width = _pulse_of(synapse, name, settings).longest
    elif width is None and synapse.provenance is not None:
        width = synapse.provenance.width
    if width is None:
        raise ValueError(f"{name}: it was fitted to pulses whose width is not known; give it (--width)")
    return {f"{name}.va": as_text(verilog_a_module(table, width=width, accept=settings.accept))}


def _crosssim(synapse: AbstractSynapse | TabulatedSynapse, name: str, settings: ExportSettings) -> Files:
    from solitons.exports.crosssim import crosssim_device, crosssim_tables

    table = as_table(synapse, name, settings)
    device = crosssim_device(table, seed=settings.seed, accept=settings.accept)
    increasing, decreasing = crosssim_tables(table, accept=settings.accept)
    return {
        f"{name}_dG_increasing.txt": as_text(increasing),
        f"{name}_dG_decreasing.txt": as_text(decreasing),
        f"{name}_crosssim.py": as_text(device),
    }


CSV = ExportTarget(of_synapse=_in_file("csv"))
NETCDF = ExportTarget(of_synapse=_in_file("nc"))
AIHWKIT = ExportTarget(of_synapse=_aihwkit)
CROSSSIM = ExportTarget(of_synapse=_crosssim)
VERILOGA = ExportTarget(of_neuron=veriloga_neuron, of_synapse=_veriloga)


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
