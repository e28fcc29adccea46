"""How fast the native engine relaxes a skyrmion beside OOMMF, both on one thread of one core.

    python benchmarks/skyrmion_relaxation.py [--stopping 0.1]

A track of 256 x 96 x 0.6 nm in cells of 2 x 2 x 0.6 nm with perpendicular anisotropy, interfacial
DMI and demag. A disc of 20 nm radius at (64, 48) nm points down, all else up; the edges push the
skyrmion that it becomes along the track towards the middle, a mode so soft that following it is
most of the work. Both engines get this state and `MinDriver` with the same `stopping_mxHxm` (A/m;
oommfc's default is 0.1). OOMMF's time is that of the whole drive through oommfc, from the MIF file
to the state read back; the native engine's is that of `MinDriver.drive` without files, twice: the
first drive of a process compiles. The states at the end are compared: position, charge of Berg and
Luescher, and how far the energy of each is above the lower one.
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
import discretisedfield.tools as dft
import micromagneticmodel as mm
import numpy as np
import oommfc as oc

import runs.native as nc


def track():
    mesh = df.Mesh(p1=(0, 0, 0), p2=(256e-9, 96e-9, 0.6e-9), cell=(2e-9, 2e-9, 0.6e-9))
    system = mm.System(name="skyrmion")
    system.energy = mm.Exchange(A=1.5e-11) + mm.UniaxialAnisotropy(K=8e5, u=(0, 0, 1))
    system.energy += mm.DMI(D=3.2e-3, crystalclass="Cnv_z") + mm.Demag()
    inside = (mesh.cells.x[:, None] - 64e-9) ** 2 + (mesh.cells.y[None, :] - 48e-9) ** 2 < 20e-9**2
    m = np.zeros((*mesh.n, 3))
    m[..., 2] = np.where(inside, -1.0, 1.0)[:, :, None]
    system.m = df.Field(mesh, nvdim=3, value=m, norm=5.8e5)
    return system


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


def position(system):
    """First moment in m of what points down, (x, y)."""
    weight = np.clip(-system.m.orientation.array[:, :, 0, 2], 0, None)
    cells = system.m.mesh.cells
    return np.array([weight.sum(axis=1) @ cells.x, weight.sum(axis=0) @ cells.y]) / weight.sum()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stopping", type=float, default=0.1, help="largest |m x H x m| at the end, in A/m")
    stopping = parser.parse_args().stopping

    native, again, oommf = track(), track(), track()
    first = timed(lambda: nc.MinDriver(stopping_mxHxm=stopping).drive(native, save=False, verbose=0))
    second = timed(lambda: nc.MinDriver(stopping_mxHxm=stopping).drive(again, save=False, verbose=0))
    with tempfile.TemporaryDirectory() as directory, quiet():
        driver = oc.MinDriver(stopping_mxHxm=stopping)
        reference = timed(lambda: driver.drive(oommf, n_threads=1, dirname=directory, verbose=0))

    print(f"skyrmion relaxed to max |m x H x m| < {stopping:g} A/m, 128 x 48 x 1 cells, one thread each")
    energies = [nc.compute(system.energy.energy, system) for system in (native, oommf)]
    for name, system, seconds, energy in zip(
        ("native", "OOMMF"), (native, oommf), (second, reference), energies, strict=True
    ):
        charge = dft.topological_charge(system.m.sel("z"), method="berg-luescher")
        x, y = position(system) * 1e9
        above = (energy - min(energies)) / min(energies)
        print(
            f"{name:8} {seconds:8.2f} s  position ({x:.3f}, {y:.3f}) nm  charge {charge:.6f}  "
            f"energy {energy:.10g} J, {above:.1e} above the lower one"
        )
    evaluations = int(native.table.data["iteration"].iloc[-1]), int(oommf.table.data["energy_calc_count"].iloc[-1])
    print(f"evaluations: native {evaluations[0]}, OOMMF {evaluations[1]}")
    print(f"native's first drive, with compilation, took {first:.2f} s")
    print(f"OOMMF / native: {reference / second:.1f}")
    print(f"OOMMF / native with compilation: {reference / first:.1f}")


if __name__ == "__main__":
    main()
