from .arrays import array_macrospins
from .clocked import follow_protocol
from .coupled_macrospins import CoupledMacrospins, biaxial_magnet
from .driven import follow_ramps
from .heat_fit import slow_limit
from .ising import anneal, array_ising, binary_ising, ground_states
from .operations import ERASURE, perform
from .placement import coupling_residual, place_magnets
from .response_fit import fit_response

__all__ = [
    "ERASURE",
    "CoupledMacrospins",
    "anneal",
    "array_ising",
    "array_macrospins",
    "biaxial_magnet",
    "binary_ising",
    "coupling_residual",
    "fit_response",
    "follow_protocol",
    "follow_ramps",
    "ground_states",
    "perform",
    "place_magnets",
    "slow_limit",
]
