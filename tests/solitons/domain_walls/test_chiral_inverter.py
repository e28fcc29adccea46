"""Where a chiral inverter works: against the force balance, the first integral and a rigid wall."""

import math

import numpy as np
import pytest
from rows import rows
from scipy import constants
from scipy.integrate import quad
from scipy.optimize import minimize_scalar

from geometries import HeavyMetal, Material, Part, Stripe
from geometries.domain_walls import chiral_inverter
from geometries.domain_walls.chiral_logic import stage_parts
from solitons.domain_walls import inverter_window
from solitons.domain_walls.chiral_inverter import largest_held_drive

FILM = Material(name="film", Ms=9e5, A=1.6e-11, Ku=7.1e5, D=1.5e-3, alpha=0.3, spin_hall_angle=0.1)
SIZES = {"region_length": 24e-9, "width": 32e-9, "thickness": 1.5e-9, "cell": (4e-9, 4e-9, 1.5e-9)}
INVERTER = chiral_inverter(1, before=-1, region_anisotropy=5.1e5, **SIZES)


@pytest.mark.parametrize("walls", [1, 2])
@pytest.mark.parametrize(("length", "ratio"), [(0.5, 0.5), (2.8, 0.09), (5.0, -0.4)])
def test_no_region_holds_more_than_the_change_of_its_anisotropy(walls, length, ratio):
    held = largest_held_drive(walls, length, ratio)
    assert 0.15 * (1 - ratio) / (walls * math.pi) < held < (1 - ratio) / (walls * math.pi)


def shortest_region(drive, ratio):
    """The shortest region over Delta in which one wall rests, by the first integral of the equation for theta."""
    domain, change = math.asin(drive) / 2, 1 - ratio

    def length(right):
        left = math.pi - math.asin(math.sqrt(math.sin(right) ** 2 - math.pi * drive / change))
        constant = drive * domain - math.sin(domain) ** 2 + change * math.sin(right) ** 2
        return quad(lambda a: (ratio * math.sin(a) ** 2 - drive * a + constant) ** -0.5, right, left)[0]

    least = math.asin(math.sqrt(math.pi * drive / change))
    return minimize_scalar(length, bounds=(least + 1e-6, math.pi - least - 1e-6), method="bounded").fun


@pytest.mark.parametrize(("length", "ratio"), [(0.7, 0.5), (1.0, -0.4), (1.5, 0.1)])
def test_one_wall_is_held_up_to_where_the_first_integral_ends(length, ratio):
    assert shortest_region(largest_held_drive(1, length, ratio), ratio) == pytest.approx(length, rel=0.02)


def test_a_weak_region_holds_a_rigid_wall_and_half_as_much_for_two():
    q = np.linspace(0, 3, 601)
    rigid = 0.02 / math.pi * np.max(np.cosh(q - 1) ** -2 - np.cosh(q + 1) ** -2)
    assert largest_held_drive(1, 2.0, 0.98) == pytest.approx(rigid, rel=0.02)
    # Two walls repel each other, so that the second does not come near and pushes with its whole drive.
    assert largest_held_drive(2, 2.0, 0.98) == pytest.approx(rigid / 2, rel=0.02)


def test_weak_long_and_short_regions_hold_walls_too(monkeypatch):
    """Where a weak drive does not bring walls to their rest in time, or is already too strong, 0 would be wrong."""
    monkeypatch.setattr("solitons.domain_walls.chiral_inverter._LONGEST", 3000)
    assert largest_held_drive(2, 20.0, 0.9) == pytest.approx(0.1 / (2 * math.pi), rel=0.01)
    rigid = max(math.cosh(q - 0.05) ** -2 - math.cosh(q + 0.05) ** -2 for q in np.linspace(0, 2, 201))
    assert largest_held_drive(1, 0.1, 0.9) == pytest.approx(0.1 / math.pi * rigid, rel=0.02)


def test_in_a_long_region_without_anisotropy_m_turns_over_and_over():
    assert largest_held_drive(1, 25.0, 0.0) < largest_held_drive(1, 3.0, 0.0) / 2


def test_the_bound_does_not_depend_on_the_stray_field():
    window = inverter_window(INVERTER, FILM)
    drive = constants.hbar * 0.1 / (2 * constants.e * INVERTER.thickness)
    assert window.bound == pytest.approx(2e5 / (math.pi * drive))
    assert window.interaction == pytest.approx(math.pi * FILM.D / 4 * window.wall_width / FILM.A)
    assert 0 < window.lowest < window.bound / 2 < window.highest < window.bound
    turned = inverter_window(INVERTER, FILM.model_copy(update={"D": -FILM.D}))
    assert turned.highest == pytest.approx(-window.highest)
    assert not turned._replace(coupling=-1e-4).is_open


def test_the_coupling_is_the_dmi_of_half_turns_less_a_wall_with_less_anisotropy_in_its_middle():
    window = inverter_window(INVERTER, FILM)
    (region,) = stage_parts(INVERTER)
    x = np.linspace(-20, 20, 40_001) * window.wall_width
    theta = 2 * np.arctan(np.exp(x / window.wall_width))
    anisotropy = FILM.A / window.wall_width**2
    lower = (FILM.Ku - region.Ku) * (np.abs(x) < (region.x[1] - region.x[0]) / 2)
    density = FILM.A * np.gradient(theta, x) ** 2 + (anisotropy - lower) * np.sin(theta) ** 2
    expected = math.pi * FILM.D - np.trapezoid(density, x)
    assert window.coupling == pytest.approx(expected, abs=2e-3 * math.pi * FILM.D)


def test_a_weak_interaction_couples_domains_parallel():
    weak = inverter_window(INVERTER, FILM.model_copy(update={"D": 1e-3}))
    assert weak.coupling < 0
    assert not weak.is_open
    assert weak.coupling == pytest.approx(inverter_window(INVERTER, FILM).coupling - math.pi * 0.5e-3)


@rows(
    ("device", "material", "words"),
    [
        (Stripe.example(), FILM, "make it with chiral_inverter"),
        (chiral_inverter(1, region_anisotropy=8e5), FILM, "below that of the film"),
        (INVERTER, FILM.model_copy(update={"D": 0.0}), "give the material D and spin_hall_angle"),
        (
            INVERTER.model_copy(update={"parts": (INVERTER.parts[0].model_copy(update={"y": (0.0, 16e-9)}),)}),
            FILM,
            "the region makes the stripe uneven",
        ),
        (
            INVERTER.model_copy(update={"parts": (*INVERTER.parts, Part(name="soft", x=(0.0, 20e-9), Ku=5e5))}),
            FILM,
            "soft makes the stripe uneven",
        ),
        (INVERTER, FILM.model_copy(update={"Ku": 5.05e5}), "below that of the film"),
        (chiral_inverter(1, region_anisotropy=3e5), FILM.model_copy(update={"Ku": 4.5e5}), "in the plane of the film"),
        (
            INVERTER.model_copy(update={"terminals": (HeavyMetal(name="metal", direction=(0, 1, 0)),)}),
            FILM,
            "one heavy metal under everything",
        ),
    ],
)
def test_what_is_no_inverter_is_refused(device, material, words):
    with pytest.raises(ValueError, match=words):
        inverter_window(device, material)


@rows("values", [(0, 1.0, 0.5), (1, 0.0, 0.5), (1, 1.0, 1.0)])
def test_arguments_out_of_range_are_refused(values):
    with pytest.raises(ValueError, match="give 1 wall or more"):
        largest_held_drive(*values)
