"""Going on from OOMMF's checkpoint after an interruption, with the same frames and rows as without one.

OOMMF writes its state to ``<name>.restart`` now and then, and starts from it with ``-restart 1``. What it wrote
between its checkpoint and the interruption it writes again, perhaps in steps of other numbers, and so that is taken
away first. `resume.json` in the run's directory names what the directory belongs to: it is there once there is
something to go on from.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np

from geometries.plain_files import read_json
from runs.engines.oommf_frames import holds_values
from runs.engines.oommf_output import TABLE_END, frames_in, is_complete, table_in
from runs.engines.oommf_progress import write_json
from runs.reading.known_headers import read_header
from runs.reading.ovf_data import open_file, read_box
from runs.reading.tcl_list import tcl_list

__all__ = [
    "CHECKPOINT_INTERVAL",
    "RECORD",
    "Resumable",
    "checkpoint_in",
    "fingerprints",
    "forget",
    "keep_checkpoint",
    "prepare",
    "read_record",
    "write_record",
]

CHECKPOINT_INTERVAL = 30.0
"""Seconds between two checkpoints; also how long a relaxation takes that is worth being kept."""
RECORD = "resume.json"


@dataclass(frozen=True)
class Resumable:
    """State in a run's directory from which a later attempt can go on.

    Another version of the engine does not go on from it. `inputs` has the SHA-256 of every input file, by the name of
    the drive's folder, and `resumed` how many attempts have gone on from it.
    """

    run_id: str
    engine_version: str
    inputs: dict[str, dict[str, str]] = field(default_factory=dict)
    resumed: int = 0


def read_record(directory: Path, run_id: str, engine_version: str) -> Resumable:
    """Return what a directory holds of this run by this version of the engine; nothing where it is another's."""
    anew = Resumable(run_id, engine_version)
    try:
        content = read_json(directory / RECORD)
        found = Resumable(**content)
    except (OSError, ValueError, TypeError):
        return anew
    return found if replace(anew, inputs=found.inputs, resumed=found.resumed) == found else anew


def write_record(directory: Path, resumable: Resumable) -> None:
    """Say that a directory can be gone on from."""
    write_json(directory / RECORD, vars(resumable))


def forget(directory: Path) -> None:
    """Say that a directory cannot be gone on from."""
    (directory / RECORD).unlink(missing_ok=True)


def checkpoint_in(directory: Path, name: str) -> Path:
    """Return where OOMMF keeps the checkpoint of a system of this name."""
    return directory / f"{name}.restart"


def fingerprints(directory: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a directory, by name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(directory.iterdir())}


def prepare(directory: Path, name: str, stages: int) -> Literal["whole", "restart", "anew"]:
    """Restore an interrupted drive's output at its checkpoint, and return how it goes on.

    With "whole" all stages are there; with "restart" OOMMF goes on from a checkpoint; with "anew" there is none that is
    whole and before which everything was written.
    """
    newest = checkpoint_in(directory, name)
    if not newest.exists() and is_complete(directory, name, stages):
        return "whole"
    for checkpoint in (newest, *_kept(newest)):
        if checkpoint.exists():
            state = _cut_back(directory, name, stages, checkpoint)
            if state != "anew":
                checkpoint.replace(newest)
                return state
    return "anew"


def keep_checkpoint(checkpoint: Path) -> None:
    """Keep the checkpoint that is there, and the one before, when OOMMF puts the next one in its place.

    OOMMF hands its output to an archiver and does not wait: a checkpoint may be there when the last row and frame
    before it are not, and they never come if all is ended then.
    """
    last, before = _kept(checkpoint)
    with contextlib.suppress(OSError):  # it is gone with the end of the run, or the file system has no hard links
        if not last.exists() or not last.samefile(checkpoint):
            if last.exists():
                last.replace(before)
            last.hardlink_to(checkpoint)


def _kept(checkpoint: Path) -> tuple[Path, Path]:
    return checkpoint.with_name(f"{checkpoint.name}.1"), checkpoint.with_name(f"{checkpoint.name}.2")


def _cut_back(directory: Path, name: str, stages: int, checkpoint: Path) -> Literal["whole", "restart", "anew"]:
    """Take away what came after a checkpoint, and return whether everything is there that came before."""
    try:
        iteration, done, nodes = _position(checkpoint)
        for frame in frames_in(directory):
            if frame.numbers[1] > iteration:
                Path(frame.path).unlink()
        frames = frames_in(directory)
        whole = all(holds_values(frame.path, nodes) for frame in frames)
        rows = _cut_table(table_in(directory, name), iteration, ended=done == stages)
    except ValueError:
        return "anew"
    numbers = [frame.numbers for frame in frames]
    if [stage for stage, _ in numbers] != list(range(done)) or not whole or rows != numbers:
        return "anew"
    return "whole" if done == stages else "restart"


# Fields of a checkpoint's state, in this order; a header may hold lines of another file (`oommf_frames`).
_NUMBER = r"-?\d+(?:\.\d+)?(?:e[-+]\d+)?"
_STATE = re.compile(
    r"MIF_file .+\nMIF_crc \d+\nMIF_params .*\niteration_count (?P<iteration>\d+)\nstage_number (?P<stage>\d+)\n"
    rf"stage_iteration_count \d+\nstage_start_time {_NUMBER}\nstage_elapsed_time {_NUMBER}\nlast_timestep {_NUMBER}\n"
    r"step_done -?\d+\nstage_done (?P<done>-?\d+)\nrun_done -?\d+"
    rf"(?:\n(?:DRV|AUX|DRV_SMV|DRV_TVMV) .+ {_NUMBER})*"
)


def _position(checkpoint: Path) -> tuple[int, int, tuple[int, int, int]]:
    """Return a checkpoint's iteration, how many stages are done, and the cells; ValueError if it is not whole."""
    with open_file(str(checkpoint)) as stream:
        header = read_header(stream, str(checkpoint))
        values = read_box(stream, str(checkpoint), header, *(range(nodes) for nodes in header.nodes))
    if not np.isfinite(values).all():
        raise ValueError(f"{checkpoint}: m is not finite")
    said = _STATE.fullmatch("\n".join(header.description))
    if said is None:
        raise ValueError(f"{checkpoint}: its description is not that of a state")
    return int(said["iteration"]), int(said["stage"]) + (int(said["done"]) == 1), header.nodes


def _cut_table(path: Path, iteration: int, *, ended: bool) -> list[tuple[int, ...]]:
    """Leave one header and the rows up to an iteration in a table, and return their stages and iterations."""
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]
    head = [line for line in lines[:6] if line.startswith(b"#")]
    columns = next((tcl_list(line[10:].decode()) for line in head if line.startswith(b"# Columns:")), [])
    places = [columns.index(name) for name in columns if re.search(r":(Stage|Iteration)$", name)]
    labels = [columns[place].rpartition(":")[2] for place in places]
    if sorted(labels) != ["Iteration", "Stage"]:
        return []
    kept: list[bytes] = []
    numbers: list[tuple[int, ...]] = []
    for line in lines:
        words = line.split()
        if line.startswith(b"#") or len(words) != len(columns):
            continue
        found = dict(zip(labels, (int(float(words[place])) for place in places), strict=True))
        if found["Iteration"] <= iteration:
            kept.append(line)
            numbers.append((found["Stage"], found["Iteration"]))
    beside = path.with_name(f".{path.name}.cut")
    beside.write_bytes(b"\n".join([*head, *kept, *([TABLE_END] if ended else [])]) + b"\n")
    beside.replace(path)
    return numbers
