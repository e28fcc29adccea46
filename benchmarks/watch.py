"""What `solitons watch` costs: a look, the first picture in a browser, memory over polls, and how soon stale is shown.

    python benchmarks/watch.py --entries 3000 --polls 10000

The store has a campaign of as many runs as asked for, copies of a stored one under ids of their own. Where there is no
Chromium, what needs one is left out and named.
"""

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tornado.httpclient import AsyncHTTPClient, HTTPRequest

ROOT = Path(__file__).parents[1]
# The mock engine is a plug-in of the tests.
PLUGINS = str(ROOT / "tests" / "plugins")
sys.path.append(PLUGINS)

from headless_browser import CHROMIUM, browser  # noqa: E402

from geometries import Material, Stripe  # noqa: E402
from runs import execute  # noqa: E402
from runs.protocols.in_time import Protocol  # noqa: E402
from runs.protocols.pulses import CurrentPulses  # noqa: E402
from runs.spec import RunSpec  # noqa: E402
from runs.store import Store, remember_campaign  # noqa: E402

CLAIM = """
import sys
from pathlib import Path
from runs.store import Store
with Store(Path(sys.argv[1])).claim(sys.argv[2]):
    print("claimed", flush=True)
    sys.stdin.read()
"""


def spec_of():
    material = Material(name="film", Ms=6e5, A=1.2e-11, Ku=5e5, alpha=0.1, P=0.6, beta=0.05)
    stripe = Stripe(length=400e-9, width=40e-9, thickness=1e-9, cell=(2e-9, 2e-9, 1e-9), walls=[{"position": 100e-9}])
    pulses = CurrentPulses(amplitude=1e12, width=0.2e-9, period=1e-9, count=10, polarity="alternating")
    return RunSpec(
        device=stripe, material=material, protocol=Protocol(steps=[pulses], sampling_interval=50e-12), engine="mock"
    )


def fill(store, entries):
    """Copies of one run, each with a record of its own id, as a sweep of thousands has them."""
    spec = spec_of()
    assert [report.outcome for report in execute([spec], store.root)] == ["computed"]
    first = store.entry(spec.run_id)
    from runs.store.entry import RECORD, SEAL, seal

    record = json.loads((first / RECORD).read_text())
    ids = [spec.run_id, *(f"{number:016x}" for number in range(1, entries))]
    for run_id in ids[1:]:
        entry = store.entry(run_id)
        shutil.copytree(first, entry, copy_function=os.link)
        for name in (RECORD, SEAL):
            (entry / name).unlink()
        content = (json.dumps(record | {"run_id": run_id}, indent=2) + "\n").encode()
        (entry / RECORD).write_bytes(content)
        (entry / SEAL).write_text(seal(content))
    at_work = "f" * 16
    remember_campaign(store, "large", "mock", [*ids, at_work], {run_id: f"drive {run_id}" for run_id in ids})
    return ids, at_work


def resident(pid):
    """Memory of a process in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu(pid):
    """CPU time of a process in s, which does not depend on what else the machine does."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


async def fetch(address, **options):
    return await AsyncHTTPClient().fetch(HTTPRequest(address, **options), raise_error=False)


async def look(address, times):
    """Time of a poll whose look is new, as seen by one who asks once a second and a half."""
    taken = []
    for _ in range(times):
        await asyncio.sleep(1.5)
        started = time.perf_counter()
        answer = await fetch(f"{address}runs")
        assert answer.code == 200
        taken.append(time.perf_counter() - started)
    return taken


async def first_pictures(address, times):
    taken = []
    async with browser() as page:
        await page.size(1400, 900)
        for _ in range(times):
            await page.call("Network.clearBrowserCache")
            await page.open("about:blank")
            started = time.perf_counter()
            await page.call("Page.navigate", url=address)
            await page.until("document.querySelector('.pane').dataset.frame")
            taken.append(time.perf_counter() - started)
    return taken


async def stale(address, store, run_id):
    """Seconds from a worker's SIGKILL to "stale" in an open page."""
    worker = subprocess.Popen(
        [sys.executable, "-c", CLAIM, str(store.root), run_id], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout.readline() == "claimed\n"
    store.work_directory(run_id)
    state = f"document.querySelector('[data-row=\"{run_id}\"]').dataset.state"
    async with browser() as page:
        await page.open(address)
        await page.until(f"{state} === 'computing'")
        worker.kill()
        worker.wait()
        started = time.perf_counter()
        await page.until(f"{state} === 'stale'")
        return time.perf_counter() - started


async def polls(address, pid, ids, count):
    """Memory after each tenth of the polls: table, run, picture and search in turn, of ever other runs and frames."""
    seen = []
    waiting = asyncio.Semaphore(4)

    async def one(number):
        run_id = ids[number % len(ids)]
        path = (
            f"runs?first={number % len(ids)}",
            f"run/{run_id}",
            f"run/{run_id}/picture?frame={number % 200}&component=direction",
            f"runs?text=drive%20{number}",
        )[number % 4]
        async with waiting:
            answer = await fetch(f"{address}{path}")
            assert answer.code == 200, (path, answer.code)

    for part in range(10):
        await asyncio.gather(*(one(number) for number in range(part * count // 10, (part + 1) * count // 10)))
        seen.append(resident(pid))
    return seen


async def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=3000)
    parser.add_argument("--polls", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where the store is, or is made and kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        store = Store(options.folder or Path(name) / "store")
        ids, at_work = (store.ids(), "f" * 16) if store.ids() else fill(store, options.entries)
        shutil.rmtree(store.root / ".work", ignore_errors=True)  # of the worker that was killed here before
        started = time.perf_counter()
        path = os.pathsep.join([str(ROOT), PLUGINS])
        code = "from solitons.commands.cli import main; main()"
        server = subprocess.Popen(
            [sys.executable, "-c", code, "watch", "--store", str(store.root), "--port", "0"],
            stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": path},
        )  # fmt: skip
        try:
            server.stdout.readline()
            address = server.stdout.readline().strip()
            print(f"{len(ids)} runs, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
            print(f"address after {time.perf_counter() - started:.2f} s")
            if CHROMIUM:
                (cold,) = await first_pictures(address, 1)
                print(
                    f"first picture, opened at once: {cold:.2f} s, {time.perf_counter() - started:.2f} s from the start"
                )
                before = cpu(server.pid)
                taken = await first_pictures(address, options.times)
                used = (cpu(server.pid) - before) / options.times
                print(f"first picture: {statistics.median(taken):.2f} s, longest of {len(taken)} {max(taken):.2f} s")
                print(f"CPU time of the server for a page with its picture: {used:.2f} s")
            else:
                print("no Chromium: first picture and stale are left out")
            before = cpu(server.pid)
            taken = await look(address, options.times)
            used = (cpu(server.pid) - before) / options.times
            print(f"poll with a new look: {1e3 * statistics.median(taken):.0f} ms, longest {1e3 * max(taken):.0f} ms; "
                  f"CPU time {1e3 * used:.0f} ms")  # fmt: skip
            first = await fetch(f"{address}runs")
            again = await fetch(f"{address}runs", headers={"If-None-Match": first.headers["Etag"]})
            print(f"poll: {len(first.body)} bytes, again {again.code} with {len(again.body)}")
            if CHROMIUM:
                print(f"stale after kill -9: {await stale(address, store, at_work):.2f} s")
            started = time.perf_counter()
            seen = await polls(address, server.pid, ids, options.polls)
            print(f"{options.polls} polls in {time.perf_counter() - started:.0f} s; memory after each tenth (MiB):")
            print(" ".join(f"{each:.0f}" for each in seen))
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    asyncio.run(main())
