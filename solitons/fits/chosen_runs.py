r"""Runs chosen one after another: which run of a plan a fit learns most from, and when it knows enough.

A run of which a fit's parameters p predict y, with independent errors of one standard deviation s, adds J^T J / s^2 to
the Fisher information M of p, J = dy/dp. The next run is the one with the largest

.. math:: \ln\det(M + J^T J / s^2) - \ln\det M,

which makes the ellipsoid of the parameters smallest (D-optimality, one run at a time [1]_). Parameters in other units
choose the same run, and so does any s that is the same in all. Of single numbers y it is the one that is predicted
worst [2]_. The choice is right if the model is, at the present parameters: it does not look for what the model leaves
out. The first runs, before there are parameters, are therefore spread over the plan [3]_, and runs that test the fit
are not chosen.

What is asked for is the interval of predictions, which parameters that trade places leave narrow.

References
----------
.. [1] V. V. Fedorov, Theory of Optimal Experiments (Academic Press, 1972), chapter 4; A. C. Atkinson, A. N. Donev and
   R. D. Tobias, Optimum Experimental Designs, with SAS (Oxford University Press, 2007), chapters 11 and 17.
.. [2] J. Kiefer and J. Wolfowitz, Can. J. Math. 12, 363 (1960).
.. [3] R. W. Kennard and L. A. Stone, Technometrics 11, 137 (1969).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from solitons.fits.consider_parameters import NORMAL_95
from solitons.fits.leave_one_out import scaled

__all__ = ["most_telling", "predicted_interval", "spread_out"]

Floats = npt.NDArray[np.float64]

_UNKNOWN = 1e-12
"""Share of all runs' information that is believed of each parameter before the first, so that det M is not 0."""


def most_telling(known: Sequence[Floats], candidates: Mapping[int, Floats]) -> int:
    """The candidate that a fit learns most from beside the runs that it has; the first of equal ones.

    Parameters
    ----------
    known : sequence of array (numbers, parameters)
        J / s of each run that was made.
    candidates : mapping of int to array (numbers, parameters)
        J / s of each run that can be made next.

    Returns
    -------
    int
        Its key.

    Examples
    --------
    A straight line a + b x from x = 0 and 0.1 on: next comes the other end.

    >>> line = [np.array([[1.0, x]]) for x in (0.0, 0.1, 0.4, 0.7, 1.0)]
    >>> most_telling(line[:2], dict(enumerate(line[2:], start=2)))
    4
    """
    every, _ = scaled(np.concatenate([*known, *candidates.values()]))
    parts = np.split(every, np.cumsum([len(each) for each in (*known, *candidates.values())])[:-1])
    made, others = parts[: len(known)], parts[len(known) :]
    before = _UNKNOWN * np.eye(every.shape[1]) + sum(each.T @ each for each in made)
    volumes = [np.linalg.slogdet(before + each.T @ each).logabsdet for each in others]
    # Runs that differ by rounding only are alike: the first is taken on every machine.
    best = next(at for at, each in enumerate(volumes) if each >= max(volumes) - 1e-9)
    return list(candidates)[best]


def predicted_interval(slopes: Floats, covariance: Floats, quantile: float = NORMAL_95) -> float:
    """Half-width of the 95 % interval of predictions, root mean square over all of them.

    Parameters
    ----------
    slopes : array (predictions, parameters)
        dy/dp of what is asked for; NaN where the model predicts nothing, which has no part in the mean.
    covariance : array (parameters, parameters)
        Of the parameters; NaN where it is not known, and then no prediction has an interval.
    quantile : float
        Makes a 95 % interval of a standard error.

    Examples
    --------
    Two numbers known to 0.3 and 0.4 whose errors are independent, and their sum:

    >>> round(predicted_interval(np.array([[1.0, 1.0]]), np.diag([0.3, 0.4]) ** 2, 1.0), 9)
    0.5
    """
    predicted = slopes[np.isfinite(slopes).all(axis=1)]
    if not len(predicted):
        return float("nan")
    squares = np.einsum("ij,jk,ik->i", predicted, covariance, predicted)
    return quantile * float(np.sqrt(np.mean(np.maximum(squares, 0.0))))


def spread_out(points: Sequence[Sequence[float]], count: int) -> tuple[int, ...]:
    """Places of points that lie as far apart as can be: the two farthest, then each time the one farthest from all.

    Every coordinate counts by its share of the range that it has.

    Examples
    --------
    >>> spread_out([(0.0,), (1.0,), (2.0,), (3.0,), (4.0,)], 3)
    (0, 4, 2)
    """
    values = np.asarray(points, dtype=np.float64)
    values = values / np.where(np.ptp(values, axis=0) > 0, np.ptp(values, axis=0), 1.0)
    apart = np.round(np.linalg.norm(values[:, None] - values[None], axis=-1), 9)
    found = [int(each) for each in np.unravel_index(apart.argmax(), apart.shape)][:count]
    while len(found) < count:
        nearest = apart[found].min(axis=0)
        nearest[found] = -1.0
        found.append(int(nearest.argmax()))
    return tuple(found)
