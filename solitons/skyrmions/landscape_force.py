"""The force of an energy landscape on skyrmions, from energies on a grid of centres."""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy import ndimage

from solitons.parameters import real
from solitons.skyrmions.forces import AbstractForce

__all__ = ["LandscapeForce", "tabulated_landscape"]

Floats = npt.NDArray[np.float64]

# Of grid steps: so far the energy goes on straight beyond the grid, and is constant from there on.
_BEYOND = 3


class LandscapeForce(AbstractForce):
    r"""Force of a potential that is tabulated on an even grid of centres.

    Between the places of the grid the potential is a cubic spline,

    .. math:: V(x, y) = \sum_{ij} c_{ij}\, B\!\left(\frac{x - x_i}{h_x}\right) B\!\left(\frac{y - y_j}{h_y}\right)

    with the cubic B-spline B [1]_, and the force is its exact gradient: continuous, with a continuous slope, and
    conservative. Beyond the grid of the coefficients the potential is that of the nearest place. `tabulated_landscape`
    makes one of energies.

    Parameters
    ----------
    origin : array (2,)
        Place of the first coefficient in m.
    step : array (2,)
        h in m.
    coefficients : array (nx, ny)
        c in J, four along each axis at least.

    References
    ----------
    .. [1] M. Unser, IEEE Signal Process. Mag. 16 (6), 22 (1999).

    Examples
    --------
    >>> x = np.arange(12) * 5e-9
    >>> valley = tabulated_landscape(x, x[:8], 1e-6 * x[:, None] + 0.0 * x[None, :8])
    >>> (valley.force(np.array([[22e-9, 17e-9]])) * 1e6).round(3).tolist()
    [[-1.0, 0.0]]
    """

    origin: Any = eqx.field(converter=real)
    step: Any = eqx.field(converter=real)
    coefficients: Any = eqx.field(converter=real)

    def potential(self, positions: Any) -> Any:
        """Energy in J at centres (skyrmions, 2) in m."""
        (x, _), (y, _), there = self._splines(positions)
        return jnp.einsum("na,nb,nab->n", x, y, there)

    def force(self, positions: Any) -> Any:
        """Force in N, minus the gradient of the potential."""
        (x, x_slope), (y, y_slope), there = self._splines(positions)
        along = jnp.einsum("na,nb,nab->n", x_slope, y, there) / self.step[0]
        across = jnp.einsum("na,nb,nab->n", x, y_slope, there) / self.step[1]
        return -jnp.stack([along, across], axis=-1)

    def _splines(self, positions: Any) -> tuple[tuple[Any, Any], tuple[Any, Any], Any]:
        """B and its slope at the four coefficients around each place along both axes, and these coefficients."""
        coefficients = jnp.asarray(self.coefficients)
        places = (jnp.asarray(positions) - self.origin) / self.step
        found, rows = [], []
        for axis in (0, 1):
            count = coefficients.shape[axis]
            place = jnp.clip(places[:, axis], 1.0, count - 2.0)
            # Where the place was clipped nothing changes with it.
            inside = (place == places[:, axis])[:, None]
            first = jnp.clip(jnp.floor(place), 1, count - 3)
            t = (place - first)[:, None]
            weights = jnp.concatenate(
                [(1 - t) ** 3, 4 - 6 * t**2 + 3 * t**3, 1 + 3 * t + 3 * t**2 - 3 * t**3, t**3], axis=1
            )
            slopes = jnp.concatenate([-((1 - t) ** 2), t * (3 * t - 4), 1 + 2 * t - 3 * t**2, t**2], axis=1)
            found.append((weights / 6, jnp.where(inside, slopes / 2, 0.0)))
            rows.append(first.astype(int)[:, None] + jnp.arange(-1, 3))
        return found[0], found[1], coefficients[rows[0][:, :, None], rows[1][:, None, :]]


def tabulated_landscape(x: Floats, y: Floats, energy: Floats) -> LandscapeForce:
    """Make a force of energies on an even grid of centres.

    Parameters
    ----------
    x, y : array (nx,) and (ny,)
        Centres in m, evenly spaced.
    energy : array (nx, ny)
        In J. The spline goes through all of it; for three steps beyond the grid it goes on straight.

    Raises
    ------
    ValueError
        If there are fewer than four centres along x or y, which a cubic spline needs, or an energy is not finite.
    """
    if min(x.size, y.size) <= _BEYOND or energy.shape != (x.size, y.size):
        raise ValueError(
            f"tabulated_landscape: energy has the shape {energy.shape} for {x.size} x {y.size} centres; give (nx, ny), "
            f"with {_BEYOND + 1} centres along each axis at least"
        )
    if not np.isfinite(energy).all():
        raise ValueError("tabulated_landscape: energy has values that are not finite; give one for every centre")
    wide = np.pad(energy, _BEYOND, mode="reflect", reflect_type="odd")
    step = np.array([x[1] - x[0], y[1] - y[0]])
    return LandscapeForce(
        origin=np.array([x[0], y[0]]) - _BEYOND * step,
        step=step,
        coefficients=ndimage.spline_filter(wide, order=3, mode="mirror"),
    )
