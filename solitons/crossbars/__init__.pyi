from .cell_currents import PassiveCells, Selector, SelectorCells, Transistor, TransistorCells
from .device_array import DeviceArray, write_and_verify
from .learning import learn_on_devices
from .measured_steps import measured_table
from .nonlinear_network import solve_cells
from .power import crossbar_power
from .resistor_network import CrossbarSolution, ResistorCrossbar
from .step_table import StepTable
from .wires import Wires

__all__ = [
    "CrossbarSolution",
    "DeviceArray",
    "PassiveCells",
    "ResistorCrossbar",
    "Selector",
    "SelectorCells",
    "StepTable",
    "Transistor",
    "TransistorCells",
    "Wires",
    "crossbar_power",
    "learn_on_devices",
    "measured_table",
    "solve_cells",
    "write_and_verify",
]
