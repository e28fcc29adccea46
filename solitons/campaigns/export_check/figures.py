"""Figures of the report of an export check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.export_check.results import NeuronResults
from solitons.exports.neuron_fit import NeuronFit, SpikeComparison
from solitons.figures import MEASURED, PREDICTED, bare, new_figure, plain_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["intervals_figure", "steps_figure"]


def intervals_figure(fit: NeuronFit, comparison: SpikeComparison) -> Figure:
    """Steady intervals over the current, and how far spikes are off under changing currents."""
    figure = new_figure(7.6, 2.9)
    steady, errors = figure.subplots(1, 2)
    fires = np.isfinite(fit.interval)
    size = np.abs(fit.current) / 1e12
    steady.plot(size[fires], 1e9 * fit.interval[fires], "o", color=MEASURED, markersize=5, label="soliton")
    fine = np.linspace(np.abs(fit.current).min(), np.abs(fit.current).max(), 200)
    curve = fit.neuron.interval(np.sign(fit.neuron.r) * fine)
    known = np.isfinite(curve)
    steady.plot(fine[known] / 1e12, 1e9 * curve[known], color=PREDICTED, label="leaky neuron")
    steady.set(xlabel="steady current density (10¹² A/m²)", ylabel="interval between spikes (ns)", ylim=(0, None))
    steady.legend(frameon=False, fontsize="small")
    every = 100 * np.concatenate(comparison.errors)
    every = every[np.isfinite(every)]
    reach = max(3 * float(every.std()), 1e-3)
    errors.hist(np.clip(every, -reach, reach), bins=61, range=(-reach, reach), color=PREDICTED)
    errors.axvline(0, color=MEASURED, linewidth=0.8)
    errors.set(xlabel="predicted less true interval (% of the mean)", ylabel="spikes")
    bare(steady, errors)
    return figure


def steps_figure(neurons: Sequence[NeuronResults]) -> Figure:
    """Error added by a simulator's time step, beside the export's."""
    figure = new_figure(7.6, 3.0)
    for ax, found in zip(np.atleast_1d(figure.subplots(1, len(neurons), sharey=True)), neurons, strict=True):
        share = [100 * step.share for step in found.time_steps]
        ax.loglog(share, [100 * step.euler for step in found.time_steps], "o-", color="#0B5C8A", label="Euler steps")
        ax.loglog(share, [100 * step.exact for step in found.time_steps], "s--", color="#009E73", label="exact decay")
        ax.axhline(100 * found.rms, color=PREDICTED, label="leaky neuron for soliton")
        ax.axhline(100 * found.trivial, color=MEASURED, linestyle=":", label="mean interval alone")
        ax.set(xlabel="time step (% of the mean interval)", title=plain_text(found.name))
        ax.title.set_fontsize("medium")
        bare(ax)
    first = figure.axes[0]
    first.set_ylabel("error of an interval, rms (%)")
    first.legend(frameon=False, fontsize="x-small", loc="lower right", bbox_to_anchor=(1.0, 0.08))
    return figure
