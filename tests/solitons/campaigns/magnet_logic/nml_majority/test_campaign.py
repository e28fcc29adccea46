"""The campaign of a gate on runs whose truth is known, and what its verdict sees."""

import dataclasses
import functools
import json
import re

import numpy as np
import pytest
import xarray as xr
from pydantic import ValidationError
from report_text import report_text
from rows import rows

from geometries.magnet_logic import netlist_values
from geometries.magnet_logic.builders import MagnetGrid
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.framework.workflow import campaign_folder, run_campaign
from solitons.campaigns.magnet_logic.logic_analysis import counted
from solitons.campaigns.magnet_logic.logic_judgement import about_logic
from solitons.campaigns.magnet_logic.logic_results import WrongTrials
from solitons.campaigns.magnet_logic.loop_results import HeatPoint, LoopHeat
from solitons.campaigns.magnet_logic.nml_majority.campaign import MajorityCampaign
from solitons.campaigns.magnet_logic.nml_majority.cycles import wrong_gates
from solitons.campaigns.magnet_logic.nml_majority.figures import heat_figure
from solitons.campaigns.magnet_logic.nml_majority.judgement import about_cycles, about_fit
from solitons.campaigns.magnet_logic.nml_majority.planned_runs import HotRow
from solitons.campaigns.magnet_logic.nml_majority.thermal_rows import (
    likelihood,
    outputs,
    rotation_p_value,
    seen_outputs,
)
from solitons.fits.verdict import judge
from solitons.magnet_logic import array_macrospins, follow_ramps
from solitons.magnet_logic.gate_cycles import CLOCK_FIRST, INPUTS_FIRST, follow_cycle
from solitons.magnet_logic.mean_heats import mean_heat
from solitons.magnet_logic.response_fit import ResponseFactors

from .painted_runs import PaintedRuns

TRUTH = ResponseFactors(anisotropy=0.96, beside=0.92, end_to_end=0.95)
CONTENT = {
    "name": "small-gate",
    "title": "A <small> gate",
    "grid": {
        "length": "40 nm",
        "width": "30 nm",
        "thickness": "15 nm",
        "gap_beside": "15 nm",
        "gap_above": "20 nm",
        "cell": ["5 nm", "5 nm", "15 nm"],
        "field": "240 kA/m",
    },
    "material": {"name": "<film>", "Ms": "800 kA/m", "A": "13 pJ/m", "alpha": 0.1},
    "clock": {"field": "110 mT/mu0", "fall": "1 ns"},
    "members": 300,
    "ensemble": {"row": [1, -1, 1], "members": 150, "time_step": "150 fs"},
    "cycle": {
        "first": [-1, -1, 1],
        "second": [-1, 1, 1],
        "ramp_times": ["6 ns", "9 ns", "18 ns"],
        "fast_ramps": ["1 ns"],
        "members": 20,
    },
    "seed": 3,
}
NO_CYCLE = {"cycle": None}
QUICK = {**NO_CYCLE, "members": 100}


def analysed(factors=TRUTH, wrong=12, noise=0.0, **changes):
    campaign = MajorityCampaign(**(CONTENT | changes))
    return campaign, campaign.analyse(PaintedRuns(campaign, factors, wrong, noise), Stages())


def codes(results):
    return {reason.code for reason in results.reasons}


def judge_gate(results, clock):
    return judge([*about_logic(results, clock), *about_fit(results), *about_cycles(results)])


def page(campaign, findings):
    """The kind's part of the report, without the pictures."""
    return report_text(campaign, findings)


def cycle(name, heats, limit):
    points = [
        HeatPoint(
            ramp_time=time,
            members=100,
            heat=heat,
            heat_error=0.2,
            damping_heat=heat + 0.1,
            damping_error=0.3,
            wrong=0,
            wrong_interval=(0.0, 0.04),
        )
        for time, heat in heats.items()
    ]
    return LoopHeat(
        name=name,
        points=points,
        fastest_fitted=6e-9,
        limit=limit,
        limit_error=0.255,
        ci95=(limit - 0.5, limit + 0.5),
        slope=6e-8,
        p_value=0.4,
    )


CYCLES = [
    cycle(CLOCK_FIRST.name, {1e-9: 80.0, 6e-9: 10.1, 9e-9: 6.9, 18e-9: 3.4}, 0.1),
    cycle(INPUTS_FIRST.name, {1e-9: 230.0, 6e-9: 90.0, 9e-9: 84.0, 18e-9: 79.0}, 75.0),
]
"""As the campaign measures them, but for the time that it takes."""


