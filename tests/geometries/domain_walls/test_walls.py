"""Walls: families, widths and senses."""

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from geometries import Material, Wall, get_material

FILM = {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "alpha": 0.1}


@rows(("kind", "axis"), [("bloch", "z"), ("neel", "z"), ("transverse", "x"), ("vortex", "x")])
def test_the_kind_of_a_wall_says_what_it_parts(kind, axis):
    assert Wall(position=0, kind=kind).domain_axis == axis


def test_a_width_comes_from_the_user_the_material_or_the_stripe():
    film = Material(**FILM)
    assert Wall(position=0, width="5 nm").width_in(film, 1e-7) == 5e-9
    assert Wall(position=0).width_in(film, 1e-7) == film.wall_width
    assert Wall(position=0, kind="transverse").width_in(film, 1e-7) == pytest.approx(1e-7 / np.pi)
    with pytest.raises(ValueError, match=r"'permalloy' magnetises in the plane.*give the wall its width"):
        Wall(position=0).width_in(get_material("permalloy"), 1e-7)


def wall_energy(material, kind, left_domain, sense):
    """Dzyaloshinskii-Moriya energy a cross-section of an analytic wall, in J/m2, by quadrature."""
    x = np.linspace(-10, 10, 4001)
    m_z, in_plane = -left_domain * np.tanh(x), sense / np.cosh(x)
    dz, dplane = np.gradient(m_z, x), np.gradient(in_plane, x)
    if material.dmi == "interfacial":  # D (m . grad m_z - m_z div m), m_x only in a Neel wall
        density = in_plane * dz - m_z * dplane if kind == "neel" else 0 * x
    else:  # D m . curl m = D (-m_y d m_z/dx + m_z d m_y/dx), m_y only in a Bloch wall
        density = -in_plane * dz + m_z * dplane if kind == "bloch" else 0 * x
    return material.D * np.trapezoid(density, x)


@rows("left_domain", [1, -1])
@rows("strength", [3e-3, -3e-3])
@rows(("kind", "dmi"), [("neel", "interfacial"), ("bloch", "bulk")])
def test_a_wall_turns_as_the_dmi_prefers(kind, dmi, strength, left_domain):
    material = Material(**FILM, D=strength, dmi=dmi)
    sense = Wall(position=0, kind=kind).sign_in(material, left_domain)
    preferred, other = (wall_energy(material, kind, left_domain, s) for s in (sense, -sense))
    assert preferred < -1e-3 < 1e-3 < other


def test_a_sense_that_is_given_or_free_is_not_touched():
    material = Material(**FILM, D=3e-3)
    assert Wall(position=0, kind="neel", sign=-1).sign_in(material, 1) == -1
    assert Wall(position=0, kind="bloch").sign_in(material, -1) == 1
    assert Wall(position=0, kind="neel").sign_in(Material(**FILM), -1) == 1


@rows(
    ("keys", "message"),
    [
        ({"position": "3 K"}, r"position\n.*\[temperature\]"),
        ({"position": 1e-7, "kind": "cross-tie"}, "'bloch', 'neel', 'transverse' or 'vortex'"),
        ({"position": 1e-7, "width": 0}, "width\n.*above 0"),
        ({"position": 1e-7, "sign": 0}, "sign\n.*1 or -1"),
        ({"position": 1e-7, "polarity": -1}, "polarity = -1 in a bloch wall, which has no core"),
        ({"positon": 1e-7}, r"unknown key 'positon' in Wall; did you mean 'position'\?"),
    ],
)
def test_what_no_wall_is(keys, message):
    with pytest.raises(ValidationError, match=message):
        Wall(**keys)
