"""Look-up tables beside the nodal equations of their trees, drawn tables, and arithmetic."""

from itertools import product

import numpy as np
import pytest

from solitons.crossbars.lookup_tables import CARRY, SUM, read_rows, row_error, tree_conductance, wrong_share
from solitons.crossbars.match_lines import MatchCell

CELL = MatchCell(6.72e-5, 3.05e-5, spread=0.12, on=3e3, off=1e8)


def nodal(junctions, row, on, off):
    """Kirchhoff's law of a tree from node 1, the root, to 15: children 2 k and 2 k + 1, an input for each level."""
    matrix = np.zeros((16, 16))
    for node in range(2, 16):
        depth = node.bit_length() - 1
        chosen = node % 2 == (row >> (3 - depth)) % 2
        matrix[np.ix_([node // 2, node], [node // 2, node])] += np.array([[1, -1], [-1, 1]]) / (on if chosen else off)
        if node >= 8:
            matrix[node, node] += junctions[node - 8]
    volts = np.linalg.solve(matrix[2:, 2:], -matrix[2:, 1])
    return matrix[1, 1] + matrix[1, 2:] @ volts


@pytest.mark.parametrize("row", [0, 3, 6])
def test_a_tree_conducts_as_its_nodal_equations_have_it(row):
    junctions = np.random.default_rng(1).uniform(3e-5, 7e-5, 8)
    found = tree_conductance(junctions, row, on=3e3, off=1e5)
    assert found == pytest.approx(nodal(junctions, row, 3e3, 1e5), rel=1e-9)


@pytest.mark.parametrize("paired", [False, True])
def test_mean_junctions_add(paired):
    for at, (a, b, carry) in enumerate(product((0, 1), repeat=3)):
        found = 2 * read_rows(CARRY, CELL, paired)[at] + read_rows(SUM, CELL, paired)[at]
        assert found == a + b + carry


@pytest.mark.parametrize("paired", [False, True])
@pytest.mark.parametrize("spread", [0.12, 0.2])
def test_row_errors_are_those_of_drawn_tables(paired, spread):
    cell = MatchCell(6.72e-5, 3.05e-5, spread=spread, on=3e3, off=1e8)
    draws, expected = 30_000, row_error(cell, paired)
    found = wrong_share(SUM, cell, paired, draws, seed=2)
    assert found == pytest.approx(expected, abs=4 * np.sqrt(expected / (8 * draws)) + 0.005 * expected)


def test_transistors_that_do_not_close_read_all_rows_alike():
    stuck = MatchCell(6.72e-5, 3.05e-5, on=3e3, off=3e3)
    assert len(set(read_rows(SUM, stuck, paired=False).tolist())) == 1
    assert row_error(stuck, paired=True) == 0
