"""Ends runs of the OOMMF engine in every way at random times, and counts what is left and what is wrong.

    python benchmarks/oommf_kills.py [--kills 154] [--seed 0] [--at-once 1]

Each run is a process of its own. It succeeds, or fails by a Tcl error in the middle, or gets SIGINT, SIGTERM or
SIGKILL, or OOMMF's solver or the watcher gets SIGKILL, at a time between its start and its end. Then the processes are
counted that have the run's id in their environment: orphans. A result counts as wrong if a run that ended well has not
exactly the uninterrupted run's m, if one that was ended says nothing of it, or if the same run in the same directory,
which goes on from the checkpoint where there is one, does not end well with m within 0.0045 of the uninterrupted run's,
which is itself as far away from one with a thousandth of the evolver's allowed errors. Half of the time a run waits
for OOMMF's processes to come and go, so that several at once take less; each is then one of another stream, whose
runs differ in the current.
"""

import argparse
import contextlib
import json
import os
import pathlib
import queue
import random
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

SIGNALS = {"SIGINT": signal.SIGINT, "SIGTERM": signal.SIGTERM, "SIGKILL": signal.SIGKILL}
KINDS = ("success", "failure", *SIGNALS, "solver killed", "watcher killed")
VICTIMS = {"solver killed": b"/boxsi.tcl", "watcher killed": b"oommf_watcher.py"}
TOLERANCE = 4.5e-3
PATIENCE = 60.0  # seconds until processes that are still there count as orphans


def make_spec(seed, stream):
    from geometries import Stripe
    from runs import CurrentPulses, Protocol, Relax, RunSpec

    stripe = Stripe(
        length=160e-9,
        width=16e-9,
        thickness=1e-9,
        cell=(4e-9, 4e-9, 1e-9),
        walls=[{"position": 60e-9, "kind": "bloch"}],
        readout_window={"x": (20e-9, 140e-9)},
    )
    material = {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "alpha": 0.1, "P": 0.6, "beta": 0.05}
    # Its own amplitude, so that no other process computes a run of the same id at the same time.
    pulse = {
        "amplitude": 1e12 + stream * 1e9 + seed * 1e6 + os.getppid(),
        "width": 0.7e-9,
        "rise": 20e-12,
        "period": 1e-9,
    }
    protocol = Protocol(steps=[Relax(), CurrentPulses(**pulse, polarity="negative")], sampling_interval=50e-12)
    return RunSpec(device=stripe, material=material, protocol=protocol, engine="oommf")


def serve(seed, pipes):
    """Fork a process for every stream, which forks one for every run: all modules are imported once, late ones too."""
    import oommfc  # noqa: F401

    import runs.engines.oommf_drive  # noqa: F401
    from runs.engines import oommf

    specs = [make_spec(seed, stream) for stream in range(len(pipes))]
    for drive in (False, True):
        oommf.build_system(specs[0], drive=drive, **({"time_dependence": "tcl"} if drive else {}))
    oommf.CHECKPOINT_INTERVAL = 0.15
    oommf.version()
    for spec, (reading, writing) in zip(specs, pipes, strict=True):
        if os.fork() == 0:
            # What another stream holds, too, would never come to its end.
            for other in {end for pair in pipes for end in pair} - {reading, writing}:
                os.close(other)
            with os.fdopen(reading) as questions, os.fdopen(writing, "w") as answers:
                answer(spec, questions, answers)
            os._exit(0)
    for end in (end for pair in pipes for end in pair):
        os.close(end)
    for _ in pipes:
        os.wait()


