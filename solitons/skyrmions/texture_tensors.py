r"""Thiele's tensors of a skyrmion's texture, computed from m on its own grid.

With the derivatives of m in the plane

.. math::

   g_{ij} = \int \mathbf m\cdot(\partial_i \mathbf m\times\partial_j \mathbf m)\,dA, \quad
   D_{ij} = \int \partial_i \mathbf m\cdot\partial_j \mathbf m\,dA, \quad
   S_{ik} = \int (\mathbf m\times\partial_i \mathbf m)_k\,dA

g is antisymmetric, g_xy = 4 pi Q.

**Convention.** A texture that moves is shifted, which has no grid: its derivatives are central differences of eighth
order. The current's torque is what an engine makes of (u . grad) m, the central difference (m(r + h) - m(r - h)) / 2 h
of OOMMF and the native engine; so two more tensors, `drift_gyration` and `drift_dissipation`, have an exact derivative
first and the engine's second. In cells of half a wall width they are 2 to 3 % smaller, and so are the engines'
velocities under a current in the plane (`solitons.domain_walls.mesh` has the same for a wall).

Only cells within a distance of the centre count, since moments that tilt at an edge do not move along. A difference
across an edge takes the missing cell as equal to the last one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["TextureTensors", "derivative", "own_cells", "reach_of", "texture_tensors"]

Floats = npt.NDArray[np.float64]

_EIGHTH_ORDER = (4 / 5, -1 / 5, 4 / 105, -1 / 280)
_CENTRAL = (1 / 2,)
# Wall widths beyond the radius: there m differs from the film by exp(-6).
_REACH = 6.0


@dataclass(frozen=True, eq=False)
class TextureTensors:
    """Tensors of one texture in the plane.

    `gyration` is g_xy, 4 pi Q: -4 pi for a skyrmion whose core points down; `dissipation` D_ij (2, 2) is dimensionless
    and `spin_orbit` S_ik (2, 3) is in m. `drift_gyration` and `drift_dissipation` are g and D with the engines' central
    difference in the place of the second derivative.
    """

    gyration: float
    dissipation: Floats
    spin_orbit: Floats
    drift_gyration: Floats
    drift_dissipation: Floats


def reach_of(radius: float, width: float) -> float:
    """Give the distance in m within which all of a skyrmion is, of its radius and its wall's width in m."""
    return radius + _REACH * min(width, radius)


def own_cells(
    x: Floats, y: Floats, centre: tuple[float, float], reach: float, others: npt.ArrayLike = ()
) -> npt.NDArray[np.bool_]:
    """Tell which cells at x (nx,) and y (ny,) are a skyrmion's: within its reach, and not nearer to another one."""
    distance = np.hypot(x[:, None] - centre[0], y[None, :] - centre[1])
    own: npt.NDArray[np.bool_] = distance <= reach
    for place in np.reshape(np.asarray(others, dtype=float), (-1, 2)):
        own &= distance <= np.hypot(x[:, None] - place[0], y[None, :] - place[1])
    return own


def texture_tensors(
    m: npt.NDArray[np.floating],
    x: Floats,
    y: Floats,
    centre: tuple[float, float],
    reach: float,
    others: npt.ArrayLike = (),
) -> TextureTensors:
    """Compute the tensors of a texture from its moments.

    `m` (nx, ny, 3) or (nx, ny, nz, 3) is NaN outside the magnet; the mean over layers is taken. Cell centres, evenly
    spaced, and the skyrmion's centre are in m; cells farther from it than `reach` (m, by `reach_of`), or nearer to one
    of the `others` (n, 2), do not count. ValueError if there are fewer than two cells along x or y, or no magnet within
    the reach.
    """
    if min(x.size, y.size) < 2:
        raise ValueError(
            f"texture_tensors: m has {x.size} x {y.size} cells along x and y; give at least two along each"
        )
    layers = np.asarray(m, dtype=np.float64)
    layers = layers[:, :, np.newaxis] if layers.ndim == 3 else layers
    magnet = np.isfinite(layers[..., 0])
    near = own_cells(x, y, centre, reach, others)
    inside = magnet & near[:, :, np.newaxis]
    if not inside.any():
        raise ValueError(
            f"texture_tensors: no magnet lies within reach = {reach:g} m of centre = {centre}; give the centre of a "
            "skyrmion in this film"
        )
    steps = (float(x[1] - x[0]), float(y[1] - y[0]))
    area = steps[0] * steps[1] / layers.shape[2]
    exact = [derivative(layers, magnet, axis, _EIGHTH_ORDER)[inside] / steps[axis] for axis in (0, 1)]
    engine = [derivative(layers, magnet, axis, _CENTRAL)[inside] / steps[axis] for axis in (0, 1)]
    moments = layers[inside]

    def gyration(first: list[Floats], second: list[Floats]) -> Floats:
        found: Floats = area * np.array([[float(np.sum(moments * np.cross(i, j))) for j in second] for i in first])
        return found

    def dissipation(first: list[Floats], second: list[Floats]) -> Floats:
        found: Floats = area * np.array([[float(np.sum(i * j)) for j in second] for i in first])
        return found

    return TextureTensors(
        gyration=float(gyration(exact, exact)[0, 1]),
        dissipation=dissipation(exact, exact),
        spin_orbit=area * np.array([np.cross(moments, i).sum(axis=0) for i in exact]),
        drift_gyration=gyration(exact, engine),
        drift_dissipation=dissipation(exact, engine),
    )


def derivative(m: Floats, magnet: npt.NDArray[np.bool_], axis: int, weights: tuple[float, ...]) -> Floats:
    """Central difference of m along an axis in cells; of a lower order where its cells are not all magnet."""
    count = m.shape[axis]
    moved = np.moveaxis(np.where(magnet[..., None], m, 0.0), axis, 0)
    there = np.moveaxis(magnet, axis, 0)
    ahead, behind = _shifted(moved, there, 1), _shifted(moved, there, -1)
    found: Floats = (ahead - behind) / 2
    reach = len(weights)
    if reach > 1 and count > 2 * reach:
        whole = there.copy()
        total = np.zeros_like(moved)
        for distance, weight in enumerate(weights, start=1):
            for sign in (1, -1):
                source = np.clip(np.arange(count) + sign * distance, 0, count - 1)
                valid = (np.arange(count) + sign * distance == source)[(...,) + (None,) * (there.ndim - 1)]
                whole &= there[source] & valid
                total += sign * weight * moved[source]
        found = np.where(whole[..., None], total, found)
    return np.moveaxis(found, 0, axis)


def _shifted(m: Floats, there: npt.NDArray[np.bool_], step: int) -> Floats:
    """M of the neighbour, or of the cell itself where there is none."""
    source = np.clip(np.arange(m.shape[0]) + step, 0, m.shape[0] - 1)
    return np.where(there[source][..., None], m[source], m)
