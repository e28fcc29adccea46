"""The reduced spin ice whose moments rotate: each island turns as a whole, coupled to all others by their fields.

A field turns the moment of an island by 40 to 50 degrees before it reverses it, the further the closer the island is to
that, and neighbours follow each other. `MacrospinLattice` has islands that are +1 or -1; here each has an angle, and
the lattice rests in the field at a minimum of

    E = sum over i of mu0 m_i [h_k,i w(phi_i) - H . u_i] - 1/2 sum over i, j of mu0 m_i u_i . T_ij u_j,    w' = t,

with directions u of the moments m, the torque t of `CoherentRotation` and the tensors T of `MomentCouplings`. With
`IslandTextures` each island has a torque and a texture of its own, with mean u.
"""

from __future__ import annotations

from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt

from solitons.fits.provenance import IceProvenance
from solitons.numerics.parameters import real
from solitons.spin_ice.coherent_rotation import CoherentRotation
from solitons.spin_ice.moment_fields import MomentCouplings
from solitons.spin_ice.textures import IslandTextures

__all__ = ["RotatingLattice"]

Floats = npt.NDArray[np.float64]


class RotatingLattice(eqx.Module):
    """A spin ice whose islands rotate coherently.

    Parameters
    ----------
    axis : array (islands, 2)
        Unit vectors of the easy axes.
    moment : array (islands)
        Magnetic moments in A m2.
    anisotropy_field : array (islands)
        h_k in A/m.
    rotation : CoherentRotation
        The torque of the anisotropy.
    couplings : MomentCouplings
        The field that islands put on each other; with textures, those that are not near.
    textures : IslandTextures, optional
        In the place of the rotation: torques and textures of the islands' own, and the fields between near ones.
    provenance : IceProvenance or None
        Provenance of a fitted model.

    Raises
    ------
    ValueError
        If shapes do not agree, an axis is not a unit vector, or a moment or field is not positive and finite.

    Examples
    --------
    >>> apart = MomentCouplings(first=[0, 0, 0], neighbour=[], tensor=[])
    >>> corner = RotatingLattice(np.eye(2), [1e-16, 1e-16], [1e5, 1e5], CoherentRotation(), apart)
    >>> corner.total_moment([1, -1]).tolist()  # A m^2, of islands along x and y
    [1e-16, -1e-16]
    """

    axis: Any = eqx.field(converter=real)
    moment: Any = eqx.field(converter=real)
    anisotropy_field: Any = eqx.field(converter=real)
    rotation: CoherentRotation
    couplings: MomentCouplings
    textures: IslandTextures | None = None
    provenance: IceProvenance | None = eqx.field(static=True, default=None)

    def __check_init__(self) -> None:
        count = self.couplings.islands
        if self.axis.shape != (count, 2) or not np.allclose(np.sum(self.axis**2, axis=1), 1, rtol=0, atol=1e-9):
            raise ValueError(f"RotatingLattice.axis must be unit vectors of the shape ({count}, 2)")
        for name in ("moment", "anisotropy_field"):
            value = getattr(self, name)
            if value.shape != (count,) or not (np.isfinite(value).all() and np.all(value > 0)):
                raise ValueError(f"RotatingLattice.{name} must be positive and finite for each of {count} islands")
        if self.textures is not None and len(self.textures.torque) != count:
            raise ValueError(f"RotatingLattice.textures are of {len(self.textures.torque)} islands, not of {count}")

    @property
    def islands(self) -> int:
        """How many islands."""
        return self.couplings.islands

    @property
    def own_textures(self) -> IslandTextures:
        """The textures; where there are none, moments that are the same everywhere in an island."""
        if self.textures is not None:
            return self.textures
        return IslandTextures(
            torque=np.kron(np.outer(self.anisotropy_field, self.rotation.harmonics), [1.0, 0.0]),
            mean=np.stack([self.axis, self.axis[:, ::-1] * [-1, 1]], axis=1),
            first=np.zeros(self.islands + 1),
            neighbour=[],
            overlap=np.zeros((0, 2, 2)),
        )

    def total_moment(self, spins: npt.ArrayLike) -> Floats:
        """Magnetic moment in A m2, (2), of a state with all moments along their axes."""
        return np.asarray((np.asarray(spins) * self.moment) @ self.axis)
