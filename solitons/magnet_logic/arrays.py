r"""The magnets of an array as coupled macrospins, with the stray fields of their cells.

.. math:: G_{ij} = \frac{M_s}{n_i} \sum_{p \in i} \sum_{q \in j} N(r_p - r_q)

with Newell's demagnetising tensor N between two cells and the number n_i of the cells of i: exact for magnets that are
magnetised the same everywhere, on the mesh that micromagnetics has (A. J. Newell, W. Williams and D. J. Dunlop, J.
Geophys. Res. 98, 9551 (1993)).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import constants, fft

from geometries import MagnetArray, Material
from solitons.magnet_logic.coupled_macrospins import CoupledMacrospins

__all__ = ["array_macrospins"]

Floats = npt.NDArray[np.float64]

_COMPONENTS = (("xx", 0, 0), ("yy", 1, 1), ("zz", 2, 2), ("xy", 0, 1), ("xz", 0, 2), ("yz", 1, 2))


def array_macrospins(array: MagnetArray, material: Material, temperature: float = 0.0) -> CoupledMacrospins:
    """Make of each magnet of an array a macrospin in the stray fields of all others.

    Parameters
    ----------
    array : MagnetArray
        In the order of its magnets. Its parts may have another Ku and easy axis: a magnet has the mean of its cells',
        which is exact while it is magnetised the same everywhere, and leaves out that a soft site reverses first.
    material : Material
        Its Ms, Ku with its easy axis, damping and gamma0.
    temperature : float
        In K.

    Raises
    ------
    ValueError
        If the array has parts with another Ms, damping or gamma0.

    Examples
    --------
    >>> from geometries.magnet_array import inverter
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1)
    >>> two = array_macrospins(inverter(), permalloy)
    >>> bool(two.energy([[0, 1, 0], [0, -1, 0]]) < two.energy([[0, 1, 0], [0, 1, 0]]))
    True
    """
    from runs.native.newell import both_sides, tensor

    anisotropies = _anisotropies(array, material)
    labels = array.cell_labels()
    count, doubled = len(array.magnets), [2 * n for n in labels.shape]
    spectra = [fft.rfftn((labels == i + 1).astype(np.float64), doubled) for i in range(count)]
    cells = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    response = np.zeros((count, count, 3, 3))
    kernels = tensor(labels.shape, array.cell, tuple(name for name, _, _ in _COMPONENTS))
    for (name, a, b), kernel in zip(_COMPONENTS, kernels, strict=True):
        transformed = fft.rfftn(both_sides(kernel, name))
        for j in range(count):
            field = fft.irfftn(transformed * spectra[j], doubled)[tuple(slice(n) for n in labels.shape)]
            mean = np.bincount(labels.ravel(), field.ravel(), count + 1)[1:] / cells
            response[:, j, a, b] = response[:, j, b, a] = material.Ms * mean
    response[range(count), range(count)] -= 2 / (constants.mu_0 * material.Ms) * anisotropies
    return CoupledMacrospins(
        moment=constants.mu_0 * material.Ms * np.prod(array.cell) * cells,
        response=response,
        damping=material.alpha,
        temperature=temperature,
        gyromagnetic_ratio=material.gamma0,
    )


def _anisotropies(array: MagnetArray, material: Material) -> Floats:
    """Mean of Ku n n^T over the cells of each magnet in J/m3, with the easy axis n, (magnets, 3, 3)."""
    labels, count = array.cell_labels(), len(array.magnets)
    total, cells = np.zeros((count, 3, 3)), np.bincount(labels.ravel(), minlength=count + 1)[1:]
    for part in array.placed_parts(material):
        changed = [
            name for name in ("Ms", "alpha", "gamma0") if getattr(part.material, name) != getattr(material, name)
        ]
        if changed and part.cells.any():
            raise ValueError(
                f"array_macrospins: part {part.name!r} has another {' and '.join(changed)}, and one is taken for all "
                "magnets; let parts change Ku and easy_axis alone"
            )
        inside = np.bincount(labels[part.cells], minlength=count + 1)[1:]
        total += (inside * part.material.Ku)[:, None, None] * np.outer(part.material.easy_axis, part.material.easy_axis)
    return total / cells[:, None, None]
