"""Pillars: their cells, their start, what they refuse, and what polarises their current."""

import math

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from geometries import Barrier, Material, Pillar, ThroughPlane, device_class

BARRIER = {"resistance_area": "10 ohm um^2", "tmr": "100 %"}
DISC = {
    "length": "40 nm",
    "thickness": "1 nm",
    "cell": ("2 nm", "2 nm", "1 nm"),
    "fixed_layer": "up",
    "barrier": BARRIER,
}
FILM = Material(name="film", Ms=1e6, A=1.5e-11, Ku=8e5, alpha=0.01)


def pillar(**keys):
    return Pillar(**DISC | keys)


def test_cells_are_those_with_their_centres_in_the_ellipse():
    disc, ellipse = pillar(), pillar(length="80 nm", width="40 nm")
    assert device_class("pillar") is Pillar
    assert disc.shape == (20, 20, 1)
    assert disc.mask().sum() * 4e-18 == pytest.approx(disc.area, rel=0.02)
    assert ellipse.shape == (40, 20, 1)
    assert ellipse.area == pytest.approx(math.pi * 80e-9 * 40e-9 / 4)
    # The same on both sides, and the whole of it is under the junction.
    mask = ellipse.mask()
    np.testing.assert_array_equal(mask, mask[::-1])
    np.testing.assert_array_equal(mask, mask[:, ::-1])
    np.testing.assert_array_equal(ellipse.window_mask(), mask[:, :, 0])
    assert not mask[0, 0, 0]


@rows(("start", "direction"), [("up", (0, 0, 1)), ("left", (-1, 0, 0)), ((0, 3, 4), (0, 0.6, 0.8))])
def test_the_start_is_uniform_along_a_direction(start, direction):
    m = pillar(start=start).initial_magnetisation(FILM)
    np.testing.assert_allclose(m[pillar().mask()], np.broadcast_to(direction, (pillar().mask().sum(), 3)))


def test_the_tilt_is_an_angle_whose_side_follows_from_a_seed():
    once, again, other = (
        pillar(start="down", start_tilt="5 deg", start_seed=seed).initial_magnetisation(FILM)[10, 10, 0]
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(once, again)
    assert abs(once @ other) < 1 - 1e-4
    assert once[2] == other[2] == pytest.approx(-math.cos(math.radians(5)))


def test_the_junction_is_polarised_by_the_fixed_layer_through_the_barrier():
    # Julliere for two equal electrodes: TMR = 2 P^2 / (1 - P^2).
    share = Barrier(**BARRIER).julliere_polarisation
    assert 2 * share**2 / (1 - share**2) == pytest.approx(1.0)
    device = pillar(fixed_layer=(0, 2, 0))
    assert device.terminal() == ThroughPlane(name="junction")
    assert device.terminal().layer_in(device) == ((0, 1, 0), share)
    given = pillar(barrier=BARRIER | {"polarisation": 0.4})
    assert given.terminal().layer_in(given) == ((0, 0, 1), 0.4)
    own = pillar(terminals=[{"kind": "through_plane", "name": "a", "polariser": (1, 0, 0), "polarisation": 0.2}])
    assert own.terminal().layer_in(own) == ((1, 0, 0), 0.2)


def test_magnetoresistance_falls_to_a_half_at_the_half_bias():
    barrier = Barrier(**BARRIER, half_bias="400 mV")
    np.testing.assert_allclose(barrier.tmr_at([0, 0.4, -0.4, 0.8]), [1, 0.5, 0.5, 0.2])
    np.testing.assert_allclose(Barrier(**BARRIER).tmr_at([0, 1]), [1, 1])


@rows(
    ("changes", "message"),
    [
        (
            {"barrier": BARRIER | {"tmr": 0}},
            r"barrier.tmr\n.*0 is out of range.*above 0 and at most 20, and 1.5 is 150 %",
        ),
        ({"barrier": BARRIER | {"tmr": 150}}, "150 is out of range"),
        ({"barrier": BARRIER | {"resistance_area": 10}}, r"10 ohm m\^2 .* is out of range.*bare number is in ohm m\^2"),
        ({"barrier": BARRIER | {"resistance_area": -1e-11}}, "is out of range"),
        ({"barrier": BARRIER | {"polarisation": 1.2}}, r"barrier.polarisation"),
        ({"barrier": BARRIER | {"half_bias": "0 V"}}, r"barrier.half_bias"),
        ({"fixed_layer": (0, 0, 0)}, r"fixed_layer\n.*has no direction; give one"),
        ({"fixed_layer": "north"}, "'north' is no direction; give one of 'up', 'down', 'right', 'left', or three"),
        ({"start_tilt": "120 deg"}, "start_tilt"),
        (
            {"width": "60 nm"},
            "width = 60 nm is more than length = 40 nm: the long axis of a pillar is x; exchange them",
        ),
        ({"cell": ("20 nm", "2 nm", "1 nm")}, "cell = 20 nm along x leaves 2 across the pillar's length, and an ellip"),
        ({"cell": ("3 nm", "2 nm", "1 nm")}, "cell = 3 nm along x does not divide the length of 40 nm"),
        ({"RA": 1e-11}, "RA"),
    ],
)
def test_what_is_no_pillar_is_refused(changes, message):
    with pytest.raises(ValidationError, match=message):
        pillar(**changes)
