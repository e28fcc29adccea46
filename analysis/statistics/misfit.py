"""Effect of a rejected model on the intervals of its parameters."""

from __future__ import annotations

import scipy

__all__ = ["birge_ratio"]


def birge_ratio(chi_square: float, freedom: int, *, unlikely: float = 1e-2) -> float:
    """How much wider the intervals of a fit must be than the errors of its data make them.

    It is the root of chi_square / freedom where the model is rejected, for a chi-square as large is less probable by
    chance than `unlikely`: the errors of the data are as large as the scatter about the model. 1 where it is not.
    `chi_square` is the sum of the squared residuals over the variances of the data, `freedom` data less parameters.
    """
    if freedom < 1 or scipy.stats.chi2.sf(chi_square, freedom) >= unlikely:
        return 1.0
    return float((chi_square / freedom) ** 0.5)