@pytest.fixture(scope="module")
def found():
    campaign, findings = analysed(wrong=22, **NO_CYCLE)
    results = findings.results.model_copy(update={"cycles": CYCLES, "damping_p_value": 0.7})
    verdict = judge_gate(results, campaign.clock)
    results = results.model_copy(update={"verdict": verdict.verdict, "reasons": list(verdict.reasons)})
    figures = {**findings.figures, "heat": functools.partial(heat_figure, CYCLES)}
    return MajorityCampaign(**CONTENT), dataclasses.replace(findings, results=results, figures=figures)


@pytest.mark.slow
def test_all_rows_are_right_and_the_factors_are_those_of_the_runs(found):
    _, findings = found
    results = findings.results
    assert results.verdict == "trusted", results.reasons
    assert all(each.seen == each.expected == each.model for each in results.rows)
    for parameter in results.factors:
        assert parameter.value == pytest.approx(float(getattr(TRUTH, parameter.name)), abs=2e-3)
    assert all(each.right and each.fitted < 0.02 < each.uncoupled for each in results.held_out)
    assert {"wire, gaps times 1.5", "gate, magnets times 1.5"} <= {each.name for each in results.held_out}


@pytest.mark.slow
def test_rows_with_heat_have_exact_intervals_and_turned_rows_agree(found):
    _, findings = found
    results = findings.results
    assert results.worst[0].row in ((1, -1, 1), (-1, 1, -1))
    for each in results.rows:
        assert each.thermal.trials == 300
        assert each.thermal.low <= each.thermal.rate <= each.thermal.high
    assert results.rotation_p_value > 1e-3
    assert results.ensemble.thermal.errors == 22
    assert results.ensemble.length == pytest.approx(0.97, abs=1e-6)


@pytest.mark.slow
def test_a_cycle_with_the_clock_first_tends_to_nothing_and_one_with_the_inputs_first_does_not():
    _, findings = analysed(members=100)
    clock_first, inputs_first = findings.results.cycles
    low, high = clock_first.ci95
    assert low < 0 < high
    assert high - low < 4
    heats = [each.heat for each in clock_first.points]
    assert heats == sorted(heats, reverse=True)
    assert inputs_first.points[-1].heat > 10 * clock_first.points[-1].heat
    assert findings.results.damping_p_value > 1e-3
    # 20 gates do not know the limit well enough, and the verdict is no better for it.
    assert "wide_interval" in codes(findings.results)


def test_the_report_says_what_was_found(found):
    campaign, findings = found
    text = page(campaign, findings)
    assert "&lt;film&gt;" in text
    assert text.count("<img") == 4
    assert not re.search(r"\b(nan|None|undefined)\b|{{|\*\*", text)
    assert next(findings.results.headlines()).value == "8 of 8 rows"
    assert "withheld" not in text


@pytest.mark.slow
def test_inputs_that_pull_too_weakly_make_no_majority_gate():
    # a and c together pull less than b: the centre follows b alone.
    far = CONTENT["grid"] | {"gap_beside": "10 nm", "gap_above": "60 nm"}
    _, findings = analysed(grid=far, **QUICK)
    results = findings.results
    assert results.verdict == "failed"
    assert "rows_wrong" in codes(results)
    assert findings.models == {}
    assert [each.value for each in results.headlines()][-1] == "withheld"


@pytest.mark.slow
def test_magnets_that_heat_turns_are_no_gate():
    _, findings = analysed(grid=CONTENT["grid"] | {"thickness": "5 nm", "cell": ["5 nm", "5 nm", "5 nm"]}, **QUICK)
    assert findings.results.verdict == "failed"
    assert "lost_to_heat" in codes(findings.results)


@pytest.mark.slow
def test_nothing_of_a_failed_model_is_shown(found):
    campaign, findings = found
    results = findings.results
    rate = f"{results.worst[1].rate:.3%}"
    factors = [f"{each.value:.4g}" for each in results.factors]
    shown = page(campaign, findings)
    failed = results.model_copy(update={"verdict": "failed"})
    hidden = page(campaign, dataclasses.replace(findings, results=failed))
    for words in (rate, *factors, "wrong with heat", "over the anisotropy field", "wire, gaps times 1.5", " kT at "):
        assert words in shown
        assert words not in hidden
    assert "8 of 8 rows" in next(failed.headlines()).value
    # What micromagnetics has at 0 K is no number of the model.
    assert f"{results.rows[0].margin:.3f}" in hidden


