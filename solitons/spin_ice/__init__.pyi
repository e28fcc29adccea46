from .astroid import SwitchingAstroid
from .couplings import Couplings, dipole_couplings, dumbbell_couplings, pair_coupling
from .field_driven import drive_field, spins_at
from .macrospins import MacrospinLattice, lattice_model

__all__ = [
    "Couplings",
    "MacrospinLattice",
    "SwitchingAstroid",
    "dipole_couplings",
    "drive_field",
    "dumbbell_couplings",
    "lattice_model",
    "pair_coupling",
    "spins_at",
]
