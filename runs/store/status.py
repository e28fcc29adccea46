"""Status of a store: runs that are stored, computed now, failed and missing.

It lists folders and reads small JSON files; no entry is opened, so that ten thousand take
milliseconds. `runs.store.verification` looks inside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from runs.schema_version import SCHEMA_VERSION
from runs.store.campaign_records import CampaignRecord, readable_records
from runs.store.claims import LOCKS
from runs.store.failures import Failure, failures
from runs.store.folder import Store
from runs.store.names import SET_ASIDE, is_name
from runs.store.work import RunProgress, work_directories
from runs.whole_files import names_in

__all__ = ["CampaignStatus", "ComputingRun", "StoreStatus", "status"]


@dataclass(frozen=True)
class ComputingRun:
    """A run that a process has claimed; `directory` is None before the engine has begun."""

    run_id: str
    progress: RunProgress
    directory: Path | None


@dataclass(frozen=True)
class CampaignStatus:
    """How a campaign stands with one engine; of its `total` runs how many are stored, computing, failed or missing.

    `failed` are those that failed when they were last tried, and `missing` counts the others. With `older`, an older
    workbench ran it, in an older schema; with `more`, further runs follow from what these show.
    """

    name: str
    engine: str
    total: int
    stored: int
    computing: tuple[ComputingRun, ...]
    failed: tuple[Failure, ...]
    missing: int
    older: bool = False
    more: bool = False


@dataclass(frozen=True)
class StoreStatus:
    """Content of a store: number of runs, of any campaign or none, and its campaigns.

    `computing` and `failed` are runs of no such campaign, `set_aside` is how many entries were moved out of the way
    because they were not whole, and `problems` are records of campaigns that cannot be read, which are passed over.
    """

    stored: int
    campaigns: tuple[CampaignStatus, ...]
    computing: tuple[ComputingRun, ...]
    failed: tuple[Failure, ...]
    set_aside: int
    problems: tuple[str, ...] = ()


def status(store: Store, campaign: str | None = None) -> StoreStatus:
    """Look at a store, or one of its campaigns, without opening an entry or writing anything.

    A KeyError if there is no such campaign.
    """
    records, problems = readable_records(store)
    if campaign is not None:
        known = sorted({record.name for record in records})
        records = [record for record in records if record.name == campaign]
        if not records:
            raise KeyError(
                f"campaign {campaign!r} has not been run into store {str(store.root)!r}; it has "
                f"{', '.join(known) or 'none'}{''.join(f'; {problem}' for problem in problems)}"
            )
    stored = set(store.ids())
    computing = {run.run_id: run for run in _computing(store) if run.run_id not in stored}
    failed = {failure.run_id: failure for failure in failures(store.root) if failure.run_id not in stored}
    for run_id in computing:
        failed.pop(run_id, None)
    of_campaigns = {run_id for record in records for run_id in record.run_ids}
    return StoreStatus(
        stored=len(stored),
        campaigns=tuple(_campaign(record, stored, computing, failed) for record in records),
        computing=tuple(run for run_id, run in computing.items() if run_id not in of_campaigns),
        failed=tuple(failure for run_id, failure in failed.items() if run_id not in of_campaigns),
        set_aside=sum(not name.endswith(".reason.txt") for name in names_in(store.root / SET_ASIDE)),
        problems=tuple(problems),
    )


def _campaign(
    record: CampaignRecord, stored: set[str], computing: dict[str, ComputingRun], failed: dict[str, Failure]
) -> CampaignStatus:
    there = len(stored.intersection(record.run_ids))
    now = tuple(computing[run_id] for run_id in record.run_ids if run_id in computing)
    wrong = tuple(failed[run_id] for run_id in record.run_ids if run_id in failed)
    total = len(record.run_ids)
    missing = total - there - len(now) - len(wrong)
    older = record.schema < SCHEMA_VERSION
    return CampaignStatus(record.name, record.engine, total, there, now, wrong, missing, older, record.more)


def _computing(store: Store) -> Iterable[ComputingRun]:
    for run_id in sorted(names_in(store.root / LOCKS)):
        if is_name(run_id) and store.is_claimed(run_id):
            directories = work_directories(store.root, run_id)
            latest = directories[-1] if directories else None
            yield ComputingRun(run_id, store.progress(run_id), latest)
