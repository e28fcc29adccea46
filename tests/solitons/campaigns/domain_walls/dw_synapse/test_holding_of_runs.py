from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr
from rows import rows

from geometries import Notch, Stripe
from runs import PiecewiseLinear
from solitons.campaigns.domain_walls.dw_synapse.holding_of_runs import (
    about_depinning,
    about_overshoot,
    about_ringing,
    ends_of,
)
from solitons.campaigns.domain_walls.dw_synapse.judgement import about_notches
from solitons.devices.places import Passage, Place
from solitons.domain_walls import PeriodicPinning, WallDynamics
from solitons.domain_walls.depinning import depinning_pulse

WIDTH, CELL = 0.3e-9, 4e-9
PLACES = (200e-9, 400e-9)


def place(position, left, right, reach=100e-9):
    return Place(
        position, *(Passage(0, position + side * reach, 8e-20, drive=drive) for side, drive in ((-1, left), (1, right)))
    )


HOLDING = [place(each, -0.4e12, 0.4e12) for each in PLACES]


def observed(*pulses, width=WIDTH, start=PLACES[0], ringing=0.0):
    """A run of pulses (amplitude, where the wall rests after it)."""
    count, period = len(pulses), 2e-9
    begin = period * np.arange(count)
    time = np.linspace(0, count * period, 40 * count + 1)
    rests = np.array([start, *(rest for _, rest in pulses)])
    position = rests[np.minimum(np.ceil(time / period - 1e-9).astype(int), count)]
    position = position + ringing * np.sin(2 * np.pi * time / 0.4e-9)
    found = xr.Dataset(
        {
            "start": ("pulse", begin),
            "end": ("pulse", begin + width),
            "rest_end": ("pulse", begin + period),
            "amplitude": ("pulse", [each for each, _ in pulses]),
        }
    )
    return SimpleNamespace(
        point="0.5 A/m2",
        positions_at_rest=rests,
        pulses=found,
        widths=np.array([8e-9]),
        trajectory=SimpleNamespace(time=time, position=position),
    )


def as_predicted(observation, pulse, place):
    """Where a wall ends that every pulse of more than 0.4 TA/m2 takes one well on."""
    amplitude = float(observation.pulses["amplitude"][pulse])
    return place + 200e-9 * np.sign(amplitude) * (abs(amplitude) > 0.4e12)


def test_a_stronger_pulse_that_leaves_the_wall_contradicts():
    (reason,) = about_depinning(
        HOLDING, WIDTH, [observed((0.3e12, PLACES[0]), (0.5e12, PLACES[0] + 10e-9))], CELL, as_predicted
    )
    assert reason.code == "depinning_off"
    assert "At 200 nm micromagnetics holds the wall against a pulse of 0.5 × 10¹² A/m² and 300 ps" in reason.sentence
    assert "where 0.4 × 10¹² A/m² is predicted" in reason.sentence
    assert "too weakly" in reason.sentence


def test_a_weaker_first_pulse_that_frees_the_wall_contradicts():
    (reason,) = about_depinning(HOLDING, WIDTH, [observed((-0.3e12, 90e-9))], CELL, as_predicted)
    assert "micromagnetics frees the wall by a pulse of 0.3 × 10¹² A/m²" in reason.sentence
    assert "too strongly" in reason.sentence
    # A later one too, where the wall was at rest before it.
    later = observed((0.1e12, PLACES[0]), (0.3e12, PLACES[1]))
    assert list(about_depinning(HOLDING, WIDTH, [later], CELL, as_predicted))


def test_a_wall_that_a_pulse_moves_far_within_its_well_is_held():
    (reason,) = about_depinning(HOLDING, WIDTH, [observed((0.5e12, PLACES[0] + 60e-9))], CELL, as_predicted)
    assert "holds the wall against" in reason.sentence


@rows(
    "run",
    [
        observed((0.3e12, PLACES[0]), (0.5e12, PLACES[1]), (0.5e12, 500e-9)),  # as predicted
        observed((0.41e12, PLACES[0])),  # within the margin
        observed((0.5e12, PLACES[0]), width=0.2e-9),  # shorter than the prediction's
        observed((0.1e12, PLACES[0]), (0.3e12, PLACES[1]), ringing=20e-9),  # a later pulse meets a wall that moves
        observed((0.5e12, PLACES[0]), (0.5e12, PLACES[1]), ringing=20e-9),  # over the hill, but slowly
        observed((0.5e12, 300e-9), start=300e-9),  # in no place
        observed((0.0, PLACES[0])),
        observed((0.5e12, np.nan), start=np.nan),
    ],
)
def test_what_does_not_contradict_is_no_reason(run):
    assert list(about_depinning(HOLDING, WIDTH, [run], CELL, as_predicted)) == []


