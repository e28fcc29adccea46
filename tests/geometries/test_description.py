"""What descriptions have in common: frozen, strict about keys."""

from functools import cached_property
from typing import Annotated, Literal

import pytest
from pydantic import ValidationError
from rows import rows

from geometries import Description
from geometries.description import MAY_REPEAT, PositiveLength


class Rod(Description):
    length: PositiveLength
    width: PositiveLength = 1e-9


def test_numbers_are_floats_however_they_come():
    assert Rod(length=3e-6) == Rod(length="3 um")
    assert Rod(length=3e-6).model_dump_json() == Rod(length="3 um").model_dump_json()


class Measured(Description):
    seeds: tuple[int, ...] = ()
    words: tuple[Literal["a", "b"], ...] | None = None
    spins: tuple[Literal[1, -1], ...] = ()
    readings: Annotated[tuple[float, ...], MAY_REPEAT] | None = None
    exponent: float | Literal["fitted"] = "fitted"


def test_a_list_names_no_value_twice_unless_its_places_have_a_meaning():
    assert Measured(seeds=(1, 2), words=("a", "b"), spins=(1, 1, -1), readings=(3e-6, 3e-6))
    for name, values in (("seeds", (1, 2, 1)), ("words", ("b", "b"))):
        with pytest.raises(ValidationError, match=f"{name} has {values[-1]!r} twice; name each once"):
            Measured(**{name: values})


def test_a_truth_is_answered_with_what_is_allowed():
    with pytest.raises(ValidationError, match=r"exponent = false is not allowed; give one of fitted or a number"):
        Measured(exponent=False)


def test_it_does_not_change():
    with pytest.raises(ValidationError, match="frozen"):
        Rod(length=1e-9).length = 2.0


def test_an_unknown_key_is_refused_and_the_known_ones_are_listed():
    with pytest.raises(ValidationError, match=r"unknown key 'lenght' in Rod; did you mean 'length'\?.*length, width"):
        Rod(lenght=1e-9)
    with pytest.raises(ValidationError, match="unknown key 'colour' in Rod; The keys are length, width"):
        Rod(length=1e-9, colour="red")


@rows("length", [0, -1e-9, "-5 nm"])
def test_a_size_is_above_zero(length):
    with pytest.raises(ValidationError, match=r"length\n.*is not a size; give a length above 0"):
        Rod(length=length)


def test_what_is_computed_from_the_fields_is_neither_copied_nor_sent():
    class Box(Description):
        side: float

        @cached_property
        def volume(self):
            return self.side**3

    box = Box(side=2.0)
    assert box.volume == 8.0
    assert box.model_copy(update={"side": 3.0}).volume == 27.0
    assert "volume" not in box.__getstate__()["__dict__"]
    assert box == Box(side=2.0)
