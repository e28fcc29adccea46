"""A domain wall under current pulses: where it is, and which way it points.

    python script.py [--calculator oommfc] [--cell 2e-9] [--out result.csv]

ubermag and NumPy are all it needs; any calculator with ubermag's TimeDriver can be named.
"""

import argparse
import importlib

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np

LENGTH, WIDTH, THICKNESS = 240e-9, 24e-9, 1e-9
MS, A, KU, ALPHA, BETA = 6e5, 1.2e-11, 5e5, 0.1, 0.2
START = 90e-9
PULSES = (0.0, 30.0, 0.0, 60.0, 0.0, -80.0, 0.0)
"""u in m/s, each for 1 ns."""
SAMPLES = 4
"""Values reported for each nanosecond."""


def drift(time):
    """u of the current at a time in s, as a share of 1 m/s."""
    return PULSES[min(int(time * 1e9 + 1e-9), len(PULSES) - 1)]


def stripe(cell):
    """A perpendicular stripe with an up-down wall at START, 60 degrees from its normal."""
    mesh = df.Mesh(p1=(0, 0, 0), p2=(LENGTH, WIDTH, THICKNESS), cell=(cell, cell, THICKNESS))

    def wall(point):
        place = (point[0] - START) / 6.5e-9
        return 0.5 / np.cosh(place), np.sqrt(0.75) / np.cosh(place), -np.tanh(place)

    system = mm.System(name="stripe", m=df.Field(mesh, nvdim=3, value=wall, norm=MS))
    system.energy = mm.Exchange(A=A) + mm.UniaxialAnisotropy(K=KU, u=(0, 0, 1)) + mm.Demag()
    system.dynamics = mm.Precession(gamma0=mm.consts.gamma0) + mm.Damping(alpha=ALPHA)
    return system


def solve(calculator, cell):
    """Position and angle of the wall from the means of the magnetisation, which any code reports."""
    system = stripe(cell)
    system.dynamics += mm.ZhangLi(u=1.0, beta=BETA, func=drift, dt=1e-12)
    duration = 1e-9 * len(PULSES)
    calculator.TimeDriver().drive(system, t=duration, n=round(duration * 1e9 * SAMPLES), verbose=0)
    table = system.table.data
    return {
        "time (ns)": np.round(table["t"] * 1e9, 6),
        "position (nm)": LENGTH / 2 * (1 + table["mz"]) * 1e9,
        "angle (deg)": np.degrees(np.unwrap(np.arctan2(table["my"], table["mx"]))),
    }


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
