"""Differences between neighbouring cells of a masked finite-difference grid.

The three axes are named by their position in (components, z, y, x): x is -1, y is -2, z is -3.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

AXES = (-1, -2, -3)


def lower_of(m: Array, axis: int) -> Array:
    """Return m of the lower cell of each pair along `axis`, one element shorter there."""
    return jax.lax.slice_in_dim(m, 0, -1, axis=axis)


def upper_of(m: Array, axis: int) -> Array:
    """Return m of the upper cell of each pair along `axis`, one element shorter there."""
    return jax.lax.slice_in_dim(m, 1, None, axis=axis)


def to_lower(pairs: Array, axis: int) -> Array:
    """Put each pair's value on its lower cell; the last cell gets zero."""
    return _pad(pairs, axis, 0, 1)


def to_upper(pairs: Array, axis: int) -> Array:
    """Put each pair's value on its upper cell; the first cell gets zero."""
    return _pad(pairs, axis, 1, 0)


def both_magnetic(saturation: np.ndarray, axis: int) -> np.ndarray:
    """Return 1 for a pair of neighbours along `axis` that both have Ms > 0, else 0."""
    inside = np.moveaxis(saturation > 0, axis, 0)
    return np.moveaxis(inside[1:] & inside[:-1], 0, axis).astype(float)


def inverse(saturation: np.ndarray) -> np.ndarray:
    """Return 1 / Ms, zero where there is no magnet."""
    result: np.ndarray = np.divide(1.0, saturation, out=np.zeros_like(saturation), where=saturation > 0)
    return result


def _pad(pairs: Array, axis: int, low: int, high: int) -> Array:
    widths = [(0, 0, 0)] * pairs.ndim
    widths[axis] = (low, high, 0)
    return jax.lax.pad(pairs, jnp.zeros((), pairs.dtype), widths)
