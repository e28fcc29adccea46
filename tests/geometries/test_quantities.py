"""Quantities: dimension checked, one value however it is written."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from rows import rows

from geometries.quantities import PureNumber, format_quantity, parse_quantity, same_dimension, si_unit


@rows(
    ("text", "unit", "value"),
    [
        ("500 nm", "m", 5e-7),
        ("500nm", "m", 5e-7),
        ("0.5 um", "m", 5e-7),
        ("5e-7", "m", 5e-7),
        ("0.5 MJ/m³", "J/m^3", 5e5),
        ("5e11 A/m^2", "A/m^2", 5e11),
        ("2.211e5 m/(A s)", "m/(A*s)", 2.211e5),
        ("50 %", "", 0.5),
        ("500*nm", "m", 5e-7),
        ("500 * nm", "m", 5e-7),
        ("5e11 A*m ^ -2", "A/m^2", 5e11),
        ("\u221240 kA/m", "A/m", -4e4),
        ("1e12 A/m2", "A/m^2", 1e12),
        ("1e12 A m-2", "A/m^2", 1e12),
        ("5 MA/cm2", "A/m^2", 5e10),
        ("0.5 mJ/m2", "J/m^2", 5e-4),
        ("1 erg/cm2 + 1 mJ/m2", "J/m^2", 2e-3),
        ("800 emu/cm3", "A/m", 8e5),
        ("2.5e5 m A-1 s-1", "m/(A*s)", 2.5e5),
        ("5 Ohm um2", "ohm*m^2", 5e-12),
        ("pi/4", "rad", 0.785398163397448),
        ("-3\u03c0/4 rad", "rad", -2.35619449019234),
        ("1e-10 m2/m", "m", 1e-10),
    ],
)
def test_a_text_has_one_value(text, unit, value):
    assert parse_quantity(text, unit) == value


@rows("text", ["1 T/mu0", "1 T/\u00b50", "1 T/\u03bc_0", "1e4 Oe", "10 kOe", "10 kG/mu0", "1e4 oersted"])
def test_a_flux_density_over_mu0_and_oersteds_are_a_field_strength(text):
    assert parse_quantity(text, "A/m") == pytest.approx(1 / (4e-7 * math.pi), rel=1e-9)


@rows(
    ("text", "unit", "instead"),
    [
        ("1 mT", "A/m", 'flux density B.*write "1 mT/mu0"'),
        ("20 G", "A/m", 'write "20 G/mu0"'),
        ("10^12 A/m2", "A/m^2", 'write "1e12 A/m2"'),
        ("5\u00b710^11 A/m^2", "A/m^2", 'write "5e11 A/m\\^2"'),
        ("1,5 nm", "m", 'write "1.5 nm"'),
        ("1 mT", "J/m", r"has the dimension .* but a quantity in J/m is needed"),
        ("10^2^2 nm", "m", "cannot be read"),
        ("1 rad-9**9", "", "cannot be read"),
        ("pi/0", "rad", "is not finite"),
    ],
)
def test_what_is_refused_is_answered_with_what_to_write(text, unit, instead):
    with pytest.raises(ValueError, match=instead):
        parse_quantity(text, unit)


def test_an_si_unit_is_read_as_one_is_in_a_quantity():
    assert [si_unit(unit) for unit in ("A/m2", " A m-2", "Ohm", "1/s", "", "rad")] == [
        "A/m^2", "A m^-2", "Ohm", "1/s", "", "rad",
    ]  # fmt: skip
    assert same_dimension("A/m2", "A/m^2")


@rows(
    ("unit", "message"),
    [
        ("nm", "1e-09 of the SI unit"),
        ("Oe", "79.5775 of the SI unit"),
        ("5 m", "it is no unit"),
        ("m - m", "it is no unit"),
        ("9**9**9**9", "it is no unit"),
        ("9\u2079\u2079\u2079\u2079\u2079\u2079", "it is no unit"),
        ("m*" * 100_000 + "m", "it is no unit"),
        ("m**9**9**9", "cannot be read"),
        ("bananas", "not defined"),
    ],
)
def test_what_is_no_si_unit_is_refused(unit, message):
    with pytest.raises(ValueError, match=message):
        si_unit(unit)


@rows(
    ("value", "message"),
    [
        ("5 kg", r"'5 kg' has the dimension \[mass\], but a quantity in m is needed"),
        ("5 bananas", "'bananas' is not defined"),
        ("", "cannot be read as a quantity; write"),
        ("nm", "cannot be read as a quantity"),
        ("200 mT//mu0", "cannot be read as a quantity"),
        ("2026-01-01", "cannot be read as a quantity"),
        ("1:30", "cannot be read as a quantity"),
        ("1_000 nm", "cannot be read as a quantity"),
        ("5 nm # wide", "cannot be read as a quantity"),
        ("3*4 nm", "cannot be read as a quantity"),
        ("5**nm", "cannot be read as a quantity"),
        ("1 nm - 2", "cannot be read as a quantity"),
        *((text, "cannot be read as a quantity") for text in ("9**9**9**9 m", "10**10**3 m", "9⁹⁹⁹⁹⁹⁹⁹⁹⁹⁹⁹ m")),
        ("1 " + "m*" * 3000 + "m", "cannot be read as a quantity"),
        ("1" * 1_000_000 + "#", "cannot be read as a quantity"),
        ("1" + " " * 1_000_000 + "#", "cannot be read as a quantity"),
        (10**400, "is not finite"),
        ("nan nm", "is not finite"),
        (math.inf, "is not finite"),
        (True, "True is not a quantity"),
        (None, "None is not a quantity"),
    ],
)
def test_what_is_no_length_is_refused(value, message):
    with pytest.raises(ValueError, match=message):
        parse_quantity(value, "m")


@rows(
    ("value", "text"),
    [
        (5.12e-7, "512 nm"),
        (1e-9, "1 nm"),
        (9.99996e-7, "1 µm"),
        (-3e-9, "-3 nm"),
        (0.0, "0 m"),
        (1e-30, "1e-12 am"),
    ],
)
def test_lengths_are_written_as_a_person_would(value, text):
    assert format_quantity(value, "m") == text


@given(st.floats(1e-17, 1e13) | st.floats(-1e13, -1e-17))
def test_what_is_written_is_read_back(value):
    assert parse_quantity(format_quantity(value, "m", 15), "m") == pytest.approx(value, rel=1e-13)


def test_minus_0_is_0():
    assert math.copysign(1, TypeAdapter(PureNumber).validate_python(-0.0)) == 1
