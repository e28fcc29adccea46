"""Whole drives against OOMMF's, recorded in `data` with OOMMF 2.1a0 through oommfc 0.66.0."""

import pathlib

import discretisedfield as df
import discretisedfield.tools as dft
import micromagneticmodel as mm
import numpy as np
import pandas as pd
import pytest
import scipy.ndimage
from magnets import magnet

import runs.native as nc

DATA = pathlib.Path(__file__).parent / "data"


@pytest.mark.slow
def test_pulsed_wall_follows_oommf():
    """A wall under four current pulses, pushed out by the third: within one cell at every sample."""
    table = pd.read_csv(DATA / "oommf_dw.csv")
    with np.load(DATA / "oommf_dw_start.npz") as data:
        start = data["m"].astype(float)
    energy = mm.Exchange(A=1.2e-11) + mm.UniaxialAnisotropy(K=5e5, u=(0, 0, 1)) + mm.Demag()
    cell = np.divide((512e-9, 64e-9, 1e-9), start.shape[:3])
    system = magnet(start.shape[:3], start, energy, cell=cell, Ms=6e5)
    starts = np.arange(4) * 1e-9
    times = np.stack([starts, starts, starts + 0.5e-9, starts + 0.5e-9], axis=1).ravel()
    pulses = nc.PiecewiseLinear(tuple(times), (0.0, 1.0, 1.0, 0.0) * 4)
    system.dynamics = mm.Precession(gamma0=mm.consts.gamma0) + mm.Damping(alpha=0.1)
    system.dynamics += mm.ZhangLi(u=-100.0, beta=0.05, func=pulses)
    m, ours = nc.evolve(system, np.append(0, table.t))
    position, theirs = ((mz + 1) / 2 * 512e-9 for mz in (ours.mz.to_numpy()[1:], table.mz.to_numpy()))
    assert np.abs(position - theirs).max() < 0.01 * 4e-9
    # 48 nm in each of the first pulses, from the sample before it to the one after.
    assert position[0] - position[9] == pytest.approx(48e-9 * 0.9, abs=4e-9)
    assert np.abs(np.linalg.norm(m, axis=-1) - 1).max() < 1e-12


def skyrmion_position(m, mesh):
    """Centre in m of what points down, (x, y): its first moment weighted with -mz."""
    weight = np.clip(-m[..., 2], 0, None)
    return np.array([weight.sum(axis=1) @ mesh.cells.x, weight.sum(axis=0) @ mesh.cells.y]) / weight.sum()


def topological_charge(m, mesh):
    """Berg and Luescher's charge, by discretisedfield."""
    layer = df.Field(mesh, nvdim=3, value=m[:, :, None]).sel("z")
    return dft.topological_charge(layer, method="berg-luescher")


@pytest.mark.slow
def test_driven_skyrmion_follows_oommf():
    """A skyrmion moved 71 nm by a current: within one cell at every frame, and so is its charge.

    `start` and `last` are the first and last of OOMMF's states, `position` (m), `charge` and `energy`
    (J) what the functions above and OOMMF say of each.
    """
    with np.load(DATA / "oommf_skyrmion_track.npz") as data:
        recorded = dict(data)
    start = recorded["start"].astype(float)[:, :, None]
    energy = mm.Exchange(A=1.5e-11) + mm.UniaxialAnisotropy(K=8e5, u=(0, 0, 1)) + mm.Demag()
    energy += mm.DMI(D=3.2e-3, crystalclass="Cnv_z")
    system = magnet((128, 48, 1), start, energy, cell=(2e-9, 2e-9, 0.6e-9), Ms=5.8e5)
    mesh = system.m.mesh
    system.dynamics = mm.Precession(gamma0=mm.consts.gamma0) + mm.Damping(alpha=0.3)
    system.dynamics += mm.ZhangLi(u=-100.0, beta=0.15)
    m, ours = nc.evolve(system, np.append(0, recorded["t"]))
    frames = m[1:, :, :, 0]
    position = np.array([skyrmion_position(frame, mesh) for frame in frames])
    travel = np.linalg.norm(position[-1] - skyrmion_position(m[0, :, :, 0], mesh))
    assert travel > 60e-9
    # A cell is 2 nm.
    assert np.abs(position - recorded["position"]).max() < 0.01e-9
    every = slice(3, None, 4)
    charge = [topological_charge(frame, mesh) for frame in frames[every]]
    np.testing.assert_allclose(charge, recorded["charge"][every], rtol=1e-5)
    np.testing.assert_allclose(ours.E[1:], recorded["energy"], rtol=1e-5)
    assert np.abs(frames[-1] - recorded["last"]).max() < 1e-3


@pytest.mark.slow
def test_square_ice_switches_in_oommfs_steps():
    """24 islands in a field at 40 degrees: the step in which each switches, and its moment in every field.

    The field goes from -70 to -78 mT in steps of 1 mT, where four switch later than the others. `start` is the
    saturated state that it begins with, `fields` (A/m) and `moments` (mean m of each island, in the order of
    scipy's labels) are OOMMF's, and so is the 0.1 A/m at which it stops in each field. The coarse loop from +20
    to -160 mT and back, which is recorded beside it, is followed in `test_field_step_runs`.
    """
    with np.load(DATA / "oommf_square_ice.npz") as data:
        start, fields, recorded = data["start"].astype(float), data["fine_fields"], data["fine_moments"]
    islands, count = scipy.ndimage.label(np.linalg.norm(start, axis=-1) > 0)
    saturation = 8e5 * (islands > 0)[:, :, None, None]
    energy = mm.Exchange(A=1.3e-11) + mm.Demag()
    system = magnet((144, 144, 1), start[:, :, None], energy, cell=(5e-9, 5e-9, 10e-9), Ms=saturation)
    states, _ = nc.hysteresis(system, fields, stopping_mxHxm=0.1)
    moments = np.stack([states[:, :, :, 0][:, islands == label].mean(axis=1) for label in range(1, count + 1)], axis=1)

    extents = [[part.stop - part.start for part in box] for box in scipy.ndimage.find_objects(islands)]
    easy = np.argmax(extents, axis=1)

    def switching_steps(moments):
        along = moments[:, range(count), easy]
        assert np.all(along[0] > 0)
        assert np.all(along[-1] < 0)
        return np.argmax(along < 0, axis=0)

    assert count == 24
    assert set(switching_steps(recorded)) == {5, 7}
    np.testing.assert_array_equal(switching_steps(moments), switching_steps(recorded))
    np.testing.assert_allclose(moments, recorded, atol=1e-5)
