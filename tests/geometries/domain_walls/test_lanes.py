"""Stripes that are cut into lanes."""

import numpy as np
import pytest
from rows import rows

from geometries import Lanes, Material, Stripe, Wall

FILM = Material(name="film", Ms=9e5, A=1.6e-11, Ku=7.1e5, D=2e-3, alpha=0.3)
SIZES = {"length": 200e-9, "width": 48e-9, "thickness": 1e-9, "cell": (4e-9, 4e-9, 1e-9)}


def test_a_cut_is_no_magnet_up_to_its_end():
    stripe = Stripe(**SIZES, lanes=Lanes(end=100e-9, gap=8e-9, first_domains=(1, 1)))
    whole = Stripe(**SIZES).mask()
    cut = whole & ~stripe.mask()
    assert np.argwhere(cut).tolist() == [[i, j, 0] for i in range(25) for j in (5, 6)]
    assert "2 up to 100 nm, 8 nm apart, first domains +, +" in dict(stripe.rows())["lanes"]


def test_a_lane_of_the_other_sign_lacks_the_first_wall():
    walls = (Wall(position=40e-9, kind="neel"), Wall(position=150e-9, kind="neel"))
    lanes = Lanes(end=100e-9, gap=8e-9, first_domains=(-1, 1, -1))
    stripe = Stripe(**{**SIZES, "width": 76e-9}, walls=walls, first_domain=-1, lanes=lanes)
    m_z = stripe.initial_magnetisation(FILM)[:, :, 0, 2]
    assert np.sign(m_z[[2, 20, 45]][:, [2, 9, 16]]).tolist() == [[-1, 1, -1], [1, 1, 1], [-1, -1, -1]]
    # Beside the first wall the lanes are those of a stripe with the walls that they have.
    plain = Stripe(**SIZES, walls=walls, first_domain=-1).initial_magnetisation(FILM)[:, 0, 0, 2]
    np.testing.assert_array_equal(m_z[:, 0], plain)
    np.testing.assert_allclose(m_z[:, 9], Stripe(**SIZES, walls=walls[1:]).initial_magnetisation(FILM)[:, 0, 0, 2])


@rows(
    ("lanes", "others", "words"),
    [
        (Lanes(end=200e-9, gap=8e-9, first_domains=(1, 1)), {}, "choose a smaller end or gap"),
        (Lanes(end=100e-9, gap=30e-9, first_domains=(1, 1, 1)), {}, "choose a smaller end or gap"),
        (Lanes(end=100e-9, gap=1e-9, first_domains=(1, 1)), {}, "a lane or a cut has no cell"),
        (
            Lanes(end=100e-9, gap=8e-9, first_domains=(1, 1)),
            {"width": 52e-9},
            "of 8 nm the cells of the mesh leave 4 nm",
        ),
        (Lanes(end=100e-9, gap=8e-9, first_domains=(1, -1)), {}, "lacks the stripe's first wall"),
        (Lanes(end=60e-9, gap=8e-9, first_domains=(1, -1)), {"walls": [Wall(position=90e-9)]}, "before lanes.end"),
        (
            Lanes(end=100e-9, gap=8e-9, first_domains=(1, -1)),
            {"walls": [Wall(position=50e-9, kind="transverse")]},
            "part up from down",
        ),
    ],
)
def test_lanes_that_do_not_fit_are_refused(lanes, others, words):
    with pytest.raises(ValueError, match=words):
        Stripe(**SIZES | others, lanes=lanes)


def test_one_lane_is_none():
    with pytest.raises(ValueError, match="at least 2"):
        Lanes(end=1e-7, gap=8e-9, first_domains=(1,))
