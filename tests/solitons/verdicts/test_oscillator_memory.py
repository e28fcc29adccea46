"""What speaks against the numbers of an oscillator memory."""

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.oscillators.oscillator_memory.judgement import about_capacities, about_recalls
from solitons.campaigns.oscillators.oscillator_memory.results import Capacity, RecallSet, SizePoint

OF = ["solitons/campaigns/oscillators/oscillator_memory/judgement.py"]


def capacities(half_point=0.045, limit=0.042, ci95=(0.040, 0.044)):
    points = [SizePoint(size=1000, shares=[1.0, 0.0], half_point=half_point, ci95=(0.04, 0.05))]
    found = half_point is not None
    yield Capacity(
        memory="phases",
        loads=[0.03, 0.06],
        points=points,
        limit=limit if found else None,
        ci95=ci95 if found else None,
        limit_two_thirds=0.041 if found else None,
    )


def recall(written, own, **changes):
    found = {"weights": "hebbian", "shares": [1.0, 0.0], "breaking_spread": 0.01, "breaking_ci95": (0.009, 0.011)}
    found |= {"overlap": 0.9, "time": 7e-9, "time_ci95": (6e-9, 8e-9), "held_share": 1.0, "unsettled": 0.0}
    return RecallSet(written=written, own_share=own, **found | changes)


def judged(own=1.0, written=1.0, wrong_bits=0.2, recalls=None, **changes):
    sets = [recall(False, own, **recalls or {}), recall(True, written)]
    return [*about_capacities(list(capacities(**changes))), *about_recalls(sets, 0.001, wrong_bits)]


@both_ways(
    Limit("capacity_not_bracketed", "failed", {"half_point": None}, {}),
    Limit("capacity_uncertain", "limited", {"ci95": (0.0377, 0.0463)}, {"ci95": (0.0379, 0.0461)}),
    Limit("capacity_off_theory", "limited", {"ci95": (0.0463, 0.048)}, {"ci95": (0.0461, 0.048)}),
    Limit("capacity_off_theory", "limited", {"ci95": (0.035, 0.0377)}, {"ci95": (0.035, 0.0379)}),
    Limit("recall_broken_at_own_spread", "failed", {"own": 0.49}, {"own": 0.5}),
    Limit(
        "no_gain_over_start",
        "failed",
        {"wrong_bits": 0.1, "recalls": {"overlap": 0.8}},
        {"wrong_bits": 0.1, "recalls": {"overlap": 0.81}},
    ),
    Limit("written_couplings_break_recall", "limited", {"written": 0.49}, {"written": 0.5}),
    Limit("written_couplings_break_recall", "limited", {"written": 0.49}, {"written": 0.49, "own": 0.49}),
    Limit("spread_not_bracketed", "limited", {"recalls": {"breaking_spread": None}}, {}),
    Limit("pattern_slips_away", "limited", {"recalls": {"held_share": 0.89}}, {"recalls": {"held_share": 0.91}}),
    Limit("recall_not_settled", "limited", {"recalls": {"unsettled": 0.051}}, {"recalls": {"unsettled": 0.049}}),
)
def test_each_limit_is_crossed(limit):
    crosses(judged, limit)


def test_a_memory_that_passes_everything_is_given_no_reason():
    assert judged() == []
