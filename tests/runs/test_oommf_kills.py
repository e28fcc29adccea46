"""Runs in OOMMF that end well, fail, or are ended by a signal at a random time leave no process and nothing wrong."""

import runpy
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "oommf_kills.py"
KINDS = ("success", "failure", "SIGINT", "SIGTERM", "SIGKILL")


@pytest.mark.oommf
@pytest.mark.slow
def test_twenty_runs_are_ended_in_five_ways():
    if not Path("/proc/self/environ").exists():
        pytest.skip("processes are counted in /proc, which is not here")
    # More of them, in more ways, with `python benchmarks/oommf_kills.py`.
    counts = runpy.run_path(str(BENCHMARK))["run"](20, seed=1, kinds=KINDS, at_once=3)
    assert [row["count"] for row in counts.values()] == [4] * 5
    assert {kind: row["orphans"] for kind, row in counts.items()} == dict.fromkeys(KINDS, 0)
    assert {kind: row["wrong"] for kind, row in counts.items()} == dict.fromkeys(KINDS, 0)
