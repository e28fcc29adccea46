from .arrays import array_macrospins
from .clocked import follow_protocol, protocol_ramps
from .coupled_macrospins import CoupledMacrospins, biaxial_magnet
from .driven import follow_ramps
from .free_energies import free_energy, mean_direction
from .heat_fit import SlowLimit, slow_limit
from .operations import ERASURE, OVERWRITING, RETRACING, Operation, perform, quasi_static_work

__all__ = [
    "ERASURE",
    "OVERWRITING",
    "RETRACING",
    "CoupledMacrospins",
    "Operation",
    "SlowLimit",
    "array_macrospins",
    "biaxial_magnet",
    "follow_protocol",
    "follow_ramps",
    "free_energy",
    "mean_direction",
    "perform",
    "protocol_ramps",
    "quasi_static_work",
    "slow_limit",
]
