"""The models of a campaign's lattices: moments that rotate, islands of two states, and rigid dipoles."""

from __future__ import annotations

from solitons.campaigns.spin_ice.ice_avalanche.driven_lattice import DrivenLattice
from solitons.fits.provenance import IceProvenance
from solitons.spin_ice.fitted_lattice import fitted_lattice
from solitons.spin_ice.fitted_rotation import fitted_rotation
from solitons.spin_ice.lattice_fit import LatticeFit
from solitons.spin_ice.macrospins import MacrospinLattice
from solitons.spin_ice.rotating_lattice import RotatingLattice

__all__ = ["rigid_model", "rotating_model", "two_state_model"]


def rotating_model(
    lattice: DrivenLattice, fit: LatticeFit, seed: int | None, provenance: IceProvenance | None = None
) -> RotatingLattice:
    """Moments that rotate, of the lattice with the disorder of a seed."""
    islands, labels, cell = lattice.islands_of(seed), lattice.labels_of(seed), lattice.device.cell[:2]
    return fitted_rotation(islands, labels, cell, fit, provenance=provenance)


def two_state_model(
    lattice: DrivenLattice, fit: LatticeFit, seed: int | None, provenance: IceProvenance | None = None
) -> MacrospinLattice:
    """Islands that are +1 or -1, with the shifts of measured pairs."""
    islands, ideal = lattice.islands_of(seed), lattice.ideal_islands
    return fitted_lattice(islands, ideal, lattice.initial_spins, fit, provenance=provenance)


def rigid_model(lattice: DrivenLattice, fit: LatticeFit, seed: int | None) -> MacrospinLattice:
    """Islands that are +1 or -1 and point dipoles along their axes: the usual picture, without fitted pairs."""
    islands, ideal = lattice.islands_of(seed), lattice.ideal_islands
    return fitted_lattice(islands, ideal, lattice.initial_spins, fit, measured_pairs=False, canted=False)
