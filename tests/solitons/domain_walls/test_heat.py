"""The heated wall against statistical mechanics."""

from dataclasses import replace

import jax
import numpy as np
import pytest
from rows import rows
from scipy import constants

from solitons.domain_walls.heat import agitation_strength, follow_hot_walls
from solitons.domain_walls.pinning import HarmonicPinning, PeriodicPinning
from solitons.domain_walls.simulation import follow_wall
from solitons.domain_walls.wall_dynamics import WallDynamics

# A stripe of 40 nm x 1 nm of a film with 600 kA/m.
MOMENT = 6e5 * 40e-9 * 1e-9
WALL = WallDynamics(alpha=0.2, width=6e-9, hard_axis_field=4e4, polarity=-1, moment_per_length=MOMENT)
KT = constants.k * 300.0


@pytest.mark.slow
def test_places_and_angles_in_a_well_are_boltzmanns():
    stiffness = 1e12
    wall = replace(WALL, pinning=HarmonicPinning(stiffness=stiffness, centre=0.0))
    path = follow_hot_walls(
        wall, [0.0, 3e-9], temperature=300.0, walls=3000, seed=1, position=0.0, angle=np.pi / 2, max_step=4e-12
    )
    q, tilt = path.position[:, 1], path.angle[:, 1] - np.pi / 2
    # E = mu0 Ms S stiffness q^2 + mu0 Ms S width H_K cos^2 phi: a k T / 2 for each.
    energy = constants.mu_0 * MOMENT
    error = np.sqrt(2 / 3000)  # of a variance, relative
    assert np.mean(q**2) == pytest.approx(KT / (2 * energy * stiffness), rel=4 * error)
    hard = energy * 6e-9 * 4e4
    angles = np.linspace(-np.pi / 2, np.pi / 2, 2001)
    weight = np.exp(-hard * np.sin(angles) ** 2 / KT)
    expected = np.sum(weight * np.sin(angles) ** 2) / np.sum(weight)
    assert np.mean(np.sin(tilt) ** 2) == pytest.approx(expected, rel=5 * error)
    assert abs(np.corrcoef(q, np.sin(tilt))[0, 1]) < 4 / np.sqrt(3000)


@pytest.mark.slow
def test_a_free_wall_diffuses_by_einsteins_relation():
    stiff = replace(WALL, hard_axis_field=4e5)  # stays a Bloch wall, with the mobility gamma0 width / alpha
    path = follow_hot_walls(
        stiff, [0.0, 1e-9, 6e-9], temperature=300.0, walls=2000, seed=2, position=0.0, angle=np.pi / 2, max_step=2e-12
    )
    mobility = float(stiff.gamma0) * 6e-9 / 0.2
    expected = KT * mobility / (2 * constants.mu_0 * MOMENT)
    found = np.var(path.position[:, 2] - path.position[:, 1]) / (2 * 5e-9)
    # The moment of inertia that the angle lends delays it by less than a per cent here.
    assert found == pytest.approx(expected, rel=4 * np.sqrt(2 / 2000) + 0.01)


@pytest.mark.slow
def test_a_barrier_is_left_at_the_rate_of_langer():
    # Kramers in both unknowns (Langer, Ann. Phys. 54, 258 (1969)): growth rate at a saddle / 2 pi exp(-barrier / kT) a
    # side, the wells and the saddles being equally curved. For high barriers: at 4 kT right to some 15 %.
    strength, period, hard, alpha, gamma0 = 1.5e4, 60e-9, 4e5, 0.2, float(WALL.gamma0)
    wall = replace(WALL, hard_axis_field=hard, pinning=PeriodicPinning(strength=strength, period=period, site=0.0))
    barrier = 2 * constants.mu_0 * MOMENT * strength * period / np.pi
    assert 4 < barrier / KT < 6
    # At the saddle F rises with 2 pi strength / period. With x = q / width, y the tilt and p = -1:
    # -x' + alpha y' = -gamma0 H_K y and y' + alpha x' = gamma0 F' width x.
    left = np.array([[-1.0, alpha], [alpha, 1.0]])
    right = gamma0 * np.array([[0.0, -hard], [2 * np.pi * strength / period * 6e-9, 0.0]])
    growth = np.linalg.eigvals(np.linalg.solve(left, right)).real.max()
    expected = 2 * growth / (2 * np.pi) * np.exp(-barrier / KT)
    times = np.array([0.0, 0.5e-9, 4.5e-9])
    path = follow_hot_walls(
        wall, times, temperature=300.0, walls=1500, seed=3, position=0.0, angle=np.pi / 2, max_step=2e-12
    )
    there = np.abs(path.position[:, 1:]) < period / 2
    rate = -np.log(there[there[:, 0], 1].mean()) / 4e-9
    assert rate == pytest.approx(expected, rel=0.2)


@pytest.mark.slow
def test_without_heat_it_is_the_wall_that_is_followed_anyway():
    times = np.linspace(0.0, 3e-9, 7)
    wall = replace(WALL, pinning=HarmonicPinning(stiffness=1e11, centre=0.0))
    begin = {"position": 9e-9, "angle": 1.0, "max_step": 5e-12}
    cold = follow_hot_walls(wall, times, temperature=0.0, walls=2, seed=0, **begin)
    expected = follow_wall(wall, times, **begin)
    for row in cold.position:
        np.testing.assert_allclose(row, expected.position, rtol=1e-12)


@pytest.mark.slow
def test_a_seed_repeats_itself_and_others_differ():
    keys = {"temperature": 300.0, "walls": 3, "position": 0.0, "angle": 0.0}
    one, same, other = (follow_hot_walls(WALL, [0.0, 1e-10], seed=seed, **keys).position[:, 1] for seed in (4, 4, 5))
    np.testing.assert_array_equal(one, same)
    assert np.unique(np.concatenate([one, other])).size == 6


def test_the_noise_is_that_of_one_spin_as_large_as_the_wall():
    # Brown: 2 alpha k T / (gamma0 mu0 Ms V), with V = 2 width S.
    volume = 2 * 6e-9 * 40e-9 * 1e-9
    expected = 2 * 0.2 * KT / (float(WALL.gamma0) * constants.mu_0 * 6e5 * volume)
    with jax.enable_x64(True):
        assert float(agitation_strength(WALL, 300.0)) == pytest.approx(expected)


@rows(
    ("keys", "message"),
    [
        ({"temperature": -1.0}, "temperature = -1.0 K must be 0 or above"),
        ({"temperature": np.nan}, "temperature = nan K"),
        ({"walls": 0}, "walls = 0"),
    ],
)
def test_bad_input(keys, message):
    given = {"temperature": 300.0, "walls": 3, "seed": 0, "position": 0.0, "angle": 0.0} | keys
    with pytest.raises(ValueError, match=message):
        follow_hot_walls(WALL, [0.0, 1e-10], **given)
    with pytest.raises(ValueError, match="moment_per_length = 0"):
        follow_hot_walls(
            replace(WALL, moment_per_length=0.0), [0.0, 1e-10], **{**given, "temperature": 1.0, "walls": 1}
        )
