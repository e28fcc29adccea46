"""The compiled random numbers: the published answers of Philox, and normal numbers that know nothing of each other."""

import numpy as np
import pytest

from solitons.numerics.compiled.random_numbers import four_normals, philox


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
)
def test_philox_gives_the_published_answers(counter, key, answer):
    # kat_vectors of Random123, philox4x32 with ten rounds.
    words = [np.uint64(int(each, 16)) for each in f"{counter} {key}".split()]
    assert [int(each) for each in philox(*words)] == [int(each, 16) for each in answer.split()]


def test_the_four_are_normal_and_independent():
    count = 20_000
    drawn = np.array([four_normals(np.uint64(i), np.uint64(7), np.uint64(1), np.uint64(5)) for i in range(count)])
    error = 5 / np.sqrt(count)
    np.testing.assert_allclose(drawn.mean(axis=0), 0, atol=error)
    # The fourth moment of a normal number is 3, so that of its square has a variance of 2.
    np.testing.assert_allclose(np.mean(drawn**2, axis=0), 1, atol=np.sqrt(2) * error)
    np.testing.assert_allclose(np.corrcoef(drawn.T) - np.eye(4), 0, atol=error)
    np.testing.assert_allclose(np.corrcoef(drawn.T**2) - np.eye(4), 0, atol=error)
