"""Thiele's equation against closed forms, OOMMF's skyrmion track, and the fluctuation-dissipation theorem."""

import pathlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows import rows
from scipy import constants

from analysis import artificial, diffusion, find_skyrmions
from geometries import Material
from runs.waveforms.waveform import PiecewiseLinear
from solitons.skyrmions import (
    EdgeForce,
    ForceSum,
    PinningSites,
    ThieleDynamics,
    follow_skyrmions,
    follow_tracks,
)
from solitons.skyrmions.expulsion import Expulsion
from solitons.skyrmions.texture_tensors import texture_tensors
from solitons.skyrmions.thiele import NearEdge, thiele_from_texture

DATA = pathlib.Path(__file__).parents[2] / "analysis" / "data" / "skyrmion_track_oommf.npz"
FILM = ThieleDynamics(-4 * np.pi, 17 * np.eye(2), alpha=0.3, moment_per_area=5.8e-4)
EDGES = EdgeForce(low=0.0, high=60e-9, strength=5e-13, distance=14e-9, decay=8e-9)


def _constant(current):
    return PiecewiseLinear((0.0,), (current,))


def moved(dynamics, current=1.0):
    still = np.array([0.0, 30e-9])
    path = follow_skyrmions(dynamics, [0, 1e-9], _constant(current), positions=still)
    return (path[-1, 0] - still) / 1e-9


@given(
    charge=st.sampled_from([-1, 1]),
    dissipation=st.floats(13, 40),
    alpha=st.floats(0.01, 1),
    beta=st.floats(0, 1),
    drift=st.floats(-200, 200).filter(lambda u: abs(u) > 1),
)
def test_a_drift_moves_a_free_skyrmion_as_the_closed_form_says(charge, dissipation, alpha, beta, drift):
    film = replace(FILM, gyration=np.asarray(4 * np.pi * charge), dissipation=dissipation * np.eye(2), beta=beta)
    film = replace(film, alpha=alpha, drift_per_current=drift, drift_gyration=None, drift_dissipation=None)
    d = dissipation / (4 * np.pi * charge)
    share = 1 + alpha**2 * d**2
    expected = drift * np.array([(1 + alpha * beta * d**2) / share, (alpha - beta) * d / share])
    np.testing.assert_allclose(moved(film), expected, rtol=1e-9, atol=1e-9 * abs(drift))


@pytest.mark.parametrize("sign", [1, -1])
def test_a_spin_orbit_torque_turns_by_the_closed_form(sign):
    tensor = 8e-8 * np.array([[0.0, sign, 0.0], [-sign, 0.0, 0.0]])
    film = replace(FILM, damping_like_per_current=4e-8, spin_orbit=tensor)
    along, aside = moved(film, 1e10)
    assert abs(aside / along) == pytest.approx(4 * np.pi / (0.3 * 17), rel=1e-9)
    assert along * sign > 0
    assert aside * sign > 0  # of a core that points down


@pytest.fixture(scope="module")
def oommf():
    with np.load(DATA) as data:
        found = {name: data[name] for name in data.files}
    m = found["m"].astype(float) / 32767
    return found | {"m": m / np.linalg.norm(m, axis=-1, keepdims=True)}


def test_the_grids_own_tensors_give_oommfs_velocity(oommf):
    """OOMMF: -90.0 and 17.3 m/s in the first 0.2 ns, with u = -100 m/s, alpha 0.3, beta 0.15."""
    tensors = texture_tensors(oommf["m"][0], oommf["x"], oommf["y"], (127.3e-9, 48e-9), 36e-9)
    assert tensors.gyration == pytest.approx(-4 * np.pi, rel=1e-3)
    film = Material(name="film", Ms=5.8e5, A=1.5e-11, Ku=8e5, D=3.2e-3, alpha=0.3, beta=0.15, P=0.4)
    found = thiele_from_texture(tensors, film, 0.6e-9, ("zhang-li",))
    velocity = moved(found, -100 / float(found.drift_per_current))
    np.testing.assert_allclose(velocity, [-90.0, 17.3], rtol=0.01)
    # With exact derivatives throughout, it is the continuum's.
    smooth = replace(found, drift_gyration=None, drift_dissipation=None)
    continuum = moved(smooth, -100 / float(found.drift_per_current))
    np.testing.assert_allclose(continuum, [-92.5, 17.8], rtol=0.001)


