"""The lattice of rotating moments that a fit makes of any lattice of its islands."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.provenance import IceProvenance
from solitons.spin_ice.couplings import island_moments
from solitons.spin_ice.lattice_fit import LatticeFit
from solitons.spin_ice.moment_fields import moment_couplings
from solitons.spin_ice.rotating_lattice import RotatingLattice

__all__ = ["fitted_rotation"]


def fitted_rotation(
    islands: xr.Dataset,
    labels: npt.NDArray[np.int64],
    cell: tuple[float, float],
    fit: LatticeFit,
    *,
    cut_off: float = np.inf,
    provenance: IceProvenance | None = None,
) -> RotatingLattice:
    """Make the lattice of rotating moments of a spin ice whose single islands were fitted.

    No run of a pair goes into it: fields between islands follow from their cells and magnetisation. All islands have
    the torque of the island as drawn, each scaled to the field that turns it over on its own.

    Parameters
    ----------
    islands : xarray.Dataset
        The lattice with its disorder, with the islands' `outline` where outlines were measured.
    labels : int array (x, y)
        i + 1 in the cells of island i.
    cell : tuple of two floats
        Size of a cell along x and y in m.
    fit : LatticeFit
        The fit.
    cut_off : float
        Of the couplings, in m.
    provenance : IceProvenance, optional
        Goes into the model.
    """
    rotation = fit.rotation_fit.rotation
    return RotatingLattice(
        axis=islands["axis"].values,
        moment=island_moments(islands),
        anisotropy_field=fit.thresholds(islands) / rotation.switching_field(fit.angles(islands), 1.0),
        rotation=rotation,
        couplings=moment_couplings(islands, labels, cell, cut_off=cut_off),
        provenance=provenance,
    )
