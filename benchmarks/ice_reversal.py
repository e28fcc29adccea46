"""How long the reversal of a disordered spin ice takes, in field steps, in OOMMF and in the native engine.

    python benchmarks/ice_reversal.py [--engine oommf] [--threads 2] [--columns 7] [--rows 7] [--stopping-torque 1]

A closed square ice of permalloy islands, 220 nm x 80 nm x 25 nm, 320 nm apart, in cells of 5 nm (7 x 7: 112 islands,
230,400 cells), with 5 % disorder in length and width. It is magnetised at 45 degrees and reversed in fields from -40 to
-140 mT in steps of 4 mT. The time is that of the whole run through the engine, from the spec to the Dataset.

Measured in one process beside other work, native engine, compiled before: 12 islands of 120 nm x 40 nm x 10 nm, 220 nm
apart, 5 % disorder, from 50 to 75 kA/m at 45 degrees in 60 steps, stopping at 1 A/m, took 28 CPU s; without
transforms of two components alone and the longer steps of damping 45 CPU s (a ratio of 1.6), with the same islands
turned in each state.
"""

import argparse
import os
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

from geometries import SpinIce
from runs import FieldSteps, Limits, RampTo, RunSpec
from runs.engines import get_engine


def reversal(arguments: argparse.Namespace) -> RunSpec:
    """The run."""
    ice = SpinIce(
        lattice={
            "kind": "square",
            "columns": arguments.columns,
            "rows": arguments.rows,
            "lattice_constant": "320 nm",
        },
        island={"length": "220 nm", "width": "80 nm"},
        thickness="25 nm",
        cell=("5 nm", "5 nm", "25 nm"),
        disorder={"length": 0.05, "width": 0.05, "seed": 1},
        initial_spins={"kind": "saturated", "angle": "45 deg"},
    )
    direction = {"angle": "45 deg"}
    ramp = FieldSteps(
        steps=[
            RampTo(to="-40 mT/mu0", field_steps=1, **direction),
            RampTo(to="-140 mT/mu0", field_steps=arguments.field_steps, **direction),
        ]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the thickness is one cell, of more than the exchange length
        return RunSpec(
            device=ice,
            material="permalloy",
            protocol=ramp,
            numerics={"stopping_torque": arguments.stopping_torque},
            engine=arguments.engine,
        )


def flipped(run, spec) -> list[int]:
    """How many islands have turned in each state."""
    labels, axis = spec.device.labels().values, spec.device.islands(spec.material)["axis"].values
    moments = [run["m"].values[:, labels == island + 1, :2].mean(axis=1) @ axis[island] for island in range(len(axis))]
    signs = np.sign(np.stack(moments, axis=1))
    return (signs != signs[0]).sum(axis=1).tolist()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", choices=["oommf", "native"], default="oommf")
    parser.add_argument("--threads", type=int, default=1, help="of OOMMF; the native engine is held to as many cores")
    parser.add_argument("--columns", type=int, default=7)
    parser.add_argument("--rows", type=int, default=7)
    parser.add_argument("--field-steps", type=int, default=25)
    parser.add_argument("--stopping-torque", type=float, default=1.0, help="A/m")
    arguments = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: arguments.threads])
    spec = reversal(arguments)
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        run = get_engine(arguments.engine).simulate(
            spec, Path(folder), lambda _: None, Limits(threads=arguments.threads)
        )
        wall_time = time.perf_counter() - started
        iterations = _evaluations(Path(folder))
    print(
        f"{arguments.engine}, {arguments.threads} threads, {np.prod(spec.device.shape)} cells, stopping at "
        f"{arguments.stopping_torque:g} A/m: {wall_time:.1f} s{iterations}; turned in each state: {flipped(run, spec)}"
    )


def _evaluations(folder: Path) -> str:
    from runs.reading import open_table

    tables = list(folder.glob("drive/*.odt"))
    return f", {open_table(tables[0])['energy_calc_count'].values[-1]:.0f} field evaluations" if tables else ""


if __name__ == "__main__":
    main()
