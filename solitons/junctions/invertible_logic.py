r"""Circuits of invertible gates: p-bits that multiply, and with the product held factor it.

Each gate is an energy whose lowest states are its valid rows, and a circuit the sum of its gates' energies on shared
bits (K. Y. Camsari, R. Faria, B. M. Sutton and S. Datta, Phys. Rev. X 7, 031014 (2017)). An adder is the square of what
its sum is wrong by, :math:`(a + b + c - s - 2 d)^2` of bits 0 and 1: with m = 1 or -1 for them a quadratic form, 4 for
the smallest error as of `AND_COUPLINGS`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solitons.junctions.p_bits import AND_BIASES, AND_COUPLINGS

__all__ = ["Multiplier", "multiplier"]

Floats = npt.NDArray[np.float64]

_MOST_BITS = 4
"""Bits of a factor: 4 and 4 bits make a circuit of 52 p-bits."""


@dataclass(frozen=True, eq=False)
class Multiplier:
    """A circuit of p-bits whose lowest states are products.

    Couplings and biases are as `sample_states` and `exact_distribution` take them; `first`, `second` and `product` are
    the p-bits of the factors' and the product's bits, the lowest first.
    """

    couplings: Floats
    biases: Floats
    first: tuple[int, ...]
    second: tuple[int, ...]
    product: tuple[int, ...]

    def hold_product(self, value: int) -> dict[int, int]:
        """Clamp that holds the product at a number, for `sample_states`.

        ValueError if the number needs more bits than there are.
        """
        if not 0 <= value < 2 ** len(self.product):
            raise ValueError(f"product = {value} must be between 0 and {2 ** len(self.product) - 1}")
        return {bit: 1 if value >> place & 1 else -1 for place, bit in enumerate(self.product)}

    def factor_table(self, distribution: npt.ArrayLike) -> Floats:
        """Probability of each pair of factors, (2^bits of the first, 2^bits of the second), of all states' shares."""
        shares, count = np.asarray(distribution, dtype=np.float64), len(self.biases)
        states = np.arange(len(shares))

        def number(bits: Sequence[int]) -> npt.NDArray[np.int64]:
            # The first p-bit counts highest in a state's number.
            found = np.zeros(len(states), dtype=np.int64)
            for place, bit in enumerate(bits):
                found += (states >> (count - 1 - bit) & 1) << place
            return found

        table = np.zeros((2 ** len(self.first), 2 ** len(self.second)))
        np.add.at(table, (number(self.first), number(self.second)), shares)
        return table


def multiplier(first_bits: int, second_bits: int) -> Multiplier:
    """Build a multiplier of AND gates and adders.

    Parameters
    ----------
    first_bits, second_bits : int
        Bits of the factors, 1 to 4. Factors of 2 and 2 bits take 12 p-bits, which fit `exact_distribution` of a
        junction; of 3 and 2 bits 17.

    Examples
    --------
    >>> circuit = multiplier(2, 2)
    >>> len(circuit.biases), len(circuit.product)
    (12, 4)
    """
    for name, bits in (("first_bits", first_bits), ("second_bits", second_bits)):
        if not 1 <= bits <= _MOST_BITS:
            raise ValueError(f"multiplier: {name} = {bits} must be between 1 and {_MOST_BITS}")
    first, second = range(first_bits), range(first_bits, first_bits + second_bits)
    count = first_bits + second_bits
    gates: list[tuple[list[int], Floats, Floats]] = []
    columns: list[list[int]] = [[] for _ in range(first_bits + second_bits)]
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            columns[i + j].append(count)
            gates.append(([a, b, count], AND_COUPLINGS, AND_BIASES))
            count += 1
    for place, column in enumerate(columns):
        while len(column) > 1:
            added = [column.pop(0) for _ in range(min(len(column), 3))]
            total, carried = count, count + 1
            count += 2
            column.append(total)
            columns[place + 1].append(carried)
            gates.append(([*added, total, carried], *_adder(len(added))))
    couplings, biases = np.zeros((count, count)), np.zeros(count)
    for wired, coupling, bias in gates:
        couplings[np.ix_(wired, wired)] += coupling
        biases[wired] += bias
    product = tuple(column[0] for column in columns if column)
    return Multiplier(couplings, biases, tuple(first), tuple(second), product)


def _adder(inputs: int) -> tuple[Floats, Floats]:
    """Couplings and biases of an adder of 2 or 3 bits: a square, written out."""
    share = np.array([1.0] * inputs + [-1.0, -2.0])
    constant = float(inputs - 3)
    couplings = -2 * np.outer(share, share)
    np.fill_diagonal(couplings, 0.0)
    return couplings, -2 * constant * share
