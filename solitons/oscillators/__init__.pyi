from .auto_oscillator import AutoOscillator, of_macrospin
from .circuit import follow_circuit
from .diode import diode_voltage
from .following import follow_oscillators
from .phase_memory import pattern_overlaps
from .phase_networks import align_phases, follow_phases, matrix_couplings
from .threshold import rest_direction, small_oscillation, threshold

__all__ = [
    "AutoOscillator",
    "align_phases",
    "diode_voltage",
    "follow_circuit",
    "follow_oscillators",
    "follow_phases",
    "matrix_couplings",
    "of_macrospin",
    "pattern_overlaps",
    "rest_direction",
    "small_oscillation",
    "threshold",
]
