"""Ends runs of the OOMMF engine in every way at random times, and counts what is left and what is wrong.

    python benchmarks/oommf_kills.py [--kills 154] [--seed 0]

Each run is a process of its own. It succeeds, or fails by a Tcl error in the middle, or gets SIGINT, SIGTERM or
SIGKILL, or OOMMF's solver or the watcher gets SIGKILL, at a time between its start and its end. Then the processes are
counted that have the run's id in their environment: orphans. A result counts as wrong if a run that ended well has not
exactly the uninterrupted run's m, if one that was ended says nothing of it, or if the same run in the same directory,
which goes on from the checkpoint where there is one, does not end well with m within 0.0045 of the uninterrupted run's,
which is itself as far away from one with a thousandth of the evolver's allowed errors.
"""

import argparse
import contextlib
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

import numpy as np

SIGNALS = {"SIGINT": signal.SIGINT, "SIGTERM": signal.SIGTERM, "SIGKILL": signal.SIGKILL}
KINDS = ("success", "failure", *SIGNALS, "solver killed", "watcher killed")
VICTIMS = {"solver killed": b"/boxsi.tcl", "watcher killed": b"oommf_watcher.py"}
TOLERANCE = 4.5e-3
PATIENCE = 60.0  # seconds until processes that are still there count as orphans


def make_spec(seed):
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
    pulse = {"amplitude": 1e12 + seed * 1e6 + os.getppid(), "width": 0.7e-9, "rise": 20e-12, "period": 1e-9}
    protocol = Protocol(steps=[Relax(), CurrentPulses(**pulse, polarity="negative")], sampling_interval=50e-12)
    return RunSpec(device=stripe, material=material, protocol=protocol, engine="oommf")


def serve(seed):
    """Fork a process for every run that is asked for: modules are imported once, those that a run imports late, too."""
    import oommfc  # noqa: F401

    import runs.engines.oommf_drive  # noqa: F401
    from runs.engines import EngineFailedError, oommf

    spec = make_spec(seed)
    for drive in (False, True):
        oommf.build_system(spec, drive=drive, **({"time_dependence": "tcl"} if drive else {}))
    oommf.CHECKPOINT_INTERVAL = 0.15
    oommf.version()
    print(spec.run_id, flush=True)
    for line in sys.stdin:
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
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


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


class Server:
    """The process that forks one for each run."""

    def __init__(self, seed):
        arguments = [sys.executable, __file__, "--serve", "--seed", str(seed)]
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.run_id = self.read()

    def read(self):
        return self.process.stdout.readline().strip()

    def start(self, directory, fails_at=0.0):
        directory.mkdir(exist_ok=True)
        for name in ("result.npz", "error"):
            (directory / name).unlink(missing_ok=True)
        print(json.dumps({"directory": str(directory), "fails_at": fails_at}), file=self.process.stdin, flush=True)
        return int(self.read())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


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


def run(kills, seed=0, kinds=KINDS):
    """Return for each kind how many there were, had ended before, left orphans, were wrong, and were gone on with."""
    choose = random.Random(seed)
    server = Server(seed)
    columns = ("count", "too late", "orphans", "wrong", "resumed", "largest dm")
    counts = {kind: dict.fromkeys(columns, 0) for kind in kinds}
    with tempfile.TemporaryDirectory() as temporary:
        base = pathlib.Path(temporary)
        server.start(base / "warm")
        assert server.read() == "0"
        started = time.monotonic()
        server.start(base / "reference")
        assert server.read() == "0"
        lasts = time.monotonic() - started
        with np.load(base / "reference" / "result.npz") as result:
            reference = dict(result)
        for index in range(kills):
            kind, directory = kinds[index % len(kinds)], base / str(index)
            row = counts[kind]
            process = server.start(directory, fails_at=choose.uniform(0.05, 0.9) * 1e-9 if kind == "failure" else 0.0)
            end(kind, process, server.run_id, 0.0 if kind in KINDS[:2] else choose.uniform(0.0, lasts))
            code = int(server.read())
            row["count"] += 1
            row["orphans"] += left(server.run_id)
            message, said = error_of(directory), ""
            if code == 0:
                good = kind != "failure" and distance(directory, reference) == 0.0
                row["too late"] += kind != "success"
            elif kind in SIGNALS:
                good = code in (4, -SIGNALS[kind])
            else:
                good = code == 3 and server.run_id in message and (kind != "failure" or "it went wrong" in message)
            if code != 0:
                server.start(directory)
                again = int(server.read())
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
                row["orphans"] += left(server.run_id)
            if not good:
                row["wrong"] += 1
                print(f"run {index}, {kind}: code {code}, {message}; {said}", file=sys.stderr)
    server.close()
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=154)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.serve:
        serve(chosen.seed)
        return
    counts = run(chosen.kills, chosen.seed)
    columns = list(next(iter(counts.values())))
    total = {column: sum(row[column] for row in counts.values()) for column in columns}
    total["largest dm"] = max(row["largest dm"] for row in counts.values())
    print(f"{'':16s}" + "".join(f"{column:>12s}" for column in columns))
    for kind, row in (counts | {"all": total}).items():
        print(f"{kind:16s}" + "".join(f"{row[column]:12.3g}" for column in columns))


if __name__ == "__main__":
    main()
