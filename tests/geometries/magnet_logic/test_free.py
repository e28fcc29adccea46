"""Discs and ellipses at free places."""

import math

import pytest
from pydantic import ValidationError

from geometries.magnet_logic import free_array

CELL = (5e-9, 5e-9, 20e-9)


def test_discs_are_round_and_ellipses_turned_with_signed_biases():
    discs = free_array([[0, 0], [150e-9, 40e-9]], length=100e-9, thickness=20e-9, cell=CELL)
    cells = [int((discs.cell_labels() == i + 1).sum()) for i in range(2)]
    assert all(abs(count * 25e-18 / (math.pi / 4 * 1e-14) - 1) < 0.02 for count in cells)
    two = free_array(
        [[0, 0], [150e-9, 0]],
        length=100e-9,
        width=60e-9,
        thickness=20e-9,
        cell=CELL,
        angles=[0, math.pi / 2],
        fields=[0, -2e3],
    )
    assert [magnet.role for magnet in two.magnets] == ["magnet", "input"]
    assert two.held_fields().tolist() == [[0, 0, 0], [0, -2e3, 0]]


def test_what_is_no_array_is_refused():
    keys = {"length": 100e-9, "thickness": 20e-9, "cell": CELL}
    with pytest.raises(ValueError, match=r"places has the shape \(2,\)"):
        free_array([0, 0], **keys)
    with pytest.raises(ValueError, match=r"fields has the shape \(3,\)"):
        free_array([[0, 0]], fields=[1, 2, 3], **keys)
    with pytest.raises(ValidationError, match="'m0' and 'm1' overlap"):
        free_array([[0, 0], [90e-9, 0]], **keys)
