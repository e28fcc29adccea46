"""Real runs for the tests of `analysis`."""

import os
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
def oommf_drive_run():
    """The whole drive of which `oommf_run` is a part, where it is at hand."""
    folder = os.environ.get("SOLITONS_OOMMF_DATA")
    if not folder:
        pytest.skip("SOLITONS_OOMMF_DATA names no folder with OOMMF drives")
    micromagneticdata = pytest.importorskip("micromagneticdata")
    drive = micromagneticdata.Data("dw", dirname=folder)[0]
    m = np.stack([field.array for field in (drive.m0, *drive)]) / SATURATION_MAGNETISATION
    t = np.arange(len(m)) * 50e-12
    drift_velocity = np.where(np.arange(len(m)) % 20 < 10, -100.0, 0.0)
    mesh = drive.m0.mesh
    return as_run(m, t, [getattr(mesh.cells, axis) for axis in "xyz"], drift_velocity)


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
