"""The plan of the review, and what becomes of its campaigns: computed, left out, failed, stopped."""

import ast
import csv
import sys
from pathlib import Path
from types import SimpleNamespace as Fake

import pytest
from rows import rows

from analysis.observables import observables_named
from solitons import shipped_campaigns
from solitons.campaigns.framework.kinds import load_campaign
from solitons.commands.reproduce_commands import reproduce
from solitons.reproductions import compute_plan, left_out, load_plan
from solitons.reproductions.plan import Plan
from solitons.reproductions.tables import write_tables

REVIEW = load_plan("grollier-2016")
ROWS = [
    {"figure": 1, "claim": "a", "published": "1 [x]", "campaign": "word-search", "headline": "energy"},
    {"figure": 1, "claim": "b", "published": "2 [x]", "campaign": "wall-timing", "headline": "energy of a pulse"},
    {"figure": 2, "claim": "c|d", "published": "3 [x]", "campaign": "word-search", "headline": "gone"},
]
PLAN = Plan(title="Toy", source="nobody", minutes={"word-search": 6, "wall-timing": 7}, rows=ROWS)


def summary(*verdicts, engine="native"):
    headlines = [
        Fake(name="energy of a search", value="5 fJ", detail="95 %: 4 to 6"),
        Fake(name="energy of a pulse", value="7", detail=""),
    ]
    return Fake(
        campaign="toy",
        engine=engine,
        headlines=headlines,
        variants=[Fake(results=Fake(verdict=each)) for each in verdicts],
    )


def names_in(campaign):
    """The texts in a kind's modules, and in those its family shares; of an f-string its fixed beginning."""
    folder = Path(sys.modules[type(load_campaign(campaign)).__module__].__file__).parent
    shared = folder.parents[1] / "capacity", folder.parent
    for path in (file for place in (folder, *shared) for file in place.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and len(first.value) > 5:
                yield first.value


def test_the_review_has_all_ten_figures_and_ships_all_campaigns():
    assert {row.figure for row in REVIEW.rows} == set(range(1, 11))
    assert [row.figure for row in REVIEW.rows] == sorted(row.figure for row in REVIEW.rows)
    assert set(REVIEW.campaigns) <= {each.name for each in shipped_campaigns()}


@rows("row", REVIEW.rows, ids=lambda row: f"{row.campaign}: {row.headline}")
def test_a_headline_stands_in_the_source_of_its_kind(row):
    campaign = load_campaign(row.campaign)
    if campaign.kind == "sweep":  # its headlines are of the observables that its file names
        assert row.headline in {each.label for each in observables_named(campaign.observables)}
        return
    # An f-string's fixed beginning is what can be compared.
    assert any(fixed.startswith(row.headline) or row.headline.startswith(fixed) for fixed in names_in(row.campaign))


def test_ours_is_the_headline_with_the_worst_verdict():
    found = compute_plan(PLAN, lambda _: summary("trusted", "limited"))
    assert [(row.ours, row.detail) for row in found] == [
        ("5 fJ", "energy of a search; 95 %: 4 to 6"),
        ("7", ""),
        ("–", "its results have no 'gone'"),
    ]
    assert {row.verdict for row in found} == {"limited"}


def test_a_failed_verdict_shows_no_number():
    found = compute_plan(PLAN, lambda _: summary("trusted", "failed"))
    assert {(row.ours, row.verdict) for row in found} == {("–", "failed")}


def test_a_campaign_that_stops_stops_no_other_and_each_is_run_once():
    ran, told, tables = [], [], []

    def run(campaign):
        ran.append(campaign.name)
        if campaign.name == "word-search":
            raise ValueError("no such\nmagnet")
        return summary("trusted")

    found = compute_plan(PLAN, run, failed=lambda *what: told.append(what), so_far=tables.append)
    assert [[row.ours for row in table] for table in tables] == [
        ["stopped: no such", "not computed yet", "stopped: no such"],
        [row.ours for row in found],
    ]
    assert ran == ["word-search", "wall-timing"]
    assert told == [("word-search", "stopped: no such")]
    assert [row.ours for row in found] == ["stopped: no such", "7", "stopped: no such"]


def test_an_interrupted_night_leaves_its_table(tmp_path, monkeypatch):
    def run(campaign, *_, **__):
        if campaign.name == "wall-timing":
            raise KeyboardInterrupt
        return summary("trusted")

    monkeypatch.setattr("solitons.reproductions.load_plan", lambda _: PLAN)
    monkeypatch.setattr("solitons.run_campaign", run)
    with pytest.raises(KeyboardInterrupt, match="rows of finished campaigns in the tables in"):
        reproduce("toy", store=tmp_path / "store", out=tmp_path)
    with (tmp_path / "table.csv").open(newline="") as file:
        assert [line["ours"] for line in csv.DictReader(file)] == ["5 fJ", "not computed yet", "–"]


def test_crates_get_the_licence(tmp_path, monkeypatch):
    packed = []
    monkeypatch.setattr("solitons.run_campaign", lambda *_, **__: summary("trusted"))
    monkeypatch.setattr("solitons.reproductions.load_plan", lambda _: PLAN)
    monkeypatch.setattr("solitons.commands.reproduce_commands.pack", lambda *what, **_: packed.append(what[4]))
    reproduce("toy", store=tmp_path, out=tmp_path, crates=True, licence="CC-BY-4.0")
    assert packed == ["CC-BY-4.0", "CC-BY-4.0"]
    for asked, said in (({"crates": True}, "'mine' is not known"), ({}, "add --crates, or leave it out")):
        with pytest.raises(ValueError, match=said):
            reproduce("toy", out=tmp_path, licence="mine", **asked)


def test_hours_take_what_fits_and_say_what_does_not():
    assert left_out(PLAN, None) == {}
    assert left_out(PLAN, 0.2) == {"wall-timing": "left out: 7 min on two cores"}
    found = compute_plan(PLAN, lambda _: summary("trusted"), without=left_out(PLAN, 0.2))
    assert [row.ours for row in found] == ["5 fJ", "left out: 7 min on two cores", "–"]
    unmeasured = PLAN.model_copy(update={"minutes": {}})
    assert left_out(unmeasured, 1.0)["word-search"] == "left out: its time was not measured"
    with pytest.raises(ValueError, match="hours = 0 must be above 0; leave them out"):
        left_out(PLAN, 0)


def test_the_table_is_written_for_programs_and_for_readers(tmp_path):
    found = compute_plan(PLAN, lambda _: summary("trusted"))
    paths = write_tables(PLAN, found, tmp_path / "new")
    with paths[0].open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert (lines[0]["ours"], lines[0]["published"], lines[2]["claim"]) == ("5 fJ", "1 [x]", "c|d")
    assert r"| 2 | c\|d | 3 [x] |" in paths[1].read_text()


def test_an_unknown_plan_lists_those_there_are():
    with pytest.raises(ValueError, match="no plan 'review'; give one of grollier-2016"):
        load_plan("review")


def test_minutes_of_a_campaign_that_no_row_has_are_refused():
    with pytest.raises(ValueError, match="no row has the campaign 'dw-demo'"):
        Plan(title="t", source="s", minutes={"dw-demo": 1}, rows=ROWS)
