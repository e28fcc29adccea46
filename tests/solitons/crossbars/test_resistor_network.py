"""Crossbars of resistors: against closed forms, badcrossbar, published losses, and by what they refuse."""

import numpy as np
import pytest
from rows import rows

from solitons.crossbars import ResistorCrossbar, Wires
from solitons.crossbars.line_elimination import eliminated_conductance, worth_eliminating
from solitons.crossbars.resistor_network import effective_conductance, lost_current

CELLS = np.array([[1e-4, 2e-4, 1.5e-4], [1.2e-4, 1.7e-4, 1e-4]])
VOLTAGES = np.array([[0.3, -0.2], [1.0, 0.5]])


def random_cells(words, bits, seed=0):
    return 1 / np.random.default_rng(seed).uniform(5e3, 10e3, (words, bits))


@rows(
    ("shape", "wires"),
    [((5, 7), Wires(2.0, 3.0)), ((12, 4), Wires(0.5, 0.0)), ((6, 6), Wires(0.0, 1.0)), ((1, 5), Wires(1, 1)),
     ((5, 1), Wires(1, 1)), ((32, 32), Wires(2.0, 2.0))],
)  # fmt: skip
def test_currents_and_voltages_are_those_of_badcrossbar(shape, wires):
    badcrossbar = pytest.importorskip(
        "badcrossbar", reason="make installs badcrossbar, pip alone does not", exc_type=ImportError
    )
    cells, applied = random_cells(*shape), np.random.default_rng(1).uniform(-1, 1, (3, shape[0]))
    other = badcrossbar.compute(applied.T, 1 / cells, r_i_word_line=wires.word_segment, r_i_bit_line=wires.bit_segment)
    ours = ResistorCrossbar(cells, wires).solve(applied)
    np.testing.assert_allclose(ours.bit_current, other.currents.output, rtol=1e-9)
    for mine, theirs in ((ours.word_voltage, other.voltages.word_line), (ours.bit_voltage, other.voltages.bit_line)):
        if theirs is not None:
            np.testing.assert_allclose(mine, np.moveaxis(theirs, -1, 0), rtol=1e-9, atol=1e-15)


def test_a_small_network_is_that_of_badcrossbar_to_its_last_digit():
    # badcrossbar 1.1.0 with r_i_word_line = 3 ohm, r_i_bit_line = 5 ohm.
    ours = ResistorCrossbar(CELLS, Wires(word_segment=3.0, bit_segment=5.0)).solve(VOLTAGES)
    expected = [
        [5.96614958536326e-06, 2.5816222509520376e-05, 2.485307980070328e-05],
        [0.0001595702616663627, 0.000283630797579537, 0.00019910003741399306],
    ]
    np.testing.assert_allclose(ours.bit_current, expected, rtol=1e-9)


def test_one_word_line_is_a_ladder():
    # Bit lines are ideal: from the far end, a segment r and a cell g, again and again.
    cells, r = np.array([[1e-3, 2e-3, 5e-4, 1e-3]]), 50.0
    seen = 0.0
    for each in cells[0, ::-1]:
        seen = 1 / (r + 1 / (each + seen))
    solution = ResistorCrossbar(cells, Wires(word_segment=r)).solve([0.7])
    assert solution.word_current[0] == pytest.approx(0.7 * seen, rel=1e-13)
    assert solution.bit_current.sum() == pytest.approx(0.7 * seen, rel=1e-13)


def test_drivers_and_sense_are_in_series():
    solution = ResistorCrossbar([[1e-3]], Wires(1.0, 2.0, driver=100.0, sense=50.0)).solve([1.0])
    assert solution.bit_current[0] == pytest.approx(1 / 1153, rel=1e-13)
    assert solution.cell_voltage[0, 0] == pytest.approx(1000 / 1153, rel=1e-13)


@pytest.mark.parametrize("shape", [(4, 7), (7, 4)])
def test_what_a_crossbar_multiplies_by_is_a_matrix(shape):
    wires, cells = Wires(4.0, 2.0, driver=20.0, sense=7.0), random_cells(*shape)
    applied = np.random.default_rng(2).uniform(-1, 1, (70, shape[0]))
    crossbar = ResistorCrossbar(cells, wires)
    np.testing.assert_allclose(applied @ effective_conductance(cells, wires), crossbar.bit_currents(applied), rtol=1e-9)
    np.testing.assert_allclose(crossbar.solve(applied).bit_current, crossbar.bit_currents(applied), rtol=1e-12)
    np.testing.assert_array_equal(effective_conductance(cells, Wires()), cells)


