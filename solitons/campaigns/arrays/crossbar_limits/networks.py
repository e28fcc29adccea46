"""Networks that are trained in software and written into devices, while one thing after another is varied."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from solitons.campaigns.arrays.array_devices import ArrayDevice, table_with_spread
from solitons.campaigns.arrays.crossbar_limits.campaign import CrossbarLimitsCampaign
from solitons.campaigns.arrays.scores_over_seeds import AxisName, Break, VariedPoint, break_of
from solitons.campaigns.arrays.trained_networks import (
    Trained,
    WrittenNetworks,
    networks_trained,
    varied_point,
    written_networks,
)
from solitons.crossbars import StepTable, Wires
from solitons.crossbars.step_table import ideal_table
from solitons.crossbars.weight_pairs import weights_of_pairs
from solitons.junctions import StochasticBinarySynapse

__all__ = ["breaks_of", "lost_in_first_layer", "spread_axis", "varied_points"]


def lost_in_first_layer(trained: Trained, table: StepTable, wires: Wires) -> float:
    """Share of the weights' size in the first array that its wires take away, in the mean of the seeds."""
    lost = []
    low, high = table.range
    for first, _ in trained.weights:
        positive, negative = (
            low + (high - low) * np.maximum(sign * first, 0) / np.abs(first).max() for sign in (1, -1)
        )
        seen, whole = (weights_of_pairs(positive, negative, 1.0, (low, high), each) for each in (wires, Wires()))
        lost.append(1 - np.abs(seen).sum() / np.abs(whole).sum())
    return float(np.mean(lost))


def spread_axis(device: ArrayDevice) -> AxisName:
    """Quantity that differs between devices in `table_with_spread`: critical currents of junctions, or steps."""
    return "junctions" if isinstance(device.synapse(), StochasticBinarySynapse) else "spreads"


def varied_points(
    campaign: CrossbarLimitsCampaign,
    table: StepTable,
    trained: Trained,
    wired: WrittenNetworks,
    advance: Callable[[], None],
) -> list[VariedPoint]:
    """Networks over each thing that is varied; `wired` are those with the wires as they are."""
    device, network, varied, wires = campaign.device, campaign.network, campaign.varied, campaign.wires
    ideal, as_they_are = Wires(), wires.lines()
    points: list[VariedPoint] = []

    def add(axis: AxisName, value: float, found: WrittenNetworks, lines: Wires | None = None, **how: bool) -> None:
        points.append(varied_point(axis, value, found, trained, lines, campaign.energy, **how))
        advance()

    def through(lines: Wires) -> WrittenNetworks:
        return wired if lines == as_they_are else written_networks(trained, table, lines)

    for segment in varied.segments:
        lines = wires.lines(segment)
        add("segments", segment, through(lines), lines)
    for hidden in varied.hidden:
        alike = hidden == network.hidden
        other = trained if alike else networks_trained(hidden, network.epochs, trained.seeds, trained.images)
        add("hidden", hidden, wired if alike else written_networks(other, table, as_they_are), as_they_are)
    for tile in varied.tiles:
        lines = wires.lines(tile=tile)
        add("tiles", tile, through(lines), lines)
    for spread in varied.spreads:
        unlike = table_with_spread(device, table, spread)
        for verified in (True, False):
            found = written_networks(trained, unlike, ideal, verified=verified)
            add(spread_axis(device), spread, found, verified=verified)
    for levels in varied.levels:
        add("levels", levels, written_networks(trained, ideal_table(table, levels), ideal))
    for stuck in varied.stuck:
        add("stuck", stuck, written_networks(trained, table, ideal, stuck=stuck))
    return points


def breaks_of(points: Sequence[VariedPoint], allowed: float) -> dict[str, Break]:
    """Value of each axis beyond the allowed loss; levels are read from many to few, hidden units from the best on."""
    found: dict[str, Break] = {}
    for axis in dict.fromkeys(point.axis for point in points):
        for verified in (True, False):
            some = sorted(
                (each for each in points if each.axis == axis and each.verified == verified),
                key=lambda each: each.value,
                reverse=axis == "levels",
            )
            if some and axis == "hidden":
                some = some[int(np.argmin([each.loss.mean for each in some])) :]
            if some:
                name = axis if verified else f"{axis} counted"
                found[name] = break_of([each.value for each in some], [each.loss.mean for each in some], allowed)
    return found
