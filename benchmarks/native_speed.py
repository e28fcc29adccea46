"""Whole time of a relaxation and 1 ns, native against OOMMF, from one process run.

    python benchmarks/native_speed.py [--cells 2000] [--threads 1] [--time 1e-9] [--stopping 0.1]

A permalloy film of 500 x 125 x 3 nm scaled to the number of cells at the same cell of 2.5 x 2.5 x
3 nm for 10,000 cells (muMAG standard problem 4), relaxed from a tilted uniform state by the energy
minimiser, then reversed by the problem's first field, 20 states kept. Both engines start from the
same state and have the same number of threads. OOMMF's time is that of both oommfc drives, from the
MIF file to the last state read back; the native engine's is that of its two drivers without files.
It is given three times: in a process that has compiled nothing with an empty cache on the disk, in a
new process that finds that cache, and without compilation.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

CELLS = {2_000: (100, 20), 10_000: (200, 50), 262_144: (512, 512)}


def system(cells, m=None, field=False):
    import discretisedfield as df
    import micromagneticmodel as mm

    nx, ny = CELLS[cells]
    mesh = df.Mesh(p1=(0, 0, 0), p2=(2.5e-9 * nx, 2.5e-9 * ny, 3e-9), n=(nx, ny, 1))
    energy = mm.Exchange(A=1.3e-11) + mm.Demag()
    if field:
        energy += mm.Zeeman(H=(-24.6e-3 / mm.consts.mu0, 4.3e-3 / mm.consts.mu0, 0))
    dynamics = mm.Precession(gamma0=2.211e5) + mm.Damping(alpha=0.02)
    value = (1, 0.25, 0.1) if m is None else m.array
    return mm.System(name="film", energy=energy, dynamics=dynamics, m=df.Field(mesh, nvdim=3, value=value, norm=8e5))


def whole(calculator, cells, duration, **options):
    """Seconds of relaxing and of driving, and the driven system."""
    begin = time.perf_counter()
    relaxed = system(cells)
    calculator.MinDriver(**options.pop("minimiser")).drive(relaxed, verbose=0, **options)
    middle = time.perf_counter()
    driven = system(cells, relaxed.m, field=True)
    calculator.TimeDriver().drive(driven, t=duration, n=20, verbose=0, **options)
    return middle - begin, time.perf_counter() - middle, driven


def native(cells, duration, stopping, repeat):
    import runs.native as nc

    results = []
    for _ in range(1 + repeat):
        *seconds, driven = whole(nc, cells, duration, save=False, minimiser={"stopping_mxHxm": stopping})
        table = driven.table.data
        results.append({"seconds": seconds, "evaluations": int(table["evaluations"].iloc[-1]), "my": list(table["my"])})
    return results


def oommf(cells, duration, stopping, threads):
    import oommfc as oc

    with tempfile.TemporaryDirectory() as directory:
        options = {"n_threads": threads, "dirname": directory, "minimiser": {"stopping_mxHxm": stopping}}
        *seconds, driven = whole(oc, cells, duration, **options)
    table = driven.table.data
    return [{"seconds": seconds, "evaluations": int(table["E_calc_count"].iloc[-1]), "my": list(table["my"])}]


def child(arguments, environment):
    """Run one engine in a process of its own, its output in files: OOMMF's helpers would hold a pipe open."""
    with tempfile.TemporaryDirectory() as directory:
        result = pathlib.Path(directory, "result.json")
        with open(pathlib.Path(directory, "output.txt"), "w+") as sink:
            command = [sys.executable, __file__, *arguments, "--result", str(result)]
            if subprocess.run(command, env=environment, stdout=sink, stderr=sink, check=False).returncode:
                sink.seek(0)
                sys.exit(sink.read())
        return json.loads(result.read_text())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=int, choices=CELLS, default=2_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--time", type=float, default=1e-9, help="simulated time in s")
    parser.add_argument("--stopping", type=float, default=0.1, help="torque in A/m at which the relaxation ends")
    parser.add_argument("--engine", choices=("native", "oommf"), help=argparse.SUPPRESS)
    parser.add_argument("--repeat", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--result", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.engine:
        if chosen.engine == "native":
            rows = native(chosen.cells, chosen.time, chosen.stopping, chosen.repeat)
        else:
            rows = oommf(chosen.cells, chosen.time, chosen.stopping, chosen.threads)
        pathlib.Path(chosen.result).write_text(json.dumps(rows))
        return
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-chosen.threads :])
    common = [
        text for name in ("cells", "threads", "time", "stopping") for text in (f"--{name}", str(getattr(chosen, name)))
    ]
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "SOLITONS_CACHE": cache}
        if chosen.threads == 1:
            environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        first, again = child([*common, "--engine", "native"], environment)
        second, _ = child([*common, "--engine", "native", "--repeat", "1"], environment)
        (reference,) = child([*common, "--engine", "oommf"], environment)
    apart = max(abs(a - b) for a, b in zip(again["my"], reference["my"], strict=True))
    print(f"{chosen.cells} cells, {chosen.threads} thread(s), relaxation and {chosen.time * 1e9:g} ns")
    for name, row in (
        ("native, first time", first),
        ("native, new process", second),
        ("native, compiled", again),
        ("OOMMF", reference),
    ):
        relax, drive = row["seconds"]
        ratio = (relax + drive) / sum(reference["seconds"])
        evaluations = row["evaluations"]
        print(f"{name:20} {relax:8.2f} s + {drive:8.2f} s  {evaluations:7d} evaluations  {ratio:.2f} of OOMMF's time")
    print(f"largest difference of the mean m_y: {apart:.1e}")


if __name__ == "__main__":
    main()
