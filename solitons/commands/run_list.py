"""Listing of stored runs by `solitons list`, fast enough for thousands.

A stored spec was checked when it was written, and its file is compared with its record: it is read as data, and only
devices are made, each once, since their size may follow from their fields.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geometries.plain_files import read_json, unlinked_opener
from runs.schema_version import SCHEMA_VERSION
from runs.store import CorruptEntryError, Store, StoreFormatError
from runs.store.entry import read_record, schema_of

__all__ = ["ListedRun", "listed_run", "written_in_columns"]


@dataclass(frozen=True)
class ListedRun:
    """A line of the list: its cells, and whether the run was described in an older schema.

    Cells are run, engine, device, drive, simulated time, wall time, and its role in a campaign; of an entry that cannot
    be read, what is wrong with it.
    """

    cells: tuple[str, ...]
    older: bool = False


def listed_run(store: Store, run_id: str, label: str = "") -> ListedRun:
    """Look at an entry, whose `label` is its role in a campaign; of one that cannot be read the line has the reason."""
    older = False
    try:
        # `solitons verify` checks whether its arrays are unchanged.
        record = read_record(store.entry(run_id), run_id)
        older = schema_of(record) < SCHEMA_VERSION
        spec = read_json(store.entry(run_id) / "spec.json", opener=unlinked_opener)
        another = older or _version_of(spec["device"].get("kind", "stripe")) > 1
        spec, remark = _as_of_today(spec, run_id) if another else (spec, "")
        return ListedRun(
            (
                run_id,
                record["engine"],
                f"{_device_of(json.dumps(spec['device']))}{remark}",
                _drive_of(spec["protocol"]["steps"]),
                _quantity(record["simulated_time"], "s"),
                f"{record['wall_time']:.1f} s",
                label,
            ),
            older,
        )
    except (CorruptEntryError, StoreFormatError, OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        what = "described in an older schema" if older else "cannot be read"
        return ListedRun((run_id, what, f"{label}: {_why(error)}" if label else _why(error)), older)


def written_in_columns(runs: list[ListedRun]) -> list[str]:
    """Lines with the runs' cells below each other."""
    lines = [
        ("run", "engine", "device", "drive", "simulated", "took", "campaign: what it is"),
        *(run.cells for run in runs),
    ]
    whole = [cells for cells in lines if len(cells) == len(lines[0])]
    widths = [max(len(cells[column]) for cells in whole) for column in range(len(lines[0]))]
    return [
        "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=False)).rstrip() for cells in lines
    ]


@lru_cache(maxsize=1024)
def _device_of(described: str) -> str:
    """Kind and size of a device, such as "stripe 384 nm x 32 nm"."""
    from geometries.devices import device_class

    content = json.loads(described)
    device = device_class(content.get("kind", "stripe")).model_validate(content)
    return f"{device.kind} {' x '.join(_quantity(size, 'm') for size in device.extent[:2])}"


@lru_cache(maxsize=64)
def _version_of(kind: str) -> int:
    from geometries.devices import device_class

    return device_class(kind).version


def _as_of_today(spec: dict[str, Any], run_id: str) -> tuple[dict[str, Any], str]:
    """Today's description of a run, and a remark if it was described in an older schema, which only its id shows."""
    from runs.spec import OlderSchemaError, read_spec

    try:
        return read_spec(json.dumps(spec), run_id).model_dump(mode="json"), ""
    except OlderSchemaError as error:
        return error.spec.model_dump(mode="json"), " (older schema)"


def _drive_of(steps: list[dict[str, Any]]) -> str:
    """The steps of a protocol in a few words, such as "8 x 600 GA/m^2, 300 ps"."""
    said = []
    for step in steps:
        if step["do"] == "current pulses":
            sign = {"positive": "", "negative": "-", "alternating": "+-"}[step["polarity"]]
            amplitude, width = _quantity(step["amplitude"], "A/m^2"), _quantity(step["width"], "s")
            said.append(f"{step['count']} x {sign}{amplitude}, {width}")
        elif step["do"] in ("constant current", "constant strip line"):
            unit = "A" if step["do"] == "constant strip line" else "A/m^2"
            said.append(f"{_quantity(step['amplitude'], unit)} for {_quantity(step['duration'], 's')}")
        elif step["do"] != "relax":
            said.append(step["do"])
    return "; ".join(said)


def _quantity(value: float, unit: str) -> str:
    from geometries.quantities import format_quantity

    return format_quantity(value, unit)


def _why(error: Exception) -> str:
    """Fault of an entry, in plain words."""
    from pydantic import ValidationError

    from geometries.description import plain_errors

    if isinstance(error, KeyError):
        return f"{error} is missing in what describes it"
    return (plain_errors(error) if isinstance(error, ValidationError) else str(error)).replace("\n", "; ")
