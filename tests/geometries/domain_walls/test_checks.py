"""Stripes that cannot be made: each error names field, value and remedy."""

import re

import pytest
from pydantic import ValidationError
from rows import rows

from geometries import Stripe
from geometries.quantities import parse_quantity

SIZES = {"length": "500 nm", "width": "60 nm", "thickness": "2 nm", "cell": ["4 nm", "4 nm", "1 nm"]}
PINNED = {"length": "40 nm", "field": "100 kA/m"}
NOTCH = {"position": "200 nm", "depth": "10 nm", "width": "40 nm"}


@rows(
    ("keys", "message"),
    [
        ({"length": 0}, "length\n.*is not a size; give a length above 0"),
        ({"width": "-60 nm"}, "width\n.*-60 nm is not a size"),
        ({"thickness": -1e-9}, "thickness\n.*-1 nm is not a size"),
        ({"cell": ("4 nm", 0, "1 nm")}, r"cell\.1\n.*above 0"),
        ({"length": "500 A/m"}, r"length\n.*'500 A/m' has the dimension .* a quantity in m is needed"),
        ({"lenght": "500 nm"}, r"unknown key 'lenght' in Stripe; did you mean 'length'\?"),
        ({"cell": ("4 nm", "4 nm")}, r"cell\.2\n.*required"),
        # cells
        ({"cell": ("3 nm", "4 nm", "1 nm")}, "cell = 3 nm along x does not divide the length of 500 nm"),
        ({"cell": ("4 nm", "7 nm", "1 nm")}, "cell = 7 nm along y does not divide the width of 60 nm"),
        ({"cell": ("4 nm", "4 nm", "3 nm")}, "cell = 3 nm along z .* the thickness of 2 nm; .* 2 nm"),
        # taper
        ({"taper": {"end_width": "80 nm"}}, "taper.end_width = 80 nm is more than .* width of 60 nm"),
        ({"width": "64 nm", "taper": {"end_width": "1 nm"}}, "taper cuts .*wider than a cell, 4 nm"),
        # notches
        ({"notches": [NOTCH | {"width": "600 nm"}]}, r"notches\[0\].width = 600 nm is more than .* 500 nm"),
        ({"notches": [NOTCH | {"depth": "60 nm"}]}, r"notches\[0\].depth = 60 nm is not less than .* 60 nm"),
        (
            {"notches": [NOTCH, NOTCH | {"position": "495 nm"}]},
            r"notches\[1\] at 495 nm reaches from 475 nm to 515 nm, outside .*\(0 to 500 nm\); move it",
        ),
        ({"notches": [NOTCH | {"position": "-10 nm"}]}, r"notches\[0\] at -10 nm reaches .* outside"),
        (
            {"notches": [{"first": 5e-8, "period": 2e-7, "count": 4, "depth": 5e-9, "width": 1e-8}]},
            r"notches\[0\] at 650 nm reaches",
        ),
        (
            {"notches": [NOTCH | {"depth": "40 nm"}]},
            r"cut in two at x = 200 nm by notches\[0\] \(at 200 nm, depth 40 nm, edge both\); cut",
        ),
        (
            {
                "notches": [
                    NOTCH | {"edge": "top", "depth": "35 nm"},
                    NOTCH | {"edge": "bottom", "depth": "35 nm", "position": "202 nm"},
                ]
            },
            r"in two at x = 20\d nm by notches\[0\] .* and notches\[1\] .*at least a cell of magnet \(4 nm\)",
        ),
        # roughness
        (
            {"edge_roughness": {"rms": "25 nm", "correlation_length": "20 nm", "seed": 1}},
            "edge_roughness cuts the stripe .*choose a smaller rms than 25 nm, or another seed",
        ),
        # pinned ends
        ({"pinned_ends": PINNED | {"length": "250 nm"}}, "length = 250 nm leaves no cell .* 248 nm"),
        ({"pinned_ends": PINNED | {"length": "1 nm"}}, "length = 1 nm covers no cell .*one cell, 4 nm"),
        # walls
        ({"walls": [{"position": "510 nm"}]}, r"walls\[0\].position = 510 nm is outside .*500 nm"),
        ({"walls": [{"position": 0}]}, r"walls\[0\].position = 0 m is outside"),
        (
            {"walls": [{"position": "30 nm"}], "pinned_ends": PINNED},
            r"walls\[0\].position = 30 nm is inside a pinned end; put the wall between 40 nm and 460 nm",
        ),
        ({"walls": [{"position": "470 nm"}], "pinned_ends": PINNED}, r"470 nm is inside a pinned end"),
        (
            {"walls": [{"position": "100 nm"}, {"position": "104 nm"}]},
            r"walls\[0\] and walls\[1\] overlap: .* 100 nm and 104 nm, 4 nm apart; .* at least 8 nm",
        ),
        (
            {"walls": [{"position": "100 nm", "width": "10 nm"}, {"position": "120 nm", "width": "10 nm"}]},
            "overlap.*at least 31.42 nm apart or make them narrower",
        ),
        (
            {"walls": [{"position": "100 nm"}, {"position": "300 nm", "kind": "vortex"}]},
            r"walls\[1\].kind = 'vortex' parts domains along x, but this stripe's are along z",
        ),
        ({"walls": [{"position": "100 nm"}], "domain_axis": "x"}, r"walls\[0\].kind = 'bloch' .* along z"),
        # window
        ({"readout_window": {"x": ("400 nm", "600 nm")}}, "readout_window.x = 400 nm to 600 nm reaches"),
        (
            {"readout_window": {"x": ("1 nm", "9 nm"), "y": ("-1 nm", "9 nm")}},
            "readout_window.y = -1 nm to 9 nm reaches outside",
        ),
        ({"readout_window": {"x": ("100.5 nm", "101.5 nm")}}, "covers no magnet.*larger than a cell"),
        (
            {
                "notches": [NOTCH | {"edge": "top", "depth": "40 nm", "width": "80 nm"}],
                "readout_window": {"x": ("195 nm", "205 nm"), "y": ("40 nm", "60 nm")},
            },
            r"readout_window \(x 195 nm to 205 nm, y 40 nm to 60 nm\) covers no magnet.*keep it off notches",
        ),
        ({"first_domain": 0}, "first_domain\n.*1 or -1"),
    ],
)  # fmt: skip
def test_the_error_names_the_field_the_value_and_the_remedy(keys, message):
    with pytest.raises(ValidationError, match=message):
        Stripe(**SIZES | keys)


