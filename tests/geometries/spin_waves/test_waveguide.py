"""Waveguides: the ramp of damping at their ends, and what is refused."""

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from geometries import Waveguide, get_material
from geometries.contract import broken_promises

PERMALLOY = get_material("permalloy")  # alpha 0.02
SIZE = {"length": "1 um", "width": "20 nm", "thickness": "10 nm", "cell": ("5 nm", "20 nm", "10 nm")}


def guide(**changes):
    return Waveguide(**SIZE | changes)


def test_damping_rises_as_a_parabola_towards_both_ends():
    alpha = guide(absorbing_ends={"length": "200 nm", "alpha": 0.42}).local_damping(PERMALLOY)[:, 0, 0]
    np.testing.assert_allclose(alpha, alpha[::-1], rtol=1e-12)
    np.testing.assert_allclose(alpha[40:160], 0.02, rtol=1e-12)
    # 2.5 nm and 102.5 nm from the edge.
    np.testing.assert_allclose(alpha[[0, 20]], 0.02 + 0.4 * (1 - np.array([2.5, 102.5]) / 200) ** 2, rtol=1e-12)


def test_the_ramp_begins_at_the_damping_of_a_part_and_never_lowers_it():
    parts = [
        {"name": "lossy", "x": (0, "100 nm"), "alpha": 0.9},
        {"name": "clean", "x": ("900 nm", "1 um"), "alpha": 0.001},
    ]
    alpha = guide(absorbing_ends={"length": "200 nm", "alpha": 0.5}, parts=parts).local_damping(PERMALLOY)[:, 0, 0]
    np.testing.assert_allclose(alpha[:20], 0.9)
    assert alpha[-20] == pytest.approx(0.001 + 0.499 * (1 - 97.5 / 200) ** 2)
    assert guide(parts=parts).local_damping(PERMALLOY) is None


def test_a_piece_of_film_absorbs_on_all_sides_with_the_larger_of_both_dampings():
    size = {"width": "400 nm", "cell": ("5 nm", "5 nm", "10 nm")}
    film = guide(**size, absorbing_ends={"length": "200 nm"}, absorbing_sides={"length": "100 nm", "alpha": 0.9})
    alpha = film.local_damping(PERMALLOY)[..., 0]
    np.testing.assert_allclose(alpha[40:160, 20:60], 0.02)
    assert alpha[100, 0] == pytest.approx(0.02 + 0.88 * (97.5 / 100) ** 2)
    assert alpha[0, 40] == pytest.approx(0.02 + 0.48 * (197.5 / 200) ** 2)
    assert alpha[0, 0] == alpha[100, 0]
    assert dict(film.family_rows())["absorbing sides"] == "100 nm long, alpha up to 0.9"


CROSS = {"crossing": {"centre": "400 nm", "width": "60 nm", "length": "300 nm"}, "absorbing_ends": {"length": "100 nm"}}


def test_two_guides_cross_and_all_four_ends_absorb():
    device = guide(**CROSS)
    magnet, alpha = device.mask()[..., 0], device.local_damping(PERMALLOY)[..., 0]
    assert device.shape == (200, 15, 1)
    # 200 columns of one row, and 12 of 14 more.
    assert magnet.sum() == 200 + 12 * 14
    assert magnet[73:75].sum(axis=1).tolist() == [1, 15]
    for each in (alpha[0, 7], alpha[-1, 7], alpha[80, 0], alpha[80, -1]):
        assert each > 0.4
    np.testing.assert_allclose(alpha[80, 6:9], 0.02)
    np.testing.assert_array_equal(alpha > 0, magnet)
    assert broken_promises(device) == []
    assert dict(device.family_rows())["crossing guide"] == "300 nm long, 60 nm wide"


@rows(
    ("changes", "message"),
    [
        ({"absorbing_ends": {"length": "500 nm"}}, "leaves nothing of length = 1 .m between them"),
        ({"absorbing_sides": {"length": "10 nm"}}, "needs a width above twice that, here 20 nm"),
        ({"absorbing_ends": {"length": "100 nm", "alpha": 0}}, "greater than 0"),
        ({"absorbing_ends": {"length": "100 nm", "power": 0.5}}, "greater than or equal to 1"),
        ({"cell": ("7 nm", "20 nm", "10 nm")}, "does not divide the length"),
        ({"start": (0, 0, 0)}, "has no direction"),
        ({"repeats": "x"}, "repeats"),
        (CROSS | {"repeats": "y"}, "cannot cross a film that repeats = 'y'"),
        (
            CROSS | {"absorbing_ends": {"length": "150 nm"}},
            "leaves 140 nm at each side of width = 20 nm.*longer than the",
        ),
        (
            CROSS | {"crossing": {"centre": "100 nm", "width": "60 nm", "length": "300 nm"}},
            "crossing from 70 nm to 130 nm",
        ),
        (
            CROSS | {"crossing": {"centre": "403 nm", "width": "60 nm", "length": "300 nm"}},
            "is not whole cells of 5 nm",
        ),
    ],
)
def test_what_is_no_waveguide_is_refused(changes, message):
    with pytest.raises(ValidationError, match=message):
        guide(**changes)
