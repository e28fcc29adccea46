"""The order of the flips is that of flatspin, recorded by `benchmarks/ice_against_flatspin.py --record`."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from scipy import constants

from solitons.spin_ice import SwitchingAstroid, dipole_couplings, drive_field, lattice_model


@pytest.fixture(scope="module")
def recorded():
    return json.loads((Path(__file__).parents[1] / "data" / "flatspin_square_ice.json").read_text())


def test_every_flip_of_a_loop_in_flatspins_order(recorded):
    angle = np.array(recorded["angle"])
    lattice = xr.Dataset(
        {
            "position": (("island", "component"), recorded["position"]),
            "axis": (("island", "component"), np.stack((np.cos(angle), np.sin(angle)), axis=1)),
            "volume": ("island", np.ones(len(angle))),
            # alpha = mu0 m / (4 pi a^3) in T, with the lattice constant as the unit of length.
            "saturation_magnetisation": (
                "island",
                np.full(len(angle), 4 * np.pi * recorded["alpha"] / constants.mu_0),
            ),
        }
    )
    model = lattice_model(
        lattice,
        dipole_couplings(lattice, cut_off=recorded["neighbor_distance"] + 1e-9),
        anisotropy_field=np.array(recorded["threshold"]) / constants.mu_0,
        astroid=SwitchingAstroid(**recorded["astroid"]),
    )
    run = drive_field(model, np.ones(len(angle)), np.array(recorded["field"]) / constants.mu_0)
    found = np.stack((run.flip_step.values, run.flip_island.values), axis=1).tolist()
    assert len(recorded["sequence"]) == 2 * len(angle)
    assert found == recorded["sequence"]
