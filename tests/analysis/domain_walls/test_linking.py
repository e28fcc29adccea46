import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import rows

from analysis.domain_walls.linking import ends_of_walls, link


def test_pair_annihilates_in_the_middle():
    identity = link([0] * 4 + [1] * 2, [100, 200, 210, 400, 102, 399], [1, -1, 1, -1, 1, -1], 1000.0)
    assert identity.tolist() == [0, 1, 2, 3, 0, 3]


def test_missing_frame_starts_another_wall():
    assert link([0, 2], [1.0, 1.0], [1, 1], 5.0).tolist() == [0, 1]


def test_nothing_to_link():
    assert link([], [], [], 1.0).size == 0


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    start=st.lists(st.floats(20, 60), min_size=1, max_size=5),
    steps=st.lists(st.floats(-4, 4), min_size=1, max_size=8),
)
def test_a_train_of_walls_moved_together_is_never_cut(start, steps):
    positions = np.cumsum(start) + np.concatenate([[0.0], np.cumsum(steps)])[:, np.newaxis]
    polarity = np.resize([1, -1], len(start))
    frame = np.repeat(np.arange(len(positions)), len(start))
    identity = link(frame, positions.ravel(), np.tile(polarity, len(positions)), 5.0)
    np.testing.assert_array_equal(identity.reshape(positions.shape), np.arange(len(start)) * np.ones_like(positions))


def all_linkings(polarity, later):
    """Every way to link two rows of walls that keeps their order and their polarity."""
    for size in range(min(len(polarity), len(later)) + 1):
        for before in itertools.combinations(range(len(polarity)), size):
            for after in itertools.combinations(range(len(later)), size):
                if all(polarity[i] == later[j] for i, j in zip(before, after, strict=True)):
                    yield before, after


@rows("seed", range(12))
def test_of_all_linkings_the_one_of_least_cost_is_taken(seed):
    random = np.random.default_rng(seed)
    reach, sizes = 6.0, random.integers(2, 5, 2)
    rows = [np.sort(random.uniform(0, 20, size)) for size in sizes]
    signs = [np.resize([1, -1] if random.random() < 0.5 else [-1, 1], size) for size in sizes]
    costs = {}
    for before, after in all_linkings(*signs):
        moved = np.abs(rows[1][list(after)] - rows[0][list(before)])
        if np.all(moved <= reach):
            costs[before, after] = moved.sum() + reach / 2 * (sizes.sum() - 2 * len(before))
    identity = link(np.repeat([0, 1], sizes), np.concatenate(rows), np.concatenate(signs), reach)
    pairs = [(i, j) for j, name in enumerate(identity[sizes[0] :]) for i in range(sizes[0]) if identity[i] == name]
    found = tuple(i for i, _ in pairs), tuple(j for _, j in pairs)
    assert costs[found] == pytest.approx(min(costs.values()))


def test_places_of_birth_and_exit():
    frame = np.array([0, 1, 1, 1, 2, 2, 2, 3])
    position = np.array([5.0, 2.0, 50.0, 54.0, 46.0, 58.0, 97.0, 60.0])
    identity = np.array([0, 0, 1, 2, 1, 2, 3, 2])
    frames, places = ends_of_walls(frame, position, identity, (0.0, 100.0), 5.0, at="last")
    assert frames.tolist() == [1, 2, 3, 2]
    assert places.tolist() == ["left end", "unknown", "unknown", "right end"]
    frames, places = ends_of_walls(frame, position, identity, (0.0, 100.0), 5.0, at="first")
    assert frames.tolist() == [0, 1, 1, 2]
    assert places.tolist() == ["left end", "pair", "pair", "right end"]
