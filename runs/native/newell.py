r"""Demagnetising tensor between cuboid cells of one size.

The field of a uniformly magnetised cell, averaged over another cell at offset r, is H = -N(r) M with

.. math:: N_{ij}(r) = -\frac{1}{4 \pi V} \int_V \int_{V + r} \partial_i \partial_j \frac{1}{|x - x'|} dx' dx

Near cells use the closed form of Newell, Williams and Dunlop, J. Geophys. Res. 98, 9551 (1993): a
sixth difference of functions that grow as r^3, which loses all digits far away. There the double
integral over both cells, whose weight is a product of three triangles, is done by Gauss quadrature
for that weight.
"""

from collections.abc import Callable, Sequence

import numpy as np

COMPONENTS = ("xx", "xy", "xz", "yy", "yz", "zz")
NEAR = 10
"""Number of longest cell edges within which the closed form is used; there both agree to 1e-8."""
QUADRATURE = 6
"""Gauss points an axis; the error falls as (edge / distance)^12."""


def tensor(shape: tuple[int, int, int], cell: tuple[float, float, float], component: str) -> np.ndarray:
    """Return one component of N for every non-negative offset on a grid.

    Parameters
    ----------
    shape : tuple of int
        Number of cells along x, y and z.
    cell : tuple of float
        Edge lengths in m.
    component : str
        One of `COMPONENTS`.

    Returns
    -------
    numpy.ndarray
        N, shape (nx, ny, nz), at offsets 0, 1, ... cells along each axis.
    """
    edges = np.asarray(cell) / min(cell)
    first, second = sorted("xyz".index(letter) for letter in component)
    near = tuple(min(count, int(NEAR * max(edges) / edge) + 1) for count, edge in zip(shape, edges, strict=True))
    axes = [edge * np.arange(count) for edge, count in zip(edges, shape, strict=True)]
    offsets = np.meshgrid(*axes, indexing="ij", sparse=True)
    result = _far(offsets, edges, first, second)
    result[: near[0], : near[1], : near[2]] = _near(near, edges, first, second)
    return result


def _near(shape: tuple[int, ...], edges: np.ndarray, first: int, second: int) -> np.ndarray:
    """Take the second difference along each axis of a potential: the closed form."""
    # The potentials are written for xx and xy; other components permute the axes.
    if first == second:
        order = [first, (first + 1) % 3, (first + 2) % 3]
        potential: Callable[..., np.ndarray] = _potential_diagonal
    else:
        order = [first, second, 3 - first - second]
        potential = _potential_off_diagonal
    axes = [edges[axis] * np.arange(-1, shape[axis] + 1) for axis in range(3)]
    grid = np.meshgrid(*axes, indexing="ij")
    values = potential(*(grid[axis].astype(np.longdouble) for axis in order))
    for axis in range(3):
        values = np.diff(values, n=2, axis=axis)
    return np.asarray(-values / (4 * np.pi * np.prod(edges)), dtype=float)


def _potential_diagonal(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return Newell's f, whose sixth difference gives N_xx."""
    x2, y2, z2 = x * x, y * y, z * z
    r = np.sqrt(x2 + y2 + z2)
    potential: np.ndarray = (
        0.5 * y * (z2 - x2) * _arcsinh_ratio(y, x2 + z2)
        + 0.5 * z * (y2 - x2) * _arcsinh_ratio(z, x2 + y2)
        - x * y * z * _arctan_ratio(y * z, x * r)
        + (2 * x2 - y2 - z2) * r / 6
    )
    return potential


def _potential_off_diagonal(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return Newell's g, whose sixth difference gives N_xy."""
    x2, y2, z2 = x * x, y * y, z * z
    r = np.sqrt(x2 + y2 + z2)
    potential: np.ndarray = (
        x * y * z * _arcsinh_ratio(z, x2 + y2)
        + y / 6 * (3 * z2 - y2) * _arcsinh_ratio(x, y2 + z2)
        + x / 6 * (3 * z2 - x2) * _arcsinh_ratio(y, x2 + z2)
        - z * z2 / 6 * _arctan_ratio(x * y, z * r)
        - z * y2 / 2 * _arctan_ratio(x * z, y * r)
        - z * x2 / 2 * _arctan_ratio(y * z, x * r)
        - x * y * r / 3
    )
    return potential


def _arcsinh_ratio(a: np.ndarray, b2: np.ndarray) -> np.ndarray:
    """Return arcsinh(a / sqrt(b2)), 0 where b2 = 0: there its factor vanishes."""
    ratio: np.ndarray = np.divide(a, np.sqrt(b2), out=np.zeros_like(a), where=b2 > 0)
    return np.asarray(np.arcsinh(ratio))


def _arctan_ratio(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return arctan(a / b), 0 where b = 0: there its factor vanishes."""
    ratio: np.ndarray = np.divide(a, b, out=np.zeros_like(a), where=b != 0)
    return np.asarray(np.arctan(ratio))


def _far(offsets: Sequence[np.ndarray], edges: np.ndarray, first: int, second: int) -> np.ndarray:
    """Integrate the dipole kernel over both cells by Gauss quadrature."""
    nodes, weights = triangle_quadrature(QUADRATURE)
    total = np.zeros(np.broadcast_shapes(*(offset.shape for offset in offsets)))
    for i, wx in enumerate(weights):
        for j, wy in enumerate(weights):
            for k, wz in enumerate(weights):
                r = [offset + edge * nodes[n] for offset, edge, n in zip(offsets, edges, (i, j, k), strict=True)]
                r2 = r[0] ** 2 + r[1] ** 2 + r[2] ** 2
                trace = r2 if first == second else 0.0
                total += wx * wy * wz * (trace - 3 * r[first] * r[second]) / (r2 * r2 * np.sqrt(r2))
    return np.asarray(total * np.prod(edges) / (4 * np.pi))


def triangle_quadrature(points: int) -> tuple[np.ndarray, np.ndarray]:
    """Return Gauss nodes on [-1, 1] and weights for 1 - |u|, the overlap of two unit cells.

    Golub and Welsch, Math. Comp. 23, 221 (1969), from the moments 2 / [(k + 1)(k + 2)] of even order k.
    """
    order = np.arange(2 * points + 1)
    moments = np.where(order % 2 == 0, 2.0 / ((order + 1) * (order + 2)), 0.0)
    hankel = moments[np.add.outer(np.arange(points + 1), np.arange(points + 1))]
    factor = np.linalg.cholesky(hankel).T
    off_diagonal = np.diag(factor)[1:points] / np.diag(factor)[: points - 1]
    nodes, vectors = np.linalg.eigh(np.diag(off_diagonal, 1) + np.diag(off_diagonal, -1))
    return nodes, moments[0] * vectors[0] ** 2
