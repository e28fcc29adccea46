"""Conductances that do not last are named, with how far the wall goes on and for how long.

The shipped wall comes to rest between its pulses. A Bloch wall under Zhang-Li torque with beta below alpha does not:
its angle turns back with a time constant of (1 + alpha^2) / (alpha gamma0 |H_K|), 9 ns here.
"""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from solitons.campaigns.domain_walls.dw_synapse.campaign import SynapseCampaign
from solitons.campaigns.domain_walls.dw_synapse.fitting import wander_of
from solitons.campaigns.domain_walls.dw_synapse.judgement import about_holding, about_rest, about_start, left_alone
from solitons.campaigns.domain_walls.dw_synapse.material_wall import considered_walls, start_of
from solitons.campaigns.framework.kinds import load_campaign
from solitons.devices.coming_to_rest import Rested
from solitons.domain_walls import follow_walls, wall_from_material
from solitons.domain_walls.fit import WallFit
from solitons.domain_walls.fitted_devices import neuron_of, synapse_of
from solitons.domain_walls.landscape import Landscape
from solitons.domain_walls.pinning import TabulatedPinning
from solitons.domain_walls.runs import wall_of
from solitons.domain_walls.trajectory import Trajectory
from solitons.fits.material_uncertainty import MaterialUncertainty

CELL = 4e-9


@pytest.fixture(scope="module")
def campaign():
    """A wall that nothing but a weak hard axis turns back."""
    train = {
        "do": "current pulses",
        "amplitude": 1e12,
        "width": "0.2 ns",
        "rise": "50 ps",
        "period": "1 ns",
        "count": 8,
    }
    return SynapseCampaign(
        name="restless",
        base={
            "material": {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "alpha": 0.1, "P": 0.6, "beta": 0.05},
            "device": {
                "kind": "stripe",
                "length": "384 nm",
                "width": "32 nm",
                "thickness": "1 nm",
                "cell": ["4 nm", "4 nm", "1 nm"],
                "walls": [{"position": "72 nm", "kind": "bloch"}],
                "pinned_ends": {"length": "24 nm", "field": "400 mT/mu0"},
                "readout_window": {"x": ["48 nm", "336 nm"]},
            },
            "protocol": {
                "sampling_interval": "50 ps",
                "steps": [{"do": "relax"}, train | {"polarity": "negative"}, train | {"polarity": "positive"}],
            },
        },
        sweep=[
            {
                "name": "amplitude",
                "unit": "A/m^2",
                "fields": ["protocol.steps.1.amplitude", "protocol.steps.2.amplitude"],
                "values": [0.6e12, 0.9e12],
            }
        ],
        extract={"resistance_area": "10 ohm*um^2", "tmr": 1.5},
        fit={"held_out": 1},
    )


def driven(campaign, angle):
    """Every run as the wall of its material's constants goes, from an angle in rad, and the synapse of that wall."""
    specs = [run.spec for run in campaign.labelled_runs("native")]
    wall = wall_of(specs[0], polarity=-1)
    runs = []
    for spec in specs:
        time, wave = spec.in_time.sample_times, spec.in_time.current_density
        path = follow_walls(wall, time, wave, position=[72e-9], angle=angle)
        run = Trajectory("run", time, path.position[0], wave, length=384e-9, angle=path.angle[0])
        runs.append(SimpleNamespace(spec=spec, trajectory=run))
    fit = WallFit(wall, (), np.zeros((0, 0)), 0.0, {}, training_error=1e-9, length=384e-9, tilts={})
    return synapse_of(fit, specs[0].device, campaign.extract), runs


@pytest.mark.slow
def test_the_wall_of_the_smooth_stripe_comes_to_rest_between_its_pulses():
    synapse, runs = driven(load_campaign("dw-smooth"), angle=[0.0])
    assert max(np.ptp(each.trajectory.position) for each in runs) > 40 * CELL
    rested, pushed = left_alone(synapse, runs), left_alone(synapse, runs, turned=False)
    assert list(about_rest(rested, runs, CELL, pushed)) == []
    assert np.abs(rested.moved - pushed.moved).max() < CELL / 10


