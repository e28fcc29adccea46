"""What speaks against a majority gate and its macrospins."""

from types import SimpleNamespace

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.framework.results import Parameter
from solitons.campaigns.magnet_logic.nml_majority.judgement import judge_gate
from solitons.campaigns.magnet_logic.nml_majority.results import (
    CyclePoint,
    CycleResult,
    EnsembleResult,
    HeldOutResult,
    MajorityResults,
    ModelLikelihood,
    RowResult,
)
from solitons.campaigns.magnet_logic.wrong_trials import WrongTrials

OF = ["solitons/campaigns/magnet_logic/nml_majority/judgement.py"]


def trials(errors, low, high, of=1000):
    return WrongTrials(trials=of, wrong=errors, undecided=0, low=low, high=high)


def row(value=1, low=0.0):
    return RowResult(row=(1, 1, 1), expected=1, projection=0.9 * value, centre=0.9, value=value, model_value=1,
                     tolerated_bias=1e3, thermal=trials(1, low, 0.3))  # fmt: skip


def held_out(fitted=0.1, right=True):
    return HeldOutResult(name="gate", fitted=fitted, unfitted=0.3, uncoupled=0.6, right=right)


def factor(low):
    return Parameter(name="beside", value=1.0, ci95=(low, 1.2), unit="")


def cycle(failed=0, ci95=(-0.1, 0.1), p_value=0.5):
    point = CyclePoint(ramp_time=1e-8, members=1000, heat=0.1, heat_error=0.1, damping_heat=0.1, damping_error=0.1,
                       failed=failed)  # fmt: skip
    return CycleResult(name="reversible", points=[point], fastest_fitted=1e-9, limit=sum(ci95) / 2, ci95=ci95,
                       slope=1e-9, p_value=p_value)  # fmt: skip


def ensemble(seen, model, p_value=0.5):
    other = ModelLikelihood(name="macrospins", thermal=model, loss=0.0, p_value=p_value, difference=(0.0, 0.0, 0.0))
    return EnsembleResult(row=(1, 1, 1), thermal=seen, length=0.95, models=[other], engine_seconds=1.0,
                          model_seconds=1.0)  # fmt: skip


GOOD = MajorityResults.model_construct(
    temperature=300.0,
    relaxation_time=1e-9,
    factors=[factor(0.8)],
    left_out_residuals=(0.1, 1.0),
    shortest=0.95,
    held_out=[held_out()],
    rows=[row(), row()],
    rotation_p_value=0.5,
    ensemble=ensemble(trials(20, 0.012, 0.031), trials(200, 0.0173, 0.0230, 10_000)),
    cycles=[cycle()],
    damping_p_value=0.5,
)


def judged(fall=2e-9, **changes):
    return judge_gate(GOOD.model_copy(update=changes), SimpleNamespace(fall=fall))


def compared(*seen, model=(200, 0.0173, 0.0230), p_value=0.5):
    return {"ensemble": ensemble(trials(*seen), trials(*model, 10_000), p_value)}


@both_ways(
    Limit("clock_too_fast", "limited", {"fall": 0.99e-9}, {"fall": 1.01e-9}),
    Limit("row_wrong", "failed", {"rows": [row(-1), row()]}, {}),
    Limit("row_wrong", "failed", {"rows": [row(0), row()]}, {}),
    Limit("row_lost_to_heat", "failed", {"rows": [row(low=0.251)]}, {"rows": [row(low=0.249)]}),
    Limit("not_one_moment", "limited", {"shortest": 0.89}, {"shortest": 0.91}),
    Limit("not_one_moment", "failed", {"shortest": 0.79}, {"shortest": 0.81}),
    Limit("couplings_not_seen", "failed", {"left_out_residuals": (0.96, 1.0)}, {"left_out_residuals": (0.94, 1.0)}),
    Limit("no_better_than_uncoupled", "failed", {"held_out": [held_out(0.6)]}, {"held_out": [held_out(0.59)]}),
    Limit("prediction_off", "limited", {"held_out": [held_out(0.26)]}, {"held_out": [held_out(0.24)]}),
    Limit("prediction_off", "limited", {"held_out": [held_out(right=False)]}, {}),
    Limit("factors_open", "limited", {"factors": [factor(0.0)]}, {"factors": [factor(0.01)]}),
    Limit("turned_rows_differ", "failed", {"rotation_p_value": 0.9e-3}, {"rotation_p_value": 1.1e-3}),
    Limit("heat_not_checked", "limited", {"ensemble": None}, {}),
    # Agrees, but as well with three times as many, or with a third.
    Limit("rates_not_known", "limited", compared(20, 0.012, 0.053), compared(20, 0.012, 0.051)),
    Limit("rates_not_known", "limited", compared(20, 0.0076, 0.031), compared(20, 0.0077, 0.031)),
    Limit(
        "rates_disagree", "limited", compared(40, 0.03, 0.05, p_value=0.9e-3), compared(40, 0.03, 0.05, p_value=1.1e-3)
    ),
    Limit("rates_disagree", "failed", compared(90, 0.070, 0.11, p_value=1e-9), compared(90, 0.068, 0.11, p_value=1e-9)),
    Limit(
        "rates_disagree", "failed", compared(4, 0.001, 0.0057, p_value=1e-9), compared(4, 0.001, 0.0058, p_value=1e-9)
    ),
    Limit("heats_disagree", "failed", {"damping_p_value": 0.9e-3}, {"damping_p_value": 1.1e-3}),
    Limit("cycle_wrong", "limited", {"cycles": [cycle(failed=11)]}, {"cycles": [cycle(failed=10)]}),
    Limit("ramps_too_fast", "limited", {"cycles": [cycle(p_value=0.9e-2)]}, {"cycles": [cycle(p_value=1.1e-2)]}),
    Limit("not_reversible", "limited", {"cycles": [cycle(ci95=(0.01, 0.2))]}, {"cycles": [cycle(ci95=(-0.01, 0.2))]}),
    Limit("not_reversible", "limited", {"cycles": [cycle(ci95=(-0.2, -0.01))]}, {"cycles": [cycle(ci95=(-0.2, 0.01))]}),
    # ln 2 = 0.693 on either side.
    Limit("wide_interval", "limited", {"cycles": [cycle(ci95=(-0.7, 0.7))]}, {"cycles": [cycle(ci95=(-0.69, 0.69))]}),
)
def test_a_limit_of_a_gate(limit):
    crosses(judged, limit)


def test_a_good_gate_is_trusted():
    assert judged().verdict == "trusted"
    assert judged(cycles=[], damping_p_value=None).verdict == "trusted"
