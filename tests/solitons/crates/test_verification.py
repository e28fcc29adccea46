"""A crate that was altered is named by its file; one that would do harm is not unpacked."""

import hashlib
import json
import os
import stat
import struct
import sys
import zipfile
import zlib
from copy import copy
from pathlib import Path
from types import SimpleNamespace

import pytest
from altered_crates import content_of, relisted, sealed
from rows import rows

from runs.store.entry import seal
from solitons.crates import opening, verification
from solitons.crates.layout import METADATA, SEAL
from solitons.crates.verification import verify_crate


def found(path):
    return [(str(each.path), each.problem) for each in verify_crate(path).findings]


def one_byte(content, place=-2):
    """The same content with one bit of one byte turned."""
    altered = bytearray(content)
    altered[place] ^= 1
    return bytes(altered)


def ending(files, end):
    return next(name for name in files if name.endswith(end))


def altered(files, end):
    name = ending(files, end)
    return files | {name: one_byte(files[name])}


def without(files, *ends):
    return {name: content for name, content in files.items() if not name.endswith(ends)}


def test_a_whole_crate_has_no_findings(packed):
    seen = []
    report = verify_crate(packed, lambda done, total: seen.append((done, total)))
    assert report.findings == ()
    assert (report.runs, report.without_arrays) == (2, 0)
    assert seen[-1] == (report.size, report.size)
    assert report.sha256 == hashlib.sha256(content_of(packed)[METADATA]).hexdigest()


@rows(
    ("alter", "end", "problem"),
    [
        (lambda files: altered(files, "mx/c/0"), "mx/c/0", "content"),
        (lambda files: altered(files, "spec.json"), "spec.json", "content"),
        (lambda files: altered(files, "summary.json"), "summary.json", "content"),
        (lambda files: altered(files, "report.html"), "report.html", "content"),
        (lambda files: altered(files, "tiny.yaml"), "tiny.yaml", "content"),
        (lambda files: files | {METADATA: files[METADATA].replace(b"two", b"ten")}, METADATA, "content"),
        (lambda files: altered(files, SEAL), METADATA, "content"),
        (lambda files: files | {"README.md": b""}, "README.md", "size"),
        (lambda files: without(files, "mx/c/0"), "mx/c/0", "missing"),
        (lambda files: without(files, "mx/c/0") | {f"{ending(files, 'mx/c/0')[:-1]}": b""}, "mx/c/0", "missing"),
        (lambda files: without(files, "tiny.yaml"), "tiny.yaml", "missing"),
        (lambda files: without(files, SEAL), SEAL, "missing"),
        (lambda files: without(files, METADATA), METADATA, "missing"),
        (lambda files: files | {"store/more.txt": b"more"}, "store/more.txt", "foreign"),
        (lambda files: files | {"nothing/": b""}, "nothing", "foreign"),
    ],
)  # fmt: skip
def test_what_is_altered_is_named(packed, written, alter, end, problem):
    files = content_of(packed)
    names = found(written(alter(files)))
    assert {kind for _, kind in names} == {problem}
    assert all(name.endswith(end) for name, _ in names)
    assert len({Path(name).parts[:2] for name, _ in names}) == len(names), "each is named once"


def listed(files, change):
    metadata = json.loads(files[METADATA])
    change({each["@id"]: each for each in metadata["@graph"]})
    return sealed(files | {METADATA: json.dumps(metadata).encode()})


def forged_spec(files, **changes):
    """Another spec in a run's entry, with a record and a crate that fit it: only the run's id does not."""
    name = ending(files, "spec.json")
    entry = name.removesuffix("spec.json")
    spec = json.loads(files[name])
    spec["material"] |= changes or {"alpha": 0.2}
    content = json.dumps(spec).encode()
    record = json.loads(files[f"{entry}provenance.json"])
    record["files"]["spec.json"] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    text = json.dumps(record).encode()
    new = {name: content, f"{entry}provenance.json": text, f"{entry}provenance.json.sha256": seal(text).encode()}
    return relisted(files | new)


def run_without_entry(files):
    run = ending(files, "spec.json").split("/")[1]
    return relisted({name: content for name, content in files.items() if run not in name})


