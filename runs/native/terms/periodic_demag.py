r"""Demagnetising tensor of a system that repeats along one or two axes, to infinity.

.. math:: N^\infty(r) = \sum_m N(r + m L)

The sum converges absolutely; nothing is cut off. Images next to the cell are summed with the tensor
of the open system. All others make a tensor that is smooth over the system, whose nearest poles lie
a period away: it is computed at few Chebyshev points and interpolated. There

- a row of images is summed one by one to three times the system's extent and from there as a Gauss
  rule for the rest of a series (`gauss_quadrature.series_tail`), with terms that fall as m^-3;
- with two repeating axes the rows, along the axis of the shorter period l, are summed likewise. Seen
  from more than 6 l away a row is a line, since what distinguishes its cells falls as
  exp(-2 pi distance / l), and the terms fall as m^-2.

Each step is exact to 1e-10 of a dipole's field or better. With one repeating axis it is the sum of
Lebecki, Donahue and Gutowski, J. Phys. D 41, 175005 (2008).
"""

import math
from collections.abc import Sequence

import numpy as np

from runs.native.terms import newell
from runs.native.terms.gauss_quadrature import series_tail, triangle_quadrature

DIGITS = 15
"""Decimal digits of the interpolation."""
FAR = 3.0
"""Extents of the system beyond which the rest of a series is taken by its rule."""
LINE = 6.0
"""Periods beyond which a row of images is a line."""
TAIL = 6
"""Points of the rule for the rest of a series."""


def tensor(
    shape: tuple[int, int, int],
    cell: tuple[float, float, float],
    periodic: tuple[bool, bool, bool],
    components: Sequence[str] = newell.COMPONENTS,
) -> np.ndarray:
    """Return components of N (components, nx, ny, nz) at offsets 0, 1, ... cells, summed over all images.

    Along an axis that repeats, one or two of them, the number of cells is the period. The components are some of
    `newell.COMPONENTS`, and the cell's edge lengths are in any unit: N depends on their ratios only.
    """
    edges = np.asarray(cell) / min(cell)
    extent = edges * shape
    # How many periods either way are summed exactly: at least to where quadrature holds.
    direct = [
        max(1, math.ceil(newell.NEAR * max(edges) / length)) if repeats else 0
        for length, repeats in zip(extent, periodic, strict=True)
    ]
    reach = [number * count + 1 if number else count for number, count in zip(direct, shape, strict=True)]
    near = newell.tensor((reach[0], reach[1], reach[2]), cell, components)
    for axis, (number, count) in enumerate(zip(direct, shape, strict=True)):
        if number:
            odd = np.array([component.count("xyz"[axis]) == 1 for component in components])
            near = _fold(near, axis + 1, count, number, odd)
    pole = min(number * length for number, length in zip(direct, extent, strict=True) if number)
    places, interpolations = zip(
        *(_interpolation(count, edge, pole) for count, edge in zip(shape, edges, strict=True)), strict=True
    )
    points = np.reshape(np.meshgrid(*places, indexing="ij"), (3, -1))
    far = _images(points, edges, extent, direct, components)
    far = far.reshape(len(components), *(len(place) for place in places))
    for matrix in interpolations:
        # The axis in front goes to the back: after three times all are where they were.
        far = np.tensordot(far, matrix, (1, 1))
    return np.asarray(near + far)


def _fold(values: np.ndarray, axis: int, count: int, number: int, odd: np.ndarray) -> np.ndarray:
    """Sum over the images from -number to number - 1 periods along an axis."""
    values = np.moveaxis(values, axis, -1)
    sign = np.where(odd, -1.0, 1.0).reshape(-1, 1, 1, 1)
    total = np.zeros((*values.shape[:-1], count))
    for image in range(number):
        total += values[..., image * count : (image + 1) * count]
        total += sign * values[..., image * count + 1 : (image + 1) * count + 1][..., ::-1]
    return np.moveaxis(total, -1, axis)


