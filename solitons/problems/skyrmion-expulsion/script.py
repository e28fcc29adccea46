"""A skyrmion that a current drives along a track: at which current does the edge let it go?

    python script.py [--calculator oommfc] [--cell 2e-9] [--out result.csv]

ubermag and NumPy are all it needs; any calculator with ubermag's TimeDriver can be named.
"""

import argparse
import importlib

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np

LENGTH, WIDTH, THICKNESS = 240e-9, 60e-9, 0.4e-9
MS, A, D, ALPHA, SPIN_HALL_ANGLE = 5.8e5, 1.5e-11, 3e-3, 0.3, 0.15
KU = 0.8e6 - mm.consts.mu0 * MS**2 / 2
"""In a film so thin the stray field is this much less anisotropy."""
DENSITIES = (0.5e11, 1.0e11, 1.25e11, 1.5e11, 1.75e11, 2.0e11)
"""J in A/m2 in the heavy metal, along x."""
SETTLING, PULSE, SAMPLES = 0.5e-9, 1.5e-9, 3
START = 70e-9


def track(cell):
    """A track that points down, with a skyrmion on its middle line."""
    mesh = df.Mesh(p1=(0, 0, 0), p2=(LENGTH, WIDTH, THICKNESS), cell=(cell, cell, THICKNESS))

    def skyrmion(point):
        x, y = point[0] - START, point[1] - WIDTH / 2
        r = np.hypot(x, y) + 1e-15
        angle = 2 * np.arctan2(np.sinh(2.0), np.sinh(r / 5e-9))
        return np.sin(angle) * x / r, np.sin(angle) * y / r, -np.cos(angle)

    system = mm.System(name="track", m=df.Field(mesh, nvdim=3, value=skyrmion, norm=MS))
    system.energy = mm.Exchange(A=A) + mm.UniaxialAnisotropy(K=KU, u=(0, 0, 1)) + mm.DMI(D=D, crystalclass="Cnv_z")
    system.dynamics = mm.Precession(gamma0=mm.consts.gamma0) + mm.Damping(alpha=ALPHA)
    return system


def centre(m, cell):
    """Middle of where m (x, y, 3) points up, in m; not a number where it does not."""
    up = np.maximum(m[..., 2], 0)
    if up.sum() < 1:
        return np.nan, np.nan
    x, y = ((np.arange(count) + 0.5) * cell for count in up.shape)
    return up.sum(axis=1) @ x / up.sum(), up.sum(axis=0) @ y / up.sum()


def solve(calculator, cell):
    """Where the skyrmion is at times under each current, and whether the edge has it still."""
    settled, rows = track(cell), []
    calculator.TimeDriver().drive(settled, t=SETTLING, n=1, verbose=0)
    for density in DENSITIES:
        system = track(cell)
        system.m = df.Field(settled.m.mesh, nvdim=3, value=settled.m, norm=MS)
        system.dynamics += mm.Slonczewski(J=density, mp=(0, 1, 0), P=SPIN_HALL_ANGLE, Lambda=1)
        for sample in range(1, SAMPLES + 1):
            calculator.TimeDriver().drive(system, t=PULSE / SAMPLES, n=1, verbose=0)
            x, y = centre(system.m.orientation.array[:, :, 0], cell)
            time = sample * PULSE / SAMPLES
            rows.append((density, round(time * 1e9, 6), 1e9 * x, 1e9 * y, int(np.isfinite(x))))
        print(f"{len(rows) // SAMPLES} of {len(DENSITIES)} currents", flush=True)
    names = ("current density (A/m^2)", "time (ns)", "x (nm)", "y (nm)", "held")
    return dict(zip(names, np.transpose(rows)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calculator", default="oommfc")
    parser.add_argument("--cell", type=float, default=2e-9, help="edge of a cell in m")
    parser.add_argument("--out", default="result.csv")
    given = parser.parse_args()
    columns = solve(importlib.import_module(given.calculator), given.cell)
    np.savetxt(given.out, np.transpose(list(columns.values())), "%.9g", ",", header=",".join(columns), comments="")


if __name__ == "__main__":
    main()
