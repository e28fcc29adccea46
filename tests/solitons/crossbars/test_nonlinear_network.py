"""Cells that are not Ohmic: their I-V against closed forms, the network against Ohm's, and the biasing of one cell."""

import numpy as np
import pytest
from rows import rows
from scipy.constants import Boltzmann, elementary_charge
from scipy.optimize import brentq

from solitons.crossbars import (
    PassiveCells,
    ResistorCrossbar,
    Selector,
    SelectorCells,
    Transistor,
    TransistorCells,
    Wires,
    solve_cells,
)
from solitons.crossbars.biasing import half_select_disturb, read_margin
from solitons.crossbars.cell_currents import AbstractCells, Branch
from solitons.crossbars.nonlinear_network import NoOperatingPoint

WIRES = Wires(2.0, 3.0, driver=10.0, sense=5.0)
GENERATOR = np.random.default_rng(0)
CELLS = 1 / GENERATOR.uniform(5e3, 1e4, (6, 8))
TRANSISTOR = Transistor(threshold=0.4, gain=1e-3)


def test_ohmic_cells_are_the_linear_network():
    applied = np.random.default_rng(1).uniform(-1, 1, 6)
    linear, newton = ResistorCrossbar(CELLS, WIRES).solve(applied), solve_cells(PassiveCells(CELLS), WIRES, applied)
    np.testing.assert_allclose(newton.bit_current, linear.bit_current, rtol=1e-9)
    np.testing.assert_allclose(newton.device_voltage, linear.cell_voltage, rtol=1e-8)
    assert newton.steps == 1


@rows(
    "cells",
    [
        SelectorCells(CELLS, Selector(1e-12, 0.05)),
        SelectorCells(CELLS, Selector(1e-7, 0.2)),
        TransistorCells(CELLS, TRANSISTOR, np.linspace(-0.5, 2, 6)),
    ],
)
def test_slopes_are_those_of_the_current(cells):
    word, bit = np.random.default_rng(3).uniform(-1, 1, (2, 6, 8))
    h, found = 1e-6, cells.branch(word, bit)
    by_word = (cells.branch(word + h, bit).current - cells.branch(word - h, bit).current) / (2 * h)
    by_bit = (cells.branch(word, bit + h).current - cells.branch(word, bit - h).current) / (2 * h)
    np.testing.assert_allclose(found.by_word, by_word, rtol=1e-6, atol=1e-7 * by_word.max())
    np.testing.assert_allclose(found.by_bit, by_bit, rtol=1e-6, atol=1e-7 * by_word.max())
    assert (found.by_word >= 0).all()
    assert (found.by_bit <= 0).all()


@rows("voltage", [-1.0, -1e-3, 0.0, 0.02, 0.3, 2.0])
def test_a_selector_shares_the_voltage_with_its_device(voltage):
    selector, g = Selector(1e-10, 0.06), 1e-4
    (current,) = SelectorCells(np.array([[g]]), selector).branch(np.array([[voltage]]), np.array([[0.0]])).current[0]
    expected = brentq(lambda i: i / g + 0.06 * np.arcsinh(i / 1e-10) - voltage, -1, 1, xtol=1e-25, rtol=1e-14)
    assert current == pytest.approx(expected, rel=1e-10, abs=1e-24)


def test_a_transistor_is_the_square_law_far_above_threshold_and_exponential_below():
    n, beta = 1.3, 1e-3
    pinch = (2.0 - 0.4) / n
    linear, _, _ = TRANSISTOR.branch(np.array(2.0), np.array(0.3), np.array(0.0))
    assert float(linear) == pytest.approx(n * beta / 2 * (pinch**2 - (pinch - 0.3) ** 2), rel=1e-6)
    saturated, _, _ = TRANSISTOR.branch(np.array(2.0), np.array(5.0), np.array(0.0))
    assert float(saturated) == pytest.approx(n * beta / 2 * pinch**2, rel=1e-6)
    unit = Boltzmann * 300 / elementary_charge
    tight = Transistor(threshold=0.4, gain=1e-3, leakage=1e-25)
    below = [float(tight.branch(np.array(gate), np.array(1.0), np.array(0.0))[0]) for gate in (-0.1, 0.0)]
    assert np.log(below[1] / below[0]) == pytest.approx(0.1 / (n * unit), rel=1e-3)
    forward, backward = (float(TRANSISTOR.branch(np.array(1.0), *ends)[0]) for ends in
                         ((np.array(0.4), np.array(0.1)), (np.array(0.1), np.array(0.4))))  # fmt: skip
    assert forward == pytest.approx(-backward, rel=1e-12)


