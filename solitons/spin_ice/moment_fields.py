"""The field that islands put on each other with moments of any direction.

An island j whose magnetisation is M u, the same everywhere in it, puts on island i the mean field

    h = T_ij u,    T_ij = -M_j / N_i sum over the cells p of i and q of j of N(r_p - r_q)

with the demagnetising tensor N between two cells and the number N_i of the cells of i: exact for such islands
on the mesh that micromagnetics has. T is symmetric, three numbers in the plane. Far away it is the tensor of a
point dipole.

Source: A. J. Newell, W. Williams and D. J. Dunlop, J. Geophys. Res. 98, 9551 (1993), for N.
"""

from __future__ import annotations

from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.numerics.parameters import real
from solitons.spin_ice.couplings import dipole_couplings

__all__ = ["MomentCouplings", "moment_couplings"]

Floats = npt.NDArray[np.float64]

# Up to how many lengths of an island its cells count; there point dipoles are off by 6 % along the axis of an island
# and 2 % on average.
_NEAR = 4.0


class MomentCouplings(eqx.Module):
    """Pairs of coupled islands, and the tensor that takes a moment's direction to its field there.

    The neighbours of island j, which feel its field, are `neighbour[first[j]:first[j + 1]]`; every pair stands there in
    both directions. `tensor` (pairs, 3) are xx, xy and yy of T in A/m.
    """

    first: Any = eqx.field(converter=lambda value: np.asarray(value, dtype=np.int64))
    neighbour: Any = eqx.field(converter=lambda value: np.asarray(value, dtype=np.int32))
    tensor: Any = eqx.field(converter=lambda value: np.reshape(real(value), (-1, 3)))

    def __check_init__(self) -> None:
        pairs = len(self.neighbour)
        if len(self.first) < 1 or self.first[0] != 0 or self.first[-1] != pairs or np.any(np.diff(self.first) < 0):
            raise ValueError(f"MomentCouplings.first must rise from 0 to the number of pairs, {pairs}")
        if len(self.tensor) != pairs or not np.isfinite(self.tensor).all():
            raise ValueError(f"MomentCouplings.tensor must have three finite numbers for each of {pairs} pairs")
        if pairs and not (self.neighbour.min() >= 0 and self.neighbour.max() < self.islands):
            raise ValueError(f"MomentCouplings.neighbour names islands other than 0 to {self.islands - 1}")

    @property
    def islands(self) -> int:
        """How many islands."""
        return len(self.first) - 1


def moment_couplings(
    islands: xr.Dataset, labels: npt.NDArray[np.int64], cell: tuple[float, float], *, cut_off: float
) -> MomentCouplings:
    """Couplings of islands as a mesh shows them, with their disorder.

    `labels` (x, y) are i + 1 in the cells of island i; cells along x and y and the largest distance between centres
    (`numpy.inf` for every pair) are in m, and the third size of a cell is the islands' thickness.
    """
    pairs = dipole_couplings(islands, cut_off=cut_off)
    source, target = np.asarray(pairs.source, dtype=np.int64), np.asarray(pairs.neighbour, dtype=np.int64)
    position, magnetisation = islands["position"].values, islands["saturation_magnetisation"].values
    size = (*cell, float(islands["thickness"].values[0]))
    cells = np.bincount(np.maximum(labels, 0).ravel(), minlength=len(position) + 1)[1:]
    if not cells.all():
        raise ValueError(f"moment_couplings: island {int(np.argmin(cells))} has no cells; give labels of its lattice")
    # Use the volume of the cells: the drawn one is up to a tenth more or less.
    moment = magnetisation * cells * np.prod(size)
    tensor = _dipole_tensor(moment[source], position[target] - position[source])
    reach = _NEAR * float(islands["length"].values.max())
    near = np.flatnonzero(np.linalg.norm(position[target] - position[source], axis=1) <= reach)
    if near.size:
        sums = _CellSums(labels, len(position), size)
        tensor[near] = [sums.between(int(j), int(i)) for j, i in zip(source[near], target[near], strict=True)]
        tensor[near] *= magnetisation[source[near], np.newaxis]
    return MomentCouplings(pairs.first, pairs.neighbour, tensor)


def _dipole_tensor(moment: Floats, offset: Floats) -> Floats:
    distance = np.linalg.norm(offset, axis=1)
    along, across = (offset / distance[:, np.newaxis]).T
    parts = np.stack([3 * along**2 - 1, 3 * along * across, 3 * across**2 - 1], axis=1)
    return np.asarray(parts * (moment / (4 * np.pi * distance**3))[:, np.newaxis])


class _CellSums:
    """Sums of the demagnetising tensor over the cells of two islands.

    How often two cells are apart by each offset is a correlation of the two outlines, and most pairs of a lattice
    have outlines and an offset that others have too.
    """

    def __init__(self, labels: npt.NDArray[np.int64], islands: int, cell: tuple[float, float, float]) -> None:
        from scipy.ndimage import find_objects

        windows = find_objects(np.maximum(labels, 0), max_label=islands)
        outlines = [labels[window] == island + 1 for island, window in enumerate(windows)]
        self._corner = [(window[0].start, window[1].start) for window in windows]
        largest = [max(outline.shape[axis] for outline in outlines) for axis in (0, 1)]
        # Twice as large: the correlation does not go around.
        self._size = (2 * largest[0], 2 * largest[1])
        names: dict[tuple[tuple[int, ...], bytes], int] = {}
        self._outline = [names.setdefault((each.shape, each.tobytes()), len(names)) for each in outlines]
        shapes = [np.frombuffer(content, dtype=bool).reshape(shape) for shape, content in names]
        self._count = [int(each.sum()) for each in shapes]
        self._spectrum = [np.fft.rfft2(each, self._size) for each in shapes]
        self._known: dict[tuple[int, int, int, int], Floats] = {}
        self._cell, self._kernel = cell, np.empty((3, 0, 0))

    def between(self, source: int, target: int) -> Floats:
        """xx, xy and yy of T over M."""
        one, other = self._corner[source], self._corner[target]
        offset = other[0] - one[0], other[1] - one[1]
        key = (self._outline[source], self._outline[target], *offset)
        if key not in self._known:
            self._known[key] = self._sum(*key) / self._count[key[1]]
        return self._known[key]

    def _sum(self, source: int, target: int, *offset: int) -> Floats:
        often = np.fft.irfft2(self._spectrum[target] * np.conj(self._spectrum[source]), self._size)
        place = np.argwhere(np.rint(often) > 0)
        times = np.rint(often[tuple(place.T)])
        half = np.array(self._size) // 2
        apart = (place + half) % self._size - half + offset
        x, y = np.abs(apart).T
        kernel = self._reaching(int(x.max()), int(y.max()))
        sign = np.sign(apart[:, 0] * apart[:, 1])
        return -np.array([times @ kernel[0, x, y], (times * sign) @ kernel[1, x, y], times @ kernel[2, x, y]])

    def _reaching(self, x: int, y: int) -> Floats:
        if x >= self._kernel.shape[1] or y >= self._kernel.shape[2]:
            from runs.native.terms.newell import tensor

            shape = max(2 * x, 64, self._kernel.shape[1]), max(2 * y, 64, self._kernel.shape[2])
            self._kernel = tensor((*shape, 1), self._cell, ("xx", "xy", "yy"))[..., 0]
        return self._kernel
