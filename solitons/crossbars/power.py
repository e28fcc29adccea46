r"""Power of reading or writing a crossbar, by parts: cells, segments of the lines, drivers and sensing ends.

In a solved network every resistor's heat is known, and Tellegen's theorem makes their sum what the terminals deliver,

.. math:: \sum_{cells} V I + \sum_{segments} I^2 R + \sum_{ends} I^2 R = \sum_{words} V_w I_w - \sum_{bits} V_b I_b .
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solitons.crossbars.resistor_network import CrossbarSolution
from solitons.crossbars.wires import Wires

__all__ = ["CrossbarPower", "crossbar_power"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CrossbarPower:
    """Power in W of a crossbar, for each set of applied voltages.

    It heats the `cells` (devices with what is in series with them), the `segments` of all lines, those to the drivers
    and to the sensing ends among them, and the resistances of the word lines' `drivers` and of the bit lines' ends,
    `sense`. `delivered` flows in at the terminals.
    """

    cells: Floats
    segments: Floats
    drivers: Floats
    sense: Floats
    delivered: Floats

    @property
    def dissipated(self) -> Floats:
        """The sum of all resistors, which is what is delivered."""
        return self.cells + self.segments + self.drivers + self.sense


def crossbar_power(
    solution: CrossbarSolution,
    wires: Wires,
    word_voltage: npt.ArrayLike,
    bit_voltage: npt.ArrayLike = 0.0,
    *,
    cell_current: npt.ArrayLike,
) -> CrossbarPower:
    """Heat of every kind of resistor of a solved crossbar.

    Parameters
    ----------
    solution : CrossbarSolution
        Solution of `ResistorCrossbar.solve` or `solve_cells`.
    wires : Wires
        Wires with which it was solved, including its bit lines' ends.
    word_voltage, bit_voltage : array
        As they were applied, in V; of a line that floats it does not matter.
    cell_current : array (..., words, bits)
        In A: conductance times `solution.cell_voltage` of Ohmic cells, `NonlinearSolution.cell_current` of others.

    Examples
    --------
    A cell of 1 kohm between two segments of 1 ohm, under 1 V:

    >>> from solitons.crossbars import ResistorCrossbar
    >>> wires = Wires(word_segment=1.0, bit_segment=1.0)
    >>> crossbar = ResistorCrossbar([[1e-3]], wires)
    >>> found = crossbar.solve([1.0])
    >>> power = crossbar_power(found, wires, [1.0], cell_current=crossbar.conductance * found.cell_voltage)
    >>> round(float(power.delivered) * 1e6, 3), round(float(power.segments) * 1e6, 3)
    (998.004, 1.992)
    """
    current = np.asarray(cell_current, dtype=float)
    in_word, in_bit = solution.word_current, solution.bit_current
    segments = _line(np.diff(solution.word_voltage, axis=-1), wires.word_segment)
    segments = segments + _line(np.diff(solution.bit_voltage, axis=-2), wires.bit_segment)
    words, bits = np.sum(in_word**2, axis=-1), np.sum(in_bit**2, axis=-1)
    applied = np.broadcast_to(np.asarray(word_voltage, dtype=float), in_word.shape)
    behind = np.broadcast_to(np.asarray(bit_voltage, dtype=float), in_bit.shape)
    return CrossbarPower(
        cells=np.sum(solution.cell_voltage * current, axis=(-2, -1)),
        segments=segments + wires.word_segment * words + wires.bit_segment * bits,
        drivers=wires.driver * words,
        sense=wires.sense * bits,
        delivered=np.sum(applied * in_word, axis=-1) - np.sum(behind * in_bit, axis=-1),
    )


def _line(differences: Floats, segment: float) -> Floats:
    heat = np.sum(differences**2, axis=(-2, -1))
    return heat / segment if segment else np.zeros_like(heat)
