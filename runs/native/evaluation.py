"""The field and energies at a state with cells in a row: all that is compiled anew for a system to come to rest.

What steps from there, `descent` and `gradient_flow`, knows no mesh and no terms, only places for cells in a row, of
which there are a few numbers (`places`); those that no cell needs hold zeros. As one compiled loop, evaluation and
steps take XLA 2 to 3 s for each new system, however small it is, and the evaluation alone 0.2 to 1 s.
"""

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from runs.native.model import Model

FEWEST_PLACES = 256
"""For cells in a row; fewer take no less time."""
DOUBLED_TO = 1024
"""Cells up to which the places are a power of two; of more at most an eighth is left empty."""


def places(cells: int) -> int:
    """Return for how many cells in a row steps are compiled: at least `cells`, and one of few numbers."""
    doubled = 1 << max(cells - 1, 1).bit_length()
    if doubled <= DOUBLED_TO:
        return max(doubled, FEWEST_PLACES)
    part = doubled // 16
    return -(-cells // part) * part


def in_a_row(values: Any) -> np.ndarray:
    """Return values in cells, (n, nz, ny, nx), as (n, places), with zeros where there are no cells."""
    flat = np.asarray(values).reshape(len(values), -1)
    return np.pad(flat, ((0, 0), (0, places(flat.shape[1]) - flat.shape[1])))


def in_cells(row: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Return values in a row, (n, places), as (n, nz, ny, nx)."""
    flat: np.ndarray = np.asarray(row)[:, : math.prod(shape)]
    return flat.reshape(-1, *shape)


def movable(model: Model) -> Array:
    """Return which places of a row hold a moment that may turn, (places,) of bool."""
    held = np.zeros(model.saturation.shape, bool) if model.fixed is None else np.asarray(model.fixed)
    return jnp.asarray(~in_a_row(held[None])[0])


@jax.jit
def evaluate(model: Model, row: Array, amplitudes: Array) -> tuple[Array, Array, Array]:
    """Evaluate the energy at a state m (3, places); torques have no part in it.

    `amplitudes` are the values of the waveforms. Gives H in A/m (3, places), the energy and the sum of all cells'
    magnitudes in J (2,), and the energy of each term in J; apart, so that what needs the energy alone is one program
    for any number of terms.
    """
    shape, cells = model.saturation.shape, model.saturation.size
    m = row[:, :cells].reshape(3, *shape)
    densities = [term.density(m, amplitudes) for term in model.terms]
    density = sum(densities, jnp.zeros(shape))
    sums = model.cell_volume * jnp.sum(jnp.stack([density, jnp.abs(density), *densities]), axis=(1, 2, 3))
    # Computed once for all that reads it.
    field = lax.optimization_barrier(model.field(m, amplitudes))  # type: ignore[no-untyped-call]
    return jnp.pad(field.reshape(3, cells), ((0, 0), (0, row.shape[1] - cells))), sums[:2], sums[2:]


def observe(model: Model, m: np.ndarray, amplitudes: Array) -> np.ndarray:
    """Return energy (J), mean m weighted with Ms (3), the largest |m x (m x H)| (A/m) and each term's energy (J).

    `integrate.observe` has the largest |dm/dt| instead, and is compiled for it.
    """
    field, _, energies = (np.asarray(each) for each in evaluate(model, in_a_row(m), amplitudes))
    saturation = np.asarray(model.saturation)
    mean = (m * saturation).sum(axis=(1, 2, 3)) / saturation.sum()
    torque = np.cross(m, in_cells(field, m.shape[1:]), axis=0)
    turning = True if model.fixed is None else ~np.asarray(model.fixed)
    # m is a unit vector or zero, so that m x (m x H) is as long.
    largest = np.sqrt((torque**2).sum(axis=0)).max(where=turning, initial=0.0)
    return np.concatenate([[energies.sum()], mean, [largest], energies])
