"""The sections of a stripe's report about what holds its wall, and what heat does to its steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy import constants

from solitons.campaigns.domain_walls.dw_synapse.analysis import Shown
from solitons.campaigns.domain_walls.dw_synapse.results import ConductanceStep, StepStatistics, SynapseResults
from solitons.campaigns.framework.page import Section, figure, paragraph, table
from solitons.domain_walls.landscape import ROOM_TEMPERATURE, Landscape
from solitons.figures import MEASURED, PREDICTED, new_figure, value_label

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.figure import Figure

__all__ = ["heat_sections", "landscape_sections", "levels_in_words"]

_ATTEMPT = 1e-10  # s
# Of a table that shows trains pulse by pulse; longer ones are in summary.json.
_MOST_COLUMNS = 10
_FEW = 8  # walls, of fewer than which a standard deviation says little without its interval
_ENDS = 0.1  # of the measured stretch


def landscape_sections(results: SynapseResults, shown: Shown) -> Sequence[Section]:
    """What holds the wall, where that was measured."""
    if shown.landscape is None:
        return []
    deep = f"deeper than 5 kT at {value_label(results.site_temperature, 'K')}"
    parts = [
        figure(
            landscape_figure(shown.landscape, results),
            "Push of the stripe on its wall, from runs in which a trap holds the wall at place after place. Above 0 "
            f"the wall is pushed to the right. Circles: wells {deep}. Dots: where the wall "
            f"was at rest; the longest stretch without one, {value_label(shown.landscape.widest_jump, 'm')}, is "
            f"interpolated.{_cut(shown.landscape)}",
        )
    ]
    if not results.sites:
        return [Section("What holds the wall", [*parts, paragraph(f"No well is {deep}.")])]
    rows = [
        [
            value_label(site.position, "m", digits=3),
            _field(site.hold_left),
            _field(site.hold_right),
            _barrier(site.barrier_left),
            _barrier(site.barrier_right),
            _stay([each for each in (site.barrier_left, site.barrier_right) if each is not None]),
            "–" if site.hill_left is None else _current(site.frees_left),
            "–" if site.hill_right is None else _current(site.frees_right),
        ]
        for site in results.sites
    ]
    whose = "the fitted wall" if results.sites_from == "fit" else "a wall of the material's constants (the fit failed)"
    header = [
        "place",
        "field, left",
        "field, right",
        "barrier, left",
        "barrier, right",
        "stays at 300 K",
        "current, left",
        "current, right",
    ]
    words = (
        "Where the wall is held, and what frees it to the left and to the right. Field along z (its size) and energy "
        "follow from the landscape alone; “–”: the landscape rises up to its end, a pinned end or that of the stripe. "
        "How long it stays at 300 K is an order of magnitude, 0.1 ns exp(barrier / kT). The current density is that of "
        f"the weakest single pulse of {value_label(results.site_pulse or 0.0, 's')} along +x that takes {whose} over "
        "the hill beside it before the next pulse; “none”: no pulse up to ten times the strongest of the campaign. "
        "Nothing about the landscape is fitted."
    )
    return [Section("What holds the wall", [*parts, paragraph(words), table(header, rows)])]


def _field(strength: float | None) -> str:
    if strength is None:
        return "–"
    return f"{value_label(strength, 'A/m', digits=3)} ({strength * constants.mu_0 * 1e3:.3g} mT)"


def _barrier(energy: float | None) -> str:
    return "–" if energy is None else f"{energy / (constants.k * ROOM_TEMPERATURE):.0f} kT"


def _stay(barriers: Sequence[float]) -> str:
    if not barriers:
        return "–"
    exponent = min(barriers) / (constants.k * ROOM_TEMPERATURE)
    if exponent > 42.0:  # ten years
        return "> 10 years"
    seconds = _ATTEMPT * np.exp(exponent)
    return f"~ {value_label(float(f'{seconds:.0e}'), 's')}" if seconds < 1e3 else f"~ {seconds / 3600:.0e} h"


def _current(amplitude: float | None) -> str:
    return "none" if amplitude is None else value_label(amplitude, "A/m^2", digits=3)


def landscape_figure(landscape: Landscape, results: SynapseResults) -> Figure:
    """The push over the position, and the places that hold the wall."""
    drawn = new_figure(7.6, 2.8)
    ax = drawn.subplots()
    pinning = landscape.pinning
    ax.axhline(0, color="0.7", linewidth=0.8)
    ax.plot(pinning.places * 1e9, np.asarray(pinning.values) / 1e3, color=PREDICTED, linewidth=1.2)
    ax.plot(landscape.position * 1e9, landscape.push / 1e3, ".", color=MEASURED, markersize=3)
    for site in results.sites:
        ax.plot(site.position * 1e9, 0, "o", color="#0072B2", markerfacecolor="white", markersize=6)
    if (shown := _pushes_between(landscape)) is not None:
        ax.set_ylim(-shown / 1e3, shown / 1e3)
    ax.set_xlabel("wall position (nm)")
    ax.set_ylabel("push (kA/m)")
    ax.spines[["top", "right"]].set_visible(False)
    return drawn


def _pushes_between(landscape: Landscape) -> float | None:
    """How far the picture goes, in A/m, where the ends push so hard that they would hide what lies between them."""
    values, places = np.asarray(landscape.pinning.values), landscape.pinning.places
    # Between the first and the last place where nothing pushes, and in the middle where there is but one.
    margin = _ENDS * np.ptp(landscape.position)
    inner = (places > landscape.position[0] + margin) & (places < landscape.position[-1] - margin)
    turns = np.flatnonzero(values[:-1] * values[1:] < 0)
    if turns.size:
        inner[turns[0] : turns[-1] + 2] = True
    most = 1.3 * float(np.abs(values[inner]).max(initial=0.0))
    return most if 0 < most < 0.5 * np.abs(values).max() else None


def _cut(landscape: Landscape) -> str:
    if _pushes_between(landscape) is None:
        return ""
    most = value_label(float(np.abs(landscape.pinning.values).max()), "A/m", digits=2)
    return f" Cut off: at the ends the push is up to {most}."


def heat_sections(results: SynapseResults, shown: Shown) -> Sequence[Section]:
    """The device's steps without heat and with it."""
    lost = results.withheld.get("steps")
    withheld = [paragraph(f"The model's steps are withheld: {lost}.")] if lost else []
    if not shown.hot:
        return [Section("The steps with heat", withheld)] if withheld else []
    whole = shown.observations[0].junction.attrs
    span = whole["parallel_conductance"] - whole["antiparallel_conductance"]
    rows = [
        [
            value_label(each.temperature, "K"),
            f"{each.source}, {each.walls} wall{'s' if each.walls > 1 else ''}",
            f"{each.train}: " + {1: "J > 0", -1: "J < 0"}.get(each.sign, "no current"),
            f"{each.mean_step / span:+.1%}".replace("-", "−"),
            _spread(each, span),
            "–" if each.nonlinearity is None else f"{each.nonlinearity:.2f}",
            "–" if each.asymmetry is None else f"{each.asymmetry:.2f}",
        ]
        for each in results.steps
    ]
    header = ["temperature", "walls", "train of pulses", "mean step", "spread of a step", "nonlinearity", "asymmetry"]
    words = (
        "Steps of the conductance under the base run's pulses, as shares of the junction's range. The spread is the "
        "standard deviation of one step over walls that heat shakes differently; of fewer than eight with its 95 % "
        "interval. Nonlinearity: how far the mean "
        "conductance leaves a straight line over a train, over what the train changes. Asymmetry: how far the way back "
        "differs from the way there. 0 and 0 are an ideal synapse."
    )
    bands = "" if lost else " Bands: one standard deviation over the model's walls."
    picture = figure(
        _steps_figure(shown, span),
        f"Mean conductance before and after every pulse.{bands} Circles: micromagnetic runs at that temperature.",
    )
    tables = [paragraph(words), table(header, rows), *_pulse_by_pulse(results, shown)]
    return [Section("The steps with heat", [*withheld, picture, *tables])]


