"""Where heat takes a wall at rest: against Boltzmann, Kramers and Langer, and the wall's own equation with heat."""

import numpy as np
import pytest
from scipy import constants, linalg, special

from solitons.devices import Junction
from solitons.devices.drift import DriftUnknownError
from solitons.domain_walls import DomainWallSynapse, WallDynamics, follow_hot_walls
from solitons.domain_walls.hopping import _about_angle, hopping_matrix, wall_drift
from solitons.domain_walls.pinning import TabulatedPinning

KEYS = {"alpha": 0.1, "width": 6e-9, "hard_axis_field": -5e3, "dmi_field": 9e4, "polarity": -1}
MOMENT = 3e-11
THERMAL = constants.k * 300 / (2 * constants.mu_0 * MOMENT)


def wall_in(barrier, period=60e-9, **changes):
    """Wells `period` apart, `barrier` k T deep at 300 K, at whole multiples of it."""
    places = np.linspace(-20e-9, 320e-9, 681)
    push = -barrier * THERMAL * np.pi / period * np.sin(2 * np.pi * places / period)
    keys = KEYS | {"moment_per_length": MOMENT, "pinning": TabulatedPinning(places[0], places[-1], push)} | changes
    return WallDynamics(**keys)


def drawn(wall, start, time, temperature=300.0, many=4000):
    draw = wall_drift(wall, 0.0, 300e-9, time, temperature)
    return draw(np.full(many, start), np.random.default_rng(1))


def test_a_matrix_of_rates_over_a_time_is_its_exponential():
    up, down = np.array([3.0, 0.5, 2.0]), np.array([1.0, 4.0, 0.1])
    generator = np.diag(up, 1) + np.diag(down, -1)
    generator -= np.diag(generator.sum(axis=1))
    for time in (1e-3, 0.3, 20.0):
        np.testing.assert_allclose(hopping_matrix(up, down, time), linalg.expm(generator * time), rtol=1e-10)


def test_a_rare_jump_keeps_its_digits_over_a_year():
    # Fast jumps between 0 and 1, and one in 3e9 s on from there: exact by separation of the two times.
    late = hopping_matrix([1e9, 3e-10], [1e9, 0.0], 3.15e7)
    assert late[0, 2] == pytest.approx(-np.expm1(-0.5 * 3e-10 * 3.15e7), rel=1e-6)


def test_walls_are_distributed_as_boltzmann_has_it_after_long():
    wall = wall_in(3.0)
    found = drawn(wall, 60e-9, 1e-3, many=20_000)
    places = np.linspace(0, 300e-9, 20_001)
    weight = np.exp(1.5 * np.cos(2 * np.pi * places / 60e-9))
    near = np.abs((places / 60e-9 + 0.5) % 1 - 0.5) < 0.1
    expected = weight[near].sum() / weight.sum()
    assert np.mean(np.abs((found / 60e-9 + 0.5) % 1 - 0.5) < 0.1) == pytest.approx(expected, abs=0.015)
    assert found.min() >= 0
    assert found.max() <= 300e-9


def test_a_high_barrier_is_crossed_at_langers_rate_and_an_overdamped_one_at_kramers():
    # With a small damping the diffusion is slower at the very top than beside it, which the rate leaves out.
    for alpha, tolerance in ((0.1, 0.06), (2.0, 0.03)):
        barrier, period = 12.0, 60e-9
        wall = wall_in(barrier, period, alpha=alpha)
        steep = barrier * THERMAL * 2 * (np.pi / period) ** 2  # dF/dq at a top, A/m2
        held = np.pi / 2 * 9e4 + 5e3
        k = 6e-9 * steep
        middle = alpha * (k - held) / 2
        growth = middle + np.sqrt(middle**2 + (1 + alpha**2) * held * k)
        growth *= float(wall.gamma0) / (1 + alpha**2)
        rate = 2 * growth / (2 * np.pi) * np.exp(-barrier)  # wells and tops are equally curved; two ways out
        # The exact integrals over a cosine, whose first terms are those of the rate.
        exact = 1 / (2 * np.pi * barrier / 2 * special.ive(0, barrier / 2) ** 2)
        gone = np.mean(np.abs(drawn(wall, 120e-9, 0.05 / rate, many=300_000) - 120e-9) > period / 2)
        assert gone == pytest.approx(-np.expm1(-0.05 * exact), rel=tolerance)


@pytest.mark.slow
def test_it_hops_as_the_walls_own_equation_with_heat():
    wall, time, many = wall_in(4.0), 20e-9, 600
    path = follow_hot_walls(
        wall, [0.0, time], temperature=300.0, walls=many, seed=3, position=120e-9, angle=0.0, max_step=10e-12
    )
    followed = np.abs(path.position[:, 1] - 120e-9) > 30e-9
    ours = np.abs(drawn(wall, 120e-9, time, many=40_000) - 120e-9) > 30e-9
    assert 0.1 < ours.mean() < 0.6
    deviation = np.sqrt(ours.mean() * (1 - ours.mean()) / many)
    assert abs(followed.mean() - ours.mean()) < 3 * deviation


def test_cold_walls_stay():
    assert np.abs(drawn(wall_in(8.0), 120e-9, 1e-6, temperature=30.0) - 120e-9).max() < 6e-9


def test_what_a_wall_does_not_tell_is_said_with_the_remedy():
    with pytest.raises(DriftUnknownError, match=r"no moment_per_length.* fit it again"):
        drawn(wall_in(4.0, moment_per_length=0.0), 120e-9, 1e-9)
    with pytest.raises(DriftUnknownError, match=r"k T keep the angle of its wall at 300 K.*follow_hot_walls"):
        drawn(wall_in(4.0, hard_axis_field=1e3, dmi_field=0.0), 120e-9, 1e-9)
    with pytest.raises(DriftUnknownError, match=r"in 1e-10 s the angle of its wall does not come to rest"):
        drawn(wall_in(4.0), 120e-9, 1e-10)
    with pytest.raises(ValueError, match="temperature = 0 K must be finite and above 0"):
        drawn(wall_in(4.0), 120e-9, 1e-9, temperature=0)


@pytest.mark.parametrize("hard", [-2e5, 2e5])
def test_a_wall_rests_at_the_angle_of_least_energy(hard):
    # Of Neel and of Bloch kind, without DMI: two angles are alike, and either is held by |H_K|.
    wall = wall_in(4.0, hard_axis_field=hard, dmi_field=0.0)
    width, held, lowest = _about_angle(wall, 120e-9)
    assert (width, held) == (pytest.approx(6e-9), pytest.approx(2e5, rel=1e-6))
    assert lowest == pytest.approx(1e5, rel=1e-3)


def test_a_synapse_drifts_as_its_wall():
    wall = WallDynamics(**KEYS, moment_per_length=MOMENT)
    junction = Junction(left=40e-9, right=260e-9, parallel=5e-4, antiparallel=1e-4)
    synapse = DomainWallSynapse(wall=wall, junction=junction, left=20e-9, right=280e-9)
    found = synapse.drift(1e-9, 300.0)(np.full(50_000, 150e-9), np.random.default_rng(0))
    diffusion = THERMAL * float(wall.gamma0) * 6e-9 / 0.1
    assert np.var(found) == pytest.approx(2 * diffusion * 1e-9, rel=0.05)
    assert synapse.drift_speed_ci95(300.0) is None
