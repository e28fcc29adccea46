"""What no spin ice is: every fault is refused by name, with what would mend it."""

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from rows import rows
from scipy.spatial import cKDTree

from geometries.outlines.convex import Outlines, separations

SQUARE = {"kind": "square", "columns": 3, "rows": 3, "lattice_constant": "180 nm"}
ISLAND = {"length": "120 nm", "width": "40 nm"}
ROW = {"x": 0, "y": 0, "angle": 0, "length": 1.2e-7, "width": 4e-8}


def in_line(gap):
    return {"kind": "table", "islands": [ROW, ROW | {"x": f"120 nm + {gap}"}]}


TABLE = {"kind": "table", "islands": [ROW, ROW | {"y": 1e-7}]}


@rows(
    ("keys", "message"),
    [
        ({"lattice": SQUARE | {"lattice_constant": "120 nm"}}, r"islands \d+ and \d+ overlap by"),
        (
            {"lattice": {"kind": "kagome", "columns": 2, "rows": 2, "lattice_constant": "150 nm"}},
            r"overlap by.*lattice_constant = 150 nm .* vertices are 86.6 nm apart; .* give 259.8 nm",
        ),
        ({"lattice": in_line("3 nm"), "island": None}, "islands 0 and 1 are 3 nm apart, less than a cell of 5 nm"),
        ({"disorder": {"position": "30 nm", "seed": 1}, "margin": "200 nm"}, "overlap by"),
        ({"island": {"length": "120 nm", "width": "8 nm"}}, "island 0 is 8 nm wide, thinner than two cells of 5 nm"),
        (
            {"island": {"length": "120 nm", "width": "12 nm"}, "disorder": {"width": 0.2, "seed": 1}},
            "nm wide with its disorder, thinner than two cells",
        ),
        ({"island": {"gap": "150 nm", "width": "40 nm"}}, "island 0 is 30 nm long and 40 nm wide"),
        ({"island": {"gap": "190 nm", "width": "40 nm"}}, "its easy axis would be across it"),
        ({"disorder": {"saturation_magnetisation": 0.9, "seed": 1}}, "of the material's magnetisation"),
        ({"margin": 0, "disorder": {"position": "2 nm", "seed": 1}}, r"out of the box.*set margin = (5|10) nm or more"),
        ({"cell": ("5 nm", "5 nm", "3 nm")}, r"cell = 3 nm along z does not divide.* 3.33333333333 nm"),
        ({"island": None}, "island is missing: a square lattice gives the places of islands"),
        ({"lattice": TABLE}, "island gives the islands a size, which the table"),
        ({"lattice": TABLE | {"islands": [ROW, ROW]}, "island": None}, "islands 0 and 1 overlap by 40 nm"),
        (
            {"other_islands": [ISLAND | {"of": "vertical "}]},
            "'vertical ' is no kind of island of this square lattice; did you mean 'vertical'",
        ),
        ({"other_islands": [ISLAND | {"of": "vertical"}] * 2}, "other_islands has 'vertical' twice"),
        ({"bridge": {"width": "8 nm"}}, "bridge.width = 8 nm is thinner than two cells of 5 nm; make it at least 10"),
        ({"bridge": {"width": "50 nm"}}, "bridge.width = 50 nm is more than the width of the narrowest island, 40 nm"),
        ({"lattice": TABLE, "island": None, "bridge": {"width": "20 nm"}}, "give the table a vertex_distance"),
        ({"lattice": SQUARE | {"kind": "cubic"}}, "'square', 'pinwheel', 'kagome', 'brickwork', 'trident', 'table'"),
    ],
)
def test_what_no_spin_ice_is(ice, keys, message):
    with pytest.raises(ValidationError, match=message):
        ice(**keys)


def test_the_margin_that_is_proposed_is_enough(ice):
    keys = {"disorder": {"position": "4 nm", "angle": "2 deg", "width": 0.05, "seed": 1}}
    with pytest.raises(ValidationError, match="set margin") as refused:
        ice(**keys, margin=0)
    proposed = str(refused.value).split("set margin = ")[1].split(" or more")[0]
    assert ice(**keys, margin=proposed).margin <= 15e-9


def test_islands_may_be_a_cell_apart_and_do_not_touch(ice):
    made = ice(lattice=in_line("5 nm"), island=None)
    assert scipy.ndimage.label(made.mask())[1] == 2


NUMBERS = st.tuples(
    st.floats(20, 60).flatmap(lambda width: st.tuples(st.floats(width, 120), st.just(width))),
    st.floats(-4, 4),
    st.floats(0, 1),
    st.booleans(),
)


@settings(max_examples=50)
@given(NUMBERS, NUMBERS, st.floats(0, 200), st.floats(-4, 4))
def test_the_distance_of_outlines_is_that_of_their_points(one, other, distance, direction):
    pair = []
    for ((length, width), angle, roundness, elliptical), away in ((one, 0.0), (other, distance)):
        numbers = [away * np.cos(direction), away * np.sin(direction), angle, length, width, roundness]
        pair.append(Outlines(*(np.array([number]) for number in numbers), np.array([elliptical])))
    (found,) = separations(*pair)

    clouds = []
    east, north = np.meshgrid(np.linspace(-70, 70, 141), np.linspace(-70, 70, 141))
    for figure in pair:
        x, y = figure.x + east, figure.y + north
        inside = figure.contain(x, y, 0.0)
        clouds.append(np.stack([x[inside], y[inside]], axis=1))
    if found > 0:
        nearest = cKDTree(clouds[0]).query(clouds[1])[0].min()
        # Points of a grid of 1 are at most sqrt(2) inside each border, and further into a sharp corner.
        assert found - 0.01 <= nearest <= found + 2 * np.sqrt(2) + 1.5
    else:
        shared = pair[0].contain(clouds[1][:, 0], clouds[1][:, 1], 1.0).any()
        assert shared
