"""Conductances that do not last are named, with how far the wall goes on and for how long."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from solitons.campaigns.dw_synapse.judgement import about_rest, about_start, left_alone
from solitons.campaigns.kinds import load_campaign
from solitons.devices import Rested
from solitons.walls import WallFit, wall_from_material
from solitons.walls.fitted_devices import neuron_of, synapse_of
from solitons.walls.trajectory import Trajectory

CELL = 4e-9


@pytest.fixture(scope="module")
def campaign():
    return load_campaign("dw-synapse")


def observed(campaign, turned):
    """Runs of the shipped stripe in which the angle is off its easy direction by so much at each rest."""
    spec = campaign.labelled_runs("native")[0].spec
    wave = spec.in_time.current_density
    time = spec.in_time.sample_times
    run = Trajectory("run", time, np.full(time.size, 150e-9), wave, length=384e-9, angle=np.full(time.size, turned))
    return SimpleNamespace(spec=spec, trajectory=run)


def fit_of(campaign):
    spec = campaign.labelled_runs("native")[0].spec
    wall = wall_from_material(spec.material, polarity=-1, thickness=1e-9, stripe_width=32e-9, width=6e-9)
    wall = replace(wall, hard_axis_field=-5e3)
    return WallFit(wall, (), np.zeros((0, 0)), 0.0, {}, training_error=1e-9, length=384e-9, tilts={})


def synapse(campaign):
    return synapse_of(fit_of(campaign), campaign.labelled_runs("native")[0].spec.device, campaign.extract)


def test_a_wall_whose_angle_is_turned_at_each_rest_is_not_at_rest(campaign):
    each = observed(campaign, turned=0.8)
    (reason,) = about_rest(left_alone(synapse(campaign), [each]), [each], CELL)
    assert (reason.code, reason.weight) == ("not_at_rest", "limited")
    # 0.8 rad x 6 nm / 0.1, from the end of a rest of 1 ns - 0.2 ns.
    assert "rest of 800 ps" in reason.sentence
    assert "by up to 48 nm (48 nm or more after half of the pulses) within" in reason.sentence
    assert "do not last" in reason.sentence


def test_a_wall_that_stands_along_its_easy_direction_is_at_rest(campaign):
    each = observed(campaign, turned=0.01)
    assert about_rest(left_alone(synapse(campaign), [each]), [each], CELL) == []


def test_a_wall_that_was_pressed_into_an_end_is_at_rest_there(campaign):
    each = observed(campaign, turned=0.0)
    pressed = replace(each.trajectory, position=np.full(each.trajectory.time.size, 372e-9))
    each = SimpleNamespace(spec=each.spec, trajectory=pressed)
    assert about_rest(left_alone(synapse(campaign), [each]), [each], CELL) == []


def test_a_wall_that_goes_on_longer_than_it_was_followed(campaign):
    each = observed(campaign, turned=0.0)
    (reason,) = about_rest(Rested(None, np.array([1e-9, -9e-9]), np.array([0.0, np.inf])), [each], CELL)
    assert "by up to 9 nm (5 nm or more after half of the pulses) for more than 100 ns" in reason.sentence


def test_a_wall_that_relaxes_away_from_where_it_is_drawn_is_named(campaign):
    # In a thick film the domains' stray field takes the wall to the middle; the shipped one is drawn at 72 nm.
    each = observed(campaign, turned=0.0)
    (reason,) = about_start([each], 6e-9)
    assert (reason.code, reason.weight) == ("start_moved", "limited")
    assert "from 72 nm, where it is drawn, to 150 nm" in reason.sentence
    near = replace(each.trajectory, position=np.full(each.trajectory.time.size, 85e-9))
    assert about_start([SimpleNamespace(spec=each.spec, trajectory=near)], 6e-9) == []


def test_a_neuron_starts_where_the_runs_did(campaign):
    stripe, fit = campaign.labelled_runs("native")[0].spec.device, fit_of(campaign)
    assert float(neuron_of(fit, stripe).start) == stripe.walls[0].position
    assert float(neuron_of(replace(fit, start_position=200e-9), stripe).start) == 200e-9


def test_a_field_moves_a_wall_for_good(campaign):
    each = observed(campaign, turned=0.8)
    biased = SimpleNamespace(
        spec=SimpleNamespace(protocol=SimpleNamespace(static_field=(0.0, 0.0, 800.0))), trajectory=each.trajectory
    )
    assert about_rest(left_alone(synapse(campaign), [biased]), [each], CELL) == []
