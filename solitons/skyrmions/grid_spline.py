"""A smooth function of the place from its values on an even grid: for models that JAX compiles and differentiates."""

from __future__ import annotations

from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt
from scipy import ndimage

from solitons.numerics.parameters import namespace_of, real

__all__ = ["GridSpline", "spline_through"]

Floats = npt.NDArray[np.float64]

# Grid steps over which the function goes on straight beyond the grid; it is constant from there on.
_BEYOND = 3


class GridSpline(eqx.Module):
    r"""Cubic spline of two coordinates on an even grid.

    .. math:: f(x, y) = \sum_{ij} c_{ij}\, B\!\left(\frac{x - x_i}{h_x}\right) B\!\left(\frac{y - y_j}{h_y}\right)

    with the cubic B-spline B (M. Unser, IEEE Signal Process. Mag. 16 (6), 22 (1999)). `origin` is the place of the
    first coefficient and `step` is h, both in m; there are four `coefficients` along each axis at least. The gradient
    is exact and has a continuous slope; beyond the grid the function keeps the value of the nearest place.
    """

    origin: Any = eqx.field(converter=real)
    step: Any = eqx.field(converter=real)
    coefficients: Any = eqx.field(converter=real)

    def value(self, positions: Any) -> Any:
        """Give f at places (n, 2) in m, (n,)."""
        (x, _), (y, _), there = self._splines(positions)
        return namespace_of(x, there).einsum("na,nb,nab->n", x, y, there)

    def gradient(self, positions: Any) -> Any:
        """Give the derivatives of f along x and y at places (n, 2) in m, (n, 2)."""
        (x, x_slope), (y, y_slope), there = self._splines(positions)
        xp = namespace_of(x, there)
        along = xp.einsum("na,nb,nab->n", x_slope, y, there) / self.step[0]
        across = xp.einsum("na,nb,nab->n", x, y_slope, there) / self.step[1]
        return xp.stack([along, across], axis=-1)

    def _splines(self, positions: Any) -> tuple[tuple[Any, Any], tuple[Any, Any], Any]:
        """B and its slope at the four coefficients around each place along both axes, and these coefficients."""
        xp = namespace_of(positions, self.origin, self.step, self.coefficients)
        coefficients = xp.asarray(self.coefficients)
        places = (xp.asarray(positions) - self.origin) / self.step
        found, rows = [], []
        for axis in (0, 1):
            count = coefficients.shape[axis]
            place = xp.clip(places[:, axis], 1.0, count - 2.0)
            # Where the place was clipped nothing changes with it.
            inside = (place == places[:, axis])[:, None]
            first = xp.clip(xp.floor(place), 1, count - 3)
            t = (place - first)[:, None]
            weights = xp.concatenate(
                [(1 - t) ** 3, 4 - 6 * t**2 + 3 * t**3, 1 + 3 * t + 3 * t**2 - 3 * t**3, t**3], axis=1
            )
            slopes = xp.concatenate([-((1 - t) ** 2), t * (3 * t - 4), 1 + 2 * t - 3 * t**2, t**2], axis=1)
            found.append((weights / 6, xp.where(inside, slopes / 2, 0.0)))
            # JAX takes nowhere for some place.
            row = first if xp is not np else np.nan_to_num(first, nan=1.0)
            rows.append(row.astype(int)[:, None] + xp.arange(-1, 3))
        return found[0], found[1], coefficients[rows[0][:, :, None], rows[1][:, None, :]]


def spline_through(x: Floats, y: Floats, values: Floats) -> GridSpline:
    """Make a spline that goes through values (nx, ny) on an even grid in m, and on straight for three steps beyond it.

    It needs four places along each axis and finite values.
    """
    if min(x.size, y.size) <= _BEYOND or values.shape != (x.size, y.size):
        raise ValueError(
            f"spline_through: values has the shape {values.shape} for {x.size} x {y.size} places; give (nx, ny), "
            f"with {_BEYOND + 1} places along each axis at least"
        )
    if not np.isfinite(values).all():
        raise ValueError("spline_through: some values are not finite; give one for every place")
    wide = np.pad(values, _BEYOND, mode="reflect", reflect_type="odd")
    step = np.array([x[1] - x[0], y[1] - y[0]])
    return GridSpline(
        origin=np.array([x[0], y[0]]) - _BEYOND * step,
        step=step,
        coefficients=ndimage.spline_filter(wide, order=3, mode="mirror"),
    )
