from .biasing import chosen_cell, half_select_disturb, read_margin, sneak_resistance
from .cell_currents import PassiveCells, Selector, SelectorCells, Transistor, TransistorCells
from .nonlinear_network import NonlinearSolution, NoOperatingPoint, solve_cells
from .resistor_network import CrossbarSolution, ResistorCrossbar, effective_conductance, lost_current
from .wires import Wires

__all__ = [
    "CrossbarSolution",
    "NoOperatingPoint",
    "NonlinearSolution",
    "PassiveCells",
    "ResistorCrossbar",
    "Selector",
    "SelectorCells",
    "Transistor",
    "TransistorCells",
    "Wires",
    "chosen_cell",
    "effective_conductance",
    "half_select_disturb",
    "lost_current",
    "read_margin",
    "sneak_resistance",
    "solve_cells",
]
