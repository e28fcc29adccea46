"""How an island's moment turns in a field: coherent rotation against an anisotropy of several orders.

An island whose moment makes the angle phi with its easy axis, in a field H, rests where

    h_k t(phi) = H_perp cos(phi) - H_par sin(phi),    t(phi) = [sin(2 phi) + sum over n > 1 of c_n sin(2 n phi)] / 2

with H_par along the axis and H_perp across it. With no c_n that is Stoner and Wohlfarth's island, whose anisotropy is
of the first order alone. Small islands rotate nearly as a whole, and what their ends do first is in the c_n. In a field
at the angle alpha to the axis, against the moment, the moment turns by phi in the field

    H(phi) = h_k t(phi) / sin(pi - alpha - phi),

and falls over at its first maximum.

Sources: E. C. Stoner and E. P. Wohlfarth, Phil. Trans. R. Soc. A 240, 599 (1948); A. Thiaville, J. Magn. Magn.
Mater. 182, 5 (1998), for any anisotropy in the plane.
"""

from __future__ import annotations

from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt

from solitons.numerics.parameters import real

__all__ = ["CoherentRotation"]

Floats = npt.NDArray[np.float64]

# Angles at which H(phi) is looked at; its maximum is flat, so that what lies between two of them is 1e-6 of it.
_ANGLES = 2000


class CoherentRotation(eqx.Module):
    """The torque of an island's anisotropy over the angle of its moment.

    `higher` are c_2, c_3, ... of the torque; none for Stoner and Wohlfarth's island. ValueError if the easy axis is
    none.
    """

    higher: Any = eqx.field(converter=real, default=())

    def __check_init__(self) -> None:
        if self.higher.ndim != 1 or not np.isfinite(self.higher).all():
            raise ValueError(f"CoherentRotation.higher = {self.higher} must be finite numbers, c_2 and on")
        if not self.stiffness(0.0) > 0:
            raise ValueError(f"CoherentRotation.higher = {self.higher}: the axis is not easy; moments leave it")

    @property
    def harmonics(self) -> Floats:
        """Coefficients of t(phi) for sin(2 phi), sin(4 phi), ..."""
        return np.concatenate([[0.5], self.higher / 2])

    def torque(self, turn: npt.ArrayLike) -> Floats:
        """t(phi), for angles in rad."""
        orders = 2 * np.arange(1, self.harmonics.size + 1)
        return np.asarray(np.sin(np.multiply.outer(np.asarray(turn, dtype=np.float64), orders)) @ self.harmonics)

    def stiffness(self, turn: npt.ArrayLike) -> Floats:
        """dt/dphi, for angles in rad."""
        orders = 2 * np.arange(1, self.harmonics.size + 1)
        angles = np.multiply.outer(np.asarray(turn, dtype=np.float64), orders)
        return np.asarray(np.cos(angles) @ (self.harmonics * orders))

    def switching_field(self, angle: npt.ArrayLike, anisotropy_field: npt.ArrayLike) -> Floats:
        """Magnitude in A/m of the field that turns an island over.

        The angle between field and easy axis is in rad, off 0 and 90 degrees, and only its distance from the axis
        counts; `anisotropy_field` is h_k in A/m.
        """
        from_axis = np.arccos(np.clip(np.abs(np.cos(np.asarray(angle, dtype=np.float64))), 0, 1))
        return np.asarray(np.vectorize(self._switching, otypes=[float])(from_axis) * anisotropy_field)

    def _switching(self, angle: float) -> float:
        toward = np.pi - angle
        turn = np.linspace(0, toward, _ANGLES + 2)[1:-1]
        field = self.torque(turn) / np.sin(toward - turn)
        falling = np.flatnonzero(np.diff(field) < 0)
        place = int(falling[0]) if falling.size else field.size - 1
        if not 0 < place < field.size - 1:
            return float(field[place])
        # The top of a parabola through three of them.
        before, top, after = field[place - 1 : place + 2]
        return float(top + (after - before) ** 2 / (8 * (2 * top - before - after)))
