"""Figures of the report of a gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geometries import MagnetArray
from solitons.campaigns.magnet_logic.nml_majority.results import MajorityResults
from solitons.campaigns.magnet_logic.nml_majority.roles import row_label
from solitons.figures import MEASURED, PREDICTED, new_figure
from solitons.magnet_logic.rest_states import RestStates

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["error_figure", "gate_figure", "heat_figure", "rows_figure"]

_NANO = 1e9
_CYCLES = ("#0B5C8A", "#D55E00")
_UP, _DOWN, _NONE = "#0B5C8A", "#D55E00", "#8A8F94"


def gate_figure(array: MagnetArray) -> Figure:
    """The gate with its names and roles."""
    figure = new_figure(4.6, 4.2)
    array.plot(ax=figure.subplots())
    return figure


def _draw(ax: Axes, seen: RestStates) -> None:
    """Magnets as ellipses in the colour of their state, with the moment at the end of the clock."""
    from matplotlib.patches import Ellipse

    for magnet, moment in zip(seen.array.magnets, seen.moments[-1], strict=True):
        along = float(moment[0] * magnet.axis[0] + moment[1] * magnet.axis[1])
        colour = _NONE if abs(along) <= 0.5 else (_UP if along > 0 else _DOWN)
        at = (magnet.x * _NANO, magnet.y * _NANO)
        held = magnet.held
        ax.add_patch(
            Ellipse(
                at,
                magnet.length * _NANO,
                magnet.width * _NANO,
                angle=float(np.degrees(magnet.angle)),
                facecolor=colour,
                alpha=0.35 if held else 0.9,
                edgecolor="black",
                linewidth=1.6 if magnet.role == "output" else 0.6,
            )
        )
        half = 0.32 * magnet.length * _NANO * moment[:2]
        arrow = {"arrowstyle": "-|>", "color": "black" if held else "white", "linewidth": 1.4}
        ax.annotate("", at + half, at - half, arrowprops=arrow)
    ax.autoscale_view()
    ax.set_aspect("equal")
    ax.set_axis_off()


def rows_figure(rows: tuple[RestStates, ...], results: MajorityResults) -> Figure:
    """The gate at the end of the clock in all rows, at 0 K."""
    figure = new_figure(7.4, 4.6)
    for ax, seen, result in zip(figure.subplots(2, 4).ravel(), rows, results.rows, strict=True):
        _draw(ax, seen)
        right = result.value == result.expected
        ax.set_title(
            f"{row_label(result.row)}{'' if right else '  wrong'}", fontsize="medium", color="black" if right else "red"
        )
    return figure


def error_figure(results: MajorityResults) -> Figure:
    """Error rate of each row with exact intervals; micromagnetics in one."""
    figure = new_figure(7.4, 3.8)
    ax = figure.subplots()
    places = np.arange(len(results.rows))
    rates, lows, highs = np.array([(each.thermal.rate, each.thermal.low, each.thermal.high) for each in results.rows]).T
    floor = 10.0 ** np.floor(np.log10(min(highs.min(), 1e-3)) - 0.3)
    shown = np.maximum(rates, floor)
    ax.errorbar(
        places,
        shown,
        [shown - np.maximum(lows, floor), highs - shown],
        fmt="o",
        color=PREDICTED,
        capsize=3,
        label=f"macrospins, {results.rows[0].thermal.trials:,} a row",
    )
    for place in places[rates == 0]:
        ax.annotate("none", (place, floor), (8, 4), textcoords="offset points", fontsize="small", color=PREDICTED)
    if results.ensemble is not None:
        seen = results.ensemble.thermal
        place = next(i for i, each in enumerate(results.rows) if each.row == results.ensemble.row)
        rate = max(seen.rate, floor)
        ax.errorbar(
            [place + 0.15],
            [rate],
            [[rate - max(seen.low, floor)], [seen.high - rate]],
            fmt="s",
            color=MEASURED,
            capsize=3,
            label=f"micromagnetics, {seen.trials} runs",
        )
    ax.set(
        yscale="log",
        ylim=(floor, 1),
        xticks=places,
        xticklabels=[row_label(each.row) for each in results.rows],
        xlabel="inputs a, b, c",
        ylabel=f"error rate at {results.temperature:g} K",
    )
    ax.grid(axis="y", color="0.9")
    ax.legend(frameon=False, fontsize="small", loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return figure


def heat_figure(results: MajorityResults) -> Figure:
    """Mean heat of each cycle over the ramp time, and the slow ones with the clock first over one over it."""
    figure = new_figure(7.6, 4.0)
    ax, slow = figure.subplots(1, 2, width_ratios=(1.15, 1))
    for cycle, colour in zip(results.cycles, _CYCLES, strict=True):
        times = np.array([point.ramp_time * _NANO for point in cycle.points])
        heats, errors, damped, damped_errors = np.array(
            [(each.heat, each.heat_error, each.damping_heat, each.damping_error) for each in cycle.points]
        ).T
        ax.errorbar(times, heats, 1.96 * errors, fmt="o-", color=colour, linewidth=0.8, markersize=5, label=cycle.name)
        # Where chance is as large as the heat itself the damping term tells nothing on a logarithmic axis.
        told = damped > 1.96 * damped_errors
        ax.errorbar(
            1.06 * times[told],
            damped[told],
            1.96 * damped_errors[told],
            fmt="x",
            color=colour,
            markersize=6,
            alpha=0.6,
            label="by the damping term",
        )
    ax.set(xscale="log", yscale="log", xlabel="ramp time (ns)", ylabel="mean heat of a cycle (kT)")
    ax.legend(frameon=False, fontsize="small", loc="lower left")
    first = results.cycles[0]
    fitted = first.fitted
    rates = np.array([1 / (each.ramp_time * _NANO) for each in fitted])
    errors = [1.96 * each.heat_error for each in fitted]
    slow.axhline(0, color="0.8", linewidth=1)
    slow.errorbar(rates, [each.heat for each in fitted], errors, fmt="o", color=_CYCLES[0], markersize=5, capsize=2)
    if first.on_a_line:
        along = np.array([0.0, rates.max()])
        slow.plot(along, first.limit + first.slope * _NANO * along, color=_CYCLES[0], linewidth=1)
        low, high = first.ci95
        reach = [[first.limit - low], [high - first.limit]]
        slow.errorbar([0], [first.limit], reach, fmt="D", color="black", markersize=4, capsize=3, label="limit")
        slow.legend(frameon=False, fontsize="small", loc="upper left")
    slow.set(xlabel="1 / ramp time (1/ns)", ylabel="mean heat, clock first (kT)")
    slow.set_xlim(left=-0.04 * rates.max())
    return figure
