from .arrays import array_macrospins
from .clocked import Ramps, follow_protocol, protocol_ramps
from .coupled_macrospins import CoupledMacrospins, biaxial_magnet
from .driven import follow_ramps
from .free_energies import free_energy, mean_direction
from .gate_cycles import CLOCK_FIRST, INPUTS_FIRST, GateCycle, follow_cycle
from .heat_fit import SlowLimit, slow_limit
from .ising import GroundStates, IsingArray, anneal, array_ising, binary_ising, descend, ground_states
from .mean_heats import MeanHeat, damping_p_value, found_difference, mean_heat
from .nucleation import NucleatingArray, nucleating_array
from .operations import ERASURE, OVERWRITING, RETRACING, Operation, perform, quasi_static_work
from .placement import Placement, coupling_residual, dipole_couplings, place_magnets
from .response_fit import ResponseFactors, ResponseFit, fit_response
from .rest_states import RestStates, angle_error, overdamped, path_error, path_of, rest_path, rest_states
from .zone_release import RELEASE_STEP_ANGLE, release_zones

__all__ = [
    "CLOCK_FIRST",
    "ERASURE",
    "INPUTS_FIRST",
    "OVERWRITING",
    "RELEASE_STEP_ANGLE",
    "RETRACING",
    "CoupledMacrospins",
    "GateCycle",
    "GroundStates",
    "IsingArray",
    "MeanHeat",
    "NucleatingArray",
    "Operation",
    "Placement",
    "Ramps",
    "ResponseFactors",
    "ResponseFit",
    "RestStates",
    "SlowLimit",
    "angle_error",
    "anneal",
    "array_ising",
    "array_macrospins",
    "biaxial_magnet",
    "binary_ising",
    "coupling_residual",
    "damping_p_value",
    "descend",
    "dipole_couplings",
    "fit_response",
    "follow_cycle",
    "follow_protocol",
    "follow_ramps",
    "found_difference",
    "free_energy",
    "ground_states",
    "mean_direction",
    "mean_heat",
    "nucleating_array",
    "overdamped",
    "path_error",
    "path_of",
    "perform",
    "place_magnets",
    "protocol_ramps",
    "quasi_static_work",
    "release_zones",
    "rest_path",
    "rest_states",
    "slow_limit",
]
