"""How far parameters may be off that are fitted to several runs: each run is left out in turn.

Only that runs are independent is believed, so that noise of any kind counts, and so does whatever the model leaves out
and gets wrong in one run otherwise than in another. What it gets wrong in all runs alike, no statistics of these runs
can show.

Runs are few, and one with long strong pulses may tell more than all others. The jackknife by cluster (CR3 of
cluster-robust inference) with Student's t of one degree of freedom less than there are runs holds then, where a
bootstrap of 8 to 16 runs comes out too small: R. M. Bell and D. F. McCaffrey, Survey Methodology 28, 169 (2002); A. C.
Cameron and D. L. Miller, J. Human Resources 50, 317 (2015); J. G. MacKinnon, M. O. Nielsen and M. D. Webb, J.
Econometrics 232, 272 (2023); for the jackknife itself B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap
(Chapman & Hall, 1993), chapter 11.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy

__all__ = ["covariance_by_runs", "inverse", "scaled"]

Floats = npt.NDArray[np.float64]


def covariance_by_runs(
    slopes: Floats, weighed: Floats, residual: Floats, run: npt.NDArray[np.intp]
) -> tuple[Floats, float] | None:
    """Covariance of least squares' parameters from leaving each run out in turn, with Student's t of it.

    `slopes` (residuals, parameters) are the derivatives J of the residuals at the minimum; `weighed` is C^-1 J, C being
    the covariance of the residuals (J itself where they are independent); `run` (residuals,) is -1 where a residual
    belongs to none, such as a prior. The covariance is (G - 1) / G times the sum over the G runs of the squared change
    that leaving one out makes, each by one Gauss-Newton step from the minimum. Student's t makes a 95 % interval of a
    standard error, with G - 1 degrees of freedom. None where there is a single run.

    Examples
    --------
    The mean of a number a run is off by the standard error of the mean:

    >>> values, ones = np.array([1.0, 2.0, 4.0, 5.0]), np.ones((4, 1))
    >>> matrix, _ = covariance_by_runs(ones, ones, values - values.mean(), np.arange(4))
    >>> round(float(matrix[0, 0]), 6), round(float(values.var(ddof=1) / 4), 6)
    (0.833333, 0.833333)
    """
    runs = np.unique(run[run >= 0])
    if runs.size < 2:
        return None
    jacobian, norm = scaled(slopes)
    heavy = weighed / norm
    rows = [run == each for each in runs]
    known = np.stack([jacobian[each].T @ heavy[each] for each in rows])
    score = np.stack([heavy[each].T @ residual[each] for each in rows])
    hessian = jacobian.T @ heavy
    change = np.stack([inverse(hessian - each) @ its for each, its in zip(known, score, strict=True)]) / norm
    matrix = (runs.size - 1) / runs.size * change.T @ change
    return matrix, float(scipy.stats.t.ppf(0.975, runs.size - 1))


def scaled(slopes: Floats) -> tuple[Floats, Floats]:
    """Derivatives over their length, and the lengths: parameters differ by twenty orders of magnitude."""
    norm = np.linalg.norm(slopes, axis=0)
    norm = np.where(norm > 0, norm, 1.0)
    return slopes / norm, norm


def inverse(matrix: Floats) -> Floats:
    """Inverse of a symmetric matrix of such derivatives, without the directions that they do not tell."""
    found: Floats = np.linalg.pinv(matrix, hermitian=True)
    return found
