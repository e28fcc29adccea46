"""The command `solitons watch`: an address that works, and what it refuses."""

import asyncio
import json
import re
import socket
import subprocess
import sys

import pytest
from tornado.httpclient import AsyncHTTPClient

from runs import Store
from runs.attempt import run_one
from runs.store import remember_campaign
from solitons.watch.command import serve

COMMAND = [sys.executable, "-c", "from solitons.commands.cli import main; main()", "watch", "--store"]


def refused(folder, host, port):
    """What is said of something that cannot be served; whoever is told an address was not refused."""

    def say(text):
        raise AssertionError(text)

    with pytest.raises(OSError) as error:  # noqa: PT011
        serve(folder, host, port, say)
    return str(error.value)


def test_a_file_is_no_store(tmp_path):
    (tmp_path / "file").write_text("")
    assert "is a file, not the folder of a store" in refused(tmp_path / "file", "127.0.0.1", 0)


def test_a_port_in_use_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"port {port} of 127.0.0.1 is in use; choose another with --port" in refused(tmp_path, "127.0.0.1", port)


def test_an_address_that_is_not_of_this_machine_is_named(tmp_path):
    assert "is no address of this machine" in refused(tmp_path, "192.0.2.1", 0)


@pytest.mark.slow
def test_a_store_may_come_later(tmp_path, make_spec):
    process = subprocess.Popen(
        [*COMMAND, tmp_path / "later", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline().startswith(f"There is no store '{tmp_path / 'later'}' yet")
        assert process.stdout.readline().startswith("Watching")
        address = process.stdout.readline().strip()

        async def ask():
            return json.loads((await AsyncHTTPClient().fetch(f"{address}runs")).body)

        assert asyncio.run(ask())["total"] == 0
        assert not (tmp_path / "later").exists()
        spec = make_spec()
        run_one(spec, Store(tmp_path / "later"))
        remember_campaign(Store(tmp_path / "later"), "mine", "mock", [spec.run_id, "f" * 16])
        while asyncio.run(ask())["total"] < 2:
            pass  # a look is one second old at most
    finally:
        process.terminate()
    out, error = process.communicate(timeout=120)
    assert (out, error, process.returncode) == ("", "", 0)


@pytest.mark.slow
@pytest.mark.parametrize("end", ["terminate", "interrupt"])
def test_the_address_that_is_printed_works_until_it_is_ended(tmp_path, end):
    process = subprocess.Popen(
        [*COMMAND, tmp_path, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline().startswith(f"Watching {tmp_path}; Ctrl-C ends it")
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{32}/", address)

        async def ask():
            return await AsyncHTTPClient().fetch(f"{address}runs")

        assert b'"total": 0' in asyncio.run(ask()).body
    finally:
        process.terminate() if end == "terminate" else process.send_signal(2)
    out, error = process.communicate(timeout=120)
    assert (out, error, process.returncode) == ("", "", 0)
