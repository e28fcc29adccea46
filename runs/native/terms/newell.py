r"""Demagnetising tensor between cuboid cells of one size.

The field of a uniformly magnetised cell, averaged over another cell at offset r, is H = -N(r) M with

.. math:: N_{ij}(r) = -\frac{1}{4 \pi V} \int_V \int_{V + r} \partial_i \partial_j \frac{1}{|x - x'|} dx' dx

Near cells use the closed form of Newell, Williams and Dunlop, J. Geophys. Res. 98, 9551 (1993): a
sixth difference of functions that grow as r^3, which loses all digits far away. There the double
integral over both cells, whose weight is a product of three triangles, is done by Gauss quadrature
for that weight, with fewer points the farther away.
"""

from collections.abc import Callable, Sequence

import numpy as np

from runs.native.terms.gauss_quadrature import triangle_quadrature

COMPONENTS = ("xx", "xy", "xz", "yy", "yz", "zz")
NEAR = 6
"""Number of longest cell edges within which the closed form is used; there both agree to 1e-10."""
QUADRATURE = ((0, 6), (10, 5), (20, 4), (50, 3), (1000, 2))
"""From how many longest edges on how many Gauss points an axis: relative errors below 1e-10 of a dipole's field."""
CHUNK = 1 << 14
"""Offsets that are computed together, few enough for the processor's cache."""


def tensor(
    shape: tuple[int, int, int], cell: tuple[float, float, float], components: Sequence[str] = COMPONENTS
) -> np.ndarray:
    """Return components of N (components, nx, ny, nz) at offsets 0, 1, ... cells along each axis of a grid.

    The components are some of `COMPONENTS`, and the cell's edge lengths are in any unit: N depends on their ratios
    only.
    """
    edges = np.asarray(cell) / min(cell)
    near = tuple(min(count, int(NEAR * max(edges) / edge) + 1) for count, edge in zip(shape, edges, strict=True))
    axes = [edge * np.arange(count) for edge, count in zip(edges, shape, strict=True)]
    offsets = np.reshape(np.meshgrid(*axes, indexing="ij"), (3, -1))
    result = dipole_average(offsets, edges, components).reshape(len(components), *shape)
    for index, component in enumerate(components):
        result[index, : near[0], : near[1], : near[2]] = _near(near, edges, component)
    return result


def both_sides(positive: np.ndarray, component: str) -> np.ndarray:
    """Put a component of N (nx, ny, nz) at all offsets on the doubled grid, as a convolution by FFT needs it.

    Negative offsets lie behind. Component "xx" is even along all axes, "xy" odd along x and y. It is 0 at the
    offset of a whole box, which no two cells have.
    """
    odd = {"xyz".index(letter) for letter in component} if component[0] != component[1] else set()
    for axis, count in enumerate(positive.shape):
        back = np.flip(np.take(positive, np.arange(1, count), axis=axis), axis=axis)
        last = np.zeros_like(np.take(positive, [0], axis=axis))
        positive = np.concatenate([positive, last, -back if axis in odd else back], axis=axis)
    return positive


def _near(shape: tuple[int, ...], edges: np.ndarray, component: str) -> np.ndarray:
    """Take the second difference along each axis of a potential: the closed form."""
    # The potentials are written for xx and xy; other components permute the axes.
    first, second = ("xyz".index(letter) for letter in component)
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


def dipole_average(offsets: np.ndarray, edges: np.ndarray, components: Sequence[str]) -> np.ndarray:
    """Integrate the dipole kernel over both cells by Gauss quadrature, good beyond `NEAR` longest edges.

    `offsets` (3, n) lead from cell to cell, in the unit of the cell's `edges` (3,). Gives N (components, n).
    """
    distance = np.sqrt(np.sum(offsets**2, axis=0)) / max(edges)
    tier = np.searchsorted([start for start, _ in QUADRATURE], distance, side="right") - 1
    result = np.empty((len(components), offsets.shape[1]))
    for index, (_, points) in enumerate(QUADRATURE):
        members = np.flatnonzero(tier == index)
        for start in range(0, members.size, CHUNK):
            chunk = members[start : start + CHUNK]
            result[:, chunk] = _quadrature(offsets[:, chunk], edges, components, points)
    return result


def _quadrature(offsets: np.ndarray, edges: np.ndarray, components: Sequence[str], points: int) -> np.ndarray:
    nodes, weights = triangle_quadrature(points)
    rules = []
    flat = [not np.any(offset) for offset in offsets]
    for offset, edge, beside in zip(offsets, edges, flat, strict=True):
        # Cells side by side: the kernel is even along this axis, so half the nodes will do, or odd and integrates to 0.
        half = slice(points // 2 if beside else 0, None)
        fold = np.where(beside & (nodes > 1e-9), 2.0, 1.0)
        rules.append([(w, offset + edge * u) for u, w in zip(nodes[half], (weights * fold)[half], strict=True)])
    moments = {component: np.zeros(offsets.shape[1]) for component in COMPONENTS}
    for wx, x in rules[0]:
        for wy, y in rules[1]:
            in_plane = x * x + y * y
            zeroth, first, second = np.zeros((3, offsets.shape[1]))
            for wz, z in rules[2]:
                z2 = z * z
                r2 = in_plane + z2
                weight = (wx * wy * wz) / (r2 * r2 * np.sqrt(r2))
                zeroth += weight
                first += weight * z
                second += weight * z2
            moments["xx"] += x * x * zeroth
            moments["xy"] += x * y * zeroth
            moments["xz"] += x * first
            moments["yy"] += y * y * zeroth
            moments["yz"] += y * first
            moments["zz"] += second
    trace = moments["xx"] + moments["yy"] + moments["zz"]
    result = np.zeros((len(components), offsets.shape[1]))
    for row, component in zip(result, components, strict=True):
        if component[0] == component[1]:
            row += trace - 3 * moments[component]
        elif not (flat["xyz".index(component[0])] or flat["xyz".index(component[1])]):
            row -= 3 * moments[component]
    return np.asarray(result * (np.prod(edges) / (4 * np.pi)))