@rows(
    ("forge", "words"),
    [
        (forged_spec, "spec.json describes run"),
        (lambda files: forged_spec(files, alpha=-1), "the run's id is not known (material.alpha"),
        (lambda files: relisted(altered(files, "mx/c/0")), "mx/c/0 is not what was written"),
        (lambda files: relisted(without(files, "mx/c/0")), "mx/c/0 is missing"),
        (lambda files: relisted(altered(files, "provenance.json")), "provenance.json or provenance.json.sha256 is not"),
        (run_without_entry, "which is not in the crate"),
        (lambda files: listed(files, lambda each: each["README.md"].pop("sha256")), "'README.md' has sha256 None"),
        (lambda files: listed(files, lambda each: each["README.md"].update(contentSize=448)), "contentSize 448"),
        (
            lambda files: listed(files, lambda each: each["README.md"].update({"@id": "./README.md"})),
            "is not written as",
        ),
        (
            lambda files: listed(files, lambda each: each["README.md"].update(contentSize="9" * 18)),
            f"but {'9' * 18} were",
        ),
        (lambda files: listed(files, lambda each: each["./"].update(mainEntity={"@id": "x"})), "its mainEntity"),
        (lambda files: listed(files, lambda each: each["tiny.yaml"].update({"@id": "README.md"})), "is listed twice"),
        (lambda files: sealed(files | {METADATA: b"[" * 100_000}), "does not list what the crate has"),
        (lambda files: sealed(files | {METADATA: b'{"@graph": [1]}'}), "'@graph'"),
        (lambda files: sealed(files | {METADATA: b"{}"}), "'@graph'"),
    ],
)
def test_a_forger_who_lists_what_he_altered_is_found(packed, written, forge, words):
    findings = verify_crate(written(forge(content_of(packed)))).findings
    assert findings
    assert all(words in each.text or "is not in the crate" in each.text for each in findings)
    assert any(words in each.text for each in findings)


def test_a_spec_that_does_not_give_the_id_is_named_with_both_ids(packed, written):
    (finding,) = verify_crate(written(forged_spec(content_of(packed)))).findings
    assert finding.problem == "record"
    assert finding.path.name == "spec.json"
    assert f"but the entry is of run {finding.run_id}" in finding.text


def test_a_byte_of_the_packed_stream_is_found(packed, tmp_path):
    with zipfile.ZipFile(packed) as archive:
        info = archive.getinfo("README.md")
    content = packed.read_bytes()
    place = content.index(b"README.md", info.header_offset) + len("README.md") + info.compress_size // 2
    path = tmp_path / "broken.zip"
    path.write_bytes(one_byte(content, place))
    assert found(path) == [("README.md", "content")]


def member(name, mode=0o644 | stat.S_IFREG, **changes):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    for key, value in changes.items():
        setattr(info, key, value)
    return info


def other_name(name, other):
    """The extra field by which a zip gives a name in Unicode, which zipfile unpacks by from Python 3.13 on."""
    body = struct.pack("<BL", 1, zlib.crc32(name.encode())) + other.encode()
    return struct.pack("<HH", 0x7075, len(body)) + body


@pytest.mark.skipif(sys.version_info < (3, 13), reason="zipfile reads no second name before Python 3.13")
def test_a_second_name_by_which_zipfile_would_unpack_is_refused(packed, written):
    path = written(content_of(packed))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(member("two", extra=other_name("two", "../out")), b"")
    with zipfile.ZipFile(path) as archive:
        assert archive.infolist()[-1].filename == "../out"
    with pytest.raises(ValueError, match="'two' has two names, or bytes beside its content"):
        verify_crate(path)


