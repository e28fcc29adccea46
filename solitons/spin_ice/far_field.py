"""The field of all islands at once, exactly, where their positions repeat.

On a lattice whose islands stand at r_k + n_1 a_1 + n_2 a_2, with few sites k in a
cell, the sum of dipole fields is a convolution over (n_1, n_2) for each pair of
sites. Padded with zeros to twice the size it is exact for an open lattice, at the cost
of Fourier transforms. Moments and directions may differ from island to island, and
islands may be missing; positions may not be disordered.

Source: R. W. Hockney and J. W. Eastwood, Computer Simulation Using Particles (1988),
section 6-5-4, for the padding.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import fft

from solitons.spin_ice.couplings import island_moments

__all__ = ["FarField"]

Floats = npt.NDArray[np.float64]

# More sites in a cell than any lattice of the literature: then the cell is not the lattice's, or there is disorder.
_MOST_SITES = 48


class FarField:
    """Dipole fields of all islands further away than a distance.

    Parameters
    ----------
    lattice : xarray.Dataset
        The lattice of a spin ice.
    cell : array (2, 2)
        The two vectors in m by which the lattice repeats, one a row.
    beyond : float
        Distance in m up to which islands are left out: the cut-off of the couplings
        that are used beside it. 0 takes all.

    Raises
    ------
    ValueError
        If the vectors span no area, the positions do not repeat by them, or two islands
        stand at one place.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.02)
    >>> ice = SpinIce.example()
    >>> islands, pitch = ice.islands(permalloy), ice.lattice.lattice_constant
    >>> ones = np.ones(islands.sizes["island"])
    >>> along, _ = FarField(islands, [[pitch, 0.0], [0.0, pitch]]).fields(ones)
    >>> from solitons.spin_ice import dipole_couplings
    >>> summed, _ = dipole_couplings(islands, cut_off=np.inf).fields(ones)
    >>> bool(np.allclose(along, summed))  # the same as pair by pair
    True
    """

    def __init__(self, lattice: xr.Dataset, cell: npt.ArrayLike, *, beyond: float = 0.0) -> None:
        vectors = np.asarray(cell, dtype=np.float64)
        if vectors.shape != (2, 2) or not abs(np.linalg.det(vectors)) > 1e-9 * np.sum(vectors**2):
            raise ValueError(f"FarField: cell = {vectors.tolist()} m must be two vectors that span an area")
        position = lattice["position"].values
        self._axis = lattice["axis"].values
        self._moment = island_moments(lattice)[:, None] * self._axis
        cells, self._site, offsets = _places(position, vectors)
        self._cells = (cells[:, 0], cells[:, 1])
        self._shape = (int(cells[:, 0].max()) + 1, int(cells[:, 1].max()) + 1)
        taken = np.stack((self._site, *self._cells))
        if np.unique(taken, axis=1).shape[1] != len(position):
            raise ValueError("FarField: two islands stand at one place; move or remove one")
        self._padded = tuple(fft.next_fast_len(2 * size - 1, real=True) for size in self._shape)
        self._kernels = [
            [self._kernel(vectors, here - there, beyond, same=site == other) for other, there in enumerate(offsets)]
            for site, here in enumerate(offsets)
        ]

    def fields(self, spins: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Fields along and across each island's axis in A/m, as `Couplings.fields` gives them."""
        moment = np.asarray(spins, dtype=np.float64)[:, None] * self._moment
        sources = []
        for site in range(len(self._kernels)):
            here = self._site == site
            grid = np.zeros((2, *self._shape))
            grid[:, self._cells[0][here], self._cells[1][here]] = moment[here].T
            sources.append(fft.rfft2(grid, s=self._padded))
        field = np.empty_like(moment)
        for site, row in enumerate(self._kernels):
            x = sum(xx * source[0] + xy * source[1] for (xx, xy, _), source in zip(row, sources, strict=True))
            y = sum(xy * source[0] + yy * source[1] for (_, xy, yy), source in zip(row, sources, strict=True))
            here = self._site == site
            for component, spectrum in enumerate((x, y)):
                values = fft.irfft2(spectrum, s=self._padded)
                field[here, component] = values[self._cells[0][here], self._cells[1][here]]
        axis = self._axis
        return np.sum(field * axis, axis=1), field[:, 1] * axis[:, 0] - field[:, 0] * axis[:, 1]

    def _kernel(self, vectors: Floats, offset: Floats, beyond: float, *, same: bool) -> tuple[Any, Any, Any]:
        steps = [np.arange(length) for length in self._padded]
        first, second = (
            np.where(step < size, step, step - length).astype(np.float64)
            for step, size, length in zip(steps, self._shape, self._padded, strict=True)
        )
        x = offset[0] + first[:, None] * vectors[0, 0] + second * vectors[1, 0]
        y = offset[1] + first[:, None] * vectors[0, 1] + second * vectors[1, 1]
        if same:
            # An island puts no field on itself; the place keeps a number that divides.
            x[0, 0] = np.inf
        distance = np.hypot(x, y)
        with np.errstate(invalid="ignore"):
            parts = [
                np.where(
                    np.isfinite(distance) & (distance > beyond),
                    (3 * one * other / distance**2 - equal) / distance**3 / (4 * np.pi),
                    0.0,
                )
                for one, other, equal in ((x, x, 1), (x, y, 0), (y, y, 1))
            ]
        xx, xy, yy = (fft.rfft2(part) for part in parts)
        return xx, xy, yy


def _places(position: Floats, vectors: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """Cell and site of each island, and the sites' positions in m."""
    fraction = (position - position[0]) @ np.linalg.inv(vectors)
    cells = np.floor(fraction + 1e-6).astype(np.int64)
    inside = np.round(fraction - cells, 6) + 0.0
    sites, one, site = np.unique(inside, axis=0, return_index=True, return_inverse=True)
    if len(sites) > _MOST_SITES:
        raise ValueError(
            f"FarField: the islands stand at {len(sites)} places of the cell {vectors.tolist()} m; give the vectors by "
            "which the lattice repeats, and for disordered positions couplings with a longer cut-off"
        )
    return cells - cells.min(axis=0), site.reshape(-1), (fraction - cells)[one] @ vectors
