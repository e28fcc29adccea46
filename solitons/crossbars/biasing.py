r"""One cell chosen among many: what the other lines are held at, what is read then, and what the others feel.

The chosen cell's word line is at V and its bit line at 0 V. The other lines

- **float**: the current of the other cells finds its way through three of them in a row;
- **half**: are at V/2, so that cells that share a line with the chosen one have V/2 over them, and others nothing;
- **third**: word lines are at V/3 and bit lines at 2V/3, so that all other cells have V/3 over them, either way;
- **grounded**: are at 0 V.

With floating lines, no wires and all other cells in the low-resistance state, an N x N array is three resistors in a
row beside the chosen cell (N - 1 cells, (N - 1)^2 and N - 1 again),

.. math:: R_{sneak} = R_{on} \left[\frac{2}{N - 1} + \frac{1}{(N - 1)^2}\right].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from solitons.crossbars.cell_currents import AbstractCells, PassiveCells
from solitons.crossbars.nonlinear_network import NonlinearSolution, solve_cells
from solitons.crossbars.tiles import tile_with
from solitons.crossbars.wires import Wires

__all__ = [
    "SCHEMES",
    "Bias",
    "CellsOf",
    "Disturb",
    "Scheme",
    "chosen_cell",
    "half_select_disturb",
    "passive_cells",
    "read_margin",
]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

Scheme = Literal["floating", "half", "third", "grounded"]
SCHEMES: tuple[Scheme, ...] = ("floating", "half", "third", "grounded")

CellsOf = Callable[[Floats, int], AbstractCells]
"""Cells of these conductances (S), with this word line chosen: a transistor's row is open, others are not."""


@dataclass(frozen=True, eq=False)
class Bias:
    """Voltages of an array's lines while one cell is chosen.

    Voltages in V, (words,) and (bits,), mean nothing on lines that float.
    """

    word_voltage: Floats
    bit_voltage: Floats
    floating_words: Bools
    floating_bits: Bools


def chosen_cell(shape: tuple[int, int], cell: tuple[int, int], voltage: float, scheme: Scheme) -> Bias:
    """The bias of all lines of an array of `shape` (words, bits) with one cell chosen.

    `voltage` lies over it in V, with its sign; the module explains the schemes "floating", "half", "third" and
    "grounded".
    """
    if not (0 <= cell[0] < shape[0] and 0 <= cell[1] < shape[1]):
        raise ValueError(f"chosen_cell: there is no cell {cell} in an array of {shape[0]} x {shape[1]}")
    shares = {"floating": (0.0, 0.0), "half": (1 / 2, 1 / 2), "third": (1 / 3, 2 / 3), "grounded": (0.0, 0.0)}
    if scheme not in shares:
        raise ValueError(f"chosen_cell: scheme = {scheme!r} is none of {', '.join(shares)}")
    of_words, of_bits = shares[scheme]
    words, bits = np.full(shape[0], of_words * voltage), np.full(shape[1], of_bits * voltage)
    words[cell[0]], bits[cell[1]] = voltage, 0.0
    other_words, other_bits = np.arange(shape[0]) != cell[0], np.arange(shape[1]) != cell[1]
    floats = scheme == "floating"
    return Bias(words, bits, other_words & floats, other_bits & floats)


def passive_cells(conductance: Floats, _: int) -> AbstractCells:
    """Devices alone."""
    return PassiveCells(conductance)


def read_margin(
    on: float,
    off: float,
    shape: tuple[int, int],
    wires: Wires,
    scheme: Scheme,
    *,
    voltage: float = 0.1,
    load: float | None = None,
    cells_of: CellsOf = passive_cells,
) -> float:
    """By how much of the applied voltage a reading distinguishes the two states of a cell in the worst case.

    The chosen bit line ends in a load resistor (ohm; the resistance of a device in its high-conductance state by
    default), and the voltage over it is compared for the cell in its `on` and its `off` state (S). All other cells are
    in the high-conductance state, and the cell is the one furthest from driver and sense; in tiles it shares its lines
    with the cells of its own tile alone. `voltage` in V is applied to the chosen word line, and `cells_of` makes cells
    of conductances, passive ones by default. The margin, difference of the load's voltages over the applied one, is
    below 0 where the wrong state reads higher.
    """
    if not 0 < off < on < np.inf:
        raise ValueError(f"read_margin: off = {off} S and on = {on} S must be above 0 and in this order")
    if wires.tile is not None:
        shape = (min(shape[0], wires.tile), min(shape[1], wires.tile))
    cell = (0, shape[1] - 1)
    bias = chosen_cell(shape, cell, voltage, scheme)
    sense = np.full(shape[1], wires.sense)
    sense[cell[1]] = 1 / on if load is None else load
    seen = []
    for state in (on, off):
        conductance = np.full(shape, on)
        conductance[cell] = state
        solution = _solved(cells_of(conductance, cell[0]), wires, bias, sense)
        seen.append(solution.bit_current[cell[1]] * sense[cell[1]])
    return float((seen[0] - seen[1]) / voltage)


@dataclass(frozen=True)
class Disturb:
    """Effect of a write on the written cell and on the others.

    Voltage in V over the chosen device, the largest in size over another device (`worst`), the largest current through
    another device over the chosen one's (`share`), and the current in A that all drivers deliver together.
    """

    chosen: float
    worst: float
    share: float
    current: float


def half_select_disturb(
    conductance: Floats,
    wires: Wires,
    scheme: Scheme,
    voltage: float,
    cell: tuple[int, int],
    cells_of: CellsOf = passive_cells,
) -> Disturb:
    """Write one cell and compute what the others feel; with tiles, only cells of its own tile.

    `voltage` lies over the chosen cell and its wires in V, with its sign; conductances (words, bits) in S. `cells_of`
    makes cells of them, passive ones by default.
    """
    if wires.cuts(conductance.shape):
        rows, columns = tile_with(cell, conductance.shape, wires)
        conductance, cell = conductance[rows, columns], (cell[0] - rows.start, cell[1] - columns.start)
    bias = chosen_cell(conductance.shape, cell, voltage, scheme)
    found = _solved(cells_of(conductance, cell[0]), wires, bias, None)
    others = np.ones(conductance.shape, dtype=bool)
    others[cell] = False
    current = np.abs(found.cell_current)
    return Disturb(
        chosen=float(found.device_voltage[cell]),
        worst=float(np.abs(found.device_voltage[others]).max(initial=0.0)),
        share=float(current[others].max(initial=0.0) / current[cell]),
        current=float(np.maximum(found.word_current, 0).sum() + np.maximum(-found.bit_current, 0).sum()),
    )


def _solved(cells: AbstractCells, wires: Wires, bias: Bias, sense: Floats | None) -> NonlinearSolution:
    return solve_cells(
        cells, wires, bias.word_voltage, bias.bit_voltage, bias.floating_words, bias.floating_bits, sense
    )
