"""The campaign of stochastic learning: small roads, few digits, settings that nothing was tuned for, refusals."""

import json

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from solitons.campaigns.framework.kinds import load_campaign
from solitons.campaigns.framework.workflow import campaign_folder, run_campaign
from solitons.campaigns.junctions.stochastic_stdp.campaign import StochasticLearningCampaign
from solitons.campaigns.junctions.stochastic_stdp.layers import cheapest_good
from solitons.campaigns.junctions.stochastic_stdp.results import LearningPoint, LearningResults
from solitons.campaigns.junctions.stochastic_stdp.trials import Junctions, run_trial
from solitons.networks.image_sets import split_images

SHIPPED = load_campaign("stochastic-stdp").model_dump(mode="json")
ROAD = {"lanes": 3, "pixels": 16, "arrivals": 0.2}


def campaign(**changes):
    """The shipped campaign with fewer layers and a small road, and what a test changes."""
    content = json.loads(json.dumps(SHIPPED))
    content |= {"name": "small", "seeds": 4, "digits": None}
    content["writing"] |= {"currents": [0.0199e12, 0.0245e12, 0.0367e12], "spreads": [], "junctions": []}
    content["cars"] |= {"road": ROAD, "learning": 300.0, "naming": 150.0, "counting": 150.0}
    content["cars"]["layer"] |= {"neurons": 10, "threshold": 14.0}
    for name, value in changes.items():
        content[name] = content[name] | value if isinstance(value, dict) and content[name] else value
    return StochasticLearningCampaign(**content)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    store = tmp_path_factory.mktemp("store")
    small = campaign(writing={"spreads": [0.3], "junctions": [2]})
    return small, store, run_campaign(small, store)


@pytest.mark.slow
def test_cars_are_learned_on_a_small_road(finished):
    results = finished[2].results
    assert isinstance(results, LearningResults)
    cars = results.cars
    assert cars is not None
    assert results.verdict in ("trusted", "limited")
    assert results.digits is None
    assert cars.final.value > 0.85
    assert cars.untrained_score < 0.6
    assert cars.final.ci95[0] <= cars.final.value <= cars.final.ci95[1]
    # Pulses that seldom switch leave layers that were never written; those that always do overwrite what was learned.
    weak, middle, strong = cars.currents
    assert weak.score < middle.score
    assert weak.chance < middle.chance < strong.chance
    assert weak.pulse_energy < middle.pulse_energy < strong.pulse_energy
    assert [point.spread for point in cars.spreads] == [0.3]
    assert [point.junctions for point in cars.junctions] == [2]
    # Twice as many junctions are twice as many pulses for each spike.
    assert 1.2 < cars.junctions[0].learning_energy / cars.chosen.learning_energy < 3


@pytest.mark.slow
def test_the_summary_and_the_table_hold_what_is_returned(finished):
    small, store, summary = finished
    folder = campaign_folder(small, "model", store)
    assert json.loads((folder / "summary.json").read_text()) == json.loads(summary.as_json())
    lines = (folder / "points.csv").read_text().splitlines()
    assert lines[0].startswith("task,compared,current,spread,junctions,chance,score")
    assert len(lines) == 1 + 3 + 1 + 1
    page = (folder / "report.html").read_text()
    assert page.count('<img src="data:image/') == 6


def test_the_ledger_has_what_the_pulses_cost(finished):
    _, _, summary = finished
    ledger, chosen = summary.results.energy, summary.results.cars.chosen
    assert ledger.joule("junction", "write pulse, cars") == chosen.pulse_energy
    assert ledger.joule("junction", "learning cars") == chosen.learning_energy
    assert 1e-15 < chosen.pulse_energy < 1e-12
    # A junction of 36 nm at 5 ohm um2, in the mean of its two states, under 0.1 V for 10 ns.
    parallel = np.pi * 18e-9**2 / 5e-12
    event = ledger.joule("junction", "synaptic event")
    assert event == pytest.approx(0.1**2 * parallel * (1 + 1 / 2.5) / 2 * 10e-9, rel=0.02)


@pytest.mark.slow
def test_a_road_that_nothing_was_tuned_for_is_learned_better_than_not_at_all(tmp_path):
    other = campaign(
        cars={"road": ROAD | {"lanes": 4, "crossing": 0.6, "noise": 0.15, "missed": 0.2, "pixels": 20}},
        writing={"currents": [0.0245e12]},
        seed=40,
    )
    results = run_campaign(other, tmp_path).results
    assert results.verdict != "failed"
    assert results.cars.final.value > results.cars.untrained.value


@pytest.mark.slow
def test_junctions_that_differ_by_half_still_learn_or_the_report_withholds(tmp_path):
    results = run_campaign(campaign(writing={"spread": 0.5, "currents": [0.0245e12]}, seed=50), tmp_path).results
    assert (results.cars is None) == (results.verdict == "failed")
    if results.cars is not None:
        assert results.cars.final.value > results.cars.untrained.value


