"""The reduced-order spin ice: macrospins on a lattice, each with its astroid, coupled by their fields."""

from __future__ import annotations

from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.fits.provenance import IceProvenance
from solitons.numerics.parameters import real
from solitons.spin_ice.astroid import SwitchingAstroid
from solitons.spin_ice.couplings import Couplings, island_moments

__all__ = ["MacrospinLattice", "lattice_model", "normal_deviations"]

Floats = npt.NDArray[np.float64]


def _real_or_none(value: Any) -> Any:
    return None if value is None else real(value)


class MacrospinLattice(eqx.Module):
    """A spin ice whose islands are macrospins s = +-1 along their axes.

    Parameters
    ----------
    axis : array (islands, 2)
        Unit vectors of the easy axes.
    moment : array (islands)
        Magnetic moments in A m2.
    anisotropy_field : array (islands)
        h_k in A/m, the scale of each island's astroid; one number for all is spread
        over them.
    astroid : SwitchingAstroid
        Shape of the astroid.
    couplings : Couplings
        The field that islands put on each other.
    barrier : array (islands) or None
        Energy barrier without field in J, as fitted; None for the astroid's,
        mu0 m b h_k / 2.
    response : array (islands, 2, 2) or None
        Field at an island per applied field that its neighbours add to it, because the
        field turns their moments away from their axes; None for moments that stay there.
    provenance : IceProvenance or None
        Provenance of a fitted model.

    Raises
    ------
    ValueError
        If shapes do not agree, an axis is not a unit vector, a moment, field or
        barrier is not positive and finite, or a response is not finite.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> from solitons.spin_ice import dipole_couplings, lattice_model
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.02)
    >>> islands = SpinIce.example().islands(permalloy)
    >>> model = lattice_model(islands, dipole_couplings(islands, cut_off=1e-6), anisotropy_field=8e4)
    >>> model.islands, float(model.anisotropy_field.mean())
    (11, 80000.0)
    """

    axis: Any = eqx.field(converter=real)
    moment: Any = eqx.field(converter=real)
    anisotropy_field: Any = eqx.field(converter=real)
    astroid: SwitchingAstroid
    couplings: Couplings
    barrier: Any = eqx.field(converter=_real_or_none, default=None)
    response: Any = eqx.field(converter=_real_or_none, default=None)
    provenance: IceProvenance | None = eqx.field(static=True, default=None)

    def __check_init__(self) -> None:
        count = self.couplings.islands
        if self.axis.shape != (count, 2):
            raise ValueError(
                f"MacrospinLattice.axis has the shape {self.axis.shape}; the couplings have {count} islands, "
                f"so give ({count}, 2)"
            )
        if not np.allclose(np.sum(self.axis**2, axis=1), 1, rtol=0, atol=1e-9):
            raise ValueError("MacrospinLattice.axis has vectors that are no unit vectors; divide by their lengths")
        for name in ("moment", "anisotropy_field", "barrier"):
            value = getattr(self, name)
            if value is None:
                continue
            if value.shape != (count,):
                raise ValueError(f"MacrospinLattice.{name} has the shape {value.shape}; give one for each of {count}")
            if not (np.isfinite(value).all() and np.all(value > 0)):
                worst = int(np.argmin(np.where(np.isfinite(value), value, -np.inf)))
                raise ValueError(
                    f"MacrospinLattice.{name} of island {worst} is {value[worst]}; it must be positive and finite"
                )
        if self.response is not None and not (
            self.response.shape == (count, 2, 2) and np.isfinite(self.response).all()
        ):
            raise ValueError(
                f"MacrospinLattice.response has the shape {self.response.shape}; give finite numbers over "
                f"({count}, 2, 2)"
            )

    @property
    def islands(self) -> int:
        """How many islands."""
        return self.couplings.islands

    def projected(self, field: npt.ArrayLike) -> tuple[Floats, Floats]:
        """A field's parts along the islands' axes and along the axes turned by +90 degrees.

        Parameters
        ----------
        field : array (2) or (islands, 2)
            In A/m.
        """
        vector = np.asarray(field, dtype=np.float64)
        x, y = vector[..., 0], vector[..., 1]
        return x * self.axis[:, 0] + y * self.axis[:, 1], y * self.axis[:, 0] - x * self.axis[:, 1]

    def field_at_islands(self, field: npt.ArrayLike) -> Floats:
        """An applied field in A/m, (2), with what the response adds to it at every island, (islands, 2)."""
        applied = np.asarray(field, dtype=np.float64)
        added = 0.0 if self.response is None else self.response @ applied
        return np.asarray(np.broadcast_to(applied, (self.islands, 2)) + added)

    @property
    def projections(self) -> Floats:
        """Matrices that take an applied field (x, y) to the fields along and across each island, (islands, 4).

        The x and y components of the one and of the other; the response is in them.
        """
        columns = [part for unit in np.eye(2) for part in self.projected(self.field_at_islands(unit))]
        return np.ascontiguousarray(np.stack([columns[0], columns[2], columns[1], columns[3]], axis=1))

    def total_moment(self, spins: npt.ArrayLike) -> Floats:
        """Magnetic moment of a state in A m2, (2)."""
        return np.asarray((np.asarray(spins) * self.moment) @ self.axis)


