"""Ising models of arrays: their energies, known ground states, and what annealing finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geometries import Material
from geometries.magnet_logic import free_array, majority_gate, wire
from solitons.magnet_logic import anneal, array_ising, array_macrospins, binary_ising, ground_states
from solitons.magnet_logic.ising import IsingArray, descend

FILM = Material(name="film", Ms=8e5, A=1.3e-11, alpha=0.1)


def random_ising(count, seed):
    rng = np.random.default_rng(seed)
    couplings = np.triu(rng.normal(size=(count, count)), 1)
    return IsingArray(couplings + couplings.T, rng.normal(size=count) / 2)


def test_energies_are_those_of_the_macrospins_along_their_axes():
    array = majority_gate((1, -1, 1))
    ising, macrospins = array_ising(array, FILM), array_macrospins(array, FILM)
    axes, biases = array.axes, array.held_fields()
    spins = np.random.default_rng(1).choice([-1, 1], (8, 5))
    energies = macrospins.energy(spins[..., None] * axes, biases)
    np.testing.assert_allclose(np.diff(ising.energy(spins)), np.diff(energies), rtol=1e-8, atol=1e-27)


@pytest.mark.parametrize(
    ("array", "states"),
    [
        (wire(6, -1), [[-1, 1, -1, 1, -1, 1]]),
        (wire(4, -1, along="y"), [[-1, -1, -1, -1]]),
        (majority_gate((1, 1, -1)), [[1, 1, -1, -1, 1]]),
    ],
)
def test_known_ground_states(array, states):
    assert ground_states(array_ising(array, FILM)).states.tolist() == states


def test_a_frustrated_triangle_and_a_ring_have_the_states_of_textbooks():
    triangle = ground_states(IsingArray(np.eye(3) - 1))
    assert (triangle.energy, len(triangle.states), triangle.gap) == (-1, 6, 4)
    ring = np.zeros((20, 20))
    ring[range(20), np.arange(1, 21) % 20] = 1
    found = ground_states(IsingArray(ring + ring.T))
    assert (found.energy, len(found.states), found.gap) == (-20, 2, 4)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 9), st.integers(0, 10**6))
def test_a_gauge_changes_no_energy_and_annealing_finds_the_exact_minimum(count, seed):
    ising = random_ising(count, seed)
    signs = np.random.default_rng(seed + 1).choice([-1, 1], count)
    turned = IsingArray(ising.couplings * np.outer(signs, signs), ising.fields * signs)
    exact, again = ground_states(ising), ground_states(turned)
    assert again.energy == pytest.approx(exact.energy)
    assert {tuple(each) for each in again.states * signs} == {tuple(each) for each in exact.states}
    found = anneal(ising, seed=seed, restarts=20, sweeps=60)
    assert ising.energy(found[0]) == pytest.approx(exact.energy)
    energies = ising.energy(found)
    assert np.all(np.diff(energies) >= 0)


def test_where_it_descends_no_flip_helps():
    ising = random_ising(12, 3)
    ends = descend(ising, np.random.default_rng(4).choice([-1, 1], (30, 12)))
    flips = ends[:, None, :] * (1 - 2 * np.eye(12))
    assert np.all(ising.energy(flips) >= ising.energy(ends)[:, None] - 1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 8), st.integers(0, 10**6))
def test_variables_of_0_and_1_have_the_same_minimum_as_spins(count, seed):
    rng = np.random.default_rng(seed)
    gains = np.triu(rng.random((count, count)), 1)
    gains, cost = gains + gains.T, rng.random(count)
    taken = (np.arange(1 << count)[:, None] >> np.arange(count)) & 1
    values = taken @ cost - np.einsum("si,ij,sj->s", taken, gains, taken) / 2
    spins = ground_states(binary_ising(gains, cost)).states[0]
    assert ((spins + 1) // 2).tolist() == taken[values.argmin()].tolist()


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="must be symmetric"):
        IsingArray([[0, 1], [0, 0]])
    with pytest.raises(ValueError, match="must be symmetric, with 0 on the diagonal"):
        IsingArray([[1, 0], [0, 0]])
    with pytest.raises(ValueError, match="each of the 2 magnets"):
        IsingArray([[0, 1], [1, 0]], [1, 2, 3])
    with pytest.raises(ValueError, match="21 magnets have too many states"):
        ground_states(IsingArray(np.zeros((21, 21))))
    with pytest.raises(ValueError, match="sweeps = 0"):
        anneal(random_ising(3, 1), seed=1, sweeps=0)


def test_a_row_of_discs_read_along_x_is_ferromagnetic():
    row = free_array([[0, 0], [130e-9, 0], [260e-9, 0]], length=1e-7, thickness=2e-8, cell=(5e-9, 5e-9, 2e-8))
    couplings = array_ising(row, FILM).couplings
    # Nearly as the third power of the distance: near discs are coupled more strongly than dipoles in their middles.
    assert 8 < couplings[0, 1] / couplings[0, 2] < 11
    assert sorted(ground_states(array_ising(row, FILM)).states.sum(axis=1).tolist()) == [-3, 3]
