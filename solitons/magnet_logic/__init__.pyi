from .arrays import array_macrospins
from .clocked import follow_protocol, protocol_ramps
from .coupled_macrospins import CoupledMacrospins, biaxial_magnet
from .driven import follow_ramps
from .free_energies import free_energy, mean_direction
from .heat_fit import SlowLimit, slow_limit
from .ising import GroundStates, IsingArray, anneal, array_ising, binary_ising, descend, ground_states
from .operations import ERASURE, OVERWRITING, RETRACING, Operation, perform, quasi_static_work
from .placement import Placement, coupling_residual, dipole_couplings, place_magnets

__all__ = [
    "ERASURE",
    "OVERWRITING",
    "RETRACING",
    "CoupledMacrospins",
    "GroundStates",
    "IsingArray",
    "Operation",
    "Placement",
    "SlowLimit",
    "anneal",
    "array_ising",
    "array_macrospins",
    "biaxial_magnet",
    "binary_ising",
    "coupling_residual",
    "descend",
    "dipole_couplings",
    "follow_protocol",
    "follow_ramps",
    "free_energy",
    "ground_states",
    "mean_direction",
    "perform",
    "place_magnets",
    "protocol_ramps",
    "quasi_static_work",
    "slow_limit",
]
