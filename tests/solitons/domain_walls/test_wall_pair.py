"""Two walls in one stripe: their energy against the native engine, symmetries, and micromagnetics."""

from dataclasses import replace
from types import SimpleNamespace

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest
from scipy import constants

import runs.native as nc
from analysis import walls
from geometries import Material, Stripe
from runs import ConstantField, CurrentPulses, Protocol, RunSpec, simulate
from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls import wall_pair
from solitons.domain_walls.breathing import Breathing
from solitons.domain_walls.runs import wall_of
from solitons.domain_walls.wall_dynamics import wall_from_material
from solitons.domain_walls.wall_pair import CONTACT, follow_wall_pair, pair_interaction

FILM = {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "alpha": 0.3}
WIDTH, LENGTH, THICKNESS, ACROSS = 6e-9, 320e-9, 1e-9, 32e-9
PAIR = pair_interaction(Material(**FILM), width=WIDTH, length=LENGTH, thickness=THICKNESS, stripe_width=ACROSS)
WALL = wall_from_material(
    Material(**FILM), polarity=-1, thickness=THICKNESS, stripe_width=ACROSS, torques=("spin-orbit",), width=WIDTH
)


def test_slopes_are_those_of_the_energy():
    at, step = np.array([120e-9, 150e-9, 0.4, 2.0]), np.array([1e-11, 1e-11, 1e-5, 1e-5])
    found = np.concatenate(PAIR.slopes(at[:2], at[2:]))
    for index, slope in enumerate(found):
        beside = step * np.eye(4)[index]
        ends = [PAIR.energy((at + side)[:2], (at + side)[2:]) for side in (beside, -beside)]
        assert slope == pytest.approx((ends[0] - ends[1]) / (2 * step[index]), rel=1e-4)


def stray_energy(positions, angles, cell=2e-9):
    """Of two drawn walls, over 2 mu0 Ms S, in A."""
    mesh = df.Mesh(region=df.Region(p1=(0, 0, 0), p2=(LENGTH, ACROSS, THICKNESS)), cell=(cell, 4e-9, THICKNESS))

    def moment(point):
        s, r = (point[0] - positions[0]) / WIDTH, (point[0] - positions[1]) / WIDTH
        one, other = 1 / np.cosh(s), 1 / np.cosh(r)
        x, y = (one * trig(angles[0]) + other * trig(angles[1]) for trig in (np.cos, np.sin))
        return x, y, np.tanh(r) - np.tanh(s) + 1

    drawn = mm.System(name="pair", energy=mm.Demag(), m=df.Field(mesh, nvdim=3, value=moment, norm=6e5))
    energy = nc.compute(drawn.energy.energy, drawn)
    return energy / (2 * constants.mu_0 * 6e5 * THICKNESS * ACROSS)


@pytest.mark.parametrize("angles", [(0.0, np.pi), (np.pi / 2, np.pi / 2)])
def test_the_native_engine_finds_the_same_stray_energy(angles):
    # So far apart that tails do not matter, which make a sum of two walls longer than 1; ends are in it too.
    places = [(105e-9, 205e-9), (80e-9, 205e-9), (80e-9, 240e-9)]
    seen = np.diff([stray_energy(each, angles) for each in places])
    expected = np.diff([PAIR.energy(each, angles) for each in places])
    np.testing.assert_allclose(expected, seen, rtol=0.03)


@pytest.mark.parametrize(("angles", "sign"), [((0.0, 0.0), 1), ((0.0, np.pi), -1)])
def test_tails_attract_where_they_point_alike(angles, sign):
    # K sin^2 theta - A theta'^2 half-way, where the tails 2 exp(-x / Delta) add up or their slopes do.
    d = 4 * WIDTH
    whole = PAIR.slopes((100e-9, 100e-9 + d), angles)[0]
    tailless = replace(PAIR, tails=0.0).slopes((100e-9, 100e-9 + d), angles)[0]
    pull = FILM["A"] / WIDTH**2 * 16 * np.exp(-4.0) / (2 * constants.mu_0 * FILM["Ms"])
    np.testing.assert_allclose(whole - tailless, [-sign * pull, sign * pull], rtol=1e-9)


def test_a_mirrored_pair_goes_the_mirrored_way():
    times = np.linspace(0.0, 0.5e-9, 3)
    pulse = PiecewiseLinear((0.0,), (1e11,))
    metal = Material(**FILM, spin_hall_angle=0.1)
    driven = wall_from_material(
        metal, polarity=-1, thickness=THICKNESS, stripe_width=ACROSS, torques=("spin-orbit",), width=WIDTH
    )
    one = follow_wall_pair(driven, PAIR, times, pulse, position=(120e-9, 160e-9), angle=(0.1, 3.0))
    left_alone = follow_wall_pair(driven, PAIR, times, position=(120e-9, 160e-9), angle=(0.1, 3.0))
    assert np.abs(one.position - left_alone.position).max() > 1e-9
    other = follow_wall_pair(
        replace(driven, polarity=np.float64(1)),
        PAIR,
        times,
        pulse * -1.0,
        position=(LENGTH - 160e-9, LENGTH - 120e-9),
        angle=(-3.0, -0.1),
    )
    np.testing.assert_allclose(LENGTH - other.position[::-1], one.position, atol=1e-13)
    np.testing.assert_allclose(-other.angle[::-1], one.angle, atol=1e-5)


