"""The run store: every run once, whole or not at all.

A store is a folder with an entry for every run, named by the run's id::

    <store>/<run_id>/spec.json                the spec, in full
                     provenance.json          engine, versions, wall time, size and SHA-256 of every file
                     provenance.json.sha256   SHA-256 of the provenance, as ``sha256sum --check`` reads it
                     run.zarr                 the run Dataset, chunked along t, compressed
            campaigns/<name>/<engine>         which runs a campaign has, its summary and report
            set-aside/                        entries that were found not whole, with the reason
            .locks/ .work/ .failures/         runs that are being computed, or failed

An entry is written beside the store's entries, brought to the disk, and renamed when it is
complete. An existing entry is never written again. One that is not what was written is
set aside with the reason, never read and never deleted. Any number of processes may
use a store at once: a run is claimed before it is computed. Nothing is unpickled, nor is
anything opened that this workbench would not write: an entry may come from anywhere.
"""

from runs.store.campaign_records import CampaignRecord, remember_campaign, run_labels
from runs.store.cleaning import (
    Leftover,
    campaigns_with,
    find_leftovers,
    remove_leftovers,
    remove_run,
    set_aside_entries,
)
from runs.store.errors import (
    CorruptEntryError,
    RunClaimedError,
    StoreFormatError,
    StoreFullError,
    StoreNotWritableError,
)
from runs.store.failures import Failure
from runs.store.folder import Store, open_run
from runs.store.run_states import RunState, StoreStates, is_inside, run_states
from runs.store.status import CampaignStatus, ComputingRun, StoreStatus, status
from runs.store.verification import Finding, set_aside_corrupt, verify, verify_entry
from runs.store.work import RunProgress

__all__ = [
    "CampaignRecord",
    "CampaignStatus",
    "ComputingRun",
    "CorruptEntryError",
    "Failure",
    "Finding",
    "Leftover",
    "RunClaimedError",
    "RunProgress",
    "RunState",
    "Store",
    "StoreFormatError",
    "StoreFullError",
    "StoreNotWritableError",
    "StoreStates",
    "StoreStatus",
    "campaigns_with",
    "find_leftovers",
    "is_inside",
    "open_run",
    "remember_campaign",
    "remove_leftovers",
    "remove_run",
    "run_labels",
    "run_states",
    "set_aside_corrupt",
    "set_aside_entries",
    "status",
    "verify",
    "verify_entry",
]
