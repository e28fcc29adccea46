"""Real runs for the tests of `analysis`."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

SATURATION_MAGNETISATION = 6e5
# u = -(g mu_B P / 2 e Ms) J with P = 1: the drive fixes u alone.
CURRENT_PER_DRIFT_VELOCITY = -1.602176634e-19 * SATURATION_MAGNETISATION / 9.2740100783e-24


def as_run(m, t, centres, drift_velocity):
    """A run's Dataset from arrays, m being NaN outside the magnet."""
    metres = {"units": "m"}
    current_density = CURRENT_PER_DRIFT_VELOCITY * drift_velocity
    return xr.Dataset(
        {
            "m": (("t", "x", "y", "z", "vdims"), m),
            "current_density": ("t", current_density, {"units": "A/m^2"}),
        },
        coords={
            "t": ("t", t, {"units": "s"}),
            **{axis: (axis, values, metres) for axis, values in zip("xyz", centres, strict=True)},
            "vdims": ["x", "y", "z"],
        },
        attrs={"run_id": "dw", "engine": "oommf", "engine_version": "2.1a0", "spec": "{}"},
    )


@pytest.fixture(scope="session")
def oommf_run():
    """Three pulses on a domain wall by OOMMF: see data/README.md."""
    with np.load(Path(__file__).parent / "data" / "domain_wall_oommf.npz") as stored:
        m = stored["m"].astype(np.float32) / 32767
        return as_run(m, stored["t"], [stored[axis] for axis in "xyz"], stored["drift_velocity"])


@pytest.fixture(scope="session")
def square_ice_run(ice, soft):
    """Run, islands and labels of the square ice whose loop OOMMF computed: see data/README.md."""
    device = ice()
    islands, labels = device.islands(soft), device.labels()
    with np.load(Path(__file__).parent / "data" / "square_ice_oommf.npz") as stored:
        angle, magnet = stored["angle"] * (np.pi / 2**15), stored["magnet"]
    m = np.full((len(angle), *labels.shape, 3), np.nan, dtype=np.float32)
    m[:, magnet, 0] = np.stack([np.cos(angle), np.sin(angle), np.zeros_like(angle)], axis=-1)
    run = xr.Dataset(
        {"m": (("step", "x", "y", "z", "vdims"), m)},
        coords={"step": np.arange(len(m)), **{axis: labels[axis] for axis in "xyz"}, "vdims": ["x", "y", "z"]},
    )
    return run, islands, labels
