"""What speaks against vowels that oscillators recognise."""

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.oscillators.oscillator_vowels.judgement import about_recognition, about_training, about_vowels
from solitons.campaigns.oscillators.oscillator_vowels.results import RECOGNISERS, Recognised

OF = ["solitons/campaigns/oscillators/oscillator_vowels/judgement.py"]


def judged(low=0.8, right=80, agreed=1.0, currents=((3.0, 5.0), (3.0, 6.0)), **gains):
    recognised = [
        Recognised(
            name=name,
            share=0.85,
            ci95=(low, 0.9),
            behind=gains.get(name, 0.01) + 0.02,
            behind_ci95=(gains.get(name, 0.01), gains.get(name, 0.01) + 0.04),
            any_pattern=None,
        )
        for name in RECOGNISERS
    ]
    vowels = about_vowels(["ae", "iy"], [[90, 5, 5], [0, right, 100 - right]])
    return [*about_recognition(recognised, 7), *vowels, *about_training(agreed, currents, (2.0, 8.0))]


@both_ways(
    Limit("not_above_chance", "failed", {"low": 0.142}, {"low": 0.144}),
    Limit("no_gain_over_linear", "limited", {"linear": -0.001}, {"linear": 0.001}),
    Limit("coupling_does_not_help", "limited", {"coupling_off": -0.001}, {"coupling_off": 0.001}),
    Limit("training_does_not_help", "limited", {"tuning_off": 0.0}, {"tuning_off": 0.001}),
    Limit("vowels_not_learned", "limited", {"right": 49}, {"right": 50}),
    Limit("patterns_ambiguous", "limited", {"agreed": 0.89}, {"agreed": 0.91}),
    Limit("currents_at_limits", "limited", {"currents": ((3.0, 8.0),)}, {"currents": ((3.0, 7.9),)}),
    Limit("currents_at_limits", "limited", {"currents": ((2.0, 5.0),)}, {"currents": ((2.1, 5.0),)}),
)
def test_each_limit_is_crossed(limit):
    crosses(judged, limit)


def test_what_passes_everything_is_given_no_reason():
    assert judged() == []


def test_a_sentence_tells_worse_from_no_better():
    worse = {each.code: each.sentence for each in judged(linear=-0.05, coupling_off=-0.01)}
    assert (
        "do worse than a linear classifier on the same formants (85.0%; difference -5.0 to -1.0"
        in worse["no_gain_over_linear"]
    )
    assert "are not shown to do better than oscillators that are not coupled" in worse["coupling_does_not_help"]
