"""A stripe's levels: the wells that its pulses reach, and how often heat has a wall in another."""

import dataclasses
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from solitons.campaigns.domain_walls.dw_synapse import levels
from solitons.campaigns.domain_walls.dw_synapse.heat_results import WrongPlace
from solitons.campaigns.domain_walls.dw_synapse.levels import wells_reached, why_no_levels
from solitons.campaigns.domain_walls.dw_synapse.results import SynapseResults
from solitons.campaigns.framework.report_template import fill_in
from solitons.devices import Junction
from solitons.devices.level_count import LevelCount, levels_in_wells
from solitons.devices.places import Passage, Place
from solitons.domain_walls import DomainWallSynapse, PeriodicPinning, WallDynamics
from solitons.energy import EnergyLedger

NM = 1e-9
PERIOD = 30 * NM


def well(place, barrier=8e-20, **keys):
    left, right = (Passage(0, place + side * PERIOD / 2, barrier, drive=side * 1e12) for side in (-1, 1))
    return Place(**({"position": place, "left": left, "right": right} | keys))


PLACES = [well(60 * NM + number * PERIOD) for number in range(5)]
PLACES[0] = well(60 * NM, left=None)


def runs(*rests):
    return [SimpleNamespace(positions_at_rest=np.array(each)) for each in rests]


def results(**given):
    empty = {
        "verdict": "trusted",
        "reasons": [],
        "held_out": ["a"],
        "wall_position_error": 1e-3,
        "training_error": 1e-3,
    }
    speeds = {"length": 324e-9, "parameters": [], "speedup": 1.0, "engine_speed": 1.0, "reduced_speed": 1.0}
    return SynapseResults(
        **(empty | speeds | {"energy": EnergyLedger(), "places": PLACES, "place_pulse": 0.2e-9} | given)
    )


def levels_in_words(found):
    return fill_in(Path(levels.__file__).with_suffix(".md"), {"results": found}, {})


def test_the_levels_of_a_device_with_sites_are_the_wells_that_pulses_reach():
    # One run goes up two wells, one stays; where in its well a wall rests does not matter, nor does one that has left.
    seen = runs([60 * NM, 91 * NM, 117 * NM], [62 * NM, 60 * NM, 61 * NM], [40 * NM, np.nan, np.nan])
    assert np.allclose(wells_reached(PLACES, seen), [60 * NM, 90 * NM, 120 * NM], atol=0)
    assert wells_reached(PLACES, runs([300 * NM, np.nan])) == [], "beyond the last hill is no well"


def test_where_most_walls_rest_in_no_well_levels_are_not_wells():
    # One notch in a smooth stripe; walls rest on both sides of it.
    notch = well(200 * NM)
    assert wells_reached([notch], runs(np.array([60, 100, 140, 200, 260, 300, 340]) * NM)) == []
    assert wells_reached([notch], runs(np.array([190, 200, 210, 260, np.nan, np.nan, np.nan]) * NM)) == [200 * NM]


def test_each_reason_to_give_no_levels_is_true():
    assert why_no_levels(0.0, [], 0.0) == why_no_levels(np.nan, [], 0.0) == "no pulse moves the wall under the junction"
    assert "in one well" in why_no_levels(20 * NM, [200 * NM], 0.0)
    assert "heat drives the model's walls out" in why_no_levels(20 * NM, [200 * NM], np.inf), "a network says the same"
    assert why_no_levels(200 * NM, [], 1 * NM) == why_no_levels(20 * NM, [60 * NM, 90 * NM], 1 * NM) == ""


def test_wells_beyond_one_end_of_the_junction_have_one_conductance():
    places = [each.position for each in PLACES]
    assert levels_in_wells(places, (0.0, 324 * NM)) == 5
    assert levels_in_wells(places, (100 * NM, 170 * NM)) == 4
    assert levels_in_wells(places, (65 * NM, 70 * NM)) == 2


