"""The landscape of a skyrmion from the maps of the material: beside a closed form and the engine's own energies."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from analysis import artificial
from geometries import SkyrmionTrack
from runs import RunSpec
from solitons.skyrmions import EdgeForce, ForceSum
from solitons.skyrmions.film_textures import FilmEnergies, resized, without_skyrmion
from solitons.skyrmions.forces import LandscapeForce, NoForce, part_of, with_part
from solitons.skyrmions.grid_spline import spline_through
from solitons.skyrmions.landscape import _RADII, _WIDTHS, _best_size, even_track, landscape_of

CENTRE, SIZE = (50e-9, 32e-9), (9e-9, 4e-9)
COBALT = {"name": "film", "Ms": 5.8e5, "A": 15e-12, "Ku": 8e5, "D": 3.2e-3, "alpha": 0.3, "easy_axis": (0, 0, 1)}


def spec_of(**device):
    track = {
        "path": {"kind": "straight", "length": 128e-9},
        "width": 64e-9,
        "thickness": 1e-9,
        "cell": (2e-9, 2e-9, 1e-9),
        "skyrmions": [{"position": CENTRE, "radius": SIZE[0], "width": SIZE[1]}],
    }
    return RunSpec.model_validate(
        {
            "material": COBALT,
            "device": {"kind": "skyrmion_track"} | track | device,
            "protocol": {"sampling_interval": 1e-10, "steps": [{"do": "rest", "duration": 1e-10}]},
            "engine": "native",
        }
    )


@pytest.fixture(scope="module")
def texture():
    """A skyrmion in a film that has no tilt at its edges, so that nothing but the skyrmion costs anything."""
    run = artificial.skyrmions([CENTRE], extent=(128e-9, 64e-9), radius=SIZE[0], wall_width=SIZE[1], helicity=np.pi)
    return run.m.values[0].astype(np.float64)


def test_a_uniform_gradient_of_the_anisotropy_pushes_as_the_closed_form(texture):
    """F = -t dK/dx int (1 - m_z^2) dA, whatever the texture: K goes down, and the skyrmion with it."""
    found = landscape_of(texture, spec_of(anisotropy_gradient={"last": 0.9}), CENTRE, SIZE)
    area = 4e-18 * float((1 - texture[..., 2] ** 2).sum())
    expected = 0.1 * 8e5 / 128e-9 * 1e-9 * area
    np.testing.assert_allclose(
        found.force(rigid=True).force(np.array([CENTRE])), [[expected, 0.0]], rtol=1e-4, atol=1e-18
    )
    # A texture that may give way costs less, and never more.
    assert (found.left_out >= 0).all()
    assert np.abs(found.left_out).max() > 0.01 * np.ptp(found.rigid)


UNEVEN = {
    "anisotropy": {"parts": [{"name": "hard", "x": (60e-9, 80e-9), "y": (20e-9, 64e-9), "Ku": 9e5}]},
    "chiral": {"parts": [{"name": "weak", "x": (60e-9, 80e-9), "D": 2.4e-3}]},
    "exchange": {"parts": [{"name": "stiff", "x": (60e-9, 80e-9), "A": 15.3e-12}]},
    "magnetisation": {"parts": [{"name": "dense", "x": (60e-9, 80e-9), "Ms": 5.85e5}]},
    "grains": {"grains": {"size": 10e-9, "anisotropy_spread": 0.05, "axis_spread": 0.1, "seed": 3}},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(UNEVEN))
def test_the_landscape_is_the_engines_energy_of_the_shifted_texture(texture, name):
    """What a texture costs more in an uneven track than in the even one, each by the engine: a map of it."""
    spec = spec_of(**UNEVEN[name])
    found = landscape_of(texture, spec, CENTRE, SIZE)
    films = FilmEnergies(spec), FilmEnergies(spec.model_copy(update={"device": even_track(spec.device)}))
    up = np.zeros_like(texture)
    up[..., 2] = 1.0

    def cost(moments):
        uneven, even = (film.energy(moments) for film in films)
        return uneven - even

    start = np.argmin(np.abs(found.x - CENTRE[0])), np.argmin(np.abs(found.y - CENTRE[1]))
    energies, expected = [], []
    for step in (0, 6, 10, 18):
        energies.append(found.rigid[start[0] + step, start[1]])
        expected.append(cost(np.roll(texture, step, axis=0)) - cost(up))
    # Of exchange and Ms first order is a derivative; the others are linear, up to the tail beyond the reach.
    rel = {"exchange": 0.03, "magnetisation": 0.03}.get(name, 5e-3)
    np.testing.assert_allclose(energies, expected, atol=rel * np.ptp(expected))


def test_a_resized_texture_is_that_of_the_other_size(texture):
    place = np.stack(
        np.meshgrid(np.arange(64) * 2e-9 + 1e-9 - CENTRE[0], np.arange(32) * 2e-9 + 1e-9 - CENTRE[1], indexing="ij")
    )
    empty = without_skyrmion(texture, np.hypot(*place) <= 33e-9, spec_of().device)
    np.testing.assert_allclose(empty[..., 2], 1.0, atol=1e-4)
    other = artificial.skyrmions(
        [CENTRE], extent=(128e-9, 64e-9), radius=1.2 * SIZE[0], wall_width=0.9 * SIZE[1], helicity=np.pi
    )
    found = resized(texture, empty, place, SIZE, (0.2, -0.1))
    np.testing.assert_allclose(found, other.m.values[0], atol=0.03)


def test_the_best_size_is_found_between_those_that_are_tried_and_its_absence_is_seen():
    radii, widths = _RADII[:, None, None], _WIDTHS[None, :, None]
    least = np.array([[-0.31, 0.0, 0.237], [0.04, -0.07, 0.15]])
    energies = 2.0 * (radii - least[0]) ** 2 + 3.0 * (widths - least[1]) ** 2 + 1.0
    energy, wider, thicker = _best_size(energies[..., None])
    np.testing.assert_allclose(energy[:, 0], 1.0, atol=1e-9)
    np.testing.assert_allclose(wider[:, 0], least[0], atol=1e-6)
    np.testing.assert_allclose(thicker[:, 0], least[1], atol=1e-6)
    # One that costs less the wider it is has none.
    _, wider, _ = _best_size((3.0 * widths**2 - radii + 0 * energies)[..., None])
    np.testing.assert_array_equal(wider, _RADII[-1])


@pytest.mark.slow
def test_a_landscape_force_is_the_gradient_of_its_potential_and_compiles():
    x, y = np.arange(30) * 2e-9, np.arange(20) * 2.5e-9
    energy = 1e-20 * np.sin(x[:, None] / 9e-9) * np.cos(y[None, :] / 11e-9)
    landscape = LandscapeForce(spline_through(x, y, energy))
    generator = np.random.default_rng(0)
    places = np.stack([generator.uniform(0, 58e-9, 50), generator.uniform(0, 47.5e-9, 50)], axis=-1)
    with jax.enable_x64(True):
        grid = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
        np.testing.assert_allclose(landscape.energy.value(grid).reshape(30, 20), energy, atol=1e-26)
        slope = jax.jit(jax.vmap(jax.grad(lambda place: landscape.energy.value(place[None])[0])))(jnp.asarray(places))
        np.testing.assert_allclose(landscape.force(places), -slope, rtol=1e-9, atol=1e-20)
        # In NumPy, where nothing is compiled, it is what JAX makes of it.
        assert isinstance(landscape.force(places), np.ndarray)
        np.testing.assert_allclose(
            landscape.force(places), jax.jit(lambda at: landscape.force(at))(places), rtol=1e-9, atol=1e-24
        )
        assert np.isnan(landscape.force(np.array([[np.nan, 20e-9]]))[0, 1])
        bend = jax.jacfwd(lambda place: landscape.force(place[None])[0])(jnp.array([20e-9, 20e-9]))
        assert bend[0, 1] == pytest.approx(float(bend[1, 0]), rel=1e-9)
        # Around any loop the work is 0.
        turn = np.linspace(0, 2 * np.pi, 2001)[:-1]
        loop = np.stack([30e-9 + 25e-9 * np.cos(turn), 25e-9 + 20e-9 * np.sin(turn)], axis=-1)
        work = (landscape.force(loop) * np.stack([-25e-9 * np.sin(turn), 20e-9 * np.cos(turn)], axis=-1)).sum() * turn[
            1
        ]
        assert abs(work) < 1e-8 * np.ptp(energy)
        # Far beyond the grid nothing pushes.
        np.testing.assert_array_equal(landscape.force(np.array([[200e-9, -90e-9]])), 0.0)


def test_parts_of_a_force_are_found_and_replaced():
    edges = EdgeForce(0.0, 60e-9, 3e-12, 14e-9, 8e-9)
    other = EdgeForce(0.0, 60e-9, 4e-12, 14e-9, 8e-9)
    both = ForceSum((NoForce(), edges))
    assert part_of(edges, EdgeForce) is edges
    assert part_of(both, EdgeForce) is edges
    assert part_of(NoForce(), EdgeForce) is None
    assert with_part(both, other).parts[1] is other
    assert with_part(edges, other) is other
    with pytest.raises(ValueError, match="NoForce has no EdgeForce"):
        with_part(NoForce(), edges)


def test_bad_questions_are_refused(texture):
    with pytest.raises(ValueError, match="outside the track's mesh"):
        landscape_of(texture, spec_of(), (200e-9, 32e-9), SIZE)
    with pytest.raises(ValueError, match="with 4 places along each"):
        spline_through(np.arange(3.0), np.arange(9.0), np.zeros((3, 9)))
    with pytest.raises(ValueError, match="not finite"):
        spline_through(np.arange(9.0), np.arange(9.0), np.full((9, 9), np.nan))
    assert isinstance(spec_of().device, SkyrmionTrack)
