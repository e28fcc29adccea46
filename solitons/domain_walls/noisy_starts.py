"""Fits of runs whose first frame is noisy: the starts are marginalised.

The model begins at the measured position and angle of a run's first frame (of two walls: at both of each). Their
errors move the whole path that follows, along known slopes, so that the residuals of run r have the covariance

    s^2 (I + U U^T),   U = [dr/dq0 sigma_q, dr/dphi0 sigma_phi] / s,

s^2 being the variance of a position's residual. To minimise the residuals whitened by it is to give each run a free
start with a normal prior around the measured one, without a parameter more (C. E. Rasmussen and C. K. I. Williams,
Gaussian Processes for Machine Learning (MIT Press, 2006), section 2.7). The slopes are taken where the best starts
are, which are found in turn with the parameters.

sigma is the measurement's own noise, from second differences of the residuals, which smooth misfit does not enter:
in a micromagnetic run at 0 K the start is known exactly however wrong the model is. The likelihood of the residuals
decides whether first frames have this noise, or are exact as in a made run, for positions and for angles.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solitons.domain_walls.fit_problem import ANGLE, POSITION, Problem

__all__ = ["Marginal", "marginalise", "settle", "with_starts"]

Floats = npt.NDArray[np.float64]

# Half of the absolute second differences of white noise with sigma = 1 are below this: sqrt(1 + 4 + 1) 0.6745.
_MEDIAN = 1.652
# How much the logarithm of the likelihood must gain: decisive evidence (R. E. Kass and A. E. Raftery, J. Am. Stat.
# Assoc. 90, 773 (1995)). A start that is known and set free takes up a misfit that belongs to the parameters.
_DECISIVE = 5.0
# Parameters and starts are found in turn until what the starts do changes by less than this share of the noise.
_SETTLED, _ROUNDS = 0.05, 8


@dataclass(frozen=True, eq=False)
class Marginal:
    """A problem with uncertain starts.

    `noise` s in nm; `deviations` sigma of each coordinate of a start in nm or rad, 0 where it is taken as exact;
    `shift` (runs, coordinates) from the measured starts to those at which the slopes are taken; `offset` (residuals,)
    what the shift makes of the residuals in nm, by the slopes; `spread` is U (residuals, coordinates), `axes` are
    orthonormal columns, run by run, that span it, and `sizes` its squared lengths along them, the same in all rows of a
    run.
    """

    problem: Problem
    noise: float
    deviations: tuple[float, ...]
    shift: Floats
    offset: Floats
    spread: Floats
    axes: Floats
    sizes: Floats

    @property
    def exact(self) -> bool:
        """Whether starts are taken as exact."""
        return not np.any(self.sizes)

    def residual(self, vector: Floats) -> Floats:
        """Whitened residuals in nm."""
        return self.whiten(self.from_measured(vector))

    def jacobian(self, vector: Floats) -> Floats:
        """Their derivatives, (residuals, parameters)."""
        return self.whiten(self.slopes(vector))

    def from_measured(self, vector: Floats) -> Floats:
        """Residuals in nm from the measured starts, as far as the slopes hold."""
        return self.problem.residual(vector, self.shift) - self.offset

    def slopes(self, vector: Floats) -> Floats:
        """Derivatives of the residuals, (residuals, parameters)."""
        return self.problem.jacobian(vector, self.shift)

    def recentred(self, vector: Floats) -> Marginal:
        """The same with the slopes taken at the best starts for these parameters, and the noise left beside them."""
        residual, shift = self.from_measured(vector), np.zeros_like(self.shift)
        unexplained = self.weigh(residual)
        for run in range(len(shift)):
            rows = self.problem.run == run
            # The mean of a start's error, given the residuals.
            shift[run] = -self.spread[rows].T @ unexplained[rows] * np.array(self.deviations) / self.noise
        noise = _rms(unexplained[self.problem.kind == POSITION]) or self.noise
        return with_starts(self.problem, vector, self.deviations, noise, shift)

    def whiten(self, values: Floats) -> Floats:
        """Multiply rows by (I + U U^T)^(-1/2)."""
        return self._scaled(values, (1 + self.sizes) ** -0.5 - 1)

    def weigh(self, values: Floats) -> Floats:
        """Multiply rows by (I + U U^T)^-1; of residuals it leaves what the starts do not explain."""
        return self._scaled(values, 1 / (1 + self.sizes) - 1)

    def _scaled(self, values: Floats, factors: Floats) -> Floats:
        result: Floats = np.array(values)
        for run in range(self.problem.runs):
            rows = self.problem.run == run
            axes = self.axes[rows]
            result[rows] += (axes * factors[rows]) @ (axes.T @ values[rows])
        return result


def marginalise(problem: Problem, vector: Floats) -> Marginal:
    """Let the starts be as uncertain as the measurement's noise makes them.

    Noise and slopes are taken at `vector`, the minimum of the problem with exact starts.
    """
    residual = problem.residual(vector)
    positions, angles = problem.kind == POSITION, problem.kind == ANGLE
    # Cosines and sines are rows in the same order. Where no angle counts, measured ones are taken as exact.
    turns = residual[angles].reshape(2, -1).T
    measured = [_white_noise(residual[positions, None], problem.sequence[positions]), 0.0]
    if turns.size:
        measured[1] = _white_noise(turns, problem.sequence[angles][: len(turns)]) / problem.angle_scale
    shift = np.zeros((problem.runs, len(problem.start_kinds)))
    # The likelihood looks at each kind beside its own noise; priors do not depend on starts.
    size = np.ones(residual.size)
    for kind in (positions, angles):
        size[kind] = _rms(residual[kind]) or 1.0
    slopes = problem.start_slopes(vector)
    candidates = [
        tuple(position if kind == POSITION else angle for kind in problem.start_kinds)
        for position, angle in itertools.product((0.0, measured[0]), (0.0, measured[1]))
    ]
    scores = [_likelihood(problem, slopes * np.array(each) / size[:, None], residual / size) for each in candidates]
    chosen = int(np.argmax(scores))
    # `product` counts from exact starts.
    if scores[chosen] < scores[0] + _DECISIVE:
        chosen = 0
    return with_starts(problem, vector, candidates[chosen], _rms(residual[positions]) or 1.0, shift)


def settle(fit: Marginal, vector: Floats, descend: Callable[[Marginal, Floats], Floats]) -> tuple[Marginal, Floats]:
    """Find parameters and starts in turn: the problem with slopes at the best starts, and the best parameters.

    `descend` takes a problem and a vector to its minimum.
    """
    for _ in range(0 if fit.exact else _ROUNDS):
        vector = descend(fit, vector)
        moved = fit.recentred(vector)
        change = _rms(moved.offset - fit.offset)
        fit = moved
        if change < _SETTLED * fit.noise:
            break
    return fit, vector


def with_starts(
    problem: Problem, vector: Floats, deviations: tuple[float, ...], noise: float, shift: Floats
) -> Marginal:
    """A problem whose starts are known to be as uncertain as given; `Marginal` has the parameters."""
    if not any(deviations):
        nothing = np.zeros((problem.run.size, 2))
        return Marginal(problem, noise, deviations, np.zeros_like(shift), nothing[:, 0], nothing, nothing, nothing)
    slopes = problem.start_slopes(vector, shift)
    spread = slopes * np.array(deviations) / noise
    offset: Floats = np.sum(slopes * shift[problem.run], axis=-1)
    return Marginal(problem, noise, deviations, shift, offset, spread, *_axes(problem, spread))


def _axes(problem: Problem, spread: Floats) -> tuple[Floats, Floats]:
    axes, sizes = np.zeros_like(spread), np.zeros_like(spread)
    for run in range(problem.runs):
        rows = problem.run == run
        left, lengths, _ = np.linalg.svd(spread[rows], full_matrices=False)
        axes[rows, : lengths.size], sizes[rows, : lengths.size] = left, lengths**2
    return axes, sizes


def _likelihood(problem: Problem, spread: Floats, residual: Floats) -> float:
    """Logarithm, at the best common factor of all variances."""
    misfit, volume = 0.0, 0.0
    for run in range(problem.runs):
        rows = problem.run == run
        left, lengths, _ = np.linalg.svd(spread[rows], full_matrices=False)
        explained = (left.T @ residual[rows]) ** 2 * lengths**2 / (1 + lengths**2)
        misfit += float(residual[rows] @ residual[rows] - explained.sum())
        volume += float(np.log1p(lengths**2).sum())
    count = int(np.sum(problem.run >= 0))
    return -0.5 * (count * math.log(max(misfit, np.finfo(float).tiny)) + volume)


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
