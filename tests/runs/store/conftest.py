import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from runs import Store
from runs.attempt import run_one

ROOT = Path(__file__).parents[3]


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def stored(make_spec, store):
    """A store with one run in it, and the run's spec."""
    spec = make_spec()
    run_one(spec, store)
    return spec, store


@pytest.fixture
def python(tmp_path):
    """Start Python code in a process of its own, with the store's path as its first argument."""
    started = []

    def start(code, *arguments, **options):
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "store"), *map(str, arguments)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            **options,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.stdout.close()
        process.wait()


@pytest.fixture
def entry_files():
    """All files of an entry, those of the record too."""

    def files(store, run_id):
        return sorted(path for path in store.entry(run_id).rglob("*") if path.is_file())

    return files