def test_walls_that_meet_have_no_place_afterwards():
    squeezed = [PiecewiseLinear((0.0,), (h,)) for h in (0.0, 0.0, 4e4)]
    times = np.linspace(0.0, 4e-9, 81)
    path = follow_wall_pair(WALL, PAIR, times, field=squeezed, position=(140e-9, 180e-9), angle=(1.57, 1.57))
    assert path.met is not None
    before = times < path.met
    assert np.isfinite(path.position[:, before]).all()
    assert np.isnan(path.position[:, ~before]).all()
    assert np.ptp(path.position[:, before][:, -1]) > CONTACT * WIDTH


def test_walls_that_cannot_be_followed_to_the_end_are_an_error_and_no_silence(monkeypatch):
    def gives_up(*_, **__):
        return SimpleNamespace(status=-1, t=np.zeros(1), y=np.zeros((4, 1)), message="step size too small")

    monkeypatch.setattr(wall_pair.integrate, "solve_ivp", gives_up)
    with pytest.raises(RuntimeError, match="through 1 of 2 times only"):
        follow_wall_pair(WALL, PAIR, [0.0, 1e-9], position=(140e-9, 180e-9), angle=(0.0, 0.0))


def test_what_is_no_pair_is_refused():
    with pytest.raises(ValueError, match="no room for two walls"):
        pair_interaction(Material(**FILM), width=WIDTH, length=50e-9, thickness=THICKNESS, stripe_width=ACROSS)
    with pytest.raises(ValueError, match="the left one first"):
        follow_wall_pair(WALL, PAIR, [0.0, 1e-9], position=(180e-9, 140e-9), angle=(0.0, 0.0))
    soft = replace(WALL, breathing=Breathing(softness=1e-6))
    with pytest.raises(ValueError, match="tilts or breathes"):
        follow_wall_pair(soft, PAIR, [0.0, 1e-9], position=(140e-9, 180e-9), angle=(0.0, 0.0))


def ran(step, distance, *, dmi, angle=None, cell=2e-9, interval=0.1e-9):
    """A native run of two walls, and what the material alone says of it from its second frame on."""
    kind = {"kind": "neel"} if dmi else {"kind": "bloch"}
    stripe = Stripe(
        length=LENGTH,
        width=ACROSS,
        thickness=THICKNESS,
        cell=(cell, 4e-9, THICKNESS),
        walls=[{"position": LENGTH / 2 + side * distance / 2} | kind for side in (-1, 1)],
        terminals=[{"kind": "heavy_metal", "name": "metal"}],
    )
    protocol = Protocol(steps=[step], sampling_interval=interval)
    material = FILM | {"D": dmi, "spin_hall_angle": 0.1}
    run = simulate(RunSpec(device=stripe, material=material, protocol=protocol, engine="native"))
    found = walls(run)
    q, phi, times = found["position"].values, found["angle"].values, run["t"].values
    spec = RunSpec(device=stripe, material=material, protocol=protocol, engine="native")
    wall = wall_of(spec, int(found["polarity"][0]), float(np.nanmedian(found["width"].values[:3])))
    pair = pair_interaction(
        Material(**material), width=float(wall.width), length=LENGTH, thickness=THICKNESS, stripe_width=ACROSS
    )
    drive = {"current_density": protocol.current_density, "field": list(protocol.applied_field)}
    path = follow_wall_pair(wall, pair, times[1:], **drive, position=tuple(q[1, :2]), angle=tuple(phi[1, :2]))
    return q[1:, :2].T, path


@pytest.mark.slow
@pytest.mark.parametrize("distance", [36e-9, 60e-9])
def test_chiral_walls_part_under_a_current_as_the_material_says(distance):
    pulse = CurrentPulses(amplitude=1e11, width=0.5e-9, rise=50e-12, period=1e-9, count=1, polarity="positive")
    seen, path = ran(pulse, distance, dmi=1e-3)
    assert path.met is None
    apart, expected = np.diff(seen, axis=0)[0], np.diff(path.position, axis=0)[0]
    grown = apart[-1] - apart[0]
    assert grown > 4e-9
    np.testing.assert_allclose(expected, apart, atol=0.06 * grown + 0.3e-9)
    np.testing.assert_allclose(path.position, seen, atol=1.5e-9)


@pytest.mark.slow
@pytest.mark.parametrize(("dmi", "meet"), [(0.0, True), (1e-3, False)])
def test_a_field_annihilates_walls_of_opposite_chirality_only(dmi, meet):
    seen, path = ran(ConstantField(amplitude=(0, 0, 3e4), duration=2e-9), 40e-9, dmi=dmi)
    assert bool(np.isnan(seen[:, -1]).any()) is meet
    assert (path.met is not None) is meet
    if not meet:
        assert np.diff(path.position[:, -1])[0] == pytest.approx(np.diff(seen[:, -1])[0], abs=1.5e-9)
