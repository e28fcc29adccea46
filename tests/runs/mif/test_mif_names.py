"""Names that reach a MIF file are words, and mean nothing else there."""

import discretisedfield as df
import micromagneticmodel as mm
import pytest
from rows import rows

from runs.mif import ModelLostError, check_names

BAD = [
    "a b",
    "a[exec ls]",
    "a$b",
    "a{",
    "}",
    'a"',
    "a;b",
    "a\\b",
    "a\nb",
    "../a",
    "a/b",
    "a:b",
    "",
    "-a",
    ".a",
    "größe",
]


@rows("name", BAD)
def test_bad_names_of_terms(make_system, name):
    system = make_system(energy=mm.Zeeman(H=(0, 0, 1), name=name))
    with pytest.raises(ModelLostError, match=r"Zeeman .*ASCII letters, digits") as error:
        check_names(system)
    assert repr(name) in str(error.value)


@rows("name", BAD)
def test_bad_names_of_subregions(make_system, make_mesh, name):
    mesh = make_mesh(subregions={name: df.Region(p1=(0, 0, 0), p2=(10e-9, 10e-9, 4e-9))})
    with pytest.raises(ModelLostError, match=r"subregion .*give it another"):
        check_names(make_system(mesh))


def test_a_system_name_that_is_an_identifier_and_not_ascii(make_system):
    with pytest.raises(ModelLostError, match="system 'größe'"):
        check_names(make_system(name="größe"))


@rows("name", ["entire", "main", "universe"])
def test_names_that_oommf_has_for_regions(make_system, make_mesh, name):
    mesh = make_mesh(subregions={name: df.Region(p1=(0, 0, 0), p2=(10e-9, 10e-9, 4e-9))})
    with pytest.raises(ModelLostError, match=f"subregion '{name}': the name means something else"):
        check_names(make_system(mesh))


@rows("name", ["m0", "mesh", "evolver", "hysteresis"])
def test_names_that_oommfc_has_for_blocks(make_system, name):
    with pytest.raises(ModelLostError, match=f"Zeeman '{name}'"):
        check_names(make_system(energy=mm.Zeeman(H=(0, 0, 1), name=name)))


@rows("name", ["static_field", "layer-1", "1", "Ku.left", "a+b", "_x"])
def test_good_names(make_system, make_mesh, write, name):
    mesh = make_mesh(subregions={name: df.Region(p1=(0, 0, 0), p2=(10e-9, 10e-9, 4e-9))})
    energy = mm.Zeeman(H=df.Field(mesh, nvdim=3, value=(0, 0, 1)), name=name) + mm.Exchange(A={"entire": 1e-11})
    _, check = write(make_system(mesh, energy=energy))
    check()
