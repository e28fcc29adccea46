"""A measured landscape: against pushes that are written down here, and its predictions against micromagnetics."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from rows import rows
from scipy import constants

from analysis import held_wall, walls
from geometries import Stripe
from runs import CurrentPulses, FieldSteps, Numerics, PiecewiseLinear, Protocol, RampTo, Relax, RunSpec, simulate
from solitons.devices.places import which_place
from solitons.domain_walls.depinning import depinning_pulse
from solitons.domain_walls.landscape import (
    Landscape,
    has_landscape,
    holding_specs,
    landscape_of,
    moment_along,
)
from solitons.domain_walls.pinning import NoPinning, PeriodicPinning, TabulatedPinning
from solitons.domain_walls.runs import wall_of
from solitons.domain_walls.simulation import follow_wall
from solitons.domain_walls.trajectory import trajectory_from
from solitons.domain_walls.wall_dynamics import WallDynamics

NM = 1e-9
MOMENT = 2.4e-11  # 600 kA/m, 40 nm x 1 nm


def measured(position, push, spacing=1 * NM):
    held_at = np.arange(position.size) * spacing
    values = {"position": position, "push": push, "held_at": held_at, "width": np.full(position.size, 6 * NM)}
    return xr.Dataset({name: ("step", each) for name, each in values.items()})


def push(q, strength=3e4, period=60 * NM):
    return -strength * np.sin(2 * np.pi * (q - 60 * NM) / period)


def test_a_landscape_is_what_both_directions_saw():
    q = np.arange(20.0, 220.0, 1.0) * NM
    found = landscape_of([measured(q, push(q)), measured(q[::-1], push(q[::-1]))])
    between = np.arange(20.3, 218.0, 0.7) * NM
    np.testing.assert_allclose(found.pinning.push(between), push(between), atol=0.01 * 3e4)
    assert found.widest_jump == pytest.approx(1 * NM)


def test_sites_hold_by_the_largest_push_and_the_energy_up_to_the_next_hill():
    q = np.arange(20.0, 220.0, 1.0) * NM
    places = landscape_of([measured(q, push(q))]).places(MOMENT)
    assert [each.position for each in places] == pytest.approx([60 * NM, 120 * NM, 180 * NM], abs=0.6 * NM)
    barrier = 2 * constants.mu_0 * MOMENT * 3e4 * 60 * NM / np.pi
    for way in (way for each in places for way in each.passages):
        assert way.field == pytest.approx(3e4, rel=0.01)
        assert way.barrier == pytest.approx(barrier, rel=0.01)
    assert [[way.to for way in each.passages] for each in places] == [[None, 1], [0, 2], [1, None]]
    # A tenth of it is 0.8 kT: nothing holds a wall at room temperature.
    assert landscape_of([measured(q, 0.1 * push(q))]).places(MOMENT) == []


def test_a_deeper_well_beside_it_does_not_raise_a_barrier():
    q = np.arange(20.0, 160.0, 1.0) * NM
    deep = np.where(q > 90 * NM, 3.0, 1.0) * push(q)
    shallow, _ = landscape_of([measured(q, deep)]).places(MOMENT)
    assert shallow.right.field == pytest.approx(3e4, rel=0.01)
    assert shallow.right.barrier == pytest.approx(2 * constants.mu_0 * MOMENT * 3e4 * 60 * NM / np.pi, rel=0.01)


def test_what_the_trap_jumps_over_is_joined_without_overshoot():
    q = np.concatenate([np.arange(40.0, 75.0), np.arange(88.0, 100.0)]) * NM
    found = landscape_of([measured(q, push(q))])
    assert found.widest_jump == pytest.approx(14 * NM)
    inside = np.asarray(found.pinning.push(np.linspace(75, 87, 13) * NM))
    assert (np.diff(inside) > 0).all()
    assert inside.min() >= push(75 * NM) - 1


@rows(("places", "count"), [([50.0, np.nan, 60.0, np.nan, 70.0], 3), ([50.0] * 20, 1)])
def test_too_few_places_are_refused(places, count):
    q = np.array(places) * NM
    with pytest.raises(ValueError, match=f"the wall was found at {count} places only"):
        landscape_of([measured(q, push(q))])


def test_a_landscape_that_rises_to_its_end_has_no_hill_there():
    q = np.arange(20.0, 100.0, 1.0) * NM
    (place,) = landscape_of([measured(q, -3e12 * (q - 60 * NM))]).places(MOMENT)
    assert place.passages == ()


def test_pinned_ends_go_on_with_their_bias_field():
    stripe = notched(pulse(1e12), length="160 nm", pinned_ends={"length": "30 nm", "field": 3e5}).device
    q = np.arange(34.0, 127.0, 1.0) * NM
    pinned = 3e5 / 2 * ((1 + np.tanh((30 * NM - q) / (6 * NM))) - (1 + np.tanh((q - 130 * NM) / (6 * NM))))
    found = landscape_of([measured(q, pinned)], stripe)
    inside = np.array([-20.0, 12.0, 24.0, 30.0, 130.0, 141.0, 180.0]) * NM
    closed = 3e5 / 2 * ((1 + np.tanh((30 * NM - inside) / (6 * NM))) - (1 + np.tanh((inside - 130 * NM) / (6 * NM))))
    np.testing.assert_allclose(found.pinning.push(inside), closed, atol=0.01 * 3e5)


def test_a_notch_turns_less_magnetisation():
    spec = notched(pulse(1e12))
    landscape = landscape_of([measured(np.arange(20.0, 101.0) * NM, np.zeros(81))])
    along = moment_along(spec.device, spec.material, landscape)
    assert along.max() == pytest.approx(6e5 * 40 * NM * 1 * NM, rel=0.01)
    # 28 nm of 40 nm are left in the notch's middle, averaged over a wall as wide as the notch.
    assert 0.7 < along.min() / along.max() < 0.9


@pytest.mark.slow
def test_a_slow_current_frees_at_the_static_threshold():
    # Strong DMI keeps phi = 0, so that the damping-like field pushes by (pi / 2) a.
    wall = WallDynamics(
        alpha=0.5,
        width=6 * NM,
        hard_axis_field=0.0,
        polarity=-1,
        damping_like_per_current=9e-8,
        dmi_field=1e6,
        pinning=PeriodicPinning(strength=3e4, period=60 * NM, site=60 * NM),
    )
    shape = {"width": 20e-9, "rise": 8e-9, "period": 22e-9, "largest": 1e13}
    right, left = (depinning_pulse(wall, 60 * NM, 0.0, hill=hill * NM, **shape).current for hill in (90, 30))
    assert abs(right) == pytest.approx(3e4 * 2 / np.pi / 9e-8, rel=0.01)
    assert left == pytest.approx(-right, rel=0.01)
    # The torque of a current does nothing to a wall that it does not act on; a field along z frees it by itself.
    unmoved = replace(wall, damping_like_per_current=0.0)
    assert depinning_pulse(unmoved, 60 * NM, 0.0, hill=90 * NM, **shape) is None
    upward = [PiecewiseLinear((0.0,), (each,)) for each in (0.0, 0.0, 2e4)]
    eased = depinning_pulse(wall, 60 * NM, 0.0, hill=90 * NM, field=upward, **shape)
    assert abs(eased.current) == pytest.approx(1e4 * 2 / np.pi / 9e-8, rel=0.03)


@pytest.mark.slow
def test_a_wall_that_moves_by_its_width_in_a_wide_well_is_not_free():
    # At the static threshold it passes the steepest place; at a fifth of it, it is two widths away, and comes back.
    held = PeriodicPinning(strength=3e4, period=400 * NM, site=200 * NM)
    keys = {"hard_axis_field": 0.0, "polarity": -1, "damping_like_per_current": 9e-8, "dmi_field": 1e6}
    wall = WallDynamics(alpha=0.5, width=6 * NM, pinning=held, **keys)
    shape = {"width": 40e-9, "rise": 8e-9, "period": 60e-9, "largest": 1e12}
    free = depinning_pulse(wall, 200 * NM, 0.0, hill=400 * NM, **shape)
    assert abs(free.current) == pytest.approx(3e4 * 2 / np.pi / 9e-8, rel=0.03)


def test_a_hill_is_where_the_energy_is_highest_or_where_a_level_landscape_begins():
    places = np.linspace(0.0, 400 * NM, 801)
    wells = -2e4 * np.sin(2 * np.pi * places / (100 * NM))
    held = Landscape(places, wells, 1e-9, TabulatedPinning(0.0, 400 * NM, wells)).places(2.4e-11)
    assert [round(each.position / NM) for each in held] == [100, 200, 300]
    assert held[1].left.border == pytest.approx(150 * NM, abs=NM)
    assert held[1].right.border == held[2].left.border == pytest.approx(250 * NM, abs=NM)
    # One notch in a level landscape: a wall has left where the notch ends, not at the end of the stripe.
    notch = np.where(
        np.abs(places - 200 * NM) < 50 * NM, -2e4 * np.sin(2 * np.pi * (places - 200 * NM) / (100 * NM)), 0
    )
    (place,) = Landscape(places, notch, 1e-9, TabulatedPinning(0.0, 400 * NM, notch)).places(2.4e-11)
    assert place.right.border == pytest.approx(245 * NM, abs=6 * NM)


@rows("scatter", [0.0, 1.0, 10.0])
def test_a_level_stretch_between_two_wells_is_in_neither(scatter):
    # The highest place on it is wherever rounding puts it; a push of 1 A/m is of 3e-5 of the largest.
    places = np.arange(0, 400 * NM, 2 * NM)
    energy = -1.2e-19 * sum(np.exp(-(((places - each) / (12 * NM)) ** 2)) for each in (80 * NM, 320 * NM))
    moment = 8e5 * 60 * NM * 2 * NM
    push = -np.gradient(energy, places) / (2 * constants.mu_0 * moment)
    push = push + np.random.default_rng(1).normal(0, scatter, places.size)
    held = Landscape(places, push, 2 * NM, TabulatedPinning(places[0], places[-1], push)).places(moment)
    edge = 12 * NM * np.sqrt(np.log(20))  # where a Gaussian is 5 % of its depth
    hills = [[way.border for way in each.passages] for each in held]
    expected = [[place - edge, place + edge] for place in (80 * NM, 320 * NM)]
    np.testing.assert_allclose(hills, expected, atol=3 * NM)
    assert which_place([80 * NM, 150 * NM, 250 * NM, 320 * NM, 370 * NM], held).tolist() == [0, -1, -1, 1, -1]


FILM = {"name": "Pt/Co", "Ms": 6e5, "A": 12e-12, "Ku": 5e5, "D": 0.5e-3, "easy_axis": (0, 0, 1), "alpha": 0.1}


def notched(protocol, *, position=60.0, **keys):
    stripe = Stripe(
        **{
            "length": "120 nm",
            "width": "40 nm",
            "thickness": "1 nm",
            "cell": ("4 nm", "4 nm", "1 nm"),
            "walls": [{"position": position * NM, "kind": "neel"}],
            "notches": [{"position": "60 nm", "depth": "6 nm", "width": "32 nm"}],
            "terminals": [{"kind": "heavy_metal", "name": "metal"}],
        }
        | keys
    )
    material = FILM | {"spin_hall_angle": 0.1}
    return RunSpec(device=stripe, material=material, protocol=protocol, numerics=Numerics(stopping_torque=1.0))


def pulse(amplitude):
    step = CurrentPulses(amplitude=amplitude, width=1.5e-9, rise=50e-12, period=2e-9, count=1, polarity="positive")
    return Protocol(steps=[Relax(), step], sampling_interval=1e-10)


def test_which_stripes_are_meant_to_hold_a_wall():
    assert has_landscape(notched(pulse(1e12)).device)
    assert not has_landscape(notched(pulse(1e12), notches=[]).device)
    assert has_landscape(notched(pulse(1e12), notches=[], taper={"ratio": 0.9}).device)
    assert has_landscape(notched(pulse(1e12), notches=[], grains={"size": "10 nm", "seed": 1}).device)


def test_the_runs_that_hold_a_wall_go_there_and_back():
    right, left = holding_specs(notched(pulse(1e12), pinned_ends={"length": "32 nm", "field": 1e5}))
    assert (right.protocol.start, right.protocol.stop) == (left.protocol.stop, left.protocol.start)
    assert right.protocol.start == pytest.approx(36 * NM)
    assert right.device.walls[0].position == right.protocol.start
    assert right.protocol.gradient < 0
    for spec in (right, left):  # as a worker reads it
        assert RunSpec.model_validate_json(spec.model_dump_json()) == spec
    with pytest.raises(ValueError, match=r"device\.length = 40 nm leaves no room"):
        holding_specs(notched(pulse(1e12), length="40 nm", notches=[], walls=[{"position": "20 nm"}]))
    spec = notched(pulse(1e12), walls=[{"position": "60 nm", "kind": "neel", "width": "8 nm"}])
    flat = spec.model_copy(update={"material": spec.material.model_copy(update={"Ku": 1e5})})
    with pytest.raises(ValueError, match=r"magnetises in the plane of a film .* raise Ku or lower Ms"):
        holding_specs(flat)


@pytest.fixture(scope="module")
def notch():
    """The landscape of one notch, the wall of the material's constants in it, and where it rests."""
    spec = notched(pulse(1e12))
    landscape = landscape_of([held_wall(simulate(each)) for each in holding_specs(spec)])
    wall = replace(wall_of(spec, -1), pinning=landscape.pinning)
    (place,) = landscape.places(moment_along(spec.device, spec.material, landscape))
    return wall, place


