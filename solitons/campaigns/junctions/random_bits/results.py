"""Results of a campaign of random bits."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from solitons.campaigns.framework.results import FiniteOrNone, Headline, Results, ResultsPart
from solitons.figures import value_label

__all__ = [
    "DisturbedPoint",
    "RandomBitsResults",
    "SpreadPoint",
    "StreamPoint",
    "SuiteRow",
    "ideal_below",
]


class SuiteRow(ResultsPart):
    """One test on many sequences.

    Parameters
    ----------
    test : str
    sequences, passed : int
        For which it is defined, and with a P-value of 0.01 or more.
    least, most : float
        Range of the passing share of ideal bits, three standard deviations.
    chance : float
        Probability that so few or fewer ideal bits pass.
    uniformity : float or None
        P-value of the P-values' distribution in ten bins; None of fewer than 55 sequences.
    uniform : bool
        Whether it is 0.0001 or more, or is not asked.
    """

    test: str
    sequences: int
    passed: int
    least: float
    most: float
    chance: float
    uniformity: float | None
    uniform: bool

    @property
    def name(self) -> str:
        """Name of the test, without the number of its part."""
        return self.test.partition(" ")[0]

    @property
    def in_range(self) -> bool:
        """Whether the share that passes is no less than for ideal bits."""
        return self.passed / self.sequences >= self.least

    @property
    def passes(self) -> bool:
        """By both of section 4.2."""
        return self.in_range and self.uniform


@dataclass(frozen=True)
class TestOfParts:
    """A test with all of its parts: the worst of them, the least P-value of uniformity, and whether all pass."""

    __test__ = False  # not one of pytest's

    rows: Sequence[SuiteRow]

    @property
    def worst(self) -> SuiteRow:
        """The part that fewest sequences pass."""
        return min(self.rows, key=lambda row: row.passed / row.sequences)

    @property
    def uniformity(self) -> float | None:
        """None of fewer than 55 sequences."""
        return min((row.uniformity for row in self.rows if row.uniformity is not None), default=None)

    @property
    def passes(self) -> bool:
        """Whether all parts do."""
        return all(row.passes for row in self.rows)


class StreamPoint(ResultsPart):
    """A stream under a disturbance, in closed form and counted.

    Parameters
    ----------
    bias, counted_bias : float
        Probability of 1 less a half.
    correlation, counted_correlation : float
        From one bit to the next.
    failed : list of str
        Tests with a P-value below 0.0001 in one sequence.
    """

    bias: float
    counted_bias: float
    correlation: float
    counted_correlation: FiniteOrNone
    failed: list[str]

    @property
    def fails(self) -> str:
        """Two of these in words, and how many more."""
        names = [name.replace("_", " ") for name in self.failed]
        more = f" and {len(names) - 2} more" if len(names) > 2 else ""
        return ", ".join(names[:2]) + more or "none"


class DisturbedPoint(ResultsPart):
    """Effect of one disturbance.

    Parameters
    ----------
    of : {"current error", "temperature", "interval"}
    value : float
        Error over the critical current, K, or over the campaign's interval.
    raw, xored : StreamPoint
    """

    of: Literal["current error", "temperature", "interval"]
    value: float
    raw: StreamPoint
    xored: StreamPoint


class SpreadPoint(ResultsPart):
    """Share of devices with a bias that tests miss in half of all sequences, in closed form.

    Parameters
    ----------
    spread : float
        Standard deviation of the current at which a junction is even, over the critical current.
    raw, xored : float
        Shares of single junctions, and of groups that are XORed.
    """

    spread: float
    raw: float
    xored: float


class RandomBitsResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    rates_from : str
        Source of the junctions' rates.
    by : {"reading", "writing"}
    interval, current : float
        From one bit to the next in s, and the current in A/m2.
    xored, sequences, length : int
        Junctions in an XOR, sequences and their bits.
    expected_flips : float
        Flips of a junction from one reading to the next; for a written one the probability of 1.
    raw, output : list of SuiteRow
        Tests of one junction's bits, and of all XORed.
    raw_biases : list of float
        Biases of the junctions, in closed form.
    output_bias, output_correlation : float
        Bias and correlation of the XOR, in closed form.
    limits : dict of str to float
        Bias and correlation that the tests find in half of all sequences, in closed form.
    disturbed : list of DisturbedPoint
    spreads : list of SpreadPoint
    energy : float or None
        Energy of a bit in J, of all its junctions; None if no pillar is given.
    """

    rates_from: str
    by: Literal["reading", "writing"]
    interval: float
    current: float
    xored: int
    sequences: int
    length: int
    expected_flips: float
    raw: list[SuiteRow]
    output: list[SuiteRow]
    raw_biases: list[float]
    output_bias: float
    output_correlation: float
    limits: dict[str, float]
    disturbed: list[DisturbedPoint]
    spreads: list[SpreadPoint]
    energy: float | None

    def first_to_fail(self, of: str, stream: Literal["raw", "xored"]) -> float | None:
        """The smallest current error in size, or the first other disturbance, with which a test fails beyond doubt."""
        points = [each for each in self.disturbed if each.of == of]
        if of == "current error":
            points.sort(key=lambda each: abs(each.value))
        return next((each.value for each in points if getattr(each, stream).failed), None)

    @staticmethod
    def tests(rows: Sequence[SuiteRow]) -> dict[str, TestOfParts]:
        """Group rows by test: the parts of each test."""
        names = dict.fromkeys(row.name for row in rows)
        return {name: TestOfParts([row for row in rows if row.name == name]) for name in names}

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        yield self._suite(self.output, f"tests passed by {self.xored} junctions XORed")
        yield self._suite(self.raw, "tests passed by one junction")
        yield Headline(
            value=value_label(1 / self.interval, "bit/s", 3),
            name="rate of the model's bits",
            detail=f"one in {value_label(self.interval, 's', 3)}, of {self.xored} junctions",
        )
        if self.energy is not None:
            detail = f"of {self.xored} junctions, " + ("read" if self.by == "reading" else "reset, written and read")
            yield Headline(value=value_label(self.energy, "J", 3), name="energy of a bit", detail=detail)
        detail = f"in closed form, of each of {self.xored} XORed {self.limits['xored_bias']:.2g}"
        if any(each.of == "current error" for each in self.disturbed):
            alone, xored = (self._first_error(stream) for stream in ("raw", "xored"))
            detail += f"; error of the current that fails: {alone} alone, {xored} XORed"
        name = "bias that tests find in half of the sequences"
        yield Headline(value=f"{self.limits['bias']:.2g}", name=name, detail=detail)

    def _suite(self, rows: Sequence[SuiteRow], name: str) -> Headline:
        tests = self.tests(rows).values()
        below = sum(not row.in_range for row in rows)
        return Headline(
            value=f"{sum(each.passes for each in tests)} of {len(tests)}",
            name=name,
            detail=f"NIST SP 800-22, {self.sequences} sequences; {below} of {len(rows)} parts below range, of ideal "
            f"bits {ideal_below(rows):.1f}; a model's, not a device's",
        )

    def _first_error(self, stream: Literal["raw", "xored"]) -> str:
        first = self.first_to_fail("current error", stream)
        return "none" if first is None else f"{first:+.3%}"


def ideal_below(rows: Sequence[SuiteRow]) -> float:
    """Parts of ideal bits that are below the range by chance, in the mean."""
    from scipy import stats

    return float(
        sum(stats.binom.cdf(math.ceil(row.least * row.sequences - 1e-9) - 1, row.sequences, 0.99) for row in rows)
    )