def test_tensors_of_a_known_texture():
    """A wall of radius R and width w has D = 2 pi (R / w + w / R), for R well above w, and S = pi^2 R."""
    run = artificial.skyrmions([[128e-9, 128e-9]], extent=(256e-9, 256e-9), radius=40e-9, wall_width=5e-9)
    found = texture_tensors(run.m.values[0], run.x.values, run.y.values, (128e-9, 128e-9), 80e-9)
    assert found.gyration == pytest.approx(-4 * np.pi, rel=1e-4)
    np.testing.assert_allclose(found.dissipation, 2 * np.pi * (8 + 1 / 8) * np.eye(2), rtol=0.005, atol=1e-3)
    assert abs(found.spin_orbit[0, 1]) == pytest.approx(np.pi**2 * 40e-9, rel=0.01)
    assert found.spin_orbit[1, 0] == pytest.approx(-found.spin_orbit[0, 1], rel=1e-6)
    # The engines' difference is weaker, as in a wall: by s^2 / 6, s = 2 / 5, to the lowest order.
    weaker = found.drift_dissipation[0, 0] / found.dissipation[0, 0]
    assert weaker == pytest.approx(1 - 0.4**2 / 6, abs=0.01)


@rows("helicity", [0.0, np.pi / 2, np.pi])
def test_the_helicity_turns_the_spin_orbit_force(helicity):
    run = artificial.skyrmions([[64e-9, 64e-9]], extent=(128e-9, 128e-9), helicity=helicity)
    found = texture_tensors(run.m.values[0], run.x.values, run.y.values, (64e-9, 64e-9), 50e-9).spin_orbit
    turned = np.array([[found[0, 0], found[0, 1]], [found[1, 0], found[1, 1]]])
    size = np.hypot(found[0, 0], found[0, 1])
    assert size > 5e-8
    np.testing.assert_allclose(turned, [[found[0, 0], found[0, 1]], [-found[0, 1], found[0, 0]]], atol=1e-6 * size)
    expected = size * np.array([np.sin(helicity), np.cos(helicity)])
    np.testing.assert_allclose(np.abs(found[0, :2]), np.abs(expected), atol=1e-6 * size)


@pytest.mark.parametrize(("edit", "message"), [({"reach": 1e-10}, "no magnet lies within"), ({}, "at least two")])
def test_bad_textures_are_refused(edit, message):
    run = artificial.skyrmions([[64e-9, 64e-9]], extent=(128e-9, 128e-9))
    m, y = run.m.values[0], run.y.values
    if not edit:
        m, y = m[:, :1], y[:1]
    with pytest.raises(ValueError, match=message):
        texture_tensors(m, run.x.values, y, (64e-9, 64e-9), **({"reach": 5e-8} | edit))


def test_free_skyrmions_diffuse_as_the_theorem_says():
    times, tracks = np.linspace(0, 10e-9, 101), 400
    paths = follow_tracks(FILM, times, [None] * tracks, positions=(0.0, 0.0), temperature=300.0, seed=1)
    moved = np.diff(paths[:, :, 0], axis=1)
    measured = (moved**2).mean() / (2 * times[1])
    error = measured * np.sqrt(2 / moved.size)
    damped = 0.3 * 17
    per_force = float(FILM.gamma0) / (constants.mu_0 * 5.8e-4)
    expected = constants.k * 300 * per_force * damped / ((4 * np.pi) ** 2 + damped**2)
    assert measured == pytest.approx(expected, abs=3 * error)
    assert error < 0.01 * expected
    assert float(FILM.diffusion_per_kelvin) * 300 == pytest.approx(expected, rel=1e-12)


def test_a_hot_skyrmion_in_a_well_has_the_energy_of_equipartition():
    well = PinningSites(places=[[0.0, 0.0]], depth=[1e-18], width=[40e-9])
    times = np.linspace(0, 60e-9, 61)
    paths = follow_tracks(
        replace(FILM, force=well), times, [None] * 200, positions=(0.0, 0.0), temperature=300.0, seed=2
    )
    late = paths[:, 20:, 0]
    mean = (late**2).mean() * 1e-18 / (40e-9) ** 2
    assert mean == pytest.approx(constants.k * 300, rel=0.06)


