"""A domain wall in front of a harder phase, and in a notch: which field sets it free?

    python script.py [--calculator oommfc] [--cell 0.5e-9] [--out result.csv]

ubermag and NumPy are all it needs; any calculator with ubermag's HysteresisDriver can be named.
"""

import argparse
import importlib

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np

MU0 = mm.consts.mu0
BAR = 80e-9
HARD = {"a": 1e-11, "k": 1e6, "j": 1.0}
"""A (J/m), K (J/m^3) and mu0 Ms (T) of the right half of the bar."""
SOFT = {"a": 2.5e-12, "k": 1e5, "j": 0.25}
"""Those of its left half, where a case's name has the letter."""
CASES = {"akj": 1.5, "ak": 1.0, "aj": 1.1, "a": 0.7, "kj": 0.9, "k": 0.5, "notch": 0.02}
"""mu0 H in T that holds the wall, from which each search begins."""
SPAN, STEPS, LADDERS = {"notch": 0.4}, 16, 3
STRIPE, WIDTH, THICKNESS, NOTCH, DEPTH = 128e-9, 32e-9, 1e-9, 16e-9, 4e-9
STRIPE_CELL = 4
"""The notched stripe's cells are so many times as long as the bar's."""


def bar(case, edge):
    """A bar whose halves differ, with a wall in the left one, 5 nm before the boundary; without stray field."""
    count = round(BAR / edge)
    mesh = df.Mesh(p1=(0, 0, 0), p2=(BAR, 1e-9, 1e-9), n=(count, 1, 1))
    left = np.arange(count) < count // 2
    a, k, j = (np.where(left, SOFT[name] if name in case else HARD[name], HARD[name]) for name in "akj")

    def cells(values):
        return df.Field(mesh, nvdim=1, value=values[:, None, None, None])

    place = (np.arange(count) + 0.5) * edge - BAR / 2 + 5e-9
    m = np.stack([-np.tanh(place / 3e-9), 1 / np.cosh(place / 3e-9), np.zeros(count)], axis=-1)[:, None, None]
    system = mm.System(name="bar", m=df.Field(mesh, nvdim=3, value=m, norm=cells(j / MU0)))
    system.energy = mm.Exchange(A=cells(a)) + mm.UniaxialAnisotropy(K=cells(k), u=(1, 0, 0))
    return system, np.array((1, 0, 0))


def notched(edge):
    """A perpendicular stripe with an up-down wall between two notches."""
    mesh = df.Mesh(p1=(0, 0, 0), p2=(STRIPE, WIDTH, THICKNESS), cell=(edge, edge, THICKNESS))

    def saturation(point):
        from_middle = abs(point[0] - STRIPE / 2)
        return 6e5 if min(point[1], WIDTH - point[1]) > (DEPTH if from_middle < NOTCH / 2 else 0) else 0

    def wall(point):
        place = (point[0] - STRIPE / 2) / 6e-9
        return 0, 1 / np.cosh(place), -np.tanh(place)

    system = mm.System(name="stripe", m=df.Field(mesh, nvdim=3, value=wall, norm=saturation))
    system.energy = mm.Exchange(A=1.2e-11) + mm.UniaxialAnisotropy(K=5e5, u=(0, 0, 1)) + mm.Demag()
    return system, np.array((0, 0, 1))


def depinning_field(calculator, case, edge):
    """mu0 H in T: the middle of the last step, 1/1024 of the first range, over which the wall is set free."""
    held, free = CASES[case], CASES[case] + SPAN.get(case, 0.2)
    for _ in range(LADDERS):
        system, axis = notched(STRIPE_CELL * edge) if case == "notch" else bar(case, edge)
        start, low, high = (tuple(field / MU0 * axis) for field in (CASES[case], held, free))
        ladder = [[low, high, STEPS]] if low == start else [[start, low, STEPS], [low, high, STEPS]]
        calculator.HysteresisDriver(stopping_mxHxm=1.0).drive(system, Hsteps=ladder, verbose=0)
        table = system.table.data
        along = table["mx" if case != "notch" else "mz"].to_numpy()[-STEPS - 1 :]
        fields = np.linspace(held, free, STEPS + 1)
        first = int(np.argmax(along > 0.98))
        if first == 0:
            raise ValueError(f"{case}: the wall is free at once, or never between {held} and {free} T")
        # A minimiser may carry the wall across a step too early, and does so less in smaller steps.
        held, free = fields[first - 1], 2 * fields[first] - fields[first - 1]
    return (fields[first - 1] + fields[first]) / 2


def solve(calculator, cell):
    """The depinning field of every case."""
    fields = []
    for case in CASES:
        fields.append(1e3 * depinning_field(calculator, case, cell))
        print(f"{len(fields)} of {len(CASES)} cases, {case}: {fields[-1]:.2f} mT", flush=True)
    return {"case": list(CASES), "depinning field (mT)": fields}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calculator", default="oommfc")
    parser.add_argument("--cell", type=float, default=0.5e-9, help="edge of a cell in m")
    parser.add_argument("--out", default="result.csv")
    given = parser.parse_args()
    columns = solve(importlib.import_module(given.calculator), given.cell)
    np.savetxt(given.out, np.transpose(list(columns.values())), "%s", ",", header=",".join(columns), comments="")


if __name__ == "__main__":
    main()
