"""How far a fit's parameters may be off: from the noise of the samples, from run to run, and by what is held.

Three questions. `noise_covariance` believes the model, and asks what the residuals' noise does, correlated in time as
it is, on the first sample as on the others. `run_covariance` believes only that runs are independent, and leaves out
each in turn (`solitons.fits.leave_one_out`); it includes all effects of noise, so the larger of the two counts.
`solitons.fits.consider_parameters` gives what the parameters make up for where constants that are not fitted are wrong.
This is another cause: it moves all runs alike, is no matter of samples, and
adds in quadrature.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import jax
import numpy as np
import numpy.typing as npt
import scipy

from solitons.domain_walls.fit_problem import POSITION, PRIOR
from solitons.domain_walls.noisy_starts import Marginal
from solitons.domain_walls.parameters import unit_of
from solitons.fits.autocorrelation import autocorrelation_time
from solitons.fits.consider_parameters import Considered, held_shifts
from solitons.fits.fitted_parameter import FittedParameter, fitted_parameters
from solitons.fits.leave_one_out import covariance_by_runs, inverse, scaled

__all__ = ["noise_covariance", "run_covariance", "traded", "wall_parameters"]

Floats = npt.NDArray[np.float64]

_TRADING = 0.95  # correlation from which only a combination of two parameters is known


def wall_parameters(
    marginal: Marginal,
    names: Sequence[str],
    best: Floats,
    considered: Mapping[str, Considered[Any]] | None = None,
) -> tuple[tuple[FittedParameter, ...], Floats, tuple[Floats, float] | None]:
    """The parameters of a minimum with their intervals, their covariance if the residuals are noise, and by runs.

    `considered` are models with a held constant smaller and larger, as the problem takes them.
    """
    with jax.enable_x64(True):
        by_noise, by_runs = noise_covariance(marginal, best), run_covariance(marginal, best)
        shifts = None
        if considered:
            slopes = marginal.slopes(best)
            shifts = held_shifts(
                slopes,
                marginal.weigh(slopes),
                considered,
                lambda model: marginal.problem.under(model, best, marginal.shift),
            )
    units = {name: unit_of(name) for name in names}
    return fitted_parameters(units, best, by_noise, by_runs, shifts), by_noise[0], by_runs


def traded(covariance: Floats) -> list[tuple[int, int, float]]:
    """Pairs of parameters that runs cannot separate, with their correlation, by a `noise_covariance`."""
    deviations = np.sqrt(np.diag(covariance))
    pairs = [(i, j, deviations[i] * deviations[j]) for i, j in itertools.combinations(range(len(covariance)), 2)]
    return [
        (i, j, float(covariance[i, j] / scale))
        for i, j, scale in pairs
        if scale > 0 and abs(covariance[i, j]) > _TRADING * scale
    ]


def noise_covariance(fit: Marginal, vector: Floats) -> tuple[Floats, float]:
    """Covariance at the minimum if the model is right, for noise that is correlated in time.

    Also Student's t that makes a 95 % interval of a standard error, with the degrees of freedom of the positions.

    It is H^-1 (sum over kinds s_k^2 tau_k A_k^T A_k + starts) H^-1 with H = J^T A, A = C^-1 J and C of `noisy_starts`.
    The kinds are positions and angles, each with the variance s^2 and the integrated autocorrelation time tau of its
    own residuals, and the priors, which are believed as they are: s = tau = 1. Starts that are not exact add what their
    errors do.
    """
    problem = fit.problem
    jacobian, norm = scaled(fit.slopes(vector))
    residual, weighed, whitened = fit.weigh(fit.from_measured(vector)), fit.weigh(jacobian), fit.whiten(jacobian)
    inverted = inverse(jacobian.T @ weighed)
    by_starts = np.sum(fit.axes**2 * fit.sizes / (1 + fit.sizes), axis=-1)
    spread = np.zeros_like(inverted)
    freedom = 1.0
    for kind in np.unique(problem.kind):
        chosen = problem.kind == kind
        part, errors = weighed[chosen], residual[chosen]
        variance = 1.0
        if kind != PRIOR:
            # Parameters and starts take up residuals in proportion to each kind's information about them.
            taken = float(np.trace(inverted @ whitened[chosen].T @ whitened[chosen]) + by_starts[chosen].sum())
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
    matrix = inverted @ spread @ inverted / np.outer(norm, norm)
    return matrix, float(scipy.stats.t.ppf(0.975, freedom))


def run_covariance(fit: Marginal, vector: Floats) -> tuple[Floats, float] | None:
    """Covariance at the minimum from leaving each run out in turn, whatever is wrong within a run.

    With its quantile, as of `covariance_by_runs`; None for a single run.
    """
    slopes = fit.slopes(vector)
    return covariance_by_runs(slopes, fit.weigh(slopes), fit.from_measured(vector), fit.problem.run)
