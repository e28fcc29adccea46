from .biasing import chosen_cell, half_select_disturb, read_margin, sneak_resistance
from .cell_currents import PassiveCells, Selector, SelectorCells, Transistor, TransistorCells
from .device_array import DeviceArray, write_and_verify, write_open_loop
from .learning import Learned, learn_on_devices
from .measured_steps import measured_table, table_error
from .measured_trains import table_from_trains, table_of
from .nonlinear_network import NonlinearSolution, NoOperatingPoint, solve_cells
from .perceptron import DigitImages, digit_images, train_in_software, write_weights
from .power import CrossbarPower, crossbar_power
from .resistor_network import CrossbarSolution, ResistorCrossbar, effective_conductance, lost_current
from .step_table import StepTable, ideal_table
from .tiles import tiles_of
from .wires import Wires

__all__ = [
    "CrossbarPower",
    "CrossbarSolution",
    "DeviceArray",
    "DigitImages",
    "Learned",
    "NoOperatingPoint",
    "NonlinearSolution",
    "PassiveCells",
    "ResistorCrossbar",
    "Selector",
    "SelectorCells",
    "StepTable",
    "Transistor",
    "TransistorCells",
    "Wires",
    "chosen_cell",
    "crossbar_power",
    "digit_images",
    "effective_conductance",
    "half_select_disturb",
    "ideal_table",
    "learn_on_devices",
    "lost_current",
    "measured_table",
    "read_margin",
    "sneak_resistance",
    "solve_cells",
    "table_error",
    "table_from_trains",
    "table_of",
    "tiles_of",
    "train_in_software",
    "write_and_verify",
    "write_open_loop",
    "write_weights",
]
