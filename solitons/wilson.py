"""How well a fraction is known that was counted."""

from __future__ import annotations

from scipy import stats

__all__ = ["wilson_interval"]


def wilson_interval(right: int, total: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of a binomial fraction.

    Parameters
    ----------
    right, total : int
        Successes and trials.
    confidence : float
        Two-sided confidence.

    References
    ----------
    E. B. Wilson, J. Am. Stat. Assoc. 22, 209 (1927).

    Examples
    --------
    >>> low, high = wilson_interval(90, 100)
    >>> round(low, 4), round(high, 4)
    (0.8256, 0.9448)
    """
    interval = stats.binomtest(right, total).proportion_ci(confidence, method="wilson")
    return float(interval.low), float(interval.high)
