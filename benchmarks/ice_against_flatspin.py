"""Flips per second of the spin ice beside flatspin's, and whether both flip the same islands in the same order.

    python benchmarks/ice_against_flatspin.py --peer /path/to/python/with/flatspin [--size 50] [--steps 64]
        [--opencl] [--record sequence.json]

flatspin (J. H. Jensen et al., Phys. Rev. B 106, 064408 (2022)) is GPL and no dependency: it runs in a Python
of its own, `pip install flatspin "pyopencl[pocl]"`. Both get the same square ice with closed edges, the same
dipoles up to the same cut-off, the same disorder of the switching fields, which is flatspin's, and the same
field: one loop at an angle of 40 degrees. Time is that of the loop, without building the lattice, and after a
first loop that compiles; here the shortest of five.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ASTROID = {"b": 0.41, "c": 1.0, "beta": 1.5, "gamma": 3.9}
SWITCHING, SPREAD, ALPHA, SEED = 0.2, 0.05, 0.002, 7
AMPLITUDE, DEGREES = 0.25, 40.0


def field_loop(steps):
    """Fields in T, from + to - and back."""
    swing = AMPLITUDE * np.cos(np.linspace(0, 2 * np.pi, steps))
    angle = np.deg2rad(DEGREES)
    return swing[:, None] * np.array([np.cos(angle), np.sin(angle)])


def peer(size, steps, reach, opencl, target):
    """Run flatspin, in its own Python; its lattice and flips into a file."""
    from importlib.metadata import version

    from flatspin.model import SquareSpinIceClosed

    def build():
        return SquareSpinIceClosed(
            size=(size, size),
            lattice_spacing=1,
            hc=SWITCHING,
            disorder=SPREAD,
            alpha=ALPHA,
            neighbor_distance=reach,
            switching="sw",
            **{f"sw_{name}": value for name, value in ASTROID.items()},
            random_seed=SEED,
            use_opencl=opencl,
        )

    field = field_loop(steps)
    timed = build()
    timed.set_h_ext(field[0])
    timed.relax()
    begin = time.perf_counter()
    flips = 0
    for value in field:
        timed.set_h_ext(value)
        flips += timed.relax()
    seconds = time.perf_counter() - begin

    model = build()
    spins = np.array(model.spin)
    sequence = []
    for step, value in enumerate(field):
        model.set_h_ext(value)
        while model.step():
            (turned,) = np.nonzero(model.spin != spins)
            spins = np.array(model.spin)
            sequence.append([step, *(int(each) for each in turned)])
    np.savez(
        target,
        version=version("flatspin"),
        position=model.pos,
        angle=model.angle,
        threshold=model.threshold,
        flips=flips,
        seconds=seconds,
        sequence=np.array(sequence),
    )


def mine(peers, steps, reach):
    """The same lattice here: flips, seconds, and the sequence."""
    import xarray as xr
    from scipy import constants

    from solitons.spin_ice import SwitchingAstroid, dipole_couplings, drive_field, lattice_model

    angle, count = peers["angle"], len(peers["angle"])
    # In units of the lattice constant: alpha = mu0 m / 4 pi in T, with lengths of 1.
    lattice = xr.Dataset(
        {
            "position": (("island", "component"), peers["position"]),
            "axis": (("island", "component"), np.stack((np.cos(angle), np.sin(angle)), axis=1)),
            "volume": ("island", np.ones(count)),
            "saturation_magnetisation": ("island", np.full(count, 4 * np.pi * ALPHA / constants.mu_0)),
        }
    )
    begin = time.perf_counter()
    couplings = dipole_couplings(lattice, cut_off=reach + 1e-9)
    model = lattice_model(
        lattice,
        couplings,
        anisotropy_field=peers["threshold"] / constants.mu_0,
        astroid=SwitchingAstroid(**ASTROID),
    )
    seconds = time.perf_counter() - begin
    print(f"{count} islands, {len(couplings.neighbour) / count:.0f} neighbours, table in {seconds:.2f} s")
    field, start = field_loop(steps) / constants.mu_0, np.ones(count)
    run, took = drive_field(model, start, field), []
    for _ in range(5):
        begin = time.perf_counter()
        drive_field(model, start, field)
        took.append(time.perf_counter() - begin)
    return run.sizes["flip"], min(took), np.stack((run.flip_step, run.flip_island), axis=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", help="a Python that has flatspin")
    parser.add_argument("--size", type=int, default=50)
    parser.add_argument("--steps", type=int, default=64)
    parser.add_argument("--reach", type=float, default=10.0, help="cut-off in lattice constants")
    parser.add_argument("--opencl", action="store_true", help="let flatspin use OpenCL")
    parser.add_argument("--record", help="write the lattice and flatspin's flips to this JSON file")
    parser.add_argument("--target", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.target:
        peer(chosen.size, chosen.steps, chosen.reach, chosen.opencl, chosen.target)
        return
    with tempfile.TemporaryDirectory() as directory:
        target = str(Path(directory) / "peer.npz")
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        command = [chosen.peer or sys.executable, __file__, *sys.argv[1:], "--target", target]
        subprocess.run(command, check=True, env=environment)
        with np.load(target) as content:
            peers = dict(content)
    flips, seconds, sequence = mine(peers, chosen.steps, chosen.reach)
    theirs = peers["sequence"]
    shared = min(len(theirs), len(sequence))
    different = np.nonzero(np.any(theirs[:shared] != sequence[:shared], axis=1))[0]
    their_rate, rate = peers["flips"] / peers["seconds"], flips / seconds
    print(f"flatspin {peers['version']}: {int(peers['flips'])} flips, {their_rate:.0f} flips/s")
    print(f"here: {flips} flips, {rate:.0f} flips/s, {rate / their_rate:.0f} times")
    same = len(theirs) == len(sequence) and not different.size
    print("same sequence" if same else f"first difference at flip {different[0] if different.size else shared}")
    if chosen.record:
        record = {
            "source": f"flatspin {peers['version']}, SquareSpinIceClosed",
            "size": chosen.size,
            "neighbor_distance": chosen.reach,
            "alpha": ALPHA,
            "astroid": ASTROID,
            "field": field_loop(chosen.steps).tolist(),
            **{name: peers[name].tolist() for name in ("position", "angle", "threshold", "sequence")},
        }
        Path(chosen.record).write_text(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
