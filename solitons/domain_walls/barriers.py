r"""How well the barriers of a stripe's wall are known: by its material's constants.

Walker's profile at q, straight across the stripe and as wide as the body's material has it, costs

.. math::

   E(q) = \sum_{cells} V \left[\left(\frac{A}{\Delta^2} + K_u - \frac{\mu_0 M_s^2}{2}\right)
       \mathrm{sech}^2\frac{x - q}{\Delta} - \frac{|D|}{\Delta} \mathrm{sech}\frac{x - q}{\Delta}\right]

with the constants of each cell. Its barriers themselves are rough, and are not used; how they change with a constant is
what moves a measured one. A constant is moved in the body and in all parts alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import constants

from geometries import Material, Stripe
from solitons.devices.places import Place
from solitons.fits.material_uncertainty import MaterialUncertainty

__all__ = ["barrier_uncertainty"]

Floats = npt.NDArray[np.float64]

_LEAST = 1 / 3
"""Of a barrier that the profile must have, so that its changes are those of the barrier."""


def barrier_uncertainty(
    stripe: Stripe, material: Material, places: Sequence[Place], uncertainty: MaterialUncertainty
) -> float | None:
    """Relative standard uncertainty of the barriers between a wall's places, by how well the material is known.

    The constants count as independent, and the largest of the places' uncertainties is given. None without a barrier,
    between domains along x, whose stray field makes the wall, and where the profile has less than a third of one: stray
    fields or the mesh hold the wall there.
    """
    if stripe.domain_axis == "x":
        return None
    ways = [(each.position, way) for each in places for way in each.passages]
    pairs = [(position, way.border) for position, way in ways]
    stated = _barriers(stripe, material, pairs, uncertainty, "A", 0.0)
    if not pairs or np.any(stated < _LEAST * np.array([way.barrier for _, way in ways])):
        return None
    squares = np.zeros(len(pairs))
    for constant in ("Ms", "A", "anisotropy_field", "D"):
        if getattr(uncertainty, constant):
            moved = _barriers(stripe, material, pairs, uncertainty, constant, 1.0)
            squares += ((moved - stated) / stated) ** 2
    return float(np.sqrt(squares.max()))


def _barriers(
    stripe: Stripe,
    material: Material,
    pairs: Sequence[tuple[float, float]],
    uncertainty: MaterialUncertainty,
    constant: str,
    uncertainties: float,
) -> Floats:
    body = uncertainty.moved(material, constant, uncertainties)
    shape, varying = stripe.shape, stripe.local_anisotropy(material)
    wall, chiral = np.zeros(shape[0]), np.zeros(shape[0])
    width = body.wall_width
    for part in stripe.placed_parts(material):
        moved = uncertainty.moved(part.material, constant, uncertainties)
        anisotropy = np.full(shape, moved.Ku)
        if varying is not None:
            anisotropy = varying[0] * (moved.Ku / part.material.Ku if part.material.Ku else 1.0)
        density = moved.A / width**2 + anisotropy - constants.mu_0 * moved.Ms**2 / 2
        wall += np.where(part.cells, density, 0.0).sum(axis=(1, 2))
        chiral += part.cells.sum(axis=(1, 2)) * abs(moved.D) / width
    x = stripe.cell_centres()[0]
    volume = float(np.prod(stripe.spacing))

    def energy(q: float) -> float:
        profile = 1 / np.cosh((x - q) / width)
        return volume * float(np.sum(wall * profile**2 - chiral * profile))

    return np.array([energy(hill) - energy(well) for well, hill in pairs])
