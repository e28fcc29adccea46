"""Small lattices with the variables that the reduced-order model reads."""

import numpy as np
import pytest
import xarray as xr

from geometries import SpinIce
from solitons.spin_ice import SwitchingAstroid, dipole_couplings, lattice_model
from solitons.spin_ice.astroid_fit import AstroidFit
from solitons.spin_ice.canting import CantedMoments
from solitons.spin_ice.coherent_rotation import CoherentRotation
from solitons.spin_ice.lattice_fit import LatticeFit
from solitons.spin_ice.rotation_fit import RotationFit

SPACING = 400e-9


def square_ice(columns, rows, constant=220e-9, **keys):
    """A device of islands 120 nm x 40 nm, in cells of 5 nm."""
    lattice = {"kind": "square", "columns": columns, "rows": rows, "lattice_constant": constant}
    sizes = {"island": {"length": "120 nm", "width": "40 nm"}, "thickness": "10 nm", "cell": ("5 nm", "5 nm", "10 nm")}
    return SpinIce(lattice=lattice, **sizes | keys)


def rotating_fit(scale, field_angle, length_unit, outlines=()):
    """Of islands that rotate by Stoner and Wohlfarth, alone."""
    nothing = np.zeros(0)
    return LatticeFit(
        astroid_fit=AstroidFit(SwitchingAstroid(), scale, {}, nothing),
        rotation_fit=RotationFit(CoherentRotation(), scale, nothing, 1.0),
        laws={},
        canted=CantedMoments(np.zeros(1), np.zeros((1, 2)), np.zeros((1, 2))),
        pairs=(),
        field_angle=field_angle,
        length_unit=length_unit,
        moment=1e-16,
        outlines=outlines,
    )


def lattice(position, angle, *, length=220e-9, moment=2e-16):
    """A Dataset of islands; centres in m, angles in rad."""
    count = len(position)
    return xr.Dataset(
        {
            "position": (("island", "component"), np.asarray(position, dtype=float)),
            "axis": (("island", "component"), np.stack((np.cos(angle), np.sin(angle)), axis=1)),
            "angle": ("island", np.asarray(angle, dtype=float)),
            "length": ("island", np.full(count, length)),
            "volume": ("island", np.full(count, moment / 8.6e5)),
            "saturation_magnetisation": ("island", np.full(count, 8.6e5)),
        },
        coords={"island": np.arange(count)},
    )


def square(columns, rows=None):
    """Square ice with closed edges: islands between the vertices of a grid, row by row."""
    rows = columns if rows is None else rows
    across = [(x + 0.5, y) for y in range(rows + 1) for x in range(columns)]
    upright = [(x, y + 0.5) for y in range(rows) for x in range(columns + 1)]
    position = np.array(across + upright)
    angle = np.repeat((0.0, np.pi / 2), (len(across), len(upright)))
    order = np.lexsort((position[:, 0], position[:, 1]))
    return lattice(SPACING * position[order], angle[order])


def kagome(columns, rows):
    """Kagome ice: three islands around every other vertex of a honeycomb."""
    angle = np.pi / 6 + np.arange(3) * 2 * np.pi / 3
    cells = [(x, y) for y in range(rows) for x in range(columns)]
    corners = np.array([(np.sqrt(3) * (x + y / 2), 1.5 * y) for x, y in cells])
    position = corners[:, None] + np.stack((np.cos(angle), np.sin(angle)), axis=1) / 2
    return lattice(SPACING * position.reshape(-1, 2), np.tile(angle, len(cells)))


@pytest.fixture(scope="session")
def make_model():
    """A disordered model of a lattice; keyword arguments go to `lattice_model`."""

    def make(islands, cut_off=np.inf, **changes):
        parts = {
            "anisotropy_field": 1.6e5,
            "astroid": SwitchingAstroid(b=0.4, c=1.0, beta=1.7, gamma=3.0),
            "spread": 0.05,
            "seed": 3,
        }
        return lattice_model(islands, dipole_couplings(islands, cut_off=cut_off), **(parts | changes))

    return make