def _spread(each: StepStatistics, span: float) -> str:
    if each.spread_ci95 is None:
        return "–"
    low, high = (end / span for end in each.spread_ci95)
    return f"{each.spread / span:.1%}" + (f" [{low:.1%}, {high:.1%}]" if each.walls < _FEW else "")


def _pulse_by_pulse(results: SynapseResults, shown: Shown) -> list[Markup]:
    """What each pulse changes, beside the conductance that it finds."""
    whole = shown.observations[0].junction.attrs
    low, high = whole["antiparallel_conductance"], whole["parallel_conductance"]

    def change(step: ConductanceStep, walls: int) -> str:
        spread = f" ± {step.spread / (high - low):.1%}" if walls >= _FEW else ""
        return f"{(step.conductance - low) / (high - low):.0%}: {step.change / (high - low):+.1%}{spread}"

    pulses = max((len(each.by_pulse) for each in results.steps), default=0)
    rows = [
        [
            value_label(each.temperature, "K"),
            each.source,
            {1: "J > 0", -1: "J < 0"}.get(each.sign, "no current"),
            *(change(step, each.walls).replace("-", "−") for step in each.by_pulse),
            *["–"] * (pulses - len(each.by_pulse)),
        ]
        for each in results.steps
    ]
    header = ["temperature", "walls", "train", *(f"pulse {number}" for number in range(1, pulses + 1))]
    words = (
        "Pulse by pulse: the mean conductance before it, as a share of the range, and by how much the pulse changes it"
    )
    enough = any(each.walls >= _FEW for each in results.steps)
    words += ", with the standard deviation over eight walls or more." if enough else "."
    return [paragraph(words), table(header, rows)] if 0 < pulses <= _MOST_COLUMNS else []


