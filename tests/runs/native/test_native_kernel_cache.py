"""Kernels on the disk: found again, written whole, renewed when broken, done without, and bounded."""

import io
import os
import subprocess
import sys
import unittest.mock
import warnings

import numpy as np
import pytest

from runs.native.terms import demag_kernel, kernel_cache

KERNEL = ((6, 4, 1), (1.0, 1.0, 1.5), (False, False, False))


@pytest.fixture
def computation():
    """Compute an array, and count how often."""
    return unittest.mock.Mock(side_effect=lambda: np.arange(12.0).reshape(3, 4))


@pytest.fixture(autouse=True)
def directory(tmp_path, monkeypatch):
    monkeypatch.setenv("SOLITONS_CACHE", str(tmp_path))
    monkeypatch.setattr(kernel_cache, "SHORTEST", 0.0)
    return tmp_path / "kernels"


def test_the_second_time_it_is_read(computation, directory):
    first, second = (kernel_cache.remember(computation, "a", 1) for _ in range(2))
    assert computation.call_count == 1
    assert np.array_equal(first, second)
    assert second.dtype == np.float64
    assert [path.suffix for path in directory.iterdir()] == [".npy"]


def test_another_key_or_version_is_another_array(computation, monkeypatch):
    for key in (("a", 1), ("a", 2), ("b", 1), (1.0, 1.5), (1.0, 1.5000000001)):
        kernel_cache.remember(computation, *key)
    monkeypatch.setattr(kernel_cache, "VERSION", kernel_cache.VERSION + 1)
    kernel_cache.remember(computation, *key)
    assert computation.call_count == 6


@pytest.mark.parametrize("broken", [b"", b"no kernel", "half", "tail", "pickle"])
def test_a_broken_file_is_renewed(computation, directory, broken):
    expected = kernel_cache.remember(computation, "a")
    (path,) = directory.iterdir()
    whole = path.read_bytes()
    pickled = io.BytesIO()
    np.save(pickled, np.array([{"any": "object"}], dtype=object), allow_pickle=True)
    contents = {"half": whole[: len(whole) // 2], "tail": whole[:-1], "pickle": pickled.getvalue()}
    path.write_bytes(contents.get(broken, broken))
    assert np.array_equal(kernel_cache.remember(computation, "a"), expected)
    assert computation.call_count == 2
    assert path.read_bytes() == whole


@pytest.mark.parametrize("cache", ["off", "a file", "quick"])
def test_what_is_not_kept_is_computed_without_a_word(computation, directory, tmp_path, monkeypatch, cache):
    (tmp_path / "file").write_text("")  # where the directory should be it stops root too
    if cache == "quick":
        monkeypatch.setattr(kernel_cache, "SHORTEST", 3600.0)
    else:
        monkeypatch.setenv("SOLITONS_CACHE", "off" if cache == "off" else str(tmp_path / "file"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(2):
            kernel_cache.remember(computation, "a")
    assert computation.call_count == 2
    assert not directory.exists()


def test_a_write_that_fails_leaves_nothing_behind(computation, directory, monkeypatch):
    def full(*arguments, **options):
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "save", full)
    kernel_cache.remember(computation, "a")
    assert list(directory.iterdir()) == []


def test_what_was_not_used_for_longest_goes_first(computation, directory, monkeypatch):
    kernel_cache.remember(computation, "old")
    (old,) = directory.iterdir()
    size = old.stat().st_size
    kernel_cache.remember(computation, "used")
    (used,) = set(directory.iterdir()) - {old}
    for path, time in ((old, 1000), (used, 500)):
        os.utime(path, (time, time))
    kernel_cache.remember(computation, "used")
    monkeypatch.setattr(kernel_cache, "LIMIT", 2 * size)
    kernel_cache.remember(computation, "new")
    left = set(directory.iterdir())
    assert old not in left
    assert used in left
    assert len(left) == 2


@pytest.mark.slow
def test_many_processes_share_a_directory(directory):
    # Forked, as every process that imports it takes seconds for that.
    script = """
import os
import numpy as np
from runs.native.terms import kernel_cache
kernel_cache.SHORTEST = 0.0
children = []
while len(children) < 2:
    child = os.fork()
    if child == 0:
        children = []
        break
    children.append(child)
for turn in range(20):
    for key in range(5):
        values = kernel_cache.remember(lambda: np.full((64, 64), float(key)), key)
        assert values.shape == (64, 64) and np.all(values == key)
assert all(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0 for child in children)
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert len(list(directory.iterdir())) == 5


def test_kernels_are_kept_and_found(directory, monkeypatch):
    demag_kernel.kernel.cache_clear()
    first = np.asarray(demag_kernel.kernel(*KERNEL))
    assert len(list(directory.iterdir())) == 1
    demag_kernel.kernel.cache_clear()
    monkeypatch.setattr(demag_kernel, "_spectrum", None)
    assert np.array_equal(np.asarray(demag_kernel.kernel(*KERNEL)), first)
    demag_kernel.kernel.cache_clear()
