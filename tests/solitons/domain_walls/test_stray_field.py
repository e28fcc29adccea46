"""The stray field of a wall in its stripe: closed forms of its limits, and the native engine's demagnetising field."""

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest
from rows import rows
from scipy import constants

import runs.native as nc
from solitons.domain_walls.stray_field import stripe_factors, tilted_wall_factors, wall_factors


@rows(("thickness", "stripe_width"), [(1e-9, 32e-9), (4e-9, 64e-9), (5e-9, 5e-9), (30e-9, 10e-9)])
def test_a_uniform_stripe_is_an_endless_bar(thickness, stripe_width):
    # W. F. Brown, Magnetostatic Principles in Ferromagnetism (North-Holland, 1962), of a rectangular section.
    p = thickness / stripe_width
    expected = ((1 - p**2) / (2 * p) * np.log(1 + p**2) + p * np.log(p) + 2 * np.arctan(1 / p)) / np.pi
    found = [float(each[0]) for each in stripe_factors([0.0], thickness, stripe_width)]
    np.testing.assert_allclose(found, [0.0, 1 - expected, expected], atol=1e-6)


def test_short_waves_meet_a_face():
    # Of what varies within less than the thickness along x the charges are all inside: m_x meets itself.
    n_x, n_y, n_z = stripe_factors([1e12], 5e-9, 50e-9)
    np.testing.assert_allclose([*n_x, *n_y, *n_z], [1.0, 0.0, 0.0], atol=1e-3)


@pytest.mark.parametrize("width", [4e-9, 9e-9])
def test_a_wall_in_a_thin_film_has_mougins_factor(width):
    found = wall_factors(width, 2e-11, 1e-4)
    assert found.n_x == pytest.approx(2e-11 * np.log(2) / (np.pi * width), rel=3e-3)
    assert found.n_y < 1e-6
    # Two domains gain by the way in which their fields close, which goes with the thickness too.
    assert found.n_z == pytest.approx(-1.0, abs=0.02)


def energy_of(width, angle, *, cell, length=240e-9, thickness=2e-9, stripe_width=24e-9):
    """Demagnetising energy of a wall that is drawn into cells, over mu0 Ms^2 S / 2, in m."""
    region = df.Region(p1=(0, 0, 0), p2=(length, stripe_width, thickness))
    mesh = df.Mesh(region=region, cell=(cell, 4e-9, thickness))

    def moment(point):
        s = (point[0] - length / 2 - cell / 4) / width
        return np.cos(angle) / np.cosh(s), np.sin(angle) / np.cosh(s), np.tanh(s)

    system = mm.System(name="wall", energy=mm.Demag(), m=df.Field(mesh, nvdim=3, value=moment, norm=6e5))
    return nc.compute(system.energy.energy, system) / (constants.mu_0 * 6e5**2 / 2 * thickness * stripe_width)


@pytest.mark.parametrize(("width", "cell"), [(6e-9, 4e-9), (9e-9, 4e-9)])
def test_the_native_engine_finds_the_same(width, cell):
    neel, bloch, wider = (
        energy_of(width, 0.0, cell=cell),
        energy_of(width, np.pi / 2, cell=cell),
        energy_of(1.2 * width, np.pi / 2, cell=cell),
    )
    one, other = (wall_factors(each, 2e-9, 24e-9, cell) for each in (width, 1.2 * width))
    assert neel - bloch == pytest.approx(2 * width * (one.n_x - one.n_y), rel=0.01)
    gain = 2 * width * (one.n_y + one.n_z)
    assert wider - bloch == pytest.approx(2 * 1.2 * width * (other.n_y + other.n_z) - gain, rel=0.01)
    # In cells a Neel wall's charges are sharper.
    assert one.n_x > 1.05 * wall_factors(width, 2e-9, 24e-9).n_x


def test_a_tilted_wall_of_a_film_is_a_straight_one_turned():
    # Where the stripe's edges are far away only the wall's normal counts, which is turned by -chi.
    width, thickness, across, tilt = 6e-9, 2e-11, 1e-4, 0.3
    straight = tilted_wall_factors(width, thickness, across, 0.0)
    tilted = tilted_wall_factors(width, thickness, across, tilt)
    cosine, sine = np.cos(tilt), np.sin(tilt)
    assert tilted.n_x == pytest.approx(straight.n_x * cosine**2, rel=2e-3)
    assert tilted.n_y == pytest.approx(straight.n_x * sine**2 + straight.n_y, rel=2e-3)
    assert tilted.n_xy == pytest.approx(-straight.n_x * sine * cosine, rel=2e-3)


@pytest.mark.parametrize("cell", [0.0, 4e-9])
def test_a_line_that_is_not_tilted_is_straight(cell):
    straight, other = (
        each(6e-9, 1e-9, 32e-9, *rest) for each, rest in ((wall_factors, (cell,)), (tilted_wall_factors, (0.0, cell)))
    )
    assert (other.n_x, other.n_y, other.n_z) == pytest.approx((straight.n_x, straight.n_y, straight.n_z), abs=3e-5)
    assert other.n_xy == 0.0
