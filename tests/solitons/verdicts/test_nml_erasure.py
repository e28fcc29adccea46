"""What speaks against the heat of erasing a bit."""

import math

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.magnet_logic.loop_results import HeatPoint
from solitons.campaigns.magnet_logic.nml_erasure.judgement import judge_erasure
from solitons.campaigns.magnet_logic.nml_erasure.results import BitResults, OperationResults

OF = ["solitons/campaigns/magnet_logic/nml_erasure/judgement.py"]
LANDAUER = math.log(2)


def bit(*, held=1000, lost=0, lost_low=0.0, members=1000, wrong=0, wrong_low=0.0, **changes):
    point = HeatPoint.model_construct(ramp_time=1e-7, members=members, wrong=wrong, wrong_interval=(wrong_low, 0.01))
    known = {"points": [point], "limit": LANDAUER, "limit_error": 0.01, "ci95": (LANDAUER, LANDAUER), "p_value": 0.5,
                 "quasi_static": LANDAUER}  # fmt: skip
    operations = [OperationResults.model_construct(name=name, **(known | changes)) for name in ("erasure", "writing")]
    return BitResults.model_construct(
        magnet="100 nm",
        barrier=30.0,
        held=held,
        lost=lost,
        hold_time=1e-6,
        lost_interval=(lost_low, 0.02),
        relaxation_time=1e-9,
        operations=operations,
    )


def judged(*, ci95=(LANDAUER, LANDAUER), alike=0.5, damping=0.5, **changes):
    return judge_erasure([bit(**changes)], ci95, alike, damping)


def wide(share):
    return (LANDAUER * (1 - share), LANDAUER * (1 + share))


@both_ways(
    Limit("heats_disagree", "failed", {"damping": 0.9e-3}, {"damping": 1.1e-3}),
    Limit("bit_lost", "failed", {"lost_low": 0.021}, {"lost_low": 0.019}),
    Limit("wrong_state", "failed", {"wrong_low": 0.011}, {"wrong_low": 0.009}),
    # None of n bits: the upper end of the exact interval is 1 - 0.025^(1/n).
    Limit("loss_not_known", "limited", {"held": 182}, {"held": 183}),
    Limit("error_not_known", "limited", {"members": 183}, {"members": 184}),
    Limit("ramps_too_fast", "failed", {"p_value": 0.9e-2}, {"p_value": 1.1e-2}),
    # 3.29 standard errors have a probability of 1e-3.
    Limit("not_the_quasi_static_work", "failed", {"limit": LANDAUER + 0.0330}, {"limit": LANDAUER + 0.0328}),
    Limit("not_the_quasi_static_work", "failed", {"limit": LANDAUER - 0.0330}, {"limit": LANDAUER - 0.0328}),
    Limit("magnets_disagree", "failed", {"alike": 0.9e-3}, {"alike": 1.1e-3}),
    Limit("wide_interval", "limited", {"ci95": wide(0.051)}, {"ci95": wide(0.049)}),
    # Of a limit that is none nobody asks how well it is known.
    Limit("wide_interval", "limited", {"ci95": wide(0.051)}, {"ci95": wide(0.051), "damping": 0.9e-3}),
)
def test_a_limit_of_an_erasure(limit):
    crosses(judged, limit)


def test_a_good_erasure_is_trusted():
    assert judged().verdict == "trusted"
