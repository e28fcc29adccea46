"""How fast both engines run the dw-demo campaign's strongest run, each on one thread of one core.

    python benchmarks/demo_run.py

Relaxation and drive, from the spec to the run Dataset. The native engine runs twice, with another
amplitude first: that run compiles, the second one does not.
"""

import os
import tempfile
import time
from pathlib import Path

# One thread each, on one core: set before JAX starts its threads and inherited by OOMMF.
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

from runs.engines import get_engine
from solitons import load_campaign
from solitons.campaigns.framework.base import SweptPoint


def seconds(spec):
    engine = get_engine(spec.engine)
    engine.version()
    with tempfile.TemporaryDirectory() as directory:
        started = time.perf_counter()
        engine.simulate(spec, Path(directory), lambda _: None)
        return time.perf_counter() - started


def main():
    campaign = load_campaign("dw-demo")
    native, oommf = (
        {run.role.values: run.spec for run in campaign.labelled_runs(engine) if isinstance(run.role, SweptPoint)}
        for engine in ("native", "oommf")
    )
    compiled = seconds(native[1.3e12, 0.3e-9])
    warm = seconds(native[1.5e12, 0.3e-9])
    reference = seconds(oommf[1.5e12, 0.3e-9])
    print(f"native, with compilation  {compiled:6.2f} s")
    print(f"native                    {warm:6.2f} s")
    print(f"OOMMF                     {reference:6.2f} s")
    print(f"OOMMF over native         {reference / warm:6.2f}  ({reference / compiled:.2f} with compilation)")


if __name__ == "__main__":
    main()
