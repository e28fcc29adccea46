from .arrays import array_macrospins
from .coupled_macrospins import CoupledMacrospins, biaxial_magnet
from .driven import follow_ramps
from .free_energies import free_energy, mean_direction
from .gate_cycles import CLOCK_FIRST, INPUTS_FIRST, GateCycle, follow_cycle
from .heat_fit import SlowLimit, slow_limit
from .mean_heats import MeanHeat, damping_p_value, mean_heat
from .operations import ERASURE, OVERWRITING, RETRACING, Operation, perform, quasi_static_work
from .response_fit import ResponseFactors, ResponseFit, fit_response
from .rest_states import RestStates, angle_error, overdamped, path_error, path_of, rest_path, rest_states

__all__ = [
    "CLOCK_FIRST",
    "ERASURE",
    "INPUTS_FIRST",
    "OVERWRITING",
    "RETRACING",
    "CoupledMacrospins",
    "GateCycle",
    "MeanHeat",
    "Operation",
    "ResponseFactors",
    "ResponseFit",
    "RestStates",
    "SlowLimit",
    "angle_error",
    "array_macrospins",
    "biaxial_magnet",
    "damping_p_value",
    "fit_response",
    "follow_cycle",
    "follow_ramps",
    "free_energy",
    "mean_direction",
    "mean_heat",
    "overdamped",
    "path_error",
    "path_of",
    "perform",
    "quasi_static_work",
    "rest_path",
    "rest_states",
    "slow_limit",
]