@rows("floating", [False, True])
@rows("kind", ["selector", "leaky selector", "transistor"])
def test_kirchhoffs_law_holds_at_an_operating_point(kind, floating):
    gate = np.where(np.arange(6) == 2, 1.5, 0.0)
    cells = {
        "selector": SelectorCells(CELLS, Selector(1e-12, 0.05)),
        "leaky selector": SelectorCells(CELLS, Selector(1e-8, 0.1)),
        "transistor": TransistorCells(CELLS, TRANSISTOR, gate),
    }[kind]
    floats = np.arange(6) != 2 if floating else None
    found = solve_cells(cells, WIRES, np.where(np.arange(6) == 2, 1.0, 0.0), floating_words=floats)
    assert found.residual < 1e-9
    # What enters a word line goes through its cells, and what goes through a bit line's cells leaves it.
    largest = np.abs(found.cell_current).max()
    np.testing.assert_allclose(found.cell_current.sum(axis=1), found.word_current, atol=1e-7 * largest)
    np.testing.assert_allclose(found.cell_current.sum(axis=0), found.bit_current, atol=1e-7 * largest)


class Negative(AbstractCells):
    """A cell that delivers more, the more it has to: there is no point of rest."""

    conductance = np.full((2, 2), 1e-3)

    def branch(self, word_voltage, bit_voltage):
        across = word_voltage - bit_voltage
        return Branch(np.cos(40 * across) + 2, np.abs(np.sin(40 * across)) + 1e-9, -np.abs(np.sin(40 * across)) - 1e-9)

    def device_voltage(self, current):
        return current


def test_what_does_not_converge_is_refused():
    with pytest.raises(NoOperatingPoint, match=r"Kirchhoff's law is broken by .* A at a node.*lower the voltages"):
        solve_cells(Negative(), Wires(1.0, 1.0), [1.0, 1.0], floating_bits=[True, True])


def test_lines_that_float_behind_closed_selectors_have_no_voltage():
    cells = SelectorCells(np.full((2, 2), 1e-4), Selector(current=1e-30, voltage=1e-3))
    with pytest.raises(NoOperatingPoint, match="give floating lines a bias") as caught:
        solve_cells(cells, Wires(2.0, 2.0), [1e3, 0.0], floating_bits=[True, True])
    assert "singular" in str(caught.value.__cause__)


@pytest.mark.parametrize(("ratio", "most"), [(2.0, 2), (3.0, 3)])
def test_a_floating_passive_array_keeps_a_tenth_only_while_it_is_tiny(ratio, most):
    def margin(lines):
        return read_margin(1e-4, 1e-4 / ratio, (lines, lines), Wires(), "floating")

    assert margin(most) >= 0.1 > margin(most + 1)
    # The closed form: two lines of other cells in series with all the rest; the load is the low resistance.
    for lines in (2, 3, 5, 12):
        aside = 1e4 * (2 / (lines - 1) + 1 / (lines - 1) ** 2)
        on, off = (1 / (1 / each + 1 / aside) for each in (1e4, ratio * 1e4))
        assert margin(lines) == pytest.approx(1e4 / (1e4 + on) - 1e4 / (1e4 + off), rel=1e-9)


def test_selectors_and_transistors_keep_the_margin_of_an_array():
    def margin(**more):
        return read_margin(1e-4, 0.4e-4, (24, 24), Wires(1.0, 1.0), "half", voltage=0.8, **more)

    alone = read_margin(1e-4, 0.4e-4, (1, 1), Wires(), "half", voltage=0.8)
    selector = Selector(1e-11, 0.02)
    behind = margin(
        cells_of=lambda g, word: TransistorCells(g, TRANSISTOR, np.where(np.arange(len(g)) == word, 2.0, 0.0))
    )
    assert margin() < 0.05
    assert margin(cells_of=lambda g, _: SelectorCells(g, selector)) > 2 * margin()
    assert behind > 0.5 * alone


@rows(("scheme", "share"), [("half", 1 / 2), ("third", 1 / 3), ("grounded", 1.0)])
def test_half_selected_cells_have_their_share_of_the_voltage(scheme, share):
    found = half_select_disturb(np.full((5, 7), 1e-4), Wires(), scheme, 0.9, (1, 2))
    assert found.chosen == pytest.approx(0.9)
    assert found.worst == pytest.approx(0.9 * share)
    assert found.share == pytest.approx(share)


@rows(
    ("call", "message"),
    [
        (lambda: Selector(0.0, 0.1), r"Selector.current = 0.0 must be a finite number above 0"),
        (lambda: Transistor(0.4, -1e-3), r"Transistor.gain = -0.001 must be"),
        (lambda: Transistor(0.4, 1e-3, slope=0.9), r"slope = 0.9 1 or above"),
        (lambda: read_margin(1e-4, 2e-4, (2, 2), Wires(), "half"), "off = 0.0002 S and on = 0.0001 S must be"),
        (lambda: read_margin(2e-4, 1e-4, (2, 2), Wires(), "full"), "scheme = 'full' is none of floating, half"),
        (lambda: half_select_disturb(np.ones((2, 2)), Wires(), "half", 1.0, (2, 0)), r"no cell \(2, 0\)"),
        (lambda: solve_cells(PassiveCells(CELLS), WIRES, np.ones((3, 6))), "give one set at a time"),
        (lambda: solve_cells(PassiveCells(CELLS - 1), WIRES, np.ones(6)), "must be above 0"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
