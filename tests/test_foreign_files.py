"""Every file that a user names is read by one opener, and none can stop the program, fill its memory or break it."""

import ast
import json
import os
import time
from pathlib import Path

import pytest
from rows import rows

from geometries import plain_files
from geometries.plain_files import JsonError, NotAFileError, parse_json, read_bytes, read_json, read_text
from runs import load_cluster
from runs.reading import open_drive
from solitons import load_campaign, load_model, save_model
from solitons.exports.conductance_table import read_table
from solitons.exports.nir_graph import read_nir
from solitons.exports.pulse_data import read_pulse_data
from solitons.models.saving import is_saved_model

ROOT = Path(__file__).parents[1]
PACKAGES = ("geometries", "runs", "analysis", "solitons")
READERS = {
    "campaign": (load_campaign, ".yaml"),
    "cluster": (load_cluster, ".yaml"),
    "model": (load_model, ".json"),
    "NIR": (read_nir, ".nir"),
    "pulses": (read_pulse_data, ".csv"),
    "table": (read_table, ".csv"),
    "netCDF": (read_table, ".nc"),
}

# Files that no user names: what an engine has written in its own folder, and what comes with the package.
ALLOWED = {
    "geometries/plain_files.py": "it is the opener",
    "runs/engines/memory.py": "/proc/meminfo",
    "runs/engines/native_ensemble.py": "arrays of a run's own folder",
    "runs/engines/oommf_drive.py": "the input that oommfc has just written",
    "runs/engines/oommf_frames.py": "OOMMF's output in the run's own folder",
    "runs/engines/oommf_output.py": "OOMMF's output in the run's own folder",
    "runs/engines/oommf_process.py": "OOMMF's output in the run's own folder",
    "runs/engines/oommf_progress.py": "OOMMF's table in the run's own folder",
    "runs/engines/oommf_restart.py": "OOMMF's checkpoint in the run's own folder",
    "runs/engines/oommf_watcher.py": "/proc, and it imports nothing of the package",
    "runs/native/compilation_cache.py": "/proc/cpuinfo",
    "runs/native/terms/kernel_cache.py": "this user's own cache, which is private",
    "runs/native/ubermag/output.py": "the drive that it is writing",
    "runs/store/campaign_records.py": "compares with the record that it is about to write",
    "runs/store/checked_reading.py": "bytes whose sizes and hashes have been compared",
    "runs/sweeps/certificate.py": "writes a new file",
    "solitons/campaigns/framework/starting.py": "a campaign that comes with a package, and a new file",
    "geometries/old_names.py": "the package's own source",
    "solitons/campaigns/framework/provenance.py": "input files of a campaign, once read",
    "solitons/campaigns/framework/source_digest.py": "the source of installed packages",
    "solitons/campaigns/framework/films.py": "the film that it has just written",
    "solitons/watch/server.py": "the page that comes with the package",
    "analysis/skyrmions/absence.py": "the spec in a run's attributes, which was checked when it was opened",
    "analysis/domain_walls/absence.py": "the spec in a run's attributes, which was checked when it was opened",
    "solitons/commands/run_list.py": "a text that it has made",
    "solitons/commands/problem_commands.py": "the script that comes with the package",
    "solitons/problems/problem.py": "what comes with the package",
    "solitons/problems/running.py": "the output of the script that it runs",
    "solitons/domain_walls/trajectory.py": "the spec in a run's attributes, which was checked when it was opened",
}
_READS = {"read_text", "read_bytes", "read_csv", "loadtxt", "genfromtxt", "fromfile"}
_SAFE = {"plain_opener", "unlinked_opener"}


def reads_by_itself(path):
    """Lines of a module that open or parse a file in a way of their own."""
    found = []
    tree = ast.parse(path.read_text("utf-8"))
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "geometries.plain_files"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name):
            opener = next((each.value for each in node.keywords if each.arg == "opener"), None)
            bad = called.id == "open" and getattr(opener, "id", "") not in _SAFE
            bad |= called.id in _READS and called.id not in imported
        elif isinstance(called, ast.Attribute):
            owner = getattr(called.value, "id", "")
            bad = called.attr in _READS and not (called.attr == "read_csv" and _is_text(node))
            bad |= (owner, called.attr) in {("json", "loads"), ("json", "load"), ("np", "load"), ("os", "fdopen")}
            bad |= (owner, called.attr) == ("yaml", "load") and path.name != "strict_yaml.py"
        else:
            bad = False
        if bad:
            found.append(node.lineno)
    return found


def _is_text(node):
    return "StringIO" in ast.unparse(node.args[0])


@pytest.mark.slow
def test_no_module_reads_files_in_a_way_of_its_own():
    found = {
        str(path.relative_to(ROOT)): lines
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if (lines := reads_by_itself(path))
    }
    assert {name: lines for name, lines in found.items() if name not in ALLOWED} == {}
    left = set(ALLOWED) - set(found)
    assert left <= {"geometries/plain_files.py"}, "these need no leave any more"


