"""How fast a drive is opened and read: `runs.reading` against micromagneticdata, from one process.

    python benchmarks/open_drive.py [--frames 1000] [--cells 64] [--repeat 5]

A drive as oommfc writes it, `frames` frames of `cells` x `cells` x 1 cells in OVF 2.0, binary 8, with its table of 20
columns. micromagneticdata's `Drive.to_xarray()` reads all of it; it is timed as its users call it, and with
`use_cache=True`, which spares it looking for the files anew at each frame. Every file is in the system's cache. Times
are minima over the repeats, ratios are against `to_xarray()` with its cache.
"""

import argparse
import json
import pathlib
import struct
import tempfile
import time

import micromagneticdata
import numpy as np

from runs.reading import open_drive

HEADER = """\
# OOMMF OVF 2.0
# Segment count: 1
# Begin: Segment
# Begin: Header
# Title: Oxs_TimeDriver::Magnetization
# Desc: Oxs vector field output
# Desc:  MIF source file: film/drive-0/film.mif
# Desc:  Iteration: {iteration}, State id: {iteration}
# Desc:  Stage: {stage}, Stage iteration: 10
# Desc:  Stage simulation time: 1e-12 s
# Desc:  Total simulation time: {time!r} s
# meshunit: m
# meshtype: rectangular
# xbase: 1e-09
# ybase: 1e-09
# zbase: 5e-10
# xnodes: {cells}
# ynodes: {cells}
# znodes: 1
# xstepsize: 2e-09
# ystepsize: 2e-09
# zstepsize: 1e-09
# xmin: 0
# ymin: 0
# zmin: 0
# xmax: {edge!r}
# ymax: {edge!r}
# zmax: 1e-09
# valuedim: 3
# valuelabels: Magnetization_x Magnetization_y Magnetization_z
# valueunits: A/m A/m A/m
# End: Header
# Begin: Data Binary 8
"""
END = b"\n# End: Data Binary 8\n# End: Segment\n"
COLUMNS = ["Oxs_TimeDriver::Iteration", "Oxs_TimeDriver::Stage", "{Oxs_TimeDriver::Simulation time}"]
COLUMNS += [f"Oxs_Demag:term{index}:Energy" for index in range(17)]


def write_drive(directory, frames, cells):
    directory.mkdir(parents=True)
    values = np.random.default_rng(0).normal(size=(cells, cells, 3)).astype("<f8")
    values *= 8e5 / np.linalg.norm(values, axis=-1, keepdims=True)
    rows = []
    for stage in range(frames):
        numbers = {"iteration": 10 * stage + 10, "stage": stage, "time": (stage + 1) * 1e-12}
        header = HEADER.format(**numbers, cells=cells, edge=cells * 2e-9).encode()
        data = struct.pack("<d", 123456789012345.0) + np.roll(values, stage, axis=0).tobytes()
        name = f"film-Oxs_TimeDriver-Magnetization-{stage:0{len(str(frames - 1))}d}-{numbers['iteration']:07d}.omf"
        (directory / name).write_bytes(header + data + END)
        rows.append(" ".join(map(repr, [*numbers.values(), *np.arange(17.0).tolist()])) + "\n")
    (directory / "m0.omf").write_bytes(header + data + END)
    head = f"# ODT 1.0\n# Table Start\n# Title: film\n# Columns: {' '.join(COLUMNS)}\n# Units: {{}} {{}} s{' J' * 17}\n"
    (directory / "film.odt").write_text(head + "".join(rows) + "# Table End\n")
    (directory / "info.json").write_text(json.dumps({"driver": "TimeDriver", "n": frames}))


def seconds(function, repeat):
    times = []
    for _ in range(repeat):
        started = time.perf_counter()
        result = function()
        times.append(time.perf_counter() - started)
    return min(times), result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=1000)
    parser.add_argument("--cells", type=int, default=64)
    parser.add_argument("--repeat", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        base = pathlib.Path(temporary)
        directory = base / "film" / "drive-0"
        write_drive(directory, chosen.frames, chosen.cells)
        where = {"name": "film", "number": 0, "dirname": temporary}
        drive, chunked = open_drive(directory), open_drive(directory, chunks={})
        frame, cell = chosen.frames // 2, {"x": 7, "y": 8, "z": 0}

        # A copy is lazy again after it was read.
        ours = {
            "open": lambda: open_drive(directory),
            "open, in chunks": lambda: open_drive(directory, chunks={}),
            "open and read one frame": lambda: open_drive(directory)["M"].isel(t=frame).values,
            "one frame": lambda: drive["M"].isel(t=frame).copy().values,
            "one cell's time series": lambda: drive["M"].isel(cell).copy().values,
            "one cell's time series, in chunks": lambda: chunked["M"].isel(cell).values,
            "full read": lambda: drive["M"].copy().values,
            "full read, in chunks": lambda: chunked["M"].values,
        }
        measured = {name: seconds(function, chosen.repeat) for name, function in ours.items()}
        cached, expected = seconds(
            lambda: micromagneticdata.Drive(**where, use_cache=True).to_xarray(), max(1, chosen.repeat // 2)
        )
        plain, _ = seconds(lambda: micromagneticdata.Drive(**where).to_xarray(), 1)
        for name in ("full read", "full read, in chunks"):
            np.testing.assert_array_equal(measured[name][1], expected)
        np.testing.assert_array_equal(measured["one cell's time series"][1], expected.isel(cell))
        size = expected.nbytes / 1e6

    print(f"{chosen.frames} frames of {chosen.cells} x {chosen.cells} x 1 cells, {size:.0f} MB")
    print(f"{'to_xarray()':36s} {plain * 1e3:10.1f} ms")
    print(f"{'to_xarray(), use_cache=True':36s} {cached * 1e3:10.1f} ms   ratio")
    for name, (elapsed, _) in measured.items():
        print(f"{name:36s} {elapsed * 1e3:10.1f} ms {cached / elapsed:8.1f}")


if __name__ == "__main__":
    main()