@pytest.mark.slow
def test_the_report_states_how_far_heat_takes_a_wall_that_nothing_holds(campaign):
    chiral = load_campaign("dw-smooth")
    spec = chiral.labelled_runs("native")[0].spec
    wall, film = wall_of(spec, polarity=-1), spec.material
    fit = WallFit(wall, (), np.zeros((0, 0)), 0.0, {}, training_error=1e-9, length=400e-9, tilts={})
    mobility = 2.211e5 * float(wall.width) / film.alpha
    diffusion = 1.381e-23 * 300 * mobility / (2 * 4e-7 * np.pi * film.Ms * 32e-9 * 1e-9)
    assert wander_of(synapse_of(fit, spec.device, chiral.extract)) == pytest.approx(
        np.sqrt(2 * diffusion * 1e-9), rel=0.05
    )
    # Heat turns the angle of a wall without DMI, and the model does not know how far such a wall goes.
    assert wander_of(synapse(campaign)) is None


def test_a_wall_under_zhang_li_torque_that_a_weak_hard_axis_turns_back_does_not(campaign):
    synapse, runs = driven(campaign, angle=[np.pi / 2])
    rested = left_alone(synapse, runs)
    (reason,) = about_rest(rested, runs, CELL)
    assert (reason.code, reason.weight) == ("not_at_rest", "limited")
    assert np.abs(rested.moved).max() > 10 * CELL


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
    assert "more DMI" in reason.sentence  # a chiral wall has some, as a stranger's 200 nm wide stripe had


def test_a_wall_that_a_landscape_takes_on_is_not_said_to_be_turned(campaign):
    # A stranger's rough stripe (dw-rough with seed 11): its walls went on by 96 nm, to three places that hold them.
    each, rough = observed(campaign, turned=0.8), observed(load_campaign("dw-rough"), turned=0.8)
    alone, pushed = Rested(None, np.array([96e-9]), np.array([np.inf])), Rested(None, np.array([80e-9]), np.zeros(1))
    (reason,) = about_rest(alone, [rough], CELL, pushed)
    assert "the stripe pushes it on to a place that holds it" in reason.sentence
    assert "angle" not in reason.sentence
    # Without a landscape nothing but the angle does.
    still = left_alone(synapse(campaign), [each], turned=False)
    assert np.abs(still.moved).max() < CELL / 10
    (reason,) = about_rest(alone, [each], CELL, still)
    assert "because its angle turns back slowly" in reason.sentence


def test_a_wall_that_stands_along_its_easy_direction_is_at_rest(campaign):
    each = observed(campaign, turned=0.01)
    assert list(about_rest(left_alone(synapse(campaign), [each]), [each], CELL)) == []


def test_a_wall_that_was_pressed_into_an_end_is_at_rest_there(campaign):
    each = observed(campaign, turned=0.0)
    pressed = replace(each.trajectory, position=np.full(each.trajectory.time.size, 372e-9))
    each = SimpleNamespace(spec=each.spec, trajectory=pressed)
    assert list(about_rest(left_alone(synapse(campaign), [each]), [each], CELL)) == []


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
    assert "nothing holds it" in reason.sentence
    # In a rough stripe the edges take it to where they hold it.
    (reason,) = about_start([observed(load_campaign("dw-rough"), turned=0.0)], 6e-9)
    assert "to 150 nm, where what varies along the stripe holds it" in reason.sentence
    near = replace(each.trajectory, position=np.full(each.trajectory.time.size, 85e-9))
    assert list(about_start([SimpleNamespace(spec=each.spec, trajectory=near)], 6e-9)) == []


def test_a_neuron_starts_where_the_runs_did(campaign):
    stripe, fit = campaign.labelled_runs("native")[0].spec.device, fit_of(campaign)
    assert float(neuron_of(fit, stripe).start) == stripe.walls[0].position
    assert float(neuron_of(replace(fit, start_position=200e-9), stripe).start) == 200e-9


def test_a_field_moves_a_wall_for_good(campaign):
    each = observed(campaign, turned=0.8)
    biased = SimpleNamespace(
        spec=SimpleNamespace(protocol=SimpleNamespace(static_field=(0.0, 0.0, 800.0))), trajectory=each.trajectory
    )
    assert list(about_rest(left_alone(synapse(campaign), [biased]), [each], CELL)) == []


