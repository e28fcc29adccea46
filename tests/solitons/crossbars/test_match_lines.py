"""Match lines beside Kirchhoff's nodal equations, the matrix exponential, plain comparisons and drawn lines."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import rows
from scipy.integrate import solve_ivp
from scipy.linalg import expm
from scipy.special import ndtr

from solitons.crossbars.match_lines import MatchCell, MatchLine, matches, words_error

CELL = MatchCell(6.72e-5, 3.05e-5, spread=0.06, on=3e3, off=1e8)
LINE = MatchLine(CELL, bits=12, capacitance=1e-15, segment=40.0, voltage=0.5)


def laplacian(bits, conductance):
    """Nodes of the line with a conductance from each to the next."""
    found = np.zeros((bits, bits))
    for k in range(bits - 1):
        found[np.ix_([k, k + 1], [k, k + 1])] += conductance * np.array([[1, -1], [-1, 1]])
    return found


@rows("off", [1e8, 3e4])
def test_a_line_conducts_as_the_nodal_equations_of_wires_transistors_and_junctions_have_it(off):
    """Nodes: the line's, and one behind each transistor; a volt at the end, a segment before the first cell."""
    stored, searched = "011X00X10", "01X011010"
    bits, line = len(stored), replace(LINE, cell=replace(CELL, off=off), bits=len(stored))
    wire = 1 / line.segment
    nodal = np.zeros((3 * bits, 3 * bits))
    nodal[:bits, :bits] = laplacian(bits, wire)
    nodal[0, 0] += wire
    for k, (bit, ask) in enumerate(zip(stored, searched, strict=True)):
        for side in (0, 1):
            inner = bits + 2 * k + side
            # Branch 0 opens for a searched 0, and is parallel where a 1 is stored.
            channel = 1 / (CELL.on if ask == "01"[side] else off)
            nodal[np.ix_([k, inner], [k, inner])] += channel * np.array([[1, -1], [-1, 1]])
            nodal[inner, inner] += CELL.parallel if bit == "10"[side] else CELL.antiparallel
    volts = np.linalg.solve(nodal, wire * np.eye(3 * bits)[0])
    assert line.steady_conductance(line.cell.stored(stored, searched)) == pytest.approx(wire * (1 - volts[0]), rel=1e-9)


def decayed(line, cells):
    """Voltage of the sensing end of a line with wires when it is compared."""
    matrix = (laplacian(line.bits, 1 / line.segment) + np.diag(cells)) / line.capacitance
    return line.voltage * (expm(-matrix * line.sampling_time) @ np.ones(line.bits))[0]


def test_a_line_without_wires_decays_as_the_matrix_exponential_has_it():
    cells, line = np.random.default_rng(2).uniform(2e-5, 7e-5, 12), replace(LINE, segment=1e-3)
    assert line.voltage_at(cells.sum()) == pytest.approx(decayed(line, cells), rel=1e-5)


@rows("segment", [1.0, 10.0])
def test_wires_make_the_farthest_cell_count_less_in_the_exact_decay(segment):
    line, cells, step = replace(LINE, segment=segment), np.full(12, 4e-5), 1e-9 * np.eye(12)[-1]
    slope = np.log(decayed(line, cells - step) / decayed(line, cells + step)) / 2e-9
    found = slope * line.bits * line.capacitance / line.sampling_time
    assert 1 - found == pytest.approx(line.far_deficit, rel=0.02)


def test_the_best_time_tells_both_apart_best():
    match, differs = (LINE.conductance(wrong) / (12 * LINE.capacitance) for wrong in (0, 1))
    times = LINE.sampling_time * np.linspace(0.9, 1.1, 41)
    assert np.argmax(np.exp(-match * times) - np.exp(-differs * times)) == 20


@rows(
    "bits, spread, offset, off",
    [(2, 0.12, 0.0, 1e8), (3, 0.08, 0.0, 1e6), (6, 0.06, 2e-3, 1e8), (6, 0.08, 0.0, 3e4), (32, 0.03, 1e-3, 1e8)],
)
def test_errors_are_those_of_drawn_lines(bits, spread, offset, off):
    line = MatchLine(replace(CELL, spread=spread, off=off), bits, 1e-15, 0.0, 0.5, offset)
    draws, (normal, exact, _) = 240_000 // bits, line.errors
    chance = np.sqrt(exact / draws)
    assert line.counted_error(draws, seed=3) == pytest.approx(exact, abs=4 * chance)
    # In the middle of both laws the normal one is good.
    assert normal == pytest.approx(exact, rel=0.15)


def test_the_closed_form_is_the_normal_law_of_both_sums():
    """Without transistors all moments of a lognormal number are known."""
    line = MatchLine(MatchCell(1e-4, 4e-5, spread=0.1), 8, 1e-15)
    mean, deviation = np.exp(0.1**2 / 2), np.sqrt(np.exp(2 * 0.1**2) - np.exp(0.1**2))
    both = deviation * (np.sqrt(8) * 4e-5 + np.sqrt(7 * 4e-5**2 + 1e-4**2))
    assert line.errors[0] == pytest.approx(ndtr(-6e-5 * mean / both), rel=1e-9)


def test_junctions_that_are_alike_fail_by_the_offset_alone():
    """Its law is normal in volts, and linear at the threshold."""
    line = MatchLine(replace(CELL, spread=0.0), 8, 1e-15, voltage=0.5, offset=5e-3)
    apart = line.voltage_at(line.conductance(0)) - line.voltage_at(line.conductance(1))
    assert line.errors[:2] == pytest.approx([ndtr(-apart / 2 / 5e-3)] * 2, rel=0.02)
    assert replace(line, offset=0.0).errors[:2] == (0.0, 0.0)


@rows("tmr, half, bits", [(1.2, 0.5, 6), (1.2, 0.2, 2), (4.0, 0.5, 16)])
def test_magnetoresistance_falls_along_the_decay(tmr, half, bits):
    """The mean beside the equation of motion of a match whose conductance follows its voltage."""
    line = MatchLine(MatchCell(6.7e-5, 6.7e-5 / (1 + tmr)), bits, 1e-15, voltage=0.5).biased(half)
    rate = lambda v: 6.7e-5 / (1 + tmr / (1 + (v / half) ** 2)) / 1e-15 * line.sampling_time  # noqa: E731
    end = solve_ivp(lambda _, v: -rate(v) * v, (0, 1), [0.5], rtol=1e-10, atol=1e-14).y[0, -1]
    assert line.voltage_at(line.conductance(0)) == pytest.approx(end, rel=1e-5)


WORD = st.text(alphabet="01X", min_size=7, max_size=7)


@given(st.lists(WORD, min_size=1, max_size=6), WORD)
@settings(deadline=None, max_examples=25)
def test_a_search_finds_what_a_plain_comparison_does(patterns, searched):
    line = MatchLine(CELL, bits=7, capacitance=1e-15, voltage=0.5)
    plain = [all("X" in (a, b) or a == b for a, b in zip(each, searched, strict=True)) for each in patterns]
    assert line.found(patterns, searched) == plain == [matches(each, searched) for each in patterns]


def test_closed_branches_that_leak_hide_a_mismatch_beside_many_x():
    line = MatchLine(replace(CELL, off=3e4), bits=7, capacitance=1e-15, voltage=0.5)
    assert line.found(["XXXXXX1"], "0000000") == [True]
    assert not matches("XXXXXX1", "0000000")


def test_errors_of_words_add_up():
    each = 0.01
    assert words_error(each, 3) == pytest.approx(1 - 0.99**3)
    assert words_error(1e-18, 1000) == pytest.approx(1e-15)
