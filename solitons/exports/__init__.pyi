from .conductance_table import conductance_table, read_table, write_table
from .exporting import export_model, export_models
from .leaky_neuron import LeakyNeuron
from .losses import CannotExpressError
from .neuron_fit import fit_neuron
from .nir_graph import read_nir, write_nir
from .pulse_data import PulseData, read_pulse_data
from .pulse_fit import fit_pulses
from .target import ExportSettings

__all__ = [
    "CannotExpressError",
    "ExportSettings",
    "LeakyNeuron",
    "PulseData",
    "conductance_table",
    "export_model",
    "export_models",
    "fit_neuron",
    "fit_pulses",
    "read_nir",
    "read_pulse_data",
    "read_table",
    "write_nir",
    "write_table",
]
