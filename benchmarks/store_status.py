"""How long `solitons status` takes with ten thousand stored runs: the function, and the command with its imports.

    python benchmarks/store_status.py --entries 10000

The entries are empty folders of a run's name: `status` opens none. Beside them are a campaign that names them all,
and some runs that failed or that this process has claimed.
"""

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from runs.store import Store, remember_campaign, status


def fill(store, entries):
    ids = [f"{number:016x}" for number in range(entries + 20)]
    for run_id in ids[:entries]:
        (store.root / run_id).mkdir(parents=True)
    for run_id in ids[entries : entries + 10]:
        store.record_failure(run_id, "EngineFailedError", "for the sake of the measure")
    remember_campaign(store, "large", "mock", ids)
    return ids


def seconds(work, times):
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken), max(taken)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as claims:
        store = Store(Path(name))
        ids = fill(store, options.entries)
        for run_id in ids[-10:]:
            claims.enter_context(store.claim(run_id))
        found = status(store).campaigns[0]
        assert (found.stored, len(found.failed), len(found.computing)) == (options.entries, 10, 10)
        code = "from solitons.commands.cli import main; main()"
        command = [sys.executable, "-c", code, "status", "--store", name]
        results = {
            "status(store)": seconds(lambda: status(store), options.times),
            "solitons status": seconds(
                lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True), options.times
            ),
            "python -c pass": seconds(
                lambda: subprocess.run([sys.executable, "-c", "pass"], check=True), options.times
            ),
        }
    print(f"{options.entries} entries, {os.cpu_count()} cores, median and longest of {options.times}")
    for what, (median, longest) in results.items():
        print(f"{what:16s} {1e3 * median:8.1f} ms {1e3 * longest:8.1f} ms")


if __name__ == "__main__":
    main()
