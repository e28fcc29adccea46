"""How much memory and time `analysis.walls` takes as a run grows, and how that compares with loading it.

    python benchmarks/streaming_walls.py [--cells 256] [--frames 1000 10000] [--chunk 32] [--workers 2]

Runs of `cells` x `cells` x 1 cells in float32 with two walls, analysed each in a process of its own: one whose frames
are made when they are asked for, so that nothing is read, and one from a zarr on the disk with the store's chunks.
Memory is the process's largest resident size, less what was resident before the analysis. "in memory" is the same run
loaded whole; ratios are against that one, of times per frame. "to make" is how long making the frames takes without any
analysis. glibc keeps freed pieces of up to 32 MB, and threads keep them apart: with --return-memory
(MALLOC_MMAP_THRESHOLD_=65536) it gives them back, and what remains is what is in use.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import dask.array
import numpy as np
import xarray as xr

from analysis import artificial, walls

# Frames that are kept to be repeated: a film that goes there and back.
PERIOD = 16


def film(cells):
    position = 0.3 + 0.1 * np.sin(2 * np.pi * np.arange(PERIOD) / PERIOD)
    positions = np.stack([position, position + 0.25], axis=1) * cells * 4e-9
    size = {"length": cells * 4e-9, "magnet_width": cells * 4e-9}
    return artificial.domain_walls(positions, tilt=0.1, dtype=np.float32, **size)


def frames_of(_block, period=None, block_info=None):
    start, stop = block_info[0]["array-location"][0]
    return period[np.arange(start, stop) % PERIOD]


def made_run(cells, frames, chunk):
    """A run of any length whose chunks are copies of the same few frames, made on demand."""
    base = film(cells)
    shape = base.m.shape[1:]
    m = dask.array.zeros((frames, *shape), chunks=(chunk, *shape), dtype=np.float32).map_blocks(
        frames_of, period=base.m.values, dtype=np.float32, meta=np.empty((0,) * 5, np.float32)
    )
    t = ("t", np.arange(frames) * 1e-12, {"units": "s"})
    return xr.Dataset({"m": (base.m.dims, m)}, {"t": t} | {name: base[name] for name in ("x", "y", "z", "vdims")})


def opened_run(path):
    return xr.open_zarr(path, consolidated=False).assign_coords(vdims=["x", "y", "z"])


def mebibytes(name):
    """VmRSS, what is resident, or VmHWM, the most that was (Linux). getrusage's maximum begins with the parent's."""
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) / 1024


def measure(how, path, cells, frames, chunk, workers):
    """Analyse one run in this process and print what that took."""
    # Compiled and imported by then: what is used once is not counted.
    walls(film(16).chunk({"t": 8}))
    run = opened_run(path) if how != "made" else made_run(cells, frames, chunk)
    run = run.isel(t=slice(frames))
    before = mebibytes("VmRSS")
    started = time.perf_counter()
    if how == "in memory":
        run = run.load()
    with dask.config.set(num_workers=workers):
        found = walls(run)
    elapsed = time.perf_counter() - started
    memory = mebibytes("VmHWM") - before
    producing = 0.0
    if how == "made":
        started = time.perf_counter()
        with dask.config.set(num_workers=workers):
            run.m.isel(x=0, y=0, z=0, vdims=0).values  # noqa: B018
        producing = time.perf_counter() - started
    assert found.sizes == {"t": frames, "wall": 2}, found.sizes
    assert found.position.notnull().all()
    print(json.dumps({"memory": memory, "elapsed": elapsed, "producing": producing}))


def in_a_process(*arguments, return_memory=False):
    command = [sys.executable, __file__, "--measure", *map(str, arguments)]
    environment = os.environ | ({"MALLOC_MMAP_THRESHOLD_": "65536"} if return_memory else {})
    finished = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return json.loads(finished.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=int, default=256)
    parser.add_argument("--frames", type=int, nargs=2, default=[1000, 10000])
    parser.add_argument("--chunk", type=int, default=32)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--stored", type=int, nargs=2, default=[320, 1280], help="frames of the zarr on the disk")
    parser.add_argument("--return-memory", action="store_true", help="glibc gives freed memory back at once")
    parser.add_argument("--measure", nargs=6, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        how, path, *numbers = chosen.measure
        measure(how, path, *map(int, numbers))
        return
    settings = (chosen.chunk, chosen.workers)
    frame = chosen.cells**2 * 12 / 2**20
    print(f"{chosen.cells} x {chosen.cells} x 1 cells, {chosen.chunk} frames a chunk ({chosen.chunk * frame:.1f} MiB)")
    print(f"{'':26s}{'m':>10s}{'memory':>12s}{'a frame':>11s}{'to make':>12s}{'memory':>9s}{'time':>7s}")
    with tempfile.TemporaryDirectory() as temporary:
        path = pathlib.Path(temporary) / "run.zarr"
        stored = made_run(chosen.cells, max(chosen.stored), chosen.chunk).drop_vars("vdims")
        stored.to_zarr(path, zarr_format=3, consolidated=False)
        rows = [("in memory", chosen.stored[0])]
        rows += [("zarr", frames) for frames in chosen.stored] + [("made", frames) for frames in chosen.frames]
        whole = None
        for how, frames in rows:
            result = in_a_process(how, path, chosen.cells, frames, *settings, return_memory=chosen.return_memory)
            each = result["elapsed"] / frames
            whole = whole or {"memory": result["memory"], "each": each}
            print(
                f"{how:10s}{frames:9d} frames{frames * frame:8.0f} MiB{result['memory']:8.1f} MiB{each * 1e3:8.3f} ms"
                f"{result['producing'] / frames * 1e3:9.3f} ms{result['memory'] / whole['memory']:9.2f}"
                f"{each / whole['each']:7.2f}"
            )


if __name__ == "__main__":
    main()
