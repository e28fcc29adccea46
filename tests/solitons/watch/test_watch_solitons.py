"""Solitons are followed beside everything else: they keep no picture waiting, are followed once, and warn nobody."""

import asyncio
import json
import threading
import warnings
from types import SimpleNamespace

import pytest

from solitons.watch import observables
from solitons.watch.command import serve


@pytest.fixture
def slow(monkeypatch):
    """Let following the walls of a stripe take until it is let go on; `begun` are the runs for which it began."""

    slow = SimpleNamespace(begun=[], go_on=threading.Event())

    def find(spec, run):
        slow.begun.append(spec.run_id)
        assert slow.go_on.wait(60)
        raise ValueError("followed")

    monkeypatch.setattr(observables, "observables_over_time", lambda _: find)
    yield slow
    slow.go_on.set()


def test_who_follows_many_keeps_nobody_waiting(watched, asking, slow):
    async def work(server):
        paths = [f"run/{watched.ids[number % 2]}/solitons" for number in range(6)]
        asked = [asyncio.ensure_future(server.ask(path)) for path in paths]
        try:
            for path in ("runs", f"run/{watched.ids[0]}", f"run/{watched.ids[0]}/picture"):
                assert (await asyncio.wait_for(server.ask(path), 30)).code == 200, path
        finally:
            slow.go_on.set()
        assert {json.loads((await each).body)["note"] for each in asked} == {"followed"}
        # Each run is followed once, however many ask.
        assert sorted(slow.begun) == sorted(watched.ids[:2])

    asking(watched.store, work)


def test_what_is_waited_for_is_dropped_when_the_server_ends(watched, asking, slow):
    async def work(server):
        serving = server.serving
        begun = serving.following.submit(slow.go_on.wait, 60)
        waiting = serving.following.submit(lambda: None)
        serving.end()
        assert waiting.cancelled()
        assert not begun.cancelled()

    asking(watched.store, work)


def test_the_command_ends_its_threads(tmp_path):
    def say(text):
        if "Open" in text:
            raise KeyboardInterrupt

    before = threading.enumerate()
    serve(tmp_path, "127.0.0.1", 0, say)
    for thread in threading.enumerate():
        if thread not in before and thread.name.startswith("watch"):
            thread.join(30)
            assert not thread.is_alive(), thread.name


def test_what_a_run_warns_of_is_hidden_from_no_other_thread(watched, asking, monkeypatch):
    seen = []

    def find(spec, run):
        seen.append([*warnings.filters])
        warnings.warn_explicit("walls: none", UserWarning, "observables.py", 1, module="solitons.watch.observables")
        raise ValueError("none")

    monkeypatch.setattr(observables, "observables_over_time", lambda _: find)

    async def work(server):
        assert json.loads((await server.ask(f"run/{watched.ids[0]}/solitons")).body)["note"] == "none"
        # Of another thread's warnings none is left out.
        assert seen
        assert ("ignore", None, Warning, None, 0) not in seen[0]

    with warnings.catch_warnings(record=True) as caught:
        asking(watched.store, work)
    assert [str(each.message) for each in caught if "walls" in str(each.message)] == []
