"""Pairs of neighbouring cells of a masked finite-difference grid.

The three axes are named by their position in (components, z, y, x): x is -1, y is -2, z is -3.
"""

import dataclasses
import numbers
from collections.abc import Callable
from typing import Any, TypeVar

import discretisedfield as df
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from runs.native.discretisation import Discretisation, scalar_parameter
from runs.native.regions import regions

AXES = (-1, -2, -3)
ArrayOrNumpy = TypeVar("ArrayOrNumpy", Array, np.ndarray)


@dataclasses.dataclass(frozen=True)
class Pairs:
    """All pairs of a cell and its next one along an axis (one of `AXES`), or those across the end of a period.

    The pairs across a period's end, of the last cell (lower) and the first (upper), are kept apart from the others,
    because XLA fuses slices and padding into one loop but not a cyclic shift. `count` is the number of cells along the
    axis.
    """

    axis: int
    count: int
    across: bool

    def lower(self, values: ArrayOrNumpy) -> ArrayOrNumpy:
        """Return the values in the lower cell of each pair."""
        return self._part(values, slice(-1, None) if self.across else slice(0, -1))

    def upper(self, values: ArrayOrNumpy) -> ArrayOrNumpy:
        """Return the values in the upper cell of each pair."""
        return self._part(values, slice(0, 1) if self.across else slice(1, None))

    def to_lower(self, values: Array) -> Array:
        """Put each pair's value on its lower cell, zero on cells that are the lower one of no pair."""
        return self._pad(values, self.count - 1, 0) if self.across else self._pad(values, 0, 1)

    def to_upper(self, values: Array) -> Array:
        """Put each pair's value on its upper cell, zero on cells that are the upper one of no pair."""
        return self._pad(values, 0, self.count - 1) if self.across else self._pad(values, 1, 0)

    def both_magnetic(self, saturation: np.ndarray) -> np.ndarray:
        """Return 1 for each pair of cells that both have Ms > 0, else 0."""
        inside = saturation > 0
        both: np.ndarray = (self.lower(inside) & self.upper(inside)).astype(float)
        return both

    def _part(self, values: ArrayOrNumpy, along: slice) -> ArrayOrNumpy:
        index: Any = (..., along, *[slice(None)] * (-1 - self.axis))
        part: ArrayOrNumpy = values[index]
        return part

    def _pad(self, values: Array, before: int, after: int) -> Array:
        widths = [(0, 0, 0)] * values.ndim
        widths[self.axis] = (before, after, 0)
        return jax.lax.pad(values, jnp.zeros((), values.dtype), widths)


def pairs_along(discretisation: Discretisation, axis: int) -> tuple[Pairs, ...]:
    """Return the pairs along an axis: none for one cell, and those across the ends where the mesh is periodic.

    Two cells of a periodic axis are neighbours twice. One cell is its own neighbour, which neither turns it nor
    has an energy.
    """
    count = discretisation.shape[AXES.index(axis)]
    if count == 1:
        return ()
    inside, across = Pairs(axis, count, across=False), Pairs(axis, count, across=True)
    return (inside, across) if discretisation.periodic[AXES.index(axis)] else (inside,)


def pair_parameter(
    term: Any,
    name: str,
    discretisation: Discretisation,
    pairs: Pairs,
    mean: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> np.ndarray:
    """Read a parameter of an interaction as one value a pair of cells, or as () if it is one number.

    A field gives the `mean` of both cells. A dict is read as oommfc writes it to OOMMF: "r" is the value between two
    cells of region r, "r:s" between one of r and one of s, and "default", or zero, between all others. A cell belongs
    to the first subregion of the mesh that holds it; the cells of none are the region "entire" (of a mesh without
    subregions: "main"). A ValueError for values that are not finite, a field on another mesh, or a region that the mesh
    does not have.
    """
    value = getattr(term, name)
    if isinstance(value, df.Field):
        of_cell = scalar_parameter(term, name, discretisation)
        return mean(pairs.lower(of_cell), pairs.upper(of_cell))
    if isinstance(value, numbers.Real):
        return scalar_parameter(term, name, discretisation)
    names, region = regions(discretisation.mesh)
    table = np.full((len(names), len(names)), float(value.get("default", 0.0)))
    for key, between in value.items():
        if key == "default":
            continue
        ends = key.split(":") if ":" in key else [key, key]
        if len(ends) != 2 or not set(ends) <= set(names):
            raise ValueError(
                f"{type(term).__name__} {term.name!r}: {name} has a value for {key!r}; give one region or two as "
                f"'r:s', or 'default' (regions of the mesh: {', '.join(map(repr, names))})"
            )
        first, second = map(names.index, ends)
        table[first, second] = table[second, first] = between
    if not np.all(np.isfinite(table)):
        raise ValueError(f"{type(term).__name__} {term.name!r}: {name}={value!r} has values that are not finite")
    coupling: np.ndarray = table[pairs.lower(region), pairs.upper(region)]
    return coupling


def inverse(saturation: np.ndarray) -> np.ndarray:
    """Return 1 / Ms, zero where there is no magnet."""
    result: np.ndarray = np.divide(1.0, saturation, out=np.zeros_like(saturation), where=saturation > 0)
    return result
