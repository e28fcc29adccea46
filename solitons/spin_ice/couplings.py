"""The field that each island puts on its neighbours, as a sparse table.

Two closed forms. A point dipole m at the origin has the field

    h(r) = (3 r (m . r) / r^5 - m / r^3) / 4 pi

and a dumbbell carries the charges +-m / L at the ends of a line of length L, with

    h(r) = q r / (4 pi r^3)

for each; the field on a neighbour is then averaged along that neighbour's own
line, so that the coupling is the energy of four charges. Both agree far away; near by
the dumbbell knows that islands are long.

With spins s = +-1 along the axes the energy of the couplings is
sum_{i<j} J_ij s_i s_j, with J_ij = -mu0 m_i h_ij and h_ij the field along i's axis for
s_j = +1.

Sources: J. D. Jackson, Classical Electrodynamics, 3rd ed., sections 5.6 and 5.9, for the
fields; C. Castelnovo, R. Moessner and S. L. Sondhi, Nature 451, 42 (2008) for the
dumbbell picture.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import constants
from scipy.sparse import coo_array
from scipy.spatial import cKDTree

from solitons.numerics.parameters import real

__all__ = ["Couplings", "dipole_couplings", "dumbbell_couplings", "island_moments"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.integer[Any]]

# Pairs whose fields are worked out at once: bounds the memory beside the table itself.
_CHUNK = 2_000_000


def _index(value: Any) -> Integers:
    return np.asarray(value, dtype=np.int64)


def _short_index(value: Any) -> Integers:
    return np.asarray(value, dtype=np.int32)


class Couplings(eqx.Module):
    """Pairs of coupled islands, and the field that each puts on the other.

    The neighbours of island j, which feel its field, are `neighbour[first[j]:first[j + 1]]`; every pair stands there in
    both directions. `along` and `across` (pairs,) are fields in A/m on the neighbour for a spin of +1: along its axis,
    and along its axis turned by +90 degrees.
    """

    first: Any = eqx.field(converter=_index)
    neighbour: Any = eqx.field(converter=_short_index)
    along: Any = eqx.field(converter=real)
    across: Any = eqx.field(converter=real)

    def __check_init__(self) -> None:
        pairs = len(self.neighbour)
        if len(self.first) < 1 or self.first[0] != 0 or self.first[-1] != pairs or np.any(np.diff(self.first) < 0):
            raise ValueError(f"Couplings.first must rise from 0 to the number of pairs, {pairs}")
        for name in ("along", "across"):
            value = getattr(self, name)
            if value.shape != (pairs,):
                raise ValueError(f"Couplings.{name} has the shape {value.shape}; it must be ({pairs},), as neighbour")
            if not np.isfinite(value).all():
                raise ValueError(f"Couplings.{name} is not finite everywhere; do two islands, or their ends, coincide?")
        if pairs and not (self.neighbour.min() >= 0 and self.neighbour.max() < self.islands):
            raise ValueError(
                f"Couplings.neighbour goes from {self.neighbour.min()} to {self.neighbour.max()}; "
                f"islands are 0 to {self.islands - 1}"
            )

    @property
    def islands(self) -> int:
        """How many islands."""
        return len(self.first) - 1

    @property
    def source(self) -> Integers:
        """The island whose field each entry is, int array (pairs)."""
        return np.repeat(np.arange(self.islands, dtype=np.int32), np.diff(self.first))

    def fields(self, spins: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Fields along and across each island's axis, summed over its neighbours, in A/m; spins are +1 or -1."""
        from scipy.sparse import csr_array

        state = np.asarray(spins, dtype=np.float64)
        shape = (self.islands, self.islands)
        # With indices of one length nothing is copied.
        first = self.first.astype(np.int32) if len(self.neighbour) < 2**31 else self.first
        along, across = (
            csr_array((value, self.neighbour, first), shape=shape).T @ state for value in (self.along, self.across)
        )
        return along, across

    def energies(self, moment: npt.ArrayLike) -> Floats:
        """J in J of every entry, -mu0 m h with the neighbour's moment m in A m2."""
        return np.asarray(-constants.mu_0 * np.asarray(moment, dtype=np.float64)[self.neighbour] * self.along)


def dipole_couplings(lattice: xr.Dataset, *, cut_off: float) -> Couplings:
    """Fields between islands as point dipoles at their centres.

    Parameters
    ----------
    lattice : xarray.Dataset
        The lattice of a spin ice.
    cut_off : float
        Largest distance between centres in m; `numpy.inf` for every pair.

    Returns
    -------
    Couplings

    Raises
    ------
    ValueError
        If the cut-off is not positive or two islands have the same centre.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> from solitons.spin_ice import dipole_couplings
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.02)
    >>> islands = SpinIce.example().islands(permalloy)
    >>> near = dipole_couplings(islands, cut_off=300e-9)
    >>> type(near).__name__
    'Couplings'
    """

    def field(offset: Floats, source: Integers, target: Integers) -> tuple[Floats, Floats]:
        distance = np.sqrt(np.sum(offset**2, axis=1))
        pointing = moment[source] / (4 * np.pi)
        toward = np.sum(axis[source] * offset, axis=1)
        vector = (3 * toward / distance**5)[:, None] * offset - axis[source] / (distance**3)[:, None]
        return _components(pointing[:, None] * vector, axis[target])

    axis, moment = lattice["axis"].values, island_moments(lattice)
    return _table("dipole_couplings", lattice, cut_off, field)


