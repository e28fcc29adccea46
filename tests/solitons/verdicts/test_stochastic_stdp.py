"""What speaks against layers that learn by chance."""

from types import SimpleNamespace

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.junctions.stochastic_stdp.judgement import about_task, judge_learning
from solitons.campaigns.junctions.stochastic_stdp.results import Score
from solitons.campaigns.junctions.stochastic_stdp.trials import Trial
from solitons.fits.verdict import Reason, judge

OF = ["solitons/campaigns/junctions/stochastic_stdp/judgement.py"]


def trial(right=90, **changes):
    known = {
        "right": right,
        "total": 100,
        "alarms": 0,
        "unseen": 0.0,
        "named": 10,
        "parallel": 0.5,
        "written": 0.5,
        "energy": 1e-12,
        "pulses": 100,
        "constant": 0.2,
        "taught": None,
    }
    return Trial(**(known | changes))


def points(*scores):
    return [SimpleNamespace(current=1e10 * (1 + at), score=score) for at, score in enumerate(scores)]


def judged(*, name="cars", layers=None, gain=40, retention=1e3, lasts=1.0, chosen=1, low=0.8, **changes):
    """Layers that learn well; of two layers without learning one is better than the other, which makes an interval."""
    finals = layers or (trial(90), trial(90))
    untrained = tuple(trial(90 - gain + way) for way in (-1, 1))
    currents = points(0.8, 0.9, 0.8)
    known = {
        "final": Score(value=0.9, ci95=(low, 0.95)),
        "untrained_score": 0.5,
        "constant": 0.5,
        "alarms": (0.1, (0.0, 0.2)),
        "unseen": 0.0,
        "named_neurons": 10.0,
        "neurons": 10,
        "currents": currents,
        "written": 0.5,
        "parallel": 0.5,
        "chosen": SimpleNamespace(current=currents[chosen].current, chance=0.1, written=0.5, parallel=0.5),
    }
    results = SimpleNamespace(**(known | changes))
    return judge(
        about_task(name, SimpleNamespace(results=results, finals=finals, untrained=untrained), retention, lasts)
    )


def layers(**changes):
    return {"layers": (trial(**changes), trial(**changes))}


@both_ways(
    Limit("cars_silent", "failed", layers(unseen=1.0), layers(unseen=0.99)),
    Limit("cars_hardly_written", "failed", layers(written=0.049), layers(written=0.051)),
    Limit("cars_saturated", "failed", layers(parallel=0.981), layers(parallel=0.979)),
    Limit("cars_saturated", "failed", layers(parallel=0.019), layers(parallel=0.021)),
    # Gains of g - 1 and g + 1 per cent have a mean of g and a half interval of 12.7.
    Limit("cars_not_better_than_untrained", "failed", {"gain": 12}, {"gain": 13}),
    Limit("cars_not_better_than_a_constant", "failed", {"low": 0.5}, {"low": 0.51}),
    Limit("cars_many_alarms", "limited", {"alarms": (0.34, (0.3, 0.4))}, {"alarms": (0.33, (0.3, 0.4))}),
    Limit("cars_unseen", "limited", {"unseen": 0.051}, {"unseen": 0.049}),
    Limit(
        "digits_idle_neurons",
        "limited",
        {"name": "digits", "named_neurons": 4.9},
        {"name": "digits", "named_neurons": 5.0},
    ),
    Limit("cars_forgets", "limited", {"retention": 99.0}, {"retention": 101.0}),
    Limit("cars_weaker_untried", "limited", {"chosen": 0}, {"chosen": 1}),
    Limit("cars_stronger_untried", "limited", {"currents": points(0.8, 0.8, 0.9)}, {"currents": points(0.8, 0.9, 0.9)}),
)
def test_a_limit_of_a_task(limit):
    crosses(judged, limit)


def together(failed):
    bad = judge([Reason(code="cars_silent", weight="failed", sentence="No neuron fires.")])
    return judge_learning({name: bad if name in failed else judge([]) for name in ("cars", "digits")}, judge([]))


@both_ways(
    Limit("cars_failed", "limited", {"failed": ["cars"]}, {"failed": []}),
    Limit("cars_silent", "failed", {"failed": ["cars", "digits"]}, {"failed": ["cars"]}),
)
def test_a_limit_of_all_tasks(limit):
    crosses(together, limit)


def test_good_layers_are_trusted():
    assert judged().verdict == "trusted"