def test_a_direction_that_no_current_frees_predicts_nothing():
    one_way, run = place(200e-9, None, 0.4e12), observed((-0.9e12, PLACES[0]))
    assert list(about_depinning([one_way], WIDTH, [run], CELL, as_predicted)) == []
    assert list(about_depinning([], WIDTH, [observed((0.9e12, PLACES[0]))], CELL, as_predicted)) == []


@pytest.mark.slow
def test_a_pulse_after_which_the_models_wall_comes_back_too_is_no_reason():
    # This wall is free after 1.51 TA/m2 and back in its well after 1.32 times as much.
    keys = {"alpha": 0.1, "width": 6e-9, "hard_axis_field": 2e4, "polarity": -1, "drift_per_current": -5.4e-11}
    wall = WallDynamics(pinning=PeriodicPinning(strength=8e3, period=50e-9, site=100e-9), **keys)
    weakest = depinning_pulse(wall, 100e-9, 1.57, hill=125e-9, width=WIDTH, rise=0.0, period=5e-9, largest=2e13).current
    held = place(100e-9, None, weakest, reach=25e-9)

    def seen(amplitude, end):
        # Of a run whose second pulse it is.
        run = observed((0.0, 100e-9), (amplitude, end), start=100e-9)
        begin = np.array([0.0, 5e-9])
        edges = {"start": begin, "end": begin + WIDTH, "rest_end": begin + 5e-9}
        run.pulses = run.pulses.assign({name: ("pulse", values) for name, values in edges.items()})
        run.trajectory.time = 2.5 * run.trajectory.time
        times = (0.0, 5e-9, 5e-9, 5e-9 + WIDTH, 5e-9 + WIDTH)
        run.trajectory.current_density = PiecewiseLinear(times, (0.0, 0.0, amplitude, amplitude, 0.0))
        run.trajectory.field = None
        return run

    ends = ends_of(wall, 1.57)
    assert abs(ends(seen(1.32 * weakest, 100e-9), 1, 100e-9) - 100e-9) < 25e-9
    assert ends(seen(1.1 * weakest, 100e-9), 1, 100e-9) > 125e-9
    assert list(about_depinning([held], WIDTH, [seen(1.32 * weakest, 100e-9)], CELL, ends)) == []
    (reason,) = about_depinning([held], WIDTH, [seen(1.32 * weakest, 100e-9), seen(1.1 * weakest, 100e-9)], CELL, ends)
    assert "micromagnetics holds the wall against a pulse of 1.66 × 10¹² A/m²" in reason.sentence


def test_a_wall_that_rings_at_the_end_of_its_rest_is_told():
    (reason,) = about_ringing([observed((0.3e12, PLACES[0])), observed((0.3e12, PLACES[0]), ringing=20e-9)], 4e-9)
    assert reason.code == "not_at_rest"
    assert "by up to 40 nm" in reason.sentence
    assert about_ringing([observed((0.3e12, PLACES[0]), ringing=1e-9)], 4e-9) == []
    assert about_ringing([], 4e-9) == []


def test_a_notch_that_cells_make_flatter_is_told():
    def notched(depth):
        return Stripe(
            length="400 nm",
            width="80 nm",
            thickness="1 nm",
            cell=("4 nm", "4 nm", "1 nm"),
            notches=(Notch(position="200 nm", depth=depth, width="40 nm"),),
        )

    (reason,) = about_notches(notched("10 nm"))
    assert reason.code == "notch_in_cells"
    assert "takes 20 nm of the width as it is drawn, and 16 nm in cells of 4 nm" in reason.sentence
    assert list(about_notches(notched("8 nm"))) == []


def test_pulses_of_which_each_goes_too_far_are_named():
    row = [place(at, -0.4e12, 0.4e12, reach=50e-9) for at in (100e-9, 200e-9, 300e-9)]
    too_far = observed((1e12, 300e-9), (-1e12, 100e-9), (0.1e12, 100e-9), start=100e-9)
    (reason,) = about_overshoot(row, [too_far])
    assert (reason.code, reason.weight) == ("overshoots", "limited")
    assert "over 2 places or more at once" in reason.sentence
    by_one = observed((0.5e12, 200e-9), start=100e-9)
    assert list(about_overshoot(row, [too_far, by_one])) == []
    # Out of all places, and nowhere.
    assert list(about_overshoot(row, [observed((1e12, 500e-9), (1e12, np.nan), start=100e-9)])) == []
    assert list(about_overshoot(row, [observed((0.1e12, 100e-9), start=100e-9)])) == []
