"""The campaign of a drawn array on runs whose truth is known, and what it refuses."""

import json
import re

import numpy as np
import pytest
import xarray as xr
from pydantic import ValidationError
from report_text import report_text
from rows import rows

from geometries.magnet_logic import and_gate
from geometries.magnet_logic.builders import MagnetGrid
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.framework.workflow import campaign_folder, run_campaign
from solitons.campaigns.magnet_logic.nml_netlist.campaign import NetlistCampaign
from solitons.magnet_logic import follow_protocol

GRID = {
    "length": "40 nm",
    "width": "30 nm",
    "thickness": "15 nm",
    "gap_beside": "15 nm",
    "gap_above": "20 nm",
    "cell": ["5 nm", "5 nm", "15 nm"],
    "field": "240 kA/m",
}
CONTENT = {
    "name": "small-and",
    "plan": "and",
    "logic": {"out": "a and b"},
    "grid": GRID,
    "material": {"name": "<film>", "Ms": "800 kA/m", "A": "13 pJ/m", "alpha": 0.1},
    "clock": {"field": "110 mT/mu0", "fall": "100 ps"},
    "members": 400,
    "seed": 3,
}
PLACES = [
    {"name": "a", "column": 0, "row": 1, "role": "input"},
    {"name": "held", "column": -1, "row": 0, "role": "fixed", "state": 1},
    {"name": "b", "column": 0, "row": -1, "role": "input"},
    {"name": "centre", "column": 0, "row": 0},
    {"name": "inverse", "column": 1, "row": 0, "zone": 1},
    {"name": "out", "column": 2, "row": 0, "role": "output", "zone": 2},
]
DRAWN = {"plan": None, "magnets": PLACES}


class PaintedRuns(ComputedRuns):
    """What the macrospins do at 0 K, painted onto the cells; `spoiled` changes projections (step, magnet) of a row."""

    def __init__(self, campaign, spoiled=None, row=(1, 1)):
        super().__init__(labelled=campaign.labelled_runs("native"), store=self, engine="native")
        for name, value in (("spoiled", spoiled), ("row", row)):
            object.__setattr__(self, name, value)

    def open(self, run):
        array, protocol = run.spec.device, run.spec.protocol
        along = follow_protocol(array, run.spec.material, protocol).projection.values[0]
        if self.spoiled is not None and run.role.row == self.row:
            along = self.spoiled(along.copy())
        m = along[..., None] * array.axes
        table = np.concatenate([np.full((len(m), 1, 3), np.nan), m], axis=1)
        return xr.Dataset(
            {
                "m": (
                    ("step", "x", "y", "z", "vdims"),
                    table[:, array.cell_labels()].astype(np.float32),
                    {"units": "1"},
                ),
                "applied_field": (("step", "vdims"), protocol.applied_field, {"units": "A/m"}),
            },
            coords={"step": ("step", np.arange(len(m)), {"units": "1"}), "vdims": list("xyz")} | array.coordinates(),
        )


def analysed(spoiled=None, **changes):
    campaign = NetlistCampaign(**{key: value for key, value in (CONTENT | changes).items() if value is not None})
    return campaign, campaign.analyse(PaintedRuns(campaign, spoiled), Stages())


def page(campaign, findings):
    """The kind's part of the report, without the pictures."""
    return report_text(campaign, findings)


def codes(results):
    return {reason.code for reason in results.reasons}


@pytest.fixture(scope="module")
def found():
    return analysed()


def test_all_rows_are_right_and_the_worst_is_known_with_what_fails_first(found):
    _, findings = found
    results = findings.results
    assert [each.row for each in results.rows] == [(1, 1), (1, -1), (-1, 1), (-1, -1)]
    assert [each.expected["out"] for each in results.rows] == [1, -1, -1, -1]
    assert all(each.seen == each.model == each.expected and each.margin > 0.9 for each in results.rows)
    assert all(each.uncleared < 0.5 and each.difference < 0.01 for each in results.rows)
    _, worst = results.worst
    assert 0.01 < worst.low < worst.rate == max(each.thermal.rate for each in results.rows)
    assert worst.outputs == {"out": worst.errors}
    assert sum(each.count for each in results.first_failures) == results.watched_wrong > 0
    assert {each.magnet for each in results.first_failures} <= {"centre", "inverse", "out"}
    assert all(0 < each.time < 3 * 100e-12 + 500e-12 for each in results.first_failures)


def test_its_verdict_is_limited_and_the_report_shows_what_was_found(found):
    campaign, findings = found
    assert findings.results.verdict == "limited"
    assert {"heat_not_checked"} <= codes(findings.results) <= {"heat_not_checked", "clock_too_fast"}
    text = page(campaign, findings)
    assert "&lt;film&gt;" in text
    assert text.count("<img") == 3
    assert not re.search(r"\b(nan|None|undefined)\b|{{|\*\*", text)
    tiles = [*findings.results.headlines()]
    assert tiles[0].value == "4 of 4 rows"
    assert tiles[1].value.endswith("%")


def flipped(along):
    along[-1, -1] *= -1
    return along


def kept(along):
    along[2, 3] = 0.8
    return along