def normal_deviations(count: int, seed: int | None) -> Floats:
    """Standard normal number for each island, by which `lattice_model` multiplies the spread of h_k."""
    return np.random.default_rng(seed).standard_normal(count)


def lattice_model(
    lattice: xr.Dataset,
    couplings: Couplings,
    *,
    anisotropy_field: npt.ArrayLike,
    astroid: SwitchingAstroid | None = None,
    spread: float = 0.0,
    seed: int | None = None,
    barrier: npt.ArrayLike | None = None,
) -> MacrospinLattice:
    """Make the reduced-order model of a lattice.

    Parameters
    ----------
    lattice : xarray.Dataset
        The lattice of a spin ice.
    couplings : Couplings
        Couplings of the same islands; `dipole_couplings` or `dumbbell_couplings` make them.
    anisotropy_field : float or array (islands)
        h_k in A/m.
    astroid : SwitchingAstroid, optional
        Stoner and Wohlfarth's by default.
    spread : float
        Standard deviation of h_k over h_k, normally distributed from island to island.
    seed : int, optional
        Seed of the spread; needed where there is one.
    barrier : float or array (islands), optional
        As in `MacrospinLattice`.

    Returns
    -------
    MacrospinLattice

    Raises
    ------
    ValueError
        If the couplings have another number of islands, a spread has no seed, or the
        spread makes a field that is not positive.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> from solitons.spin_ice import dipole_couplings, lattice_model
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.02)
    >>> islands = SpinIce.example().islands(permalloy)
    >>> model = lattice_model(islands, dipole_couplings(islands, cut_off=1e-6), anisotropy_field=8e4)
    >>> model.islands == islands.sizes["island"]
    True
    """
    count = lattice.sizes["island"]
    if couplings.islands != count:
        raise ValueError(
            f"lattice_model: the couplings have {couplings.islands} islands and the lattice {count}; make them of it"
        )
    if spread < 0 or (spread and seed is None):
        raise ValueError(f"lattice_model: spread = {spread} must not be negative, and needs a seed where it is not 0")
    field = np.broadcast_to(np.asarray(anisotropy_field, dtype=np.float64), (count,))
    if spread:
        field = field * (1 + spread * normal_deviations(count, seed))
    return MacrospinLattice(
        axis=lattice["axis"].values,
        moment=island_moments(lattice),
        anisotropy_field=np.array(field),
        astroid=SwitchingAstroid() if astroid is None else astroid,
        couplings=couplings,
        barrier=None if barrier is None else np.array(np.broadcast_to(barrier, (count,)), dtype=np.float64),
    )
