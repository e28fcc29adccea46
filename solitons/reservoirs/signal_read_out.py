r"""A linear read-out of states in time: ridge regression whose strength a validation stretch chooses, tested once.

The first part of a series is trained on, its last fifth being held out to choose between strengths and between sets of
features; weights are then fitted to all of it, and the rest is the test. The error is

.. math:: \mathrm{NRMSE} = \sqrt{\langle (y - w \cdot x)^2 \rangle / \mathrm{Var}(y)}

over the test, 1 for a constant. A read-out with more weights than samples to fit them is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["SignalReadOut", "read_signal"]

Floats = npt.NDArray[np.float64]

_STRENGTHS = np.concatenate([[0.0], np.logspace(-10, 0, 6)])
"""Over the mean square of a feature, all of which have the variance 1."""
_HELD_OUT = 0.2
_CONSTANT = 1e-12
"""Standard deviation over the largest value, below which a feature does not change."""


class SignalReadOut(NamedTuple):
    """A read-out that was tested.

    `chosen` names the set of features, `weights` is how many of them there are without the offset; `error` is on the
    test, and `prediction` (test times,) what it gave.
    """

    chosen: str
    weights: int
    error: float
    prediction: Floats


def read_signal(
    features: Mapping[str, npt.ArrayLike], targets: npt.ArrayLike, *, train: int, washout: int
) -> SignalReadOut:
    """Fit a read-out to the first `train` times after a washout, and test it on the rest.

    Parameters
    ----------
    features : mapping of str to array (times, features)
        Sets of features, of which the best on the held-out part is taken.
    targets : array (times,)
    train, washout : int
        Times that are trained on, with the washout, and the first of them that are left out.

    Raises
    ------
    ValueError
        If shapes do not fit, a feature is not finite, or a set has more features than four fifths of the times that
        are trained on.

    Examples
    --------
    >>> u = np.random.default_rng(0).uniform(-1, 1, 400)
    >>> found = read_signal({"u": u[:, None], "u and u^2": np.stack([u, u**2], 1)}, u**2 + 1, train=300, washout=0)
    >>> found.chosen, bool(found.error < 1e-6)
    ('u and u^2', True)
    """
    wanted = np.asarray(targets, dtype=np.float64)
    best: tuple[float, str, Floats] | None = None
    validated = train - round(_HELD_OUT * (train - washout))
    for name, each in features.items():
        given = np.asarray(each, dtype=np.float64)
        if given.ndim != 2 or len(given) != len(wanted) or not washout < validated < train < len(wanted):
            raise ValueError(
                f"read_signal: features {name!r} have the shape {given.shape}, targets {wanted.shape}, washout = "
                f"{washout} and train = {train}; give (times, features) and (times,), and times to test beyond train"
            )
        if not np.isfinite(given).all():
            raise ValueError(
                f"read_signal: features {name!r} are not all finite: a device is lost; give a weaker drive"
            )
        if given.shape[1] + 1 > validated - washout:
            raise ValueError(
                f"read_signal: {given.shape[1] + 1} weights of {name!r} for {validated - washout} samples to fit them; "
                "give fewer nodes or taps, or a longer series"
            )
        scaled = _scaled(given, washout, train)
        errors = [
            float(np.mean((scaled[validated:train] @ w - wanted[validated:train]) ** 2))
            for w in _ridges(scaled[washout:validated], wanted[washout:validated])
        ]
        chosen = int(np.argmin(errors))
        if best is None or errors[chosen] < best[0]:
            w = _ridges(scaled[washout:train], wanted[washout:train])[chosen]
            best = (errors[chosen], name, scaled[train:] @ w)
    assert best is not None
    error = float(np.sqrt(np.mean((best[2] - wanted[train:]) ** 2) / wanted[train:].var()))
    return SignalReadOut(best[1], np.asarray(features[best[1]]).shape[1], error, best[2])


def _scaled(features: Floats, washout: int, train: int) -> Floats:
    """Features of mean 0 and variance 1 over the times that are trained on, and the offset as the last one."""
    seen = features[washout:train]
    deviation = seen.std(axis=0)
    moves = deviation > _CONSTANT * np.abs(seen).max(axis=0)
    found = (features[:, moves] - seen[:, moves].mean(axis=0)) / deviation[moves]
    return np.hstack([found, np.ones((len(features), 1))])


def _ridges(features: Floats, targets: Floats) -> list[Floats]:
    """Weights for each strength, from one singular value decomposition."""
    left, values, right = np.linalg.svd(features, full_matrices=False)
    along = left.T @ targets
    floor = values[0] * max(features.shape) * np.finfo(np.float64).eps
    kept = values > floor
    return [
        right[kept].T @ (values[kept] / (values[kept] ** 2 + each * len(features)) * along[kept]) for each in _STRENGTHS
    ]
