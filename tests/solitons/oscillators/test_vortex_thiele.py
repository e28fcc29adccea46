"""Thiele's equation of a vortex core: closed forms, symmetries, heat, batches, saving."""

import numpy as np
import pytest
from scipy import constants

from solitons import load_model, save_model
from solitons.oscillators.vortex_thiele import VortexThiele

G, R = 3e-13, 1e-7
OMEGA, ETA, TORQUE, OERSTED = 3e9, 0.07, 1.5e-3, 3e-3


def disc(polarity=1, circulation=1, oersted=OERSTED, bend=(0.3, 0.2), reach=0.95, gyrovector=G):
    """A vortex by rates: angular velocity OMEGA (1 + bend s^2) and damping ETA (1 + bend s^2)."""
    return VortexThiele(
        disc_radius=R,
        gyrovector=[gyrovector],
        stiffness=gyrovector * OMEGA * np.array([1.0, bend[0]]),
        oersted_stiffness=[gyrovector * oersted],
        damping=gyrovector * ETA * np.array([1.0, bend[1]]),
        torque=[gyrovector * TORQUE],
        polarity=polarity,
        circulation=circulation,
        reach=reach,
    )


def test_threshold_and_orbit_are_those_of_the_balance_of_damping_and_torque():
    free = disc(oersted=0.0)
    assert free.threshold() == pytest.approx(-OMEGA * ETA / TORQUE)
    # Without the Oersted field: (1 + 0.3 s^2)(1 + 0.2 s^2) = J / J_c.
    for over in (1.05, 1.2, 1.4):
        square = max(np.roots([0.06, 0.5, 1 - over]).real)
        radius, frequency = free.orbit(over * free.threshold())
        assert radius == pytest.approx(R * np.sqrt(square), rel=1e-5)
        # The torque's part of the frequency, of the order of the damping's square, cancels that of the stiffness there.
        assert frequency == pytest.approx(OMEGA * (1 + 0.3 * square) / (2 * np.pi), rel=1e-5)
    assert free.orbit(0.9 * free.threshold())[0] == 0.0
    assert np.isnan(free.orbit(3 * free.threshold())[0])


def test_the_oersted_field_moves_the_threshold_of_one_circulation_up_and_of_the_other_down():
    stiffer, softer = disc(circulation=1), disc(circulation=-1)
    # -J a = ETA (OMEGA -+ J OERSTED).
    assert stiffer.threshold() == pytest.approx(-OMEGA * ETA / (TORQUE - ETA * OERSTED))
    assert softer.threshold() == pytest.approx(-OMEGA * ETA / (TORQUE + ETA * OERSTED))
    assert stiffer.orbit(1.2 * stiffer.threshold())[1] > softer.orbit(1.2 * softer.threshold())[1]


def test_a_mirrored_vortex_turns_the_other_way_under_the_other_current():
    one, other = disc(polarity=1, circulation=1), disc(polarity=-1, circulation=-1)
    place, current = np.array([3e-8, 1e-8]), 1.3 * one.threshold()
    moved, mirrored = one.step(place, current, 1e-9), other.step(place * [1, -1], -current, 1e-9)
    np.testing.assert_allclose(mirrored, moved * [1, -1], rtol=1e-12)
    assert one.rates(3e-8, current)[1] > 0


def test_small_and_large_steps_agree_and_the_equation_is_solved():
    model, current = disc(), 1.4 * disc().threshold()
    place = np.array([2e-8, 0.0])
    coarse = fine = place
    for _ in range(20):
        coarse = model.step(coarse, current, 0.5e-9)
    for _ in range(4000):
        fine = model.step(fine, current, 0.0025e-9)
    np.testing.assert_allclose(np.hypot(*coarse), np.hypot(*fine), rtol=2e-4)
    # p G z x V + D V + (kappa - C J kappa_J) X + J a z x X = 0.
    velocity = (model.step(fine, current, 1e-15) - fine) / 1e-15
    square = (np.hypot(*fine) / R) ** 2
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    kappa = G * OMEGA * (1 + 0.3 * square) - current * G * OERSTED
    forces = (
        G * turn @ velocity
        + G * ETA * (1 + 0.2 * square) * velocity
        + kappa * fine
        + current * G * TORQUE * turn @ fine
    )
    np.testing.assert_allclose(forces, 0, atol=1e-5 * kappa * R)


def test_radii_reach_the_orbit_and_a_core_beyond_the_reach_is_lost():
    model = disc()
    radii = model.radii(1e-8, 1.2 * model.threshold(), np.linspace(0, 400e-9, 30))
    assert radii[-1] == pytest.approx(model.orbit(1.2 * model.threshold())[0], rel=1e-3)
    lost = model.radii(1e-8, 4 * model.threshold(), np.linspace(0, 100e-9, 30))
    assert np.isnan(lost[-1])
    assert np.nanmax(lost) <= 0.95 * R


def test_heat_gives_the_equipartition_of_a_harmonic_core():
    # Two degrees of freedom with kappa <x^2> = k T; a weak core, so that the cloud is far smaller than the disc.
    model = disc(bend=(0.0, 0.0), oersted=0.0)
    places = model.follow(np.zeros((4000, 2)), 0.0, 0.3e-9, 100, temperature=300.0, seed=3)
    expected = constants.k * 300 / (G * OMEGA)
    # 8000 numbers: the variance is known to 1.6 %.
    assert places.var() == pytest.approx(expected, rel=0.05)


def test_a_batch_moves_each_core_as_alone_and_a_spread_changes_frequencies():
    model = disc()
    currents = np.array([0.8, 1.1, 1.3, 1.4]) * model.threshold()
    together = model.follow(np.tile([2e-8, 0.0], (4, 1)), currents, 0.2e-9, 300)
    for current, found in zip(currents, together, strict=True):
        state = np.array([2e-8, 0.0])
        for _ in range(300):
            state = model.step(state, current, 0.2e-9)
        np.testing.assert_allclose(found, state, rtol=1e-9)
    spread = model.follow(np.tile([2e-8, 0.0], (500, 1)), currents[1], 0.2e-9, 10, spread=0.01, seed=1)
    mean = complex(*spread.sum(axis=0))
    off = np.angle((spread[:, 0] + 1j * spread[:, 1]) / mean)
    # 1 % of 3e9 over 2 ns is 0.06 rad.
    assert off.std() == pytest.approx(0.01 * OMEGA * 2e-9, rel=0.1)


def test_a_saved_vortex_comes_back(tmp_path):
    model = disc(polarity=-1)
    again = load_model(save_model(model, tmp_path / "vortex.json"))
    assert type(again) is VortexThiele
    assert again.orbit(-1.2 * again.threshold() * -1) == model.orbit(1.2 * model.threshold())


def test_a_gyrovector_that_grows_with_the_orbit_slows_both_rates():
    small = disc(bend=(0.0, 0.0), oersted=0.0)
    grown = VortexThiele(R, [G, 0.2 * G], small.stiffness, [0.0], small.damping, small.torque, reach=0.95)
    square, current = 0.25, 1.2 * small.threshold()
    (growth, turning), (rigid, fast) = (each.rates(0.5 * R, current) for each in (grown, small))
    assert turning == pytest.approx(fast / (1 + 0.2 * square), rel=2e-3)
    # growth = -(kappa D / G + J a) / G: the torque's part falls as 1 / G, the damping's as its square.
    g = G * (1 + 0.2 * square)
    expected = -(G * OMEGA * G * ETA / g + current * G * TORQUE) / g
    assert growth == pytest.approx(expected, rel=6e-3)
    assert growth > rigid
