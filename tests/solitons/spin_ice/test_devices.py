"""The model takes the lattices that `geometries` makes."""

import numpy as np
import pytest
from rows import rows

from geometries import Material, SpinIce
from solitons.spin_ice import dipole_couplings, drive_field, dumbbell_couplings, lattice_model

from .test_field_driven import loop

CONSTANT = 400e-9


def islands(lattice):
    ice = SpinIce(
        lattice={"lattice_constant": CONSTANT, "columns": 6, "rows": 6, **lattice},
        island={"length": "150 nm", "width": "50 nm"},
        thickness="20 nm",
        cell=("5 nm", "5 nm", "20 nm"),
    )
    return ice.islands(Material(name="permalloy", Ms=8e5, A=1.3e-11, Ku=0.0, alpha=0.02))


@rows("kind", ["square", "kagome", "pinwheel", "brickwork"])
@rows("make", [dipole_couplings, dumbbell_couplings])
def test_a_lattice_of_a_device_reverses(kind, make):
    lattice = islands({"kind": kind})
    model = lattice_model(lattice, make(lattice, cut_off=np.inf), anisotropy_field=1.5e5, spread=0.05, seed=1)
    assert model.moment == pytest.approx(8e5 * lattice["volume"].values)
    run = drive_field(model, np.ones(model.islands), loop(4e5, 35, 100))
    # The field turns every island with the loop's second half, and back.
    assert run.sizes["flip"] >= model.islands
    assert set(run.flip_island.values) == set(lattice["island"].values)
