r"""Demagnetising tensors of uniformly magnetised bodies of cells, of themselves and of each other.

.. math:: G_{ij} = \frac{M_s}{n_i} \sum_{p \in i} \sum_{q \in j} N(r_p - r_q) - \delta_{ij} \frac{2}{\mu_0 M_s}
   \langle K_u\, e\, e^T \rangle_i

with Newell's demagnetising tensor N between two cells and the number n_i of the cells of i: exact for bodies that are
magnetised the same everywhere, on the mesh that micromagnetics has (A. J. Newell, W. Williams and D. J. Dunlop, J.
Geophys. Res. 98, 9551 (1993)). Body j with the direction m_j puts the field -G_ij m_j on body i.

The double sum is one over the offsets s between cells, :math:`\sum_s c_{ij}(s) N(R_i - R_j + s)`, where c counts the
pairs of cells that lie so in the boxes of the bodies at R: the counts depend on the few outlines of an array's bodies,
and the sums on the few distances of a grid.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations_with_replacement

import numpy as np
import numpy.typing as npt
import scipy

from geometries import Material
from geometries.device import AbstractDevice

__all__ = ["magnet_tensors", "own_tensors"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_COMPONENTS = (("xx", 0, 0), ("yy", 1, 1), ("zz", 2, 2), ("xy", 0, 1), ("xz", 0, 2), ("yz", 1, 2))


def magnet_tensors(device: AbstractDevice, labels: npt.NDArray[np.int64], material: Material) -> Floats:
    """Give G in A/m (bodies, bodies, 3, 3) of the bodies of a device.

    `labels` (nx, ny, nz) are i + 1 in body i, 0 elsewhere. The device's parts may have another Ku and easy axis than
    `material`: a body has the mean of its cells'. A ValueError if parts have another Ms, damping or gamma0.
    """
    anisotropies = _anisotropies(device, labels, material)
    bodies = _Bodies(labels)
    sums = bodies.sums(_kernel(bodies.span, device.cell), combinations_with_replacement(range(len(bodies.places)), 2))
    response = material.Ms * sums / bodies.cells[:, None, None, None]
    every = range(len(bodies.places))
    response[every, every] -= 2 / (scipy.constants.mu_0 * material.Ms) * anisotropies
    return np.asarray(response)


def own_tensors(device: AbstractDevice, labels: npt.NDArray[np.int64], material: Material) -> Floats:
    """Give what `magnet_tensors` has for each body with itself, without all others: (bodies, 3, 3)."""
    anisotropies = _anisotropies(device, labels, material)
    bodies = _Bodies(labels)
    size = np.max([pattern.shape for pattern in bodies.patterns], axis=0)
    every = range(len(bodies.places))
    sums = bodies.sums(_kernel(tuple(size.tolist()), device.cell), ((i, i) for i in every))
    own = material.Ms * sums[every, every] / bodies.cells[:, None, None]
    return np.asarray(own - 2 / (scipy.constants.mu_0 * material.Ms) * anisotropies)


class _Bodies:
    """Bodies of cells by their outlines: each has a box on the mesh, and a pattern of cells in it."""

    def __init__(self, labels: npt.NDArray[np.int64]) -> None:
        boxes = scipy.ndimage.find_objects(labels)
        self.places = np.array([[axis.start for axis in box] for box in boxes])
        self.span = tuple(
            max(box[axis].stop for box in boxes) - int(self.places[:, axis].min()) for axis in range(labels.ndim)
        )
        known: dict[tuple[tuple[int, ...], bytes], int] = {}
        self.patterns: list[Bools] = []
        self.outlines: list[int] = []
        for number, box in enumerate(boxes, start=1):
            pattern = labels[box] == number
            outline = known.setdefault((pattern.shape, pattern.tobytes()), len(known))
            self.patterns += [pattern] if outline == len(self.patterns) else []
            self.outlines.append(outline)
        self.cells = np.array([int(self.patterns[outline].sum()) for outline in self.outlines])

    def sums(self, kernel: Floats, pairs: Iterable[tuple[int, int]]) -> Floats:
        """Sum N over the pairs of cells of pairs of bodies, (bodies, bodies, 3, 3); 0 of pairs that are not given.

        `kernel` (6, 2 nx - 1, ...) has the offset 0 in its middle.
        """
        middle = (np.array(kernel.shape[1:]) - 1) // 2
        counts: dict[tuple[int, int], Floats] = {}
        known: dict[tuple[int, ...], Floats] = {}
        found = np.zeros((len(self.places), len(self.places), 3, 3))
        for i, j in pairs:
            one, other = self.outlines[i], self.outlines[j]
            key = (one, other, *(self.places[i] - self.places[j]).tolist())
            if key not in known:
                if (one, other) not in counts:
                    counts[one, other] = _offsets(self.patterns[one], self.patterns[other])
                count = counts[one, other]
                # The first count is of the first cell of i beside the last of j.
                first = middle + key[2:] - np.array(self.patterns[other].shape) + 1
                box = tuple(slice(int(a), int(a) + n) for a, n in zip(first, count.shape, strict=True))
                known[key] = np.tensordot(kernel[(slice(None), *box)], count, axes=3)
            for value, (_, a, b) in zip(known[key], _COMPONENTS, strict=True):
                found[i, j, a, b] = found[i, j, b, a] = found[j, i, a, b] = found[j, i, b, a] = value
        return found


def _offsets(one: Bools, other: Bools) -> Floats:
    """How many pairs of cells of two patterns lie at each offset, the smallest first."""
    return np.asarray(np.rint(scipy.signal.fftconvolve(one.astype(np.float64), np.flip(other).astype(np.float64))))


def _kernel(shape: tuple[int, ...], cell: tuple[float, float, float]) -> Floats:
    """N at every offset within a box of so many cells, (6, 2 nx - 1, 2 ny - 1, 2 nz - 1)."""
    from runs.native.terms.newell import both_sides, tensor

    nx, ny, nz = shape
    names = tuple(name for name, _, _ in _COMPONENTS)
    doubled = (both_sides(each, name) for name, each in zip(names, tensor((nx, ny, nz), cell, names), strict=True))
    return np.stack([np.fft.fftshift(each)[1:, 1:, 1:] for each in doubled])


def _anisotropies(device: AbstractDevice, labels: npt.NDArray[np.int64], material: Material) -> Floats:
    """Mean of Ku n n^T over the cells of each body in J/m3, with the easy axis n, (bodies, 3, 3)."""
    count = int(labels.max())
    total, cells = np.zeros((count, 3, 3)), np.bincount(labels.ravel(), minlength=count + 1)[1:]
    for part in device.placed_parts(material):
        changed = [
            name for name in ("Ms", "alpha", "gamma0") if getattr(part.material, name) != getattr(material, name)
        ]
        if changed and part.cells.any():
            raise ValueError(
                f"part {part.name!r} has another {' and '.join(changed)}, and one is taken for all magnets that turn "
                "as wholes; let parts change Ku and easy_axis alone"
            )
        inside = np.bincount(labels[part.cells], minlength=count + 1)[1:]
        total += (inside * part.material.Ku)[:, None, None] * np.outer(part.material.easy_axis, part.material.easy_axis)
    return total / cells[:, None, None]
