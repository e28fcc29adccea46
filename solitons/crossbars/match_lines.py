r"""Match lines of a ternary content-addressable memory of junction pairs: discharge, threshold, and error of a search.

**Discharge.** The line is charged to V and let go. With the capacitance c of each cell on it, resistance r from cell to
cell and branches g_k, c dv/dt = -(diag(g) + L / r) v, L being the path's Laplacian. Of equal branches no current flows
along the line, and to first order in what they differ by

.. math:: v_0(t) = V e^{-G t / n c}, \quad G = \sum_k w_k g_k, \quad
   w_k = n \sum_j u_{j0} u_{jk} \frac{1 - e^{-x_j}}{x_j}, \quad x_j = \frac{2 - 2\cos(\pi j / n)}{r c}\,t,

u_j the orthonormal cosines of L. This is the integral of L's heat kernel (derived here; the tests have the exact decay
beside it). The weights add up to n: a far mismatch counts less the shorter the time is against the line's diffusion
time.

**Error.** Of n searched bits a match conducts G_0 = sum w a, and a word with one mismatch, at its far end, G_1 = G_0 +
w_n (p - a). The threshold between them has as many false matches as missed ones. In the normal approximation
p = Q[(mu_1 - mu_0) / (s_0 + s_1)], Q the upper tail of a normal law. Exactly, with branches whose conductance is
lognormal behind a transistor, it is the tail of the sum (`solitons.numerics.sum_tails`). The comparator's offset adds
the conductance n c / (t v) for each volt, v being the voltage at the threshold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq, minimize_scalar
from scipy.special import ndtr

from solitons.crossbars.match_cells import MatchCell
from solitons.numerics.sum_tails import NORMAL_WEIGHTS, upper_tail

__all__ = ["MatchLine", "SearchError", "matches", "words_error"]

Floats = npt.NDArray[np.float64]

_ALIKE = 1e-9
"""Sum of deviations over the distance of the means, below which lines do not differ."""
_AT_ONCE = 4096
"""Lines that are drawn together."""


def words_error(one: float, words: int) -> float:
    """Chance that a search has an error in one word or more: 1 - (1 - p)^W."""
    return float(-np.expm1(words * np.log1p(-one))) if one < 1 else 1.0


def matches(pattern: str, searched: str) -> bool:
    """Whether a stored word of 0, 1 and X agrees with a searched one, whose X masks a bit."""
    return all(a == b or "X" in (a, b) for a, b in zip(pattern, searched, strict=True))


class SearchError(NamedTuple):
    """Error of a word: of a normal law, exactly, and exactly at the normal law's threshold, the larger of both errors.

    `threshold` (S) makes false matches exactly as frequent as missed ones.
    """

    normal: float
    exact: float
    by_normal_threshold: float
    threshold: float


class _Summed(NamedTuple):
    """Conductances that are summed: classes of a match and of a mismatch, how many of each, and the comparator's."""

    classes: tuple[Floats, ...]
    many: Floats
    noise: float
    means: Floats
    deviations: Floats


