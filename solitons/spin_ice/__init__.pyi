from .astroid import SwitchingAstroid
from .astroid_fit import AstroidFit, fit_astroid
from .batches import drive_batch
from .couplings import Couplings, dipole_couplings, dumbbell_couplings
from .far_field import CutOffError, FarField, cut_off_error
from .field_driven import drive_field
from .first_reversal import first_reversal_field
from .flips import flip_record, spins_at
from .input_encoding import pattern_cascades, saturated_spins, series_states
from .macrospins import MacrospinLattice, lattice_model
from .pair_energies import coupling_ratios, pair_coupling
from .thermal import drive_thermally

__all__ = [
    "AstroidFit",
    "Couplings",
    "CutOffError",
    "FarField",
    "MacrospinLattice",
    "SwitchingAstroid",
    "coupling_ratios",
    "cut_off_error",
    "dipole_couplings",
    "drive_batch",
    "drive_field",
    "drive_thermally",
    "dumbbell_couplings",
    "first_reversal_field",
    "fit_astroid",
    "flip_record",
    "lattice_model",
    "pair_coupling",
    "pattern_cascades",
    "saturated_spins",
    "series_states",
    "spins_at",
]
