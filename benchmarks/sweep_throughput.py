"""What a sweep gains on equal OOMMF runs, and what handing out ten thousand tiny runs costs.

    python benchmarks/sweep_throughput.py [--runs 16] [--jobs 2] [--nanoseconds 1.0] [--tiny 10000]

The runs, one thread each, are computed by a loop of plain `oommfc` drives and by `runs.execute` with `--jobs` worker
processes, from nothing: the start of the workers counts. The tiny runs are of the mock engine. They are computed and
stored, and then handed out once more, so that a worker only looks them up: what is left is the handing out.
"""

import argparse
import contextlib
import os
import sys
import tempfile
import time
from pathlib import Path

from geometries import Stripe
from runs import CurrentPulses, Protocol, Relax, RunSpec, Store, execute
from runs.engines import DEFAULT_LIMITS, EngineNotFoundError, get_engine
from runs.sweeps import local_workers, sweep

# The mock engine is a plug-in, which only the tests install; workers inherit the path.
PLUGINS = str(Path(__file__).parents[1] / "tests" / "plugins")
sys.path.append(PLUGINS)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), PLUGINS]))

MATERIAL = {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "alpha": 0.1, "P": 0.6, "beta": 0.05}


def equal_runs(count, duration):
    stripe = Stripe(
        length=512e-9,
        width=64e-9,
        thickness=1e-9,
        cell=(4e-9, 4e-9, 1e-9),
        walls=[{"position": 200e-9, "kind": "bloch"}],
    )
    for number in range(count):
        pulse = CurrentPulses(amplitude=5e11 + number, width=duration / 2, rise=duration / 20, period=duration)
        protocol = Protocol(steps=[Relax(), pulse], sampling_interval=duration / 50)
        yield RunSpec(device=stripe, material=MATERIAL, protocol=protocol, engine="oommf")


def tiny_runs(count):
    stripe = Stripe(
        length=64e-9, width=16e-9, thickness=4e-9, cell=(4e-9, 4e-9, 4e-9), walls=[{"position": 32e-9, "kind": "bloch"}]
    )
    for number in range(count):
        pulse = CurrentPulses(amplitude=5e11 + number, width=0.1e-9, period=0.2e-9)
        protocol = Protocol(steps=[pulse], sampling_interval=0.1e-9)
        yield RunSpec(device=stripe, material=MATERIAL, protocol=protocol, engine="mock")


def plain_loop(specs):
    """Seconds that plain oommfc takes; what it leaves in the background is ended."""
    # Not at the top, which every worker process imports once more.
    from oommf_overhead import adopt, adopt_and_end, bare, measure

    adopt()
    taken = sum(measure(bare, spec)[0] for spec in specs)
    adopt_and_end(spared="")  # the host server too
    return taken


def seconds(work):
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def compute(specs, folder, jobs):
    outcomes = [report.outcome for report in execute(specs, folder, jobs=jobs)]
    assert outcomes == ["computed"] * len(specs)


def hand_out(specs, store, jobs):
    with local_workers(jobs, DEFAULT_LIMITS) as client:
        # The first run waits for the workers' imports.
        list(sweep(specs[:jobs], store, client, limits=DEFAULT_LIMITS, retries=0, progress=lambda *_: None))
        started = time.perf_counter()
        kinds = {
            outcome.kind
            for _, outcome, _ in sweep(specs, store, client, limits=DEFAULT_LIMITS, retries=0, progress=lambda *_: None)
        }
        return time.perf_counter() - started, kinds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=16)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--nanoseconds", type=float, default=1.0)
    parser.add_argument("--tiny", type=int, default=10_000)
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, {options.jobs} worker processes")
    with contextlib.suppress(EngineNotFoundError), tempfile.TemporaryDirectory() as name:
        get_engine("oommf").version()
        specs = list(equal_runs(options.runs, 1e-9 * options.nanoseconds))
        plain = plain_loop(specs)
        ours = seconds(lambda: compute(specs, Path(name) / "store", options.jobs))
        print(f"{options.runs} OOMMF runs: loop {plain:.1f} s, sweep {ours:.1f} s, throughput {plain / ours:.2f} times")
    if not options.tiny:
        return
    with tempfile.TemporaryDirectory() as name:
        specs, store = list(tiny_runs(options.tiny)), Store(Path(name))
        for what, expected in (("computed and stored", "computed"), ("handed out and looked up", "stored")):
            whole, kinds = hand_out(specs, store, options.jobs)
            assert kinds <= {expected, "stored"}
            print(f"{options.tiny} tiny runs {what}: {1e3 * whole / options.tiny:.2f} ms a run")


if __name__ == "__main__":
    main()
