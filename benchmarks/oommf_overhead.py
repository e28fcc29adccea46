"""What the workbench costs over a bare oommfc drive of the same model: wall and CPU time, from one process.

    python benchmarks/oommf_overhead.py [--seconds 10] [--repeat 5] [--stages 60]

The same System is relaxed and driven by `oommfc.MinDriver` and `oommfc.TimeDriver` with oommfc's own runner, one
thread, by the engine, and by `run_one` with a store. The three take turns. CPU time is that of this process and of all
processes that the run has started, helpers included: this process adopts them. Ratios are of medians, and the median
of the ratios turn by turn.
"""

import argparse
import contextlib
import ctypes
import os
import pathlib
import resource
import signal
import statistics
import tempfile
import time

import oommfc as oc

from geometries import Stripe
from runs import CurrentPulses, Protocol, Relax, RunSpec
from runs.attempt import run_one
from runs.engines import oommf
from runs.store import Store
from runs.system import build_system

PR_SET_CHILD_SUBREAPER = 36
MATERIAL = {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "alpha": 0.1, "P": 0.6, "beta": 0.05}


def make_spec(duration, stages):
    stripe = Stripe(
        length=512e-9,
        width=64e-9,
        thickness=1e-9,
        cell=(4e-9, 4e-9, 1e-9),
        walls=[{"position": 200e-9, "kind": "bloch"}],
        readout_window={"x": (20e-9, 480e-9)},
    )
    pulse = CurrentPulses(amplitude=5e11, width=duration / 2, rise=duration / 20, period=duration, polarity="negative")
    protocol = Protocol(steps=[Relax(), pulse], sampling_interval=duration / stages)
    return RunSpec(device=stripe, material=MATERIAL, protocol=protocol, engine="oommf")


def bare(spec, directory):
    system = build_system(spec, drive=False)
    arguments = {"n_threads": 1, "verbose": 0, "dirname": str(directory)}
    oc.MinDriver(stopping_mxHxm=spec.numerics.stopping_torque).drive(system, **arguments)
    driven = build_system(spec, drive=True, time_dependence="tcl")
    driven.m.array = system.m.array
    stages = spec.protocol.sample_times.size - 1
    oc.TimeDriver().drive(driven, t=spec.protocol.duration, n=stages, **arguments)


def engine(spec, directory):
    oommf.simulate(spec, directory, lambda _: None)


def stored(spec, directory):
    run_one(spec, Store(directory / "store"))


def measure(function, spec):
    with tempfile.TemporaryDirectory() as temporary:
        wall, cpu = time.perf_counter(), cpu_time()
        function(spec, pathlib.Path(temporary))
        wall = time.perf_counter() - wall
        adopt_and_end()
        return wall, cpu_time() - cpu


def cpu_time():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def adopt():
    """Become the parent of whatever is left of what this process starts."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def adopt_and_end(spared="host.tcl"):
    """End what oommfc's runner has left, children of this process now, but for those whose command holds `spared`."""
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and not (spared and spared.encode() in (path / "cmdline").read_bytes()):
                os.kill(int(path.name), signal.SIGTERM)
                os.waitpid(int(path.name), 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10, help="about how long a bare drive takes")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--stages", type=int, default=60)
    chosen = parser.parse_args()
    adopt()
    oommf.version()
    ways = {"bare oommfc": bare, "engine": engine, "run_one": stored}
    trial = 0.5e-9
    measure(bare, make_spec(trial, 5))
    short, _ = measure(bare, make_spec(trial, 5))
    longer, _ = measure(bare, make_spec(3 * trial, 5))
    duration = float(f"{trial * max(1.0, 1 + (chosen.seconds - short) / (longer - short) * 2):.2g}")
    spec = make_spec(duration, chosen.stages)
    times = {name: [] for name in ways}
    for turn in range(chosen.repeat):
        # Who is first in a turn changes, so that a machine that slows down harms nobody.
        names = list(ways)[turn % 3 :] + list(ways)[: turn % 3]
        for name in names:
            times[name].append(measure(ways[name], spec))
    print(f"{duration * 1e9:.2g} ns of {spec.device.mesh().n} cells in {chosen.stages} frames, {chosen.repeat} turns")
    print(f"{'':12s} {'wall/s':>8s} {'ratio':>7s} {'by turn':>8s} {'CPU/s':>8s} {'ratio':>7s} {'by turn':>8s}")
    for name, measured in times.items():
        cells = []
        for which in (0, 1):
            ours, theirs = [one[which] for one in measured], [one[which] for one in times["bare oommfc"]]
            by_turn = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
            median = statistics.median(ours)
            cells.append(f"{median:8.2f} {median / statistics.median(theirs):7.3f} {by_turn:8.3f}")
        print(f"{name:12s} {' '.join(cells)}")


if __name__ == "__main__":
    main()
