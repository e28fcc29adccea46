"""The demagnetising tensor: closed forms, sum rules, and both of its formulas against each other."""

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest

import runs.native as nc
from runs.native import newell


def aharoni(a, b, c):
    """Demagnetising factor of a cuboid along c: Aharoni, J. Appl. Phys. 83, 3432 (1998), eq. 1."""
    a, b, c = a / 2, b / 2, c / 2
    abc, ab, bc, ac = (np.sqrt(x) for x in (a * a + b * b + c * c, a * a + b * b, b * b + c * c, a * a + c * c))
    value = (b * b - c * c) / (2 * b * c) * np.log((abc - a) / (abc + a))
    value += (a * a - c * c) / (2 * a * c) * np.log((abc - b) / (abc + b))
    value += b / (2 * c) * np.log((ab + a) / (ab - a)) + a / (2 * c) * np.log((ab + b) / (ab - b))
    value += c / (2 * a) * np.log((bc - b) / (bc + b)) + c / (2 * b) * np.log((ac - a) / (ac + a))
    value += 2 * np.arctan(a * b / (c * abc)) + (a**3 + b**3 - 2 * c**3) / (3 * a * b * c)
    value += (a * a + b * b - 2 * c * c) / (3 * a * b * c) * abc + c / (a * b) * (ac + bc)
    value -= (ab**3 + bc**3 + ac**3) / (3 * a * b * c)
    return value / np.pi


@pytest.mark.parametrize("edges", [(1, 1, 1), (4, 4, 1), (1, 2, 5), (10, 1, 1)])
def test_factors_of_one_cell_are_aharonis(edges):
    factors = [newell.tensor((1, 1, 1), edges, component).item() for component in ("xx", "yy", "zz")]
    a, b, c = edges
    assert factors == pytest.approx([aharoni(b, c, a), aharoni(c, a, b), aharoni(a, b, c)], rel=1e-9)
    assert sum(factors) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("n", [(16, 8, 1), (12, 6, 4), (30, 1, 1)])
def test_mean_field_of_a_uniform_cuboid_is_aharonis(n):
    size = (60e-9, 24e-9, 8e-9)
    mesh = df.Mesh(p1=(0, 0, 0), p2=size, n=n)
    factors = []
    for axis in range(3):
        m = df.Field(mesh, nvdim=3, value=np.eye(3)[axis], norm=8e5)
        system = mm.System(name="cuboid", m=m, energy=mm.Demag())
        factors.append(-nc.compute(system.energy.effective_field, system).array[..., axis].mean() / 8e5)
        energy = 0.5 * mm.consts.mu0 * 8e5**2 * factors[-1] * np.prod(size)
        assert nc.compute(system.energy.energy, system) == pytest.approx(energy, rel=1e-9)
    a, b, c = size
    assert factors == pytest.approx([aharoni(b, c, a), aharoni(c, a, b), aharoni(a, b, c)], rel=1e-7)


@pytest.mark.parametrize("cell", [(1, 1, 1), (4, 4, 1), (2.5, 2.5, 3)])
@pytest.mark.parametrize("component", newell.COMPONENTS)
def test_both_formulas_agree_where_they_meet(cell, component, monkeypatch):
    shape = (14, 14, 6)
    far = newell.tensor(shape, cell, component)[11:, 11:, 1:]
    monkeypatch.setattr(newell, "NEAR", 100)
    near = newell.tensor(shape, cell, component)[11:, 11:, 1:]
    assert np.abs(far - near).max() <= 1e-8 * np.abs(near).max()


def test_trace_vanishes_off_the_cell():
    trace = sum(newell.tensor((20, 18, 3), (2, 3, 4), component) for component in ("xx", "yy", "zz"))
    assert trace.flat[0] == pytest.approx(1, abs=1e-12)
    assert np.abs(trace.flat[1:]).max() < 1e-12


def test_quadrature_integrates_polynomials():
    nodes, weights = newell.triangle_quadrature(4)
    for order in range(8):
        exact = 0 if order % 2 else 2 / ((order + 1) * (order + 2))
        assert weights @ nodes**order == pytest.approx(exact, abs=1e-12)
