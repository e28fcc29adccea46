"""Many sequences through the fifteen tests, and what they say together: SP 800-22, section 4.2."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special, stats

from solitons.campaigns.junctions.random_bits.results import SuiteRow

__all__ = ["FEWEST_SEQUENCES", "SIGNIFICANCE", "failed_tests", "suite_rows"]

SIGNIFICANCE = 0.01
FEWEST_SEQUENCES = 55
"""For the distribution of P-values, as the publication asks."""
_UNIFORM = 1e-4
_BINS = 10
_CERTAIN = 1e-4
"""A single P-value below this fails a sequence that stands alone: of 41, one in 250 ideal sequences has one."""


def suite_rows(sequences: Sequence[dict[str, float]]) -> list[SuiteRow]:
    r"""Proportion of sequences that pass each test, and uniformity of their P-values.

    For m sequences a share of :math:`0.99 \pm 3 \sqrt{0.99 \cdot 0.01 / m}` should have a P-value of 0.01 or more, and
    the P-values in ten equal bins should be alike: :math:`P_T = Q(9/2, \chi^2 / 2) \ge 10^{-4}`. m counts the sequences
    for which a test is defined.
    """
    rows = []
    for name in dict.fromkeys(name for each in sequences for name in each):
        values = np.array([each[name] for each in sequences if name in each])
        total, passed = values.size, int(np.sum(values >= SIGNIFICANCE))
        expected = 1 - SIGNIFICANCE
        spread = 3 * np.sqrt(expected * SIGNIFICANCE / total)
        uniformity = None
        if total >= FEWEST_SEQUENCES:
            bins = np.bincount(np.minimum((values * _BINS).astype(int), _BINS - 1), minlength=_BINS)
            chi_square = float(np.sum((bins - total / _BINS) ** 2) / (total / _BINS))
            uniformity = float(special.gammaincc((_BINS - 1) / 2, chi_square / 2))
        rows.append(
            SuiteRow(
                test=name,
                sequences=total,
                passed=passed,
                least=float(expected - spread),
                most=float(min(expected + spread, 1.0)),
                chance=float(stats.binom.cdf(passed, total, expected)),
                uniformity=uniformity,
                uniform=uniformity is None or uniformity >= _UNIFORM,
            )
        )
    return rows


def failed_tests(values: dict[str, float]) -> list[str]:
    """Tests that a single sequence fails beyond doubt, by their names without the parts of a test."""
    parts = {"forward", "backward", "1", "2"}
    names = [" ".join(word for word in name.split() if word not in parts and word[0] not in "+-")
             for name, value in values.items() if value < _CERTAIN]  # fmt: skip
    return list(dict.fromkeys(names))
