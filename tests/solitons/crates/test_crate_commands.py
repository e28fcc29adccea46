"""`export --to rocrate` and `verify CRATE` as a person types them."""

import shutil
from zipfile import ZipFile

import pytest
from altered_crates import content_of, sealed
from rows import rows

from solitons.commands.cli import app, main
from solitons.crates.layout import METADATA


@pytest.fixture
def solitons(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)

    def type_in(*arguments):
        monkeypatch.setattr("solitons.commands.cli.app", lambda: app(list(arguments)))
        try:
            main()
            code = 0
        except SystemExit as leaving:
            code = leaving.code or 0
        printed = capsys.readouterr()
        return code, " ".join(printed.out.split()), " ".join(printed.err.split())

    return type_in


def test_a_campaign_goes_to_a_stranger_who_verifies_it(solitons, computed, tmp_path):
    code, out, err = solitons("export", str(computed[0]), "--to", "rocrate", "--store", str(computed[1]))
    assert (code, err) == (0, "")
    assert "Wrote exported/tiny-mock.crate.zip" in out
    assert "no licence was given; '--licence CC-BY-4.0' states one" in out
    elsewhere = shutil.move(tmp_path / "exported/tiny-mock.crate.zip", tmp_path / "got.zip")
    code, out, err = solitons("verify", str(elsewhere))
    assert (code, err) == (0, "")
    assert "of 2 runs and their results" in out
    assert "all are as its metadata list them SHA-256 of its metadata:" in out
    files = content_of(elsewhere)
    files[METADATA] = files[METADATA].replace(b'"README.md"', rb'"\ud800\u001b[2J"')
    with ZipFile(elsewhere, "w") as archive:
        for name, content in sealed(files).items():
            archive.writestr(name, content)
    code, out, err = solitons("verify", str(elsewhere))
    assert (code, err) == (1, "")
    assert "foreign README.md is not listed by the crate" in out
    assert "2 findings" in out
    assert "\x1b[2J" not in out


@rows(
    ("arguments", "words"),
    [
        (
            ["export", "tiny", "--to", "rocrate", "--width", "1 ns"],
            "a whole campaign, and --width is for a model",
        ),
        (["export", "tiny", "--to", "csv", "--licence", "MIT"], "--licence is for --to rocrate; leave it out"),
        (["export", "tiny", "--to", "rocrates"], "'solitons export CAMPAIGN --to rocrate' packs a whole campaign"),
        (["export", ".", "--to", "rocrate"], "give the campaign's name or its YAML file"),
        (["verify", "a.zip", "0123"], "a.zip is a crate; give it alone"),
        (["verify", "a.zip", "--set-aside"], "a.zip is a crate; give it alone"),
        (["verify", "."], "'.' is a folder; give the crate's zip"),
        (["verify", "a.zip"], "No such file or directory: 'a.zip'"),
    ],
)
def test_what_does_not_go_together_is_refused(solitons, arguments, words):
    code, out, err = solitons(*arguments)
    assert code == 2
    assert words in out + err


def test_what_was_left_out_is_reported(solitons, computed):
    source = ["export", str(computed[0]), "--to", "rocrate", "--store", str(computed[1])]
    assert solitons(*source, "--out", "small.zip", "--without-runs", "--licence", "CC0-1.0")[0] == 0
    code, out, _ = solitons("verify", "small.zip")
    assert code == 0
    assert "The arrays of 2 of 2 runs are not in the crate" in out