@rows(
    ("info", "words"),
    [
        (member("../out"), "'../out' leads out of the crate"),
        (member("store/../../out"), "leads out of the crate"),
        (member("/etc/out"), "leads out of the crate"),
        (member("C:out"), "leads out of the crate"),
        (member("store\\out"), "is no plain name"),
        (member("store//out"), "is no plain name"),
        (member("store/\x1b[2J"), "is no plain name"),
        (member("a" * 300), "has a part of more than"),
        (member("link", 0o777 | stat.S_IFLNK), "is a link"),
        (member("pipe", 0o644 | stat.S_IFIFO), "is a link or another thing"),
        (member("README.md"), "'README.md' is in it twice"),
        (member("README.md/inside"), "'README.md' is a file and a folder"),
        (member("folder/", 0o755 | stat.S_IFDIR), "a folder with a content"),
        (member("packed", compress_type=zipfile.ZIP_LZMA), "is packed in an unusual way"),
        (member("a/" * 800 + "b"), "1000 characters or 30 levels"),
        (member("store/aux.csv"), "none that Windows can write"),
        (member("readme.MD"), "is in it twice"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_would_do_harm_is_refused(packed, written, monkeypatch, info, words):
    monkeypatch.setattr(verification.tempfile, "TemporaryDirectory", lambda **_: pytest.fail("it was unpacked"))
    path = written(content_of(packed))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(info, b"/etc/passwd")
    with pytest.raises(ValueError, match="nothing was unpacked") as refused:
        verify_crate(path)
    assert words in str(refused.value)


@rows("place", ["before", "between", "after"])
def test_bytes_that_belong_to_no_file_are_refused(packed, tmp_path, place):
    path = tmp_path / "more.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in content_of(packed).items():
            archive.writestr(name, content)
            if place == "between" and name == "requirements.txt":
                archive.fp.write(b"more")
                archive.start_dir += 4
    whole = path.read_bytes()
    assert zipfile.ZipFile(path).testzip() is None
    path.write_bytes({"before": b"more" + whole, "between": whole, "after": whole + b"more"}[place])
    with pytest.raises(ValueError, match=r"bytes (that are of none of its files|after it)"):
        verify_crate(path)


def test_a_bomb_is_refused_by_what_it_declares(packed, written, monkeypatch):
    monkeypatch.setattr(opening, "_FEW_BYTES", 1_000_000)
    monkeypatch.setattr(opening, "_LARGEST_RATIO", 20)
    files = content_of(packed) | {"README.md": b"\0" * 5_000_000}
    with pytest.raises(ValueError, match="would unpack to 5,"):
        verify_crate(written(relisted(files)))


def test_files_that_lie_over_each_other_are_refused(packed, written):
    path = written(content_of(packed))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("more", os.urandom(path.stat().st_size))
        for number in range(2):
            again = copy(archive.getinfo("more"))
            again.filename = again.orig_filename = f"more-{number}"
            archive.filelist.append(again)
    with pytest.raises(ValueError, match="nothing was unpacked"):
        verify_crate(path)


def test_metadata_without_end_are_not_read(packed, monkeypatch):
    monkeypatch.setattr(verification, "largest_metadata", lambda _: 100)
    (finding,) = verify_crate(packed).findings
    assert "100 are the most" in finding.text


def test_no_more_is_unpacked_than_is_listed(packed, written, monkeypatch):
    read = []
    pieces = verification.pieces
    monkeypatch.setattr(
        verification, "pieces", lambda archive, info: read.append(info.filename) or pieces(archive, info)
    )
    files = content_of(packed) | {"README.md": b"\0" * 5_000_000, "more": b"\0" * 5_000_000}
    assert sorted(found(written(files))) == [("README.md", "size"), ("more", "foreign")]
    assert not {"README.md", "more"} & set(read)


def test_a_crate_needs_room_for_its_largest_run(packed, monkeypatch):
    monkeypatch.setattr(verification.shutil, "disk_usage", lambda _: SimpleNamespace(free=1))
    with pytest.raises(ValueError, match="set TMPDIR to a folder with more room"):
        verify_crate(packed)


@rows(("content", "words"), [(b"", "no zip file"), (b"PK\5\6" + b"\xff" * 18, "no zip file"), (b"text" * 99, "no zip")])
def test_what_is_no_zip_is_refused(tmp_path, content, words):
    path = tmp_path / "given.zip"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=words):
        verify_crate(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.zip")
    with pytest.raises(OSError, match="named pipe"):
        verify_crate(tmp_path / "pipe.zip")


def test_a_name_that_no_terminal_can_show_is_found_all_the_same(packed, written):
    def rename(entities):
        entities["README.md"]["@id"] = "\ud800\x1b[2J"

    names = found(written(listed(content_of(packed), rename)))
    assert ("README.md", "foreign") in names
    assert len(names) == 2
