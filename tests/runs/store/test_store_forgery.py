"""Entries that somebody has made up, every hash in order: they are refused in words, and nothing of them is run."""

import contextlib
import hashlib
import json
import os
import pickle
import random
import shutil
import struct

import numpy as np
import pytest
from rows import rows

from runs import Store, execute, open_run
from runs.attempt import run_one
from runs.store import CorruptEntryError, set_aside_corrupt, verify, verify_entry


class Payload:
    """What runs code when it is unpickled."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.mkdir, (str(self.marker),)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """One honest entry, which every test copies; filled by the first of them."""
    return Store(tmp_path_factory.mktemp("template") / "store")


@pytest.fixture
def forged(template, make_spec, tmp_path):
    """A spec, a store with a copy of its entry, and the entry's folder."""
    spec = make_spec()
    if not template.ids():
        run_one(spec, template)
    store = Store(tmp_path / "store")
    shutil.copytree(template.root, store.root)
    return spec, store, store.entry(spec.run_id)


def seal(entry, **changes):
    """Let the record vouch for what lies in the entry now, as a forger can."""
    record = json.loads((entry / "provenance.json").read_text()) | changes
    names = [path for path in entry.rglob("*") if not path.name.startswith("provenance.json") and path.is_file()]
    record["files"] = {
        path.relative_to(entry).as_posix(): {
            "size": len(path.read_bytes()),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in names
    }
    write_record(entry, json.dumps(record).encode())


def write_record(entry, content):
    (entry / "provenance.json").write_bytes(content)
    (entry / "provenance.json.sha256").write_text(f"{hashlib.sha256(content).hexdigest()}  provenance.json\n")


def describe(entry, array="energy", **changes):
    path = entry / "run.zarr" / array / "zarr.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def assert_refused(spec, store, match, problem="arrays"):
    """It is refused by opening, by looking whether it is there, by verifying, and by the sweep that needs the run."""
    for look in (store.open, store.holds):
        with pytest.raises(CorruptEntryError, match=match) as error:
            look(spec.run_id)
        assert spec.run_id in str(error.value)
    findings = [finding for finding in verify_entry(store, spec.run_id) if finding.corrupt]
    assert [finding.problem for finding in findings][:1] == [problem]
    assert any(spec.run_id in finding.text for finding in findings)
    (report,) = execute([spec], store.root)
    assert (report.outcome, "the stored one was not whole" in report.note) == ("computed", True)
    assert np.isfinite(open_run(spec.run_id, store.root)["mz"]).all()
    assert list(verify(store)) == []


def test_a_copy_that_is_sealed_again_is_opened(forged):
    spec, store, entry = forged
    seal(entry)
    assert store.holds(spec.run_id)
    assert list(verify(store)) == []
    assert np.isfinite(open_run(spec.run_id, store.root).load()["mz"]).all()


def with_zarr_2(entry, marker):
    """Every array in Zarr format 2, packed by pickle: with old versions of Zarr and numcodecs opening one runs it."""
    shutil.rmtree(entry / "run.zarr")
    for name in ("m", "t", "x"):
        (entry / "run.zarr" / name).mkdir(parents=True)
        array = {"zarr_format": 2, "shape": [1], "chunks": [1], "dtype": "|O", "fill_value": None, "order": "C"}
        array |= {"compressor": {"id": "pickle", "protocol": 5}, "filters": [{"id": "vlen-utf8"}]}
        (entry / "run.zarr" / name / ".zarray").write_text(json.dumps(array))
        (entry / "run.zarr" / name / ".zattrs").write_text(json.dumps({"_ARRAY_DIMENSIONS": ["t"]}))
        (entry / "run.zarr" / name / "0").write_bytes(pickle.dumps(Payload(marker)))
    (entry / "run.zarr" / ".zgroup").write_text('{"zarr_format": 2}')


def with_zarr_2_beside(entry, marker):
    """One more array in Zarr format 2 beside the honest ones."""
    folder = entry / "run.zarr" / "more"
    folder.mkdir()
    array = {"zarr_format": 2, "shape": [1], "chunks": [1], "dtype": "|O", "compressor": None, "fill_value": None}
    (folder / ".zarray").write_text(json.dumps(array | {"order": "C", "filters": [{"id": "pickle"}]}))
    (folder / "0").write_bytes(pickle.dumps(Payload(marker)))


def with_pickle_codec(entry, marker):
    describe(entry, codecs=[{"name": "numcodecs.pickle", "configuration": {"protocol": 5}}])
    (entry / "run.zarr" / "energy" / "c" / "0").write_bytes(pickle.dumps(Payload(marker)))


@pytest.mark.parametrize(
    ("forge", "match"),
    [
        (with_zarr_2, "another Zarr format than 3"),
        (with_zarr_2_beside, r"more/\.?\w+ is no part of an array of Zarr format 3"),
        (with_pickle_codec, r"is packed with \['numcodecs.pickle'\], but only \['bytes', 'zstd'\] is read"),
    ],
)
def test_pickles_are_refused_and_never_loaded(forged, tmp_path, forge, match):
    spec, store, entry = forged
    forge(entry, tmp_path / "ran")
    seal(entry)
    assert_refused(spec, store, match)
    assert not (tmp_path / "ran").exists()


ZSTD = {"name": "zstd", "configuration": {"level": 0, "checksum": False}}
BYTES = {"name": "bytes", "configuration": {"endian": "little"}}
HUGE = {"name": "regular", "configuration": {"chunk_shape": [10**12]}}


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"zarr_format": 2}, "is of Zarr format 2, but only format 3 is read"),
        ({"data_type": "object"}, "holds 'object', but only numbers and text of a fixed length are read"),
        ({"data_type": "string"}, "holds 'string'"),
        ({"data_type": {"name": "fixed_length_utf32", "configuration": {"length_bytes": 2**40}}}, "but only numbers"),
        ({"codecs": [{"name": "sharding_indexed", "configuration": {}}]}, "sharding_indexed"),
        ({"codecs": [BYTES, {"name": "numcodecs.zlib", "configuration": {}}]}, "numcodecs.zlib"),
        ({"codecs": [BYTES, ZSTD | {"must_understand": False}]}, "is packed with"),
        ({"codecs": [{"name": "bytes"}, ZSTD]}, "in the order {}, which is not read"),
        ({"codecs": [BYTES, {"name": "zstd", "configuration": {"level": 0, "dictionary": "x"}}]}, "settings"),
        ({"storage_transformers": [{"name": "any"}]}, "storage transformers"),
        ({"chunk_key_encoding": {"name": "v2"}}, "names its chunks by"),
        ({"chunk_grid": {"name": "rectilinear"}}, "only regular ones are read"),
        ({"chunk_grid": HUGE}, r"chunks of 8e\+12 bytes, but at most 4.29e\+09 are read at once"),
        ({"shape": [10**12], "chunk_grid": HUGE}, r"chunks of 8e\+12 bytes"),
        ({"fill_value": "0x1"}, "fill value '0x1', which is not read"),
        ({"fill_value": 7.5}, "fill value 7.5"),
        ({"shape": [10**9]}, "has 1000000000 along t, but m has 7"),
        ({"shape": [10**9], "dimension_names": ["other"]}, "chunks, of which 1 are there"),
        ({"shape": [-1]}, "at least 0"),
        ({"shape": [1.5]}, r"has the sizes \[1.5\]"),
        ({"dimension_names": None}, "each needs a name of its own"),
        ({"attributes": {"scale_factor": 2.0}}, "by which its numbers would be changed"),
        ({"attributes": {"units": 5}}, "a text is needed"),
        ({"attributes": {"_FillValue": "no base 64"}}, "only NaN is read"),
        ({"node_type": "group"}, "which is not read"),
        ({"extension": {"must_understand": True}}, "has 'extension', which is not read"),
    ],
)
def test_what_no_workbench_writes_is_refused(forged, changes, match):
    spec, store, entry = forged
    describe(entry, **changes)
    seal(entry)
    with pytest.raises(CorruptEntryError, match=match):
        store.holds(spec.run_id)
    assert [finding.problem for finding in verify_entry(store, spec.run_id)] == ["arrays"]
    with pytest.raises(CorruptEntryError, match=r"writes no such entry and opens none; 'solitons verify --set-aside'"):
        store.open(spec.run_id)


