"""Whole drives against OOMMF's, recorded in `data` with OOMMF 2.1a0 through oommfc 0.66.0."""

import pathlib

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pandas as pd
import pytest

import runs.native as nc

DATA = pathlib.Path(__file__).parent / "data"


def recorded_drive(name, size, saturation):
    """The start of a drive and the table that OOMMF wrote."""
    with np.load(DATA / f"oommf_{name}_start.npz") as data:
        start = data["m"].astype(float)
    mesh = df.Mesh(p1=(0, 0, 0), p2=size, n=start.shape[:3])
    m = df.Field(mesh, nvdim=3, value=start, norm=saturation)
    return mm.System(name=name, m=m), pd.read_csv(DATA / f"oommf_{name}.csv")


@pytest.mark.slow
def test_standard_problem_4_follows_oommf():
    """muMAG standard problem 4, first field, from OOMMF's relaxed S-state."""
    system, table = recorded_drive("sp4", (500e-9, 125e-9, 3e-9), 8e5)
    system.energy = mm.Exchange(A=1.3e-11) + mm.Demag()
    system.energy += mm.Zeeman(H=(-24.6e-3 / mm.consts.mu0, 4.3e-3 / mm.consts.mu0, 0))
    system.dynamics = mm.Precession(gamma0=mm.consts.gamma0) + mm.Damping(alpha=0.02)
    _, ours = nc.simulate(system, np.append(0, table.t))
    ours = ours.iloc[1:]
    for component in ("mx", "my", "mz"):
        assert np.abs(ours[component].to_numpy() - table[component]).max() < 0.01

    def first_zero(t, mx):
        after = int(np.argmax(mx < 0))
        return np.interp(0, mx[[after, after - 1]], t[[after, after - 1]])

    zeros = [first_zero(one.t.to_numpy(), one.mx.to_numpy()) for one in (ours, table)]
    assert zeros[0] == pytest.approx(zeros[1], abs=0.5e-12)


@pytest.mark.slow
def test_pulsed_wall_follows_oommf():
    """A wall under four current pulses, pushed out by the third: within one cell at every sample."""
    system, table = recorded_drive("dw", (512e-9, 64e-9, 1e-9), 6e5)
    system.energy = mm.Exchange(A=1.2e-11) + mm.UniaxialAnisotropy(K=5e5, u=(0, 0, 1)) + mm.Demag()
    starts = np.arange(4) * 1e-9
    times = np.stack([starts, starts, starts + 0.5e-9, starts + 0.5e-9], axis=1).ravel()
    pulses = nc.PiecewiseLinear(tuple(times), (0.0, 1.0, 1.0, 0.0) * 4)
    system.dynamics = mm.Precession(gamma0=mm.consts.gamma0) + mm.Damping(alpha=0.1)
    system.dynamics += mm.ZhangLi(u=-100.0, beta=0.05, func=pulses)
    m, ours = nc.simulate(system, np.append(0, table.t))
    position, theirs = ((mz + 1) / 2 * 512e-9 for mz in (ours.mz.to_numpy()[1:], table.mz.to_numpy()))
    assert np.abs(position - theirs).max() < 0.01 * 4e-9
    # 48 nm in each of the first pulses, from the sample before it to the one after.
    assert position[0] - position[9] == pytest.approx(48e-9 * 0.9, abs=4e-9)
    assert np.abs(np.linalg.norm(m, axis=-1) - 1).max() < 1e-12