def dumbbell_couplings(lattice: xr.Dataset, *, cut_off: float, charge_distance: float = 1.0) -> Couplings:
    """Fields between islands as dumbbells of magnetic charge.

    Parameters
    ----------
    lattice : xarray.Dataset
        The lattice of a spin ice.
    cut_off : float
        Largest distance between centres in m; `numpy.inf` for every pair.
    charge_distance : float
        Distance between an island's charges over its length.

    Returns
    -------
    Couplings

    Raises
    ------
    ValueError
        If the cut-off or the charge distance is not positive, or charges of two
        islands coincide.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> from solitons.spin_ice import dipole_couplings
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.02)
    >>> islands = SpinIce.example().islands(permalloy)
    >>> dumbbells = dumbbell_couplings(islands, cut_off=1e-6)
    >>> dipoles = dipole_couplings(islands, cut_off=1e-6)
    >>> round(float(abs(dumbbells.along).max() / abs(dipoles.along).max()), 2)  # ends are nearer than centres
    1.61
    """
    if not charge_distance > 0:
        raise ValueError(f"dumbbell_couplings: charge_distance = {charge_distance} must be positive; 1 is the length")

    def field(offset: Floats, source: Integers, target: Integers) -> tuple[Floats, Floats]:
        along = np.zeros(len(offset))
        across = np.zeros(len(offset))
        half = span[target] / 2
        for sign in (1.0, -1.0):
            # From the charge to the middle of the target's line, in the target's frame.
            from_charge = offset - sign * span[source][:, None] / 2 * axis[source]
            middle, beside = _components(from_charge, axis[target])
            charge = sign * moment[source] / span[source] / (4 * np.pi * span[target])
            near, far = np.hypot(middle - half, beside), np.hypot(middle + half, beside)
            with np.errstate(divide="ignore", invalid="ignore"):
                along += charge * (1 / near - 1 / far)
                across += charge * _line_average(middle - half, middle + half, near, far, beside)
        return along, across

    axis, moment = lattice["axis"].values, island_moments(lattice)
    span = charge_distance * lattice["length"].values
    return _table("dumbbell_couplings", lattice, cut_off, field)


def island_moments(lattice: xr.Dataset) -> Floats:
    """Magnetic moments Ms V of the islands in A m2."""
    return np.asarray(lattice["saturation_magnetisation"].values * lattice["volume"].values, dtype=np.float64)


def _components(vector: Floats, axis: Floats) -> tuple[Floats, Floats]:
    """Parts along axes and along the axes turned by +90 degrees."""
    return (
        vector[:, 0] * axis[:, 0] + vector[:, 1] * axis[:, 1],
        vector[:, 1] * axis[:, 0] - vector[:, 0] * axis[:, 1],
    )


def _line_average(begin: Floats, end: Floats, near: Floats, far: Floats, beside: Floats) -> Floats:
    """Integral of v / (u^2 + v^2)^(3/2) over u from begin to end, without cancellation at small v."""
    same_side = begin * end > 0
    # u / r = sign(u) (1 - v^2 / (r (r + |u|))): on one side the ones cancel exactly.
    folded = np.sign(begin) * beside * (1 / (near * (near + np.abs(begin))) - 1 / (far * (far + np.abs(end))))
    return np.where(same_side, folded, (end / far - begin / near) / beside)


def _table(
    owner: str,
    lattice: xr.Dataset,
    cut_off: float,
    field: Callable[[Floats, Integers, Integers], tuple[Floats, Floats]],
) -> Couplings:
    if not cut_off > 0:
        raise ValueError(f"{owner}: cut_off = {cut_off} m must be positive; numpy.inf takes every pair")
    position = lattice["position"].values
    first, neighbour = _neighbours(position, cut_off)
    source = np.repeat(np.arange(len(position), dtype=np.int32), np.diff(first))
    along, across = np.empty(len(neighbour)), np.empty(len(neighbour))
    for start in range(0, len(neighbour), _CHUNK):
        part = slice(start, start + _CHUNK)
        offset = position[neighbour[part]] - position[source[part]]
        if not np.all(np.any(offset != 0, axis=1)):
            pair = np.argmin(np.any(offset != 0, axis=1)) + start
            raise ValueError(
                f"{owner}: islands {source[pair]} and {neighbour[pair]} have the same centre; move or remove one"
            )
        along[part], across[part] = field(offset, source[part], neighbour[part])
    return Couplings(first, neighbour, along, across)


def _neighbours(position: Floats, cut_off: float) -> tuple[Integers, Integers]:
    count = len(position)
    if np.isinf(cut_off):
        other = np.tile(np.arange(count, dtype=np.int32), (count, 1))
        return np.arange(count + 1, dtype=np.int64) * (count - 1), other[~np.eye(count, dtype=bool)]
    pairs = cKDTree(position).query_pairs(cut_off, output_type="ndarray").astype(np.int32)
    rows, columns = np.concatenate((pairs[:, 0], pairs[:, 1])), np.concatenate((pairs[:, 1], pairs[:, 0]))
    table = coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(count, count)).tocsr()
    table.sort_indices()
    return np.asarray(table.indptr, dtype=np.int64), np.asarray(table.indices, dtype=np.int32)
