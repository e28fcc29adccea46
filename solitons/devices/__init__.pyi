from .coming_to_rest import Rested, come_to_rest
from .conductance_steps import Train, asymmetry, trains_of
from .drift import DriftUnknownError
from .junction import Junction, conductances_of
from .junction_read_out import JunctionReadOut
from .level_count import LevelCount, count_levels
from .neuron import AbstractNeuron, exciting_sign, firing_times, threshold_current, trace
from .pair import DevicePair
from .programming import Written, apply_pulse, write_conductances
from .pulse_response import compare_with_run, send_pulses
from .pulse_shape import ProgrammingPulse
from .spreads import DeviceSpread, Spreads, device_spread
from .synapse import AbstractSynapse, LinearState, LinearSynapse, example_synapse
from .tabulated_synapse import TabulatedSynapse, WrittenByCounting

__all__ = [
    "AbstractNeuron",
    "AbstractSynapse",
    "DevicePair",
    "DeviceSpread",
    "DriftUnknownError",
    "Junction",
    "JunctionReadOut",
    "LevelCount",
    "LinearState",
    "LinearSynapse",
    "ProgrammingPulse",
    "Rested",
    "Spreads",
    "TabulatedSynapse",
    "Train",
    "Written",
    "WrittenByCounting",
    "apply_pulse",
    "asymmetry",
    "come_to_rest",
    "compare_with_run",
    "conductances_of",
    "count_levels",
    "device_spread",
    "example_synapse",
    "exciting_sign",
    "firing_times",
    "send_pulses",
    "threshold_current",
    "trace",
    "trains_of",
    "write_conductances",
]
