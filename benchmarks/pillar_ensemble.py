"""Seconds for each run of a thermal ensemble of pillars, against the same runs one after another, in one process.

    python benchmarks/pillar_ensemble.py [--members 64] [--alone 8] [--diameter 32e-9] [--cell 4e-9] [--time 1e-9]

A perpendicular disc at 300 K under a constant current, relaxed first, its means kept at 21 times, each way from the
spec to the entry in a store. One after another the runs are those of the ensemble's first members, so that
both ways compute the same; that they do is checked. What compiling takes is given apart: each way is done once with
other seeds and a short drive before it is timed.
"""

import argparse
import pathlib
import tempfile
import time
import warnings

import numpy as np


def spec(arguments, duration, seed, members=None):
    from geometries import Material, Pillar
    from runs import ConstantCurrent, Protocol, Relax, RunSpec

    cell = arguments.cell
    device = Pillar(
        length=arguments.diameter,
        thickness=1e-9,
        cell=(cell, cell, 1e-9),
        start="down",
        start_tilt=0.01,
        fixed_layer="up",
        barrier={"resistance_area": 1e-11, "tmr": 1.0},
    )
    protocol = Protocol(
        steps=[Relax(), ConstantCurrent(amplitude=1e11, duration=duration)],
        sampling_interval=duration / 20,
        temperature=300,
        seed=seed,
    )
    film = Material(name="film", Ms=1e6, A=1.5e-11, Ku=8e5, alpha=0.02)
    return RunSpec(
        device=device,
        material=film,
        protocol=protocol,
        ensemble=None if members is None else {"members": members},
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=64)
    parser.add_argument("--alone", type=int, default=8)
    parser.add_argument("--diameter", type=float, default=32e-9)
    parser.add_argument("--cell", type=float, default=4e-9)
    parser.add_argument("--time", type=float, default=1e-9)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    from runs import Store, open_run
    from runs.attempt import run_one

    with tempfile.TemporaryDirectory() as folder:
        store = Store(pathlib.Path(folder))

        def seconds(*specs):
            begin = time.perf_counter()
            for each in specs:
                run_one(each, store)
            return time.perf_counter() - begin

        ensemble = spec(arguments, arguments.time, 1, arguments.members)
        seeds = [int(seed) for seed in ensemble.ensemble.seeds(1)[: arguments.alone]]
        compiling_alone = seconds(spec(arguments, 4e-12, 2))
        compiling_together = seconds(spec(arguments, 4e-12, 2, arguments.members))
        alone = [spec(arguments, arguments.time, seed) for seed in seeds]
        one = seconds(*alone) / len(alone)
        each = seconds(ensemble) / arguments.members
        together = open_run(ensemble.run_id, folder)
        for member, run in enumerate(alone):
            difference = np.abs(open_run(run.run_id, folder)["mz"] - together["mz"].isel(member=member)).max()
            print(f"member {member}: m_z differs by {float(difference):.1e}")
        cells = int(ensemble.device.mask().sum())
        print(
            f"{cells} cells, {arguments.time:g} s: one after another {one:.3f} s a run, of {arguments.members} together"
        )
        print(f"{each:.4f} s a run, {one / each:.2f} times faster")
        print(f"first run of each way, compiling included: {compiling_alone:.2f} s and {compiling_together:.2f} s")


if __name__ == "__main__":
    main()
