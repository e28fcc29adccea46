"""The grid of a system and its parameters as arrays on it."""

import dataclasses
import numbers
from collections.abc import Sequence
from typing import Any

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import ubermagutil.typesystem as ts

from runs.native.errors import UnsupportedError
from runs.native.regions import regions

OPEN = ("", "neumann")
"""Boundary conditions of a mesh for which nothing is outside the magnet: dm/dn = 0 on its surface."""


@dataclasses.dataclass(frozen=True, eq=False)
class Discretisation:
    """Three-dimensional mesh of a system, and the cells with magnet.

    `saturation` (nz, ny, nx) is Ms in A/m and `magnetisation` (3, nz, ny, nx) are unit vectors, zero outside the
    magnet.
    """

    mesh: df.Mesh
    saturation: np.ndarray
    magnetisation: np.ndarray

    @property
    def periodic(self) -> tuple[bool, bool, bool]:
        """Whether the system repeats along x, y and z."""
        x, y, z = (axis in self.mesh.bc for axis in "xyz") if self.mesh.bc not in OPEN else (False, False, False)
        return x, y, z

    @property
    def cell(self) -> tuple[float, float, float]:
        """Edge lengths of a cell along x, y and z in m."""
        dx, dy, dz = (float(edge) for edge in self.mesh.cell)
        return dx, dy, dz

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of cells along x, y and z."""
        nx, ny, nz = (int(count) for count in self.mesh.n)
        return nx, ny, nz


def discretise(system: mm.System) -> Discretisation:
    """Read mesh, Ms (the norm) and m of a system.

    An UnsupportedError for a boundary condition, or a mesh that is not three-dimensional; a ValueError for no
    magnetisation, values that are not finite, or Ms = 0 everywhere.
    """
    if system.m is None:
        raise ValueError(f"system {system.name!r} has no magnetisation: set system.m to a field with norm Ms")
    mesh = system.m.mesh
    if mesh.region.ndim != 3 or system.m.nvdim != 3:
        raise UnsupportedError(
            f"system {system.name!r}: m must be a three-component field on a three-dimensional mesh, "
            f"got nvdim={system.m.nvdim} on {mesh.region.ndim} dimensions"
        )
    if mesh.bc not in OPEN and not set(mesh.bc) <= set("xyz"):
        raise UnsupportedError(
            f"system {system.name!r}: mesh boundary condition bc={mesh.bc!r} is not supported by "
            "runs.native; use open boundaries (bc='') or periodic ones (bc='x', 'xy', ...)"
        )
    magnetisation = np.array(system.m.array.T, dtype=float)
    if not np.all(np.isfinite(magnetisation)):
        count = int(np.sum(~np.isfinite(magnetisation).all(axis=0)))
        raise ValueError(f"system {system.name!r}: m is not finite in {count} cells; outside the magnet set it to zero")
    saturation = np.linalg.norm(magnetisation, axis=0)
    if not np.any(saturation > 0):
        raise ValueError(f"system {system.name!r}: Ms = |m| is zero everywhere; give system.m a norm")
    unit = np.divide(magnetisation, saturation, out=np.zeros_like(magnetisation), where=saturation > 0)
    return Discretisation(mesh, saturation, unit)


def fixed_cells(discretisation: Discretisation, subregions: Sequence[str]) -> np.ndarray | None:
    """Return which cells lie in one of the named subregions, (nz, ny, nx) of bool; None if none is named."""
    if not subregions:
        return None
    mesh = discretisation.mesh
    unknown = [name for name in subregions if name not in mesh.subregions]
    if isinstance(subregions, str) or unknown:
        known = ", ".join(map(repr, mesh.subregions)) or "none"
        raise ValueError(
            f"fixed_subregions={subregions!r}: give a list of names of the mesh's subregions (there are: {known})"
        )
    held: np.ndarray = np.zeros(discretisation.saturation.shape, dtype=bool)
    for name in subregions:
        held[tuple(reversed(mesh.region2slices(mesh.subregions[name])))] = True
    return held


def is_set(term: Any, name: str) -> bool:
    """Say whether a micromagneticmodel term has a value for its parameter `name`."""
    return not isinstance(getattr(term, name, None), (ts.Descriptor, type(None)))


def check_parameters(term: Any, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    """Raise unless exactly `required` and some of `optional` are set on a term.

    An UnsupportedError if another parameter is set, which would be ignored; a ValueError if a required one is missing.
    """
    supported = (*required, *optional)
    for name, _ in term:
        if is_set(term, name) and name not in supported:
            raise UnsupportedError(
                f"{type(term).__name__} {term.name!r}: parameter {name}={getattr(term, name)!r} is not "
                f"supported by runs.native (supported: {', '.join(supported) or 'none'}); use oommfc"
            )
    for name in required:
        if not is_set(term, name):
            raise ValueError(f"{type(term).__name__} {term.name!r}: parameter {name} is not set")


def scalar_parameter(term: Any, name: str, discretisation: Discretisation, *, default: float = 0.0) -> np.ndarray:
    """Read a parameter as () if it is one number, else as (nz, ny, nx).

    A dict gives one value a subregion, with `default` where it names none; a field is taken cell by cell. A ValueError
    for values that are not finite or a field on another mesh.
    """
    value = getattr(term, name)
    if isinstance(value, numbers.Real):
        return _finite(np.asarray(float(value)), term, name)
    return _finite(_on_mesh(value, 1, default, term, name, discretisation)[0], term, name)


def vector_parameter(term: Any, name: str, discretisation: Discretisation) -> np.ndarray:
    """Read a parameter as (3, 1, 1, 1) if it is one vector, else as (3, nz, ny, nx).

    A ValueError for values that are not finite or a field on another mesh.
    """
    value = getattr(term, name)
    if isinstance(value, (df.Field, dict)):
        return _finite(_on_mesh(value, 3, (0.0, 0.0, 0.0), term, name, discretisation), term, name)
    return _finite(np.asarray(value, dtype=float).reshape(3, 1, 1, 1), term, name)


def direction_parameter(
    term: Any, name: str, discretisation: Discretisation, *, acts: np.ndarray | None = None
) -> np.ndarray:
    """Read a vector parameter and scale it to length 1.

    `acts` (nz, ny, nx) is where the term acts, if that is not all of the magnet. A ValueError for a zero vector there.
    """
    vector = vector_parameter(term, name, discretisation)
    length = np.linalg.norm(vector, axis=0)
    magnet = discretisation.saturation > 0
    if np.any((length == 0) & magnet & (True if acts is None else acts)):
        raise ValueError(
            f"{type(term).__name__} {term.name!r}: direction {name}={getattr(term, name)!r} is zero inside "
            "the magnet; give every magnetic cell a direction"
        )
    direction: np.ndarray = np.divide(vector, length, out=np.zeros_like(vector), where=length > 0)
    return direction


def _on_mesh(value: Any, nvdim: int, default: Any, term: Any, name: str, discretisation: Discretisation) -> np.ndarray:
    mesh = discretisation.mesh
    if isinstance(value, dict):
        names, region = regions(mesh)
        unknown = set(value) - {*names, "default"}
        if unknown:
            raise ValueError(
                f"{type(term).__name__} {term.name!r}: {name} has a value for {min(unknown)!r}, which is no region of "
                f"the mesh (there are: {', '.join(map(repr, names))}, and 'default')"
            )
        rest = value.get("default", default)
        table = np.reshape([value.get(key, rest) for key in names], (len(names), nvdim)).astype(float)
        return np.moveaxis(table[region], -1, 0)
    if value.nvdim != nvdim:
        raise ValueError(f"{type(term).__name__} {term.name!r}: {name} needs nvdim={nvdim}, got {value.nvdim}")
    if not mesh.allclose(value.mesh):
        raise ValueError(
            f"{type(term).__name__} {term.name!r}: {name} is defined on another mesh ({value.mesh!r}) than "
            f"the magnetisation ({mesh!r}); sample it on the magnetisation's mesh"
        )
    # Values of a field outside the magnet do not matter; NaN is usual there.
    return np.where(discretisation.saturation > 0, value.array.T, 0.0)


def _finite(array: np.ndarray, term: Any, name: str) -> np.ndarray:
    if not np.all(np.isfinite(array)):
        raise ValueError(f"{type(term).__name__} {term.name!r}: {name} has values that are not finite")
    return array
