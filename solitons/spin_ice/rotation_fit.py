"""Fit an island's coherent rotation to ramps of a single island."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from solitons.spin_ice.coherent_rotation import CoherentRotation

__all__ = ["RotationFit", "fit_rotation"]

Floats = npt.NDArray[np.float64]

# Orders of the anisotropy, as many as `_RANGE` has. For permalloy islands of 110 x 40 nm three leave 0.3 % of the
# switching field, four 0.05 %.
_ORDERS = 4
# What counts as one error: of a switching field, relative; and of the torque, over its largest.
_FIELD, _TORQUE = 1e-3, 2e-2
# Range of h_k over Stoner and Wohlfarth's, less 1, and of the higher orders; within it the axis is easy.
_RANGE = np.array([0.9, 0.25, 0.1, 0.04])


class _Ramp(Protocol):
    """Values read off an `IslandRamp`."""

    @property
    def angle(self) -> float: ...
    @property
    def field(self) -> Floats: ...
    @property
    def macrospin(self) -> Floats: ...
    @property
    def switching_field(self) -> float: ...


@dataclass(frozen=True, eq=False)
class RotationFit:
    """A fitted rotation: the torque's shape, h_k in A/m, and model minus measured switching field in A/m.

    `coherence` is the smallest length of an island's mean magnetisation (1 if all of it is parallel) in the last step
    before it turns over: what rotates as a whole keeps it near 1.
    """

    rotation: CoherentRotation
    anisotropy_field: float
    residuals: Floats
    coherence: float


def fit_rotation(ramps: Sequence[_Ramp]) -> RotationFit:
    """Fit h_k and the torque's orders to switching fields and to how far moments turn before.

    The ramps are of one island, at five angles at least.
    """
    from scipy.optimize import least_squares

    if len(ramps) < 5:
        raise ValueError(f"fit_rotation: {len(ramps)} ramps; h_k and the torque's orders need five angles at least")
    angle = np.array([each.angle for each in ramps])
    measured = np.array([each.switching_field for each in ramps])
    turns, torques, lengths = [], [], []
    for each in ramps:
        before = (each.field > 0) & (each.field < each.switching_field)
        along, across = each.macrospin[before].T
        turn = np.arctan2(across, along)
        turns.append(turn)
        torques.append(each.field[before] * np.sin(np.pi - each.angle - turn))
        lengths.append(np.hypot(along, across)[-1])
    turn, torque = np.concatenate(turns), np.concatenate(torques)
    sines = np.sin(2 * np.outer(turn, np.arange(1, _ORDERS + 1)))
    # Start from Stoner and Wohlfarth's island.
    start = float(np.median(measured / CoherentRotation().switching_field(angle, 1.0)))

    def residual(values: Floats) -> Floats:
        scale, higher = values[0] * start, values[1:]
        fields = (CoherentRotation(higher).switching_field(angle, scale) / measured - 1) / _FIELD
        left = scale / 2 * (sines @ np.concatenate([[1.0], higher])) - torque
        return np.concatenate([fields, left / (_TORQUE * np.abs(torque).max() * np.sqrt(turn.size))])

    # A maximum is looked for on a grid of angles, so that steps of a derivative must stand out from it.
    first = np.concatenate([[1.0], np.zeros(_ORDERS - 1)])
    found = least_squares(residual, first, diff_step=1e-4, bounds=(first - _RANGE, first + _RANGE))
    rotation, scale = CoherentRotation(found.x[1:]), float(found.x[0] * start)
    residuals = rotation.switching_field(angle, scale) - measured
    return RotationFit(rotation, scale, residuals, float(min(lengths)))
