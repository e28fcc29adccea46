import numpy as np
import pytest

from solitons.junctions import thermal_states

from .conftest import disc, ellipse


def on_the_sphere(spin, state=None):
    """Means of m, m_x^2, m_y^2, m_z^2 by quadrature."""
    z, wz = np.polynomial.legendre.leggauss(200)
    phi = (np.arange(400) + 0.5) * 2 * np.pi / 400
    across = np.sqrt(1 - z**2)[:, None]
    m = np.stack(np.broadcast_arrays(across * np.cos(phi), across * np.sin(phi), z[:, None]), axis=-1)
    energy = spin.energy(m) / spin.thermal_energy
    weight = wz[:, None] * np.exp(-(energy - energy.min()))
    if state is not None:
        weight = weight * (m @ spin.axis * state > 0)
    weight = weight / weight.sum()
    return np.concatenate([np.einsum("ij,ijk->k", weight, m), np.einsum("ij,ijk->k", weight, m**2)])


@pytest.mark.parametrize(
    ("spin", "state"),
    [
        (disc(6), None),
        (disc(6, field=(0.0, 4e4, 3e4)), -1),
        (ellipse(4), 1),
        (ellipse(4, field=(5e3, 8e3, 2e4)), None),
    ],
)
def test_they_are_boltzmanns(spin, state):
    count = 40_000
    m = thermal_states(spin, count, seed=5, state=state)
    np.testing.assert_allclose(np.linalg.norm(m, axis=1), 1, rtol=1e-12)
    found = np.concatenate([m, m**2], axis=1)
    off = (found.mean(axis=0) - on_the_sphere(spin, state)) / (found.std(axis=0) / np.sqrt(count))
    assert np.abs(off).max() < 4


def test_colder_states_are_those_of_a_colder_layer():
    spin = ellipse(4, field=(5e3, 8e3, 2e4))
    cold = ellipse(4, field=(5e3, 8e3, 2e4), temperature=100.0, volume=float(spin.volume))
    one, two = thermal_states(spin, 100, seed=3, colder=3.0), thermal_states(cold, 100, seed=3)
    np.testing.assert_allclose(one, two, atol=1e-12)


def test_a_state_that_a_field_empties_is_refused():
    with pytest.raises(ValueError, match="pushes m out of it"):
        thermal_states(disc(30, field=(0.0, 0.0, 3e5)), 10, seed=1, state=-1)
    with pytest.raises(ValueError, match="at 0 K give the state"):
        thermal_states(disc(30, temperature=0.0), 10, seed=1)
