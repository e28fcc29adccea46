"""Lattices of spin ices that tests share."""

import numpy as np
import xarray as xr

SQUARE = {"kind": "square", "columns": 2, "rows": 2, "lattice_constant": "180 nm"}
KAGOME = {"kind": "kagome", "columns": 1, "rows": 2, "lattice_constant": "340 nm"}
LATTICES = [
    SQUARE,
    SQUARE | {"columns": 5, "rows": 4, "edges": "open"},
    {"kind": "pinwheel", "columns": 2, "rows": 3, "lattice_constant": "260 nm", "rotation": "30 deg"},
    {"kind": "pinwheel", "columns": 5, "rows": 4, "lattice_constant": "260 nm", "edges": "lucky-knot"},
    KAGOME,
    {"kind": "brickwork", "columns": 3, "rows": 2, "lattice_constant": "180 nm"},
    {"kind": "trident", "columns": 3, "rows": 3, "lattice_constant": "360 nm", "separation": "80 nm"},
    {"kind": "table", "islands": [{"x": 0, "y": 0, "angle": 1, "length": 1.2e-7, "width": 4e-8}]},
]


def lattice(ice, soft, described, **keys):
    table = described["kind"] == "table"
    return ice(lattice=described, margin=None, **keys | ({"island": None} if table else {})).islands(soft)


def state(values):
    return xr.DataArray(np.asarray(values), dims=("step", "island")[-np.ndim(values) :])