@pytest.mark.slow
def test_heat_near_an_edge_keeps_to_the_smaller_dissipation():
    """Where D falls to a half, diffusion is that of half the D: noise and damping go together."""
    halved = NearEdge(-1.0, 1.0, distances=[0.9, 1.1], dissipation=[0.5, 0.5], spin_orbit=[1.0, 1.0])
    found = [
        follow_tracks(film, [0, 1e-10], [None] * 4000, positions=(0.0, 0.0), temperature=300.0, seed=4)[:, -1, 0]
        for film in (replace(FILM, near_edge=halved), replace(FILM, dissipation=FILM.dissipation / 2))
    ]
    one, other = ((each**2).mean() for each in found)
    assert one == pytest.approx(other, rel=1e-6)


def test_along_an_edge_the_drift_is_beta_over_alpha():
    """Iwasaki, Mochizuki and Nagaosa (2013): with v_y = 0 the velocity is beta u / alpha, whatever the edge."""
    track = replace(FILM, beta=0.1, drift_per_current=-9.0, force=EDGES)
    path = follow_skyrmions(track, [0, 40e-9, 41e-9], _constant(1.0), positions=(0.0, 30e-9))[:, 0]
    np.testing.assert_allclose((path[2] - path[1]) / 1e-9, [-3.0, 0.0], atol=1e-3)


def test_forces_add_up_and_edges_have_their_largest_force_where_they_say():
    s = np.linspace(1e-9, 30e-9, 2901)
    forces = np.asarray(EDGES.away(s))
    assert s[forces.argmax()] == pytest.approx(14e-9, abs=1e-11)
    assert forces.max() == pytest.approx(5e-13, rel=1e-6)
    places = np.array([[0.0, 20e-9], [10e-9, 40e-9]])
    site = PinningSites(places=[[0.0, 30e-9]], depth=[1e-20], width=[10e-9])
    both = ForceSum((EDGES, site))
    np.testing.assert_allclose(both.force(places), EDGES.force(places) + site.force(places))
    near = NearEdge(0.0, 60e-9, [15e-9, 25e-9], [0.9, 1.0], [0.8, 1.0])
    np.testing.assert_allclose(near.factors(places), [[0.95, 0.95], [0.9, 0.9]], rtol=1e-6)


@pytest.mark.slow
def test_the_model_and_find_skyrmions_speak_of_the_same_diffusion():
    times = np.linspace(0, 2e-9, 41)
    paths = follow_tracks(FILM, times, [None], positions=(128e-9, 64e-9), temperature=3000.0, seed=3)[0]
    found = diffusion(find_skyrmions(artificial.skyrmions(paths, t=times)))
    expected = 3000 * float(FILM.diffusion_per_kelvin)
    assert float(found.mean_diffusion) == pytest.approx(expected, abs=3 * float(found.mean_diffusion_error))


def test_bad_questions_are_refused():
    with pytest.raises(ValueError, match="temperature = -1"):
        follow_tracks(FILM, [0, 1e-9], [None], positions=(0, 0), temperature=-1)
    with pytest.raises(ValueError, match="positions has the shape"):
        follow_tracks(FILM, [0, 1e-9], [None], positions=np.zeros((2, 1, 2)))
    run = artificial.skyrmions([[60e-9, 64e-9]])
    tensors = texture_tensors(run.m.values[0], run.x.values, run.y.values, (60e-9, 64e-9), 40e-9)
    with pytest.raises(ValueError, match="torques has 'field'"):
        thiele_from_texture(tensors, Material(name="film", Ms=5e5, A=1e-11, alpha=0.1), 1e-9, ("field",))


def test_a_skyrmion_that_an_edge_has_let_go_does_not_come_back():
    expulsion = Expulsion(steady=5e11, distance=14e-9, opens=12e-9, current=6e11)
    y = np.array([30.0, 45.0, 49.0, 40.0]) * 1e-9
    path = np.stack([np.arange(4.0) * 1e-9, y], axis=-1)
    for paths in (path, path[:, None]):
        held = expulsion.let_go(paths, (0.0, 60e-9))
        assert np.isfinite(held[:2]).all()
        assert np.isnan(held[2:]).all()
    np.testing.assert_array_equal(expulsion.let_go(path, (0.0, 70e-9)), path)
