"""A spin-torque oscillator in a rotating field: between which currents does it lock?

    python script.py [--calculator oommfc] [--out result.csv]

ubermag and NumPy are all it needs; any calculator with ubermag's TimeDriver can be named. Every cell is an oscillator
of its own, since there is neither exchange nor stray field: one run has them all.
"""

import argparse
import importlib
import tempfile
from pathlib import Path

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np

MS, ALPHA, THICKNESS, POLARISATION = 8e5, 0.02, 2e-9, 0.5
APPLIED = 9e5
"""H along z in A/m, beside a demagnetising field of -Ms m_z."""
DENSITIES = np.round(np.linspace(9.0e10, 10.6e10, 33), -7)
"""J in A/m2, of the columns of cells."""
ROTATING = (50.0, 100.0, 200.0, 400.0)
"""Strength in A/m of the field that rotates in the plane, of the rows."""
FREQUENCY = 14e9
SPAN = 30e-9
"""s for the start, and again for what is measured: whole periods."""


def oscillators(edge=10e-9):
    """A row of cells a field, each cell with a current of its own, 50 degrees from the axis."""
    size = (len(DENSITIES) * edge, len(ROTATING) * edge, THICKNESS)
    mesh = df.Mesh(p1=(0, 0, 0), p2=size, cell=(edge, edge, THICKNESS))
    start = (np.sin(np.radians(50)), 0, np.cos(np.radians(50)))
    system = mm.System(name="oscillators", m=df.Field(mesh, nvdim=3, value=start, norm=MS))
    strength = np.zeros((*mesh.n, 3))
    strength[..., 0] = np.array(ROTATING)[None, :, None]
    along_x, along_y = strength, np.roll(strength, 1, axis=-1)
    quarter = 0.25 / FREQUENCY
    system.energy = (
        mm.UniaxialAnisotropy(K=-mm.consts.mu0 * MS**2 / 2, u=(0, 0, 1))
        + mm.Zeeman(H=(0, 0, APPLIED), name="applied")
        + mm.Zeeman(H=df.Field(mesh, nvdim=3, value=along_x), func="sin", f=FREQUENCY, t0=-quarter, name="along_x")
        + mm.Zeeman(H=df.Field(mesh, nvdim=3, value=along_y), func="sin", f=FREQUENCY, t0=0, name="along_y")
    )
    current = np.broadcast_to(DENSITIES[:, None, None, None], (*mesh.n, 1))
    system.dynamics = (
        mm.Precession(gamma0=mm.consts.gamma0)
        + mm.Damping(alpha=ALPHA)
        + mm.Slonczewski(J=df.Field(mesh, nvdim=1, value=current), mp=(0, 0, -1), P=POLARISATION, Lambda=1)
    )
    return system


def precise(calculator):
    """A driver whose phase is right after hundreds of turns: OOMMF's own choice of steps is 0.5 % off in frequency."""
    if not hasattr(calculator, "SpinXferEvolver"):
        return calculator.TimeDriver()
    return calculator.TimeDriver(evolver=calculator.SpinXferEvolver(error_rate=0.003))


def solve(calculator, cell=None):
    """How much faster than the field each oscillator turns, from the angles of its moment over the second span."""
    system = oscillators()
    frames = round(SPAN / 0.1e-9)
    with tempfile.TemporaryDirectory() as folder:
        precise(calculator).drive(system, t=SPAN, n=10, dirname=folder, verbose=0)
        precise(calculator).drive(system, t=SPAN, n=frames, dirname=folder, verbose=0)
        files = sorted(Path(folder).glob("oscillators/drive-1/*Magnet*.omf"))[-frames:]
        m = np.stack([df.Field.from_file(file).array[:, :, 0] for file in files])
    times = np.arange(1, frames + 1) * SPAN / frames
    turned = np.arctan2(m[..., 1], m[..., 0]) - 2 * np.pi * FREQUENCY * times[:, None, None]
    beats = np.polyfit(times, np.unwrap(turned, axis=0).reshape(frames, -1), 1)[0].reshape(m.shape[1:3]).T
    beats = beats / (2 * np.pi)
    field, density = np.meshgrid(ROTATING, DENSITIES, indexing="ij")
    return {
        "field (A/m)": field.ravel(),
        "current density (A/m^2)": density.ravel(),
        "beat (MHz)": beats.ravel() / 1e6,
        "locked": (np.abs(beats) < 1e6).ravel().astype(int),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calculator", default="oommfc")
    parser.add_argument("--cell", type=float, default=0.0)
    parser.add_argument("--out", default="result.csv")
    given = parser.parse_args()
    columns = solve(importlib.import_module(given.calculator), given.cell)
    np.savetxt(given.out, np.transpose(list(columns.values())), "%.9g", ",", header=",".join(columns), comments="")


if __name__ == "__main__":
    main()
