"""How fast the native engine is beside OOMMF on a stripe like the demo's, both on one thread of one core.

    python benchmarks/native_against_oommf.py [--pulses 8]

A 512 x 64 x 1 nm perpendicular stripe in cells of 4 x 4 x 1 nm, a domain wall pushed by Zhang-Li
current pulses of 0.5 ns, one a nanosecond and in turns to either side, one state kept every 50 ps.
Both engines start from one relaxed state. OOMMF's time is that of the whole drive through oommfc,
from the MIF file to the last state read back; the native engine's is that of `TimeDriver.drive`
without files, its compilation (once a process) apart.
"""

import argparse
import contextlib
import os
import tempfile
import time

# One thread each, on one core: set before JAX starts its threads and inherited by OOMMF.
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import oommfc as oc

import runs.native as nc


def stripe(pulses, engine, start=None):
    mesh = df.Mesh(p1=(0, 0, 0), p2=(512e-9, 64e-9, 1e-9), cell=(4e-9, 4e-9, 1e-9))
    if start is None:
        x = (mesh.cells.x - 256e-9)[:, None, None]
        wall = np.stack([0 * x, 1 / np.cosh(x / 6e-9), -np.tanh(x / 6e-9)], axis=-1)
        m = np.broadcast_to(wall, (*mesh.n, 3))
        start = df.Field(mesh, nvdim=3, value=m, norm=6e5)
    energy = mm.Exchange(A=1.2e-11) + mm.UniaxialAnisotropy(K=5e5, u=(0, 0, 1)) + mm.Demag()
    begins = np.arange(pulses) * 1e-9
    times = np.stack([begins, begins, begins + 0.5e-9, begins + 0.5e-9], axis=1).ravel()
    signs = np.where(np.arange(pulses) % 2, -1.0, 1.0)
    values = np.stack([0 * signs, signs, signs, 0 * signs], axis=1).ravel()
    if engine == "oommf":
        script = (
            "proc Pulses { total_time } {\n"
            "  set count [expr {int(floor($total_time/1e-9))}]\n"
            "  if {$total_time - $count*1e-9 >= 0.5e-9} { return 0.0 }\n"
            "  if {$count % 2} { return -1.0 } else { return 1.0 }\n"
            "}\n"
        )
        profile = {"tcl_strings": {"script": script, "script_name": "Pulses", "script_args": "total_time"}}
    else:
        profile = {"func": nc.PiecewiseLinear(tuple(times), tuple(values))}
    dynamics = mm.Precession(gamma0=mm.consts.gamma0) + mm.Damping(alpha=0.1)
    dynamics += mm.ZhangLi(u=-100.0, beta=0.05, **profile)
    return mm.System(name="wall", energy=energy, dynamics=dynamics, m=df.Field(mesh, nvdim=3, value=start.array))


@contextlib.contextmanager
def quiet():
    """Send this process's output to a file: OOMMF's helpers would hold a pipe open."""
    with tempfile.TemporaryFile() as sink:
        saved = os.dup(1), os.dup(2)
        os.dup2(sink.fileno(), 1)
        os.dup2(sink.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(saved[0], 1)
            os.dup2(saved[1], 2)


def timed(function):
    begin = time.perf_counter()
    function()
    return time.perf_counter() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pulses", type=int, default=8, help="number of pulses, one a nanosecond")
    pulses = parser.parse_args().pulses
    duration, count = pulses * 1e-9, pulses * 20

    relaxed = stripe(pulses, "native")
    first_relaxation = timed(lambda: nc.MinDriver().drive(relaxed, save=False, verbose=0))
    first = stripe(pulses, "native", relaxed.m)
    compilation = timed(lambda: nc.TimeDriver().drive(first, t=1e-14, n=1, save=False, verbose=0))
    native = stripe(pulses, "native", relaxed.m)
    native_seconds = timed(lambda: nc.TimeDriver().drive(native, t=duration, n=count, save=False, verbose=0))
    native_evaluations = int(native.table.data["evaluations"].iloc[-1])

    oommf = stripe(pulses, "oommf", relaxed.m)
    with tempfile.TemporaryDirectory() as directory, quiet():
        drive = {"t": duration, "n": count, "n_threads": 1, "dirname": directory, "verbose": 0}
        oommf_seconds = timed(lambda: oc.TimeDriver().drive(oommf, **drive))
    oommf_evaluations = int(oommf.table.data["E_calc_count"].iloc[-1])

    apart = np.abs(native.table.data["mz"] - oommf.table.data["mz"]).max() * 512e-9 / 2
    print(f"{pulses} ns, {count} states, 128 x 16 x 1 cells, one thread each")
    for name, seconds, evaluations in (
        ("native", native_seconds, native_evaluations),
        ("OOMMF", oommf_seconds, oommf_evaluations),
    ):
        each = 1e3 * seconds / evaluations
        print(f"{name:8} {seconds:7.2f} s  {evaluations:7d} evaluations  {each:.3f} ms each")
    print(f"native compiles in {compilation:.2f} s; relaxing, with compilation, took {first_relaxation:.2f} s")
    print(f"largest distance between the walls: {apart * 1e9:.4f} nm")
    print(f"OOMMF / native: {oommf_seconds / native_seconds:.2f}")
    print(f"OOMMF / native with compilation: {oommf_seconds / (native_seconds + compilation):.2f}")


if __name__ == "__main__":
    main()
