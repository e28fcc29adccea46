from .axial_fokker_planck import AxialFokkerPlanck, axial_fokker_planck
from .binary_synapse import StochasticBinarySynapse
from .bit_tests import bit_tests
from .closed_forms import brown_rate, linear_write_error
from .drive_response import DriveResponse, drive_response
from .driven_rates import NoisyRates, PeriodicDrive, fokker_planck_rates
from .driven_telegraph import count_half_periods, follow_rates, mean_states, residence_share, states_at
from .ensemble import follow_macrospins
from .invertible_logic import Multiplier, multiplier
from .junction_spread import JunctionSpread, pillar_spread
from .macrospin import Macrospin
from .p_bits import AND_BIASES, AND_COUPLINGS, PBit, exact_distribution, sample_states
from .pillar_junction import CoherentReversal, coherent_reversal, pillar_junction
from .pillar_pulses import PillarPulse, pulsed_pillar
from .population import ReadOut, best_read_out, counting_statistics, learn_read_out, population
from .random_bits import junction_bits
from .rate_fit import RateFit, fit_dwells, fit_switching
from .rates import FittedRate, SwitchingRates
from .resonance_theory import adiabatic_resonance, square_wave_locking
from .sphere_fokker_planck import SphereFokkerPlanck, sphere_fokker_planck
from .superparamagnetic_neuron import SuperparamagneticNeuron
from .thermal_states import thermal_states
from .write_errors import WriteError, write_error_rate

__all__ = [
    "AND_BIASES",
    "AND_COUPLINGS",
    "AxialFokkerPlanck",
    "CoherentReversal",
    "DriveResponse",
    "FittedRate",
    "JunctionSpread",
    "Macrospin",
    "Multiplier",
    "NoisyRates",
    "PBit",
    "PeriodicDrive",
    "PillarPulse",
    "RateFit",
    "ReadOut",
    "SphereFokkerPlanck",
    "StochasticBinarySynapse",
    "SuperparamagneticNeuron",
    "SwitchingRates",
    "WriteError",
    "adiabatic_resonance",
    "axial_fokker_planck",
    "best_read_out",
    "bit_tests",
    "brown_rate",
    "coherent_reversal",
    "count_half_periods",
    "counting_statistics",
    "drive_response",
    "exact_distribution",
    "fit_dwells",
    "fit_switching",
    "fokker_planck_rates",
    "follow_macrospins",
    "follow_rates",
    "junction_bits",
    "learn_read_out",
    "linear_write_error",
    "mean_states",
    "multiplier",
    "pillar_junction",
    "pillar_spread",
    "population",
    "pulsed_pillar",
    "residence_share",
    "sample_states",
    "sphere_fokker_planck",
    "square_wave_locking",
    "states_at",
    "thermal_states",
    "write_error_rate",
]
