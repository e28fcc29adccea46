"""Parts: regions of a device with a material of their own."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from rows import rows

from geometries import Part, SpinIce, Stripe, get_material

FILM = get_material("perpendicular film")
SIZES = {"length": "200 nm", "width": "40 nm", "thickness": "4 nm", "cell": ["5 nm", "5 nm", "2 nm"]}


def stripe(*parts, **keys):
    return Stripe(**SIZES | keys, parts=parts)


def test_a_part_changes_what_it_says_and_nothing_else():
    part = Part(name="gate", Ku="0.3 MJ/m^3", D="1 mJ/m^2", easy_axis=(0, 0, 2))
    changed = part.material_in(FILM)
    assert (changed.Ku, changed.D, changed.easy_axis, changed.name) == (
        3e5,
        1e-3,
        (0, 0, 1),
        "perpendicular film (gate)",
    )
    assert changed.model_copy(update={"Ku": FILM.Ku, "D": FILM.D, "name": FILM.name}) == FILM
    assert Part(name="end", material="permalloy").material_in(FILM) == get_material("permalloy")


def test_parts_that_share_a_border_share_no_cell():
    # The border is on a cell's centre.
    made = stripe(
        {"name": "left", "x": ("0 nm", "52.5 nm"), "Ku": 1e5}, {"name": "right", "x": ("52.5 nm", "100 nm"), "Ku": 2e5}
    )
    body, left, right = made.placed_parts(FILM)
    assert (left.box, right.box) == (((0, 10), (0, 8), (0, 2)), ((10, 20), (0, 8), (0, 2)))
    assert left.cells.sum() == right.cells.sum() == 10 * 8 * 2
    assert body.cells.sum() == 20 * 8 * 2
    assert [part.material.Ku for part in (body, left, right)] == [5e5, 1e5, 2e5]


@given(st.lists(st.floats(0.01, 0.99), min_size=1, max_size=6))
def test_a_device_cut_into_parts_is_whole(places):
    # Wherever the cuts are, each cell is in one part; a part without a cell is refused.
    cuts = [0.0, *sorted(200e-9 * place for place in places), 200e-9]
    parts = [{"name": f"p{i}", "x": pair, "Ku": 1e5} for i, pair in enumerate(pairwise(cuts)) if pair[0] < pair[1]]
    try:
        made = stripe(*parts, taper={"ratio": 0.6})
    except ValidationError as error:
        if "covers no magnet" in str(error):
            return
        raise
    body, *others = made.placed_parts(FILM)
    np.testing.assert_array_equal(sum(part.cells.astype(int) for part in others), made.mask().astype(int))
    assert not body.cells.any()


def test_intervals_of_z_make_layers():
    made = stripe({"name": "top", "z": ("2 nm", "4 nm"), "Ms": "300 kA/m"})
    values = made.saturation_magnetisation(FILM)
    assert set(np.unique(values[..., 0])) == {6e5}
    assert set(np.unique(values[..., 1])) == {3e5}


def test_without_parts_all_is_as_it_was():
    made = stripe(edge_roughness={"rms": "2 nm", "correlation_length": "10 nm", "seed": 1})
    np.testing.assert_array_equal(made.saturation_magnetisation(FILM), np.where(made.mask(), FILM.Ms, 0.0))
    assert stripe() == Stripe(**SIZES)


def test_the_islands_of_an_ice_follow_its_parts(ice, soft):
    disorder = {"saturation_magnetisation": 0.05, "seed": 1}
    plain = ice(disorder=disorder)
    cut = ice(disorder=disorder, parts=[{"name": "left", "x": ("0 nm", "200 nm"), "Ms": "400 kA/m"}])
    before, after = (made.saturation_magnetisation(soft) for made in (plain, cut))
    np.testing.assert_allclose(after[:40], before[:40] / 2)
    np.testing.assert_array_equal(after[40:], before[40:])
    islands = cut.islands(soft).saturation_magnetisation / plain.islands(soft).saturation_magnetisation
    x = plain.islands(soft).position.values[:, 0]
    np.testing.assert_allclose(islands[x < 100e-9], 0.5)
    np.testing.assert_allclose(islands[x > 300e-9], 1)
    # One across the border has the mean over its cells.
    assert np.any((islands > 0.55) & (islands < 0.95))


def test_each_part_is_judged_by_its_own_lengths():
    with pytest.warns(UserWarning, match=r"wall width parameter of perpendicular film \(hard\)"):
        stripe({"name": "hard", "x": ("0 nm", "50 nm"), "Ku": "5 MJ/m^3"}).warn_if_coarse(FILM)


GATE = {"name": "gate", "x": ("50 nm", "100 nm"), "Ku": 1e5}


@rows(
    ("parts", "message"),
    [
        ([GATE | {"Ku": None}], "part 'gate' is like the rest of the device; give it a material or one of Ms, A, Ku"),
        ([GATE | {"material": "permalloy"}], "part 'gate' has both a material and Ku"),
        ([GATE | {"name": "body"}], "'body' is what belongs to no part"),
        ([GATE | {"name": "the gate"}], "'the gate' cannot be a name; use letters, digits and underscores"),
        ([GATE | {"x": ("100 nm", "50 nm")}], r"100 nm to 50 nm does not end after it begins"),
        ([GATE | {"x": ("50 nm", "300 nm")}], r"parts\[0\].x = 50 nm to 300 nm of 'gate' reaches outside the device; "),
        ([GATE | {"x": ("50 nm", "52 nm")}], "'gate' at x 50 nm to 52 nm covers no magnet"),
        ([GATE, GATE | {"name": "b", "x": ("90 nm", "120 nm")}], "the parts 'gate' and 'b' overlap"),
        ([GATE, GATE], "'gate' is the name of two parts or terminals"),
        ([GATE | {"name": "current"}], "'current' is the name of two parts or terminals"),
        ([GATE | {"Ku": "1 J"}], r"parts.0.Ku\n.*'1 J' has the dimension"),
        ([GATE | {"Ms": 0}], "greater than 0"),
        ([GATE | {"easy_axis": (0, 0, 0)}], "has no direction"),
        ([GATE | {"matrial": 1}], r"unknown key 'matrial' in Part; did you mean 'material'\?"),
    ],
)
def test_parts_that_no_device_has(parts, message):
    with pytest.raises(ValidationError, match=message):
        stripe(*parts)


def test_json_in_json_out():
    made = stripe(GATE, {"name": "end", "x": ("150 nm", "200 nm"), "material": "permalloy"})
    assert Stripe.model_validate_json(made.model_dump_json()) == made
    assert isinstance(SpinIce.example().parts, tuple)
