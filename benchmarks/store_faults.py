"""How a run store stands kills and faults: processes that are ended at random moments, full disks, bits that flip.

    python benchmarks/store_faults.py --rounds 1000
    python benchmarks/store_faults.py --rounds 100 --kinds SIGKILL --json faults.json

In each round one or two processes compute runs of the mock engine into one store and are ended at a random moment,
or run into a full disk, or a stored file is changed behind the store's back. Afterwards every entry must be what the
engine made, none may be missing that was there or that a process had reported as stored, none may have been computed
twice, and `gc` must leave nothing but entries. All processes are forked from this one, so that a round takes no
start-up; Linux and macOS only.
"""

import argparse
import collections
import contextlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

from geometries import Stripe
from runs import CurrentPulses, Protocol, Relax, RunSpec, Store, interruption
from runs.attempt import run_one
from runs.engines import get_engine
from runs.store import (
    CorruptEntryError,
    StoreFullError,
    find_leftovers,
    remove_leftovers,
    set_aside_corrupt,
    verify_entry,
)

# The mock engine is a plug-in, which only the tests install.
sys.path.append(str(Path(__file__).parents[1] / "tests" / "plugins"))
mock = get_engine("mock")

RUNS = 20
SIGNALS = ("SIGKILL", "SIGTERM", "SIGINT")
KINDS = (*SIGNALS, "file-size limit", "full disk", "bit flip", "truncation")
LIMIT = 60.0  # seconds after which a process hangs


def specs():
    device = Stripe(length=160e-9, width=16e-9, thickness=1e-9, cell=(4e-9, 4e-9, 1e-9), walls=[{"position": 60e-9}])
    material = {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "alpha": 0.1, "P": 0.6}
    for number in range(RUNS):
        train = CurrentPulses(amplitude=(number + 1) * 1e11, width=0.2e-9, rise=20e-12, period=0.3e-9)
        protocol = Protocol(steps=[Relax(), train], sampling_interval=50e-12)
        yield RunSpec(device=device, material=material, protocol=protocol, engine="mock")


