"""Figures of an oscillator's report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.oscillators.oscillator.results import OscillatorResults
from solitons.figures import MEASURED, PREDICTED, bare, new_figure, value_label
from solitons.oscillators.auto_oscillator import AutoOscillator
from solitons.oscillators.injection import locking_range
from solitons.oscillators.oscillator_fit import OscillatorFit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["currents_figure", "lines_figure", "locking_figure", "transients_figure"]

_TERA, _GIGA, _MEGA, _NANO = 1e-12, 1e-9, 1e-6, 1e9
_MILLITESLA = 4e-7 * np.pi * 1e3
_MOMENT = "#0072B2"


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
    """The width of the line with heat over the current, of ensembles and of the model."""
    figure = new_figure(5.4, 3.2)
    ax = figure.subplots()
    known = [each for each in results.lines if each.width is not None]
    for shape, marker in (("Lorentz", "o"), ("Gauss", "^"), ("either", "D")):
        rows = [each for each in known if each.shape == shape]
        if not rows:
            continue
        widths = np.array([[each.width or 0, each.lower or 0, each.upper or 0] for each in rows]) * _MEGA
        errors = np.abs(widths[:, 1:].T - widths[:, 0])
        label = f"ensembles of one moment, {shape if shape != 'either' else 'shape open'}"
        ax.errorbar(
            [each.current * _TERA for each in rows], widths[:, 0], errors, fmt=marker, color=MEASURED, label=label
        )
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
    """Arnold tongues: what an injected field locks at each current, and the runs at the borders."""
    currents = sorted({each.current for each in results.pairs})
    figure = new_figure(3.8 * len(currents), 3.4)
    axes = np.atleast_1d(figure.subplots(1, len(currents), sharey=True))
    top = 1.25 * max(each.field for each in results.pairs)
    for ax, current in zip(axes, currents, strict=True):
        own = oscillator.frequency_at(current)
        fields, low, high = [], [], []
        for field in np.linspace(0.02, 1, 40) * top:
            try:
                border = locking_range(oscillator, current, field / 2)
            except ValueError:
                break
            fields.append(field * _MILLITESLA)
            low.append((border.low - own) * _MEGA)
            high.append((border.high - own) * _MEGA)
        ax.fill_betweenx([0, *fields], [0, *low], [0, *high], color=PREDICTED, alpha=0.18, label="locked, by the model")
        for locked, marker, face in ((True, "o", MEASURED), (False, "o", "white")):
            rows = [
                (pair, each)
                for pair in results.pairs
                if pair.current == current
                for each in pair.checks
                if each.locked == locked
            ]
            ax.plot(
                [(each.frequency - (pair.own_frequency or own)) * _MEGA for pair, each in rows],
                [pair.field * _MILLITESLA for pair, _ in rows],
                marker,
                color=MEASURED,
                markerfacecolor=face,
                linestyle="none",
                label="run, locked" if locked else "run, slips",
            )
        free = next((pair.own_frequency or own for pair in results.pairs if pair.current == current), own)
        ax.set(xlabel=f"frequency less {free * _GIGA:.2f} GHz (MHz)", title=value_label(current, "A/m^2", 3))
        bare(ax)
    axes[0].set_ylabel("amplitude of the injected field (mT)")
    axes[0].legend(frameon=False, fontsize=8, loc="lower left")
    return figure
