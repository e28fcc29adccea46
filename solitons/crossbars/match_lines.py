r"""Match lines of a ternary content-addressable memory of junction pairs: discharge, threshold, and error of a search.

**A cell** has two branches from its word's match line to ground, a junction behind a transistor each (2T-2R; J. Li, R.
K. Montoye, M. Ishii and L. Chang, IEEE J. Solid-State Circuits 49, 896 (2014), with phase-change resistors). A searched
bit opens one of the two: antiparallel if the stored bit agrees, parallel if not. A stored X has both antiparallel; a
masked bit opens none.

**Discharge.** The line is charged to V and let go. With the capacitance c of each of n cells and branches g,

.. math:: v(t) = V e^{-G t / n c}, \qquad G = \sum_k g_k .

A match G_0 and one mismatch G_1 differ most at t = n c ln(G_1/G_0) / (G_1 - G_0), when they are compared. A resistance
r from cell to cell makes the farthest cell count by r c (n^2 - 1) / 6 t less at the sensing end, to first order (by the
inverse of the path's Laplacian; the tests have the exact decay beside it): 0.02 % of six cells of 1 fF and 1 ohm at
30 ps. The discharge leaves it out, and `far_deficit` has it.

**Error.** In the normal approximation p = Q[(mu_1 - mu_0) / (s_0 + s_1)], Q the upper tail of a normal law; exactly,
with lognormal conductances behind transistors, the tail of the sum of all branches, the closed ones too
(`solitons.numerics.sum_tails`). The comparator's offset adds n c / (t v) for each volt, at the voltage v in the middle.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import ndtr

from solitons.crossbars.resistor_network import ResistorCrossbar
from solitons.crossbars.wires import Wires
from solitons.numerics.sum_tails import NORMAL_NODES, NORMAL_WEIGHTS, upper_tail

__all__ = ["MatchCell", "MatchLine", "matches", "words_error"]

Floats = npt.NDArray[np.float64]


def words_error(one: float, words: int) -> float:
    """Chance that a search has an error in one word or more: 1 - (1 - p)^W."""
    return float(-np.expm1(words * np.log1p(-one))) if one < 1 else 1.0


def matches(pattern: str, searched: str) -> bool:
    """Whether a stored word of 0, 1 and X agrees with a searched one, whose X masks a bit."""
    return all(a == b or "X" in (a, b) for a, b in zip(pattern, searched, strict=True))


@dataclass(frozen=True)
class MatchCell:
    """A pair of junctions, each behind a transistor.

    Parameters
    ----------
    parallel, antiparallel : float
        Conductances of a junction in S.
    spread : float
        Standard deviation of the logarithm of a junction's conductance.
    on, off : float
        Resistances of an open and of a closed transistor in ohm.

    Examples
    --------
    >>> float(MatchCell(parallel=1e-4, antiparallel=5e-5, on=1e4).branch(True)) * 1e6
    50.0
    """

    parallel: float
    antiparallel: float
    spread: float = 0.0
    on: float = 0.0
    off: float = np.inf

    def branch(self, parallel: bool, searched: bool = True, factor: npt.ArrayLike = 1.0) -> Floats:
        """Conductance of a branch in S, whose junction conducts `factor` times the mean."""
        junction = (self.parallel if parallel else self.antiparallel) * np.asarray(factor, dtype=np.float64)
        return np.asarray(1 / (1 / junction + (self.on if searched else self.off)))

    def stored(self, pattern: str, searched: str) -> Floats:
        """Conductances of all cells in S for a stored and a searched word, of mean junctions."""
        both = [[self.branch(bit == "10"[side], ask == "01"[side]) for side in (0, 1)]
                for bit, ask in zip(pattern, searched, strict=True)]  # fmt: skip
        return np.array(both).sum(axis=1)


@dataclass(frozen=True)
class MatchLine:
    """The match line of one word, cell 0 at its sensing end.

    Parameters
    ----------
    cell : MatchCell
    bits : int
    capacitance, segment : float
        Capacitance in F and resistance in ohm of the line for each cell.
    voltage, offset : float
        To which it is charged, and standard deviation of the comparator's offset, in V.

    Examples
    --------
    >>> line = MatchLine(MatchCell(1e-4, 5e-5, spread=0.04), bits=4, capacitance=1e-15, voltage=0.5)
    >>> f"{line.errors[0]:.1e} {line.errors[1]:.1e}"
    '3.7e-08 2.7e-08'
    """

    cell: MatchCell
    bits: int
    capacitance: float
    segment: float = 0.0
    voltage: float = 1.0
    offset: float = 0.0

    def biased(self, half_bias: float) -> MatchLine:
        r"""The same with a magnetoresistance T / (1 + (v / half_bias)^2) over a junction, as its mean over the decay.

        A resistance has its mean over ln v, since dt = -n c R d ln v: with x = (v / half_bias)^2 at both ends
        :math:`T [1 - \ln((1 + x) / (1 + x')) / \ln(x / x')]` (derived here), x' found by iteration.
        """
        line, tmr = self, self.cell.parallel / self.cell.antiparallel - 1
        for _ in range(5):
            cell = line.cell
            start = (self.voltage / (1 + cell.antiparallel * cell.on) / half_bias) ** 2
            end = start * float(line.voltage_at(line.conductance(0)) / self.voltage) ** 2
            left = tmr * (1 - np.log((1 + start) / (1 + end)) / np.log(start / end))
            line = replace(self, cell=replace(cell, antiparallel=float(cell.parallel / (1 + left))))
        return line

    @cached_property
    def _branches(self) -> Floats:
        """Conductances in S at `NORMAL_NODES` of the open and the closed branch of a match, then of a mismatch."""
        factor, kinds = np.exp(self.cell.spread * NORMAL_NODES), ((False, True), (True, False))
        return np.array([self.cell.branch(kind[way], not way, factor) for kind in kinds for way in (0, 1)])

    def _counts(self, mismatches: float) -> Floats:
        return np.repeat([self.bits - mismatches, mismatches], 2).astype(np.float64)

    def conductance(self, mismatches: float) -> float:
        """Mean conductance in S of a line with so many mismatches."""
        return float(self._counts(mismatches) @ self._branches @ NORMAL_WEIGHTS)

    @cached_property
    def sampling_time(self) -> float:
        """Time in s at which match and mismatch differ most in voltage."""
        match, differs = self.conductance(0), self.conductance(1)
        return float(self.bits * self.capacitance * np.log(differs / match) / (differs - match))

    @property
    def far_deficit(self) -> float:
        """Share by which the farthest cell counts less in the decay."""
        return self.segment * self.capacitance * (self.bits**2 - 1) / (6 * self.sampling_time)

    def voltage_at(self, conductance: npt.ArrayLike) -> Floats:
        """Voltage in V of lines of a conductance (S) when they are compared."""
        decay = np.asarray(conductance) * self.sampling_time / (self.bits * self.capacitance)
        return np.asarray(self.voltage * np.exp(-decay))

    def steady_conductance(self, cells: npt.ArrayLike) -> float:
        """Conductance in S of a line of cells (bits,) for a steady current from its end, a segment before cell 0."""
        line = ResistorCrossbar(np.asarray(cells)[None], Wires(word_segment=self.segment))
        return float(line.solve([1.0]).word_current[0])

    @cached_property
    def errors(self) -> tuple[float, float, float]:
        """Error of a word by the normal law, and exactly; threshold in S with as many false matches as missed ones."""
        branches, (match, differs) = self._branches, (self.conductance(0), self.conductance(1))
        variances = (branches - (branches @ NORMAL_WEIGHTS)[:, None]) ** 2 @ NORMAL_WEIGHTS
        slope = self.sampling_time / (self.bits * self.capacitance) * float(self.voltage_at((match + differs) / 2))
        noise = self.offset / slope
        deviations = sum(float(np.sqrt(self._counts(each) @ variances + noise**2)) for each in (0, 1))

        def missed(threshold: float) -> float:
            return upper_tail(branches, self._counts(0), threshold, noise)

        def unbalanced(threshold: float) -> float:
            false = upper_tail(-branches, self._counts(1), -threshold, noise)
            return float(np.log(max(missed(threshold), 1e-300) / max(false, 1e-300)))

        place = float(brentq(unbalanced, match, differs, xtol=1e-7 * (differs - match)))
        return float(ndtr((match - differs) / deviations)) if deviations else 0.0, missed(place), place

    def counted_error(self, draws: int, seed: int) -> float:
        """Error of a word counted in drawn lines, every other with a mismatch, all junctions and the offset drawn."""
        generator, cell = np.random.default_rng(seed), self.cell
        factors = np.exp(cell.spread * generator.standard_normal((2, draws, self.bits)))
        cells = cell.branch(False, True, factors[0]) + cell.branch(True, False, factors[1])
        first, second = factors[:, 1::2, -1]
        cells[1::2, -1] = cell.branch(True, True, first) + cell.branch(False, False, second)
        seen = self.voltage_at(cells.sum(axis=1)) + self.offset * generator.standard_normal(draws)
        low = seen < self.voltage_at(self.errors[2])
        return float((low[::2].sum() + (~low[1::2]).sum()) / draws)

    def found(self, patterns: list[str], searched: str) -> list[bool]:
        """Which stored words match, of mean junctions.

        The reference is a line with the same mask, half a mismatch above a match: a masked bit does not conduct, so
        that a fixed threshold would take a mismatch beside it for a match.
        """
        alike, other = (self.cell.stored("0", ask).sum() for ask in "01")
        reference = self.cell.stored(searched, searched).sum() + (other - alike) / 2
        return [bool(self.cell.stored(pattern, searched).sum() < reference) for pattern in patterns]
