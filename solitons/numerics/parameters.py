"""How a physical parameter is held in a model: float64, traced or not."""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

__all__ = ["namespace_of", "real", "with_numbers"]


def real(value: Any) -> Any:
    """Hold a parameter as a float64 array, and leave alone a `jax.Array`, also a traced one.

    Equinox modules call it as a field converter. Parameters are NumPy arrays and not JAX ones because a JAX array made
    outside `jax.enable_x64` is rounded to float32 for good.
    """
    return value if isinstance(value, jax.Array) else np.asarray(value, dtype=np.float64)


def namespace_of(*values: Any) -> Any:
    """Return the module that computes with some values: JAX's where one of them is JAX's, else NumPy.

    Formulas that are traced are also evaluated for a figure or a report. In NumPy nothing is compiled for that, each
    operation for each number of places, and no double is rounded to float32.
    """
    return jnp if any(isinstance(value, jax.Array) for value in values) else np


def with_numbers(model: Any) -> str:
    """Write a model out with the values of its parameters, where Equinox gives their shapes; long tables are cut.

    Examples
    --------
    >>> from solitons.devices import Junction
    >>> print(with_numbers(Junction(left=0.0, right=1e-7, parallel=5e-4, antiparallel=2e-4)))
    Junction(
      left=array(0.),
      right=array(1.e-07),
      parallel=array(0.0005),
      antiparallel=array(0.0002),
      polariser=array(1.)
    )
    """
    with np.printoptions(precision=4, threshold=6, edgeitems=2):
        return eqx.tree_pformat(model, short_arrays=False)
