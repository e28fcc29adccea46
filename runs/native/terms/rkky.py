"""Interlayer exchange energy (Ruderman-Kittel-Kasuya-Yosida)."""

import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
import scipy.spatial
from jax import Array
from typing_extensions import override

from runs.native.abstract import MU0, EnergyTerm, dot, to_device
from runs.native.discretisation import Discretisation, check_parameters, is_set
from runs.native.neighbours import inverse
from runs.native.regions import regions


class RKKY(EnergyTerm):
    r"""Bilinear and biquadratic coupling of the facing surfaces of two regions, whatever lies between them.

    .. math:: w_i = \sum_j \frac{\sigma (1 - m_i \cdot m_j) + \sigma_2 [1 - (m_i \cdot m_j)^2]}{\Delta}, \qquad
        H_i = \frac{2}{\mu_0 M_{s,i}} \sum_j \frac{\sigma + 2 \sigma_2 \, m_i \cdot m_j}{\Delta} (m_j - m_i)

    with :math:`\Delta` the edge of a cell along the line from i to j. Each cell on the surface that comes first
    along the axis is paired with the nearest on the other one. As in OOMMF both cells of a pair have the energy
    density: the energy of the interface per area is :math:`2 \sigma (1 - m_i \cdot m_j)`, so that :math:`\sigma` is
    half the interlayer coupling constant of the literature. Parkin, More and Roche, Phys. Rev. Lett. 64, 2304 (1990).
    """

    first: Array
    """Index of the first cell of each pair in a flattened (nz, ny, nx), (pairs,)."""
    second: Array
    """The same of its second cell."""
    bilinear: Array
    """sigma / Delta in J/m3, zero where one of the cells is not magnetic, (pairs,)."""
    biquadratic: Array
    """sigma_2 / Delta in J/m3, the same."""
    prefactor: Array
    """2 / (mu0 Ms), zero outside the magnet, (nz, ny, nx)."""

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        step, turned = self._across(m)
        pull = (self.bilinear + 2.0 * self.biquadratic * (1.0 - turned)) * step
        return self.prefactor * self._on_both(m, pull, -pull)

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        _, turned = self._across(m)
        energy = self.bilinear * turned + self.biquadratic * turned * (2.0 - turned)
        return self._on_both(m[:1], energy[None], energy[None])[0]

    def _across(self, m: Array) -> tuple[Array, Array]:
        """Return m_j - m_i (3, pairs) and 1 - m_i . m_j (pairs,)."""
        cells = m.reshape(3, -1)
        step = cells[:, self.second] - cells[:, self.first]
        return step, 0.5 * dot(step, step)

    def _on_both(self, like: Array, first: Array, second: Array) -> Array:
        """Add up what the pairs give to their first and second cells on an array like the first one."""
        cells = jnp.zeros_like(like).reshape(like.shape[0], -1)
        return cells.at[:, self.first].add(first).at[:, self.second].add(second).reshape(like.shape)


def from_ubermag(term: mm.RKKY, discretisation: Discretisation) -> RKKY:
    """Read a `micromagneticmodel.RKKY` with sigma, sigma2 or both in J/m2, and the names of two subregions.

    A ValueError for neither constant, subregions that the mesh does not have or that overlap along every axis, or one
    that has no surface of its own.
    """
    check_parameters(term, ("subregions",), ("sigma", "sigma2"))
    bilinear, biquadratic = (float(getattr(term, name)) if is_set(term, name) else 0.0 for name in ("sigma", "sigma2"))
    if not (is_set(term, "sigma") or is_set(term, "sigma2")):
        raise ValueError(f"RKKY {term.name!r}: neither sigma nor sigma2 is set")
    if not np.isfinite([bilinear, biquadratic]).all():
        raise ValueError(f"RKKY {term.name!r}: sigma={bilinear} and sigma2={biquadratic} must be finite")
    saturation = discretisation.saturation
    axis, first, surface = _facing_surfaces(term, discretisation)
    second, step = _nearest(first, surface, axis, discretisation)
    spacing = step @ np.asarray(discretisation.cell)[::-1] / np.linalg.norm(step, axis=1)
    weight = (saturation[tuple(first.T)] > 0) * (saturation[tuple(second.T)] > 0) / spacing
    return RKKY(
        jnp.asarray(np.ravel_multi_index(tuple(first.T), saturation.shape)),
        jnp.asarray(np.ravel_multi_index(tuple(second.T), saturation.shape)),
        to_device(bilinear * weight),
        to_device(biquadratic * weight),
        to_device(2.0 / MU0 * inverse(saturation)),
    )


def _facing_surfaces(term: mm.RKKY, discretisation: Discretisation) -> tuple[int, np.ndarray, np.ndarray]:
    """Return the axis from one surface to the other and the cells of both, the one that comes first first.

    Axes are 0, 1 and 2 for z, y and x here, and cells are their indices along these, (n, 3).
    """
    mesh, chosen = discretisation.mesh, list(term.subregions)
    if len(chosen) != 2 or not set(chosen) <= set(mesh.subregions):
        known = ", ".join(map(repr, mesh.subregions)) or "none"
        raise ValueError(
            f"RKKY {term.name!r}: subregions={chosen!r}; give the names of two of the mesh's subregions (there are: "
            f"{known})"
        )
    # oommfc looks for a gap along x first.
    for axis in (2, 1, 0):
        one, other = (mesh.region2slices(mesh.subregions[name])[2 - axis] for name in chosen)
        if other.stop <= one.start:
            first, second = (chosen[1], other.stop - 1), (chosen[0], one.start)
        elif one.stop <= other.start:
            first, second = (chosen[0], one.stop - 1), (chosen[1], other.start)
        else:
            continue
        return axis, _layer(term, *first, axis, discretisation), _layer(term, *second, axis, discretisation)
    raise ValueError(f"RKKY {term.name!r}: subregions={chosen!r} overlap along x, y and z: no surface faces another")


def _layer(term: mm.RKKY, name: str, layer: int, axis: int, discretisation: Discretisation) -> np.ndarray:
    """Return the cells (n, 3) of a region that lie in one layer along an axis."""
    names, region = regions(discretisation.mesh)
    cells: np.ndarray = np.argwhere(region == names.index(name))
    cells = cells[cells[:, axis] == layer]
    if len(cells) == 0:
        raise ValueError(
            f"RKKY {term.name!r}: subregion {name!r} has no surface of its own: subregions before it in the mesh "
            "cover it"
        )
    return cells


def _nearest(
    cells: np.ndarray, surface: np.ndarray, axis: int, discretisation: Discretisation
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each cell the nearest of `surface`, and how far it is along each axis in m, both (n, 3)."""
    edges = np.asarray(discretisation.cell)[::-1]
    period = edges * discretisation.shape[::-1] * discretisation.periodic[::-1]
    # A surface faces the other through what lies between, not through the mesh's end. A period of 0 is none.
    period[axis] = 0.0
    tree = scipy.spatial.cKDTree((surface + 0.5) * edges, boxsize=period)
    _, index = tree.query((cells + 0.5) * edges)
    nearest: np.ndarray = surface[index]
    step = np.abs(nearest - cells) * edges
    step = np.where(period > 0, np.minimum(step, period - step), step)
    return nearest, step