@pytest.mark.parametrize(
    ("spoiled", "code"),
    [(flipped, "rows_wrong"), (kept, "not_cleared")],
)
def test_a_wrong_row_or_one_that_was_not_cleared_fails_and_rates_are_withheld(spoiled, code):
    campaign, findings = analysed(spoiled, members=100)
    results = findings.results
    assert results.verdict == "failed"
    assert code in codes(results)
    assert [*results.headlines()][1].value == "withheld"
    assert "How often heat makes it wrong" not in page(campaign, findings)
    if code == "rows_wrong":
        assert "model_disagrees" in codes(results)
        assert all(each.thermal is None for each in results.rows)


def crossed(along):
    along[-1, [3, 4]] *= -1
    return along


def test_inner_magnets_whose_errors_cancel_are_named():
    """The AND's centre and its inverse both wrong, so that its output is right."""
    _, findings = analysed(crossed, members=100)
    results = findings.results
    assert all(each.right for each in results.rows)
    assert [each.unlike for each in results.rows] == [["centre", "inverse"], [], [], []]
    (reason,) = (each for each in results.reasons if each.code == "inner_magnets_wrong")
    assert reason.weight == "limited"
    assert "2 in row + + (centre, inverse)" in reason.sentence


def chained(zones):
    """A wire of six magnets along x behind an input, in one zone or with one zone each."""
    places = [{"name": "a", "column": 0, "row": 0, "role": "input"}]
    for at in range(1, 7):
        role = "output" if at == 6 else "magnet"
        places.append({"name": f"m{at}", "column": at, "row": 0, "role": role, "zone": at if zones else 0})
    return analysed(plan=None, magnets=places, logic={"m6": "a"}, members=100, micromagnetic_rows=[])[1].results


def test_a_long_chain_in_one_zone_is_named():
    long, short = chained(zones=False), chained(zones=True)
    (reason,) = (each for each in long.reasons if each.code == "long_chain")
    assert "6 magnets of one zone follow each other, from m1 to m6" in reason.sentence
    assert "long_chain" not in codes(short)
    assert len(short.longest_chain) == 1


def test_rows_that_are_left_out_are_told():
    _, findings = analysed(members=100, micromagnetic_rows=[[1, -1]])
    assert {"rows_not_run"} <= codes(findings.results)
    _, findings = analysed(members=100, micromagnetic_rows=[])
    assert {"not_run"} <= codes(findings.results)


def test_without_micromagnetics_it_runs_from_file_to_page(tmp_path):
    campaign = NetlistCampaign(**CONTENT | {"plan": "inverter", "logic": {"out": "not in"}, "members": 100,
                                            "micromagnetic_rows": []})  # fmt: skip
    results = run_campaign(campaign, tmp_path, engine="native").results
    folder = campaign_folder(campaign, "native", tmp_path)
    assert json.loads((folder / "summary.json").read_text())["rows"][0]["expected"] == {"out": -1}
    assert {"not_run"} <= codes(results)
    assert "out = not in" in (folder / "report.html").read_text()


def test_a_drawn_array_is_that_of_its_plan():
    planned, drawn = NetlistCampaign(**CONTENT), NetlistCampaign(**{**CONTENT, **DRAWN})
    assert planned.specs("native") == drawn.specs("native")
    grid = MagnetGrid(**GRID)
    assert drawn.specs("native")[1].device.magnets == and_gate((1, -1), grid).magnets


@rows(
    ("changes", "words"),
    [
        ({"magnets": PLACES}, r"plan = 'and' with 6 magnets; give either the name of a plan or magnets"),
        ({"plan": None}, "plan = None with 0 magnets"),
        ({"logic": {"out": "a or b"}}, r"out = 'a or b' is \+ in row \+ − \(a, b\), but by its neighbours .* gives −"),
        ({"logic": {"out": "a ** b"}}, r"logic.out: 'a \*\* b' is no expression"),
        ({"logic": {"centre": "a"}}, "'centre' is no output; there are out"),
        ({"micromagnetic_rows": [[1, 1, 1]]}, r"\[1, 1, 1\] has 3 bits; the signals are a, b"),
        ({"plan": None, "logic": {}, "magnets": [PLACES[0], PLACES[2], PLACES[3] | {"role": "output"}]},
         r"nothing decides the output 'centre' in row \+ − \(a, b\)"),
        ({"plan": None, "logic": {}, "magnets": PLACES[:5]}, "none has the role 'output'; give one"),
        ({"plan": None, "magnets": [*PLACES, PLACES[3] | {"name": "twin"}]}, "'centre' and 'twin' overlap"),
    ],
)  # fmt: skip
def test_what_is_no_netlist_is_refused(changes, words):
    with pytest.raises(ValidationError, match=words):
        NetlistCampaign(**{**CONTENT, **changes})


@pytest.mark.slow
def test_what_could_not_be_answered_is_refused_before_anything_runs():
    with pytest.raises(ValueError, match=r"time steps of a magnet, above 2e.10; use fewer members"):
        NetlistCampaign(**CONTENT | {"members": 1_000_000, "clock": CONTENT["clock"] | {"fall": "1 us"}}).check()
    with pytest.raises(ValueError, match="no two states along their long axes"):
        NetlistCampaign(**CONTENT | {"grid": GRID | {"length": "30 nm", "gap_above": "15 nm"}}).check()
