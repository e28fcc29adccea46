"""What cells, wires, drivers and ends take together is what the terminals deliver (Tellegen)."""

import numpy as np
import pytest
from rows import rows

from solitons.crossbars import ResistorCrossbar, Selector, SelectorCells, Wires, crossbar_power, solve_cells
from solitons.crossbars.biasing import chosen_cell

WIRES = [Wires(), Wires(2.0, 3.0), Wires(2.0, 3.0, driver=50.0, sense=80.0), Wires(0.0, 3.0, driver=50.0)]


@rows("wires", WIRES)
def test_all_heat_comes_in_at_the_terminals(wires):
    generator = np.random.default_rng(1)
    conductance = generator.uniform(1e-4, 2e-4, (5, 7))
    words, bits = generator.uniform(-1, 1, (3, 5)), generator.uniform(-1, 1, (3, 7))
    crossbar = ResistorCrossbar(conductance, wires)
    found = crossbar.solve(words, bits)
    power = crossbar_power(found, wires, words, bits, cell_current=conductance * found.cell_voltage)
    np.testing.assert_allclose(power.dissipated, power.delivered, rtol=1e-9)
    assert power.delivered.shape == (3,)
    assert (power.cells > 0).all()
    assert (power.segments == 0).all() == (wires == Wires())
    assert (power.drivers > 0).all() == (wires.driver > 0)
    assert (power.sense > 0).all() == (wires.sense > 0)


def test_every_wire_is_counted_once():
    """Against the network's own list of resistances."""
    wires = Wires(2.0, 3.0, driver=50.0, sense=80.0)
    conductance = np.random.default_rng(2).uniform(1e-4, 2e-4, (4, 3))
    crossbar = ResistorCrossbar(conductance, wires)
    words = np.array([1.0, 0.5, 0.0, -0.3])
    found = crossbar.solve(words)
    nodes = crossbar.nodes
    voltage = np.empty(nodes.free + nodes.ends)
    voltage[nodes.words], voltage[nodes.bits] = found.word_voltage, found.bit_voltage
    voltage[nodes.free :] = nodes.end_voltages(words, 0.0, "test")
    listed = np.sum(nodes.conductance * (voltage[nodes.one] - voltage[nodes.other]) ** 2)
    power = crossbar_power(found, wires, words, cell_current=conductance * found.cell_voltage)
    assert float(power.segments + power.drivers + power.sense) == pytest.approx(listed, rel=1e-12)


def test_cells_that_are_not_ohmic_and_lines_that_float():
    wires = Wires(2.0, 2.0)
    cells = SelectorCells(np.full((4, 4), 1e-4), Selector(current=1e-9, voltage=0.05))
    for scheme in ("floating", "half"):
        bias = chosen_cell((4, 4), (1, 2), 1.0, scheme)
        found = solve_cells(cells, wires, bias.word_voltage, bias.bit_voltage, bias.floating_words, bias.floating_bits)
        power = crossbar_power(found, wires, bias.word_voltage, bias.bit_voltage, cell_current=found.cell_current)
        np.testing.assert_allclose(power.dissipated, power.delivered, rtol=1e-6)
