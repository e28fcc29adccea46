"""Moments that rotate: where closed forms say, and the way that damping goes."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from geometries import get_material
from solitons.spin_ice import spins_at
from solitons.spin_ice.coherent_rotation import CoherentRotation
from solitons.spin_ice.couplings import island_moments
from solitons.spin_ice.first_rotation import first_fall_field
from solitons.spin_ice.moment_fields import MomentCouplings, moment_couplings
from solitons.spin_ice.rotating_lattice import RotatingLattice
from solitons.spin_ice.rotation_driven import rotate_in_field
from solitons.spin_ice.textures import IslandTextures

from .conftest import square_ice

PERMALLOY = get_material("permalloy")
SCALE = 1.1e5
BACK = -np.array([1, 1]) / np.sqrt(2)


def alone(rotation=None):
    couplings = MomentCouplings([0, 0], [], np.zeros((0, 3)))
    return RotatingLattice([[1.0, 0.0]], [1e-16], [SCALE], rotation or CoherentRotation(), couplings)


def two(tensor):
    couplings = MomentCouplings([0, 1, 2], [1, 0], [tensor, tensor])
    return RotatingLattice([[1.0, 0.0]] * 2, [1e-16] * 2, [SCALE] * 2, CoherentRotation(), couplings)


def square(seed, columns=2, rows=2):
    ice = square_ice(columns, rows, disorder={"saturation_magnetisation": 0.05, "seed": seed})
    islands = ice.islands(PERMALLOY)
    scale = SCALE * islands["saturation_magnetisation"].values / PERMALLOY.Ms
    couplings = moment_couplings(islands, ice.cell_labels()[:, :, 0], ice.cell[:2], cut_off=np.inf)
    axis, moment = islands["axis"].values, island_moments(islands)
    return RotatingLattice(axis, moment, scale, CoherentRotation([-0.112, -0.025, -0.01]), couplings)


@pytest.mark.parametrize("degrees", [10, 45, 80])
def test_an_island_alone_falls_over_at_its_switching_field(degrees):
    model, angle = alone(CoherentRotation([-0.1])), np.radians(180 - degrees)
    switching = float(model.rotation.switching_field(angle, SCALE))
    field = switching * np.array([[0.5], [0.999], [1.001]]) * [np.cos(angle), np.sin(angle)]
    run = rotate_in_field(model, [1], field)
    assert run["flip_step"].values.tolist() == [2]
    assert first_fall_field(model, [1], angle) == pytest.approx(switching, rel=2e-3)
    # Before, it rests where the torques balance.
    turn = float(run["turn"][1, 0])
    balance = SCALE * model.rotation.torque(turn) - 0.999 * switching * np.sin(angle - turn)
    assert abs(balance) < 1e-5 * SCALE


def test_two_side_by_side_turn_as_one_with_the_field_between_them_as_anisotropy():
    """Both at one angle: h_k + T_xx - T_yy, and at 45 degrees half of it."""
    model = two([-800.0, 0.0, 1600.0])
    expected = (SCALE - 800 - 1600) / 2
    assert first_fall_field(model, [1, 1], np.radians(225)) == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize("share", [0.05, -0.03])
def test_a_texture_that_turns_thrice_as_fast_leaves_its_axis_where_the_energy_is_flat(share):
    """The energy K/2 sin^2(phi) + H (cos(phi) + share cos(3 phi)) has no curvature at H = K / (1 + 9 share)."""
    along, across = [1.0, 0.0], [0.0, 1.0]
    mean = [[along, across, [share, 0.0], [0.0, share]]]
    textures = IslandTextures([[SCALE / 2, 0.0]], mean, [0, 0], [], np.zeros((0, 4, 4)))
    model = replace(alone(), textures=textures)
    flat = SCALE / (1 + 9 * share)
    run = rotate_in_field(model, [1], [[-0.99 * flat, 0.0], [-1.01 * flat, 0.0]])
    # Beyond, it is away from the axis, or has gone over.
    assert np.abs(run["turn"].values[0, 0]) < 1e-3
    assert np.abs(run["turn"].values[1, 0]) > 0.05


def test_a_field_exactly_against_the_moment_turns_it_counter_clockwise():
    run = rotate_in_field(alone(), [1], [[-0.99 * SCALE, 0.0], [-1.01 * SCALE, 0.0]])
    assert run["flip_step"].values.tolist() == [1]
    assert float(run["turn"][1, 0]) == pytest.approx(np.pi, abs=1e-5)


def damped(model, field):
    """States by damping alone, followed by an integrator of others, from field to field."""
    coupled, axis = model.couplings, model.axis
    source, target = np.repeat(np.arange(model.islands), np.diff(coupled.first)), coupled.neighbour
    tensor = np.zeros((model.islands, 2, model.islands, 2))
    xx, xy, yy = coupled.tensor.T
    tensor[target, 0, source, 0], tensor[target, 1, source, 1] = xx, yy
    tensor[target, 0, source, 1] = tensor[target, 1, source, 0] = xy
    tensor = tensor.reshape(2 * model.islands, -1)
    beside = np.stack([-axis[:, 1], axis[:, 0]], axis=1)

    def rate(turn, applied):
        cosine, sine = np.cos(turn)[:, None], np.sin(turn)[:, None]
        local = applied + (tensor @ (cosine * axis + sine * beside).ravel()).reshape(-1, 2)
        pull = np.sum(local * (cosine * beside - sine * axis), axis=1)
        return (pull - model.anisotropy_field * model.rotation.torque(turn)) / SCALE

    turn, states = np.zeros(model.islands), []
    for applied in field:
        while True:
            turn = solve_ivp(lambda _, turn: rate(turn, applied), (0, 100), turn, method="LSODA", rtol=1e-6).y[:, -1]  # noqa: B023
            if np.abs(rate(turn, applied)).max() < 1e-5:
                break
        states.append(np.where(np.cos(turn) >= 0, 1, -1))
    return np.array(states)


@pytest.mark.parametrize("seed", [3, 5, 7])
def test_a_cascade_goes_the_way_of_damping(seed):
    """Twelve islands in coarse steps, where several could go first; in these a sweep island by island errs."""
    model = square(seed)
    field = np.concatenate([[0.0], np.linspace(52e3, 64e3, 9)])[:, None] * BACK
    expected = damped(model, field)
    assert (expected[-1] != expected[0]).sum() > 8
    np.testing.assert_array_equal(spins_at(rotate_in_field(model, np.ones(12), field), range(10)).values, expected)


def test_at_rest_the_energy_is_at_a_minimum():
    """No small turn of the moments lowers it."""
    model = square(4, 1, 1)
    field = 50e3 * BACK
    turn = rotate_in_field(model, np.ones(4), [[0.0, 0.0], field])["turn"].values[-1].astype(float)

    def energy(turn):
        cosine, sine = np.cos(turn), np.sin(turn)
        x = cosine * model.axis[:, 0] - sine * model.axis[:, 1]
        y = cosine * model.axis[:, 1] + sine * model.axis[:, 0]
        harmonics = enumerate(model.rotation.harmonics, 1)
        own = model.anisotropy_field * sum(a / (2 * n) * (1 - np.cos(2 * n * turn)) for n, a in harmonics)
        total = np.sum(model.moment * (own - field[0] * x - field[1] * y))
        source = np.repeat(np.arange(4), np.diff(model.couplings.first))
        target, (xx, xy, yy) = model.couplings.neighbour, model.couplings.tensor.T
        between = xx * x[target] * x[source] + xy * (x[target] * y[source] + y[target] * x[source])
        between += yy * y[target] * y[source]
        return total - np.sum(model.moment[target] * between) / 2

    rng, least = np.random.default_rng(0), energy(turn)
    assert all(energy(turn + 1e-2 * rng.standard_normal(4)) > least for _ in range(50))


def test_what_is_no_lattice_is_refused():
    with pytest.raises(ValueError, match="unit vectors"):
        RotatingLattice([[1.0, 1.0]], [1e-16], [SCALE], CoherentRotation(), alone().couplings)
    with pytest.raises(ValueError, match="anisotropy_field must be positive"):
        RotatingLattice([[1.0, 0.0]], [1e-16], [-1.0], CoherentRotation(), alone().couplings)
    with pytest.raises(ValueError, match="rotate_in_field: spins"):
        rotate_in_field(alone(), [0], [[0.0, 0.0]])


def test_a_field_that_turns_nothing_is_infinite():
    assert first_fall_field(alone(), [1], 0.0) == np.inf
