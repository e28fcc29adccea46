"""A square spin ice of twelve islands in a field that is raised: in which order do its islands reverse?

    python script.py [--calculator oommfc] [--cell 5e-9] [--out result.csv]

ubermag and NumPy are all it needs; any calculator with ubermag's TimeDriver can be named.
"""

import argparse
import importlib

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np

MS, A, ALPHA, THICKNESS = 8e5, 1.3e-11, 0.5, 10e-9
PERIOD, LENGTH = 160e-9, 110e-9
WIDTHS = np.array([30, 40, 50, 40, 50, 30, 40, 50, 30, 50, 30, 40]) * 1e-9
"""Widths of the islands; those along x come first, row by row."""
DIRECTION = np.radians(50)
FIELDS = np.arange(40e3, 101e3, 2e3)
"""In A/m, against the islands' first direction."""
DWELL = 1e-9


def islands():
    """Centre, and half lengths along x and y, of each island in m."""
    margin = (LENGTH + 50e-9) / 2
    along_x = [(margin + PERIOD * (i + 0.5), margin + PERIOD * j) for j in range(3) for i in range(2)]
    along_y = [(margin + PERIOD * i, margin + PERIOD * (j + 0.5)) for j in range(2) for i in range(3)]
    halves = [(LENGTH / 2, width / 2) for width in WIDTHS[:6]] + [(width / 2, LENGTH / 2) for width in WIDTHS[6:]]
    return list(zip(along_x + along_y, halves))


def ice(cell):
    """Boxes of permalloy, each along the x or y axis, that point along +x and +y."""
    size = 2 * PERIOD + LENGTH + 50e-9
    mesh = df.Mesh(p1=(0, 0, 0), p2=(size, size, THICKNESS), cell=(cell, cell, THICKNESS))
    x, y = (np.arange(mesh.n[0]) + 0.5) * cell, (np.arange(mesh.n[1]) + 0.5) * cell
    number = np.full(tuple(mesh.n[:2]), -1)
    start = np.zeros((*mesh.n, 3))
    for k, ((x0, y0), (half_x, half_y)) in enumerate(islands()):
        inside = np.ix_(np.abs(x - x0) < half_x, np.abs(y - y0) < half_y)
        number[inside] = k
        start[inside] = (1, 0.1, 0) if k < 6 else (0.1, 1, 0)
    saturation = np.where(number >= 0, MS, 0.0)[:, :, None, None]
    system = mm.System(
        name="ice", m=df.Field(mesh, nvdim=3, value=start, norm=df.Field(mesh, nvdim=1, value=saturation))
    )
    system.energy = mm.Exchange(A=A) + mm.Demag()
    system.dynamics = mm.Precession(gamma0=mm.consts.gamma0) + mm.Damping(alpha=ALPHA)
    return system, number


def solve(calculator, cell):
    """The field at which each island is first seen reversed."""
    system, number = ice(cell)
    flipped = np.full(12, np.nan)
    for k, field in enumerate(FIELDS):
        applied = mm.Zeeman(H=(-field * np.cos(DIRECTION), -field * np.sin(DIRECTION), 0))
        bare = mm.Exchange(A=A) + mm.Demag()
        system.energy = bare + applied if field else bare
        calculator.TimeDriver().drive(system, t=DWELL, n=1, verbose=0)
        m = system.m.orientation.array[:, :, 0]
        along = [m[number == island][:, 0 if island < 6 else 1].mean() for island in range(12)]
        new = np.isnan(flipped) & (np.array(along) < 0)
        flipped[new] = field
        print(f"{k + 1} of {len(FIELDS)} fields, {int(np.sum(~np.isnan(flipped)))} reversed", flush=True)
    return {"island": np.arange(12), "field (kA/m)": flipped / 1e3}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calculator", default="oommfc")
    parser.add_argument("--cell", type=float, default=5e-9, help="edge of a cell in m")
    parser.add_argument("--out", default="result.csv")
    given = parser.parse_args()
    columns = solve(importlib.import_module(given.calculator), given.cell)
    np.savetxt(given.out, np.transpose(list(columns.values())), "%.9g", ",", header=",".join(columns), comments="")


if __name__ == "__main__":
    main()
