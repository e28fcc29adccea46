r"""Weights as pairs of devices in neighbouring columns of a crossbar.

A weight is the difference of two devices over their range of conductance G_high - G_low and times the largest weight,

.. math:: W = W_{max} \frac{G^+ - G^-}{G_{high} - G_{low}},

and with wires G is what `effective_conductance` gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solitons.crossbars.device_array import DeviceArray, Written, write_and_verify, write_open_loop
from solitons.crossbars.resistor_network import effective_conductance
from solitons.crossbars.step_table import StepTable
from solitons.crossbars.wires import Wires

__all__ = ["WrittenPair", "conductance_pairs", "side_by_side", "weights_of_pairs", "write_pair"]

Floats = npt.NDArray[np.float64]


def conductance_pairs(weights: Floats, largest: float, ends: tuple[float, float]) -> tuple[Floats, Floats]:
    """Conductances in S of the positive and the negative devices of a matrix.

    In each pair, the device with the wanted sign is above the lowest conductance, the other one is at it.
    """
    low, high = ends
    share = np.clip(weights / largest, -1, 1)
    return low + (high - low) * np.maximum(share, 0), low + (high - low) * np.maximum(-share, 0)


def side_by_side(positive: Floats, negative: Floats) -> Floats:
    """One array of two, each pair of devices in neighbouring columns."""
    found = np.empty((positive.shape[0], 2 * positive.shape[1]))
    found[:, 0::2], found[:, 1::2] = positive, negative
    return found


def weights_of_pairs(
    positive: Floats, negative: Floats, largest: float, ends: tuple[float, float], wires: Wires
) -> Floats:
    """Matrix that a crossbar multiplies by, in units of weights; positive and negative columns stand side by side."""
    seen = effective_conductance(side_by_side(positive, negative), wires)
    return largest * (seen[:, 0::2] - seen[:, 1::2]) / (ends[1] - ends[0])


@dataclass(frozen=True, eq=False)
class WrittenPair:
    """A matrix of weights in devices: the arrays of the positive and of the negative ones, and how well they hold it.

    `largest` is the weight of a pair at the two ends of its range.
    """

    arrays: tuple[DeviceArray, DeviceArray]
    written: tuple[Written, Written]
    largest: float

    def read(self, wires: Wires) -> Floats:
        """The weights as they are read through wires."""
        positive, negative = (each.conductance for each in self.written)
        return weights_of_pairs(positive, negative, self.largest, self.arrays[0].table.range, wires)


def write_pair(
    weights: Floats,
    table: StepTable,
    *,
    seed: int,
    largest: float | None = None,
    verified: bool = True,
    stuck_low: float = 0.0,
    stuck_high: float = 0.0,
) -> WrittenPair:
    """Write a matrix of weights into pairs of devices, which are at their lowest conductance before.

    A weight of the size `largest`, by default the largest one's, takes the whole range of conductance, and larger ones
    are clipped. If `verified` each device is read after each pulse, else the pulses of the mean device are counted;
    `stuck_low` and `stuck_high` are shares of devices that are stuck at either end. `seed` and `seed` + 1 are of the
    positive and of the negative devices.
    """
    ends, most = table.range, float(np.abs(weights).max()) if largest is None else largest
    arrays, written = [], []
    for side, target in enumerate(conductance_pairs(weights, most, ends)):
        lowest = np.full(target.shape, ends[0])
        array = DeviceArray.of(table, lowest, seed=seed + side, stuck_low=stuck_low, stuck_high=stuck_high)
        written.append(write_and_verify(array, target) if verified else write_open_loop(array, target))
        arrays.append(array)
    return WrittenPair((arrays[0], arrays[1]), (written[0], written[1]), most)