@rows("cell", ["3 nm", "7 nm", "333 nm", "600 nm", "0.37 nm"])
def test_what_the_error_proposes_for_the_cell_is_accepted(cell):
    with pytest.raises(ValidationError) as error:
        Stripe(**SIZES | {"cell": [cell, "4 nm", "1 nm"]})
    nearest, length = re.search(r"nearest cell that does is (.*?), or .* such as (.*?) \[", str(error.value)).groups()
    assert Stripe(**SIZES | {"cell": [nearest, "4 nm", "1 nm"]})
    assert Stripe(**SIZES | {"length": length, "cell": [cell, "4 nm", "1 nm"]})
    assert parse_quantity(nearest, "m") != parse_quantity(cell, "m")


def test_what_just_fits_is_accepted():
    assert Stripe(**SIZES, notches=[NOTCH | {"position": "20 nm"}, NOTCH | {"position": "480 nm"}])
    assert Stripe(**SIZES, readout_window={"x": (0, "500 nm"), "y": (0, "60 nm")})
    assert Stripe(**SIZES, walls=[{"position": "100 nm"}, {"position": "108 nm"}])
    assert Stripe(**SIZES, pinned_ends=PINNED | {"length": "248 nm"})
    assert Stripe(**SIZES | {"length": 0.3e-6, "cell": (0.1e-6, "4 nm", "1 nm")}).shape[0] == 3
