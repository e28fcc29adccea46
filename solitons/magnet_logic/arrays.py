"""The magnets of an array as coupled macrospins, with the stray fields of their cells."""

from __future__ import annotations

import numpy as np
from scipy import constants

from geometries import MagnetArray, Material
from runs.protocols.magnet_logic.magnet_tensors import magnet_tensors
from solitons.magnet_logic.coupled_macrospins import CoupledMacrospins

__all__ = ["array_macrospins"]


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
    >>> from geometries.magnet_logic.builders import inverter
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1)
    >>> two = array_macrospins(inverter(), permalloy)
    >>> bool(two.energy([[0, 1, 0], [0, -1, 0]]) < two.energy([[0, 1, 0], [0, 1, 0]]))
    True
    """
    labels = array.cell_labels()
    cells = np.bincount(labels.ravel(), minlength=len(array.magnets) + 1)[1:]
    return CoupledMacrospins(
        moment=constants.mu_0 * material.Ms * np.prod(array.cell) * cells,
        response=magnet_tensors(array, labels, material),
        damping=material.alpha,
        temperature=temperature,
        gyromagnetic_ratio=material.gamma0,
    )