def test_couplings_that_explain_nothing_are_seen(found):
    campaign, findings = found
    coupled, alone = findings.results.left_out_residuals
    assert coupled < alone / 10
    changed = findings.results.model_copy(update={"left_out_residuals": (0.99 * alone, alone)})
    judged = judge_gate(changed, campaign.clock)
    assert (judged.verdict, {reason.code for reason in judged.reasons}) == ("failed", {"couplings_not_seen"})


def test_half_a_turn_about_the_clock_makes_a_row_another_with_precession_and_all():
    campaign = MajorityCampaign(**CONTENT)
    row, turned_row = (1, 1, -1), (1, -1, -1)
    array, turned = campaign.array(row), campaign.array(turned_row)
    places = [turned.index({"a": "c", "c": "a"}.get(each.name, each.name)) for each in array.magnets]
    start = np.random.default_rng(1).normal(size=(len(array.magnets), 3))
    start /= np.linalg.norm(start, axis=1, keepdims=True)
    paths = []
    for each, begin in ((array, start), (turned, (start * (1, -1, -1))[np.argsort(places)])):
        macrospins = array_macrospins(each, campaign.material)
        fields = np.repeat(each.held_fields()[None], 2, axis=0) + np.array([campaign.clock.field, 0.0, 0.0])
        paths.append(follow_ramps(macrospins, begin[None], [50e-12], fields, seed=0)["m"].values[0, -1])
    np.testing.assert_allclose(paths[1][places], paths[0] * (1, -1, -1), atol=1e-6)
    assert np.abs(paths[0] - start).max() > 0.5


@rows(("along", "wrong"), [(0.9, 0), (0.3, 5), (-0.9, 5)])
def test_undecided_outputs_of_a_cycle_are_wrong_ones(along, wrong):
    campaign = MajorityCampaign(**CONTENT)
    first, out = campaign.array((-1, -1, 1)), 4
    assert first.magnets[out].name == "out"
    m = np.zeros((20, 6, 5, 3))
    m[:, 2, out, 1], m[:, 5, out, 1] = 0.9, -0.9
    m[:5, 2, out, 1] = along
    run = xr.Dataset({"m": (("member", "ramp", "magnet", "vdims"), m)})
    assert wrong_gates(run, first, CLOCK_FIRST, [1, -1]) == wrong


def test_magnets_that_are_no_moment_are_seen(found):
    campaign, findings = found
    for length, verdict in ((0.7, "failed"), (0.85, "limited")):
        judged = judge_gate(findings.results.model_copy(update={"shortest": length}), campaign.clock)
        assert judged.verdict == verdict
        assert {reason.code for reason in judged.reasons} == {"not_one_moment"}


@pytest.mark.slow
def test_magnets_that_do_not_feel_each_other_are_seen():
    _, findings = analysed(factors=ResponseFactors(anisotropy=1.0, beside=1e-6, end_to_end=1e-6), noise=0.003, **QUICK)
    assert findings.results.verdict == "failed"
    assert {"rows_wrong", "couplings_not_seen"} <= codes(findings.results)


def test_micromagnetics_that_fails_otherwise_is_seen(found):
    campaign, findings = found
    results, seen = findings.results, findings.results.ensemble

    def with_errors(errors, trials=150):
        thermal = counted(np.where(np.arange(trials) < errors, 1.0, -1.0)[:, None], {"out": -1})
        models = [likelihood(each.name, thermal, each.thermal) for each in seen.models]
        changed = seen.model_copy(update={"thermal": thermal, "models": models})
        return judge_gate(results.model_copy(update={"ensemble": changed}), campaign.clock)

    assert with_errors(22).reasons == ()
    # So few runs contradict nothing and show nothing.
    for errors, trials in ((0, 2), (1, 5), (0, 20), (3, 30)):
        judged = with_errors(errors, trials)
        assert (judged.verdict, {reason.code for reason in judged.reasons}) == ("limited", {"rates_not_known"})
        assert f"{errors} of {trials} runs" in judged.why
    assert with_errors(60).verdict == "limited"
    assert with_errors(150).failed


def test_without_an_ensemble_error_rates_are_not_checked(found):
    campaign, findings = found
    judged = judge_gate(findings.results.model_copy(update={"ensemble": None}), campaign.clock)
    assert judged.verdict == "limited"
    assert {reason.code for reason in judged.reasons} == {"heat_not_checked"}


def test_a_clock_faster_than_the_magnets_is_in_the_verdict_with_its_number(found):
    campaign, findings = found
    (reason,) = judge_gate(findings.results, campaign.clock.model_copy(update={"fall": 1e-10})).reasons
    assert reason.code == "clock_too_fast"
    assert "100 ps" in reason.sentence
    assert f"{float(f'{findings.results.response_time * 1e12:.2g}'):g} ps" in reason.sentence


