"""A fitted lattice is judged by what it predicts of others."""

from rows import rows

from solitons.campaigns.spin_ice.ice_avalanche.judgement import judge_predictions
from solitons.campaigns.spin_ice.ice_avalanche.results import PredictionResults

GOOD = {
    "seed": 3, "run_id": "0123", "islands": 97, "final_overlap": 1.0, "coercive_overlap": 0.97, "worst_overlap": 0.93,
    "field_step": 0.004, "in_wider_steps": [{"field_step": 0.01, "worst_overlap": 0.95}], "islands_off": 4,
    "coercive_field": 41e3, "predicted_coercive_field": 41.2e3, "coercive_field_error": 0.005, "concordance": 0.98,
    "kendall_tau": 0.9, "same_step": 0.6, "flip_field_error": 0.004,
    "first_flip_field": 33e3, "predicted_first_flip_field": 33.5e3,
    "two_state": {"coercive_overlap": 0.9, "worst_overlap": 0.85, "coercive_field_error": 0.01,
                  "flip_field_error": 0.006},
    "dipoles": {"coercive_overlap": 0.8, "worst_overlap": 0.7, "coercive_field_error": 0.03, "flip_field_error": 0.02},
}  # fmt: skip


def judged(**changes):
    return judge_predictions([PredictionResults(**GOOD), PredictionResults(**GOOD | {"seed": 4} | changes)])


@rows(
    ("changes", "verdict", "code"),
    [
        ({}, "trusted", None),
        ({"worst_overlap": 0.82}, "limited", "spins_wrong"),
        # Twenty that turn at once, one step late: no more than the run can tell.
        ({"worst_overlap": 0.82, "islands_off": 0}, "trusted", None),
        ({"flip_field_error": 0.03, "worst_overlap": 0.6}, "failed", "no_better_than_dipoles"),
        ({"flip_field_error": 0.03}, "limited", "no_better_than_dipoles"),
        ({"coercive_field_error": -0.07}, "limited", "coercive_field_off"),
        ({"coercive_field_error": 0.4}, "failed", "coercive_field_off"),
        ({"predicted_coercive_field": None, "coercive_field_error": None}, "failed", "model_does_not_turn"),
        ({"coercive_field": None, "coercive_overlap": None}, "limited", "coercivity_not_reached"),
        ({"first_flip_field": None, "coercive_field": None}, "failed", "nothing_turned"),
    ],
)
def test_the_worst_lattice_decides(changes, verdict, code):
    found = judged(**changes)
    assert found.verdict == verdict
    assert [reason.code for reason in found.reasons][:1] == ([code] if code else [])
    assert all("seed 4" in reason.sentence for reason in found.reasons)


def test_islands_that_do_not_rotate_as_a_whole_are_limited():
    good = [PredictionResults(**GOOD)]
    assert judge_predictions(good, coherence=0.95).verdict == "trusted"
    found = judge_predictions(good, coherence=0.7)
    assert (found.verdict, found.reasons[0].code) == ("limited", "not_coherent")
    assert "0.70 of Ms" in found.reasons[0].sentence