@pytest.mark.slow
def test_a_smooth_stripe_in_which_the_mesh_alone_holds_the_wall_is_named():
    campaign = load_campaign("dw-smooth")
    each = observed(campaign, turned=0.0)
    stripe = campaign.labelled_runs("native")[0].spec.device
    each = SimpleNamespace(
        spec=each.spec.model_copy(
            update={"device": stripe.model_copy(update={"grains": None, "edge_roughness": None})}
        ),
        trajectory=each.trajectory,
    )
    wall = wall_of(each.spec, polarity=-1)
    fit = WallFit(wall, (), np.zeros((0, 0)), 0.0, {}, training_error=1e-9, length=384e-9, tilts={})
    unheld = left_alone(synapse_of(fit, stripe, campaign.extract), [each], turned=False)
    (reason,) = about_holding(unheld, [each], CELL)
    assert (reason.code, reason.weight) == ("held_by_mesh", "limited")
    # gamma0 Delta F / alpha, F = Ms w t / 8 pi (1 / q^2 - 1 / (L - q)^2), from 150 nm of 384 nm.
    force, moved, at = 0.0, 0.0, 150e-9
    for _ in range(1000):
        force = 6e5 * 32e-18 / (8 * np.pi) * (1 / at**2 - 1 / (384e-9 - at) ** 2)
        step = 2.2128e5 * float(wall.width) / 0.3 * force * 1e-10
        at, moved = at + step, moved + step
    assert np.abs(unheld.moved).max() == pytest.approx(moved, rel=0.02)
    assert f"by up to {np.abs(unheld.moved).max() * 1e9:.2g} nm within 100 ns" in reason.sentence
    assert list(about_holding(None, [each], CELL)) == []


def test_the_stray_field_is_in_the_force_of_a_stripe_that_nobody_measured(campaign):
    spec = campaign.labelled_runs("native")[0].spec
    push = wall_of(spec, polarity=-1).pinning
    assert float(push.push(72e-9)) == pytest.approx(139.0, rel=0.01)  # and 139.3 A/m in cells of 2 nm, held
    assert float(push.push(120e-9)) == pytest.approx(42.0, rel=0.01)  # 42.0


def test_a_measured_landscape_takes_the_place_of_the_stray_field_which_it_holds(campaign):
    each = observed(campaign, turned=0.0)
    each.widths = np.array([6.6e-9])
    measured = Landscape(np.array([0.0, 1e-7]), np.zeros(2), 1e-9, TabulatedPinning(0.0, 1e-7, [0.0, 0.0]))
    assert start_of([each], measured).pinning is measured.pinning
    assert float(start_of([each], None).pinning.push(72e-9)) == pytest.approx(139.0, rel=0.01)


def test_what_is_derived_of_a_material_moves_with_its_constants_and_the_width_with_what_is_seen():
    each = observed(load_campaign("dw-smooth"), turned=0.0)
    each.widths = np.linspace(6.0e-9, 6.8e-9, 101)
    start, found = start_of([each], None), considered_walls([each], None, MaterialUncertainty())
    # The current flows in a heavy metal: P and beta are 0.
    assert set(found) == {"Ms", "A", "anisotropy_field", "D", "alpha", "gamma0", "spin_hall_angle", "width"}
    assert float(found["D"].upper.dmi_field / start.dmi_field) == pytest.approx(1.07)
    assert float(found["D"].upper.tilting.tension_field) != float(found["D"].lower.tilting.tension_field)
    # The width is seen: with another Ms it is the same, and with it H_K, H_D and the domains' push move.
    heavier = found["Ms"].upper
    assert float(heavier.width) == float(start.width)
    assert float(heavier.pinning.push(120e-9) / start.pinning.push(120e-9)) == pytest.approx(1.04, rel=1e-3)
    assert float(heavier.hard_axis_field / start.hard_axis_field) == pytest.approx(1.04)
    # Two thirds of the frames are within 0.27 nm.
    assert float(found["width"].upper.width - start.width) == pytest.approx(0.273e-9, rel=0.01)
    assert found["width"].upper.pinning is found["width"].lower.pinning
    measured = Landscape(np.array([0.0, 1e-7]), np.zeros(2), 1e-9, TabulatedPinning(0.0, 1e-7, [0.0, 0.0]))
    held = considered_walls([each], measured, MaterialUncertainty())
    assert all(one.pinning is measured.pinning for pair in held.values() for one in (pair.lower, pair.upper))
    assert considered_walls([each], None, MaterialUncertainty.model_validate(0)) == {}