def test_heat_that_does_not_vanish_or_is_no_heat_is_seen(found):
    campaign, findings = found
    clock_first, inputs_first = findings.results.cycles

    def judged(**changes):
        cycles = [clock_first.model_copy(update=changes), inputs_first]
        return judge_gate(findings.results.model_copy(update={"cycles": cycles}), campaign.clock).reasons

    assert [reason.code for reason in judged(limit=5.0, ci95=(4.0, 6.0))] == ["not_reversible"]
    assert [reason.code for reason in judged(p_value=1e-5)] == ["ramps_too_fast"]
    assert judged(limit=0.35, ci95=(-0.16, 0.85)) == ()
    (wide,) = judged(limit=40.0, ci95=(-300.0, 380.0))
    assert (wide.code, wide.weight) == ("wide_interval", "limited")
    assert "± 3.4e+02 kT" in wide.sentence
    for place, expected in ((0, []), (1, ["cycle_wrong"])):  # the first is too fast for the line, and no part of it
        points = list(clock_first.points)
        points[place] = points[place].model_copy(update={"wrong": 9, "members": 10})
        assert [reason.code for reason in judged(points=points)] == expected
    wrong = judge_gate(findings.results.model_copy(update={"damping_p_value": 1e-6}), campaign.clock)
    assert wrong.failed
    unlimited = findings.results.model_copy(
        update={"cycles": [clock_first.model_copy(update={"p_value": 1e-5}), inputs_first]}
    )
    assert "its limit is not known" in [*unlimited.headlines()][-1].detail


def test_the_likelihood_is_that_of_the_binomial_distribution():
    seen, model = (
        WrongTrials(trials=trials, wrong=wrong, undecided=0, low=0.0, high=1.0, outputs={})
        for trials, wrong in ((200, 20), (10_000, 500))
    )
    found = likelihood("model", seen, model)
    rate = 500.5 / 10_001
    expected = 20 * np.log(0.1 / rate) + 180 * np.log(0.9 / (1 - rate))
    assert found.loss == pytest.approx(expected)
    assert found.p_value < 0.01


def test_turned_rows_are_compared_row_by_row():
    campaign = MajorityCampaign(**CONTENT)
    rows = [(a, b, c) for a in (1, -1) for b in (1, -1) for c in (1, -1)]
    for a, b, c in rows:
        assert campaign.expected[-c, -b, -a]["out"] == -campaign.expected[a, b, c]["out"]
        assert campaign.expected[a, b, c] == {"out": netlist_values(campaign.arrays[a, b, c])["out"]}
        assert campaign.arrays[a, b, c].magnets[0].state == a
    alike = dict.fromkeys(rows, WrongTrials(trials=1000, wrong=50, undecided=0, low=0, high=1, outputs={}))
    assert rotation_p_value(alike) == 1
    other = WrongTrials(trials=1000, wrong=100, undecided=0, low=0, high=1, outputs={})
    assert rotation_p_value(alike | {(1, 1, 1): other}) < 1e-3


def test_a_cycle_reads_its_outputs_where_the_clock_has_fallen():
    assert CLOCK_FIRST.readings == (2, 5)
    assert INPUTS_FIRST.readings == (4, 9)
    campaign = MajorityCampaign(**CONTENT)
    first, second = (campaign.array(row) for row in ((-1, -1, 1), (-1, 1, 1)))
    macrospins = array_macrospins(first, campaign.material, 300.0)
    for cycle in (CLOCK_FIRST, INPUTS_FIRST):
        fields = cycle.fields(first, second, (8.8e4, 0, 0))
        np.testing.assert_array_equal(fields[0], fields[-1])
        run = follow_cycle(macrospins, first, second, cycle, 2e-9, clock=(8.8e4, 0, 0), members=10, seed=1)
        out = run.m.values[:, list(cycle.readings), 4, 1]
        assert (out[:, 0] > 0.5).all()
        assert (out[:, 1] < -0.5).all()
        assert mean_heat(run, macrospins.thermal_energy).heat > 0


@pytest.mark.slow
def test_a_slower_clock_fails_less_often():
    campaign = MajorityCampaign(**CONTENT)
    array = campaign.array((1, -1, 1))
    macrospins = array_macrospins(array, campaign.material, 300.0)
    rates = [
        counted(outputs(macrospins, array, campaign.clock.model_copy(update={"fall": fall}), 400, 1), {"out": -1}).rate
        for fall in (2e-10, 3e-9)
    ]
    assert rates[1] < rates[0]