def _interpolation(count: int, edge: float, pole: float) -> tuple[np.ndarray, np.ndarray]:
    """Return places (p,) and the matrix (count, p) from a function there to it at 0, 1, ... edges.

    The function has no pole nearer than `pole`, so the error of p Chebyshev points falls as b^-p with
    b = s + (s^2 + 1)^(1/2), s = pole / half the length.
    """
    offsets = edge * np.arange(count)
    half = offsets[-1] / 2
    points = count
    if half > 0:
        points = min(count, math.ceil(DIGITS * math.log(10) / math.asinh(pole / half)) + 1)
    if points == count:
        return offsets, np.eye(count)
    angles = (np.arange(points) + 0.5) * np.pi / points
    places = half * (1 + np.cos(angles))
    # Berrut and Trefethen, SIAM Review 46, 501 (2004): barycentric weights of Chebyshev's points.
    difference = offsets[:, None] - places
    hit = difference == 0
    terms = (-1.0) ** np.arange(points) * np.sin(angles) / np.where(hit, 1.0, difference)
    terms = np.where(hit.any(axis=1)[:, None], hit, terms)
    return places, terms / terms.sum(axis=1, keepdims=True)


def _images(
    points: np.ndarray, edges: np.ndarray, extent: np.ndarray, direct: Sequence[int], components: Sequence[str]
) -> np.ndarray:
    """Return N at points (3, n), summed over all images but the direct ones, (components, n)."""
    along, *others = sorted((axis for axis in range(3) if direct[axis]), key=lambda axis: extent[axis])
    size = float(np.linalg.norm(extent))
    if not others:
        return _row(points, edges, along, extent[along], size, direct[along], components)
    (across,) = others
    period, number = float(extent[across]), direct[across]
    total = np.zeros((len(components), points.shape[1]))
    last = math.ceil(max(FAR * size, LINE * extent[along]) / period) + 1
    for image in range(-last, last + 1):
        moved = points.copy()
        moved[across] += image * period
        if -number <= image < number:
            total += _row(moved, edges, along, extent[along], size, direct[along], components)
        elif np.min(np.abs(moved[across])) < LINE * extent[along]:
            total += _row(moved, edges, along, extent[along], size + abs(image) * period, 0, components)
        else:
            total += _line(moved, edges, along, extent[along], components)
    for place, weight in zip(*series_tail(last + 1, 2, TAIL), strict=True):
        for sign in (-1, 1):
            moved = points.copy()
            moved[across] += sign * place * period
            total += weight * _line(moved, edges, along, extent[along], components)
    return total


def _row(
    points: np.ndarray,
    edges: np.ndarray,
    along: int,
    period: float,
    size: float,
    direct: int,
    components: Sequence[str],
) -> np.ndarray:
    """Sum over the images along one axis, but those from -direct to direct - 1."""
    last = math.ceil(FAR * size / period) + direct
    images = [(float(image), 1.0) for image in range(-last, last + 1) if not -direct <= image < direct]
    for place, weight in zip(*series_tail(last + 1, 3, TAIL), strict=True):
        images += [(place, weight), (-place, weight)]
    total = np.zeros((len(components), points.shape[1]))
    for place, weight in images:
        moved = points.copy()
        moved[along] += place * period
        total += weight * newell.dipole_average(moved, edges, components)
    return total


def _line(points: np.ndarray, edges: np.ndarray, along: int, period: float, components: Sequence[str]) -> np.ndarray:
    r"""Return N of a row of images spread out along it.

    .. math:: N_{ij} = \frac{V}{2 \pi l} \left\langle \frac{\delta_{ij}}{\rho^2}
              - \frac{2 \rho_i \rho_j}{\rho^4} \right\rangle, \qquad \rho \perp l
    """
    first, second = (axis for axis in range(3) if axis != along)
    nodes, weights = triangle_quadrature(newell.QUADRATURE[0][1])
    total = np.zeros((len(components), points.shape[1]))
    for u, wu in zip(nodes, weights, strict=True):
        for v, wv in zip(nodes, weights, strict=True):
            a, b = points[first] + edges[first] * u, points[second] + edges[second] * v
            rho2 = a * a + b * b
            values = {
                (first, first): (b * b - a * a) / rho2**2,
                (second, second): (a * a - b * b) / rho2**2,
                (min(first, second), max(first, second)): -2 * a * b / rho2**2,
            }
            for row, component in zip(total, components, strict=True):
                row += wu * wv * values.get(("xyz".index(component[0]), "xyz".index(component[1])), 0.0)
    return np.asarray(total * np.prod(edges) / (2 * np.pi * period))
