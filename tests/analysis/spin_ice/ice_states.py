"""Lattices and states of spin ices whose observables are known in closed form."""

import numpy as np
import xarray as xr

from geometries import Material, SpinIce

PITCH = 180e-9


def islands_of(columns, rows=None, kind="square", disorder=None, **lattice):
    """A lattice without a mesh; kagome ice needs twice the pitch."""
    constant = 2 * PITCH if kind == "kagome" else PITCH
    return SpinIce(
        lattice={"kind": kind, "columns": columns, "rows": rows or columns, "lattice_constant": constant, **lattice},
        island={"length": "120 nm", "width": "40 nm"},
        thickness="10 nm",
        cell=("5 nm", "5 nm", "10 nm"),
        margin="100 nm",
        **({"disorder": disorder} if disorder else {}),
    ).islands(Material(name="permalloy", Ms="800 kA/m", A="13 pJ/m", alpha=0.01))


def state_of(spin, dims=("island",)):
    return xr.DataArray(np.asarray(spin, dtype=np.int8), dims=dims)


def along(islands, direction):
    """Moments of square ice along +x and +y if the direction is (1, 1)."""
    axis = islands["axis"].values
    return state_of(np.where(axis @ np.asarray(direction) > 0, 1, -1))


def square_ground_state(islands):
    """All vertices of type 1: moments along x and along y alternate, with opposite signs."""
    place = (islands["position"].values - islands["vertex_position"].values.min(axis=0)) / PITCH
    axis = islands["axis"].values
    horizontal = np.abs(axis[:, 0]) > 0.5
    column, row = (np.floor(place[:, component] + 1e-6).astype(int) for component in range(2))
    sign = np.where((column + row) % 2 == 0, 1, -1) * np.where(horizontal, 1, -1)
    return state_of(sign * np.where(horizontal, np.sign(axis[:, 0]), np.sign(axis[:, 1])))
