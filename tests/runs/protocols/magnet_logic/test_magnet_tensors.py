"""Tensors of bodies of cells: equal to the whole convolution on the mesh, whatever outlines and distances they have."""

import numpy as np
import pytest
from scipy import constants, fft

from geometries import Material
from geometries.magnet_logic import SPIN_ORBIT, free_array, slanted_gate, wire, with_hard_inputs
from runs.native.terms.newell import both_sides, tensor
from runs.protocols.magnet_logic.magnet_tensors import magnet_tensors, own_tensors

FILM = Material(name="film", Ms=8e5, A=1.2e-11, Ku=3.2e5, alpha=0.1)
COMPONENTS = {"xx": (0, 0), "yy": (1, 1), "zz": (2, 2), "xy": (0, 1), "xz": (0, 2), "yz": (1, 2)}


def by_convolution(array):
    """G without anisotropy: the field of each magnet at all cells, by FFT, and its means."""
    labels, count = array.cell_labels(), len(array.magnets)
    doubled, found = [2 * n for n in labels.shape], np.zeros((count, count, 3, 3))
    for name, kernel in zip(COMPONENTS, tensor(labels.shape, array.cell, tuple(COMPONENTS)), strict=True):
        transformed = fft.rfftn(both_sides(kernel, name))
        for j in range(count):
            field = fft.irfftn(transformed * fft.rfftn((labels == j + 1) * 1.0, doubled), doubled)
            field = field[tuple(slice(n) for n in labels.shape)]
            for i in range(count):
                a, b = COMPONENTS[name]
                found[i, j, a, b] = found[i, j, b, a] = FILM.Ms * field[labels == i + 1].mean()
    return found


def layered(array):
    """The same in cells of half of the thickness, so that outlines have a depth."""
    x, y, z = array.cell
    return type(array).model_validate(array.model_dump() | {"cell": (x, y, z / 2)})


@pytest.mark.parametrize(
    "array",
    [
        layered(slanted_gate((1, -1), "and")),
        free_array(
            [(0.0, 0.0), (1.31e-7, 0.4e-7), (-0.5e-7, 1.2e-7)], length=92e-9, width=60e-9, thickness=20e-9,
            cell=(4e-9, 4e-9, 20e-9), angles=[0.0, 0.7, 1.9],
        ),
    ],
    ids=["slanted, two layers", "free"],
)  # fmt: skip
def test_tensors_are_those_of_the_whole_convolution(array):
    expected = by_convolution(array)
    found = magnet_tensors(array, array.cell_labels(), FILM)
    anisotropy = 2 * FILM.Ku / (constants.mu_0 * FILM.Ms) * np.diag([0.0, 0.0, 1.0])
    every = range(len(found))
    found[every, every] += anisotropy
    np.testing.assert_allclose(found, expected, atol=1e-12 * np.abs(expected).max())


def test_own_tensors_are_the_diagonal_with_parts_of_another_anisotropy():
    chain = with_hard_inputs(wire(3, grid=SPIN_ORBIT), 4.5e5)
    own = own_tensors(chain, chain.cell_labels(), FILM)
    every = range(3)
    np.testing.assert_array_equal(own, magnet_tensors(chain, chain.cell_labels(), FILM)[every, every])
    harder = 2 * (4.5e5 - FILM.Ku) / (constants.mu_0 * FILM.Ms)
    np.testing.assert_allclose(own[1] - own[0], np.diag([0.0, 0.0, harder]), atol=1e-6)