class Bench:
    """One store after another, and what went wrong in each round."""

    def __init__(self, folder, seed):
        self.folder = folder
        self.random = random.Random(seed)
        self.specs = {spec.run_id: spec for spec in specs()}
        self.truth = {
            run_id: mock.simulate(spec, folder, lambda _: None)["m"].values for run_id, spec in self.specs.items()
        }
        # Imports that happen at first use are not part of any round.
        warm = Store(folder / "warm")
        run_one(next(iter(self.specs.values())), warm)
        warm.open(next(iter(self.specs)))
        self.generation = 0
        self.fresh_store()

    def fresh_store(self):
        """Begin an empty store."""
        self.generation += 1
        self.store = Store(self.folder / f"store-{self.generation}")
        self.store.root.mkdir()
        self.known = set()

    def fork(self, work):
        """Do `work` in a process of its own; what it writes to the pipe that it gets can be read from here."""
        reading, writing = os.pipe()
        child = os.fork()
        if child:
            os.close(writing)
            return child, reading
        os.close(reading)
        code = 99
        try:
            code = work(writing)
        except KeyboardInterrupt:
            code = 130
        except BaseException as error:
            os.write(writing, f"! {type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(code)

    def compute(self, order, limit=None):
        """A process that brings runs into the store one after the other, and says so of each."""

        def work(pipe):
            # An interrupt may strike between the making of a coroutine and its first step.
            warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
            interruption.listen()  # as the command does
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            for run_id in order:
                try:
                    seconds = run_one(self.specs[run_id], self.store)
                except StoreFullError:
                    os.write(pipe, f"full {run_id}\n".encode())
                else:
                    os.write(pipe, f"{'computed' if seconds else 'stored'} {run_id}\n".encode())
            return 0

        return self.fork(work)

    def listen(self, child, reading):
        """What a process has said, once it is over."""
        deadline = time.monotonic() + LIMIT
        os.set_blocking(reading, False)
        text = b""
        status = None
        while status is None:
            with contextlib.suppress(BlockingIOError):
                text += os.read(reading, 65536)
            pid, code = os.waitpid(child, os.WNOHANG)
            status = code if pid else None
            if status is None and time.monotonic() > deadline:
                os.kill(child, signal.SIGKILL)
                raise RuntimeError(f"a process hangs; it had said {text!r}")
            time.sleep(0.002)
        with contextlib.suppress(BlockingIOError):
            text += os.read(reading, 65536)
        os.close(reading)
        lines = [line.split(" ", 1) for line in text.decode().splitlines() if " " in line]
        return os.waitstatus_to_exitcode(status), lines

    def interrupted(self, name):
        """One round of a signal: how many processes it struck, and whether in the middle of writing."""
        missing = [run_id for run_id in self.specs if run_id not in self.known]
        self.random.shuffle(missing)
        # Two processes that race for the same runs, every other time.
        children = [self.compute(missing) for _ in range(self.random.choice((1, 2)))]
        time.sleep(self.random.uniform(0.0, 0.25))
        for child, _ in children:
            os.kill(child, getattr(signal, name))
        heard = [self.listen(*child) for child in children]
        struck = sum(code != 0 for code, _ in heard)
        writing = any(path.name.startswith(".unfinished-") for path in self.store.root.iterdir())
        return {"struck": struck, "writing": int(writing)}, [line for _, lines in heard for line in lines]

    def full(self, limit):
        """One round with too little room; the process itself goes on."""
        missing = [run_id for run_id in self.specs if run_id not in self.known][:4]
        code, lines = self.listen(*self.compute(missing, limit))
        return {"struck": sum(word == "full" for word, _ in lines), "wrong": int(code != 0)}, lines

    def full_disk(self):
        """The store on a disk of its own, with so little room that some run does not fit."""
        disk = self.folder / "disk"
        disk.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], check=True)
        usual, known = self.store, self.known
        try:
            self.store, self.known = Store(disk / "store"), set()
            self.store.root.mkdir()
            free = shutil.disk_usage(disk).free
            (disk / "ballast").write_bytes(b"\0" * (free - self.random.randrange(8192, 400_000)))
            found, lines = self.full(None)
            found = {**found, **self.check(lines, found)}
            # With room again, the same runs go in.
            (disk / "ballast").unlink()
            again, lines = self.full(None)
            found["wrong"] += again["wrong"] + again["struck"] + (len(self.store.ids()) < 4)
            return found | {key: found[key] + value for key, value in self.check(lines, again).items() if key != "kept"}
        finally:
            self.store, self.known = usual, known
            subprocess.run(["umount", str(disk)], check=True)

    def damaged(self, kind):
        """Change one file of one entry; it must be found, must not be read, and the run must come back."""
        if not self.known:
            self.check(self.full(None)[1], {})
        run_id = self.random.choice(sorted(self.known))
        files = sorted(path for path in self.store.entry(run_id).rglob("*") if path.is_file())
        path = self.random.choice([path for path in files if path.stat().st_size])
        content = bytearray(path.read_bytes())
        if kind == "truncation":
            path.write_bytes(content[: self.random.randrange(len(content))])
        else:
            content[self.random.randrange(len(content))] ^= self.random.randrange(1, 256)
            path.write_bytes(content)
        found = {"struck": 1, "wrong": 0}
        # Either the true numbers or an error; never others.
        if self.listen(*self.fork(lambda pipe: self.read([run_id], pipe, allow_error=True)))[0] != 0:
            found["wrong"] += 1
        if not any(finding.corrupt for finding in verify_entry(self.store, run_id)):
            found["wrong"] += 1
        if set_aside_corrupt(self.store, run_id) is None:
            found["wrong"] += 1
        self.known.discard(run_id)
        code, lines = self.listen(*self.compute([run_id]))
        found["wrong"] += int(code != 0)
        checked = self.check(lines, found)
        shutil.rmtree(self.store.root / "set-aside")
        return found | checked

    def read(self, run_ids, pipe, allow_error=False):
        """0 if every run is, read from the store, what the engine made."""
        code = 0
        for run_id in run_ids:
            try:
                if not np.array_equal(self.store.open(run_id)["m"].values, self.truth[run_id], equal_nan=True):
                    os.write(pipe, f"wrong {run_id}\n".encode())
                    code = 1
            except CorruptEntryError:
                if not allow_error:
                    os.write(pipe, f"corrupt {run_id}\n".encode())
                    code = 1
        return code

    def check(self, lines, found):
        """Look at the store as it is now: what is wrong, lost, and left behind."""
        errors = [text for word, text in lines if word == "!"]
        if errors:
            print(f"a process said: {errors}", file=sys.stderr)
        there = set(self.store.ids())
        said = {run_id for word, run_id in lines if word in ("computed", "stored")}
        lost = (self.known | said) - there
        computed = collections.Counter(run_id for word, run_id in lines if word == "computed")
        twice = [run_id for run_id, times in computed.items() if times > 1 or run_id in self.known]
        wrong = [f"computed twice {run_id}" for run_id in twice]
        wrong += [each.text for run_id in there for each in verify_entry(self.store, run_id)]
        new = sorted(there - self.known)
        if new:
            code, said_wrong = self.listen(*self.fork(lambda pipe: self.read(new, pipe)))
            wrong += [f"{word} {run_id}" for word, run_id in said_wrong] if code else []
        before = find_leftovers(self.store, age=0.0)
        for _ in remove_leftovers(self.store, before):
            pass
        behind = [
            path.name for path in self.store.root.iterdir() if path.name not in (*self.specs, "set-aside", ".failures")
        ]
        # Why a run that is not there failed is worth keeping; all else is not.
        behind += [path.name for path in self.store.root.glob(".failures/*") if path.stem in {*there, path.name}]
        for problem in (*wrong, *(f"lost {run_id}" for run_id in lost), *(f"left behind {name}" for name in behind)):
            print(problem, file=sys.stderr)
        self.known = there
        return {
            "wrong": found.get("wrong", 0) + len(wrong) + len(errors),
            "lost": len(lost),
            "kept": len(before),
            "left behind": len(behind),
        }

    def round(self, kind):
        """One round, and all that is found after it."""
        if len(self.known) >= RUNS - 2:
            shutil.rmtree(self.store.root)
            self.fresh_store()
        if kind == "full disk":
            return self.full_disk()
        if kind in ("bit flip", "truncation"):
            return self.damaged(kind)
        found, lines = self.interrupted(kind) if kind in SIGNALS else self.full(self.random.randrange(200, 4000))
        return found | self.check(lines, found)


