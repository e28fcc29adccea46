from .axial_fokker_planck import axial_fokker_planck
from .binary_synapse import StochasticBinarySynapse
from .drive_response import drive_response
from .driven_rates import PeriodicDrive, fokker_planck_rates
from .driven_telegraph import count_half_periods, follow_rates, mean_states
from .ensemble import follow_macrospins
from .invertible_logic import multiplier
from .macrospin import Macrospin
from .p_bits import PBit, exact_distribution, sample_states
from .pillar_junction import coherent_reversal, pillar_junction
from .population import best_read_out, learn_read_out, population
from .rate_fit import fit_dwells, fit_switching
from .rates import SwitchingRates
from .resonance_theory import adiabatic_resonance
from .superparamagnetic_neuron import SuperparamagneticNeuron
from .thermal_states import thermal_states

__all__ = [
    "Macrospin",
    "PBit",
    "PeriodicDrive",
    "StochasticBinarySynapse",
    "SuperparamagneticNeuron",
    "SwitchingRates",
    "adiabatic_resonance",
    "axial_fokker_planck",
    "best_read_out",
    "coherent_reversal",
    "count_half_periods",
    "drive_response",
    "exact_distribution",
    "fit_dwells",
    "fit_switching",
    "fokker_planck_rates",
    "follow_macrospins",
    "follow_rates",
    "learn_read_out",
    "mean_states",
    "multiplier",
    "pillar_junction",
    "population",
    "sample_states",
    "thermal_states",
]
