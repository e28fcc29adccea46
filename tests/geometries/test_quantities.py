"""Quantities: dimension checked, one value however it is written."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geometries.quantities import format_quantity, parse_quantity


@pytest.mark.parametrize(
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
    ],
)
def test_a_text_has_one_value(text, unit, value):
    assert parse_quantity(text, unit) == value


def test_a_flux_density_over_mu0_is_a_field_strength():
    assert parse_quantity("1 T/mu0", "A/m") == pytest.approx(1 / (4e-7 * math.pi), rel=1e-9)


@pytest.mark.parametrize(
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


@pytest.mark.parametrize("text", ["9**9**9**9 m", "10**10**3 m", "9⁹⁹⁹⁹⁹⁹⁹⁹⁹⁹ m"])
def test_a_tower_of_powers_is_refused_at_once(text):
    with pytest.raises(ValueError, match="cannot be read as a quantity"):
        parse_quantity(text, "m")


@pytest.mark.parametrize(
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