@pytest.fixture
def file(tmp_path):
    def make(reader, content):
        path = tmp_path / f"given{READERS[reader][1]}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_or_a_device_is_refused_at_once(reader, tmp_path):
    read, ending = READERS[reader]
    pipe, device = tmp_path / f"pipe{ending}", tmp_path / f"device{ending}"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    for path, kind in ((pipe, "named pipe"), (device, "device")):
        with pytest.raises((OSError, ValueError), match=f"{kind}|no such file"):
            read(path)


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_a_file_that_is_too_large_is_refused(reader, file, monkeypatch):
    path = file(reader, b"\n" * 10)
    with open(path, "rb+") as stream:
        stream.truncate(plain_files.LARGEST_TABLE + 1)  # a hole, which takes no room
    with pytest.raises(ValueError, match="MB"):
        READERS[reader][0](path)


HOSTILE = {
    "nothing": "",
    "a zero": "\0",
    "brackets": "[" * 200_000,
    "tables": '{"a":' * 200_000,
    "a quote": '"',
    "a long word": "a" * 200_000,
    "many cells": "a," * 200_000,
    "a long quote": "pulse," + '"' * 140_000,
    "UTF-16": b"\xff\xfe\0",
    "netCDF": b"CDF\x01" + b"\xff" * 60,
    "HDF5": b"\x89HDF\r\n\x1a\n" + b"\xff" * 600,
    "a comment": "# a: " + "[" * 200_000,
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("content", HOSTILE)
def test_what_is_no_such_file_is_refused_in_words(reader, file, content):
    with pytest.raises((OSError, ValueError)) as refused:
        READERS[reader][0](file(reader, HOSTILE[content]))
    assert "given" in str(refused.value) or "unable" in str(refused.value).lower()


@rows("cell", ["a" + " " * 60_000 + "b", "(" * 60_000, "a(" + " " * 60_000 + "b", "[" * 30_000 + "a"])
def test_a_long_cell_of_a_header_takes_no_time(file, cell):
    """The square of its length took 20 s; the time of a line is not measured but bounded from far above."""
    begun = time.process_time()
    with pytest.raises(ValueError, match="is not known") as refused:
        read_pulse_data(file("pulses", f"pulse,{cell}\n0,1\n"))
    assert time.process_time() - begun < 5
    assert len(str(refused.value)) < 1000


MODEL = {
    "class": "TabulatedSynapse", "lowest": 1e-6, "highest": 2e-6, "up": [1e-7, 1e-8], "down": [-1e-7, -1e-8],
    "cycle_up": 0.0, "cycle_down": 0.0, "read_noise": 0.0, "gain": 0.0, "provenance": None,
}  # fmt: skip


def saved(**changes):
    return json.dumps({"format": "soliton-workbench model 1", "model": MODEL | changes})


@rows(
    ("changes", "words"),
    [
        ({"provenance": "text"}, "TabulatedSynapse.provenance is 'text'; it must be PulseProvenance"),
        ({"provenance": [1.0]}, "provenance is"),
        ({"provenance": {"class": "Provenance", "trained_on": [], "fitted_range": None}}, "given.json"),
        ({"lowest": "low"}, "lowest is 'low'; it must be a number"),
        ({"lowest": True}, "lowest is True"),
        ({"up": {"class": "NoForce"}}, "up is"),
    ],
)
def test_a_part_of_a_model_is_of_the_kind_that_it_must_be(file, changes, words):
    with pytest.raises(ValueError, match=words):
        load_model(file("model", saved(**changes)))


@rows("written", ["null", "1", "[]", '"text"'])
def test_a_model_that_is_none_is_refused(file, written):
    with pytest.raises(ValueError, match=r"its model is .*save_model"):
        load_model(file("model", f'{{"format": "soliton-workbench model 1", "model": {written}}}'))


@rows("number", ["Infinity", "-Infinity", "NaN", "1e999"])
def test_numbers_of_a_model_are_finite(file, number):
    with pytest.raises(ValueError, match="no finite number"):
        load_model(file("model", saved().replace("2e-06", number)))


def test_the_model_that_these_are_made_of_is_read(file, tmp_path):
    model = load_model(file("model", saved()))
    assert is_saved_model(save_model(model, tmp_path / "again.json"))
    assert not is_saved_model("/dev/zero")


def test_the_opener_reads_what_is_right(tmp_path):
    path = tmp_path / "right.json"
    path.write_bytes('{"a": [1, "µ"]}\r\n'.encode())
    assert read_json(path) == {"a": [1, "µ"]}
    assert read_text(path) == '{"a": [1, "µ"]}\n'
    assert read_bytes(path, 18) == path.read_bytes()
    with pytest.raises(ValueError, match="more than"):
        read_bytes(path, 17)
    path.write_bytes(b"\xff")
    with pytest.raises(ValueError, match=r"right.json: not text in UTF-8"):
        read_text(path)
    with pytest.raises(NotAFileError):
        read_bytes(tmp_path)


def test_json_has_sixty_levels():
    assert parse_json("[" * 60 + "]" * 60)
    for deep in ("[" * 61 + "]" * 61, '{"a":' * 61 + "1" + "}" * 61, "[" * 100_000):
        with pytest.raises(JsonError, match="60 levels"):
            parse_json(deep)


def test_information_beside_a_drive_may_be_anything(tmp_path):
    (tmp_path / "info.json").write_text("[" * 100_000)
    with pytest.raises((OSError, ValueError)):
        open_drive(tmp_path)
