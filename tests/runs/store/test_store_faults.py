"""Full disks and read-only folders: an error that names store, run and remedy, and nothing half written.

Permissions do not bind root, so a read-only store is tried in two ways: by `chmod` where the tests
run as somebody else, and always by the error that the operating system would give. So is a full disk:
as a small disk where root may mount one, and always by a limit on the size of files.
"""

import os
import resource
import subprocess

import mock_engine as mock
import numpy as np
import pytest
import xarray as xr
from rows import rows

from runs import Store, execute, open_run, whole_files
from runs.attempt import run_one
from runs.store import StoreFullError, StoreNotWritableError, status, verify


def left_in(store):
    """What is in a store beside the record of the failure."""
    return sorted(path.name for path in store.root.iterdir() if path.name != ".failures")


@pytest.fixture
def small_disk(tmp_path):
    """A store on a disk of 1 MB of its own, and a file that takes all but so many bytes of it."""
    if os.getuid() != 0:
        pytest.skip("only root can mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("no small disk can be mounted here")
    (disk / "store").mkdir()
    yield Store(disk / "store"), disk / "ballast"
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("room", [4096, 16384, 32768, 49152, 65536, 81920])
def test_a_disk_that_fills_up_leaves_nothing_and_goes_on_with_room(small_disk, make_spec, room):
    store, ballast = small_disk
    spec = make_spec()
    ballast.write_bytes(b"\0" * (2**20 - 8192 - room))
    with pytest.raises(StoreFullError, match=rf"{store.root}.*{spec.run_id}.*No space left.*MB are left.*solitons gc"):
        run_one(spec, store)
    assert left_in(store) == []
    assert [failure.error_type for failure in status(store).failed] in (["StoreFullError"], [])
    ballast.unlink()
    run_one(spec, store)
    assert left_in(store) == [spec.run_id]
    assert list(verify(store)) == []


@rows("limit", [100, 700, 2000])
def test_a_file_that_cannot_grow_leaves_nothing(store, make_spec, limit):
    # Python ignores SIGXFSZ, so that the write fails with "File too large".
    spec = make_spec()
    run = mock.simulate(spec, store.root, lambda _: None)
    run["m"] = run["m"] + np.random.default_rng(0).random(run["m"].shape, dtype=np.float32)  # not to be compressed
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        with pytest.raises(StoreFullError, match=rf"{spec.run_id}.*File too large.*MB are left"):
            store.write(spec, run, 1.0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(store.root.iterdir()) == []


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_disk_that_is_full_only_at_the_end_leaves_nothing(store, make_spec, monkeypatch, step):
    def full(*_):
        raise OSError(122, "Disk quota exceeded")

    with monkeypatch.context() as patch:
        if step == "fsync":
            patch.setattr(whole_files.os, "fsync", full)
        else:
            patch.setattr("pathlib.Path.rename", full)
        with pytest.raises(StoreFullError, match="Disk quota exceeded"):
            run_one(make_spec(), store)
    assert left_in(store) == []


def test_a_full_disk_is_a_failure_of_one_run_and_the_others_go_on(several, store, monkeypatch):
    specs = several(3)
    honest = xr.Dataset.to_zarr

    def full(run, *arguments, **options):
        if run.attrs["run_id"] == specs[0].run_id:
            raise OSError(28, "No space left on device")
        return honest(run, *arguments, **options)

    monkeypatch.setattr(xr.Dataset, "to_zarr", full)
    reports = {report.run_id: report for report in execute(specs, store.root)}
    assert reports[specs[0].run_id].outcome == "failed"
    assert "StoreFullError" in reports[specs[0].run_id].note
    assert store.ids() == sorted(spec.run_id for spec in specs[1:])
    assert store.failure(specs[0].run_id).log_directory is None, "what the engine wrote would be in the way"


@pytest.fixture(params=["permissions", "errors"])
def read_only(request, several, store, monkeypatch):
    """A store with one run of two that nobody can write any more."""
    specs = several(2)
    run_one(specs[0], store)
    if request.param == "permissions":
        if os.getuid() == 0:
            pytest.skip("permissions do not bind root; the same is tried by the errors they would give")
        folders = [store.root, *(path for path in store.root.rglob("*") if path.is_dir())]
        for folder in folders:
            folder.chmod(0o555)
        yield specs, store
        for folder in folders:
            folder.chmod(0o755)
        return
    honest_open, honest_mkdir = os.open, os.mkdir

    def refuse_open(path, flags, *arguments, **options):
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and str(path).startswith(str(store.root)):
            raise OSError(30, "Read-only file system", str(path))
        return honest_open(path, flags, *arguments, **options)

    def refuse_mkdir(path, *arguments, **options):
        if str(path).startswith(str(store.root)) and not os.path.isdir(path):
            raise OSError(30, "Read-only file system", str(path))
        return honest_mkdir(path, *arguments, **options)

    def refuse_write(path, *_):
        raise OSError(30, "Read-only file system", str(path))

    monkeypatch.setattr(os, "open", refuse_open)
    monkeypatch.setattr(os, "mkdir", refuse_mkdir)
    monkeypatch.setattr("pathlib.Path.write_bytes", refuse_write)
    yield specs, store


def test_a_read_only_store_is_read(read_only):
    specs, store = read_only
    assert np.isfinite(open_run(specs[0].run_id, store.root)["mz"].values).all()
    assert status(store).stored == 1
    assert list(verify(store)) == []
    (report,) = execute([specs[0]], store.root)
    assert report.outcome == "stored"


def test_computing_into_a_read_only_store_is_refused_before_it_starts(read_only, monkeypatch):
    specs, store = read_only

    def fail(*_):
        raise AssertionError("the engine was called")

    monkeypatch.setattr(mock, "simulate", fail)
    with pytest.raises(StoreNotWritableError, match=r"is not writable.*--store DIR"):
        list(execute(specs, store.root))
    with pytest.raises(StoreNotWritableError, match=rf"{specs[1].run_id} could not be claimed"):
        run_one(specs[1], store)
    assert [path.name for path in store.root.iterdir()] == [specs[0].run_id]
