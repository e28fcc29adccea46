"""How far a prediction may be off after some pulses, from the errors in runs that no fit saw.

A model is a little off where a device rests, misses a pulse now and then, or moves a little too far with every pulse.
The variance of its error after n pulses, of which m more went one way than the other, is therefore taken as

    s^2 = a^2 + b^2 n + c^2 m^2.

A device that ends each pulse in the right place has a alone: its error does not grow. What is too strong by a share
takes back on the way back what it gained, hence m and not n. The squares are those of a gamma distribution with this
mean, whose quasi-likelihood is maximal where iterated least squares end, with a^2, b^2 and c^2 not below 0.

Pulses of one run are no independent witnesses: the 95 % interval is t s, with Student's t for as many degrees of
freedom as there are runs. One run alone gives 12.7 s. Where a run rested in another place than predicted, the interval
reaches the neighbouring places whatever n is. Not in it are a place that is missed less often than once in all these
pulses, heat, and what differs from device to device.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

__all__ = ["PredictionError", "learn_prediction_error"]

Floats = npt.NDArray[np.float64]

_Length = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_ROUNDS = 30
_LEAST = 0.01  # share of the mean square below which the error of one rest is not told from 0


class PredictionError(BaseModel):
    """The error of a prediction, growing with pulses.

    Parameters
    ----------
    at_rest, by_pulse, one_way : float
        a, b and c in m: after no, by the root of the number, and by the number of pulses that went one way.
    runs : int
        Runs that no fit saw, from which it was learned.
    pulses : int
        Most pulses that one of them had in one direction: beyond them the growth is extrapolated.
    place : float
        Distance in m that the interval reaches at least, since a run rested in another place than was predicted; or 0.

    Examples
    --------
    >>> error = PredictionError(at_rest=0.0, by_pulse=0.0, one_way=1e-9, runs=8, pulses=4)
    >>> (1e9 * error.half_width([1, 1, -1])).round(1).tolist()  # nm
    [2.3, 4.6, 2.3]
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    at_rest: _Length
    by_pulse: _Length
    one_way: _Length
    runs: Annotated[int, Field(ge=1)]
    pulses: Annotated[int, Field(ge=0)]
    place: _Length = 0.0

    def half_width(self, signs: npt.ArrayLike) -> Floats:
        """Half of the 95 % interval in m after each pulse of a train; `signs` are those of its currents."""
        from scipy import stats

        number, net = _counted(signs)
        deviation = np.sqrt(self.at_rest**2 + self.by_pulse**2 * number + self.one_way**2 * net**2)
        return np.maximum(float(stats.t.ppf(0.975, self.runs)) * deviation, self.place)


def learn_prediction_error(
    errors: Sequence[npt.ArrayLike], signs: Sequence[npt.ArrayLike], place: float = 0.0
) -> PredictionError:
    """Learn the error of predictions from runs that no fit saw.

    For each run there are its errors in m at rest after its first pulse, its second and so on (all, or the first of
    them), and the signs of its pulses; `place` is as of `PredictionError`. ValueError without an error, or if one is
    not finite.

    Examples
    --------
    >>> found = learn_prediction_error([[1e-9, 2e-9, 3e-9], [-1e-9, -2e-9, -3e-9]], [[1, 1, 1], [-1, -1, -1]])
    >>> round(found.one_way * 1e9, 3), found.at_rest < 1e-12, found.runs, found.pulses
    (1.0, True, 2, 3)
    """
    from scipy import optimize

    counts = [_counted(each) for each in signs]
    pairs = list(zip(errors, counts, strict=True))
    squares = np.concatenate([np.empty(0), *(np.square(np.asarray(each, dtype=np.float64)) for each, _ in pairs)])
    if not (squares.size and np.isfinite(squares).all()):
        raise ValueError(
            f"learn_prediction_error: {squares.size} errors of {len(pairs)} runs, of which "
            f"{np.count_nonzero(~np.isfinite(squares))} are not finite; give one or more, without rests of no wall"
        )
    number, net = (np.concatenate([count[i][: np.size(each)] for each, count in pairs]) for i in (0, 1))
    mean = float(squares.mean()) or 1.0
    # What grows most comes first: it is taken where trains of one length leave the growth open.
    terms = np.stack([net**2, number, np.ones(number.size)], axis=1)
    size = np.maximum(terms.max(axis=0), 1.0)
    variance = np.full(squares.size, mean)
    for _ in range(_ROUNDS):
        found, _ = optimize.nnls(terms / size / variance[:, None], squares / variance)
        variance = np.maximum(terms / size @ found, _LEAST * mean)
    parts: dict[str, Any] = dict(zip(("one_way", "by_pulse", "at_rest"), np.sqrt(found / size).tolist(), strict=True))
    return PredictionError(**parts, runs=len(pairs), pulses=int(net.max()), place=place)


def _counted(signs: npt.ArrayLike) -> tuple[Floats, Floats]:
    """After each pulse of a train how many there were, and how many more went one way than the other."""
    each = np.sign(np.atleast_1d(np.asarray(signs, dtype=np.float64)))
    return np.cumsum(np.abs(each)), np.abs(np.cumsum(each))
