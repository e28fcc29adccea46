"""What speaks against a fitted lattice of islands."""

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.spin_ice.ice_avalanche.judgement import about_predictions
from solitons.campaigns.spin_ice.ice_avalanche.results import OtherModel, PredictionResults
from solitons.fits.verdict import judge

OF = ["solitons/campaigns/spin_ice/ice_avalanche/judgement.py"]
GOOD = PredictionResults.model_construct(
    seed=1, islands=100, final_overlap=0.95, concordance=0.97, field_step=0.01, islands_off=0, coercive_field=5e4,
    predicted_coercive_field=5e4, coercive_field_error=0.0, flip_field_error=0.01,
    first_flip_field=4e4, predicted_first_flip_field=4e4, dipoles=OtherModel.model_construct(flip_field_error=0.1),
)  # fmt: skip


def judged(coherence=1.0, **changes):
    return judge(about_predictions([GOOD.model_copy(update=changes)], coherence))


ALIKE, BETTER = {"flip_field_error": 0.1}, {"flip_field_error": 0.099}


@both_ways(
    Limit("not_coherent", "limited", {"coherence": 0.89}, {"coherence": 0.91}),
    Limit("nothing_turned", "failed", {"first_flip_field": None}, {}),
    Limit("coercivity_not_reached", "limited", {"coercive_field": None}, {}),
    Limit("model_does_not_turn", "failed", {"predicted_coercive_field": None}, {}),
    Limit("coercive_field_off", "limited", {"coercive_field_error": 0.051}, {"coercive_field_error": 0.049}),
    Limit("coercive_field_off", "limited", {"coercive_field_error": -0.051}, {"coercive_field_error": -0.049}),
    Limit("coercive_field_off", "failed", {"coercive_field_error": 0.21}, {"coercive_field_error": 0.19}),
    Limit("end_wrong", "limited", {"final_overlap": 0.89}, {"final_overlap": 0.91}),
    Limit("no_better_than_dipoles", "limited", ALIKE, BETTER),
    Limit("no_better_than_dipoles", "failed", ALIKE | {"concordance": 0.949}, ALIKE | {"concordance": 0.951}),
    Limit("order_wrong", "limited", {"concordance": 0.949, "islands_off": 1}, {"concordance": 0.951, "islands_off": 1}),
    Limit("order_wrong", "limited", {"concordance": 0.949, "islands_off": 1}, {"concordance": 0.949}),
)
def test_a_limit_of_an_ice(limit):
    crosses(judged, limit)


def test_a_good_ice_is_trusted():
    assert judged().verdict == "trusted"
