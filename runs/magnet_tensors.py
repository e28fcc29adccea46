r"""What uniformly magnetised bodies of cells do to themselves and to each other.

.. math:: G_{ij} = \frac{M_s}{n_i} \sum_{p \in i} \sum_{q \in j} N(r_p - r_q) - \delta_{ij} \frac{2}{\mu_0 M_s}
   \langle K_u\, e\, e^T \rangle_i

with Newell's demagnetising tensor N between two cells and the number n_i of the cells of i: exact for bodies that are
magnetised the same everywhere, on the mesh that micromagnetics has (A. J. Newell, W. Williams and D. J. Dunlop, J.
Geophys. Res. 98, 9551 (1993)). Body j with the direction m_j puts the field -G_ij m_j on body i.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import constants, fft

from geometries import Material
from geometries.device import AbstractDevice

__all__ = ["magnet_tensors"]

Floats = npt.NDArray[np.float64]

_COMPONENTS = (("xx", 0, 0), ("yy", 1, 1), ("zz", 2, 2), ("xy", 0, 1), ("xz", 0, 2), ("yz", 1, 2))


def magnet_tensors(
    device: AbstractDevice, labels: npt.NDArray[np.int64], material: Material, *, cropped: bool = False
) -> Floats:
    """Give G in A/m of the bodies of a device.

    Parameters
    ----------
    device : AbstractDevice
        Its parts may have another Ku and easy axis: a body has the mean of its cells'.
    labels : int array (nx, ny, nz)
        i + 1 in body i, 0 elsewhere.
    material : Material
        Its Ms, and Ku with its easy axis.
    cropped : bool
        Whether to sum in the box of the bodies alone: faster where they are a small part of the device.

    Returns
    -------
    numpy.ndarray, shape (bodies, bodies, 3, 3)

    Raises
    ------
    ValueError
        If the device has parts with another Ms, damping or gamma0.

    Examples
    --------
    >>> from geometries.magnet_array import inverter
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1)
    >>> pair = magnet_tensors(inverter(), inverter().cell_labels(), permalloy)
    >>> pair.shape, bool(pair[0, 1, 1, 1] > 0)  # beside each other they want to be antiparallel
    ((2, 2, 3, 3), True)
    """
    from runs.native.newell import both_sides, tensor

    anisotropies = _anisotropies(device, labels, material)
    if cropped:
        labels = labels[tuple(slice(int(at.min()), int(at.max()) + 1) for at in np.nonzero(labels))]
    count, doubled = int(labels.max()), [2 * n for n in labels.shape]
    spectra = [fft.rfftn((labels == i + 1).astype(np.float64), doubled) for i in range(count)]
    cells = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    response = np.zeros((count, count, 3, 3))
    kernels = tensor(labels.shape, device.cell, tuple(name for name, _, _ in _COMPONENTS))
    for (name, a, b), kernel in zip(_COMPONENTS, kernels, strict=True):
        transformed = fft.rfftn(both_sides(kernel, name))
        for j in range(count):
            field = fft.irfftn(transformed * spectra[j], doubled)[tuple(slice(n) for n in labels.shape)]
            mean = np.bincount(labels.ravel(), field.ravel(), count + 1)[1:] / cells
            response[:, j, a, b] = response[:, j, b, a] = material.Ms * mean
    response[range(count), range(count)] -= 2 / (constants.mu_0 * material.Ms) * anisotropies
    return response


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
