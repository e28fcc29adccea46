from .axial_fokker_planck import AxialFokkerPlanck, axial_fokker_planck
from .binary_synapse import StochasticBinarySynapse
from .bit_tests import bit_tests
from .closed_forms import brown_rate, linear_write_error
from .ensemble import follow_macrospins
from .macrospin import Macrospin
from .p_bits import AND_BIASES, AND_COUPLINGS, PBit, exact_distribution, sample_states
from .pillar_junction import CoherentReversal, coherent_reversal, pillar_junction
from .random_bits import junction_bits
from .rate_fit import RateFit, fit_dwells, fit_switching
from .rates import FittedRate, SwitchingRates
from .sphere_fokker_planck import SphereFokkerPlanck, sphere_fokker_planck
from .superparamagnetic_neuron import SuperparamagneticNeuron
from .thermal_states import thermal_states
from .write_errors import WriteError, write_error_rate

__all__ = [
    "AND_BIASES",
    "AND_COUPLINGS",
    "AxialFokkerPlanck",
    "CoherentReversal",
    "FittedRate",
    "Macrospin",
    "PBit",
    "RateFit",
    "SphereFokkerPlanck",
    "StochasticBinarySynapse",
    "SuperparamagneticNeuron",
    "SwitchingRates",
    "WriteError",
    "axial_fokker_planck",
    "bit_tests",
    "brown_rate",
    "coherent_reversal",
    "exact_distribution",
    "fit_dwells",
    "fit_switching",
    "follow_macrospins",
    "junction_bits",
    "linear_write_error",
    "pillar_junction",
    "sample_states",
    "sphere_fokker_planck",
    "thermal_states",
    "write_error_rate",
]
