"""What couples cells and regions: values between regions, periodic boundaries, surfaces, and cells without magnet."""

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import magnet
from rate_of_change import rate
from rows import rows

import runs.native as nc


def field_of(system):
    return nc.compute(system.energy.effective_field, system).array


def scalar(mesh, value):
    return df.Field(mesh, nvdim=1, value=value)


@rows(
    ("term", "message"),
    [
        (mm.Exchange(A={"r": 1e-11}), r"Exchange.*A has a value for 'r'.*'one', 'two', 'three', 'entire'"),
        (mm.Exchange(A={"one:r": 1e-11}), "'one:r'"),
        (mm.DMI(D={"one:two:three": 1e-3}, crystalclass="T"), "'one:two:three'"),
        (mm.Exchange(A={"one": np.inf}), "finite"),
        (mm.UniaxialAnisotropy(K2=1e5, u=(0, 0, 1)), "K1 is not set"),
        (mm.CubicAnisotropy(K=1e5, u1=(1, 0, 0), u2=(1, 1, 0)), r"not perpendicular \(cosine up to 0.71\)"),
        (mm.RKKY(sigma=1e-4, subregions=["one", "r"]), "'one', 'two', 'three'"),
        (mm.RKKY(sigma=1e-4, subregions=["one"]), "two of the mesh's subregions"),
        (mm.RKKY(sigma=1e-4, subregions=["one", "three"]), "overlap along x, y and z"),
        (mm.RKKY(subregions=["one", "two"]), "neither sigma nor sigma2"),
        (mm.RKKY(sigma=np.nan, subregions=["one", "two"]), "finite"),
    ],
)
def test_bad_values_are_named(term, message, make_energy_system):
    system = make_energy_system("block", "exchange")
    system.energy = term
    with pytest.raises(ValueError, match=message):
        field_of(system)


def test_stiffness_and_constants_that_have_no_meaning_are_named(make_energy_system):
    system = make_energy_system("block", "exchange")
    alternating = (-1.0) ** np.indices(system.m.mesh.n).sum(axis=0)
    system.energy = mm.Exchange(A=scalar(system.m.mesh, 1e-11 * alternating[..., None]))
    with pytest.raises(ValueError, match=r"Exchange 'exchange'.*opposite values"):
        field_of(system)
    # OOMMF would leave out the second constant.
    system.energy = mm.UniaxialAnisotropy(K=1e5, K1=1e5, u=(0, 0, 1))
    with pytest.raises(nc.UnsupportedError, match="parameter K="):
        field_of(system)


def test_one_constant_may_be_called_k1(make_energy_system):
    system = make_energy_system("block", "anisotropy")
    expected = field_of(system)
    system.energy = mm.UniaxialAnisotropy(K1=4e5, u=(1, 2, 3))
    np.testing.assert_array_equal(field_of(system), expected)


def test_surface_that_other_regions_cover_is_named(make_energy_system):
    system = make_energy_system("block", "full_rkky")
    regions = system.m.mesh.subregions
    system.m.mesh.subregions = {"cover": regions["one"], **regions}
    with pytest.raises(ValueError, match="'one' has no surface of its own"):
        field_of(system)


@pytest.mark.parametrize(
    "make",
    [
        lambda value: mm.Exchange(A=1e-11 * value),
        lambda value: mm.DMI(D=1e-3 * value, crystalclass="T"),
        lambda value: mm.UniaxialAnisotropy(K=1e5 * value, u=(0, 0, 1)),
        lambda value: mm.UniaxialAnisotropy(K1=1e5 * value, K2=2e5 * value, u=(0, 0, 1)),
        lambda value: mm.CubicAnisotropy(K=1e5 * value, u1=(1, 0, 0), u2=(0, 1, 0)),
        lambda value: mm.MagnetoElastic(B1=1e7 * value, B2=2e7 * value, e_diag=(1, 2, 3), e_offdiag=(4, 5, 6)),
    ],
)
def test_field_of_values_keeps_its_sign_and_matters_in_the_magnet_only(make, make_energy_system):
    system = make_energy_system("crystal", "exchange")
    system.energy = make(-1)
    expected = field_of(system), nc.compute(system.energy.density, system).array
    system.energy = make(scalar(system.m.mesh, np.where(system.m.norm.array > 0, -1.0, 1e30)))
    for found, wanted in zip(
        (field_of(system), nc.compute(system.energy.density, system).array), expected, strict=True
    ):
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-13 * np.abs(wanted).max())


def test_axes_outside_the_magnet_do_not_matter(make_energy_system):
    system = make_energy_system("block", "cubic")
    expected = field_of(system)
    magnet = system.m.norm.array > 0
    first, second = (
        df.Field(system.m.mesh, nvdim=3, value=np.where(magnet, axis, 0.0)) for axis in ((1, 1, 0), (1, -1, 0))
    )
    system.energy = mm.CubicAnisotropy(K=1e5, u1=first, u2=second)
    np.testing.assert_allclose(field_of(system), expected, rtol=0, atol=1e-13 * np.abs(expected).max())


def periodic_motion(array, bc, velocity):
    """dm/dt of the adiabatic torque alone, which is -(u . grad) m, on a periodic mesh."""
    still = mm.Zeeman(H=(0, 0, 0))
    return rate(magnet(array.shape[:3], array, still, mm.ZhangLi(u=velocity, beta=0), Ms=None, bc=bc)).T


@pytest.mark.parametrize(("bc", "shape"), [("x", (6, 4, 3)), ("xy", (5, 4, 1)), ("xyz", (4, 3, 2))])
def test_current_through_a_period_moves_with_it(bc, shape):
    random = np.random.default_rng(3)
    m = random.normal(size=(*shape, 3))
    m *= (random.uniform(4e5, 1e6, size=shape) * (random.random(shape) > 0.1) / np.linalg.norm(m, axis=-1))[..., None]
    velocity = (300.0, -400.0, 500.0)
    expected = periodic_motion(m, bc, velocity)
    for axis, name in enumerate("xyz"):
        if name in bc:
            found = np.roll(periodic_motion(np.roll(m, 1, axis), bc, velocity), -1, axis)
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * np.abs(expected).max())


def test_nearest_surface_may_be_across_a_period():
    """Six cells below, one of six above at the other end: the first below is its neighbour across the period."""
    count, spacer = 6, 2
    cell, n = np.array((2e-9, 3e-9, 4e-9)), (count, 1, spacer + 1)
    boxes = {"below": ((0, 0, 0), (count, 1, 1)), "above": ((count - 1, 0, spacer), n)}
    energies = []
    for bc in ("", "x"):
        value = {"below": (0, 0, 8e5), "above": (8e5, 0, 0), "default": (0, 0, 0)}
        term = mm.RKKY(sigma=1e-4, subregions=["below", "above"])
        system = magnet(n, value, term, cell=cell, Ms=None, bc=bc, boxes=boxes)
        # Every pair is at right angles: both of its cells have sigma / spacing, with the edge along their line.
        cells = np.arange(count)
        across = np.minimum(cells, count - cells) if bc else cells
        line = np.stack([across * cell[0], np.full(count, spacer * cell[2])], axis=-1)
        spacing = line @ cell[[0, 2]] / np.linalg.norm(line, axis=-1)
        energies.append(nc.compute(system.energy.energy, system))
        assert energies[-1] == pytest.approx(2 * np.sum(1e-4 / spacing) * np.prod(cell), rel=1e-12, abs=0)
    assert energies[0] != pytest.approx(energies[1], rel=1e-3, abs=0)
