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


def test_slots_leave_guides_of_any_length_and_their_ends_absorb():
    size = {"width": "60 nm", "cell": ("5 nm", "10 nm", "10 nm"), "absorbing_ends": {"length": "100 nm"}}
    slots = [{"name": "gap", "y": ("20 nm", "30 nm")}, {"name": "end", "x": (0, "300 nm"), "y": ("30 nm", "60 nm")}]
    port = {"name": "out", "x": ("800 nm", "850 nm"), "y": ("30 nm", "60 nm")}
    device = guide(**size, slots=slots, ports=[port])
    magnet = device.mask()[..., 0]
    assert magnet[[0, 59, 60, 199]].astype(int).tolist() == [[1, 1, 0, 0, 0, 0]] * 2 + [[1, 1, 0, 1, 1, 1]] * 2
    alpha = device.local_damping(PERMALLOY)[..., 0]
    np.testing.assert_array_equal(alpha > 0, magnet)
    assert alpha[-1, 5] == alpha[-1, 0] > 0.4
    assert broken_promises(device) == []
    assert ("slot gap", "y 20 nm to 30 nm") in device.family_rows()


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
        ({"slots": [{"name": "gap", "y": (0, "30 nm")}]}, r"slots\[0\].y = 0 m to 30 nm of 'gap' reaches outside"),
        (
            {"slots": [{"name": "gap", "x": (0, "12 nm")}]},
            r"slots\[0\].x: its edge at 12 nm is no border of cells of 5 nm",
        ),
        (
            {"slots": [{"name": "gap", "x": (0, "10 nm")}] * 2},
            "'gap': the name of two slots, ports, parts or terminals",
        ),
        ({"slots": [{"name": "all"}]}, "1 of them leave no magnet"),
        ({"slots": [{"name": "end", "x": (0, "0.5 um")}], "ports": [{"name": "p", "x": (0, "0.1 um")}]}, "'p' at x"),
    ],
)
def test_what_is_no_waveguide_is_refused(changes, message):
    with pytest.raises(ValidationError, match=message):
        guide(**changes)
