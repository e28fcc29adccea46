"""The demagnetising field: closed forms, sum rules, both formulas of the tensor, and the transforms against a sum."""

import itertools

import equinox as eqx
import jax
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import largest_difference, magnet, random_magnet
from rows import rows

import runs.native as nc
from runs.native.discretisation import discretise
from runs.native.terms import demag, newell
from runs.native.terms.gauss_quadrature import series_tail, triangle_quadrature

AXES = range(3)


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


def summed(n, cell, moments):
    """The field of moments (nx, ny, nz, 3) as a sum over all pairs of cells, without a transform."""
    tensor = dict(zip(newell.COMPONENTS, newell.tensor(n, cell), strict=True))
    field = np.zeros_like(moments)
    for offset in itertools.product(*(range(1 - count, count) for count in n)):
        here = tuple(slice(max(0, o), count + min(0, o)) for o, count in zip(offset, n, strict=True))
        there = tuple(slice(max(0, -o), count - max(0, o)) for o, count in zip(offset, n, strict=True))
        for i, j in itertools.product(AXES, AXES):
            value = tensor["".join(sorted("xyz"[i] + "xyz"[j]))][tuple(np.abs(offset))]
            sign = 1 if i == j else np.prod(np.where(np.array(offset)[[i, j]] < 0, -1, 1))
            field[(*here, i)] -= sign * value * moments[(*there, j)]
    return field


@rows("edges", [(1, 1, 1), (4, 4, 1), (1, 2, 5), (10, 1, 1)])
def test_factors_of_one_cell_are_aharonis(edges):
    factors = newell.tensor((1, 1, 1), edges, ("xx", "yy", "zz")).ravel()
    a, b, c = edges
    assert factors == pytest.approx([aharoni(b, c, a), aharoni(c, a, b), aharoni(a, b, c)], rel=1e-9)
    assert sum(factors) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("n", [(16, 8, 1), (12, 6, 4), (30, 1, 1)])
def test_mean_field_of_a_uniform_cuboid_is_aharonis(n):
    size = (60e-9, 24e-9, 8e-9)
    factors = []
    for axis in AXES:
        uniform = magnet(n, np.eye(3)[axis], mm.Demag(), cell=np.divide(size, n))
        factors.append(-nc.compute(uniform.energy.effective_field, uniform).array[..., axis].mean() / 8e5)
        energy = 0.5 * mm.consts.mu0 * 8e5**2 * factors[-1] * np.prod(size)
        assert nc.compute(uniform.energy.energy, uniform) == pytest.approx(energy, rel=1e-9)
    a, b, c = size
    assert factors == pytest.approx([aharoni(b, c, a), aharoni(c, a, b), aharoni(a, b, c)], rel=1e-7)


@pytest.mark.parametrize("cell", [(1, 1, 1), (4, 4, 1), (2.5, 2.5, 3)])
def test_both_formulas_agree_where_they_meet(cell, monkeypatch):
    shape = (9, 9, 6)
    far = newell.tensor(shape, cell)[:, 7:, 7:, 1:]
    monkeypatch.setattr(newell, "NEAR", 100)
    near = newell.tensor(shape, cell)[:, 7:, 7:, 1:]
    assert np.abs(far - near).max() <= 1e-10 * np.abs(near).max()


@pytest.mark.parametrize("distance", [start for start, _ in newell.QUADRATURE[1:]])
def test_fewer_points_serve_farther_away(distance, monkeypatch):
    random = np.random.default_rng(0)
    offsets = random.normal(size=(3, 50))
    offsets *= 1.001 * distance / np.linalg.norm(offsets, axis=0)
    edges = np.array([1.0, 0.8, 0.3])
    here = newell.dipole_average(offsets, edges, newell.COMPONENTS)
    monkeypatch.setattr(newell, "QUADRATURE", ((0, 8),))
    exact = newell.dipole_average(offsets, edges, newell.COMPONENTS)
    assert np.abs(here - exact).max() <= 1e-10 * np.abs(exact).max()


def test_trace_vanishes_off_the_cell():
    trace = newell.tensor((20, 18, 3), (2, 3, 4), ("xx", "yy", "zz")).sum(axis=0)
    assert trace.flat[0] == pytest.approx(1, abs=1e-12)
    assert np.abs(trace.flat[1:]).max() < 1e-12


def test_quadrature_integrates_polynomials():
    nodes, weights = triangle_quadrature(4)
    for order in range(8):
        exact = 0 if order % 2 else 2 / ((order + 1) * (order + 2))
        assert weights @ nodes**order == pytest.approx(exact, abs=1e-12)


