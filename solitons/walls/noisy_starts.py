"""Fits whose runs start where a noisy first frame says: the starts are marginalised.

The model begins at the measured position and angle of a run's first frame. Their errors move the whole path that
follows, along known slopes, so that the residuals of run r have the covariance

    s^2 (I + U U^T),   U = [dr/dq0 sigma_q, dr/dphi0 sigma_phi] / s,

s^2 being the variance of a position's residual. To minimise the residuals whitened by it is to give each run a free
start with a normal prior around the measured one, without a parameter more (C. E. Rasmussen and C. K. I. Williams,
Gaussian Processes for Machine Learning (MIT Press, 2006), section 2.7).

sigma is the measurement's own noise, from second differences of the residuals, which smooth misfit does not enter:
in a micromagnetic run at 0 K the start is known exactly however wrong the model is. Whether first frames have that
noise at all, or are exact as those of a made run may be, the likelihood of the residuals decides, for positions and
for angles.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solitons.walls.fit_problem import ANGLE, POSITION, Problem

__all__ = ["Marginal", "marginalise"]

Floats = npt.NDArray[np.float64]

# Half of the absolute second differences of white noise with sigma = 1 are below this: sqrt(1 + 4 + 1) 0.6745.
_MEDIAN = 1.652
# How much the logarithm of the likelihood must gain: decisive evidence (R. E. Kass and A. E. Raftery, J. Am. Stat.
# Assoc. 90, 773 (1995)). A start that is known and set free takes up a misfit that belongs to the parameters.
_DECISIVE = 5.0


@dataclass(frozen=True, eq=False)
class Marginal:
    """A problem with uncertain starts.

    Parameters
    ----------
    problem : Problem
        With each start taken as exact.
    noise : float
        s in nm.
    spread : array (residuals, 2)
        U.
    axes : array (residuals, 2)
        Orthonormal columns, run by run, that span U.
    sizes : array (residuals, 2)
        Squared length of U along each axis, the same in all rows of a run.
    """

    problem: Problem
    noise: float
    spread: Floats
    axes: Floats
    sizes: Floats

    @property
    def exact(self) -> bool:
        """Whether starts are taken as exact."""
        return not np.any(self.sizes)

    def residual(self, vector: Floats) -> Floats:
        """Whitened residuals in nm."""
        return self.whiten(self.problem.residual(vector))

    def jacobian(self, vector: Floats) -> Floats:
        """Their derivatives, (residuals, parameters)."""
        return self.whiten(self.problem.jacobian(vector))

    def whiten(self, values: Floats) -> Floats:
        """Multiply rows by (I + U U^T)^(-1/2)."""
        return self._scaled(values, (1 + self.sizes) ** -0.5 - 1)

    def weigh(self, values: Floats) -> Floats:
        """Multiply rows by (I + U U^T)^-1; of residuals it leaves what the starts do not explain."""
        return self._scaled(values, 1 / (1 + self.sizes) - 1)

    def _scaled(self, values: Floats, factors: Floats) -> Floats:
        result: Floats = np.array(values)
        for run in np.unique(self.problem.run[self.problem.run >= 0]):
            rows = self.problem.run == run
            axes = self.axes[rows]
            result[rows] += (axes * factors[rows]) @ (axes.T @ values[rows])
        return result


def marginalise(problem: Problem, vector: Floats) -> Marginal:
    """Let the starts be as uncertain as the measurement's noise makes them.

    Parameters
    ----------
    problem : Problem
        With exact starts.
    vector : array (parameters,)
        Its minimum, at which noise and slopes are taken.

    Returns
    -------
    Marginal
    """
    residual = problem.residual(vector)
    positions, angles = problem.kind == POSITION, problem.kind == ANGLE
    # Cosines and sines are rows in the same order. Where no angle counts, measured ones are taken as exact.
    turns = residual[angles].reshape(2, -1).T
    measured = [_white_noise(residual[positions, None], problem.sequence[positions]), 0.0]
    if turns.size:
        measured[1] = _white_noise(turns, problem.sequence[angles][: len(turns)]) / problem.angle_scale
    slopes = problem.start_slopes(vector)
    # The likelihood looks at each kind beside its own noise; priors do not depend on starts.
    size = np.ones(residual.size)
    for kind in (positions, angles):
        size[kind] = _rms(residual[kind]) or 1.0
    noise = _rms(residual[positions]) or 1.0
    candidates = list(itertools.product((0.0, measured[0]), (0.0, measured[1])))
    scores = [
        _likelihood(_marginal(problem, slopes / size[:, None], each, 1.0), residual / size) for each in candidates
    ]
    chosen = int(np.argmax(scores))
    # `product` counts from exact starts.
    if scores[chosen] < scores[0] + _DECISIVE:
        chosen = 0
    return _marginal(problem, slopes / noise, candidates[chosen], noise)


def _marginal(problem: Problem, slopes: Floats, deviations: tuple[float, float], noise: float) -> Marginal:
    spread = slopes * np.array(deviations)
    axes, sizes = np.zeros_like(spread), np.zeros_like(spread)
    for run in np.unique(problem.run[problem.run >= 0]):
        rows = problem.run == run
        left, lengths, _ = np.linalg.svd(spread[rows], full_matrices=False)
        axes[rows, : lengths.size], sizes[rows, : lengths.size] = left, lengths**2
    return Marginal(problem, noise, spread, axes, sizes)


def _likelihood(fit: Marginal, residual: Floats) -> float:
    """Logarithm, at the best common factor of all variances."""
    data = fit.problem.run >= 0
    runs, first = np.unique(fit.problem.run, return_index=True)
    volume = float(np.log1p(fit.sizes[first[runs >= 0]]).sum())
    misfit = max(float(np.sum(fit.whiten(residual)[data] ** 2)), np.finfo(float).tiny)
    return -0.5 * (int(data.sum()) * math.log(misfit) + volume)


def _white_noise(values: Floats, sequence: npt.NDArray[np.intp]) -> float:
    """Standard deviation of what is independent from sample to sample, pooled over sequences.

    The median knows nothing of the few samples at which a pulse begins or ends and a misfit bends.
    """
    bends = np.diff(values, n=2, axis=0)
    within = sequence[2:] == sequence[:-2]
    if not within.any():
        # Too short to tell noise from misfit: all of it may be noise.
        return _rms(np.linalg.norm(values, axis=-1))
    return float(np.median(np.linalg.norm(bends[within], axis=-1))) / _MEDIAN


def _rms(values: Floats) -> float:
    return float(np.linalg.norm(values)) / math.sqrt(max(values.size, 1))
