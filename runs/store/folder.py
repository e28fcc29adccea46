"""`Store`: the folder, and what one does with its entries."""

from __future__ import annotations

import os
import uuid
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runs.schema_version import SCHEMA_VERSION
from runs.store.arrays import ARRAYS, CheckedArrays, check_arrays
from runs.store.claims import Holder, claim, holder, is_claimed, is_claimed_here
from runs.store.entry import StoredFile, check_sizes, files_of, read_record, schema_of
from runs.store.errors import CorruptEntryError, StoreFormatError, store_error
from runs.store.failures import Failure, forget_failure, read_failure, write_failure
from runs.store.names import SET_ASIDE, check_name, is_run_id
from runs.store.work import RunProgress, is_resumable, new_work_directory, read_progress, work_directories
from runs.whole_files import make_directory, synchronise, write_whole

if TYPE_CHECKING:
    import xarray as xr

    from runs.spec import RunSpec

__all__ = ["Store", "open_run"]

_REMEDY = "'solitons verify --set-aside' moves the run out of the way, and its campaign computes it again"


@dataclass(frozen=True)
class Store:
    """A folder of runs, for any number of processes at once.

    Parameters
    ----------
    root : pathlib.Path
        The folder. It is made on first writing.

    Examples
    --------
    >>> store = Store(Path("no-such-store"))
    >>> store.entry("0123456789abcdef").name, store.ids(), store.is_claimed("0123456789abcdef")
    ('0123456789abcdef', [], False)
    """

    root: Path

    def entry(self, run_id: str) -> Path:
        """Folder of a run, whether it exists or not; a name that would lead elsewhere raises `ValueError`."""
        return self.root / check_name(run_id, "run")

    def claim(self, run_id: str) -> AbstractContextManager[bool]:
        """Claim a run without waiting: ``with store.claim(run_id) as mine:``.

        Inside, `mine` is True if the run is this thread's to compute, and False if another
        thread or process has it. The claim ends with the block or with the process.

        Raises
        ------
        StoreNotWritableError, StoreFullError
            On entering, if nothing can be written.
        """
        return claim(self.root, check_name(run_id, "run"))

    def is_claimed(self, run_id: str) -> bool:
        """Whether a process has claimed the run just now. Writes nothing."""
        return is_claimed(self.root, check_name(run_id, "run"))

    def holder(self, run_id: str) -> Holder | None:
        """The process that has claimed the run, and since when; None if none has. Writes nothing."""
        return holder(self.root, check_name(run_id, "run"))

    def work_directory(self, run_id: str) -> Path:
        """A scratch folder for a run that this process has claimed.

        It is one in which the run was interrupted and from which it can be gone on with, if
        there is one, else a new one.
        """
        check_name(run_id, "run")
        if is_claimed_here(self.root, run_id) or not is_claimed(self.root, run_id):
            resumable = [directory for directory in work_directories(self.root, run_id) if is_resumable(directory)]
            if resumable:
                return resumable[-1]
        try:
            return new_work_directory(self.root, run_id)
        except OSError as error:
            raise store_error(error, self.root, f"run {run_id} could not get a work directory") from error

    def progress(self, run_id: str) -> RunProgress:
        """How far the run that some process computes has come, as far as it is known."""
        directories = work_directories(self.root, check_name(run_id, "run"))
        return read_progress(directories[-1]) if directories else RunProgress()

    def check_writable(self) -> None:
        """Raise `StoreNotWritableError` unless a file can be made in the store."""
        probe = self.root / f".probe-{uuid.uuid4().hex[:8]}"
        try:
            make_directory(self.root)
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise store_error(error, self.root, "no file can be made in it") from error

    def ids(self) -> list[str]:
        """Ids of all entries, in order."""
        try:
            with os.scandir(self.root) as entries:
                return sorted(entry.name for entry in entries if is_run_id(entry.name) and entry.is_dir())
        except (FileNotFoundError, NotADirectoryError):
            return []

    def provenance(self, run_id: str) -> dict[str, Any]:
        """Provenance of an entry.

        Raises
        ------
        KeyError
            If there is no such entry.
        CorruptEntryError
            If the record is not what was written, or a file is missing or has another size.
            Every file's content is compared when it is read (`open`), or by `verify`.
        StoreFormatError
            If a newer workbench wrote it.
        """
        entry = self.entry(run_id)
        if not entry.is_dir():
            raise KeyError(f"run {run_id!r} is not in store {str(self.root)!r}; 'solitons list' shows what is")
        record = read_record(entry, run_id)
        check_sizes(entry, run_id, files_of(record, run_id))
        return record

    def is_older(self, run_id: str) -> bool:
        """Whether an entry was described in an older schema: it can be opened, and no spec of today has its id.

        Whether the entry is whole is not asked; of one whose record cannot be read the answer is no.
        """
        try:
            return schema_of(read_record(self.entry(run_id), run_id)) < SCHEMA_VERSION
        except (CorruptEntryError, StoreFormatError):
            return False

    def checked_record(self, run_id: str) -> dict[str, Any]:
        """Provenance of an entry that can be opened: `provenance`, and its arrays are such as this workbench writes.

        Raises
        ------
        KeyError, CorruptEntryError, StoreFormatError
            As `provenance` does, and if its arrays would not be opened.
        """
        record = self.provenance(run_id)
        self._check_arrays(run_id, files_of(record, run_id))
        return record

    def holds(self, run_id: str) -> bool:
        """Whether there is a whole entry that can be opened; one that is not whole raises `CorruptEntryError`."""
        if not self.entry(run_id).is_dir():
            return False
        self.checked_record(run_id)
        return True

    def set_aside(self, run_id: str, reason: str) -> Path:
        """Move an entry out of the way, with the reason beside it, and return where it is now.

        Claim the run first and look whether the reason still holds: another process may have
        done the same, and a whole run may lie there by now.
        """
        target = self.root / SET_ASIDE / f"{check_name(run_id, 'run')}-{uuid.uuid4().hex[:6]}"
        explanation = target.parent / f"{target.name}.reason.txt"
        try:
            make_directory(target.parent)
            write_whole(explanation, reason + "\n")
            try:
                self.entry(run_id).rename(target)
            except BaseException:
                explanation.unlink(missing_ok=True)
                raise
            synchronise(target.parent)
            synchronise(self.root)
        except OSError as error:
            raise store_error(error, self.root, f"run {run_id} could not be set aside") from error
        return target

    def write(self, spec: RunSpec, run: xr.Dataset, wall_time: float) -> None:
        """Write a run whole. If an entry is there already it is kept and this one dropped.

        Raises
        ------
        StoreFullError, StoreNotWritableError
            If there is no room, or no leave, for it; nothing of it is left behind.
        """
        from runs.store.writing import write_entry

        # A claim keeps `solitons gc` of another process away while the entry is half written.
        held = is_claimed_here(self.root, spec.run_id)
        with nullcontext() if held else self.claim(spec.run_id):
            write_entry(self.root, spec, run, wall_time)
            forget_failure(self.root, spec.run_id)

    def record_failure(
        self,
        run_id: str,
        error_type: str,
        message: str,
        attempt: int | None = None,
        log_directory: Path | None = None,
    ) -> None:
        """Keep why a run failed until it succeeds; `attempt` counts on from the last failure if it is None."""
        try:
            write_failure(self.root, check_name(run_id, "run"), error_type, message, attempt, log_directory)
        except OSError as error:
            raise store_error(error, self.root, f"the failure of run {run_id} could not be recorded") from error

    def failure(self, run_id: str) -> Failure | None:
        """Why a run failed when it was last tried, or None."""
        return read_failure(self.root, check_name(run_id, "run"))

    def open(self, run_id: str) -> xr.Dataset:
        """The run Dataset of an entry, lazy, its frames chunked along t.

        Raises
        ------
        KeyError
            If there is no such entry.
        CorruptEntryError
            If the entry is not what was written: here, or when the frames are read.
        """
        import xarray as xr
        from zarr.storage import LocalStore

        from runs.store.checked_reading import CheckedStore

        files = files_of(self.provenance(run_id), run_id)
        checked = self._check_arrays(run_id, files)
        arrays = {name.removeprefix(ARRAYS): file for name, file in files.items() if name.startswith(ARRAYS)}
        local = LocalStore(os.path.abspath(self.entry(run_id) / ARRAYS), read_only=True)
        try:
            run: xr.Dataset = xr.open_zarr(
                CheckedStore(local, run_id, arrays, checked),
                consolidated=False,
                zarr_format=3,
                decode_times=False,
                decode_timedelta=False,
            )
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            # Their messages are about Zarr's or xarray's inside; the entry is at fault.
            raise CorruptEntryError(
                f"run {run_id}: its arrays cannot be opened ({type(error).__name__}: {error}); {_REMEDY}"
            ) from error
        return run.assign_coords(vdims=["x", "y", "z"])

    def _check_arrays(self, run_id: str, files: dict[str, StoredFile]) -> CheckedArrays:
        try:
            return check_arrays(self.entry(run_id), run_id, files)
        except CorruptEntryError as error:
            raise CorruptEntryError(
                f"{error}. This workbench writes no such entry and opens none; {_REMEDY}"
            ) from error

    def find(self, run_id: str) -> str:
        """The id of the entry that begins with these digits.

        Raises
        ------
        KeyError
            If no entry, or more than one, begins so.
        """
        if is_run_id(run_id) and self.entry(run_id).is_dir():
            return run_id
        matches = [name for name in self.ids() if name.startswith(run_id)]
        if len(matches) != 1:
            found = f"{len(matches)} runs begin so" if matches else "there is none"
            raise KeyError(f"run {run_id!r} in store {str(self.root)!r}: {found}; 'solitons list' shows what is")
        return matches[0]


def open_run(run_id: str, store: str | Path) -> xr.Dataset:
    """Open a stored run lazily.

    Parameters
    ----------
    run_id : str
        Its id, or the first digits of it if no other begins so.
    store : str or pathlib.Path
        The store's folder.

    Returns
    -------
    xarray.Dataset
        ``m (t, x, y, z, vdims)`` and the table's columns over ``t``; frames are
        read, and compared with what was written, when they are asked for.

    Raises
    ------
    KeyError
        If no entry, or more than one, begins with `run_id`.
    CorruptEntryError
        If the entry is not what was written.

    Examples
    --------
    >>> open_run("0123456789abcdef", "no-such-store")
    Traceback (most recent call last):
    ...
    KeyError: "run '0123456789abcdef' in store 'no-such-store': there is none; 'solitons list' shows what is"
    """
    folder = Store(Path(store))
    return folder.open(folder.find(run_id))
