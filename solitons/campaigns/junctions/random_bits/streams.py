"""Streams of bits from junctions, and what their bias and memory are in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from solitons.campaigns.framework.junction_rates import JunctionRates
from solitons.campaigns.junctions.random_bits.settings import BitStreams, ReadJunctions, WrittenJunctions
from solitons.campaigns.junctions.random_bits.suite import SIGNIFICANCE
from solitons.junctions import SwitchingRates
from solitons.junctions.random_bits import junction_bits

__all__ = ["Source", "half_current", "limits_of", "source_of"]

Bits = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Source:
    """Junctions and how they make bits.

    `rates` are of a junction whose states are alike at no current. `offsets` are, for each junction, the current over
    the critical one at which its states are alike, and `current_error` is over the critical current too.
    """

    rates: SwitchingRates
    bits: ReadJunctions | WrittenJunctions
    offsets: tuple[float, ...]
    current_error: float = 0.0

    @property
    def interval(self) -> float:
        """From one bit to the next, in s."""
        return self.bits.interval

    @cached_property
    def current(self) -> float:
        """Current density that flows, with its error, in A/m2."""
        wanted = self.bits.current
        if wanted is None:
            assert isinstance(self.bits, WrittenJunctions)
            wanted = half_current(self.rates, self.bits.width)
        return float(wanted + self.current_error * self.rates.critical_current)

    def _at(self, offsets: float | tuple[float, ...]) -> Floats:
        return np.asarray(self.current - np.asarray(offsets) * float(self.rates.critical_current))

    @property
    def biases(self) -> tuple[float, ...]:
        """Bias of each junction: the probability of 1 less a half."""
        if isinstance(self.bits, ReadJunctions):
            chances = self.rates.equilibrium(self._at(self.offsets))
        else:
            chances = self.rates.probability(self._at(self.offsets), self.bits.width)
        return tuple((chances - 0.5).tolist())

    @property
    def correlations(self) -> tuple[float, ...]:
        r"""Correlation of each junction's next bits: :math:`e^{-(\Gamma_+ + \Gamma_-) t}`, 0 if it is reset."""
        if not isinstance(self.bits, ReadJunctions):
            return (0.0,) * len(self.offsets)
        up, down = self.rates.rates(self._at(self.offsets))
        return tuple(np.exp(-(up + down) * self.interval).tolist())

    @property
    def expected_flips(self) -> float:
        """Mean flips of a junction from one reading to the next, or the probability that a pulse switches one."""
        if isinstance(self.bits, ReadJunctions):
            return float(2 * self.rates.flips_per_second(self._at(0.0))) * self.interval
        return self.biases[0] + 0.5

    def xored_bias(self) -> float:
        r"""Bias of the XOR: :math:`2^{k-1} \prod e_j` in size, the piling-up lemma.

        A product of -1 and 1 has the mean of the product of the means, 2 e_j each, and XOR has 1 where it is -1 for an
        even number of junctions.
        """
        signs = np.prod([-2 * each for each in self.biases])
        return float(-signs / 2)

    def xored_correlation(self) -> float:
        """Correlation of the XOR's next bits, as for products of independent junctions."""
        means = np.array([-2 * each for each in self.biases])
        kept = means**2 + (1 - means**2) * np.array(self.correlations)
        square = float(np.prod(means**2))
        return float((np.prod(kept) - square) / (1 - square))

    def streams(self, count: int, seed: int) -> tuple[Bits, Bits]:
        """Bits of the first junction, and the XOR of the bits of all."""
        generators = np.random.SeedSequence(seed).generate_state(len(self.offsets))
        first = self._bits(self.offsets[0], count, int(generators[0]))
        xored = first.copy()
        for offset, each in zip(self.offsets[1:], generators[1:], strict=True):
            xored ^= self._bits(offset, count, int(each))
        return first, xored

    def _bits(self, offset: float, count: int, seed: int) -> Bits:
        if isinstance(self.bits, ReadJunctions):
            return junction_bits(self.rates, count, self.interval, seed=seed, current_density=float(self._at(offset)))
        chance = float(self.rates.probability(self._at(offset), self.bits.width))
        return (np.random.default_rng(seed).random(count) < chance).astype(np.uint8)


def half_current(rates: SwitchingRates, width: float) -> float:
    """Current density in A/m2 at which a pulse of this width (s) switches half of the time.

    It must lie below the critical current: the barrier may be too high for so short a pulse.
    """
    critical = float(rates.critical_current)

    def over(reduced: float) -> float:
        return float(rates.probability(reduced * critical + float(rates.offset), width)) - 0.5

    most = 0.999
    if over(most) < 0 or over(0.0) > 0:
        where = "even at the critical current" if over(most) < 0 else "already without a current"
        chance = (over(most) if over(most) < 0 else over(0.0)) + 0.5
        raise ValueError(
            f"bits.width = {width:.4g} s: {where} a junction of {float(rates.stability):.3g} k T switches with a "
            f"probability of {chance:.2g}, so that no current below the critical one makes it a half; give "
            f"{'a longer pulse' if over(most) < 0 else 'a shorter pulse, or a higher barrier'}"
        )
    return float(optimize.brentq(over, 0.0, most, xtol=1e-15) * critical + float(rates.offset))


def limits_of(length: int, count: int) -> dict[str, float]:
    """Bias and correlation that tests of so many bits find in half of all sequences, in closed form.

    The frequency test rejects where 2 e sqrt(n) is beyond the two-sided quantile of its significance, and the runs test
    where the correlation times sqrt(n) is. For the XOR of k junctions alike, each may have the k-th root: `bias` and
    `correlation` are of one stream, `xored_bias` and `xored_correlation` of each of `count` junctions.
    """
    quantile = float(stats.norm.isf(SIGNIFICANCE / 2))
    bias, correlation = quantile / (2 * np.sqrt(length)), quantile / np.sqrt(length)
    return {
        "bias": float(bias),
        "correlation": float(correlation),
        "xored_bias": float((2 * bias) ** (1 / count) / 2),
        "xored_correlation": float(correlation ** (1 / count)),
    }


def source_of(junction: JunctionRates, bits: ReadJunctions | WrittenJunctions, streams: BitStreams) -> Source:
    """The junctions of a campaign, each with the current over the critical one at which it is even."""
    drawn = np.random.default_rng(streams.seed).normal(0.0, streams.spread, streams.xored)
    return Source(junction.rates(), bits, tuple(float(each) for each in drawn))
