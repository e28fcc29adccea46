"""Record of a campaign's runs, so that `status` counts them without reading the campaign again.

``<store>/campaigns/<name>/<engine>/runs.json`` is written before the first run starts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from geometries.plain_files import read_json
from geometries.plain_text import printable, shortened
from runs.schema_version import SCHEMA_VERSION
from runs.store.errors import store_error
from runs.store.names import CAMPAIGNS, check_name, folder_of
from runs.whole_files import make_directory, write_whole

if TYPE_CHECKING:
    from runs.store.folder import Store

__all__ = ["CampaignRecord", "readable_records", "remember_campaign", "run_labels"]

_RECORD = "runs.json"
_LARGEST = 100_000_000  # bytes, of half a million runs


@dataclass(frozen=True)
class CampaignRecord:
    """The runs of a campaign with one engine, in the order of its sweep, described in this version of the schema.

    `labels` are what runs are, such as "0.6 × 10¹² A/m², 200 ps", by their ids. With `more`, others follow from these.
    """

    name: str
    engine: str
    run_ids: tuple[str, ...]
    schema: int = SCHEMA_VERSION
    labels: Mapping[str, str] = field(default_factory=dict)
    more: bool = False

    def folder(self, store: Store) -> Path:
        """Folder of its record, summary and report."""
        return folder_of(store.root, self.name, self.engine)


def remember_campaign(
    store: Store,
    name: str,
    engine: str,
    run_ids: Iterable[str],
    labels: Mapping[str, str] | None = None,
    *,
    more: bool = False,
) -> Path:
    """Write which runs a campaign has, and return the file.

    `labels` and `more` are as in `CampaignRecord`: an id alone means nothing to a person. A ValueError if a
    name is not safe in a path, a StoreNotWritableError or StoreFullError if it cannot be written.
    """
    folder = folder_of(store.root, check_name(name, "campaign"), check_name(engine, "engine"))
    path = folder / _RECORD
    ids = [check_name(run_id, "run") for run_id in dict.fromkeys(run_ids)]
    record: dict[str, object] = {"campaign": name, "engine": engine, "schema": SCHEMA_VERSION, "run_ids": ids}
    if known := {run_id: _label(labels[run_id]) for run_id in ids if labels and labels.get(run_id)}:
        record["labels"] = known
    if more:
        record["more"] = True
    content = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    try:
        if not path.is_file() or path.read_text("utf-8") != content:
            make_directory(folder)
            write_whole(path, content)
    except OSError as error:
        raise store_error(error, store.root, f"the runs of campaign {name!r} could not be written") from error
    return path


def readable_records(store: Store) -> tuple[list[CampaignRecord], list[str]]:
    """The campaigns whose records can be read, in the order of their names, and what is wrong with the others.

    Running a campaign again writes its record anew.
    """
    records, problems = [], []
    for path in _records_in(store):
        try:
            records.append(_read(path))
        except (ValueError, OSError) as error:
            problems.append(str(error))
    return records, problems


def _records_in(store: Store) -> list[Path]:
    return sorted((store.root / CAMPAIGNS).glob(f"*/*/{_RECORD}"))


def _read(path: Path) -> CampaignRecord:
    try:
        content = read_json(path, _LARGEST)
        ids = tuple(str(run_id) for run_id in content["run_ids"])
        schema = int(content.get("schema", 1))  # schema 1 was not written
        labels = {str(run_id): _label(str(label)) for run_id, label in dict(content.get("labels", {})).items()}
        more = content.get("more", False) is True
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{path} does not say which runs the campaign has ({error}); running the campaign again writes it anew"
        ) from error
    return CampaignRecord(path.parts[-3], path.parts[-2], ids, schema, labels, more)


def _label(text: str) -> str:
    return printable(shortened(text))


def run_labels(store: Store) -> dict[str, str]:
    """Labels of a store's runs in their campaigns, such as "dw-synapse: 0.6 × 10¹² A/m², 200 ps".

    Nothing is reported of the runs of a campaign whose record cannot be read.
    """
    found: dict[str, str] = {}
    for record in readable_records(store)[0]:
        for run_id, label in record.labels.items():
            found.setdefault(run_id, f"{record.name}: {label}")
    return found
