r"""Oersted fields of currents along z: closed form of an elliptic column, Biot and Savart of a column of cells.

A column is infinitely long and has a uniform current density J along +z, so that H is in the plane, the same at every
height, with div H = 0 and (curl H)_z = J inside. A contact whose leads widen soon after the magnet has a weaker field.

**Ellipse** of semi-axes a along x and b along y, with w = x + i y and c^2 = a^2 - b^2:

.. math::
    \mathbf H = \frac{J}{a + b} (-a y,\ b x) \ \text{inside},\qquad
    H_x - i H_y = \frac{-i J a b}{w + \sqrt{w^2 - c^2}} \ \text{outside}

which is J r / 2 and I / (2 pi r) for a disc. The two agree on the outline; far away it is the field of a wire.

**Cells.** The field of one rectangle at the distance (u, v) from its corners is exact, and finite in its own middle:

.. math::
    H_y = \frac{J}{2 \pi} [[ g(u, v) ]],\quad H_x = -\frac{J}{2 \pi} [[ g(v, u) ]],\qquad
    g(u, v) = \frac{v}{2} \ln(u^2 + v^2) + u \arctan\frac{v}{u}

where [[ ]] is the sum over the four corners with alternating signs.

Source of the ellipse: it is the velocity in and around an elliptic patch of uniform vorticity (G. Kirchhoff, Mechanik,
1876; H. Lamb, Hydrodynamics, section 159).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["field_of_cells", "field_of_ellipse"]

FloatArray = npt.NDArray[np.float64]


def field_of_ellipse(x: npt.ArrayLike, y: npt.ArrayLike, semi_axes: tuple[float, float]) -> FloatArray:
    """Give the field of 1 A/m2 along +z through an ellipse around the origin.

    Parameters
    ----------
    x, y : array_like
        Places in m, which are broadcast.
    semi_axes : tuple of two floats
        a along x and b along y, in m.

    Returns
    -------
    numpy.ndarray, shape (..., 2)
        H_x and H_y in A/m per A/m2.

    Examples
    --------
    In a disc it is J r / 2:

    >>> field_of_ellipse(20e-9, 0.0, (100e-9, 100e-9)).round(12).tolist()
    [-0.0, 1e-08]
    """
    x, y = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
    a, b = semi_axes
    inside = (x / a) ** 2 + (y / b) ** 2 <= 1
    place = np.where(inside, max(a, b), x + 1j * y)
    outside = -1j * a * b / (place * (1 + np.sqrt(1 - (a**2 - b**2) / place**2)))
    field = np.empty((*x.shape, 2))
    field[..., 0] = np.where(inside, -a * y / (a + b), outside.real)
    field[..., 1] = np.where(inside, b * x / (a + b), -outside.imag)
    return field


def field_of_cells(cells: npt.ArrayLike, spacing: tuple[float, float]) -> FloatArray:
    """Give the field of 1 A/m2 along +z through some cells, in the centres of all.

    Parameters
    ----------
    cells : array_like of bool or float, shape (nx, ny)
        Cells in which the current flows, or the density in each.
    spacing : tuple of two floats
        Size of a cell along x and y, in m.

    Returns
    -------
    numpy.ndarray, shape (nx, ny, 2)
        H_x and H_y in A/m per A/m2.

    Examples
    --------
    In the middle of a long slab it is 0, and J y at the height y over it:

    >>> slab = field_of_cells(np.ones((2001, 3)), (1e-9, 1e-9))
    >>> bool(abs(slab[1000, 1, 0]) < 1e-20), round(1e9 * float(slab[1000, 2, 0]), 2)
    (True, -1.0)
    """
    density = np.asarray(cells, dtype=np.float64)
    numbers = density.shape
    # Distances of a cell's centre from the corners of the one at the origin: half cells, so that none is 0.
    u, v = ((np.arange(-number, number) + 0.5) * size for number, size in zip(numbers, spacing, strict=True))
    h_y = np.diff(np.diff(_corner(u[:, None], v[None, :]), axis=0), axis=1) / (2 * np.pi)
    h_x = -np.diff(np.diff(_corner(v[None, :], u[:, None]), axis=0), axis=1) / (2 * np.pi)
    # A convolution by Fourier transforms, wide enough that nothing is met twice.
    shape = tuple(3 * number for number in numbers)
    transformed = np.fft.rfft2(density, shape)
    window = tuple(slice(number - 1, 2 * number - 1) for number in numbers)
    return np.stack([np.fft.irfft2(transformed * np.fft.rfft2(each, shape), shape)[window] for each in (h_x, h_y)], -1)


def _corner(u: FloatArray, v: FloatArray) -> FloatArray:
    result: FloatArray = v / 2 * np.log(u**2 + v**2) + u * np.arctan(v / u)
    return result
