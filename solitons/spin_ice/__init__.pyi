from .astroid import SwitchingAstroid
from .astroid_fit import AstroidFit, fit_astroid
from .batches import drive_batch
from .coherent_rotation import CoherentRotation
from .couplings import Couplings, dipole_couplings, dumbbell_couplings
from .far_field import CutOffError, FarField, cut_off_error
from .field_driven import drive_field
from .first_reversal import first_reversal_field
from .first_rotation import first_fall_field
from .flips import flip_record, spins_at
from .input_encoding import pattern_cascades, saturated_spins, series_states
from .macrospins import MacrospinLattice, lattice_model
from .moment_fields import MomentCouplings, moment_couplings
from .pair_energies import coupling_ratios, pair_coupling
from .rotating_lattice import RotatingLattice
from .rotation_driven import rotate_in_field
from .rotation_fit import RotationFit, fit_rotation
from .textures import IslandTextures
from .thermal import drive_thermally

__all__ = [
    "AstroidFit",
    "CoherentRotation",
    "Couplings",
    "CutOffError",
    "FarField",
    "IslandTextures",
    "MacrospinLattice",
    "MomentCouplings",
    "RotatingLattice",
    "RotationFit",
    "SwitchingAstroid",
    "coupling_ratios",
    "cut_off_error",
    "dipole_couplings",
    "drive_batch",
    "drive_field",
    "drive_thermally",
    "dumbbell_couplings",
    "first_fall_field",
    "first_reversal_field",
    "fit_astroid",
    "fit_rotation",
    "flip_record",
    "lattice_model",
    "moment_couplings",
    "pair_coupling",
    "pattern_cascades",
    "rotate_in_field",
    "saturated_spins",
    "series_states",
    "spins_at",
]
