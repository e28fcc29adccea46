from .conductance_table import conductance_table, read_table, write_table
from .pulse_data import PulseData, PulseSequence, PulseTrain, read_pulse_data
from .pulse_fit import PulseFit, fit_pulses
from .pulse_trains import pulse_trains

__all__ = [
    "PulseData",
    "PulseFit",
    "PulseSequence",
    "PulseTrain",
    "conductance_table",
    "fit_pulses",
    "pulse_trains",
    "read_pulse_data",
    "read_table",
    "write_table",
]
