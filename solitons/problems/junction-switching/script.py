"""The free layer of a tunnel junction under a current at 300 K: how likely has it switched after a time?

    python script.py [--calculator oommfc] [--out result.csv]

ubermag and NumPy are all it needs. Every cell is a free layer of its own, since there is neither exchange nor stray
field: one run has 1024 of them. Heat is the one thing that calculators ask for in different ways (`heated`).
"""

import argparse
import importlib
import tempfile
from pathlib import Path

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np

MS, K, ALPHA, POLARISATION, TEMPERATURE = 1e6, 1.38e5, 0.02, 0.6, 300.0
SIDE, THICKNESS = 30e-9, 1.5e-9
DENSITIES = (6e10, 9e10, 12e10)
"""J in A/m2; 4.2e10 A/m2 would make a layer without heat unstable."""
TRIALS = 32
"""Free layers a side of the mesh."""
REST, PULSE, FRAMES, STEP = 1e-9, 8e-9, 16, 1e-13


def layers():
    """Free layers that point up."""
    size = (TRIALS * SIDE, TRIALS * SIDE, THICKNESS)
    mesh = df.Mesh(p1=(0, 0, 0), p2=size, cell=(SIDE, SIDE, THICKNESS))
    system = mm.System(name="layers", T=TEMPERATURE, m=df.Field(mesh, nvdim=3, value=(0, 0, 1), norm=MS))
    system.energy = mm.UniaxialAnisotropy(K=K, u=(0, 0, 1))
    return system


def heated(calculator, seed):
    """A driver with a thermal field at 300 K."""
    if hasattr(calculator, "ThermalField"):
        return calculator.TimeDriver(thermal=calculator.ThermalField(seed=seed, time_step=STEP))
    evolver = calculator.Xf_ThermSpinXferEvolver(uniform_seed=seed, min_timestep=STEP, max_timestep=STEP)
    return calculator.TimeDriver(evolver=evolver)


def solve(calculator, cell=None):
    """Numbers of the layers that point down, after times under a current that follow 1 ns of heat alone."""
    rows = []
    for seed, density in enumerate(DENSITIES, start=1):
        system = layers()
        torque = {"mp": (0, 0, -1), "P": POLARISATION, "Lambda": 1}
        basic = mm.Precession(gamma0=mm.consts.gamma0) + mm.Damping(alpha=ALPHA)
        with tempfile.TemporaryDirectory() as folder:
            for drive, (current, time, count) in enumerate(((0.0, REST, 1), (density, PULSE, FRAMES))):
                system.dynamics = basic + mm.Slonczewski(J=current, **torque)
                driver = heated(calculator, 2 * seed + drive)
                driver.drive(system, t=time, n=count, dirname=folder, verbose=0)
            files = sorted(Path(folder).glob("layers/drive-1/*Magnet*.omf"))[-FRAMES:]
            # OOMMF's thermal evolver often turns the first cell of a mesh without cause: it is left out.
            down = [int(np.sum(df.Field.from_file(file).array[..., 2].ravel()[1:] < 0)) for file in files]
        times = np.arange(1, FRAMES + 1) * PULSE / FRAMES
        rows += [(density, round(time * 1e9, 3), count, TRIALS**2 - 1) for time, count in zip(times, down)]
    names = ("current density (A/m^2)", "time (ns)", "switched", "trials")
    return dict(zip(names, np.transpose(rows)))


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
