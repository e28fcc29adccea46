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

from solitons.crossbars import ResistorCrossbar, Wires
from solitons.crossbars.match_cells import MatchCell, biased_antiparallel
from solitons.crossbars.match_lines import MatchLine, matches, words_error

CELL = MatchCell(6.72e-5, 3.05e-5, spread=0.06, on=3e3, off=1e8)
LINE = MatchLine(CELL, bits=12, capacitance=1e-15, segment=40.0, voltage=0.5)


def laplacian(bits, conductance):
    """Nodes of the line with a conductance from each to the next."""
    found = np.zeros((bits, bits))
    for k in range(bits - 1):
        found[np.ix_([k, k + 1], [k, k + 1])] += conductance * np.array([[1, -1], [-1, 1]])
    return found


def test_a_line_with_wires_conducts_as_the_nodal_equations_of_wires_transistors_and_junctions_have_it():
    """Nodes: the line's, and one behind each transistor; a volt at the end, a segment before the first cell."""
    bits, generator = 9, np.random.default_rng(1)
    line = replace(LINE, bits=bits)
    stored, searched = "011X00X10", "01X011010"
    factors = np.exp(0.1 * generator.standard_normal((bits, 2)))
    wire = 1 / line.segment
    nodal = np.zeros((3 * bits, 3 * bits))
    nodal[:bits, :bits] = laplacian(bits, wire)
    nodal[0, 0] += wire
    for k, (bit, ask) in enumerate(zip(stored, searched, strict=True)):
        for side in (0, 1):
            inner = bits + 2 * k + side
            # Branch 0 opens for a searched 0, and is parallel where a 1 is stored.
            channel = 1 / (CELL.on if ask == "01"[side] else CELL.off)
            junction = (CELL.parallel if bit == "10"[side] else CELL.antiparallel) * factors[k, side]
            nodal[np.ix_([k, inner], [k, inner])] += channel * np.array([[1, -1], [-1, 1]])
            nodal[inner, inner] += junction
    volts = np.linalg.solve(nodal, wire * np.eye(3 * bits)[0])
    cells = line.cell.stored(stored, searched, factors)
    assert line.steady_conductance(cells) == pytest.approx(wire * (1 - volts[0]), rel=1e-9)
    crossbar = ResistorCrossbar(cells[None], Wires(word_segment=line.segment)).solve([1.0])
    assert line.steady_conductance(cells) == pytest.approx(crossbar.word_current[0], rel=1e-9)


def test_a_line_decays_as_the_matrix_exponential_has_it():
    cells = np.random.default_rng(2).uniform(2e-5, 7e-5, 12)
    matrix = (laplacian(12, 1 / LINE.segment) + np.diag(cells)) / LINE.capacitance
    for time in (1e-12, 3e-11):
        exact = 0.5 * (expm(-matrix * time) @ np.ones(12))[0]
        assert LINE.voltage_of(cells, time) == pytest.approx(exact, rel=1e-9)
    assert replace(LINE, segment=0.0).voltage_of(cells, 3e-11) == pytest.approx(0.5 * np.exp(-cells.mean() * 3e4))


