"""Stands for OOMMF where there is none: takes the same arguments, starts such helpers, writes such files.

The magnetisation stays as it is. There is a checkpoint after each stage, unless checkpoints are switched off.
FAKE_OOMMF in the environment says what goes wrong, FAKE_PAUSE how many seconds each stage takes. FAKE_STAGES names a
file with the number of stages in time that may be done: the next waits until it is raised.
"""

import os
import pathlib
import re
import struct
import subprocess
import sys
import time

ALLOWED = os.environ.get("FAKE_STAGES")
HOW, PAUSE = os.environ.get("FAKE_OOMMF", ""), float(os.environ.get("FAKE_PAUSE", "0"))
NAMES = ("{Oxs_RungeKuttaEvolve:evolver:Total energy}", "Oxs_TimeDriver::Iteration", "Oxs_TimeDriver::Stage")
COLUMNS = f"# Columns: {' '.join(NAMES)} {{Oxs_TimeDriver::Simulation time}}"
# Of OOMMF 2.1a0, as is the log.
STATE = """MIF_file /somewhere/stripe.mif
MIF_crc 2716346453
MIF_params {{}}
iteration_count {iteration}
stage_number {stage}
stage_iteration_count 10
stage_start_time 1e-10
stage_elapsed_time 1.0000000000000001e-11
last_timestep 2.5e-13
step_done 1
stage_done 1
run_done 0
DRV {{Max dm/dt}} 0.5"""
LOG = """
[Boxsi<1-host> 09:11:05.126 2026-11-25] 2.1a0 info:
Start: "/somewhere/stripe.mif"
Options: -exitondone 1

[Boxsi<1-host> 09:11:13.959 2026-11-25] 2.1a0 Loop error:

Error thrown from inside "Oxs_Run" --- Tcl error --- Error detected; refer to program source file tclcommand.cc
ERROR DETAILS: Anv_SpinTEvolve:evolver --- Error evaluating Tcl script:  C\xcdAV
--- Error message: it went wrong
-----------
Stack:
it went wrong
    while executing
"error "it went wrong""
-----------
Additional info: NONE
"""


def helper(*ways):
    """Start a process that stays, as OOMMF's servers do."""
    script = "trap '' TERM; while :; do sleep 1; done" if "deaf" in ways else "exec sleep 1000"
    subprocess.Popen(["sh", "-c", script], start_new_session="stray" in ways)


def frame(path, content, stage):
    data = bytearray(content)
    values = content.index(b"# Begin: Data Binary 8\n") + len(b"# Begin: Data Binary 8\n") + 8
    if stage == 1 and HOW in ("nan", "long"):
        (value,) = struct.unpack_from("<d", data, values)
        struct.pack_into("<d", data, values, float("nan") if HOW == "nan" else 2 * value + 1e6)
    if stage == 1 and HOW == "truncated":
        del data[-100:]
    if stage == 1 and HOW == "garbled":
        # As OOMMF 2.1a0 did: its two threads had put their lines together in one buffer.
        start, end = data.index(b"# xnodes"), data.index(b"# End: Header")
        data[start:end] = b"# Title: Checkpoint restart fil# valuedim: 3\n".ljust(end - start, b"#")
    if not (stage == 1 and HOW == "missing frame"):
        path.write_bytes(data)


def checkpoint(path, content, stage, iteration):
    state = STATE.format(iteration=iteration, stage=stage).splitlines()
    said = "".join(f"# Desc: {line}\n" for line in state)
    beside = path.with_suffix(".tmp")
    beside.write_bytes(re.sub(rb"# Desc: .*\n", lambda _: said.encode(), content, count=1))
    beside.replace(path)


def boxsi(mif, restart):
    text = mif.read_text()
    kind = "TimeDriver" if "Specify Oxs_TimeDriver" in text else "MinDriver"
    in_time = kind == "TimeDriver"
    stages = int(re.search(r"stage_count (\d+)", text)[1]) if in_time else 1
    step = float(re.search(r"stopping_time (\S+)", text)[1]) if in_time else 0.0
    content = mif.with_name("m0.omf").read_bytes()
    helper()
    helper("stray", "deaf") if HOW == "deaf" else helper("stray")
    if in_time and HOW in ("silent", "at once"):
        return int(HOW == "at once")
    restart_file = mif.with_suffix(".restart")
    first = int(re.search(rb"stage_number (\d+)", restart_file.read_bytes())[1]) + 1 if restart else 0
    first -= restart and HOW == "twice"
    with open(mif.with_suffix(".odt"), "a") as table:
        print(f"# ODT 1.0\n# Table Start\n# Title: fake\n{COLUMNS}\n# Units: J {{}} {{}} s", file=table, flush=True)
        for stage in range(first, stages):
            time.sleep(PAUSE)
            while in_time and ALLOWED and stage >= int(pathlib.Path(ALLOWED).read_text()):
                time.sleep(0.01)
            if HOW == "error" and in_time and stage == 2:
                mif.with_name("boxsi.errors").write_text(LOG, "latin-1")
                return 1
            iteration = 10 * stage + 10
            name = f"{mif.stem}-Oxs_{kind}-Magnetization-{stage:02d}-{iteration:07d}.omf"
            frame(mif.with_name(name), content, stage)
            energy = "nan" if HOW == "energy" and stage == 1 else "1.5e-18"
            late = 0.5 if HOW == "times" and stage == 1 else 1.0
            if not (HOW == "missing row" and stage == 1):
                print(energy, iteration, stage, (stage + late) * step, file=table, flush=True)
            if "checkpoint_interval -1" not in text:
                checkpoint(restart_file, content, stage, iteration)
        if not (HOW == "no end" and in_time):
            print("# Table End", file=table)
    restart_file.unlink(missing_ok=True)
    return 3 if HOW == "code" else 0


def main(arguments):
    if "+version" in arguments:
        print("OOMMF 2.1a0")
        return 0
    if arguments[0] == "launchhost":
        if HOW == "no host":
            return 1
        helper()
        print(40000)
        return 0
    return boxsi(pathlib.Path(arguments[2]).absolute(), arguments[arguments.index("-restart") + 1] == "1")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
