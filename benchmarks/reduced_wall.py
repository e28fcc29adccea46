"""How fast the reduced wall is beside the micromagnetic run that it stands for, and what its steps cost in accuracy.

    python benchmarks/reduced_wall.py [--walls 1000]

The strongest run of dw-smooth (768 cells, ten pulses in 10 ns, a frame each 50 ps) on the native engine, and the wall
of that stripe's material with its pinned ends and its tilt through the same pulses, all on one thread of one core.
Printed: simulated ns a second, the ratio, and how far a wall is, at worst, from one that is followed in steps of
0.5 ps, over the stripe's length; in steps of 10 ps, and in those that walls take if none are given. Times are the
processor's, the least of several, and micromagnetics and walls take turns.
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


def seconds(function):
    """Time in s that a function keeps the processor."""
    begin = time.process_time()
    function()
    return time.process_time() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--walls", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    count = arguments.walls

    engine = get_engine("native")
    spec = [run.spec for run in load_campaign("dw-smooth").labelled_runs("native")][-1]
    drive, stripe = spec.in_time, stripe_of(spec)
    wall = wall_of(spec, polarity=-1)
    wall = replace(wall, tilting=tilting_of(spec, float(wall.width)))
    begin = np.full(count, stripe.walls[0].position)

    def follow(step, walls=count):
        return follow_walls(
            wall, drive.sample_times, drive.current_density, position=begin[:walls], angle=0.0, max_step=step
        )

    def micromagnetics():
        with tempfile.TemporaryDirectory() as folder:
            engine.simulate(spec, Path(folder), lambda _: None)

    steps = (1e-11, 2.5e-11, None)
    for compiled in (micromagnetics, *(lambda step=step: follow(step) for step in steps)):
        compiled()
    taken = [
        (seconds(micromagnetics), *(min(seconds(lambda step=step: follow(step)) for _ in range(5)) for step in steps))
        for _ in range(arguments.rounds)
    ]
    print(f"micromagnetics           {1e9 * drive.duration / min(each[0] for each in taken):12,.1f} ns a second")
    true = follow(0.5e-12, walls=1).position
    for index, step in enumerate(steps, 1):
        ratios = sorted(count * each[0] / each[index] for each in taken)
        off = np.abs(follow(step, walls=1).position - true).max() / stripe.length
        print(
            f"{count:,} walls, {'steps as needed ' if step is None else f'steps of {1e12 * step:4.1f} ps'} "
            f"{1e9 * count * drive.duration / min(each[index] for each in taken):12,.0f} ns a second, "
            f"{ratios[len(ratios) // 2]:9,.0f} times as fast ({ratios[0]:,.0f} to {ratios[-1]:,.0f}), "
            f"{off:.1e} of the length off"
        )


if __name__ == "__main__":
    main()
