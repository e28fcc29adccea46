"""Targets of export that take a neuron: as a leaky integrate-and-fire neuron, with what it loses named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from solitons.exports.losses import CannotExpressError, Loss, neuron_losses, refuse_losses
from solitons.exports.target import FAILED, ExportSettings, ExportTarget, Files, as_text
from solitons.fits.verdict import Verdict
from solitons.models.saving import origin_of

if TYPE_CHECKING:
    from solitons.devices.neuron import AbstractNeuron
    from solitons.exports.leaky_neuron import LeakyNeuron
    from solitons.exports.neuron_fit import NeuronFit, SpikeComparison
    from solitons.exports.pulsed_neuron import PulsedFit

__all__ = ["BRIAN2", "NIR", "NORSE", "SNNTORCH", "LeakyFit", "leaky_fit", "veriloga_neuron"]

_STREAMS, _SEGMENTS = 40, 60
_SAME_PULSE = 0.95
"""Share of trains in which both fire in the same pulse, below which that is a loss."""
_STEPS_AN_INTERVAL = 50


@dataclass(frozen=True)
class LeakyFit:
    """A neuron as a leaky integrate-and-fire one; `drive` in A/m2, `notes` go with what is written."""

    neuron: LeakyNeuron
    temperature: float
    drive: tuple[float, float]
    notes: dict[str, Any]


def leaky_fit(neuron: AbstractNeuron, name: str, settings: ExportSettings, target: str, *, has: bool) -> LeakyFit:
    """Fit a leaky neuron, and refuse what the target loses, or one that cannot stand for the device.

    `has`: whether the target can express a refractory time and a stop. For NIR and a period of pulses it is fitted to
    these, from a reset to the next spike (`solitons.exports.pulsed_neuron`).
    """
    from solitons.exports.neuron_fit import fit_neuron
    from solitons.exports.pulsed_neuron import PulsedFit, fit_pulsed_neuron

    drive = _drive_of(neuron, name, settings)
    temperature = float(getattr(neuron, "temperature", 0.0))
    if not hasattr(neuron, "temperature"):
        raise CannotExpressError(
            f"{name}: a {type(neuron).__name__} fires by chance, at a rate; {target} has neurons that fire at a "
            "threshold. All of its statistics would be lost"
        )
    fit: NeuronFit | PulsedFit
    if settings.period is not None and target != "nir":
        raise CannotExpressError(
            f"{name}: period = {settings.period:g} s of pulses, and {target} takes a neuron of held currents only; "
            "leave the period out, or export to nir"
        )
    if settings.period is not None and target == "nir":
        fit = fit_pulsed_neuron(neuron, drive, width=_width_of(neuron, name, settings), period=settings.period)
        # Without a current the soliton is stopped at its start, whatever the fit allowed.
        leaky = replace(fit.neuron, stopped=True)
    else:
        fit = fit_neuron(neuron, drive)
        leaky = fit.neuron
    refuse_losses(target, neuron_losses(leaky, temperature, refractory=has, stop=has), settings.accept)
    if isinstance(fit, PulsedFit):
        verdict, notes = _judged_in_pulses(neuron, fit, settings)
    else:
        # What is written is judged, without what was lost on the way.
        expressed = replace(leaky, refractory=leaky.refractory if has else 0.0, stopped=leaky.stopped and has)
        verdict, notes = _judged(neuron, replace(fit, neuron=expressed), settings.seed)
    if verdict.failed and FAILED not in settings.accept:
        raise CannotExpressError(
            f"{name}: a leaky integrate-and-fire neuron cannot stand for it. {verdict.why} To export it all the same, "
            f"say --accept {FAILED} (in Python accept={(FAILED,)!r})"
        )
    return LeakyFit(leaky, temperature, drive, notes)


def _nir(neuron: AbstractNeuron, name: str, settings: ExportSettings) -> Files:
    from solitons.exports.nir_graph import nir_graph, write_nir

    fit = leaky_fit(neuron, name, settings, "nir", has=False)
    graph = nir_graph(
        fit.neuron,
        time_factor=settings.time_factor,
        temperature=fit.temperature,
        accept=settings.accept,
        notes=fit.notes,
    )
    return {f"{name}.nir": lambda path: write_nir(graph, path)}


def veriloga_neuron(neuron: AbstractNeuron, name: str, settings: ExportSettings) -> Files:
    """A module in Verilog-A."""
    from solitons.exports.verilog_a_neuron import verilog_a_neuron

    fit = leaky_fit(neuron, name, settings, "veriloga", has=True)
    text = verilog_a_neuron(fit.neuron, temperature=fit.temperature, accept=settings.accept)
    return {f"{name}.va": as_text(text)}


def _with_time_step(target: str, *, has: bool) -> Callable[[AbstractNeuron, str, ExportSettings], Files]:
    """Function that writes a Python module with a cell that has a time step."""

    def files(neuron: AbstractNeuron, name: str, settings: ExportSettings) -> Files:
        from solitons.exports import cell_modules

        fit = leaky_fit(neuron, name, settings, target, has=has)
        shortest = float(fit.neuron.interval(np.sign(fit.neuron.r) * fit.drive[1]))
        step = settings.step if settings.step is not None else min(shortest, fit.neuron.tau) / _STEPS_AN_INTERVAL
        module = getattr(cell_modules, f"{target}_module")
        content = module(fit.neuron, step=step, temperature=fit.temperature, accept=settings.accept)
        return {f"{name}_{target}.py": as_text(content)}

    return files


NIR = ExportTarget(of_neuron=_nir)
SNNTORCH = ExportTarget(of_neuron=_with_time_step("snntorch", has=False))
NORSE = ExportTarget(of_neuron=_with_time_step("norse", has=False))
BRIAN2 = ExportTarget(of_neuron=_with_time_step("brian2", has=True))


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


def _width_of(neuron: AbstractNeuron, name: str, settings: ExportSettings) -> float:
    """Width in s of the pulses that is asked for, or the shortest that the neuron was fitted on."""
    if settings.width is not None:
        return settings.width
    fitted = getattr(origin_of(neuron), "fitted_range", None)
    if fitted is None:
        raise ValueError(f"{name}: it was not fitted to runs, so that no width of pulses is known; give one (--width)")
    return float(fitted.width[0])


def _judged_in_pulses(
    neuron: AbstractNeuron, fit: PulsedFit, settings: ExportSettings
) -> tuple[Verdict, dict[str, Any]]:
    from solitons.exports.neuron_judgement import judge_neuron
    from solitons.exports.pulsed_neuron import compare_pulsed

    comparison, same = compare_pulsed(neuron, fit, settings.seed)
    if same < _SAME_PULSE:
        loss = Loss("pulse", f"In {1 - same:.1%} of trains it fires in another pulse than the soliton.")
        refuse_losses("nir", [loss], settings.accept)
    verdict = judge_neuron(comparison)
    timing = {
        "pulse_width_s": fit.width,
        "pulse_period_s": fit.period,
        "mean_error_of_first_spikes_in_equal_pulses": fit.mean_error if np.isfinite(fit.mean_error) else None,
        "share_in_the_same_pulse": same,
    }
    return verdict, _notes(neuron, verdict, comparison) | timing


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
    return verdict, _notes(neuron, verdict, comparison)


def _notes(neuron: AbstractNeuron, verdict: Verdict, comparison: SpikeComparison) -> dict[str, Any]:
    rms, ci95 = comparison.rms
    return {
        "source": type(neuron).__name__,
        "verdict": verdict.verdict,
        "reasons": [reason.sentence for reason in verdict.reasons],
        "relative_rms_of_intervals": rms,
        "relative_rms_ci95": list(ci95),
        "intervals_compared": comparison.compared,
        "relative_rms_of_the_mean_interval": comparison.trivial,
        "mean_interval_s": comparison.mean_interval,
    }