@pytest.mark.slow
def test_a_notch_lets_go_at_the_predicted_field(notch):
    _, place = notch
    assert place.position == pytest.approx(60 * NM, abs=0.5 * NM)
    assert place.left.field == pytest.approx(place.right.field, rel=0.06)
    steps = [
        RampTo(to=share * place.right.field, elevation=np.pi / 2, field_steps=count)
        for share, count in ((0.92, 4), (1.08, 1))
    ]
    mz = simulate(notched(FieldSteps(steps=steps))).mz.values
    assert abs(mz[-2]) < 0.2  # held
    assert mz[-1] > 0.95  # the up domain has the stripe


@pytest.mark.slow
def test_a_notch_lets_go_at_the_predicted_current(notch):
    wall, place = notch
    predicted = depinning_pulse(
        wall, place.position, 0.0, hill=place.right.border, width=1.5e-9, rise=50e-12, period=2e-9, largest=1e13
    ).current
    ends = []
    for share in (0.9, 1.12):
        found = walls(simulate(notched(pulse(share * predicted))))
        ends.append(float(found.position.values[-1, 0]))
    assert ends[0] == pytest.approx(place.position, abs=4 * NM)
    assert not abs(ends[1] - place.position) < 20 * NM  # elsewhere, or out of the stripe (NaN)


