"""How fast the reduced wall is beside the micromagnetic run that it stands for, and what its steps cost in accuracy.

    python benchmarks/reduced_wall.py [--walls 1000]

The strongest run of dw-smooth (768 cells, ten pulses in 10 ns, a frame each 50 ps) on the native engine, and the wall
of that stripe's material with its pinned ends and its tilt through the same pulses, all on one thread of one core.
Printed: simulated ns a second, the ratio, and how far a wall is, at worst, from one that is followed in steps of
0.5 ps, over the stripe's length.
"""

import argparse
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path

# One thread each, on one core: set before JAX starts its threads.
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import numpy as np

from runs.engines import get_engine
from solitons import load_campaign
from solitons.domain_walls import follow_walls
from solitons.domain_walls.runs import stripe_of, tilting_of, wall_of


def shortest(function, times=3):
    """Least time in s that a function takes, once it is compiled."""
    function()
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        function()
        taken.append(time.perf_counter() - begin)
    return min(taken)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--walls", type=int, default=1000)
    count = parser.parse_args().walls

    engine = get_engine("native")
    spec = [run.spec for run in load_campaign("dw-smooth").labelled_runs("native")][-1]
    drive, stripe = spec.in_time, stripe_of(spec)
    with tempfile.TemporaryDirectory() as folder:
        run = shortest(lambda: engine.simulate(spec, Path(folder), lambda _: None), times=2)
    micromagnetic = drive.duration / run
    print(f"micromagnetics              {1e9 * micromagnetic:12,.1f} ns a second")

    wall = wall_of(spec, polarity=-1)
    wall = replace(wall, tilting=tilting_of(spec, float(wall.width)))
    begin = np.full(count, stripe.walls[0].position)

    def follow(step, walls=count):
        return follow_walls(
            wall, drive.sample_times, drive.current_density, position=begin[:walls], angle=0.0, max_step=step
        )

    true = follow(0.5e-12, walls=1).position
    for step in (5e-12, 1e-11, 2e-11, 2.5e-11):
        reduced = count * drive.duration / shortest(lambda step=step: follow(step))
        off = np.abs(follow(step, walls=1).position - true).max() / stripe.length
        print(
            f"{count:,} walls, steps of {1e12 * step:4.1f} ps {1e9 * reduced:12,.0f} ns a second, "
            f"{reduced / micromagnetic:9,.0f} times as fast, {off:.1e} of the length off"
        )


if __name__ == "__main__":
    main()
