"""The campaign of an erasure with few bits and fast ramps: what it reports, and what it does not believe."""

import dataclasses
import json
import math
import re

import pytest
from pydantic import ValidationError
from rows import rows

from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.framework.workflow import campaign_folder, run_campaign
from solitons.campaigns.magnet_logic.nml_erasure.analysis import heats_agree, joint_limit
from solitons.campaigns.magnet_logic.nml_erasure.campaign import ErasureCampaign
from solitons.campaigns.magnet_logic.nml_erasure.judgement import judge_erasure
from solitons.magnet_logic.mean_heats import found_difference

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
QUICK = ONE | {"members": 20, "ramp_times": ["50 ps", "100 ps", "200 ps"]}


def run(store, **changes):
    campaign = ErasureCampaign(**(CONTENT | changes))
    return campaign, run_campaign(campaign, store).results


def analysed(**changes):
    nothing = ComputedRuns(labelled=(), store=None, engine="model")
    return ErasureCampaign(**(CONTENT | changes)).analyse(nothing, Stages())


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    store = tmp_path_factory.mktemp("store")
    return store, *run(store)


@pytest.mark.slow
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
    page = re.sub(r'src="[^"]*"', "", (folder / "report.html").read_text())
    assert "A &lt;small&gt; erasure" in page
    assert "&lt;film&gt;" in page
    assert page.count("<img") == 2
    assert not re.search(r"\b(nan|None|undefined)\b|{{|\*\*", page.split("<body>")[1])
    assert f"finds a difference of {found_difference(results.points):.2g} kT that all points share" in page
    assert next(results.headlines()).value == f"{results.limit / math.log(2):.3f} kT ln 2"


@pytest.mark.slow
def test_a_magnet_without_a_barrier_holds_no_bit_and_its_heat_is_withheld(tmp_path):
    tiny = [{"length": "20 nm", "width": "18 nm", "thickness": "4 nm"}]
    campaign, results = run(tmp_path, magnets=tiny)
    assert results.verdict == "failed"
    assert "bit_lost" in {reason.code for reason in results.reasons}
    assert [headline.value for headline in results.headlines()] == ["withheld"]
    page = (campaign_folder(campaign, "model", tmp_path) / "report.html").read_text()
    assert "No line is drawn" in page
    assert "damping term (kT)" not in page
    assert "quasi-static" not in page
    assert "the two measures agree" in page
    assert "All magnets together" not in page


@pytest.mark.slow
def test_a_bias_weak_beside_heat_writes_the_wrong_state():
    results = analysed(bias=0.01, **ONE).results
    assert results.verdict == "failed"
    assert "wrong_state" in {reason.code for reason in results.reasons}


@pytest.mark.slow
def test_ramps_as_fast_as_the_magnet_have_no_limit():
    results = analysed(ramp_times=["50 ps", "100 ps", "200 ps", "400 ps"], members=150, **ONE).results
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
    verdict = judge_erasure(wrong, (0.69, 0.70), None, heats_agree(wrong))
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
    # A chi-square of 20 with one degree of freedom: they scatter by more than chance, and the interval is as wide.
    assert alike == pytest.approx(7.744216e-6, rel=1e-4)
    assert (high - low) / 2 == pytest.approx(1.959964 / math.sqrt(1e4 + 2.5e3) * math.sqrt(20), rel=1e-5)
    near = other.model_copy(update={"operations": [other.erasure.model_copy(update={"limit": 0.72})]})
    limit, (low, high), alike = joint_limit([one, near])
    assert alike > 0.3
    assert (high - low) / 2 == pytest.approx(1.959964 / math.sqrt(1e4 + 2.5e3), rel=1e-5)
    assert joint_limit([one])[2] is None


def made_bits(results, *limits):
    """The bits with these limits and errors of their operations, and so many that losses and errors are known."""
    many = {"wrong": 0, "members": 10_000}
    bits = []
    for bit, pairs in zip(results.bits, limits, strict=False):
        operations = [
            operation.model_copy(
                update={
                    "limit": limit,
                    "limit_error": error,
                    "ci95": (limit - 1.96 * error, limit + 1.96 * error),
                    "points": [point.model_copy(update=many) for point in operation.points],
                }
            )
            for operation, (limit, error) in zip(bit.operations, pairs, strict=False)
        ]
        bits.append(bit.model_copy(update={"operations": operations, "lost": 0, "held": 10_000}))
    return bits


def judged(bits):
    _, ci95, alike = joint_limit(bits)
    return judge_erasure(bits, ci95, alike, 0.5)


def test_the_report_of_heats_that_disagree_states_it_and_shows_none(finished):
    _, campaign, results = finished
    findings = analysed(**QUICK)
    for failed in (True, False):
        reason = {"code": "heats_disagree", "weight": "failed", "sentence": "The heat is not the work."}
        changed = {"verdict": "failed", "reasons": [reason], "damping_p_value": 2e-7} if failed else {}
        content = type(results)(**results.model_dump() | changed)
        text = str(campaign.report(dataclasses.replace(findings, results=content)))
        section = text[text.index("Two measures of the heat") :]
        assert ("the two measures do not agree (p = 2e−07)" in section) == failed
        assert ("the two measures agree (p = " in section) != failed
        assert ("<table" in section) != failed


def test_limits_that_are_the_quasi_static_work_are_trusted(finished):
    _, _, results = finished
    bits = made_bits(results, [(0.71, 0.01), (0.68, 0.01), (0.01, 0.01)], [(0.68, 0.01)])
    assert judged(bits).verdict == "trusted"


@rows("limit", [0.3, 0.65, 0.74])
def test_a_limit_that_is_not_the_quasi_static_work_fails(finished, limit):
    _, _, results = finished
    # Both magnets alike: they agree with each other and not with Landauer.
    verdict = judged(made_bits(results, [(limit, 0.01)], [(limit, 0.01)]))
    assert {reason.code for reason in verdict.reasons} == {"not_the_quasi_static_work"}
    assert verdict.failed
    assert f"{limit:.3f} ± 0.010 kT, and the difference of free energies is 0.693 kT" in verdict.why


def test_magnets_that_disagree_have_no_common_limit(finished):
    _, _, results = finished
    # Each within 3 errors of the free energies, and 5.1 apart.
    verdict = judged(made_bits(results, [(0.693 - 0.018, 0.006)], [(0.693 + 0.018, 0.004)]))
    assert {reason.code for reason in verdict.reasons} >= {"magnets_disagree"}
    assert verdict.failed


def test_a_control_that_is_hardly_known_limits_the_verdict(finished):
    _, _, results = finished
    bits = made_bits(results, [(0.693, 0.005), (0.7, 0.1), (0.0, 0.01)], [(0.693, 0.005)])
    verdict = judged(bits)
    assert [(reason.code, reason.weight) for reason in verdict.reasons] == [("wide_interval", "limited")]
    assert "limit of the erasure of a known bit is known to ± 28%" in verdict.why


@rows(
    ("changes", "words"),
    [
        ({"ramp_times": ["1 ns", "2 ns"]}, "ramp_times"),
        ({"ramp_times": ["1 ns", "1 ns", "2 ns"]}, "ramp_times has 1e-09 twice"),
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
