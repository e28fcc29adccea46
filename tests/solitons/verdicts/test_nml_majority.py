"""What speaks against the fitted macrospins of a majority gate, and the heat of its cycles."""

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.framework.results import Parameter
from solitons.campaigns.magnet_logic.loop_results import HeatPoint, LoopHeat
from solitons.campaigns.magnet_logic.nml_majority.judgement import about_cycles, about_fit
from solitons.campaigns.magnet_logic.nml_majority.results import HeldOutResult, MajorityResults
from solitons.fits.verdict import judge

OF = ["solitons/campaigns/magnet_logic/nml_majority/judgement.py"]


def held_out(fitted=0.1, right=True):
    return HeldOutResult(name="gate", fitted=fitted, unfitted=0.3, uncoupled=0.6, right=right)


def factor(low):
    return Parameter(name="beside", value=1.0, ci95=(low, 1.2), unit="")


def cycle(wrong=0, ci95=(-0.1, 0.1), p_value=0.5):
    point = HeatPoint(ramp_time=1e-8, members=1000, heat=0.1, heat_error=0.1, damping_heat=0.1, damping_error=0.1,
                      wrong=wrong, wrong_interval=(0.0, 0.02))  # fmt: skip
    return LoopHeat(name="reversible", points=[point], fastest_fitted=1e-9, limit=sum(ci95) / 2, limit_error=0.1,
                    ci95=ci95, slope=1e-9, p_value=p_value)  # fmt: skip


GOOD = MajorityResults.model_construct(
    factors=[factor(0.8)],
    left_out_residuals=(0.1, 1.0),
    shortest=0.95,
    held_out=[held_out()],
    rotation_p_value=0.5,
    cycles=[cycle()],
    damping_p_value=0.5,
)


def judged(**changes):
    results = GOOD.model_copy(update=changes)
    return judge([*about_fit(results), *about_cycles(results)])


@both_ways(
    Limit("not_one_moment", "limited", {"shortest": 0.89}, {"shortest": 0.91}),
    Limit("not_one_moment", "failed", {"shortest": 0.79}, {"shortest": 0.81}),
    Limit("couplings_not_seen", "failed", {"left_out_residuals": (0.96, 1.0)}, {"left_out_residuals": (0.94, 1.0)}),
    Limit("no_better_than_uncoupled", "failed", {"held_out": [held_out(0.6)]}, {"held_out": [held_out(0.59)]}),
    Limit("prediction_off", "limited", {"held_out": [held_out(0.26)]}, {"held_out": [held_out(0.24)]}),
    Limit("prediction_off", "limited", {"held_out": [held_out(right=False)]}, {}),
    Limit("factors_open", "limited", {"factors": [factor(0.0)]}, {"factors": [factor(0.01)]}),
    Limit("turned_rows_differ", "failed", {"rotation_p_value": 0.9e-3}, {"rotation_p_value": 1.1e-3}),
    Limit("heats_disagree", "failed", {"damping_p_value": 0.9e-3}, {"damping_p_value": 1.1e-3}),
    Limit("cycle_wrong", "limited", {"cycles": [cycle(wrong=11)]}, {"cycles": [cycle(wrong=10)]}),
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
