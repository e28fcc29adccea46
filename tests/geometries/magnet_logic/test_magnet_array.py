"""Arrays of nanomagnets: what cells they have, which magnets see each other, and what is refused."""

import math

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from geometries import Magnet, MagnetArray, Material
from geometries.magnet_logic import REFERENCE, majority_gate, wire
from geometries.magnet_logic.builders import inverter

SIZE = {"length": 60e-9, "width": 40e-9}
FILM = Material(name="film", Ms=8e5, A=1.3e-11, alpha=0.1)


def array(*magnets, **keys):
    return MagnetArray(**{"magnets": magnets, "thickness": 10e-9, "cell": (5e-9, 5e-9, 10e-9)} | keys)


def magnet(name, x, y=0.0, **keys):
    return Magnet(**{"name": name, "x": x, "y": y} | SIZE | keys)


def held(name, x, **keys):
    return magnet(name, x, role="input", field=1e5, **keys)


def test_cells_have_the_area_of_the_outlines_and_lie_about_their_centres():
    gate = majority_gate((1, 1, 1))
    labels, placed = gate.cell_labels()[:, :, 0], gate.placed_outlines()
    x, y, _ = gate.cell_centres()
    for i in range(5):
        inside = np.argwhere(labels == i + 1)
        assert len(inside) * 16e-18 == pytest.approx(math.pi / 4 * 92e-9 * 60e-9, rel=0.02)
        assert x[inside[:, 0]].mean() == pytest.approx(placed.x[i], abs=1e-12)
        assert y[inside[:, 1]].mean() == pytest.approx(placed.y[i], abs=1e-12)


def test_magnets_start_along_their_axes_and_inputs_are_held_in_their_state():
    given = array(held("a", 0.0, state=-1), magnet("b", 70e-9, angle="30 deg"))
    start, labels, bias = given.initial_magnetisation(FILM), given.cell_labels(), given.bias_field()
    np.testing.assert_allclose(start[labels == 1], np.tile([0, -1, 0], (int((labels == 1).sum()), 1)), atol=1e-12)
    np.testing.assert_allclose(start[labels == 2][0], [math.sqrt(0.75), 0.5, 0], atol=1e-12)
    np.testing.assert_allclose(bias[labels == 1][0], [0, -1e5, 0], atol=1e-6)
    assert not bias[labels != 1].any()
    assert array(magnet("a", 0.0)).bias_field() is None


def test_neighbours_are_those_within_reach():
    gate = majority_gate((1, 1, 1))
    assert gate.neighbours("centre") == ("a", "b", "c", "out")
    assert gate.neighbours("a") == ("centre",)  # its diagonal neighbours are farther
    assert wire(5).neighbours("m2") == ("m1", "m3")
    with pytest.raises(ValueError, match="no magnet is named 'd'; there are a, b, c"):
        gate.neighbours("d")


def test_builders_name_inputs_and_outputs():
    assert [each.role for each in inverter(-1).magnets] == ["input", "output"]
    vertical = wire(3, -1, along="y")
    assert [each.state for each in vertical.magnets] == [-1, 1, 1]
    assert vertical.magnets[1].y == pytest.approx(REFERENCE.length + REFERENCE.gap_above)


@rows(
    ("magnets", "words"),
    [
        ([magnet("a", 0.0), magnet("b", 42e-9)], "'a' and 'b' are 2 nm apart, less than a cell of 5 nm"),
        ([magnet("a", 0.0), magnet("b", 30e-9)], "'a' and 'b' overlap"),
        ([magnet("a", 0.0), magnet("a", 60e-9)], "two are named 'a'"),
        ([held("a", 0.0), magnet("b", 200e-9, role="output")], "output 'b' depends on no input"),
        ([magnet("a", 0.0), magnet("b", 60e-9, role="output")], "output 'b' depends on no input"),
        ([magnet("a", 0.0, width=8e-9)], "less than two cells"),
    ],
)
def test_arrays_that_cannot_compute_or_be_meshed_are_refused(magnets, words):
    with pytest.raises(ValidationError, match=words):
        array(*magnets)


def test_an_output_at_the_end_of_a_chain_depends_on_the_input_at_its_beginning():
    chain = [held("a", 0.0), magnet("b", 60e-9), magnet("c", 120e-9, role="output")]
    assert array(*chain, reach=25e-9).neighbours("c") == ("b",)
    with pytest.raises(ValidationError, match="output 'c' depends on no input"):
        array(*chain, reach=15e-9)


@rows(
    ("keys", "words"),
    [
        ({"width": 70e-9}, "give the longer size as length"),
        ({"role": "input"}, "give the field that holds it"),
        ({"field": 1e5}, "leave it out, or make it an input"),
        ({"name": "1a"}, "name"),
        ({"state": 0}, "state"),
        ({"signal": "a"}, "only inputs have a signal"),
        ({"slant": 1e-8}, "only a rectangle has a slanted edge"),
        ({"shape": "rectangle", "slant": 7e-8}, "choose a smaller slant"),
        ({"role": "fixed"}, "give the field that holds it"),
        ({"zone": -1}, "zone"),
    ],
)
def test_magnets_that_cannot_be_made_are_refused(keys, words):
    with pytest.raises(ValidationError, match=words):
        magnet(**{"name": "a", "x": 0.0} | keys)


def test_no_bit_passes_through_a_block():
    chain = [held("a", 0.0), magnet("b", 60e-9, role="block"), magnet("c", 120e-9, role="output")]
    with pytest.raises(ValidationError, match="output 'c' depends on no input"):
        array(*chain, reach=25e-9)


def test_many_magnets_are_checked_at_once():
    pairs = [each for k in range(1000) for each in (held(f"i{k}", 300e-9 * k), magnet(f"o{k}", 300e-9 * k + 60e-9))]
    pairs = [each if each.role == "input" else each.model_copy(update={"role": "output"}) for each in pairs]
    # One flood and one tree: 0.4 s. A flood for each output would take minutes.
    assert array(*pairs, reach=25e-9).neighbours("o7") == ("i7",)
    with pytest.raises(ValidationError, match="that would be 1,999,000 pairs, and at most 300,000 are taken"):
        array(*(magnet(f"m{k}", 1e-12 * k) for k in range(2000)))
