"""Materials: published numbers, derived lengths, and what is refused."""

import math

import micromagneticmodel as mm
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from rows import rows

from geometries import Material, get_material
from geometries.materials import GAMMA0, MU0, MaterialField, library

FILM = {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "alpha": 0.1}


def test_constants_are_those_of_ubermag():
    assert mm.consts.gamma0 == GAMMA0
    assert mm.consts.mu0 == pytest.approx(MU0, rel=1e-9)
    assert Material(**FILM).gamma0 == GAMMA0


def test_exchange_length_of_permalloy_is_the_mumag_one():
    # muMAG problem 4 gives l_ex = sqrt(A / K_m), K_m = mu0 Ms^2 / 2, as 5.69 nm.
    assert get_material("permalloy").exchange_length == pytest.approx(5.69e-9, abs=5e-12)


def test_the_exchange_length_of_next_to_no_magnetisation_is_next_to_no_limit():
    assert Material(**FILM | {"Ms": 1e-200}).exchange_length == pytest.approx(math.sqrt(2.4e-11 / MU0) * 1e200)


@rows(
    ("changes", "number"),
    [
        *(
            (changes, r"anisotropy field 2 Ku / \(mu0 Ms\)")
            for changes in ({"Ms": 5e-324}, {"Ms": 5e-324, "Ku": 0.0}, {"Ms": 1e-310, "Ku": 0.0}, {"Ms": 1e-300})
        ),
        ({"A": 5e-324}, r"exchange length sqrt\(2 A / \(mu0 Ms\^2\)\)"),
        ({"A": 1e-310}, r"exchange length sqrt\(2 A / \(mu0 Ms\^2\)\)"),
    ],
)
def test_a_material_that_makes_no_number_of_its_field_or_length_is_refused(changes, number):
    with pytest.raises(ValueError, match=rf"so small that the {number} is no number"):
        Material(**FILM | changes)


def test_wall_width_of_a_perpendicular_film():
    film = Material(**FILM)
    k_eff = 5e5 - 2e-7 * math.pi * 36e10
    assert film.effective_anisotropy == pytest.approx(k_eff, rel=1e-12)
    assert film.wall_width == pytest.approx(math.sqrt(1.2e-11 / k_eff), rel=1e-12)


def test_an_in_plane_axis_holds_no_perpendicular_wall():
    film = Material(**FILM | {"easy_axis": (1, 0, 0)})
    assert film.effective_anisotropy < 0
    with pytest.raises(ValueError, match=r"'film' magnetises in the plane.*raise Ku, or give the wall its width"):
        _ = film.wall_width


@given(st.tuples(*[st.floats(-10, 10)] * 3).filter(lambda axis: math.hypot(*axis) > 1e-3))
def test_the_easy_axis_is_a_unit_vector_and_stays_the_same_in_json(axis):
    film = Material(**FILM | {"easy_axis": axis})
    assert math.hypot(*film.easy_axis) == pytest.approx(1, abs=1e-12)
    assert Material.model_validate_json(film.model_dump_json()) == film


def test_units_and_numbers_say_the_same():
    written = Material(name="film", Ms="600 kA/m", A="12 pJ/m", Ku="0.5 MJ/m^3", alpha="10 %")
    assert written == Material(**FILM)
    assert written.model_dump_json() == Material(**FILM).model_dump_json()


@rows(
    ("field", "value", "message"),
    [
        ("Ms", 0, "Ms\n.*0 is out of range: it has to be above 0"),
        ("Ms", "600 mT", r"Ms\n.*'600 mT' is not taken: .* write \"600 mT/mu0\""),
        ("A", -1e-12, "A\n.*-1e-12 is out of range"),
        ("alpha", 0, "alpha\n.*above 0"),
        ("alpha", math.nan, "alpha\n.*not finite"),
        ("P", 1.2, "P\n.*1.2 is out of range: a spin polarisation is between 0 and 1"),
        ("P", -0.1, "P\n.*-0.1 is out of range"),
        ("easy_axis", (0, 0, 0), "easy_axis\n.*has no direction"),
        ("dmi", "both", "'interfacial' or 'bulk'"),
        ("name", "", "name\n.*at least 1 character"),
        ("K", 1, "unknown key 'K' in Material; did you mean 'Ku'"),
        ("theta_SH", 0.1, "unknown key 'theta_SH' in Material; did you mean 'spin_hall_angle'"),
        ("Msat", 8e5, "did you mean 'Ms'"),
        ("Aex", 8e5, "did you mean 'A'"),
        ("damping", 0.1, "did you mean 'alpha'"),
        ("ALPHA", 0.1, "did you mean 'alpha'"),
        ("gamma", 0.1, "did you mean 'gamma0'"),
        ("polarisation", 0.1, "did you mean 'P'"),
    ],
)
def test_what_no_material_is(field, value, message):
    with pytest.raises(ValidationError, match=message):
        Material(**FILM | {field: value})


def test_every_material_of_the_library_has_a_source():
    assert library
    for name, material in library.items():
        assert material.name == name
        assert material.source
        assert Material.model_validate_json(material.model_dump_json()) == material


def test_a_material_is_found_whatever_its_case():
    assert get_material("Permalloy") is library["permalloy"]
    with pytest.raises(ValueError, match=r"no material 'permaloy' in the library; did you mean 'permalloy'\?"):
        get_material("permaloy")


@rows(("name", "meant"), [("Py", "permalloy"), ("NiFe", "permalloy"), ("co/pt", "Pt/Co"), ("Permaloy", "permalloy")])
def test_a_material_by_another_usual_name_is_proposed(name, meant):
    with pytest.raises(ValueError, match=f"did you mean '{meant}'"):
        get_material(name)


def test_nothing_is_proposed_for_a_material_that_the_library_lacks():
    with pytest.raises(ValueError, match="no material 'CoFeB' in the library; It has 'permalloy'"):
        get_material("CoFeB")


def test_a_material_field_takes_a_name_or_a_table():
    class Spec(BaseModel):
        material: MaterialField

    assert Spec(material="permalloy").material == library["permalloy"]
    assert Spec(material=FILM).material == Spec(material=Material(**FILM)).material
    with pytest.raises(ValidationError, match=r"material\n.*no material 'gold'"):
        Spec(material="gold")
    with pytest.raises(ValidationError, match=r"material\.Ms"):
        Spec(material=FILM | {"Ms": -1})
