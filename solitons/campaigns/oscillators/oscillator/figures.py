"""Figures of an oscillator's report."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from scipy import constants

from solitons.campaigns.oscillators.oscillator.results import OscillatorResults
from solitons.figures import MEASURED, PREDICTED, bare, new_figure, value_label
from solitons.oscillators.auto_oscillator import AutoOscillator
from solitons.oscillators.oscillator_fit import OscillatorFit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["currents_figure", "lines_figure", "locking_figure", "transients_figure"]

_TERA, _GIGA, _MEGA, _NANO = 1e-12, 1e-9, 1e-6, 1e9
_MOMENT = "#0072B2"
_COLUMNS = 2


def currents_figure(results: OscillatorResults, fit: OscillatorFit | None) -> Figure:
    """Frequency and power over the current: runs, the model, and one moment."""
    figure = new_figure(7.8, 3.4)
    left, right = figure.subplots(1, 2)
    for role, marker, filled in (("fitted", "o", True), ("held out", "s", False)):
        rows = [each for each in results.driven if each.role == role and each.oscillates]
        currents = [each.current * _TERA for each in rows]
        for ax, values in (
            (left, [(each.frequency or 0) * _GIGA for each in rows]),
            (right, [each.power for each in rows]),
        ):
            face = MEASURED if filled else "white"
            ax.plot(currents, values, marker, color=MEASURED, markerfacecolor=face, label=f"run, {role}")
    moments = [each for each in results.driven if each.moment_frequency is not None and each.oscillates]
    left.plot(
        [each.current * _TERA for each in moments],
        [each.moment_frequency * _GIGA for each in moments if each.moment_frequency is not None],
        "x",
        color=_MOMENT,
        label="one moment, nothing fitted",
    )
    if fit is not None:
        span = np.linspace(0.9 * fit.oscillator.threshold, results.driven[-1].current, 400)
        powers = np.array([fit.oscillator.power(float(each)) for each in span])
        left.plot(
            span * _TERA,
            fit.oscillator.angular_frequency(powers, span) / (2 * np.pi) * _GIGA,
            color=PREDICTED,
            label="model",
        )
        right.plot(span * _TERA, powers, color=PREDICTED, label="model")
        for ax in (left, right):
            ax.axvline(fit.oscillator.threshold * _TERA, color="0.6", linewidth=0.8, linestyle="--")
    left.set(xlabel="current density (10¹² A/m²)", ylabel="frequency (GHz)")
    right.set(xlabel="current density (10¹² A/m²)", ylabel="power p")
    left.legend(frameon=False, fontsize=8)
    bare(left, right)
    return figure


def transients_figure(fit: OscillatorFit) -> Figure:
    """The power in time, of runs and of the model from the first power on."""
    figure = new_figure(7.2, 3.2)
    ax = figure.subplots()
    records = sorted((*fit.trained, *fit.held_out), key=lambda each: abs(each.current_density))
    for place, record in enumerate(records):
        shade = 0.75 - 0.65 * place / max(1, len(records) - 1)
        model = fit.predicted(record)
        name = value_label(record.current_density, "A/m^2", 3)
        unseen = any(record is each for each in fit.held_out)
        ax.semilogy(record.time * _NANO, record.power, color=str(shade), linewidth=2.2, alpha=0.8,
                    label=f"{name}{', held out' if unseen else ''}")  # fmt: skip
        ax.semilogy(model.time * _NANO, model.power, color=PREDICTED, linewidth=1.0, linestyle="--")
    ax.set(xlabel="time (ns)", ylabel="power p", ylim=(1e-5, 1.2))
    ax.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    bare(ax)
    return figure


def lines_figure(results: OscillatorResults, oscillator: AutoOscillator) -> Figure:
    """The width of the line with heat over the current: ensembles of one moment, micromagnetic runs, and the model."""
    figure = new_figure(5.4, 3.4)
    ax = figure.subplots()
    for words, colour, marker, lines in (
        ("ensembles of one moment", _MOMENT, "o", [(each.current, each.moment) for each in results.lines]),
        ("micromagnetic runs", MEASURED, "D", [(each.current, each.run) for each in results.lines if each.run]),
    ):
        known = [(current, line) for current, line in lines if line.width is not None]
        if not known:
            continue
        widths = np.array([[line.width or 0, line.lower or 0, line.upper or 0] for _, line in known]) * _MEGA
        errors = np.abs(widths[:, 1:].T - widths[:, 0])
        places = [current * _TERA for current, _ in known]
        ax.errorbar(places, widths[:, 0], errors, fmt=marker, color=colour, label=words, capsize=3, markersize=5)
    currents = np.linspace(min(each.current for each in results.lines), max(each.current for each in results.lines), 40)
    assert results.temperature is not None
    weak = [oscillator.linewidth(float(each), results.temperature) * _MEGA for each in currents]
    ax.plot(currents * _TERA, weak, color=PREDICTED, linestyle="--", label="model, to first order in heat")
    followed = [
        (each.current * _TERA, each.model_width * _MEGA) for each in results.lines if each.model_width is not None
    ]
    ax.plot(
        *np.reshape(followed, (-1, 2)).T, "s", color=PREDICTED, markerfacecolor="none", label="ensembles of the model"
    )
    ax.set(xlabel="current density (10¹² A/m²)", ylabel=f"full width at half height (MHz), {results.temperature:g} K")
    ax.set_ylim(bottom=0)
    ax.legend(frameon=False, fontsize=8)
    bare(ax)
    return figure


def locking_figure(results: OscillatorResults, oscillator: AutoOscillator) -> Figure:
    """Arnold tongues: what injected signals lock at each current, and the runs at the borders."""
    panels = sorted({(each.unit, each.current) for each in results.pairs}, key=lambda each: (each[0] != "A/m", each[1]))
    rows = -(-len(panels) // _COLUMNS)
    figure = new_figure(3.9 * min(len(panels), _COLUMNS), 3.0 * rows + 0.6)
    axes = np.ravel(figure.subplots(rows, min(len(panels), _COLUMNS), squeeze=False))
    for spare in axes[len(panels) :]:
        spare.axis("off")
    for ax, (unit, current) in zip(axes, panels, strict=False):
        pairs = sorted(
            (each for each in results.pairs if (each.unit, each.current) == (unit, current)),
            key=lambda each: each.amplitude,
        )
        scale = 1e3 * constants.mu_0 if unit == "A/m" else _TERA
        own = pairs[0].own_frequency or oscillator.frequency_at(current)
        for name, alpha, label in (("", 0.18, "stays locked"), ("capture_", 0.3, "is taken when switched on")):
            known = [
                (each.amplitude * scale, (low - own) * _MEGA, (high - own) * _MEGA)
                for each in pairs
                if (low := getattr(each, f"{name}low")) is not None
                and (high := getattr(each, f"{name}high")) is not None
            ]
            amplitudes, low, high = np.array([(0.0, 0.0, 0.0), *known]).T
            ax.fill_betweenx(amplitudes, low, high, color=PREDICTED, alpha=alpha, linewidth=0, label=f"model: {label}")
        for (switched, marker), locked in itertools.product(((False, "o"), (True, "^")), (True, False)):
            seen = [
                ((each.frequency - own) * _MEGA, pair.amplitude * scale)
                for pair in pairs
                for each in pair.checks
                if (each.locked, each.switched_on) == (locked, switched)
            ]
            if seen:
                label = f"run, {'switched on' if switched else 'swept'}, {'locked' if locked else 'slips'}"
                face = MEASURED if locked else "white"
                ax.plot(*np.array(seen).T, marker, color=MEASURED, markerfacecolor=face, linestyle="none", label=label)
        ax.set(xlabel=f"frequency less {own * _GIGA:.2f} GHz (MHz)", title=value_label(current, "A/m^2", 3))
        ax.set_ylabel("amplitude of the field (mT)" if unit == "A/m" else "amplitude of the current (10¹² A/m²)")
        ax.set_ylim(0, 1.15 * pairs[-1].amplitude * scale)
        bare(ax)
    drawn = {label: handle for ax in axes for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)}
    figure.legend(list(drawn.values()), list(drawn), frameon=False, fontsize=8, loc="outside lower center", ncols=2)
    return figure