def can_mount(folder):
    where = folder / "trial"
    where.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(where)]
    if os.getuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        return False
    subprocess.run(["umount", str(where)], check=True)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1000, help="how many rounds in all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=KINDS)
    parser.add_argument("--json", type=Path, help="also write the table to this file")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that no disk stays mounted
    table = collections.defaultdict(collections.Counter)
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), options.seed)
        kinds = options.kinds
        if "full disk" in kinds and not can_mount(Path(name)):
            print("full disk: no small disk can be mounted here; the file-size limit stands for it")
            kinds = [kind for kind in kinds if kind != "full disk"]
        # Signals, whose moment is what matters, get four rounds for each one of the others.
        weights = [4 if kind in SIGNALS else 1 for kind in kinds]
        started = time.perf_counter()
        # Every kind is there, however few the rounds.
        schedule = [*kinds, *bench.random.choices(kinds, weights, k=options.rounds)][: options.rounds]
        bench.random.shuffle(schedule)
        for kind in schedule:
            table[kind].update({"rounds": 1})
            table[kind].update(bench.round(kind))
        seconds = time.perf_counter() - started
    columns = ("rounds", "struck", "writing", "kept", "wrong", "lost", "left behind")
    print(f"{'kind':16s}" + "".join(f"{column:>13s}" for column in columns))
    for kind in kinds:
        print(f"{kind:16s}" + "".join(f"{table[kind][column]:13d}" for column in columns))
    total = {column: sum(table[kind][column] for kind in kinds) for column in columns}
    print(f"{'all':16s}" + "".join(f"{total[column]:13d}" for column in columns))
    print(f"{seconds:.0f} s. struck: processes that were ended, writes that failed, files that were damaged;")
    print("writing: rounds in which an entry was half written then; kept: what gc found and removed;")
    print("left behind: what it did not.")
    if options.json:
        options.json.write_text(json.dumps({kind: dict(table[kind]) for kind in kinds}) + "\n")
    sys.exit(1 if total["wrong"] or total["lost"] or total["left behind"] else 0)


if __name__ == "__main__":
    main()