@rows("content", [b"[" * 200_000, b"\xff\xfe", b"null", b"[]", b'{"zarr_format": 3}', b""])
def test_descriptions_that_are_none_are_refused(forged, content):
    spec, store, entry = forged
    (entry / "run.zarr" / "m" / "zarr.json").write_bytes(content)
    seal(entry)
    for look in (store.open, store.holds):
        with pytest.raises(CorruptEntryError, match=r"run.zarr/m/zarr.json (cannot be read|is of|describes)"):
            look(spec.run_id)


def test_a_magnetisation_that_is_not_all_there_is_refused(forged):
    spec, store, entry = forged
    (chunk,) = (path for path in (entry / "run.zarr" / "m" / "c").rglob("*") if path.is_file())
    chunk.unlink()
    seal(entry)
    assert_refused(spec, store, "m/zarr.json has 1 chunks, of which 0 are there")


@rows("size", [struct.pack("<BQ", 0xE0, 2**40), struct.pack("<BQ", 0xE0, 8), struct.pack("<BB", 0x00, 0x58)])
def test_a_chunk_that_unpacks_to_another_size_is_not_unpacked(forged, size):
    spec, store, entry = forged
    chunk = entry / "run.zarr" / "energy" / "c" / "0"
    chunk.write_bytes(b"\x28\xb5\x2f\xfd" + size + bytes(16))
    seal(entry)
    run = store.open(spec.run_id)
    with pytest.raises(
        CorruptEntryError, match=r"energy/c/0 (unpacks to \d+ bytes, but the array has 56|does not say)"
    ):
        run["energy"].load()
    assert [finding.problem for finding in verify_entry(store, spec.run_id)] == ["arrays"]