def test_a_barrier_that_no_pulse_overcomes_is_refused_before_anything_is_written(tmp_path):
    high = campaign(material={"Ku": "800 kJ/m^3"}, writing={"currents": [0.0184e12, 0.0199e12]})
    with pytest.raises(ValueError, match=r"is 0\.3\d of the critical.*barrier of 7\d.*k T switches.*nothing can be"):
        run_campaign(high, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_junction_in_its_plane_is_refused_before_anything_is_written(tmp_path):
    flat = campaign(material={"Ku": 0.0}, device={"length": 80e-9, "width": 40e-9, "fixed_layer": [1.0, 0.0, 0.0]})
    with pytest.raises(ValueError, match=r"do not share one axis of symmetry: it magnetises in its plane"):
        run_campaign(flat, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_pillar_that_a_wall_reverses_is_refused_before_anything_is_written(tmp_path):
    wide = campaign(device={"length": 72e-9}, writing={"currents": [0.05e12]})
    with pytest.raises(
        ValueError, match=r"is that of one moment\. The pillar is 72 nm long and turns as a whole up to"
    ):
        run_campaign(wide, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_layer_that_never_fires_fails_and_its_numbers_are_withheld(tmp_path):
    deaf = campaign(writing={"currents": [0.0245e12]})
    deaf = StochasticLearningCampaign(
        **json.loads(deaf.model_dump_json()) | {"cars": deaf.cars.model_dump() | {"layer": {"threshold": 1e4}}}
    )
    summary = run_campaign(deaf, tmp_path)
    results = summary.results
    assert results.verdict == "failed"
    assert {reason.code for reason in results.reasons} >= {"cars_silent", "cars_not_better_than_untrained"}
    assert results.cars is None
    assert [each.value for each in results.headlines()] == ["–"]
    page = (campaign_folder(deaf, "model", tmp_path) / "report.html").read_text()
    assert "no neuron with a name fires" in page
    assert "cars detected" not in page


@pytest.mark.slow
def test_a_junction_that_heat_turns_while_it_learns_is_refused(tmp_path):
    low = campaign(material={"Ku": "630 kJ/m^3"}, writing={"currents": [0.0156e12]})
    with pytest.raises(
        ValueError, match=r"25\.\d k T keeps a junction's state for \d+(\.\d)? s .*cars are learned in 300 s"
    ):
        run_campaign(low, tmp_path)
    assert not list(tmp_path.iterdir())
    # Between the two it is said: 1 % of the junctions are turned by heat.
    middle = campaign(material={"Ku": "646 kJ/m^3"}, writing={"currents": [0.0184e12]})
    results = run_campaign(middle, tmp_path).results
    assert 300 < results.retention < 30_000
    assert "cars_forgets" in {reason.code for reason in results.reasons}


@pytest.mark.slow
def test_one_task_that_fails_leaves_the_other(tmp_path):
    digits = SHIPPED["digits"] | {"epochs": 1, "junctions": 1}
    digits["layer"] = digits["layer"] | {"threshold": 1e4}
    results = run_campaign(campaign(digits=digits, writing={"currents": [0.0245e12]}), tmp_path).results
    assert results.digits is None
    assert results.cars is not None
    assert results.verdict == "limited"
    assert results.reasons[0].code == "digits_failed"


def test_digits_are_learned_from_few_passes_and_chance_helps():
    task = StochasticLearningCampaign(**SHIPPED).digits.model_copy(update={"epochs": 2, "junctions": 4})
    pulse = StochasticLearningCampaign(**SHIPPED).pulse()
    scores = {}
    for share in (0.5, 0.85):
        junctions = Junctions.of(pulse, share * pulse.critical_current, 0.0, task.junctions)
        scores[share] = run_trial(task, junctions, 900)
    assert scores[0.85].score > 0.75
    assert scores[0.5].trouble == "hardly written"
    assert scores[0.5].score < scores[0.85].score - 0.2
    learning, held_out, names, right = split_images("digits", task.held_out, task.split_seed)
    assert (len(learning), len(held_out)) == (len(names), len(right)) == (1198, 599)
    assert scores[0.85].total == 599


def _point(current, score, low, energy):
    return LearningPoint(
        current=current, spread=0.0, junctions=1, chance=0.1, score=score, ci95=(low, 1.0), worst=score,
        pulse_energy=1.0, learning_energy=energy, written=1.0, parallel=0.5, trouble="",
    )  # fmt: skip


def test_the_cheapest_current_within_the_interval_of_the_best_is_chosen():
    points = [_point(1.0, 0.5, 0.4, 1.0), _point(2.0, 0.86, 0.8, 2.0), _point(3.0, 0.9, 0.85, 3.0)]
    assert cheapest_good(points).current == 2.0
    assert cheapest_good(points[::2]).current == 3.0


@rows(
    ("changes", "message"),
    [
        ({"cars": None}, "there is nothing to learn"),
        ({"writing": {"currents": [2e10, 1e10]}}, "write them from weak to strong"),
        ({"writing": {"width": 0}}, "width"),
        ({"cars": {"learning": "2 days"}}, "learning"),
        ({"cars": {"junctions": 64, "road": {"pixels": 256}, "layer": {"neurons": 10000}}}, "junctions"),
        ({"seeds": 1}, "seeds"),
    ],
)
def test_a_campaign_that_cannot_be_answered_is_refused(changes, message):
    with pytest.raises(ValidationError, match=message):
        campaign(**changes)