def test_the_rest_of_a_series():
    # sum of 1 / (n^2 + 1) from n = 1 on is (pi coth(pi) - 1) / 2.
    places, weights = series_tail(4, 2, 6)
    total = 1 / 2 + 1 / 5 + 1 / 10 + np.sum(weights / (places**2 + 1))
    assert total == pytest.approx((np.pi / np.tanh(np.pi) - 1) / 2, rel=1e-12)


# An axis of one cell, each axis as the shortest, lengths without small factors, one component at a time and together.
SHAPES = [(1, 1, 1), (5, 1, 1), (1, 1, 5), (6, 4, 1), (6, 1, 4), (1, 6, 4), (5, 4, 3), (3, 4, 5), (13, 3, 2), (4, 4, 4)]
SHAPES += [(59, 2, 1)]  # a length with a large factor, which is padded


@pytest.mark.parametrize("small", [0, demag.SMALL])
@pytest.mark.parametrize("n", SHAPES)
def test_the_transforms_are_the_sum(n, small, monkeypatch):
    monkeypatch.setattr(demag, "SMALL", small)
    jax.clear_caches()
    random = random_magnet(n, mm.Demag(), empty=(0, 0, 0) if np.prod(n) > 1 else ())
    field = nc.compute(random.energy.demag.effective_field, random).array
    assert largest_difference(field, summed(n, (2, 3, 4), random.m.array), random.m.array) <= 1e-14


@pytest.mark.parametrize("n", [(6, 4, 1), (5, 4, 3)])
def test_gradient_and_batch(n):
    """The energy is quadratic: its gradient is -mu0 Ms H, and the field of a batch is the batch of fields."""
    grid = discretise(random_magnet(n, mm.Demag()))
    term = demag.from_ubermag(mm.Demag(), grid)
    with jax.enable_x64(True):
        m, amplitudes = jnp.asarray(grid.magnetisation), jnp.zeros(0)

        @jax.jit
        def everything(m):
            gradient = jax.grad(lambda m: jnp.sum(term.density(m, amplitudes)))(m)
            batch = jax.vmap(lambda m: term.field(m, amplitudes))(jnp.stack([m, m[::-1]]))
            return gradient, batch, term.field(m, amplitudes), term.field(m[::-1], amplitudes)

        gradient, batch, *fields = map(np.asarray, everything(m))
    expected = -mm.consts.mu0 * grid.saturation * fields[0]
    assert np.abs(gradient - expected).max() <= 1e-13 * np.abs(expected).max()
    assert np.abs(batch - np.stack(fields)).max() <= 1e-14 * np.abs(batch).max()


@pytest.mark.slow
@pytest.mark.parametrize("n", [(6, 4, 1), (5, 4, 3)])
def test_single_precision(n):
    grid = discretise(random_magnet(n, mm.Demag()))
    term = demag.from_ubermag(mm.Demag(), grid)
    with jax.enable_x64(True):
        exact = np.asarray(eqx.filter_jit(term.field)(jnp.asarray(grid.magnetisation), jnp.zeros(0)))
        single = jax.tree.map(lambda leaf: leaf.astype(jnp.float32), term)
    with jax.enable_x64(False):
        field = np.asarray(eqx.filter_jit(single.field)(jnp.asarray(grid.magnetisation, jnp.float32), jnp.zeros(0)))
    assert field.dtype == np.float32
    assert np.abs(field - exact).max() <= 2e-6 * np.abs(exact).max()


def test_scale_does_not_matter():
    cells = (2e-9, 3e-9, 4e-9), (2.2e-9, 3.3e-9, 4.4e-9)
    both = [random_magnet((6, 4, 1), mm.Demag(), cell=cell) for cell in cells]
    assert np.array_equal(*(nc.compute(each.energy.demag.effective_field, each).array for each in both))


def test_asymptotic_radius_changes_nothing():
    """The tensor is accurate at every distance, so no radius is too small."""
    both = [random_magnet((2, 2, 1), term) for term in (mm.Demag(), mm.Demag(asymptotic_radius=6))]
    energies = [nc.compute(each.energy.demag.energy, each) for each in both]
    assert energies[0] == energies[1] != 0


@rows("component", newell.COMPONENTS)
def test_both_sides_have_the_symmetry_of_the_tensor(component):
    positive = newell.tensor((3, 2, 2), (1.0, 1.5, 2.0), (component,))[0]
    whole = newell.both_sides(positive, component)
    assert whole.shape == (6, 4, 4)
    np.testing.assert_array_equal(whole[:3, :2, :2], positive)
    for axis, letter in enumerate("xyz"):
        sign = -1 if component[0] != component[1] and letter in component else 1
        along = np.moveaxis(whole, axis, 0)
        np.testing.assert_array_equal(along[-1], sign * along[1])
        assert not along[len(along) // 2].any()
