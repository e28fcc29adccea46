from .junction import Junction
from .junction_read_out import JunctionReadOut
from .level_count import count_levels
from .neuron import AbstractNeuron, threshold_current, trace
from .pair import DevicePair
from .programming import apply_pulse, write_conductances
from .pulse_response import compare_with_run, send_pulses
from .pulse_shape import ProgrammingPulse
from .spreads import Spreads
from .synapse import AbstractSynapse, LinearSynapse
from .tabulated_synapse import TabulatedSynapse

__all__ = [
    "AbstractNeuron",
    "AbstractSynapse",
    "DevicePair",
    "Junction",
    "JunctionReadOut",
    "LinearSynapse",
    "ProgrammingPulse",
    "Spreads",
    "TabulatedSynapse",
    "apply_pulse",
    "compare_with_run",
    "count_levels",
    "send_pulses",
    "threshold_current",
    "trace",
    "write_conductances",
]