@rows("shape", [(1, 1), (5, 1), (1, 5), (40, 24), (24, 130)])
def test_lines_that_are_eliminated_are_the_sparse_network(shape):
    wires, cells = Wires(4.0, 2.0, driver=20.0, sense=7.0), random_cells(*shape)
    assert worth_eliminating(shape, wires)
    found = eliminated_conductance(cells, wires)
    np.testing.assert_allclose(found, ResistorCrossbar(cells, wires).bit_currents(np.eye(shape[0])), rtol=1e-11)


def test_what_has_no_blocks_or_too_large_ones_is_left_to_the_sparse_network():
    assert not worth_eliminating((20, 20), Wires(0.0, 2.0))
    assert not worth_eliminating((20, 20), Wires(2.0, 0.0))
    assert not worth_eliminating((1000, 1000), Wires(2.0, 2.0))
    cells = random_cells(6, 4)
    for wires in (Wires(0.0, 2.0), Wires(2.0, 0.0), Wires(driver=10.0)):
        by_column = ResistorCrossbar(cells, wires).bit_currents(np.eye(6))
        np.testing.assert_allclose(effective_conductance(cells, wires), by_column, rtol=1e-11)


def test_without_wires_it_is_ohms_law():
    found = ResistorCrossbar(CELLS, Wires()).solve(VOLTAGES)
    np.testing.assert_allclose(found.bit_current, VOLTAGES @ CELLS, rtol=1e-14)


@pytest.mark.parametrize(("lines", "published"), [(32, 0.17), (128, 0.73)])
def test_losses_of_published_arrays_are_found_again(lines, published):
    # Cells of 5 to 10 kohm, 2 ohm a segment; spread evenly in the logarithm, and in resistance.
    generator = np.random.default_rng(0)
    evenly = np.exp(generator.uniform(np.log(1e-4), np.log(2e-4), (lines, lines)))
    assert lost_current(evenly, Wires(2.0, 2.0)) == pytest.approx(published, abs=0.01)
    assert lost_current(random_cells(lines, lines), Wires(2.0, 2.0)) == pytest.approx(published, abs=0.01)


def test_floating_lines_carry_nothing_outside():
    floats = np.array([False, True])
    found = ResistorCrossbar(CELLS, Wires(1.0, 1.0), floating_words=floats).solve([1.0, np.nan])
    assert found.word_current[1] == 0
    assert found.word_current[0] == pytest.approx(found.bit_current.sum(), rel=1e-12)


@rows(
    ("cells", "message"),
    [
        ([[1e-3, 0.0]], r"cell \(0, 1\) is 0 S, and must be above 0; give an open cell its leakage"),
        ([[1e-3, -1e-3]], r"cell \(0, 1\) is -0.001 S"),
        ([[1e-3], [np.nan]], r"cell \(1, 0\) is nan S; give finite numbers"),
        ([1e-3], r"has the shape \(1,\); give a matrix"),
        (np.broadcast_to(1e-3, (100_000, 100_000)), r"10,000,000,000 cells are more than .* cut the matrix"),
    ],
)
def test_bad_conductances_are_refused(cells, message):
    with pytest.raises(ValueError, match=message):
        ResistorCrossbar(cells, Wires(1.0, 1.0))


def test_bad_wires_and_voltages_are_refused():
    with pytest.raises(ValueError, match=r"Wires.driver = -1 ohm must be"):
        Wires(driver=-1)
    crossbar = ResistorCrossbar(CELLS, Wires(1.0, 1.0))
    with pytest.raises(ValueError, match=r"word_voltage has the shape \(3,\); its last axis has 2 lines"):
        crossbar.solve([1.0, 1.0, 1.0])
    with pytest.raises(ValueError, match="word_voltage of a line that is connected is not finite"):
        crossbar.solve([1.0, np.nan])
    with pytest.raises(ValueError, match="all lines float"):
        ResistorCrossbar(CELLS, Wires(1.0, 1.0), np.ones(2, bool), np.ones(3, bool))
    with pytest.raises(ValueError, match=r"floating_bits has the shape \(2,\), but there are 3 such lines"):
        ResistorCrossbar(CELLS, Wires(1.0, 1.0), floating_bits=np.ones(2, bool))
