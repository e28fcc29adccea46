"""What the page has of a campaign's fit: no numbers of one that failed, and no summary read twice."""

import json
import os

import pytest

from solitons.watch import fits


def part(verdict):
    return {
        "verdict": verdict,
        "reasons": [{"code": "no_better_than_trivial", "weight": "failed", "sentence": "It is no better than none."}],
        "parameters": [{"name": "drag", "value": 0.3, "ci95": [0.2, 0.4], "unit": "1"}],
        "held_out_error": 1e-9,
        "held_out": ["0" * 16],
    }


@pytest.fixture
def folder(tmp_path):
    def write(content):
        (tmp_path / "summary.json").write_text(json.dumps(content))
        return tmp_path

    return write


def test_a_fit_that_failed_has_its_reasons_and_no_numbers(folder):
    at = folder({"variants": [{"at": {"t": 1.0}, "results": part("failed")}, {"at": {}, "results": part("limited")}]})
    failed, limited = fits.fit_of(at)["variants"]
    assert (failed["verdict"], failed["parameters"], failed["errors"]) == ("failed", [], {})
    assert failed["reasons"] == ["It is no better than none."]
    assert [each["value"] for each in limited["parameters"]] == [0.3]
    assert (limited["verdict"], limited["errors"]) == ("limited", {"held_out_error": 1e-9})
    assert fits.verdict_of(at) == "failed"


def test_the_summaries_of_many_campaigns_are_read_once(tmp_path, monkeypatch):
    folders = [tmp_path / str(number) for number in range(100)]
    for each in folders:
        each.mkdir()
        (each / "summary.json").write_text('{"verdict": "limited"}')
    read = []
    opener = fits.unlinked_opener

    def counted(path, flags):
        read.append(path)
        return opener(path, flags)

    monkeypatch.setattr(fits, "unlinked_opener", counted)
    for _ in range(3):
        assert {fits.verdict_of(each) for each in folders} == {"limited"}
    assert len(read) == len(folders)


def test_a_summary_that_could_not_be_opened_is_read_when_it_can_be(folder, monkeypatch):
    at = folder(part("limited"))

    def refuse(path, flags):
        raise OSError(5, os.strerror(5), path)

    with monkeypatch.context() as patched:
        patched.setattr(fits, "unlinked_opener", refuse)
        assert fits.verdict_of(at) is None
    assert fits.verdict_of(at) == "limited"
