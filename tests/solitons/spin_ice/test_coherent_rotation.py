"""Islands that rotate as a whole: the torque's shape, and its fit to ramps of a single island."""

from dataclasses import dataclass

import numpy as np
import pytest
from rows import rows
from scipy.optimize import minimize_scalar

from solitons.spin_ice.coherent_rotation import CoherentRotation
from solitons.spin_ice.rotation_fit import fit_rotation

ANGLES = np.radians([2, 15, 30, 45, 60, 75, 88])


def test_an_anisotropy_of_the_first_order_gives_stoner_and_wohlfarths_astroid():
    expected = (np.cos(ANGLES) ** (2 / 3) + np.sin(ANGLES) ** (2 / 3)) ** -1.5
    np.testing.assert_allclose(CoherentRotation().switching_field(ANGLES, 1.0), expected, rtol=3e-6)
    # Only the distance from the axis counts.
    np.testing.assert_allclose(CoherentRotation().switching_field(np.pi - ANGLES, 1.0), expected, rtol=3e-6)


def test_higher_orders_switch_where_the_energy_has_no_minimum_left():
    """Followed by a minimiser, in a field just below and just above."""
    rotation, angle = CoherentRotation([-0.15, -0.05]), np.radians(30)

    def minimum(field):
        def energy(turn):
            anisotropy = sum(a / (2 * n) * (1 - np.cos(2 * n * turn)) for n, a in enumerate(rotation.harmonics, 1))
            return anisotropy - field * np.cos(np.pi - angle - turn)

        # Of the minima up to the reversed axis the first is the one that the moment comes from.
        fine = np.linspace(0, np.pi, 4001)
        values = energy(fine)
        first = np.flatnonzero((values[1:-1] < values[:-2]) & (values[1:-1] < values[2:]))[0] + 1
        return minimize_scalar(energy, bounds=(fine[first - 1], fine[first + 1]), method="bounded").x

    switching = float(rotation.switching_field(angle, 1.0))
    assert minimum(0.995 * switching) < np.radians(60)
    assert minimum(1.005 * switching) > np.radians(120)


def test_the_stiffness_is_the_torques_slope():
    rotation, turn = CoherentRotation([-0.15, 0.04, 0.01]), np.linspace(-3, 3, 7)
    slope = (rotation.torque(turn + 1e-5) - rotation.torque(turn - 1e-5)) / 2e-5
    np.testing.assert_allclose(rotation.stiffness(turn), slope, atol=1e-8)


@rows(("higher", "message"), [([np.nan], "finite"), ([-0.6], "axis is not easy"), ([[1]], "finite")])
def test_what_is_no_anisotropy_is_refused(higher, message):
    with pytest.raises(ValueError, match=message):
        CoherentRotation(higher)


@dataclass(frozen=True)
class Ramp:
    angle: float
    field: np.ndarray
    macrospin: np.ndarray
    switching_field: float


def ramp(rotation, scale, angle, length):
    """Moments at rest in rising fields, from where the torque and the field balance."""
    toward = np.pi - angle
    turn = np.linspace(1e-3, toward - 1e-3, 20_000)
    balance = scale * rotation.torque(turn) / np.sin(toward - turn)
    top = int(np.flatnonzero(np.diff(balance) < 0)[0])
    field = np.concatenate([[0.0], balance[top] * np.linspace(0.9, 0.999, 30), [1.001 * balance[top]]])
    lean = np.interp(field, balance[: top + 1], turn[: top + 1])
    lean[0], lean[-1] = 0.0, np.pi
    return Ramp(angle, field, length * np.stack([np.cos(lean), np.sin(lean)], axis=1), float(balance[top]))


def test_a_made_rotation_is_found_again():
    truth, scale = CoherentRotation([-0.14, -0.045, -0.013]), 108e3
    found = fit_rotation([ramp(truth, scale, angle, 0.97) for angle in ANGLES])
    assert found.anisotropy_field == pytest.approx(scale, rel=1e-3)
    np.testing.assert_allclose(found.rotation.higher, truth.higher, atol=2e-3)
    assert np.abs(found.residuals).max() < 1e-4 * scale
    assert found.coherence == pytest.approx(0.97)


def test_four_angles_are_too_few():
    with pytest.raises(ValueError, match=r"4 ramps.* five angles"):
        fit_rotation([ramp(CoherentRotation(), 1e5, angle, 1.0) for angle in ANGLES[:4]])
