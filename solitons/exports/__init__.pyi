from .aihwkit_device import aihwkit_module
from .cell_modules import brian2_module, norse_module, snntorch_module
from .conductance_table import conductance_table, read_table, write_table
from .crosssim import crosssim_device, crosssim_tables
from .exporting import NEURON_TARGETS, SYNAPSE_TARGETS, ExportSettings, export_model, export_models
from .leaky_neuron import LeakyNeuron
from .losses import CannotExpressError, Loss
from .neuron_fit import NeuronFit, SpikeComparison, compare_spikes, fit_neuron, random_currents, soliton_spikes
from .neuron_judgement import judge_neuron
from .nir_graph import nir_graph, read_nir, write_nir
from .pulse_data import PulseData, PulseSequence, PulseTrain, read_pulse_data
from .pulse_fit import PulseFit, fit_pulses
from .pulse_trains import pulse_trains
from .verilog_a import verilog_a_module
from .verilog_a_neuron import verilog_a_neuron

__all__ = [
    "NEURON_TARGETS",
    "SYNAPSE_TARGETS",
    "CannotExpressError",
    "ExportSettings",
    "LeakyNeuron",
    "Loss",
    "NeuronFit",
    "PulseData",
    "PulseFit",
    "PulseSequence",
    "PulseTrain",
    "SpikeComparison",
    "aihwkit_module",
    "brian2_module",
    "compare_spikes",
    "conductance_table",
    "crosssim_device",
    "crosssim_tables",
    "export_model",
    "export_models",
    "fit_neuron",
    "fit_pulses",
    "judge_neuron",
    "nir_graph",
    "norse_module",
    "pulse_trains",
    "random_currents",
    "read_nir",
    "read_pulse_data",
    "read_table",
    "snntorch_module",
    "soliton_spikes",
    "verilog_a_module",
    "verilog_a_neuron",
    "write_nir",
    "write_table",
]
