"""A fitted lattice is judged by what it predicts of others."""

import numpy as np
import pytest
from rows import rows

from solitons.campaigns.spin_ice.ice_avalanche.judgement import about_predictions
from solitons.campaigns.spin_ice.ice_avalanche.results import PredictionResults
from solitons.fits.verdict import judge
from solitons.spin_ice.comparison import compare_lattices

GOOD = {
    "seed": 3, "run_id": "0123", "islands": 97, "final_overlap": 1.0, "coercive_overlap": 0.97, "worst_overlap": 0.93,
    "field_step": 0.004, "islands_off": 4,
    "coercive_field": 41e3, "predicted_coercive_field": 41.2e3, "coercive_field_error": 0.005, "concordance": 0.98,
    "kendall_tau": 0.9, "same_step": 0.6, "flip_field_error": 0.004,
    "first_flip_field": 33e3, "predicted_first_flip_field": 33.5e3,
    "two_state": {"coercive_overlap": 0.9, "worst_overlap": 0.85, "coercive_field_error": 0.01, "concordance": 0.95,
                  "flip_field_error": 0.006},
    "dipoles": {"coercive_overlap": 0.8, "worst_overlap": 0.7, "coercive_field_error": 0.03, "concordance": 0.9,
                "flip_field_error": 0.02},
}  # fmt: skip


def judged(**changes):
    return judge(about_predictions([PredictionResults(**GOOD), PredictionResults(**GOOD | {"seed": 4} | changes)]))


@rows(
    ("changes", "verdict", "code"),
    [
        ({}, "trusted", None),
        ({"concordance": 0.9}, "limited", "order_wrong"),
        # In wide steps all may be one step off: no more than the run can tell.
        ({"concordance": 0.9, "islands_off": 0}, "trusted", None),
        # All turn in one step of both.
        ({"concordance": None}, "trusted", None),
        ({"worst_overlap": 0.6}, "trusted", None),
        ({"flip_field_error": 0.03, "concordance": 0.9}, "failed", "no_better_than_dipoles"),
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


def compared(run, model):
    """Two reversals of forty islands, in fields from 40 to 50 kA/m in fifty steps, by the steps of the flips."""
    states = [np.where(np.arange(51)[:, None] >= np.asarray(each), -1, 1) for each in (run, model)]
    found = compare_lattices(*states, np.linspace(40e3, 50e3, 51), np.ones(40))
    names = ("worst_overlap", "final_overlap", "concordance", "islands_off", "flip_field_error", "coercive_field_error")
    return found, judged(**{name: getattr(found, name) for name in names})


def test_a_cascade_that_begins_two_steps_early_is_in_order():
    """Half of the islands turn at once. In the worst step half of the spins are wrong, for 0.9 % of the field."""
    before, after = list(range(2, 22, 2)), list(range(28, 48, 2))
    found, verdict = compared(before + 20 * [26] + after, before + 20 * [24] + after)
    assert (found.worst_overlap, found.islands_off, found.concordance) == (0.5, 20, 1)
    assert verdict.verdict == "trusted"


def test_a_wrong_order_is_limited_though_nine_tenths_of_the_spins_are_right_in_every_step():
    """One island a step, and each four in a row turn the other way round."""
    order = np.arange(1, 41)
    found, verdict = compared(order, order.reshape(-1, 4)[:, ::-1].ravel())
    assert found.worst_overlap == 0.9
    assert found.concordance == pytest.approx(1 - 3 / 39)
    assert (verdict.verdict, verdict.reasons[0].code) == ("limited", "order_wrong")
    assert "92.3% of the pairs" in verdict.reasons[0].sentence


def test_a_cascade_that_breaks_in_two_is_limited():
    """Thirty-six turn at once, and half of them four steps later in the model, where no other turns in between."""
    found, verdict = compared([2, 4, *36 * [20], 40, 42], [2, 4, *18 * [20], *18 * [24], 40, 42])
    assert found.concordance < 0.8
    assert (verdict.verdict, verdict.reasons[0].code) == ("limited", "order_wrong")


def test_islands_that_turn_in_the_model_alone_are_limited_though_the_order_is_right():
    """The last six turn in the last step of the model, and never in the run."""
    before = list(range(2, 36))
    found, verdict = compared(before + 6 * [99], before + 6 * [50])
    assert found.concordance == 1
    assert found.final_overlap == 34 / 40
    assert (verdict.verdict, [each.code for each in verdict.reasons]) == ("limited", ["end_wrong"])


def test_islands_that_do_not_rotate_as_a_whole_are_limited():
    good = [PredictionResults(**GOOD)]
    assert judge(about_predictions(good, coherence=0.95)).verdict == "trusted"
    found = judge(about_predictions(good, coherence=0.7))
    assert (found.verdict, found.reasons[0].code) == ("limited", "not_coherent")
    assert "0.70 of Ms" in found.reasons[0].sentence
