"""Ways of least energy, against hills that are known in closed form or by looking at every state."""

import discretisedfield as df
import jax
import micromagneticmodel as mm
import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import minimum_spanning_tree

from runs.native.errors import MinimisationError
from runs.native.rest.string_method import least_energy_path

MS, EASY, SIDE = 8e5, 1e5, 5e-9
VOLUME = SIDE**3


def moments(count, exchange=0.0, field=0.0):
    """So many moments in a row with one easy axis, z, that exchange couples."""
    mesh = df.Mesh(p1=(0, 0, 0), p2=(count * SIDE, SIDE, SIDE), n=(count, 1, 1))
    system = mm.System(name="row", m=df.Field(mesh, nvdim=3, value=(0, 0, 1), norm=MS))
    system.energy = mm.UniaxialAnisotropy(K=EASY, u=(0, 0, 1))
    if exchange:
        system.energy += mm.Exchange(A=exchange)
    if field:
        system.energy += mm.Zeeman(H=(0, 0, field))
    return system


def turned(*angles):
    """States (images, moments, 1, 1, 3) that turn in one plane; an angle of each moment for every image."""
    angle = np.array(angles).T
    return np.stack([np.sin(angle), 0 * angle, np.cos(angle)], axis=-1)[:, :, None, None, :]


def hill(system, guess):
    _, energy = least_energy_path(system, guess)
    return energy.max() - energy[0]


def test_a_moment_in_a_field_turns_over_stoner_and_wohlfarths_hill():
    # Against half of its anisotropy field, 2 K / (mu0 Ms): K V (1 - h)^2.
    field = -EASY / (4e-7 * np.pi * MS)
    assert hill(moments(1, field=field), turned(np.linspace(0, np.pi, 25))) == pytest.approx(
        EASY * VOLUME / 4, rel=2e-3
    )


@pytest.mark.parametrize("exchange", [1e-13, 1e-12, 1e-10])
def test_two_moments_turn_one_by_one_or_together_over_the_lowest_hill(exchange):
    # Every pair of angles on a grid; of all ways through it, the spanning tree has the one with the lowest hill.
    angle = np.linspace(0, np.pi, 121)
    coupling = 2 * exchange * VOLUME / SIDE**2
    one, other = np.meshgrid(angle, angle, indexing="ij")
    energy = EASY * VOLUME * (np.sin(one) ** 2 + np.sin(other) ** 2) + coupling * (1 - np.cos(one - other))
    number = np.arange(energy.size).reshape(energy.shape)
    ends = [(number[:-1], number[1:]), (number[:, :-1], number[:, 1:]), (number[:-1, :-1], number[1:, 1:])]
    first, last = (np.concatenate([each[side].ravel() for each in ends]) for side in (0, 1))
    higher = np.maximum(energy.flat[first], energy.flat[last])
    tree = minimum_spanning_tree(coo_matrix((higher + 1e-30, (first, last)), (energy.size, energy.size))).tocsr()
    tree = tree + tree.T
    lowest = highest_on_the_way(tree, 0, energy.size - 1)
    early = np.linspace(0, np.pi, 17)
    late = np.clip(2 * early - np.pi, 0, np.pi)
    found = hill(moments(2, exchange), turned(np.clip(2 * early, 0, np.pi), late))
    assert found == pytest.approx(lowest, rel=0.01)


def highest_on_the_way(tree, start, end):
    before, waiting = {start: (start, 0.0)}, [start]
    while waiting:
        here = waiting.pop()
        for place in range(tree.indptr[here], tree.indptr[here + 1]):
            there = tree.indices[place]
            if there not in before:
                before[there] = (here, max(before[here][1], tree.data[place]))
                waiting.append(there)
    return before[end][1]


def test_a_guess_of_another_shape_and_a_way_that_does_not_settle_are_refused():
    guess = turned(np.linspace(0, np.pi, 9))
    with pytest.raises(ValueError, match=r"five images or more, each of shape \(2, 1, 1, 3\)"):
        least_energy_path(moments(2), guess)
    with pytest.raises(ValueError, match="five images or more"):
        least_energy_path(moments(1), guess[:4])
    with pytest.raises(MinimisationError, match="the hill on the way still changes"):
        least_energy_path(moments(1), guess, max_steps=50)


def test_another_material_needs_no_further_compilation(caplog):
    guess = turned(np.linspace(0, np.pi, 9))
    hill(moments(1), guess)
    other = moments(1)
    other.energy = mm.UniaxialAnisotropy(K=2 * EASY, u=(0, 0, 1))
    with jax.log_compiles(), caplog.at_level("WARNING"):
        assert hill(other, guess) == pytest.approx(2 * EASY * VOLUME, rel=1e-3)
    assert [each.getMessage() for each in caplog.records if "Compiling" in each.getMessage()] == []