def answer(spec, questions, answers):
    from runs.engines import EngineFailedError, oommf

    print(spec.run_id, file=answers, flush=True)
    for line in questions:
        wanted = json.loads(line)
        directory = pathlib.Path(wanted["directory"])
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell has started this with &
            code = 1
            try:
                if wanted["fails_at"]:
                    oommf.build_system = broken(oommf.build_system, wanted["fails_at"])
                run = oommf.simulate(spec, directory, lambda _: None)
                np.savez(directory / "result.npz", m=run["m"], t=run["t"], resumed=run.attrs["resumed"])
                code = 0
            except EngineFailedError as error:
                (directory / "error").write_text(str(error))
                code = 3
            except KeyboardInterrupt:
                code = 4
            finally:
                os._exit(code)
        print(child, file=answers, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=answers, flush=True)


def broken(build_system, time_of_failure):
    def build(spec, **how):
        system = build_system(spec, **how)
        if how["drive"]:
            (term,) = (term for term in system.dynamics if hasattr(term, "tcl_strings"))
            script = f"if {{$total_time > {time_of_failure}}} {{ error {{it went wrong}} }}\n  return 1.0"
            script = f"proc CurrentProfile {{ total_time }} {{\n  {script}\n}}\n"
            term.tcl_strings = term.tcl_strings | {"script": script}
        return system

    return build


def processes_of(run_id):
    found = {}
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"SOLITONS_RUN={run_id}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                found[int(entry.name)] = (entry / "cmdline").read_bytes()
    return found


@contextlib.contextmanager
def streams(count, seed):
    """Yield so many streams, which one process after its imports serves."""
    down, up = ([os.pipe() for _ in range(count)] for _ in range(2))
    theirs = [(there[0], back[1]) for there, back in zip(down, up, strict=True)]
    ends = [end for pair in theirs for end in pair]
    arguments = [sys.executable, __file__, "--seed", str(seed), "--serve", *map(str, ends)]
    process = subprocess.Popen(arguments, pass_fds=ends)
    for end in ends:
        os.close(end)
    started = [Stream(there[1], back[0]) for there, back in zip(down, up, strict=True)]
    try:
        yield started
    finally:
        for stream in started:
            stream.close()
        process.wait()


class Stream:
    """The process that forks one for each run, one after the other."""

    def __init__(self, writing, reading):
        self.questions, self.answers = os.fdopen(writing, "w"), os.fdopen(reading)
        self.run_id = self.read()

    def read(self):
        return self.answers.readline().strip()

    def start(self, directory, fails_at=0.0):
        directory.mkdir(exist_ok=True)
        for name in ("result.npz", "error"):
            (directory / name).unlink(missing_ok=True)
        print(json.dumps({"directory": str(directory), "fails_at": fails_at}), file=self.questions, flush=True)
        return int(self.read())

    def close(self):
        self.questions.close()
        self.answers.close()


def left(run_id):
    """Wait for the end of a run's processes, end those that are still there, and return how many."""
    deadline = time.monotonic() + PATIENCE
    while (there := processes_of(run_id)) and time.monotonic() < deadline:
        time.sleep(0.02)
    for process in there:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    return len(there)


def end(kind, process, run_id, delay):
    """Let a run be ended after so many seconds; whoever is to be killed may have come and gone."""
    time.sleep(delay)
    with contextlib.suppress(ProcessLookupError):
        if kind in SIGNALS:
            os.kill(process, SIGNALS[kind])
        for number, command in processes_of(run_id).items() if kind in VICTIMS else ():
            if VICTIMS[kind] in command:
                os.kill(number, signal.SIGKILL)


def distance(directory, reference):
    """Return the largest difference in m from the uninterrupted run; infinite where the frames are others."""
    with np.load(directory / "result.npz") as found:
        same = found["m"].shape == reference["m"].shape and np.array_equal(found["t"], reference["t"])
        return float(np.nanmax(np.abs(found["m"] - reference["m"]))) if same else np.inf


def error_of(directory):
    return (directory / "error").read_text() if (directory / "error").exists() else "no message"


