"""Single pulses with heat: which runs there are, where walls arrive, and when runs and model disagree."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from runs import RunSpec
from solitons import load_campaign
from solitons.campaigns.domain_walls.dw_synapse.arrivals import about_arrivals, arrivals_of, pulse_runs, wrong_places
from solitons.campaigns.domain_walls.dw_synapse.heat_results import Arrival
from solitons.campaigns.domain_walls.dw_synapse.places import _rightwards
from solitons.campaigns.domain_walls.dw_synapse.settings import HeatSettings
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.devices.places import Passage, Place
from solitons.domain_walls import PeriodicPinning
from solitons.domain_walls.runs import wall_of

NM = 1e-9
CAMPAIGN = load_campaign("dw-demo")
BASE = RunSpec.model_validate(CAMPAIGN.base | {"engine": "native"})


def place(number, **drives):
    def way(side):
        other = number + side
        if not 0 <= other < 5:
            return None
        return Passage(other, (46 + 44 * number + 22 * side) * NM, 2e-19, drive=side * 0.9e12)

    return Place((46 + 44 * number) * NM, way(-1), way(1))


PLACES = [place(number) for number in range(5)]


def arrival(right, arrived, expected, temperature=300.0):
    steps = {"conductance": 1e-4, "step": 1e-5, "spread": 1e-7, "model_step": 1e-5, "model_spread": 1e-7}
    return Arrival(
        temperature=temperature, place=right - 1, sign=1, right=right, arrived=arrived, expected=expected, **steps
    )


def test_every_place_gets_pulses_to_each_of_its_neighbours():
    settings = HeatSettings(temperatures=[300, 400], single_pulses=100, time_step="0.2 ps")
    found = pulse_runs(BASE, PLACES, -1, settings)
    roles = [(run.role.temperature, run.role.place, run.role.sign) for run in found]
    assert len(roles) == 16
    # Currents below 0 go to the right here, and from an outermost place there is one way.
    assert roles[:4] == [(300.0, 0, -1), (300.0, 1, -1), (300.0, 1, 1), (300.0, 2, -1)]
    assert {run.spec.ensemble.members for run in found} == {13}, "100 over eight ways, and no fewer"
    one = found[1].spec
    assert one.device.walls[0].position == PLACES[1].position
    assert one.device.readout_window == BASE.device.readout_window
    assert one.numerics.thermal_time_step == 2e-13
    assert np.allclose(one.in_time.pulse_edges(), [(1e-9, 1.3e-9)], atol=0)
    assert min(one.in_time.current_density.values) == -1.2e12
    assert one.protocol.frames().values.tolist() == [0.0, 1e-9, 2e-9], "before the pulse, and after its rest"
    assert len({run.spec.protocol.seed for run in found[:8]}) == 8


@pytest.mark.parametrize("unable", [{"rightwards": 0}, {"places": PLACES[:1]}, {"single_pulses": 0}])
def test_there_are_no_single_pulses_without_neighbours_or_a_direction(unable):
    given = {"rightwards": 1, "places": PLACES, "single_pulses": 10} | unable
    settings = HeatSettings(temperatures=[300], single_pulses=given["single_pulses"])
    assert pulse_runs(BASE, given["places"], given["rightwards"], settings) == []
    reasons = list(about_arrivals([], settings))
    assert [each.code for each in reasons] == ["no_single_pulses"] * bool(given["single_pulses"])


def test_the_run_whose_first_pulse_moves_the_wall_most_shows_its_direction():
    def run(*moments):
        m = np.zeros((len(moments), 4, 1, 1, 3))
        m[..., 2] = np.reshape(moments, (-1, 1, 1, 1))
        t = np.arange(len(moments)) * 1e-9
        return xr.Dataset({"m": (("t", "x", "y", "z", "vdims"), m)}, {"t": t, "vdims": ["x", "y", "z"]})

    first = BASE.device.first_domain
    turned = RunSpec.model_validate(
        BASE.model_dump()
        | {"protocol": BASE.protocol.model_dump() | {"steps": BASE.protocol.model_dump()["steps"][2:]}}
    )
    assert _rightwards([(BASE, run(0.0, 0.01 * first)), (BASE, run(0.0, 0.3 * first))], PLACES) == 1
    assert _rightwards([(BASE, run(0.0, -0.2 * first))], PLACES) == -1
    assert _rightwards([(turned, run(0.0, 0.2 * first))], PLACES) == -1, "negative pulses moved it to the right"
    assert _rightwards([(BASE, run(0.5, 0.5 + 0.15 * first))], PLACES) == 0, "20 nm are not half of 44 nm"
    assert _rightwards([(BASE, run(0.0, 0.3 * first))], PLACES[:1]) == 0


def model(strength):
    wall = replace(wall_of(BASE, -1, 6e-9), pinning=PeriodicPinning(strength=strength, period=44 * NM, site=46 * NM))
    fit, runs = SimpleNamespace(dynamics=wall, start_angle=0.0), SimpleNamespace(labelled=())
    settings = HeatSettings(temperatures=[300], walls=400)
    return arrivals_of(fit, runs, BASE, PLACES, JunctionReadOut(resistance_area=1e-11, tmr=1.5), settings)


def test_model_walls_arrive_in_the_next_place_and_in_none_but_theirs_over_higher_hills():
    found = model(5e4)
    assert len(found) == 8
    assert all(each.right == each.place + each.sign for each in found)
    assert all(each.expected[each.right] > 395 for each in found)
    assert all(each.step is None and each.arrived == {} for each in found)
    held = model(2.5e5)
    assert all(each.right == each.place and each.expected == {each.place: 400} for each in held)
    (wrong,) = wrong_places(held)
    assert (wrong.pulses, wrong.ci95, wrong.chance) == (0, None, None)
    assert (wrong.walls, wrong.walls_wrong) == (3200, 0)
    assert str(wrong) == (
        "0.00% of single pulses end in a wrong place at 300 K (95 %: 0.00% to 0.12%, 3,200 of the model's walls)"
    )


def test_wrong_places_are_counted_at_each_temperature():
    found = wrong_places(
        [
            arrival(1, {1: 13}, {1: 1000}),
            arrival(2, {1: 2, 2: 10, -1: 1}, {2: 900, 3: 100}),
            arrival(2, {2: 4}, {2: 10}, temperature=400.0),
        ]
    )
    assert [(each.temperature, each.pulses, each.wrong, each.walls, each.walls_wrong) for each in found] == [
        (300.0, 26, 3, 2000, 100),
        (400.0, 4, 0, 10, 0),
    ]
    low, high = found[0].ci95
    assert 0.02 < low < 3 / 26 < high < 0.31


def test_where_the_model_loses_its_wall_no_pulse_is_right():
    (found,) = wrong_places([arrival(-1, {-1: 13}, {-1: 100})])
    assert (found.wrong, found.walls_wrong) == (13, 100)


def test_390_right_pulses_show_less_than_a_per_cent():
    (found,) = wrong_places([arrival(number, {number: 13}, {number: 1000}) for number in range(1, 31)])
    assert found.ci95[0] == 0
    assert found.ci95[1] < 0.01
    assert found.chance == 1.0


@pytest.mark.parametrize(("runs", "walls"), [(12, 1000), (200, 50)])
def test_a_right_model_is_rarely_called_wrong(runs, walls):
    rng, called, sets = np.random.default_rng(1), 0, 100
    for _ in range(sets):
        drawn = [
            arrival(
                2,
                *(dict(zip((1, 2, 3), rng.multinomial(n, share).tolist(), strict=True)) for n in (runs, walls)),
            )
            for share in rng.dirichlet([0.3, 6.0, 0.3], size=6)
        ]
        (found,) = wrong_places(drawn)
        called += found.chance < 0.05
    assert called / sets < 0.1


def test_a_wrong_model_is_called_wrong():
    settings = HeatSettings(temperatures=[300], single_pulses=78)
    (wrong,) = wrong_places([arrival(2, {1: 3, 2: 10}, {2: 1000})] + [arrival(2, {2: 13}, {2: 1000})] * 5)
    (reason,) = about_arrivals([wrong], settings)
    assert (reason.code, reason.weight) == ("arrivals_disagree", "limited")
    assert "3.8% of 78 single pulses end in a wrong place, and 0.0% of the model's" in reason.sentence
    (lonely,) = wrong_places([arrival(2, {1: 1, 2: 12}, {2: 1000})] + [arrival(2, {2: 13}, {2: 1000})] * 29)
    assert not list(about_arrivals([lonely], settings)), "one of 390 is no more than a rare event of the model"


def test_single_pulses_of_trains_that_differ_are_refused():
    base, heat = CAMPAIGN.base, HeatSettings(temperatures=[300], single_pulses=20)
    relax, up, down = base["protocol"]["steps"]
    unlike = base | {"protocol": base["protocol"] | {"steps": [relax, up, down | {"width": "0.4 ns"}]}}
    with pytest.raises(ValueError, match=r"heat\.single_pulses = 20, but the trains .* have pulses of 2 kinds"):
        CAMPAIGN.model_copy(update={"base": unlike, "heat": heat}).check()


def test_single_pulses_of_a_stripe_that_holds_nothing_are_refused():
    heat = HeatSettings(temperatures=[300], single_pulses=20)
    with pytest.raises(
        ValueError, match=r"heat\.single_pulses = 20, but nothing in base\.device holds the wall in places"
    ):
        load_campaign("dw-smooth").model_copy(update={"heat": heat}).check()
