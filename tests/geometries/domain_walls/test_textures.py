"""Textures: analytic walls at the places and with the senses asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows import rows

from geometries.domain_walls.textures import PlacedWall, head_to_head, up_down

X = (np.arange(256) + 0.5) * 2e-9
Y = (np.arange(32) + 0.5) * 2e-9
TOP = 64e-9


def walls(kind, positions, first_domain=1, sign=1, width=5e-9, polarity=1):
    return [
        PlacedWall(kind, position, width, sign, polarity, first_domain * (-1) ** k, 0.0, TOP)
        for k, position in enumerate(positions)
    ]


def zero_crossings(component):
    """Positions where a component changes sign, to a fraction of a cell, and the sign before."""
    (i,) = np.nonzero(np.diff(np.sign(component)))
    fraction = component[i] / (component[i] - component[i + 1])
    return X[i] + fraction * (X[i + 1] - X[i]), np.sign(component[i])


@rows("first_domain", [1, -1])
@rows("positions", [[], [250.3e-9], [101.2e-9, 203.7e-9, 400e-9]])
def test_up_down_walls_are_where_they_were_put_and_domains_alternate(positions, first_domain):
    m = up_down(X, walls("bloch", positions, first_domain), first_domain)
    found, before = zero_crossings(m[:, 2])
    np.testing.assert_allclose(found, positions, atol=0.02 * 2e-9)
    np.testing.assert_array_equal(before, [first_domain * (-1) ** k for k in range(len(positions))])
    assert m[0, 2] == pytest.approx(first_domain, abs=1e-6)


@rows("sign", [1, -1])
@rows(("kind", "component", "other"), [("bloch", 1, 0), ("neel", 0, 1)])
def test_the_sense_of_an_up_down_wall_is_its_in_plane_moment(kind, component, other, sign):
    m = up_down(X, walls(kind, [257e-9], sign=sign), 1)
    profile = sign / np.cosh((X - 257e-9) / 5e-9)
    np.testing.assert_allclose(m[:, component], profile, atol=1e-7)
    assert not m[:, other].any()


@rows("sign", [1, -1])
@rows("first_domain", [1, -1])
def test_transverse_walls_turn_through_their_sense(first_domain, sign):
    placed = walls("transverse", [150e-9, 350e-9], first_domain, sign, width=10e-9)
    m = head_to_head(X, Y, placed, first_domain, 5e-9)
    found, before = zero_crossings(m[:, 16, 0])
    np.testing.assert_allclose(found, [150e-9, 350e-9], atol=0.02 * 2e-9)
    np.testing.assert_array_equal(before, [first_domain, -first_domain])
    at_walls = m[np.searchsorted(X, [150e-9, 350e-9]), 16, 1]
    np.testing.assert_allclose(at_walls, sign, atol=0.02)
    assert not m[..., 2].any()


@rows("first_domain", [1, -1])
@rows("circulation", [1, -1])
@rows("polarity", [1, -1])
def test_a_vortex_wall_circulates_closes_its_flux_and_has_a_core(first_domain, circulation, polarity):
    centre, middle = 256e-9, TOP / 2
    placed = walls("vortex", [centre], first_domain, circulation, TOP / np.pi, polarity)
    m = head_to_head(X, Y, placed, first_domain, 5e-9)

    azimuth = 2 * np.pi * np.arange(64) / 64
    ring_x = np.searchsorted(X, centre + 16e-9 * np.cos(azimuth)) - 1
    ring_y = np.searchsorted(Y, middle + 16e-9 * np.sin(azimuth)) - 1
    tangential = -np.sin(azimuth) * m[ring_x, ring_y, 0] + np.cos(azimuth) * m[ring_x, ring_y, 1]
    assert np.all(circulation * tangential > 0.5)

    assert polarity * m[127:129, 15:17, 2].mean() > 0.9
    # Parallel to the edges but within a few cells of the edge defects.
    assert np.mean(np.abs(m[:, [0, -1], 1]) < 0.2) > 0.9
    np.testing.assert_allclose(m[0, :, 0], first_domain, atol=1e-4)
    np.testing.assert_allclose(m[-1, :, 0], -first_domain, atol=1e-4)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_defects_of_a_vortex_wall_are_pi_widths_apart(sign):
    # m along an edge turns over where it meets its half vortex.
    centre, width = 256e-9, 20e-9
    m = head_to_head(X, np.array([1e-12, TOP - 1e-12]), walls("vortex", [centre], 1, sign, width), 1, 5e-9)
    bottom, top = (X[np.flatnonzero(np.diff(np.sign(m[:, row, 0])))[0]] for row in (0, 1))
    assert bottom - top == pytest.approx(sign * np.pi * width, abs=2 * (X[1] - X[0]))


@given(
    st.lists(st.sampled_from(["transverse", "vortex"]), max_size=3),
    st.sampled_from([1, -1]),
    st.sampled_from([1, -1]),
)
def test_head_to_head_vectors_are_unit_vectors_and_domains_alternate(kinds, first_domain, sign):
    placed = [
        PlacedWall(kind, 100e-9 + 150e-9 * k, 15e-9, sign, 1, first_domain * (-1) ** k, 0.0, TOP)
        for k, kind in enumerate(kinds)
    ]
    m = head_to_head(X, Y, placed, first_domain, 5e-9)
    np.testing.assert_allclose(np.linalg.norm(m, axis=-1), 1, atol=1e-12)
    between = np.searchsorted(X, [15e-9 + 150e-9 * k for k in range(len(kinds) + 1)])
    expected = [first_domain * (-1) ** k for k in range(len(kinds) + 1)]
    np.testing.assert_array_equal(np.sign(m[between, 16, 0]), expected)


@given(st.lists(st.floats(0, 500e-9), max_size=4, unique=True), st.sampled_from([1, -1]))
def test_up_down_vectors_are_unit_vectors(positions, first_domain):
    m = up_down(X, walls("neel", sorted(positions), first_domain), first_domain)
    np.testing.assert_allclose(np.linalg.norm(m, axis=-1), 1, atol=1e-12)
