"""Runs of a stripe's sweep that are chosen: which are made, and what a wall that is fitted to them is worth."""

import pytest
from rows import rows

from runs import Store
from solitons.campaigns.domain_walls.dw_synapse.campaign import SynapseCampaign
from solitons.campaigns.framework.settling import settled_as_stored
from solitons.campaigns.framework.workflow import run_campaign

STEPS = ("protocol.steps.1", "protocol.steps.2")
SWEEP = [
    {"name": "amplitude", "unit": "A/m^2", "fields": [f"{step}.amplitude" for step in STEPS],
     "values": [0.4e12, 0.7e12, 1e12, 1.3e12]},
    {"name": "width", "unit": "s", "fields": [f"{step}.width" for step in STEPS],
     "values": ["0.1 ns", "0.15 ns", "0.2 ns"]},
]  # fmt: skip
FIT = {"held_out": 3, "seed": 4, "landscape": "none"}


@rows(
    ("choose", "message"),
    [
        ({"until": 0}, "choose.until"),
        ({"until": "-1 nm"}, "choose.until"),
        ({"until": "3 %"}, "choose.until"),
        ({"until": "1 nm", "first": 2}, "choose.first"),
        ({"until": "1 nm", "first": 9}, r"choose.first = 9, but the sweep has 9 run\(s\) beside those held out"),
    ],
)
def test_bad_descriptions_are_refused(small, choose, message):
    with pytest.raises(ValueError, match=message):
        SynapseCampaign(**small(sweep=SWEEP, fit=FIT, choose=choose))


def test_first_runs_are_at_corners_beside_the_same_held_out_ones(small):
    plain, chosen = (
        SynapseCampaign(**small(sweep=SWEEP, fit=FIT, choose=choose)) for choose in (None, {"until": "1 nm"})
    )
    ids = [run.spec.run_id for run in plain.labelled_runs("native")]
    made = [run.spec.run_id for run in chosen.labelled_runs("native")]
    assert len(ids) == 12
    assert len(made) == 3 + 3
    assert made == [each for each in ids if each in made]
    assert {ids[place] for place in plain.held_out} < set(made)
    assert set(chosen.choosing.made) <= {0, 2, 9, 11}
    assert (plain.unsettled, chosen.unsettled) == (False, True)


@pytest.fixture(scope="module")
def whole(small, tmp_path_factory):
    """A store with all runs of the sweep, and the results."""
    store = tmp_path_factory.mktemp("store")
    return store, run_campaign(SynapseCampaign(**small(sweep=SWEEP, fit=FIT)), store).results


def chosen(small, store, **choose):
    campaign = SynapseCampaign(**small(sweep=SWEEP, fit=FIT, name="chosen", choose=choose))
    return campaign, run_campaign(campaign, store)


@pytest.mark.slow
def test_fewer_runs_than_half_predict_the_held_out_ones_as_well(small, whole, tmp_path):
    _, every = whole
    campaign, summary = chosen(small, tmp_path, until="0.5 nm")
    half = summary.results
    assert summary.runs <= 3 + 4
    assert half.held_out == every.held_out
    # The made-up wall is seen to 2 nm, a cell.
    assert half.rms_at_rest < every.rms_at_rest + 0.5e-9
    assert half.verdict == every.verdict
    assert "then by expected information" in half.notes[0]
    # Where it was interrupted, or in another place, the stored runs choose the same.
    ((_, known),) = settled_as_stored(campaign, "mock", Store(tmp_path))
    assert [run.spec.run_id for run in known.labelled_runs("mock")] == summary.run_ids


@pytest.mark.slow
def test_a_plan_that_is_exhausted_is_the_whole_plan(small, whole):
    store, every = whole
    _, summary = chosen(small, store, until="1 fm")
    assert summary.cached == summary.runs == 12
    left = [each for each in summary.results.reasons if each.code != "interval_not_reached"]
    assert len(left) == len(summary.results.reasons) - 1
    assert left == every.reasons
    assert summary.results.parameters == every.parameters
    assert "9 of the 9 runs" in summary.results.notes[0]