def _steps_figure(shown: Shown, span: float) -> Figure:
    drawn = new_figure(7.6, 2.6)
    axes = drawn.subplots(1, len(shown.hot), sharey=True, squeeze=False)[0]
    low = shown.observations[0].junction.attrs["antiparallel_conductance"]
    for ax, steps in zip(axes, shown.hot, strict=True):
        share = (steps.conductance - low) / span
        count = np.arange(share.shape[1])
        if len(share):
            mean, deviation = share.mean(axis=0), share.std(axis=0)
            ax.fill_between(count, mean - deviation, mean + deviation, color=PREDICTED, alpha=0.25, linewidth=0)
            ax.plot(count, mean, color=PREDICTED, linewidth=1.2)
        for each in steps.measured_conductance:
            ax.plot(count, (each - low) / span, "o", color=MEASURED, markerfacecolor="none", markersize=4)
        ax.set_title(value_label(steps.temperature, "K"), fontsize="small")
        ax.set_xlabel("pulse")
        ax.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("conductance (share of range)")
    return drawn


def levels_in_words(results: SynapseResults) -> str:
    """How many levels there are, and what they are counted with."""
    if results.levels is None:
        return f"The number of levels is withheld: {results.withheld['levels']}."
    if results.level_wells:
        return _wells_in_words(results)
    assert results.levels_ci95 is not None
    assert results.level_reach is not None
    assert results.level_spread is not None
    assert results.level_heat is not None
    heat = (
        f", and by {value_label(results.level_heat, 'm', digits=2)} for heat at the highest temperature"
        if results.level_heat
        else ""
    )
    devices = (
        f", and by {value_label(results.level_devices, 'm', digits=2)} from device to device"
        if results.level_devices
        else ""
    )
    low, high = results.levels_ci95
    left_out = "" if results.level_devices else " Disorder from device to device is not included."
    if results.wander is not None:
        left_out += (
            " Heat is not included: at 300 K it takes the wall of this smooth stripe "
            f"{value_label(results.wander, 'm', digits=2)} away within 1 ns (one standard deviation, by the model). "
            "Notches, rough edges or grains hold a wall, and “heat” in the campaign file asks for its steps."
        )
    if results.goes_on:
        left_out += (
            " They are levels at the end of the rest behind a pulse: a wall that is left alone then goes on by up to "
            f"{results.goes_on}."
        )
    return (
        f"{results.levels} levels (95 % interval {low} to {high}) stay apart by 3 σ in the "
        f"{value_label(results.level_reach, 'm', digits=3)} under the junction that the pulses reach. σ = "
        f"{value_label(results.level_spread, 'm', digits=2)} is how far, without feedback, a wall rests from "
        f"where the model predicts it: by what the model gets wrong on held-out runs{heat}{devices}.{left_out}"
    )


def _wells_in_words(results: SynapseResults) -> str:
    lasting = (
        f" The wall is not at rest when the next pulse comes, and goes on by up to {results.goes_on}."
        if results.goes_on
        else ""
    )
    runs = "".join(
        f" Of {each.runs} micromagnetic runs at {value_label(each.temperature, 'K')} {each.runs_wrong} are in another "
        "well after that pulse."
        for each in results.wrong_wells
        if each.runs
    )
    seen = len(results.level_wells)
    window = (
        "" if seen == results.levels else f" {seen} wells are reached; those beyond the junction have one conductance."
    )
    return (
        f"{results.levels} levels: the wells that the pulses of the runs reach, {results.wells_in_words}. Between two "
        f"of them the wall does not stay.{window}{lasting}{runs}"
    )
