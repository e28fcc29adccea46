"""How well a fraction is known that was counted, by the exact interval and by Wilson's."""

from __future__ import annotations

import scipy

__all__ = ["exact_interval", "wilson_interval"]


def exact_interval(counted: int, total: int, confidence: float = 0.95) -> tuple[float, float]:
    """Clopper and Pearson's two-sided interval of a binomial fraction, which holds the truth at least that often.

    C. J. Clopper and E. S. Pearson, Biometrika 26, 404 (1934).
    """
    if not 0 <= counted <= total or total < 1:
        raise ValueError(
            f"{counted} of {total} is no fraction; give at least one trial, and no more successes than that"
        )
    interval = scipy.stats.binomtest(counted, total).proportion_ci(confidence, method="exact")
    return float(interval.low), float(interval.high)


def wilson_interval(right: int, total: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's two-sided interval of a binomial fraction: E. B. Wilson, J. Am. Stat. Assoc. 22, 209 (1927)."""
    interval = scipy.stats.binomtest(right, total).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)
