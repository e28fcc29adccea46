"""How a physical parameter is held in a model: float64, traced or not."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np

__all__ = ["real"]


def real(value: Any) -> Any:
    """Hold a parameter as a float64 array, and leave alone what JAX is tracing.

    Equinox modules call it as a field converter. Parameters are NumPy arrays and
    not JAX ones because a JAX array made outside `jax.enable_x64` is rounded to
    float32 for good.

    Parameters
    ----------
    value : float, array or jax.Array
        The parameter, any shape.

    Returns
    -------
    numpy.ndarray or jax.Array
        `value` as float64; a `jax.Array` (also a traced one) as it came.

    Examples
    --------
    >>> real(0.1).dtype
    dtype('float64')
    """
    return value if isinstance(value, jax.Array) else np.asarray(value, dtype=np.float64)
