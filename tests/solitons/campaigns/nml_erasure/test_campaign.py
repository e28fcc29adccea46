"""The campaign of an erasure with few bits and fast ramps: what it reports, and what it does not believe."""

import json
import math

import pytest
from pydantic import ValidationError

from solitons.campaigns.base import ComputedRuns
from solitons.campaigns.nml_erasure.analysis import heats_agree, joint_limit
from solitons.campaigns.nml_erasure.campaign import ErasureCampaign
from solitons.campaigns.nml_erasure.judgement import judge_erasure
from solitons.campaigns.stages import Stages
from solitons.campaigns.workflow import campaign_folder, run_campaign

CONTENT = {
    "name": "small-erasure",
    "title": "A <small> erasure",
    "magnets": [
        {"length": "30 nm", "width": "20 nm", "thickness": "5 nm"},
        {"length": "36 nm", "width": "22 nm", "thickness": "5 nm"},
    ],
    "material": {"name": "<film>", "Ms": "800 kA/m", "A": "13 pJ/m", "alpha": 0.1},
    "temperature": "300 K",
    "ramp_times": ["500 ps", "1 ns", "2 ns"],
    "members": 60,
    "seed": 3,
}
ONE = {"magnets": CONTENT["magnets"][:1]}


def run(store, **changes):
    campaign = ErasureCampaign(**(CONTENT | changes))
    return campaign, run_campaign(campaign, store).results


def analysed(**changes):
    nothing = ComputedRuns(labelled=(), store=None, engine="model")
    return ErasureCampaign(**(CONTENT | changes)).analyse(nothing, Stages()).results


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    store = tmp_path_factory.mktemp("store")
    return store, *run(store)


def test_it_erases_all_magnets_and_does_the_controls_on_the_first(finished):
    _, _, results = finished
    assert [len(bit.operations) for bit in results.bits] == [3, 1]
    assert [point.members for point in results.bits[0].erasure.points] == [240, 120, 60]
    for bit in results.bits:
        assert bit.erasure.quasi_static == pytest.approx(math.log(2), abs=1e-3)
        assert all(point.wrong == 0 for operation in bit.operations for point in operation.points)
    reversible = results.bits[0].operations[2]
    assert abs(reversible.quasi_static) < 1e-9
    assert reversible.entropy_change == 0


def test_few_bits_are_too_few_to_trust(finished):
    _, _, results = finished
    assert results.verdict == "limited"
    assert {reason.code for reason in results.reasons} == {"loss_not_known", "wide_interval"}
    assert "0 of 30 bits are lost" in results.reasons[0].sentence


def test_summary_table_and_report_lie_in_the_store(finished):
    store, campaign, results = finished
    folder = campaign_folder(campaign, "model", store)
    assert json.loads((folder / "summary.json").read_text())["limit"] == results.limit
    lines = (folder / "heats.csv").read_text().splitlines()
    assert lines[0].startswith("magnet,operation,ramp_time,members,heat")
    assert len(lines) == 1 + 4 * 3
    page = (folder / "report.html").read_text()
    assert "A &lt;small&gt; erasure" in page
    assert "&lt;film&gt;" in page
    assert results.headlines()[0].value == f"{results.limit / math.log(2):.3f} kT ln 2"


def test_a_magnet_without_a_barrier_holds_no_bit_and_its_heat_is_withheld(tmp_path):
    tiny = [{"length": "20 nm", "width": "18 nm", "thickness": "4 nm"}]
    campaign, results = run(tmp_path, magnets=tiny)
    assert results.verdict == "failed"
    assert "bit_lost" in {reason.code for reason in results.reasons}
    assert [headline.value for headline in results.headlines()] == ["withheld"]
    page = (campaign_folder(campaign, "model", tmp_path) / "report.html").read_text()
    assert "No line is drawn" in page
    assert "All magnets together" not in page


def test_a_bias_weak_beside_heat_writes_the_wrong_state():
    results = analysed(bias=0.01, **ONE)
    assert results.verdict == "failed"
    assert "wrong_state" in {reason.code for reason in results.reasons}


def test_ramps_as_fast_as_the_magnet_have_no_limit():
    results = analysed(ramp_times=["50 ps", "100 ps", "200 ps", "400 ps"], members=150, **ONE)
    assert results.verdict == "failed"
    assert "ramps_too_fast" in {reason.code for reason in results.reasons}


def test_a_damping_term_that_is_not_the_work_fails(finished):
    _, _, results = finished
    bits = results.bits
    assert heats_agree(bits) > 1e-3
    points = [
        point.model_copy(update={"damping_heat": point.heat + 4 * point.damping_error})
        for point in bits[0].erasure.points
    ]
    erasure = bits[0].erasure.model_copy(update={"points": points})
    wrong = [bits[0].model_copy(update={"operations": [erasure, *bits[0].operations[1:]]})]
    verdict = judge_erasure(wrong, (0.69, 0.70), heats_agree(wrong))
    assert verdict.failed
    assert "heats_disagree" in {reason.code for reason in verdict.reasons}


def test_the_joint_limit_is_the_weighted_mean(finished):
    _, _, results = finished
    one, other = (
        bit.model_copy(update={"operations": [bit.erasure.model_copy(update={"limit": limit, "limit_error": error})]})
        for bit, limit, error in zip(results.bits, (0.7, 0.8), (0.01, 0.02), strict=True)
    )
    limit, (low, high), alike = joint_limit([one, other])
    assert limit == pytest.approx(0.72)
    assert (high - low) / 2 == pytest.approx(1.959964 / math.sqrt(1e4 + 2.5e3), rel=1e-5)
    assert alike == pytest.approx(7.744216e-6, rel=1e-4)  # chi-square 20 with one degree of freedom
    assert joint_limit([one])[2] is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ramp_times": ["1 ns", "2 ns"]}, "ramp_times"),
        ({"ramp_times": ["1 ns", "1 ns", "2 ns"]}, "a time twice"),
        ({"hard_field": 0.9}, "hard_field"),
        ({"magnets": [{"length": "20 nm", "width": "20 nm", "thickness": "5 nm"}]}, "must be below length"),
        ({"material": CONTENT["material"] | {"Ku": 1e4}}, "leave Ku out"),
        ({"temperature": 0}, "temperature"),
    ],
)
def test_what_cannot_be_answered_is_refused(changes, words):
    with pytest.raises(ValidationError, match=words):
        ErasureCampaign(**(CONTENT | changes))


def test_a_campaign_that_would_take_hours_is_refused_before_it_runs(tmp_path):
    campaign = ErasureCampaign(**(CONTENT | {"members": 1_000_000, "ramp_times": ["1 ns", "100 ns", "1 us"]}))
    with pytest.raises(ValueError, match="time steps"):
        run_campaign(campaign, tmp_path)
    assert not list(tmp_path.rglob("summary.json"))
