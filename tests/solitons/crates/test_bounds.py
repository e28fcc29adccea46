"""Bounds of a stranger's zip at its ends and between its files, and places at which a crate is written."""

import re
import zipfile

import pytest
from altered_crates import content_of
from rows import rows

from solitons.crates import opening, packing
from solitons.crates.layout import name_problem
from solitons.crates.packing import pack_campaign
from solitons.crates.verification import verify_crate


@rows("hidden", ["before the list", "beside a name"])
def test_bytes_hidden_in_a_zip_that_opens_are_refused(packed, tmp_path, hidden):
    path = tmp_path / "more.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in content_of(packed).items():
            archive.writestr(name, content)
        if hidden == "before the list":
            archive.fp.seek(archive.start_dir)
            archive.fp.write(b"more")
            archive.start_dir += 4
        else:  # in the file's own header, and not in the list
            info = zipfile.ZipInfo("last")
            info.extra = b"\xfe\xca\xfc\x00" + bytes(252)
            archive.writestr(info, b"")
            info.extra = b""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert all(len(info.extra) == 0 for info in archive.infolist())
    with pytest.raises(ValueError, match="bytes that are of none of its files"):
        verify_crate(path)


def test_a_list_that_would_fill_the_memory_is_not_read(packed, monkeypatch):
    monkeypatch.setattr(opening, "_LARGEST_LIST", 100)
    monkeypatch.setattr(opening.zipfile, "ZipFile", lambda _: pytest.fail("it was read"))
    with pytest.raises(ValueError, match=r"its list of files has .* bytes, 100 are the most"):
        verify_crate(packed)


def test_a_name_has_thirty_levels_at_most():
    assert [bool(name_problem("a/" * folders + "b")) for folders in (29, 30)] == [False, True]


def test_a_crate_is_written_where_out_names_a_zip_or_a_folder(computed, tmp_path):
    (tmp_path / "folder.zip").mkdir()
    assert pack_campaign(*computed, tmp_path / "folder.zip") == tmp_path / "folder.zip/tiny-mock.crate.zip"
    assert pack_campaign(*computed, tmp_path / "CRATE.ZIP") == tmp_path / "CRATE.ZIP"
    mine = tmp_path / "notes"
    mine.write_text("mine")
    with pytest.raises(ValueError, match=re.escape(f"--out {str(mine)!r} is no folder and no '.zip'")):
        pack_campaign(*computed, mine)
    assert mine.read_text() == "mine"


def test_metadata_that_verify_would_not_read_are_not_packed(computed, tmp_path, monkeypatch):
    monkeypatch.setattr(packing, "largest_metadata", lambda _: 100)
    with pytest.raises(ValueError, match="'verify' reads 100 at most; leave arrays out with '--without-runs'"):
        pack_campaign(*computed, tmp_path / "crate.zip")
    assert not (tmp_path / "crate.zip").exists()