@pytest.mark.slow
def test_a_gradient_of_the_anisotropy_pushes_as_the_energy_of_the_wall_says():
    # In cells of 4 nm the mesh holds the wall here and there as strongly as the gradient pushes it.
    cell = ("2 nm", "4 nm", "1 nm")
    spec = notched(pulse(1e12), cell=cell, notches=[], anisotropy_gradient={"first": 1.05, "last": 0.95})
    seen = held_wall(simulate(holding_specs(spec)[0]))
    # sigma = 4 sqrt(A K_eff) - pi D, so that d sigma / dx = 2 Delta dKu / dx, Delta as the wall has it. In the middle
    # the two ends of the stripe push as strongly as each other.
    q, push, width = (seen[name].values for name in ("position", "push", "width"))
    slope = 2 * np.interp(60 * NM, q, width) * -0.1 * 5e5 / (120 * NM)
    assert np.interp(60 * NM, q, push) == pytest.approx(-slope / (2 * constants.mu_0 * 6e5), rel=0.03)


@pytest.mark.slow
def test_grains_hold_a_wall_and_let_it_go_as_their_landscape_says():
    # Nothing is fitted. Without the landscape the wall would go 40 nm in the weak pulses.
    grains = {"size": "16 nm", "anisotropy_spread": 0.1, "seed": 3}
    keys = {"length": "200 nm", "width": "24 nm", "notches": [], "grains": grains}
    train = CurrentPulses(amplitude=1e11, width=0.3e-9, rise=50e-12, period=1e-9, count=2, polarity="positive")
    spec = notched(Protocol(steps=[Relax(), train], sampling_interval=1e-10), **keys)
    landscape = landscape_of([held_wall(simulate(each)) for each in holding_specs(spec)])
    wall = replace(wall_of(spec, -1), pinning=landscape.pinning)
    for amplitude, held in ((1e11, True), (3e11, False)):
        stronger = train.model_copy(update={"amplitude": amplitude})
        run = simulate(notched(Protocol(steps=[Relax(), stronger], sampling_interval=1e-10), **keys))
        seen = trajectory_from(run, walls(run), length=200 * NM)
        start = {"position": seen.position[0], "angle": seen.angle[0]}
        path = follow_wall(wall, seen.time, seen.current_density, **start)
        free = follow_wall(replace(wall, pinning=NoPinning()), seen.time, seen.current_density, **start)
        assert free.position[-1] - seen.position[0] > 35 * NM
        if held:
            assert path.position[-1] == pytest.approx(seen.position[-1], abs=1 * NM)
            assert seen.position[-1] == pytest.approx(seen.position[0], abs=1 * NM)
        else:
            assert min(path.position[-1], seen.position[-1]) > 150 * NM
