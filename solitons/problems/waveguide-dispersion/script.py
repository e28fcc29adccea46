"""Spin waves along a waveguide that is magnetised along itself: which frequency has each wavenumber?

    python script.py [--calculator oommfc] [--cell 2.5e-9] [--out result.csv]

ubermag and NumPy are all it needs; any calculator with ubermag's TimeDriver can be named.
"""

import argparse
import importlib
import tempfile
from pathlib import Path

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np

LENGTH, WIDTH, THICKNESS = 1000e-9, 50e-9, 1e-9
MS, A, ALPHA, APPLIED = 8e5, 1.3e-11, 0.01, 8.04e5
ANTENNA, STRENGTH, CUTOFF, CENTRE = 10e-9, 1e4, 80e9, 50e-12
"""Width in m of the strip that a field along y of STRENGTH sinc(2 pi CUTOFF (t - CENTRE)) drives, in A/m, Hz and s."""
DURATION, STEP = 400e-12, 2e-12
WAVENUMBERS = np.arange(20e6, 131e6, 10e6)


def guide(cell):
    """The waveguide along the field, at rest."""
    mesh = df.Mesh(p1=(0, 0, 0), p2=(LENGTH, WIDTH, THICKNESS), cell=(cell, cell, THICKNESS))
    system = mm.System(name="guide", m=df.Field(mesh, nvdim=3, value=(1, 0, 0), norm=MS))
    system.energy = mm.Exchange(A=A) + mm.Demag() + mm.Zeeman(H=(APPLIED, 0, 0), name="applied")
    system.dynamics = mm.Precession(gamma0=mm.consts.gamma0) + mm.Damping(alpha=ALPHA)
    return system


def under_antenna(point):
    """The field of the antenna in A/m, as a share of its strength in time."""
    return 0, STRENGTH if abs(point[0] - LENGTH / 2) < ANTENNA / 2 else 0, 0


def solve(calculator, cell):
    """Frequency of the strongest wave at each wavenumber, from m_z over the guide's width and time."""
    system = guide(cell)
    calculator.MinDriver().drive(system, verbose=0)
    field = df.Field(system.m.mesh, nvdim=3, value=under_antenna)
    system.energy += mm.Zeeman(H=field, func="sinc", f=CUTOFF, t0=CENTRE, name="antenna")
    frames = round(DURATION / STEP)
    with tempfile.TemporaryDirectory() as folder:
        calculator.TimeDriver().drive(system, t=DURATION, n=frames, dirname=folder, verbose=0)
        files = sorted(Path(folder).glob("guide/drive-*/*Magnet*.omf"))[-frames:]
        m_z = np.stack([df.Field.from_file(file).array[:, :, 0, 2].mean(axis=1) for file in files])
    x, times = (np.arange(m_z.shape[1]) + 0.5) * cell, np.arange(frames) * STEP
    waves = m_z @ np.exp(-1j * np.outer(x, WAVENUMBERS)) * np.hanning(frames)[:, None]
    frequencies = np.arange(30e9, 90e9, 0.02e9)
    power = np.abs(np.exp(2j * np.pi * np.outer(frequencies, times)) @ waves) + np.abs(
        np.exp(-2j * np.pi * np.outer(frequencies, times)) @ waves
    )
    found = frequencies[power.argmax(axis=0)]
    return {"wavenumber (rad/um)": WAVENUMBERS / 1e6, "frequency (GHz)": found / 1e9}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calculator", default="oommfc")
    parser.add_argument("--cell", type=float, default=2.5e-9, help="edge of a cell in m")
    parser.add_argument("--out", default="result.csv")
    given = parser.parse_args()
    columns = solve(importlib.import_module(given.calculator), given.cell)
    np.savetxt(given.out, np.transpose(list(columns.values())), "%.9g", ",", header=",".join(columns), comments="")


if __name__ == "__main__":
    main()
