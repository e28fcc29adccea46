"""A majority gate of five nanomagnets, for all eight inputs: which way do its two free magnets turn?

    python script.py [--calculator oommfc] [--cell 5e-9] [--out result.csv]

ubermag and NumPy are all it needs; any calculator with ubermag's TimeDriver can be named.
"""

import argparse
import importlib
import itertools

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np

MS, A, ALPHA, THICKNESS = 8e5, 1.3e-11, 0.1, 10e-9
WIDTH, LENGTH, GAP, MARGIN = 50e-9, 100e-9, 20e-9, 20e-9
"""Magnets are long along y, and beside and above each other by a gap."""
PLACES = {"left": (0, 1), "top": (1, 2), "bottom": (1, 0), "centre": (1, 1), "output": (2, 1)}
INPUTS = ("left", "top", "bottom")
BIAS, CLOCK = 1e5, 1.2e5
"""Fields in A/m: along y on the inputs alone, and along x on all magnets, which falls to 0 as a quarter of a cosine."""
RAMP, REST = 2e-9, 1e-9


def gate(cell, inputs):
    """The five magnets under the clock's full field, with inputs of +-1 along y."""
    size = (3 * WIDTH + 2 * GAP + 2 * MARGIN, 3 * LENGTH + 2 * GAP + 2 * MARGIN, THICKNESS)
    mesh = df.Mesh(p1=(0, 0, 0), p2=size, cell=(cell, cell, THICKNESS))
    x, y = (np.arange(count) * cell + cell / 2 for count in mesh.n[:2])
    boxes = {}
    for name, (column, row) in PLACES.items():
        left, low = MARGIN + column * (WIDTH + GAP), MARGIN + row * (LENGTH + GAP)
        boxes[name] = np.ix_((x > left) & (x < left + WIDTH), (y > low) & (y < low + LENGTH))
    saturation, start, bias = (np.zeros((*mesh.n, count)) for count in (1, 3, 3))
    for box in boxes.values():
        saturation[box], start[box] = MS, (1, 0, 0)
    for name, sign in zip(INPUTS, inputs):
        start[boxes[name]], bias[boxes[name]] = (0, sign, 0), (0, sign * BIAS, 0)
    norm = df.Field(mesh, nvdim=1, value=saturation)
    system = mm.System(name="gate", m=df.Field(mesh, nvdim=3, value=start, norm=norm))
    system.energy = (
        mm.Exchange(A=A)
        + mm.Demag()
        + mm.Zeeman(H=df.Field(mesh, nvdim=3, value=bias), name="bias")
        + mm.Zeeman(H=(CLOCK, 0, 0), func="sin", f=0.25 / RAMP, t0=-RAMP, name="clock")
    )
    system.dynamics = mm.Precession(gamma0=mm.consts.gamma0) + mm.Damping(alpha=ALPHA)
    return system, boxes


def solve(calculator, cell):
    """m_y of the centre and of the output once the clock is off, for each row of inputs."""
    rows = []
    for inputs in itertools.product((-1, 1), repeat=3):
        system, boxes = gate(cell, inputs)
        calculator.TimeDriver().drive(system, t=RAMP, n=1, verbose=0)
        system.energy -= system.energy.clock
        calculator.TimeDriver().drive(system, t=REST, n=1, verbose=0)
        m = system.m.orientation.array[:, :, 0, 1]
        rows.append((*inputs, *(np.nanmean(m[boxes[name][:2]]) for name in ("centre", "output"))))
        print(f"{len(rows)} of 8 rows", flush=True)
    return dict(zip((*INPUTS, "centre", "output"), np.transpose(rows)))


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
