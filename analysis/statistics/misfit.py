"""What a model that the data reject does to the intervals of its parameters."""

from __future__ import annotations

import scipy

__all__ = ["birge_ratio"]


def birge_ratio(chi_square: float, freedom: int, *, unlikely: float = 1e-2) -> float:
    """How much wider the intervals of a fit must be than the errors of its data make them.

    Parameters
    ----------
    chi_square : float
        Sum of the squared residuals over the variances of the data.
    freedom : int
        Data less parameters.
    unlikely : float
        Probability of a chi-square as large by chance, below which the model is rejected.

    Returns
    -------
    float
        The root of chi_square / freedom where the model is rejected: the errors of the data are as large as the
        scatter about the model. 1 where it is not.

    Examples
    --------
    >>> birge_ratio(6.0, 5), birge_ratio(45.0, 5)
    (1.0, 3.0)
    """
    if freedom < 1 or scipy.stats.chi2.sf(chi_square, freedom) >= unlikely:
        return 1.0
    return float((chi_square / freedom) ** 0.5)