def test_headline_and_report_state_wells_and_the_chance_of_the_wrong_one():
    places = [each.position for each in PLACES]
    wrong = WrongPlace(
        temperature=300.0,
        pulses=400,
        wrong=2,
        ci95=(0.0006, 0.0179),
        walls=8000,
        walls_wrong=16,
        model_ci95=(0.001, 0.003),
        chance=0.4,
    )
    found = results(levels=5, level_wells=places, wrong_places=[wrong])
    (line,) = (each for each in found.headlines() if each.name == "conductance levels")
    assert line.value == "5"
    assert line.detail == "of 5 places; over 19 kT at 300 K; wrong at 300 K: 0.1% to 1.8% of pulses"
    assert "σ" not in line.detail, "how far apart wells are has no part in it"
    words = levels_in_words(found)
    assert "5 levels: the places that the pulses of the runs reach, of 5 that hold the wall; 19 kT or more" in words
    assert "how long each lasts at 300 K: not known" in words
    assert "0.50% of single pulses end in a wrong place at 300 K (95 %: " in words
    assert "Of the model's walls at 300 K 0.2% end in a wrong place." in words
    assert "not tried with heat" in levels_in_words(results(levels=5, level_wells=places))


def test_barriers_of_a_straight_wall_are_stated_as_upper_limits():
    places = [
        dataclasses.replace(each, left=each.left and dataclasses.replace(each.left, at_most=True)) for each in PLACES
    ]
    found = results(levels=5, level_wells=[each.position for each in places], places=places)
    (line,) = (each for each in found.headlines() if each.name == "conductance levels")
    assert line.detail == "of 5 places; at most 19 kT at 300 K, how long unknown; heat not tried"
    assert "that hold the wall; at most 19 kT at 300 K; how long each lasts" in levels_in_words(found).replace(
        "\n", " "
    )


def test_the_place_that_lasts_shortest_stands_for_all_that_are_reached():
    places = [dataclasses.replace(each, lasts=4e8 * (1 + each.position), lasts_ci95=(4e7, 4e9)) for each in PLACES]
    brief = dataclasses.replace(well(60 * NM + 5 * PERIOD), lasts=1.0, lasts_ci95=(0.1, 10.0))
    found = results(levels=5, level_wells=[each.position for each in places], places=[*places, brief])
    assert found.lasts == "13 years or more (95 %: 1.3 years to 130 years)"
    (line,) = (each for each in found.headlines() if each.name == "conductance levels")
    assert line.detail == "of 6 places; each lasts over 13 years at 300 K; heat not tried"


def test_levels_that_stay_apart_without_heat_come_with_what_heat_would_do():
    count = LevelCount(61, (25, 98), 218e-9, 1.2e-9, 1.2e-9, 0.0)
    words = levels_in_words(results(levels=61, level_count=count, wander=28e-9))
    assert "Heat is not included: at 300 K it takes the wall of this smooth stripe 28 nm away within 1 ns" in words
    assert "Disorder from device to device is not included." in words
    warm = results(levels=61, level_count=dataclasses.replace(count, heat=1e-9, devices=2e-9))
    assert "300 K" not in levels_in_words(warm)
    assert "for heat at the highest temperature, and by 2 nm from device to device." in levels_in_words(warm)


def test_how_well_levels_hold_is_that_of_the_wells_that_are_reached():
    shallow = well(60 * NM + 5 * PERIOD, barrier=2.5e-20)
    places = [each.position for each in PLACES]
    missed = results(levels=5, level_wells=places, places=[*PLACES, shallow])
    assert round(missed.least_barrier) == 19
    reached = results(levels=6, level_wells=[*places, shallow.position], places=[*PLACES, shallow])
    assert round(reached.least_barrier) == 6


def test_a_model_of_a_stripe_knows_its_wells():
    held = PeriodicPinning(strength=2e4, period=30 * NM, site=60 * NM)
    keys = {"alpha": 0.1, "width": 6e-9, "hard_axis_field": 2e4, "polarity": -1, "moment_per_length": 7e-11}
    junction = Junction(left=50 * NM, right=200 * NM, parallel=5e-4, antiparallel=1e-4)
    wall = WallDynamics(pinning=held, **keys)
    synapse = DomainWallSynapse(wall=wall, junction=junction, left=45 * NM, right=195 * NM)
    assert np.allclose(synapse.wells(), [60 * NM, 90 * NM, 120 * NM, 150 * NM, 180 * NM], atol=1 * NM)
    assert (
        not DomainWallSynapse(wall=WallDynamics(**keys), junction=junction, left=45 * NM, right=195 * NM).wells().size
    )
