"""Which runs a campaign has: what lets `status` count them without reading the campaign again.

``<store>/campaigns/<name>/<engine>/runs.json`` is written before the first run starts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from runs.schema_version import SCHEMA_VERSION
from runs.store.errors import store_error
from runs.store.names import CAMPAIGNS, check_name
from runs.store.whole_files import make_directory, write_whole

if TYPE_CHECKING:
    from runs.store.folder import Store

__all__ = ["CampaignRecord", "campaign_records", "remember_campaign"]

_RECORD = "runs.json"


@dataclass(frozen=True)
class CampaignRecord:
    """The runs of a campaign with one engine.

    Parameters
    ----------
    name : str
        The campaign.
    engine : str
        The engine.
    run_ids : tuple of str
        Its runs, in the order of its sweep.
    schema : int
        The version of the schema in which they are described.
    """

    name: str
    engine: str
    run_ids: tuple[str, ...]
    schema: int = SCHEMA_VERSION


def remember_campaign(store: Store, name: str, engine: str, run_ids: Iterable[str]) -> Path:
    """Write which runs a campaign has, and return the file.

    Raises
    ------
    ValueError
        If a name is not safe in a path.
    StoreNotWritableError, StoreFullError
        If it cannot be written.
    """
    folder = store.root / CAMPAIGNS / check_name(name, "campaign") / check_name(engine, "engine")
    path = folder / _RECORD
    ids = [check_name(run_id, "run") for run_id in dict.fromkeys(run_ids)]
    content = (
        json.dumps({"campaign": name, "engine": engine, "schema": SCHEMA_VERSION, "run_ids": ids}, indent=2) + "\n"
    )
    try:
        if not path.is_file() or path.read_text("utf-8") != content:
            make_directory(folder)
            write_whole(path, content)
    except OSError as error:
        raise store_error(error, store.root, f"the runs of campaign {name!r} could not be written") from error
    return path


def campaign_records(store: Store) -> list[CampaignRecord]:
    """All campaigns that were run into a store, in the order of their names.

    Raises
    ------
    ValueError
        If a record cannot be read; running the campaign again writes it anew.
    """
    records = []
    for path in sorted((store.root / CAMPAIGNS).glob(f"*/*/{_RECORD}")):
        try:
            content = json.loads(path.read_text("utf-8"))
            ids = tuple(str(run_id) for run_id in content["run_ids"])
            schema = int(content.get("schema", 1))  # schema 1 was not said
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{path} does not say which runs the campaign has ({error}); running the campaign again writes it anew"
            ) from error
        records.append(CampaignRecord(path.parts[-3], path.parts[-2], ids, schema))
    return records
