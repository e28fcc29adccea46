"""Thiele's bubbles against the demagnetising factors of cylinders, which other authors derived."""

import numpy as np
import pytest

from analysis import artificial
from analysis.observables import NotInThisRun, SeenRun, observables
from analysis.skyrmions.bubbles import CylindricalBubble, elliptical_stability, radial_stability, wall_force
from geometries import Material, Notch, SkyrmionTrack
from geometries.demagnetisation import axial_factor, demagnetising_factors
from geometries.materials import MU0
from runs import Protocol, Relax, Rest

X = np.array([0.3, 1.0, 3.0, 8.0])
MS, THICKNESS = 4e5, 100e-9
FILM = Material(name="film", Ms=MS, A=1e-11, Ku=2.513e5, alpha=0.5)


def bubble(length_over_thickness, size=None):
    return CylindricalBubble(MS, length_over_thickness * THICKNESS * MU0 * MS**2, THICKNESS, size)


def test_the_force_on_the_wall_is_the_slope_of_the_energy_of_a_cylinder():
    """A domain turned over costs 2 mu0 Ms^2 V (N - 1): V is its volume, N the factor of Chen, Brug and Goldfarb."""

    def energy(x):  # over 2 mu0 Ms^2 h^3
        return (axial_factor(2 / x) - 1) * np.pi * x**2 / 4

    step = 1e-4 * X
    slope = (energy(X + step) - energy(X - step)) / (2 * step)
    assert wall_force(X) == pytest.approx(-2 / np.pi * slope, rel=1e-6)
    of_force = (wall_force(X + step) - wall_force(X - step)) / (2 * step)
    assert radial_stability(X) == pytest.approx(wall_force(X) - X * of_force, rel=1e-6)


@pytest.mark.parametrize("x", X)
def test_an_ellipse_costs_what_the_factors_of_elliptical_cylinders_give(x):
    """At a constant area, a = r e^s, b = r e^-s: the wall adds 3 pi r h sigma s^2 / 2, the factor its curvature."""
    step = 0.02
    factors = [demagnetising_factors(x * np.exp(s), x * np.exp(-s), 1.0)[2] for s in (-step, 0.0, step)]
    curvature = (factors[0] - 2 * factors[1] + factors[2]) / step**2
    assert elliptical_stability(x) == pytest.approx(-x / 3 * curvature, rel=2e-3)


def test_a_bubble_lives_between_its_limits_and_nowhere_else():
    plate = bubble(0.25)
    largest, smallest = plate.collapse(), plate.strip_out()
    assert radial_stability(largest.diameter / THICKNESS) == pytest.approx(0.25, rel=1e-4)
    assert elliptical_stability(smallest.diameter / THICKNESS) == pytest.approx(0.25, rel=1e-9)
    middle = (largest.field + smallest.field) / 2
    assert largest.diameter < plate.diameter(middle) < smallest.diameter
    assert plate.field(plate.diameter(middle)) == pytest.approx(middle)
    with pytest.raises(ValueError, match=r"above .*, where the bubble collapses"):
        plate.diameter(1.01 * largest.field)
    with pytest.raises(ValueError, match=r"below .*, where the bubble runs out into a stripe"):
        plate.diameter(0.99 * smallest.field)
    with pytest.raises(ValueError, match="there is no bubble smaller than"):
        bubble(5.0).collapse()


def test_the_edges_field_is_what_the_charges_of_the_faces_lack():
    size, diameter = (600e-9, 400e-9), 150e-9
    x, y = ((np.arange(300) + 0.5) / 300 * length for length in size)
    charges = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
    field = []
    for angle in np.arange(8) * np.pi / 4:
        wall = np.array(size) / 2 + diameter / 2 * np.array([np.cos(angle), np.sin(angle)])
        square = ((charges - wall) ** 2).sum(axis=1)
        for z in (np.arange(20) + 0.5) / 20 * THICKNESS:
            from_faces = sum((c / (square + c**2) ** 1.5).sum() for c in (z, THICKNESS - z))
            field.append(MS * (1 - from_faces * (x[1] - x[0]) * (y[1] - y[0]) / (4 * np.pi)))
    assert bubble(0.3, size).edge_field(diameter) == pytest.approx(np.mean(field), rel=0.01)
    assert bubble(0.3, (1e-3, 1e-3)).edge_field(diameter) == pytest.approx(0, abs=2e-4 * MS)


@pytest.fixture
def film(make_spec):
    """A run's spec: a film of 1 um with a bubble, in 60 kA/m."""
    track = SkyrmionTrack(
        path={"kind": "straight", "length": 1e-6}, width=1e-6, thickness=THICKNESS, cell=(5e-9, 5e-9, THICKNESS),
        skyrmions=[{"position": (5e-7, 5e-7), "radius": 1e-7, "width": 8e-9}], terminals=(),
    )  # fmt: skip
    protocol = Protocol(steps=[Relax(), Rest(duration=1e-11)], sampling_interval=1e-11, static_field=(0, 0, 6e4))
    return make_spec(device=track, material=FILM, protocol=protocol)


def read(name, spec, field):
    run = artificial.skyrmions([[[128e-9, 128e-9]]], extent=(256e-9, 256e-9), radius=80e-9)
    run["applied_field"] = ("t", "vdims"), [[0.0, 0.0, field]], {"units": "A/m"}
    return observables()[name].measure(SeenRun(spec, run))


def test_a_sweep_reads_the_diameter_and_its_theory_in_the_last_field(film):
    assert read("skyrmion_count", film, 6e4) == 1
    assert read("skyrmion_diameter", film, 6e4) == pytest.approx(160e-9, rel=0.01)
    energy = 4 * np.sqrt(FILM.A * FILM.Ku)
    plate = CylindricalBubble(MS, energy, THICKNESS, (1e-6, 1e-6))
    assert read("thiele_diameter", film, 6e4) == pytest.approx(plate.diameter(6e4))
    with pytest.raises(NotInThisRun, match="where the bubble collapses"):
        read("thiele_diameter", film, 3e5)
    chiral = film.model_copy(update={"material": FILM.model_copy(update={"D": 1e-3})})
    flat = film.model_copy(update={"material": FILM.model_copy(update={"Ku": 0.5e5})})
    notched = film.model_copy(
        update={"device": film.device.model_copy(update={"notches": (Notch(position=5e-7, depth=5e-8, width=1e-7),)})}
    )
    for spec, reason in ((chiral, "D = 0.001 J/m2"), (flat, "Ku above mu0 Ms^2 / 2"), (notched, "has notches")):
        (why,) = filter(None, (need(spec) for need in observables()["thiele_diameter"].needs))
        assert reason in why