@dataclass(frozen=True)
class MatchLine:
    """The match line of one word, cell 0 at its sensing end.

    Parameters
    ----------
    cell : MatchCell
    bits : int
    capacitance : float
        Of the line, for each cell, in F.
    segment : float
        Resistance from cell to cell in ohm.
    voltage : float
        To which it is charged, in V.
    offset : float
        Standard deviation of the comparator's offset in V.
    time : float or None
        From the search to the comparison in s; None for the time at which match and mismatch differ most.

    Examples
    --------
    >>> line = MatchLine(MatchCell(1e-4, 5e-5, spread=0.04), bits=4, capacitance=1e-15, voltage=0.5)
    >>> found = line.error()
    >>> f"{found.normal:.1e} {found.exact:.1e}"
    '3.7e-08 2.7e-08'
    """

    cell: MatchCell
    bits: int
    capacitance: float
    segment: float = 0.0
    voltage: float = 1.0
    offset: float = 0.0
    time: float | None = None

    @property
    def ends(self) -> tuple[float, float]:
        """Mean conductances in S of a cell that agrees, and of one that does not, with the closed branches' leakage."""
        return tuple(
            float(self.cell.branches(parallel) @ NORMAL_WEIGHTS + self.cell.branch(not parallel, False))
            for parallel in (False, True)
        )  # type: ignore[return-value]

    @cached_property
    def sampling_time(self) -> float:
        """The given time in s, or the one at which match and mismatch differ most in voltage.

        Of an ideal line it is n c ln(G_1/G_0) / (G_1 - G_0).
        """
        if self.time is not None:
            return self.time
        match, differs = self.bits * self.ends[0], self.bits * self.ends[0] + self.ends[1] - self.ends[0]
        ideal = self.bits * self.capacitance * np.log(differs / match) / (differs - match)
        if not self.segment:
            return float(ideal)
        # Wires move it: a later comparison sees the far end better.
        found = minimize_scalar(lambda log: -self._apart(ideal * np.exp(log)), bounds=(-2, 3), method="bounded")
        return float(ideal * np.exp(found.x))

    def _apart(self, time: float) -> float:
        match, differs = self.conductances(time)
        return float(np.exp(-match * time / self._whole) - np.exp(-differs * time / self._whole))

    @property
    def _whole(self) -> float:
        return self.bits * self.capacitance

    def weights(self, time: float) -> Floats:
        """Weights w (bits,) of the cells' conductances in the decay at the sensing end."""
        if not self.segment:
            return np.ones(self.bits)
        n = self.bits
        modes = np.arange(n)
        x = (2 - 2 * np.cos(np.pi * modes / n)) * time / (self.segment * self.capacitance)
        share = np.where(x > 0, -np.expm1(-x) / np.where(x > 0, x, 1), 1.0) * np.where(modes, 2.0, 1.0)
        places = np.cos(np.pi * np.outer(modes, np.arange(n) + 0.5) / n)
        return np.asarray((share * places[:, 0]) @ places)

    def conductances(self, time: float | None = None) -> tuple[float, float]:
        """Mean G_0 and G_1 in S: of a match, and with one mismatch at the far end."""
        agrees, differs = self.ends
        far = self.weights(self.sampling_time if time is None else time)[-1]
        return self.bits * agrees, self.bits * agrees + far * (differs - agrees)

    @property
    def voltages(self) -> tuple[float, float]:
        """Voltages in V of both when they are compared."""
        scale = self.sampling_time / self._whole
        match, differs = self.conductances()
        return self.voltage * np.exp(-match * scale), self.voltage * np.exp(-differs * scale)

    def voltage_of(self, conductance: npt.ArrayLike, time: float) -> Floats:
        """Voltage in V at the sensing end of lines of cells (..., bits), by the exact decay of the whole line."""
        g = np.asarray(conductance, dtype=np.float64) / self.capacitance
        if not self.segment:
            return np.asarray(self.voltage * np.exp(-g.mean(axis=-1) * time))
        rate = 1 / (self.segment * self.capacitance)
        bits = g.shape[-1]
        steps = np.diff(np.eye(bits), axis=0)
        values, vectors = np.linalg.eigh(rate * steps.T @ steps + g[..., None] * np.eye(bits))
        return np.asarray(
            self.voltage * (vectors[..., 0, :] * np.exp(-values * time) * vectors.sum(axis=-2)).sum(axis=-1)
        )

    def steady_conductance(self, conductance: npt.ArrayLike) -> float:
        """Conductance in S of a line of cells (bits,) from its end, a segment before cell 0, as for a current read.

        Kirchhoff's law of the ladder, from the far end: Y <- 1 / (r + 1 / (g_k + Y)).
        """
        found = 0.0
        for each in np.asarray(conductance, dtype=np.float64)[::-1]:
            found = 1 / (self.segment + 1 / (float(each) + found))
        return found

    def _summed(self) -> _Summed:
        agrees, differs = (self.cell.branches(parallel) for parallel in (False, True))
        weights = self.weights(self.sampling_time)
        middle = self.voltage * np.exp(-sum(self.conductances()) / 2 * self.sampling_time / self._whole)
        noise = self.offset * self._whole / (self.sampling_time * middle)
        kinds, counts = np.unique(weights[:-1].round(12), return_counts=True)
        both = tuple(np.concatenate([np.outer(kinds, agrees), [weights[-1] * last]]) for last in (agrees, differs))
        many = np.append(counts, 1)
        means = [float(many @ (each @ NORMAL_WEIGHTS)) for each in both]
        spread = [many @ (each**2 @ NORMAL_WEIGHTS - (each @ NORMAL_WEIGHTS) ** 2) for each in both]
        return _Summed(both, many, noise, np.array(means), np.sqrt(np.maximum(spread, 0) + noise**2))

    def distance(self) -> float:
        """Distance of the means of a match and a mismatch over the sum of their deviations."""
        match, mismatch = self.conductances()
        total = float(self._summed().deviations.sum())
        return (mismatch - match) / total if total else np.inf

    def error(self) -> SearchError:
        """Error of a word, by the normal approximation and exactly, one mismatch at the far end."""
        law, ends = self._summed(), np.array(self.conductances())
        total = float(law.deviations.sum())
        if total <= _ALIKE * (ends[1] - ends[0]):
            return SearchError(0.0, 0.0, 0.0, float(ends.mean()))
        # What leaks through closed branches is in neither law of the sum.
        leaks = ends - law.means

        def tails(threshold: float) -> tuple[float, float]:
            return (
                upper_tail(law.classes[0], law.many, threshold - leaks[0], law.noise),
                upper_tail(-law.classes[1], law.many, leaks[1] - threshold, law.noise),
            )

        def unbalanced(threshold: float) -> float:
            missed, false = (np.log(max(each, 1e-300)) for each in tails(threshold))
            return float(missed - false)

        by_normal = float(ends @ law.deviations[::-1]) / total
        place = brentq(unbalanced, *ends, xtol=1e-7 * (ends[1] - ends[0]))
        return SearchError(float(ndtr(-self.distance())), float(max(tails(place))), float(max(tails(by_normal))), place)

    def found(self, patterns: list[str], searched: str) -> list[bool]:
        """Which stored words match, of mean junctions, by the exact decay.

        The reference is a line with the same mask, half a mismatch at its far end above a match: a masked bit does not
        conduct, so that a fixed threshold would take a mismatch beside it for a match.
        """
        asked = sum(each != "X" for each in searched)
        line = replace(self, time=self.sampling_time)
        if not asked:
            return [True] * len(patterns)
        lowest = [line.voltage_of(self.cell.stored(pattern, searched), line.sampling_time) for pattern in patterns]
        # The farthest searched bit has the weakest mismatch.
        far = max(k for k, each in enumerate(searched) if each != "X")
        agree = self.cell.stored(searched, searched)
        step = (self.cell.branch(True) - self.cell.branch(False)) / 2
        agree[far] += step
        reference = line.voltage_of(agree, line.sampling_time)
        return [bool(each > reference) for each in lowest]

    def counted_error(self, draws: int, seed: int) -> float:
        """Error of a word counted in drawn lines, every other with the mismatch, by the exact decay of each."""
        generator, time = np.random.default_rng(seed), self.sampling_time
        reference = self.voltage * np.exp(-self.error().threshold * time / self._whole)
        wrong = 0
        for first in range(0, draws, _AT_ONCE):
            shape = (min(_AT_ONCE, draws - first), self.bits)
            factors = np.exp(self.cell.spread * generator.standard_normal(shape))
            cells = self.cell.branch(False, factor=factors) + self.cell.branch(True, False)
            cells[1::2, -1] = self.cell.branch(True, factor=factors[1::2, -1]) + self.cell.branch(False, False)
            seen = self.voltage_of(cells, time) + self.offset * generator.standard_normal(shape[0])
            wrong += int((seen[::2] < reference).sum() + (seen[1::2] > reference).sum())
        return wrong / draws

    def end_voltage_of_random_words(self) -> float:
        """Mean voltage in V at the end of a search in words of random bits, of an ideal line.

        Each bit agrees or not by a coin, with a junction of its own, so that the mean is the n-th power of one cell's.
        """
        rate = self.sampling_time / self._whole
        one = np.mean(
            [
                np.exp(-rate * (self.cell.branches(each) + self.cell.branch(not each, False))) @ NORMAL_WEIGHTS
                for each in (False, True)
            ]
        )
        return float(self.voltage * one**self.bits)
