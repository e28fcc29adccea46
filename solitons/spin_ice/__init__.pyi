from .astroid import SwitchingAstroid
from .batches import drive_batch
from .couplings import dipole_couplings, dumbbell_couplings
from .far_field import FarField
from .field_driven import drive_field
from .flips import flip_record, spins_at
from .input_encoding import saturated_spins
from .macrospins import MacrospinLattice, lattice_model
from .rotating_lattice import RotatingLattice
from .rotation_driven import rotate_in_field
from .thermal import drive_thermally

__all__ = [
    "FarField",
    "MacrospinLattice",
    "RotatingLattice",
    "SwitchingAstroid",
    "dipole_couplings",
    "drive_batch",
    "drive_field",
    "drive_thermally",
    "dumbbell_couplings",
    "flip_record",
    "lattice_model",
    "rotate_in_field",
    "saturated_spins",
    "spins_at",
]
