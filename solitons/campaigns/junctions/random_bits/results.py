"""What a campaign of random bits found, in numbers."""

from __future__ import annotations

import math
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
        """Of the test, without which of its parts it is."""
        return self.test.partition(" ")[0]

    @property
    def in_range(self) -> bool:
        """Whether the share that passes is no less than for ideal bits."""
        return self.passed / self.sequences >= self.least

    @property
    def passes(self) -> bool:
        """By both of section 4.2."""
        return self.in_range and self.uniform


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


class DisturbedPoint(ResultsPart):
    """What one disturbance does.

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
    """Which share of devices has a bias that tests do not find in half of all sequences, in closed form.

    Parameters
    ----------
    spread : float
        Standard deviation of the current at which a junction is even, over the critical current.
    raw, xored : float
        Of single junctions, and of groups that are XORed.
    """

    spread: float
    raw: float
    xored: float


class RandomBitsResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    rates_from : str
        Where the junctions' rates come from.
    by : {"reading", "writing"}
    interval, current : float
        From one bit to the next in s, and the current in A/m2.
    xored, sequences, length : int
        Junctions in an XOR, sequences and their bits.
    expected_flips : float
        Of a junction from one reading to the next; of a written one the probability of 1.
    raw, output : list of SuiteRow
        Tests of one junction's bits, and of all XORed.
    raw_biases : list of float
        Of the junctions, in closed form.
    output_bias, output_correlation : float
        Of the XOR, in closed form.
    limits : dict of str to float
        Bias and correlation that the tests find in half of all sequences, in closed form.
    disturbed : list of DisturbedPoint
    spreads : list of SpreadPoint
    energy : float or None
        Of a bit in J, of all its junctions; None where no pillar is given.
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

    def headlines(self) -> list[Headline]:
        """The numbers that a reader sees first."""
        found = [
            _suite_headline(self.output, f"tests passed by {self.xored} junctions XORed", self.sequences, self.length),
            _suite_headline(self.raw, "tests passed by one junction", self.sequences, self.length),
            Headline(
                value=value_label(1 / self.interval, "bit/s", 3),
                name="rate of the model's bits",
                detail=f"one in {value_label(self.interval, 's', 3)}, of {self.xored} junctions",
            ),
        ]
        if self.energy is not None:
            detail = f"of {self.xored} junctions, " + ("read" if self.by == "reading" else "reset, written and read")
            found.append(Headline(value=value_label(self.energy, "J", 3), name="energy of a bit", detail=detail))
        found.append(self._tolerance())
        return found

    def _tolerance(self) -> Headline:
        said = []
        for stream, name in (("raw", "one junction"), ("xored", f"{self.xored} XORed")):
            first = self.first_to_fail("current error", stream)  # type: ignore[arg-type]
            said.append(f"{name} first fails at {first:+.3%}" if first is not None else f"{name} at none of them")
        return Headline(
            value=f"{self.limits['bias']:.2g}, {self.limits['xored_bias']:.2g}",
            name="bias that tests find, alone and XORed",
            detail="in half of the sequences, in closed form; with an error of the current, " + ", ".join(said),
        )


def _suite_headline(rows: list[SuiteRow], name: str, sequences: int, length: int) -> Headline:
    names = list(dict.fromkeys(row.name for row in rows))
    passed = [each for each in names if all(row.passes for row in rows if row.name == each)]
    below = sum(not row.in_range for row in rows)
    return Headline(
        value=f"{len(passed)} of {len(names)}",
        name=name,
        detail=f"of NIST SP 800-22, on {sequences} sequences of {length:,} bits; {below} of {len(rows)} parts are "
        f"below the range, of ideal bits {ideal_below(rows):.1f} would be; the model's bits, not a device's",
    )


def ideal_below(rows: list[SuiteRow]) -> float:
    """Parts of ideal bits that are below the range by chance, in the mean."""
    from scipy import stats

    return float(
        sum(stats.binom.cdf(math.ceil(row.least * row.sequences - 1e-9) - 1, row.sequences, 0.99) for row in rows)
    )
