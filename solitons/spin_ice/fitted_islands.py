"""Whether a fitted lattice is of the islands of a device, so that their switching can be taken from it."""

from __future__ import annotations

import numpy as np
import xarray as xr

from geometries.quantities import format_quantity
from solitons.fits.provenance import ISLAND_SIZES
from solitons.spin_ice.couplings import island_moments
from solitons.spin_ice.macrospins import MacrospinLattice

__all__ = ["check_fitted_islands"]

# Relative difference of moments, equal but for disorder, averaged over a hundred islands or more.
_SAME_MOMENT = 0.02
# Relative difference of lengths that were written in different units.
_SAME_SIZE = 1e-6


def check_fitted_islands(owner: str, fitted: object, drawn: xr.Dataset, islands: xr.Dataset) -> MacrospinLattice:
    """Refuse a model that was not fitted to the islands of a device.

    Its astroid and h_k are its islands'; its couplings belong to the lattice that was fitted. `owner` is named in the
    error, `drawn` are the device's islands without disorder, which changes the islands of a lattice, not those that
    were fitted. ValueError if the model is no spin ice, was not fitted, or its islands have another size or moment.
    """
    if not isinstance(fitted, MacrospinLattice):
        raise ValueError(f"{owner} is a {type(fitted).__name__}; give a MacrospinLattice")
    if fitted.provenance is None:
        raise ValueError(
            f"{owner} does not name its islands, since it was not fitted; give the lattice.json of a "
            "campaign that fits one, such as ice-avalanche"
        )
    for name in ISLAND_SIZES:
        size = getattr(fitted.provenance, name)
        other = drawn[name].values[np.abs(drawn[name].values / size - 1) > _SAME_SIZE]
        if other.size:
            raise ValueError(
                f"{owner} was fitted to islands with a {name} of {format_quantity(size, 'm')}, the device has some of "
                f"{format_quantity(float(other[0]), 'm')}; their astroids differ, so describe "
                "the islands that were fitted"
            )
    theirs, ours = float(np.mean(fitted.moment)), float(np.mean(island_moments(islands)))
    if abs(theirs / ours - 1) > _SAME_MOMENT:
        raise ValueError(
            f"{owner} is of islands with a moment of {theirs:.4g} A m^2 on average, the device's have {ours:.4g}; "
            "their astroids differ, so describe the islands that were fitted"
        )
    return fitted