@rows(
    ("changes", "words"),
    [
        ({"cycle": CONTENT["cycle"] | {"second": [-1, -1, 1]}}, "one majority"),
        ({"cycle": CONTENT["cycle"] | {"ramp_times": ["1 ns", "2 ns"]}}, "ramp_times"),
        ({"cycle": CONTENT["cycle"] | {"fast_ramps": ["6 ns"]}}, "share a time"),
        ({"cycle": CONTENT["cycle"] | {"fast_ramps": ["7 ns"]}}, "give slow ramps as ramp_times"),
        ({"temperature": 0}, "temperature"),
        ({"clock": {"field": "-110 mT/mu0", "fall": "1 ns"}}, "clock.field"),
        ({"ensemble": {"row": [1, 0, 1]}}, "ensemble.row"),
    ],
)
def test_what_cannot_be_answered_is_refused(changes, words):
    with pytest.raises(ValidationError, match=words):
        MajorityCampaign(**(CONTENT | changes))


@pytest.mark.parametrize("hold", [300e-12, 90e-12, 60e-12, 40e-12, 25e-12])
def test_a_short_clock_is_seen_while_it_is_up(hold):
    campaign = MajorityCampaign(**(CONTENT | {"clock": CONTENT["clock"] | {"hold": hold, "rest": "501 ps"}}))
    run = next(each for each in campaign.labelled_runs("native") if isinstance(each.role, HotRow))
    runs = PaintedRuns(campaign, TRUTH)
    campaign.check()
    projections, length = seen_outputs(runs.open(run), run.spec.device, hold)
    assert (projections < 0).sum() == 150 - 12
    assert length == pytest.approx(0.97, abs=1e-6)
    assert run.spec.protocol.sample_times[-1] == pytest.approx(hold + 1e-9 + 501e-12)


def test_frames_that_all_miss_the_clock_are_no_mean_moment():
    campaign = MajorityCampaign(**CONTENT)
    run = next(each for each in campaign.labelled_runs("native") if isinstance(each.role, HotRow))
    seen = PaintedRuns(campaign, TRUTH).open(run)
    with pytest.raises(ValueError, match=r"no frame between 2e-11 and 4e-11 s"):
        seen_outputs(seen, run.spec.device, 40e-12)


def test_a_clock_that_is_up_for_too_short_is_refused_before_it_runs():
    campaign = MajorityCampaign(**(CONTENT | {"clock": CONTENT["clock"] | {"hold": 1e-15}}))
    with pytest.raises(ValueError, match=r"clock.hold = 1e-15 s"):
        campaign.check()
    MajorityCampaign(**(CONTENT | {"clock": campaign.clock, "ensemble": None})).check()


def test_a_campaign_that_would_take_hours_is_refused_before_it_runs(tmp_path):
    campaign = MajorityCampaign(**(CONTENT | {"members": 1_000_000}))
    with pytest.raises(ValueError, match="time steps of a magnet"):
        run_campaign(campaign, tmp_path, engine="native")
    assert not list(tmp_path.rglob("summary.json"))


def test_heat_is_with_native_where_the_engine_has_no_ensembles():
    campaign = MajorityCampaign(**CONTENT)
    engines = [run.spec.engine for run in campaign.labelled_runs("oommf")]
    assert set(engines[:-1]) == {"oommf"}
    assert engines[-1] == "native"


@pytest.mark.slow
def test_in_micromagnetics_a_gate_with_far_inputs_fails(tmp_path):
    changes = {"grid": CONTENT["grid"] | {"gap_beside": "10 nm", "gap_above": "60 nm"}, "ensemble": None, **QUICK}
    campaign = MajorityCampaign(**(CONTENT | changes))
    assert isinstance(campaign.grid, MagnetGrid)
    results = run_campaign(campaign, tmp_path, engine="native").results
    assert results.verdict == "failed"
    assert "rows_wrong" in codes(results)
    folder = campaign_folder(campaign, "native", tmp_path)
    assert json.loads((folder / "summary.json").read_text())["verdict"] == "failed"
    text = (folder / "report.html").read_text()
    assert "A &lt;small&gt; gate" in text
    assert "How often heat makes it wrong" not in text


def test_a_perpendicular_gate_is_refused():
    """Its output is the majority of all three inputs, and not the inverse of that of a, not b and c."""
    with pytest.raises(ValidationError, match=r"grid.perpendicular = true, but rows, fits and heat"):
        MajorityCampaign(**CONTENT | {"grid": CONTENT["grid"] | {"perpendicular": True}})
