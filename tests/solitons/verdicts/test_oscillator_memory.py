"""What speaks against the numbers of an oscillator memory."""

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.oscillators.oscillator_memory.judgement import about_recalls
from solitons.campaigns.oscillators.oscillator_memory.results import RecallSet

OF = ["solitons/campaigns/oscillators/oscillator_memory/judgement.py"]


def recall(written, own, **changes):
    found = {"weights": "hebbian", "shares": [1.0, 0.0], "breaking_spread": 0.01, "breaking_ci95": (0.009, 0.011)}
    found |= {"overlap": 0.9, "time": 7e-9, "time_ci95": (6e-9, 8e-9), "held_share": 1.0, "unsettled": 0.0}
    return RecallSet(written=written, own_share=own, **found | changes)


def judged(own=1.0, written=1.0, wrong_bits=0.2, recalls=None):
    sets = [recall(False, own, **recalls or {}), recall(True, written)]
    return list(about_recalls(sets, 0.001, wrong_bits))


@both_ways(
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
