"""The section of a stripe's report about the neuron's own runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from solitons.campaigns.domain_walls.dw_synapse.neurons import ShownNeuron
from solitons.campaigns.domain_walls.dw_synapse.results import NeuronResults
from solitons.campaigns.framework.page import figure, paragraph, table
from solitons.devices.neuron import firing_times
from solitons.figures import MEASURED, PREDICTED, new_figure, value_label

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["neuron_parts"]


def neuron_parts(results: NeuronResults, shown: ShownNeuron) -> list[Markup]:
    """Figure, words and table of a neuron that has runs of its own."""
    rows = [
        [
            value_label(each.amplitude, "A/m^2", digits=3),
            _when(each.measured),
            _when(each.predicted),
            "–" if each.rms is None else f"{each.rms * 1e9:.1f} nm",
        ]
        for each in results.firings
    ]
    header = ["current density", "fires after, micromagnetics", "fires after, model", "rms distance until then"]
    return [
        figure(
            _figure(results, shown),
            "The neuron's own runs, which the fit did not see. Left: the wall under equal pulses, micromagnetics "
            "(dots) and model (lines), up to where it fires. Right: when it first fires, by the amplitude of the "
            "pulses.",
        ),
        paragraph(_in_words(results, shown)),
        table(header, rows),
    ]


def _when(time: float | None) -> str:
    return "does not fire" if time is None else value_label(time, "s", digits=3)


def _in_words(results: NeuronResults, shown: ShownNeuron) -> str:
    pull = (
        f"A field of {value_label(results.bias, 'A/m', digits=3)} along z pulls the wall back to "
        if results.bias
        else "Without a bias field the wall goes back, if it does, by the stripe's own landscape, to "
    )
    edge = results.threshold_current
    tried = "twice the strongest that ran"
    model = f"no pulses up to {tried}" if edge is None else f"pulses from {value_label(edge, 'A/m^2', digits=3)} on"
    if results.fires_from is None:
        runs = "none of the runs fires"
    elif results.silent_up_to is None:
        runs = "all runs fire"
    else:
        runs = (
            f"runs fire from {value_label(results.fires_from, 'A/m^2', digits=3)} on, and not up to "
            f"{value_label(results.silent_up_to, 'A/m^2', digits=3)}"
        )
    never = results.fires_from is None and results.threshold_current is None
    back = {
        (True, True): "No wall reaches the threshold."
        if never
        else "The wall does not come back within the rest of the runs, nor does the model's: a circuit must reset it.",
        (True, False): "The model's wall does not come back within the rest of the runs.",
        (False, True): "In no run is the way back seen",
    }.get((results.refractory is None, results.measured_refractory is None))
    if results.refractory is not None:
        modelled = f"the model's wall is back after {value_label(results.refractory, 's', digits=3)}"
        measured = results.measured_refractory
        back = (
            f"From the threshold {modelled}, the runs' after {value_label(measured, 's', digits=3)}: the refractory "
            "time where nothing else resets it."
            if measured is not None
            else f"{back}; {modelled}."
        )
    return (
        f"{pull}{value_label(results.start, 'm', digits=3)}, and it fires at "
        f"{value_label(results.threshold, 'm', digits=3)}. Of {results.pulses} pulses of "
        f"{value_label(shown.train.width, 's')}, one every {value_label(shown.train.period, 's')}, {model} make the "
        f"model fire; {runs}. {back}"
    )


def _figure(results: NeuronResults, shown: ShownNeuron) -> Figure:
    drawn = new_figure(7.6, 3.0)
    path, times = drawn.subplots(1, 2, width_ratios=[1.5, 1])
    for index, (each, (t, x)) in enumerate(zip(shown.observations, shown.predicted, strict=True)):
        run, fired = each.trajectory, results.firings[index].measured
        seen = run.time <= (fired if fired is not None else results.pulses * shown.train.period)
        path.plot(run.time[seen] * 1e9, run.position[seen] * 1e9, ".", color=MEASURED, markersize=2.5)
        path.plot(t * 1e9, x * 1e9, "-", color=PREDICTED, linewidth=1)
    path.axhline(results.threshold * 1e9, color="black", linestyle="--", linewidth=1)
    path.text(0, results.threshold * 1e9, " fires", va="bottom", fontsize="small")
    path.margins(y=0.12)
    path.set_xlabel("time (ns)")
    path.set_ylabel("wall position (nm)")
    amplitudes = np.array([each.amplitude for each in results.firings])
    fine = np.linspace(amplitudes.min(), amplitudes.max(), 60)
    sign = 1 if shown.train.polarity == "positive" else -1
    train = shown.train
    predicted = firing_times(
        shown.neuron, sign * fine, width=train.width, rise=train.rise, period=train.period, count=results.pulses
    )
    times.plot(
        fine / 1e12, np.where(np.isfinite(predicted), predicted, np.nan) * 1e9, "-", color=PREDICTED, label="model"
    )
    measured = np.array([np.nan if each.measured is None else each.measured for each in results.firings])
    times.plot(amplitudes / 1e12, measured * 1e9, "o", color=MEASURED, label="micromagnetics")
    silent = amplitudes[np.isnan(measured)] / 1e12
    for index, each in enumerate(silent):
        name = "_" if index else "does not fire"
        times.axvline(each, color=MEASURED, linestyle=":", linewidth=1, label=name)
    times.set_ylim(bottom=0)
    times.set_xlabel("current density (10¹² A/m²)")
    times.set_ylabel("fires after (ns)")
    times.legend(frameon=False, fontsize="small")
    for ax in (path, times):
        ax.spines[["top", "right"]].set_visible(False)
    return drawn
