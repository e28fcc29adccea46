"""Single cells among many: margins of reading, and what a write does to the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from solitons.campaigns.arrays.array_devices import ArrayWires
from solitons.campaigns.arrays.array_energy import ArrayEnergy, line_read
from solitons.campaigns.arrays.crossbar_limits.results import DisturbPoint, LossPoint, MarginPoint
from solitons.campaigns.arrays.crossbar_limits.settings import ChosenCells
from solitons.crossbars import Selector, SelectorCells, Transistor, TransistorCells
from solitons.crossbars.biasing import CellsOf, Scheme, half_select_disturb, passive_cells, read_margin
from solitons.crossbars.nonlinear_network import NoOperatingPoint
from solitons.crossbars.resistor_network import lost_current

__all__ = ["COMPARED", "cell_points", "loss_points", "most_lines"]

Kind = Literal["passive", "selector", "transistor"]

COMPARED: tuple[tuple[Kind, Scheme], ...] = (
    ("passive", "floating"),
    ("passive", "half"),
    ("passive", "third"),
    ("passive", "grounded"),
    ("selector", "half"),
    ("selector", "third"),
    ("transistor", "grounded"),
)
"""Cells and what other lines are held at; without transistors a grounded line is read with its own load."""
_EACH = 3
"""Arrays of random cells whose losses are averaged."""


def _kinds_of_cells(cells: ChosenCells) -> dict[str, CellsOf]:
    """Functions that make cells of conductances, by kind."""
    selector = Selector(cells.selector.current, cells.selector.voltage)
    given = cells.transistor
    transistor = Transistor(given.threshold, given.gain, given.slope, given.temperature)

    def with_selector(conductance: np.ndarray, _: int) -> SelectorCells:
        return SelectorCells(conductance, selector)

    def with_transistor(conductance: np.ndarray, word: int) -> TransistorCells:
        gates = np.where(np.arange(len(conductance)) == word, given.gate, 0.0)
        return TransistorCells(conductance, transistor, gates)

    return {"passive": passive_cells, "selector": with_selector, "transistor": with_transistor}


def loss_points(
    ends: tuple[float, float], cells: ChosenCells, wires: ArrayWires, seed: int, energy: ArrayEnergy
) -> list[LossPoint]:
    """Current and energy that wires cost arrays of cells anywhere between the device's ends."""
    generator = np.random.default_rng(seed)
    lines = wires.lines()
    found = []
    for count in cells.lines:
        arrays = [generator.uniform(*ends, (count, count)) for _ in range(_EACH)]
        reads = [each for each in (line_read(array, lines, energy) for array in arrays) if each is not None]
        found.append(
            LossPoint(
                lines=count,
                lost=float(np.mean([lost_current(array, lines) for array in arrays])),
                device_joule=float(np.mean([each.devices for each in reads])) if reads else None,
                wire_joule=float(np.mean([each.wires for each in reads])) if reads else None,
            )
        )
    return found


def cell_points(
    ends: tuple[float, float], cells: ChosenCells, wires: ArrayWires, advance: Callable[[], None]
) -> tuple[list[MarginPoint], list[DisturbPoint]]:
    """Margins over the size of the array, and disturbs in the largest one."""
    lines = wires.lines()
    kinds = _kinds_of_cells(cells)
    margins, disturbs = [], []
    largest = max(cells.lines)
    for kind, scheme in COMPARED:
        for count in cells.lines:
            try:
                margin: float | None = read_margin(
                    ends[1], ends[0], (count, count), lines, scheme, voltage=cells.voltage, cells_of=kinds[kind]
                )
            except NoOperatingPoint:
                margin = None
            margins.append(MarginPoint(cells=kind, scheme=scheme, lines=count, margin=margin))
            advance()
        middle = np.full((largest, largest), sum(ends) / 2)
        try:
            found = half_select_disturb(middle, lines, scheme, cells.voltage, (0, largest - 1), kinds[kind])
        except NoOperatingPoint:
            continue
        chosen = found.chosen / cells.voltage
        disturbs.append(DisturbPoint(cells=kind, scheme=scheme, lines=largest, chosen=chosen, share=found.share))
    return margins, disturbs


def most_lines(margins: list[MarginPoint], least: float) -> dict[str, int]:
    """Largest array, of those compared, up to which every smaller one keeps the margin too; 0 of none."""
    found: dict[str, int] = {}
    for kind, scheme in COMPARED:
        some = sorted((each for each in margins if (each.cells, each.scheme) == (kind, scheme)), key=lambda m: m.lines)
        most = 0
        for each in some:
            if each.margin is None or each.margin < least:
                break
            most = each.lines
        found[f"{kind} {scheme}"] = most
    return found