@pytest.mark.parametrize("time", [1e-13, 3e-12, 3e-11])
def test_weights_are_the_slopes_of_the_exact_decay(time):
    cells, step = np.full(12, 4e-5), 1e-9
    found = LINE.weights(time)
    assert found.sum() == pytest.approx(12)
    rise = np.log(LINE.voltage_of(cells + step * np.eye(12), time) / LINE.voltage_of(cells - step * np.eye(12), time))
    assert found == pytest.approx(-rise * 12 * LINE.capacitance / (2 * step * time), rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("segment", [0.0, 40.0])
def test_the_best_time_tells_both_apart_best(segment):
    line = replace(LINE, segment=segment)
    times = line.sampling_time * np.linspace(0.9, 1.1, 41)
    apart = [np.subtract(*replace(line, time=time).voltages) for time in times]
    assert abs(int(np.argmax(apart)) - 20) <= 1


@rows(
    "bits, spread, segment, offset",
    [(2, 0.12, 0.0, 0.0), (6, 0.06, 0.0, 2e-3), (6, 0.1, 200.0, 0.0), (12, 0.05, 40.0, 0.0), (32, 0.03, 0.0, 1e-3)],
)
def test_errors_are_those_of_drawn_lines(bits, spread, segment, offset):
    line = MatchLine(replace(CELL, spread=spread), bits, 1e-15, segment, 0.5, offset)
    draws, found = 120_000 // bits, line.error()
    chance = np.sqrt(found.exact / draws)
    assert line.counted_error(draws, seed=3) == pytest.approx(found.exact, abs=4 * chance + 0.03 * found.exact)
    # In the middle of both laws the normal one is good.
    assert found.normal == pytest.approx(found.exact, rel=0.15)
    assert found.by_normal_threshold >= found.exact * (1 - 1e-6)


def test_the_closed_form_is_the_normal_law_of_both_sums():
    """Without transistors all moments of a lognormal number are known."""
    line = MatchLine(MatchCell(1e-4, 4e-5, spread=0.1), 8, 1e-15)
    mean, deviation = np.exp(0.1**2 / 2), np.sqrt(np.exp(2 * 0.1**2) - np.exp(0.1**2))
    both = deviation * (np.sqrt(8) * 4e-5 + np.sqrt(7 * 4e-5**2 + 1e-4**2))
    assert line.error().normal == pytest.approx(ndtr(-6e-5 * mean / both), rel=1e-9)


def test_far_out_a_threshold_of_the_normal_law_is_not_the_best_one():
    found = MatchLine(MatchCell(6.72e-5, 1.6e-5, spread=0.04, on=3e3), 6, 1e-15, voltage=0.5, offset=1e-3).error()
    assert found.normal < 1e-15
    assert found.by_normal_threshold > 5 * found.exact


def test_magnetoresistance_falls_along_the_decay():
    """The closed mean beside the equation of motion of a line whose conductance follows its voltage."""
    high, tmr, half = 6.7e-5, 1.2, 0.5
    rate = lambda v: high / (1 + tmr / (1 + (v / half) ** 2)) / 1e-15  # noqa: E731
    found = solve_ivp(lambda _, v: -rate(v) * v, (0, 3e-11), [0.5], rtol=1e-10, atol=1e-14).y[0, -1]
    exponent = np.log(0.5 / found)
    assert biased_antiparallel(high, tmr, half, 0.5, exponent) * 3e-11 / 1e-15 == pytest.approx(exponent, rel=0.01)
    assert biased_antiparallel(high, tmr, 1e3, 0.5, 1.0) == pytest.approx(high / (1 + tmr), rel=1e-6)


def test_the_mean_end_of_random_words_is_that_of_drawn_words():
    line, generator = replace(LINE, segment=0.0), np.random.default_rng(4)
    ends = []
    for _ in range(2000):
        stored = "".join(generator.choice(["0", "1"], line.bits))
        searched = "".join(generator.choice(["0", "1"], line.bits))
        factors = np.exp(CELL.spread * generator.standard_normal((line.bits, 2)))
        ends.append(line.voltage_of(CELL.stored(stored, searched, factors), line.sampling_time))
    assert line.end_voltage_of_random_words() == pytest.approx(np.mean(ends), abs=4 * np.std(ends) / 2000**0.5)


WORD = st.text(alphabet="01X", min_size=7, max_size=7)


@given(st.lists(WORD, min_size=1, max_size=6), WORD)
@settings(deadline=None, max_examples=25)
def test_a_search_finds_what_a_plain_comparison_does(patterns, searched):
    line = MatchLine(CELL, bits=7, capacitance=1e-15, segment=5.0, voltage=0.5)
    plain = [all("X" in (a, b) or a == b for a, b in zip(each, searched, strict=True)) for each in patterns]
    assert line.found(patterns, searched) == plain == [matches(each, searched) for each in patterns]


def test_errors_of_words_add_up():
    each = 0.01
    assert words_error(each, 3) == pytest.approx(1 - 0.99**3)
    assert words_error(1e-18, 1000) == pytest.approx(1e-15)
