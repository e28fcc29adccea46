"""Fast currents of a crossbar: never further from the exact ones than the bound that comes with them."""

import numpy as np
import pytest
from rows import rows

from solitons.crossbars import ResistorCrossbar, Wires, bounded_bit_currents


def cells_of(seed, shape, spread=1.0):
    return np.exp(np.random.default_rng(seed).normal(np.log(1e-4), spread, shape))


@rows(
    ("shape", "wires", "spread"),
    [
        ((1, 1), Wires(1.0, 3.0), 0.1),
        ((1, 9), Wires(2.0, 1.0, driver=50.0), 1.0),
        ((17, 1), Wires(2.0, 1.0, sense=200.0), 1.0),
        ((24, 31), Wires(2.0, 2.0), 0.5),
        ((40, 12), Wires(20.0, 0.1, driver=300.0, sense=1000.0), 2.0),
        ((20, 20), Wires(1000.0, 1000.0), 1.0),  # wires that resist as much as cells
    ],
)
def test_the_error_is_within_the_bound_after_any_number_of_sweeps(shape, wires, spread):
    cells = cells_of(1, shape, spread)
    volts = np.random.default_rng(2).uniform(-1, 1, shape[0])
    exact = ResistorCrossbar(cells, wires).bit_currents(volts)
    for most in (1, 2, 3, 5, 10):
        found = bounded_bit_currents(cells, wires, volts, tolerance=1e-13, most=most)
        off = np.abs(found.bit_current - exact).sum()
        assert off <= found.bound * (1 + 1e-9) + 1e-12 * np.abs(exact).sum()
    found = bounded_bit_currents(cells, wires, volts, tolerance=1e-6)
    assert found.relative_bound <= 1e-6
    np.testing.assert_allclose(found.bit_current, exact, atol=found.bound)


def test_the_bound_is_reached_where_all_that_is_lacking_leaves_through_the_bit_line():
    # A driver of high resistance: what the word line's node lacks goes to the bit line.
    cells, wires = np.array([[1.0]]), Wires(1.0, 1.0, driver=1e6)
    found = bounded_bit_currents(cells, wires, [1.0], most=1, tolerance=1e-13)
    exact = ResistorCrossbar(cells, wires).bit_currents([1.0])
    assert np.abs(found.bit_current - exact).sum() == pytest.approx(found.bound, rel=1e-4)


def test_an_array_that_has_hardly_changed_takes_fewer_sweeps():
    cells, wires, volts = cells_of(3, (48, 48)), Wires(5.0, 5.0), np.ones(48)
    first = bounded_bit_currents(cells, wires, volts, tolerance=1e-4)
    cells[7, 9] *= 1.1
    again = bounded_bit_currents(cells, wires, volts, tolerance=1e-4, start=first.bit_voltage)
    anew = bounded_bit_currents(cells, wires, volts, tolerance=1e-4)
    assert again.sweeps < anew.sweeps
    exact = ResistorCrossbar(cells, wires).bit_currents(volts)
    assert np.abs(again.bit_current - exact).sum() <= again.bound
    assert first.bit_voltage is not again.bit_voltage


def test_sweeps_that_are_used_up_say_how_far_they_came():
    found = bounded_bit_currents(cells_of(4, (64, 64)), Wires(50.0, 50.0), np.ones(64), tolerance=1e-9, most=3)
    assert found.sweeps == 3
    assert found.relative_bound > 1e-9


@rows(
    ("changes", "message"),
    [
        ({"wires": Wires(0.0, 2.0)}, "use ResistorCrossbar"),
        ({"word_voltage": np.ones(3)}, r"word_voltage has the shape \(3,\)"),
        ({"start": np.zeros((4, 4))}, r"start has the shape \(4, 4\)"),
        ({"tolerance": 0.0}, "tolerance = 0.0 must be above 0"),
        ({"most": 0}, "most = 0 be 1 or more"),
        ({"conductance": np.zeros((4, 5))}, "must be above 0"),
    ],
)
def test_what_it_cannot_answer_is_refused(changes, message):
    keys = {"conductance": cells_of(5, (4, 5)), "wires": Wires(1.0, 1.0), "word_voltage": np.ones(4)} | changes
    with pytest.raises(ValueError, match=message):
        bounded_bit_currents(keys.pop("conductance"), keys.pop("wires"), keys.pop("word_voltage"), **keys)
