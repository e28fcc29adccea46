"""Runs of a stripe's sweep that are chosen: which are made, and what a wall that is fitted to them is worth."""

from types import SimpleNamespace

import numpy as np
import pytest
from rows import rows

from runs import Store
from solitons.campaigns.domain_walls.dw_synapse.campaign import SynapseCampaign
from solitons.campaigns.domain_walls.dw_synapse.checks import held_out_runs
from solitons.campaigns.domain_walls.dw_synapse.figures import displacement_figure
from solitons.campaigns.domain_walls.dw_synapse.observation import observe
from solitons.campaigns.framework.opening import open_campaign
from solitons.campaigns.framework.settling import settled_as_stored
from solitons.campaigns.framework.workflow import run_campaign

STEPS = ("protocol.steps.1", "protocol.steps.2")
SWEEP = [
    {"name": "amplitude", "unit": "A/m^2", "fields": [f"{step}.amplitude" for step in STEPS],
     "values": [0.4e12, 0.7e12, 1e12, 1.3e12]},
    {"name": "width", "unit": "s", "fields": [f"{step}.width" for step in STEPS],
     "values": ["0.1 ns", "0.15 ns", "0.2 ns", "0.25 ns"]},
]  # fmt: skip
FIT = {"held_out": 3, "seed": 4, "landscape": "none"}


def described(small, enough=None, sweep=SWEEP, **more):
    return SynapseCampaign(**small(sweep=sweep, fit=FIT | {"enough": enough}, **more))


@rows(
    ("enough", "message"),
    [(0, "fit.enough"), ("-1 nm", "fit.enough"), ("3 %", "fit.enough"), (float("inf"), "fit.enough")],
)
def test_bad_descriptions_are_refused(small, enough, message):
    with pytest.raises(ValueError, match=message):
        described(small, enough)


def test_a_landscape_that_is_fitted_is_refused(small):
    with pytest.raises(ValueError, match=r"enough = 1e-09 m, but knots = 4 fits a landscape"):
        SynapseCampaign(**small(sweep=SWEEP, fit=FIT | {"enough": "1 nm", "knots": 4}))


def test_a_base_without_what_is_swept_is_taken(small):
    content = small(sweep=SWEEP, fit=FIT | {"enough": "1 nm"})
    for step in content["base"]["protocol"]["steps"][1:]:
        del step["amplitude"]
    assert len(SynapseCampaign(**content).labelled_runs("native")) == 6


def test_a_sweep_of_too_few_runs_is_refused(small):
    with pytest.raises(ValueError, match=r"after the first 3, but the sweep has 3 run\(s\) beside those held out"):
        described(small, "1 nm", [SWEEP[0] | {"values": [0.4e12, 0.6e12, 0.8e12, 1e12, 1.2e12, 1.3e12]}])


def test_first_runs_are_at_corners_beside_the_same_held_out_ones(small):
    plain, chosen = described(small), described(small, "1 nm")
    ids = [run.spec.run_id for run in plain.labelled_runs("native")]
    made = [run.spec.run_id for run in chosen.labelled_runs("native")]
    assert (len(ids), len(made)) == (16, 3 + 3)
    assert made == [each for each in ids if each in made]
    assert set(held_out_runs(plain.swept_runs("native"), plain.fit)) < set(made)
    assert set(chosen.choosing.made) <= {0, 3, 12, 15}
    assert (plain.unsettled, chosen.unsettled) == (False, True)


def test_the_run_that_heat_is_compared_with_is_made(small):
    heat = {"temperatures": [300], "seeds": [1]}
    sweep = [SWEEP[0] | {"values": [0.4e12, 1e12, 1.1e12, 1.2e12, 1.3e12, 1.4e12, 1.5e12]}]
    chosen = described(small, "1 nm", sweep, heat=heat)
    as_base = next(at for at, run in enumerate(chosen.swept_runs("native")) if run.role.values == (1e12,))
    assert chosen.choosing.made[0] == as_base


def test_devices_that_are_swept_choose_each_for_themselves(small):
    sizes = {"name": "stripe_width", "unit": "m", "fields": ["device.width"], "values": [16e-9, 20e-9]}
    both = described(small, "1 nm", [*SWEEP, sizes])
    assert not both.unsettled
    assert [len(each.labelled_runs("native")) for _, each in both.variants()] == [6, 6]


@pytest.fixture(scope="module")
def whole(small, tmp_path_factory):
    """A store with all runs of the sweep, and the results."""
    store = tmp_path_factory.mktemp("store")
    return store, run_campaign(described(small), store).results


@pytest.mark.slow
def test_fewer_runs_than_half_predict_the_held_out_ones_as_well(small, whole, tmp_path):
    _, every = whole
    campaign = described(small, "1 nm", name="chosen")
    summary = run_campaign(campaign, tmp_path)
    half = summary.results
    assert summary.runs <= 3 + 6
    assert half.held_out == every.held_out
    # The made-up wall is seen to 2 nm, a cell.
    assert half.rms_at_rest < every.rms_at_rest + 0.5e-9
    assert half.verdict == every.verdict
    assert {each.code for each in half.reasons} == {each.code for each in every.reasons}
    assert " of the 13 runs" in half.notes[0]
    # Where it was interrupted, or in another place, the stored runs choose the same.
    ((_, known),) = settled_as_stored(campaign, "mock", Store(tmp_path))
    assert [run.spec.run_id for run in known.labelled_runs("mock")] == summary.run_ids
    opened = open_campaign(campaign, tmp_path, "mock")
    assert opened["m"].shape[:2] == (4, 4)
    assert int(opened["stored"].sum()) == summary.runs
    assert {str(each) for each in opened["run_id"].values.ravel()} == {*summary.run_ids, ""}
    assert bool(np.isnan(opened["m"].where(~opened["stored"])).all())


@pytest.mark.slow
def test_a_sweep_that_is_exhausted_is_the_whole_sweep(small, whole):
    store, every = whole
    summary = run_campaign(described(small, "1 fm", name="chosen"), store)
    assert summary.cached == summary.runs == 16
    left = [each for each in summary.results.reasons if each.code != "interval_not_reached"]
    assert len(left) == len(summary.results.reasons) - 1
    assert left == every.reasons
    assert summary.results.parameters == every.parameters
    assert "13 of the 13 runs" in summary.results.notes[0]


@pytest.mark.slow
def test_a_value_of_the_sweep_without_a_run_is_left_out_of_the_figure(small, whole):
    store, _ = whole
    campaign = described(small)
    runs = [run for run in campaign.swept_runs("mock") if abs(run.role.values[1] - 0.15e-9) > 1e-12]
    observations = [observe(run.spec, run.role, Store(store).open(run.spec.run_id), campaign.extract) for run in runs]
    held_out = held_out_runs(campaign.swept_runs("mock"), campaign.fit)
    fit = SimpleNamespace(provenance=SimpleNamespace(held_out=held_out))
    (axes,) = displacement_figure(SimpleNamespace(observations=observations, fit=fit)).axes
    assert [each.get_text() for each in axes.get_legend().get_texts()] == ["100 ps", "200 ps", "250 ps", "held out"]
