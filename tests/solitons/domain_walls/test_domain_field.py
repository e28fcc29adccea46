"""The stray field of two domains, beside the engine's own tensor, and a wall that the engine holds."""

import tracemalloc

import numpy as np
import pytest
from rows import rows
from scipy import constants

from runs.native.terms.newell import tensor
from solitons.domain_walls.domain_field import domain_push, face_factor
from solitons.domain_walls.pinning import is_convex
from solitons.domain_walls.stray_field import stripe_factors

STRIPES = {"film": (384e-9, 32e-9, 1e-9, 6.6e-9), "thick": (400e-9, 60e-9, 12e-9, 12e-9)}


@pytest.mark.parametrize("stripe", STRIPES)
@pytest.mark.parametrize("place", [48e-9, 72e-9, 120e-9, 250e-9])
@rows("axis", ["z", "x"])
def test_the_push_is_the_slope_of_the_engines_demagnetising_energy(stripe, place, axis):
    length, across, thickness, width = STRIPES[stripe]
    push = domain_push(6e5, width, length=length, stripe_width=across, thickness=thickness, domain_axis=axis)
    # The ends push a wall between up and down domains to the middle, and attract a charged one.
    assert is_convex(push) == (axis == "z")
    cell, step = 0.5e-9, 1e-9
    count = round(length / cell)
    factors = tensor((count, 1, 1), (cell, across, thickness), (2 * axis,))[0, :, 0, 0]
    edges = np.arange(count + 1) * cell
    index = np.arange(count)

    def energy(wall):
        m = np.diff(np.log(np.cosh((edges - wall) / width))) * width / cell
        return constants.mu_0 * 6e5**2 / 2 * cell * across * thickness * m @ factors[np.abs(index[:, None] - index)] @ m

    slope = (energy(place + step) - energy(place - step)) / (2 * step)
    expected = -slope / (2 * constants.mu_0 * 6e5 * across * thickness)
    assert float(push.push(place)) == pytest.approx(expected, rel=3e-3, abs=0.1)


def test_a_long_prisms_face_has_half_of_the_endless_stripes_factor():
    for _, across, thickness, _ in STRIPES.values():
        endless = stripe_factors([0.0], thickness, across)[2][0]
        assert float(face_factor(1e-3, across, thickness)) == pytest.approx(endless / 2, rel=1e-4)
    # A thin plate is all face.
    assert float(face_factor(1e-12, 1e-8, 1e-8)) == pytest.approx(0.0, abs=1e-3)


def test_a_face_is_a_dipole_even_a_millimetre_away():
    # What is left of its factor there is 1e-12: in the terms of Newell's potential as they stand, 80 bits lose it.
    near, far = face_factor(np.array([1e-3, 2e-3]), 32e-9, 1e-9)
    assert far - near == pytest.approx(32e-18 / (8 * np.pi) * (1e6 - 0.25e6), rel=1e-3)


def test_a_stripe_without_room_for_a_wall_has_no_push():
    assert domain_push(6e5, 10e-9, length=85e-9, stripe_width=32e-9, thickness=1e-9) is None


def test_a_racetrack_takes_no_gigabytes():
    tracemalloc.start()
    push = domain_push(6e5, 6e-9, length=1e-5, stripe_width=1e-7, thickness=1e-9)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1e8  # and 6,600 places beside all of the stripe, 7e8 bytes each time
    assert is_convex(push)
    dipoles = 6e5 * 1e-16 / (8 * np.pi) * (1 / 2e-6**2 - 1 / 8e-6**2)
    assert float(push.push(2e-6)) == pytest.approx(dipoles, rel=2e-3)
