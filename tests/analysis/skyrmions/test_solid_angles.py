import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import rows
from scipy import ndimage

from analysis.skyrmions.solid_angles import charge_of_edges, charge_on_cells, solid_angle
from geometries.skyrmions.profiles import PlacedTexture, superpose

X, Y = (np.arange(48) + 0.5, np.arange(40) + 0.5)


def texture(vorticity=1, inner=0.0, background=1, **changes):
    placed = {"x": 23.3, "y": 19.8, "radius": 7.0, "width": 0.9, "helicity": 0.4} | changes
    return superpose(X, Y, [PlacedTexture(**placed, vorticity=vorticity, inner_radius=inner)], background)


@rows(
    ("vorticity", "inner", "background", "expected"),
    [(1, 0.0, 1, -1), (1, 0.0, -1, 1), (-1, 0.0, 1, 1), (-1, 0.0, -1, -1), (0, 0.0, 1, 0), (1, 3.5, 1, 0)],
)
def test_charge_of_closed_textures_is_a_whole_number(vorticity, inner, background, expected):
    m = texture(vorticity, inner, background).astype(np.float32)
    assert charge_on_cells(m).sum() == pytest.approx(expected, abs=1e-9)
    assert charge_of_edges(m, background) == pytest.approx(0, abs=1e-9)


def test_charge_is_that_of_the_continuum():
    # -1/2 [cos theta] of the profile between r = 0 and the radius: half of the charge is inside m_z = 0.
    m = texture(radius=9.0, width=2.0)
    inside = np.hypot(X[:, None] - 23.3, Y[None] - 19.8) < 9.0
    assert charge_on_cells(m)[inside].sum() == pytest.approx(-0.5, abs=0.03)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1, -1]), st.floats(0.1, 0.5))
def test_edges_and_holes_close_the_charge_of_any_field(seed, pole, holes):
    rng = np.random.default_rng(seed)
    m = ndimage.gaussian_filter(rng.normal(size=(30, 25, 3)), (3, 3, 0))
    m /= np.linalg.norm(m, axis=-1, keepdims=True)
    m[ndimage.gaussian_filter(rng.normal(size=(30, 25)), 2) > holes * 0.3] = np.nan
    total = charge_on_cells(m).sum() + charge_of_edges(m, pole)
    assert total == pytest.approx(round(total), abs=1e-9)


@given(st.floats(0.01, 1.5), st.floats(0.1, 3.0))
def test_solid_angle_of_a_slice(polar, azimuth):
    # Between the pole and two points of one latitude, by l'Huilier's theorem.
    points = np.array(
        [[0, 0, 1], [np.sin(polar), 0, np.cos(polar)], [np.sin(polar) * np.cos(azimuth),
         np.sin(polar) * np.sin(azimuth), np.cos(polar)]]
    )  # fmt: skip
    across = np.arccos(np.clip(points[1] @ points[2], -1, 1))
    half = (2 * polar + across) / 2
    tangents = np.tan(half / 2) * np.tan((half - across) / 2) * np.tan((half - polar) / 2) ** 2
    assert solid_angle(*points) == pytest.approx(4 * np.arctan(np.sqrt(max(tangents, 0))), abs=1e-6)


def test_a_corner_of_a_rough_edge_is_a_triangle():
    m = np.zeros((2, 2, 3))
    m[0, 0], m[1, 0], m[0, 1], m[1, 1] = np.eye(3)[0], np.eye(3)[1], np.eye(3)[2], np.nan
    assert charge_on_cells(m).sum() == pytest.approx(1 / 8)  # an octant of the sphere