def run(kills, seed=0, kinds=KINDS, at_once=1):
    """Return for each kind how many there were, had ended before, left orphans, were wrong, and were gone on with."""
    choose = random.Random(seed)
    waiting = queue.SimpleQueue()
    for index in range(kills):
        waiting.put((index, kinds[index % len(kinds)], choose.random()))
    counts = {kind: dict.fromkeys(COLUMNS, 0) for kind in kinds}
    with tempfile.TemporaryDirectory() as temporary, streams(at_once, seed) as started:
        base = pathlib.Path(temporary)
        uninterrupted(started[0], base / "warm")
        with ThreadPoolExecutor(at_once) as threads:
            for rows in threads.map(lambda stream: list(work_off(stream, waiting, base)), started):
                for kind, row in rows:
                    for column, value in row.items():
                        both = counts[kind][column], value
                        counts[kind][column] = max(both) if column == "largest dm" else sum(both)
    return counts


COLUMNS = ("count", "too late", "orphans", "wrong", "resumed", "largest dm")


def uninterrupted(stream, directory):
    """Return a whole run's m, t and how often it was gone on with, and how many seconds it took."""
    started = time.monotonic()
    stream.start(directory)
    assert stream.read() == "0", error_of(directory)
    lasted = time.monotonic() - started
    with np.load(directory / "result.npz") as result:
        return dict(result), lasted


def work_off(stream, waiting, base):
    """Do what waits, as long as something does, and yield each kind and its row."""
    reference, lasts = uninterrupted(stream, base / stream.run_id)
    while True:
        try:
            index, kind, share = waiting.get_nowait()
        except queue.Empty:
            return
        yield kind, one(stream, kind, share, base / str(index), reference, lasts)


def one(stream, kind, share, directory, reference, lasts):
    """End one run at a share of the time that it lasts, go on with it, and return its row."""
    row = dict.fromkeys(COLUMNS, 0) | {"count": 1}
    process = stream.start(directory, fails_at=(0.05 + 0.85 * share) * 1e-9 if kind == "failure" else 0.0)
    end(kind, process, stream.run_id, 0.0 if kind in KINDS[:2] else share * lasts)
    code = int(stream.read())
    row["orphans"] += left(stream.run_id)
    message, said = error_of(directory), ""
    if code == 0:
        good = kind != "failure" and distance(directory, reference) == 0.0
        row["too late"] += kind != "success"
    elif kind in SIGNALS:
        good = code in (4, -SIGNALS[kind])
    else:
        good = code == 3 and stream.run_id in message and (kind != "failure" or "it went wrong" in message)
    if code != 0:
        stream.start(directory)
        again = int(stream.read())
        if again == 0:
            with np.load(directory / "result.npz") as found:
                resumed = int(found["resumed"]) > 0
            away = distance(directory, reference)
            # What begins anew gives the same to the last bit.
            good = good and away <= (TOLERANCE if resumed else 0.0)
            row["resumed"] += resumed
            row["largest dm"] = max(row["largest dm"], away)
            said = f"then, gone on with: {resumed}, m is off by {away:.3g}"
        else:
            good, said = False, f"then code {again}, {error_of(directory)}"
        row["orphans"] += left(stream.run_id)
    if not good:
        row["wrong"] += 1
        print(f"{directory.name}, {kind}: code {code}, {message}; {said}", file=sys.stderr)
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=154)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=1)
    parser.add_argument("--serve", type=int, nargs="+", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.serve:
        serve(chosen.seed, list(zip(chosen.serve[::2], chosen.serve[1::2], strict=True)))
        return
    counts = run(chosen.kills, chosen.seed, at_once=chosen.at_once)
    columns = list(next(iter(counts.values())))
    total = {column: sum(row[column] for row in counts.values()) for column in columns}
    total["largest dm"] = max(row["largest dm"] for row in counts.values())
    print(f"{'':16s}" + "".join(f"{column:>12s}" for column in columns))
    for kind, row in (counts | {"all": total}).items():
        print(f"{kind:16s}" + "".join(f"{row[column]:12.3g}" for column in columns))


if __name__ == "__main__":
    main()
