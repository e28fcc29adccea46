"""The demagnetising field of systems that repeat: OOMMF, sum rules, closed forms, and a finite number of images."""

import pathlib

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import largest_difference, magnet, random_magnet

import runs.native as nc
from runs.native.terms import newell, periodic_demag

DATA = pathlib.Path(__file__).parent / "data"
CASES = [(bc, n) for bc in "xyz" for n in ((9, 6, 1), (5, 4, 3))]


@pytest.mark.parametrize(("bc", "n"), CASES)
def test_one_direction_is_as_recorded_from_oommf(bc, n):
    periodic = system(n, bc)
    field = nc.compute(periodic.energy.demag.effective_field, periodic).array
    with np.load(DATA / "oommf_demag.npz") as recorded:
        assert largest_difference(field, recorded[f"{bc}_{n[2]}"], periodic.m.array) < 1e-9


@pytest.mark.oommf
@pytest.mark.slow
@pytest.mark.parametrize(("bc", "n"), CASES)
def test_one_direction_is_oommfs(bc, n, tmp_path, monkeypatch):
    import oommfc as oc

    monkeypatch.chdir(tmp_path)  # compute keeps its files in the working directory
    periodic = system(n, bc)
    field = nc.compute(periodic.energy.demag.effective_field, periodic).array
    expected = oc.compute(periodic.energy.demag.effective_field, periodic, verbose=0).array
    assert largest_difference(field, expected, periodic.m.array) < 1e-9
    energy = oc.compute(periodic.energy.energy, periodic, verbose=0)
    assert nc.compute(periodic.energy.energy, periodic) == pytest.approx(energy, rel=1e-9)


@pytest.mark.parametrize(
    ("n", "bc"),
    [((6, 4, 1), "x"), ((3, 3, 3), "z"), ((1, 5, 1), "x"), ((6, 4, 1), "xy"), ((2, 3, 5), "yz"), ((3, 6, 1), "xy")],
)
def test_images_are_approached_one_by_one(n, bc):
    """Sums over R periods either way lack terms in (R + 1/2)^-2 and ^-4, in two directions ^-1 and ^-3."""
    cell = (1, 1.5, 2)
    periodic = tuple(axis in bc for axis in "xyz")
    numbers, powers = (((100, 200, 400), (2, 4)), ((15, 30, 60), (1, 3)))[len(bc) - 1]
    sums = np.array([finite(n, cell, periodic, number) for number in numbers])
    basis = [[1, *((number + 0.5) ** -power for power in powers)] for number in numbers]
    limit = np.tensordot(np.linalg.inv(basis)[0], sums, 1)
    tensor = periodic_demag.tensor(n, cell, periodic)
    assert np.abs(tensor - limit).max() < 1e-9


def system(n, bc):
    return random_magnet(n, mm.Demag(), seed=np.prod(n), bc=bc)


def finite(n, cell, periodic, number):
    """N summed over `number` periods either way, for offsets of one period."""
    reach = tuple((number + 1) * count if repeats else count for count, repeats in zip(n, periodic, strict=True))
    total = newell.tensor(reach, cell)
    for axis, (count, repeats) in enumerate(zip(n, periodic, strict=True)):
        if repeats:
            offsets = np.arange(count)[:, None] + count * np.arange(-number, number + 1)
            odd = np.array([component.count("xyz"[axis]) == 1 for component in newell.COMPONENTS])
            values = np.moveaxis(total, axis + 1, 1)[:, np.abs(offsets)]
            sign = np.where(odd[:, None, None] & (offsets < 0), -1, 1)[..., None, None]
            total = np.moveaxis((values * sign).sum(axis=2), 1, axis + 1)
    return total


@pytest.mark.parametrize("n", [(8, 5, 1), (1, 1, 1), (40, 3, 1), (7, 64, 1)])
def test_an_infinite_film_is_demagnetised_along_its_normal_only(n):
    for axis, factor in enumerate((0, 0, 1)):
        film = magnet(n, np.eye(3)[axis], mm.Demag(), cell=(2e-9, 2e-9, 1e-9), bc="xy")
        field = nc.compute(film.energy.demag.effective_field, film).array / 8e5
        assert np.abs(field + factor * np.eye(3)[axis]).max() < 1e-12


def test_an_infinite_rod_has_no_field_along_itself_and_half_of_m_across():
    means = []
    for axis in range(3):
        rod = magnet((4, 4, 5), np.eye(3)[axis], mm.Demag(), cell=(1e-9, 1e-9, 1e-8), bc="z")
        means.append(-nc.compute(rod.energy.demag.effective_field, rod).array.mean(axis=(0, 1, 2)) / 8e5)
    assert np.abs(np.array(means) - np.diag([0.5, 0.5, 0])).max() < 1e-12


@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("waves", [1, 3])
def test_a_wave_of_m_in_an_infinite_film(layers, waves):
    r"""Sum over the wave's aliases.

    A film of thickness t with m_z = cos(k x) everywhere within has a field whose mean over the thickness is
    -cos(k x) [1 - exp(-k t)] / (k t). Cells of edge d sample and average the wave: their m is constant over d, a sum
    of waves q = k + 2 pi p / d of amplitude (-1)^p sinc(q d / 2) about their centres, of whose fields each cell takes
    the mean: once more sinc(q d / 2).
    """
    n, edge, thickness = 12, 2.0, 3.0
    cell = (edge * 1e-9, 1e-9, thickness * 1e-9 / layers)
    k = 2 * np.pi * waves / (n * edge)

    def value(point):
        return 0, np.sqrt(1 - np.cos(k * point[0] * 1e9) ** 2), np.cos(k * point[0] * 1e9)

    film = magnet((n, 2, layers), value, mm.Demag(), cell=cell, bc="xy")
    field = nc.compute(film.energy.demag.effective_field, film).array[..., 2].mean(axis=(1, 2))
    q = np.abs(k + 2 * np.pi / edge * np.arange(-200_000, 200_001))
    weight = np.sum(np.sinc(q * edge / 2 / np.pi) ** 2 * (1 - np.exp(-q * thickness)) / (q * thickness))
    expected = -weight * film.m.array[:, 0, 0, 2]
    assert np.abs(field - expected).max() <= 1e-9 * np.abs(expected).max()


@pytest.mark.parametrize("bc", ["x", "y", "z", "xy", "xz", "yz"])
def test_a_shift_by_one_cell_along_a_repeating_direction_shifts_the_field(bc):
    periodic = system((4, 3, 5), bc)
    field = nc.compute(periodic.energy.demag.effective_field, periodic).array
    for axis in (axis for axis in range(3) if "xyz"[axis] in bc):
        m = df.Field(periodic.m.mesh, nvdim=3, value=np.roll(periodic.m.array, 1, axis=axis))
        moved = mm.System(name="moved", m=m, energy=mm.Demag())
        expected = np.roll(field, 1, axis=axis)
        result = nc.compute(moved.energy.demag.effective_field, moved).array
        assert np.abs(result - expected).max() <= 1e-13 * np.abs(expected).max()


def test_three_directions_are_refused_by_name():
    everywhere = system((3, 3, 3), "xyz")
    with pytest.raises(nc.UnsupportedError, match=r"Demag 'demag'.*bc='xyz'.*infinity.*two directions"):
        nc.compute(everywhere.energy.energy, everywhere)
