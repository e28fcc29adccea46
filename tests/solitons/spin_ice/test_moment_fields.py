"""Fields between islands of cells: by the native engine's demagnetising field, and by point dipoles far away."""

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest

import runs.native
from geometries import get_material
from solitons.spin_ice.moment_fields import MomentCouplings, moment_couplings

from .conftest import square_ice

PERMALLOY = get_material("permalloy")


def square(columns=1, rows=1, constant=180e-9, **keys):
    return square_ice(columns, rows, constant, island={"length": "100 nm", "width": "35 nm"}, **keys)


def couplings_of(ice, cut_off=np.inf):
    islands = ice.islands(PERMALLOY)
    return islands, moment_couplings(islands, ice.cell_labels()[:, :, 0], ice.cell[:2], cut_off=cut_off)


def moment_of_an_island(ice):
    """Of the cells of island 0."""
    return PERMALLOY.Ms * (ice.cell_labels() == 1).sum() * np.prod(ice.cell)


def matrix(couplings, source, target):
    start, end = couplings.first[source : source + 2]
    xx, xy, yy = couplings.tensor[start + list(couplings.neighbour[start:end]).index(target)]
    return np.array([[xx, xy], [xy, yy]])


def test_the_field_is_the_mean_demagnetising_field_of_the_other_island():
    """With one island magnetised along x, then along y, in the native engine, which OOMMF agrees with."""
    ice = square(disorder={"saturation_magnetisation": 0.1, "width": 0.1, "seed": 2})
    islands, couplings = couplings_of(ice)
    labels, source = ice.cell_labels(), 3
    far = [cell * count for cell, count in zip(ice.cell, labels.shape, strict=True)]
    mesh = df.Mesh(p1=(0, 0, 0), p2=far, cell=ice.cell)
    seen = np.zeros((4, 2, 2))
    for column, direction in enumerate([(1, 0, 0), (0, 1, 0)]):
        # What is not magnetic has no field: the others are there, with 1e-9 of the moment.
        strength = np.where(labels == source + 1, float(islands["saturation_magnetisation"][source]), 1e-3)
        system = mm.System(name="islands")
        system.energy = mm.Demag()
        system.m = df.Field(mesh, nvdim=3, value=direction, norm=strength[..., np.newaxis], valid="norm")
        field = runs.native.compute(system.energy.demag.effective_field, system).array
        for target in range(4):
            seen[target, :, column] = field[labels == target + 1].mean(axis=0)[:2]
    for target in range(3):
        np.testing.assert_allclose(matrix(couplings, source, target), seen[target], rtol=1e-6, atol=1e-2)


def test_pairs_act_on_each_other_with_one_energy():
    ice = square(2, 2, disorder={"length": 0.1, "seed": 1})
    _, couplings = couplings_of(ice)
    cells = np.bincount(ice.cell_labels().ravel())[1:]
    for one, other in ((0, 1), (4, 7), (11, 2)):
        there, back = matrix(couplings, one, other) * cells[other], matrix(couplings, other, one) * cells[one]
        np.testing.assert_allclose(there, back, rtol=1e-9, atol=1e-6 * np.abs(there).max())


def test_far_islands_are_point_dipoles():
    """In a lattice of 900 nm: 3 (m.e) e - m over 4 pi r^3, by hand."""
    ice = square(constant=900e-9)
    islands, couplings = couplings_of(ice)
    offset = islands["position"].values[2] - islands["position"].values[0]
    distance = np.linalg.norm(offset)
    along = offset / distance
    expected = moment_of_an_island(ice) / (4 * np.pi * distance**3) * (3 * np.outer(along, along) - np.eye(2))
    np.testing.assert_allclose(matrix(couplings, 0, 2), expected, rtol=1e-9)


def test_near_and_far_join():
    """Just within four lengths, cells and point dipoles differ by a few per cent."""
    ice = square(constant=540e-9)
    islands, couplings = couplings_of(ice)
    offset = islands["position"].values[1] - islands["position"].values[0]
    distance = np.linalg.norm(offset)
    assert distance < 4 * 100e-9
    along = offset / distance
    dipole = moment_of_an_island(ice) / (4 * np.pi * distance**3) * (3 * np.outer(along, along) - np.eye(2))
    difference = np.abs(matrix(couplings, 0, 1) - dipole).max() / np.abs(dipole).max()
    assert 0.005 < difference < 0.1


def test_what_does_not_fit_together_is_refused():
    with pytest.raises(ValueError, match="rise from 0 to the number of pairs, 1"):
        MomentCouplings([0, 0, 2], [1], np.zeros((1, 3)))
    with pytest.raises(ValueError, match="three finite numbers for each of 2"):
        MomentCouplings([0, 1, 2], [1, 0], [[np.nan] * 3] * 2)
    with pytest.raises(ValueError, match="other than 0 to 1"):
        MomentCouplings([0, 1, 2], [1, 2], np.zeros((2, 3)))
    islands, labels = square().islands(PERMALLOY), square().cell_labels()[:, :, 0]
    with pytest.raises(ValueError, match="island 2 has no cells"):
        moment_couplings(islands, np.where(labels == 3, 0, labels), (5e-9, 5e-9), cut_off=np.inf)
    with pytest.raises(ValueError, match="cut_off = 0 m must be positive"):
        moment_couplings(islands, labels, (5e-9, 5e-9), cut_off=0)
