"""A pillar's numbers as one moment: demagnetising factors, barrier and critical current against other sources."""

import itertools
import math

import numpy as np
import pytest
from scipy import constants, integrate, special

from geometries import Material, Pillar, demagnetising_factors, pillar_macrospin
from geometries.pillar.demagnetisation import axial_factor

BARRIER = {"resistance_area": "10 ohm um^2", "tmr": "100 %", "polarisation": 0.5}
FILM = Material(name="film", Ms=1e6, A=1.5e-11, Ku=8e5, alpha=0.01)
SOFT = Material(name="soft", Ms=8e5, A=1.3e-11, alpha=0.02)


def disc(**keys):
    sizes = {"length": 40e-9, "thickness": 1e-9, "cell": (2e-9, 2e-9, 1e-9), "fixed_layer": "up", "barrier": BARRIER}
    return Pillar(**sizes | keys)


@pytest.mark.parametrize("tau", [0.5, 2.0, 10.0])
def test_the_axial_factor_is_that_of_the_integral_over_wave_vectors(tau):
    # N_z = 2 int J1(q)^2 / q (1 - exp(-q tau)) / (q tau) dq, without elliptic integrals. J1^2 is 1 / (pi q) on average
    # far out, which gives what is left out behind the last edge.
    def integrand(q):
        return special.j1(q) ** 2 / q * -math.expm1(-q * tau) / (q * tau)

    edges = np.concatenate([[0], special.jn_zeros(1, 200)])
    total = sum(integrate.quad(integrand, low, high)[0] for low, high in itertools.pairwise(edges))
    total += 1 / (2 * math.pi * tau * edges[-1] ** 2)
    assert float(axial_factor(tau)) == pytest.approx(2 * total, abs=1e-6)


def test_demagnetising_factors_have_their_limits():
    flat = demagnetising_factors(1e-6, 5e-7, 1e-12)
    np.testing.assert_allclose(flat, (0, 0, 1), atol=2e-5)
    # An infinite cylinder of elliptic cross-section: N_x = b / (a + b).
    np.testing.assert_allclose(demagnetising_factors(3e-9, 1e-9, 2e-5), (0.25, 0.75, 0), atol=1e-4)
    # A cylinder as long as wide: 0.3116 along its axis (Chen, Brug and Goldfarb, table I).
    assert demagnetising_factors(1e-8, 1e-8, 1e-8)[2] == pytest.approx(0.3116, abs=5e-5)
    with pytest.raises(ValueError, match="thickness = 0 m must be above 0"):
        demagnetising_factors(1e-8, 1e-8, 0)


def test_a_perpendicular_disc_has_the_textbook_barrier_and_current():
    one = pillar_macrospin(disc(), FILM, temperature=300)
    x, _, z = one.demagnetising_factors
    k_eff = 8e5 - 0.5 * constants.mu_0 * 1e12 * (z - x)
    assert one.easy_axis == (0, 0, 1)
    assert one.barrier == pytest.approx(k_eff * math.pi / 4 * 40e-9**2 * 1e-9, rel=1e-6)
    assert one.thermal_stability == pytest.approx(one.barrier / (constants.k * 300), rel=1e-9)
    # I_c = 4 e alpha E_b / (hbar P).
    assert one.critical_current == pytest.approx(
        4 * constants.e * 0.01 * one.barrier / (constants.hbar * 0.5), rel=1e-6
    )


def test_an_ellipse_in_its_plane_has_the_textbook_barrier_and_current():
    device = disc(length=100e-9, width=50e-9, thickness=2e-9, cell=(2e-9, 2e-9, 2e-9), fixed_layer="left")
    one = pillar_macrospin(device, SOFT)
    x, y, z = one.demagnetising_factors
    assert one.easy_axis == (1, 0, 0)
    assert one.barrier == pytest.approx(0.5 * constants.mu_0 * 8e5**2 * (y - x) * one.volume, rel=1e-6)
    # J_c = (2 e / hbar) (alpha / P) mu0 Ms t (H_k + M_eff / 2), with H_k = (N_y - N_x) Ms.
    field = 8e5 * (y - x) / 2 + 8e5 * (z - x) / 2
    expected = 2 * constants.e / constants.hbar * 0.02 / 0.5 * constants.mu_0 * 8e5 * 2e-9 * field
    assert one.critical_current_density == pytest.approx(expected, rel=1e-6)


def test_factors_may_be_those_of_the_cells():
    given = pillar_macrospin(disc(), FILM, factors=(0.1, 0.2, 0.7))
    assert given.demagnetising_factors == (0.1, 0.2, 0.7)
    towards_x, towards_y = (2 * (8e5 / (constants.mu_0 * 1e6) - 0.5e6 * (0.7 - n)) for n in (0.1, 0.2))
    np.testing.assert_allclose(given.anisotropy_fields, (towards_x, towards_y), rtol=1e-6)


def test_a_polariser_across_the_easy_axis_has_no_critical_current():
    assert pillar_macrospin(disc(fixed_layer="right"), FILM).critical_current_density == math.inf
    half = pillar_macrospin(disc(fixed_layer=(0, math.sqrt(3), 1)), FILM).critical_current_density
    assert half == pytest.approx(2 * pillar_macrospin(disc(), FILM).critical_current_density)


@pytest.mark.parametrize(
    ("keys", "material", "message"),
    [
        ({"parts": [{"name": "half", "x": (0, 20e-9), "Ms": 5e5}]}, FILM, "has 1 parts, and a macrospin has one"),
        ({}, SOFT, "has no easy axis, but a plane in which m turns freely"),
        ({"terminals": [{"kind": "heavy_metal", "name": "junction"}]}, FILM, "is 'heavy_metal'"),
        ({"terminals": [{"kind": "heavy_metal", "name": "metal"}]}, FILM, "'junction' is no terminal of this pillar"),
    ],
)
def test_what_has_no_such_numbers_is_refused(keys, material, message):
    with pytest.raises(ValueError, match=message):
        pillar_macrospin(disc(**keys), material)


def test_a_temperature_of_0_is_refused():
    with pytest.raises(ValueError, match="temperature = 0 K must be above 0"):
        pillar_macrospin(disc(), FILM, temperature=0)
