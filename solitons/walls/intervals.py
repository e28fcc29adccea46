"""How far a fit's parameters may be off: from the noise of the samples, and from run to run.

Two covariances, since they answer two questions. `noise_covariance` believes the model, and asks what the
residuals' noise does, correlated in time as it is, on the first sample as on the others. `run_covariance` believes
only that runs are independent: it leaves out each in turn, so that noise of any kind counts, and so does whatever the
model leaves out and gets wrong in one run otherwise than in another. What it gets wrong in all runs alike, no
statistics of these runs can show.

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
from scipy import stats

from solitons.autocorrelation import autocorrelation_time
from solitons.walls.fit_problem import POSITION, PRIOR
from solitons.walls.noisy_starts import Marginal

__all__ = ["noise_covariance", "run_covariance"]

Floats = npt.NDArray[np.float64]


def noise_covariance(fit: Marginal, vector: Floats) -> tuple[Floats, float]:
    """Covariance at the minimum if the model is right, for noise that is correlated in time.

    Parameters
    ----------
    fit : Marginal
        The problem.
    vector : array (parameters,)
        Its minimum.

    Returns
    -------
    covariance : array (parameters, parameters)
        H^-1 (sum over kinds s_k^2 tau_k A_k^T A_k + starts) H^-1 with H = J^T A, A = C^-1 J and C of
        `solitons.walls.noisy_starts`. The kinds are positions and angles, each with the variance s^2 and the
        integrated autocorrelation time tau of its own residuals, and the priors, which are believed as they are:
        s = tau = 1. Starts that are not exact add what their errors do.
    quantile : float
        Student's t that makes a 95 % interval of a standard error, with the degrees of freedom of the positions.
    """
    problem = fit.problem
    jacobian, norm = _scaled(fit.slopes(vector))
    residual, weighed, whitened = fit.weigh(fit.from_measured(vector)), fit.weigh(jacobian), fit.whiten(jacobian)
    inverse = _inverse(jacobian.T @ weighed)
    by_starts = np.sum(fit.axes**2 * fit.sizes / (1 + fit.sizes), axis=-1)
    spread = np.zeros_like(inverse)
    freedom = 1.0
    for kind in np.unique(problem.kind):
        chosen = problem.kind == kind
        part, errors = weighed[chosen], residual[chosen]
        variance = 1.0
        if kind != PRIOR:
            # Parameters and starts take up residuals in proportion to what each kind tells about them.
            taken = float(np.trace(inverse @ whitened[chosen].T @ whitened[chosen]) + by_starts[chosen].sum())
            time = autocorrelation_time(errors, problem.sequence[chosen])
            variance = float(errors @ errors) / max(errors.size - taken, 1.0) * time
            if kind == POSITION:
                freedom = max(errors.size / time - taken, 1.0)
        spread += variance * part.T @ part
    by_start = fit.noise * fit.spread
    for run in np.unique(problem.run[problem.run >= 0]):
        rows = problem.run == run
        moved = weighed[rows].T @ by_start[rows]
        spread += moved @ moved.T
    matrix = inverse @ spread @ inverse / np.outer(norm, norm)
    return matrix, float(stats.t.ppf(0.975, freedom))


def run_covariance(fit: Marginal, vector: Floats) -> tuple[Floats, float] | None:
    """Covariance at the minimum from leaving each run out in turn, whatever is wrong within a run.

    Parameters
    ----------
    fit : Marginal
        The problem.
    vector : array (parameters,)
        Its minimum.

    Returns
    -------
    covariance : array (parameters, parameters)
        (G - 1) / G sum over the G runs of the squared change that leaving one out makes, each by one Gauss-Newton
        step from the minimum.
    quantile : float
        Student's t that makes a 95 % interval of a standard error, with G - 1 degrees of freedom.

    Both are None where there is a single run.
    """
    problem = fit.problem
    runs = np.unique(problem.run[problem.run >= 0])
    if runs.size < 2:
        return None
    jacobian, norm = _scaled(fit.slopes(vector))
    residual, weighed = fit.from_measured(vector), fit.weigh(jacobian)
    rows = [problem.run == run for run in runs]
    known = np.stack([jacobian[each].T @ weighed[each] for each in rows])
    score = np.stack([weighed[each].T @ residual[each] for each in rows])
    hessian = jacobian.T @ weighed
    change = np.stack([_inverse(hessian - each) @ its for each, its in zip(known, score, strict=True)]) / norm
    matrix = (runs.size - 1) / runs.size * change.T @ change
    return matrix, float(stats.t.ppf(0.975, runs.size - 1))


def _scaled(jacobian: Floats) -> tuple[Floats, Floats]:
    # Parameters differ by twenty orders of magnitude.
    norm = np.linalg.norm(jacobian, axis=0)
    norm = np.where(norm > 0, norm, 1.0)
    return jacobian / norm, norm


def _inverse(matrix: Floats) -> Floats:
    inverse: Floats = np.linalg.pinv(matrix, hermitian=True)
    return inverse