@pytest.mark.parametrize(
    "linked", ["spec.json", "provenance.json", "run.zarr/m/zarr.json", "run.zarr/m/c", "run.zarr", "."]
)
def test_symbolic_links_are_refused(forged, tmp_path, linked):
    spec, store, entry = forged
    elsewhere = tmp_path / "elsewhere"
    (entry / linked).rename(elsewhere)
    (entry / linked if linked != "." else entry).symlink_to(elsewhere)
    assert_refused(spec, store, "symbolic link", problem="record" if linked == "provenance.json" else "link")
    assert elsewhere.exists(), "what a link leads to is not touched"


def test_a_link_that_belongs_to_no_array_is_a_finding(forged, tmp_path):
    spec, store, entry = forged
    (entry / "more").symlink_to(tmp_path)
    (finding,) = verify(store)
    assert (finding.problem, finding.path) == ("foreign", entry / "more")
    assert set_aside_corrupt(store, spec.run_id) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("name", ["spec.json", "provenance.json", "run.zarr/energy/c/0"])
def test_a_pipe_is_refused_and_not_waited_for(forged, name):
    spec, store, entry = forged
    (entry / name).unlink()
    os.mkfifo(entry / name)
    if name != "provenance.json":
        record = json.loads((entry / "provenance.json").read_text())
        record["files"][name] = {"size": 0, "sha256": hashlib.sha256().hexdigest()}
        write_record(entry, json.dumps(record).encode())
    assert_refused(spec, store, r"named pipe \(FIFO\)", problem="record" if name == "provenance.json" else "link")


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"wall_time": None}, "has wall_time None, but a time in s is needed"),
        ({"wall_time": "1 s"}, "has wall_time '1 s'"),
        ({"wall_time": float("nan")}, "has wall_time nan"),
        ({"wall_time": 10**400}, "has wall_time 10"),
        ({"engine_version": 5}, "has engine_version 5, but a text is needed"),
    ],
)
def test_a_record_without_what_is_asked_of_it_is_refused(forged, changes, match):
    spec, store, entry = forged
    seal(entry, **changes)
    assert_refused(spec, store, match, problem="record")


def test_a_record_that_is_nested_without_end_is_refused(forged):
    spec, store, entry = forged
    write_record(entry, b"[" * 200_000)
    assert_refused(spec, store, "provenance.json cannot be read", problem="record")


HOSTILE = [None, True, -1, 0, 1, 7, 10**18, 1.5, float("nan"), "", "x", "\0", "|O", [], [[]], [None], {}, {"name": "x"}]


def mutated(node, random):
    """The same with one part of it, anywhere, exchanged, taken out or doubled."""
    if isinstance(node, dict | list) and node and random.random() < 0.8:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key, copy = random.choice(keys), node.copy()
        if random.random() < 0.2:
            del copy[key]
        elif isinstance(copy, list) and random.random() < 0.2:
            copy.append(copy[key])
        else:
            copy[key] = mutated(copy[key], random)
        return copy
    return random.choice(HOSTILE)


def test_what_is_held_opens_and_what_does_not_open_is_not_held(forged):
    # Whatever a forger writes into a description: either both say no, in words, or all of it can be read.
    spec, store, entry = forged
    paths = [entry / "run.zarr" / name / "zarr.json" for name in ("", "m", "energy", "x")]
    honest = {path: path.read_bytes() for path in paths}
    record = json.loads((entry / "provenance.json").read_text())
    generator, held, opened = random.Random(10), 0, 0
    for _ in range(120):
        path = generator.choice(paths)
        content = json.dumps(mutated(json.loads(honest[path]), generator)).encode()
        path.write_bytes(content)
        file = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        files = record["files"] | {path.relative_to(entry).as_posix(): file}
        write_record(entry, json.dumps(record | {"files": files}).encode())
        with contextlib.suppress(CorruptEntryError):
            held += store.holds(spec.run_id)
            store.open(spec.run_id).load()
            opened += 1
        path.write_bytes(honest[path])
    assert 0 < held == opened < 60
