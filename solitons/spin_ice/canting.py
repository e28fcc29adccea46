"""Islands whose moments an applied field turns away from their axes, and the field they put on each other.

Before a field reverses an island it turns its moment a long way: at 45 degrees to the
field by 40 to 50 degrees, whatever the island's anisotropy (Stoner and Wohlfarth). Once
reversed, the moment is near the axis again. Near the switching field a neighbour j so has the
moment u_j before and r_j after its reversal, both known from runs of a single
island, and puts on island i the field

    h_ij(s_j) = e_ij + s_j o_ij,    e = (h(u) + h(r)) / 2,    o = (h(u) - h(r)) s_j(0) / 2

of a point dipole. The odd part is a coupling as of rigid moments. The even part is
there whatever s_j is; it turns around with the applied field, and is taken to be
proportional to it: a response of the lattice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["CantedMoments", "dipole_field"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CantedMoments:
    """Mean magnetisation of an island near its switching field, over the angle (rad, rising) of the field to its axis.

    `unreversed` and `reversed` (angles, 2) are parts along the moment's first direction and along the field's part
    across the axis, before and after the reversal; unit vectors or shorter.
    """

    angle: Floats
    unreversed: Floats
    reversed: Floats

    def directions(self, axis: Floats, spins: npt.ArrayLike, field_angle: float) -> tuple[Floats, Floats]:
        """Mean magnetisation of islands before and after their reversal, (islands, 2) each, in x and y.

        `axis` (islands, 2) are easy axes, `spins` the state that the field along `field_angle` (rad from x) reverses.
        """
        field = np.array([np.cos(field_angle), np.sin(field_angle)])
        first = axis * np.asarray(spins, dtype=np.float64)[:, np.newaxis]
        along = first @ field
        beside = field - along[:, np.newaxis] * first
        length = np.linalg.norm(beside, axis=1, keepdims=True)
        beside = np.divide(beside, length, out=np.zeros_like(beside), where=length > 1e-9)
        angle = np.arccos(np.clip(np.abs(along), 0.0, 1.0))
        found = []
        for table in (self.unreversed, self.reversed):
            parallel, across = (np.interp(angle, self.angle, table[:, column]) for column in (0, 1))
            found.append(parallel[:, np.newaxis] * first + across[:, np.newaxis] * beside)
        return found[0], found[1]


def dipole_field(moment: Floats, offset: Floats) -> Floats:
    """Field in A/m of point dipoles (pairs, 2) in A m2 at offsets (pairs, 2) in m from them, in their plane."""
    distance = np.linalg.norm(offset, axis=1, keepdims=True)
    toward = np.sum(moment * offset, axis=1, keepdims=True)
    return np.asarray((3 * toward * offset / distance**5 - moment / distance**3) / (4 * np.pi))
