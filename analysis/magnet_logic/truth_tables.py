"""Truth tables: what outputs should be, what they are, by what margin, and how often they are wrong."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.magnet_logic.values import decided
from analysis.statistics.proportions import exact_interval

__all__ = ["truth_table"]


def truth_table(
    projections: npt.ArrayLike, expected: npt.ArrayLike, *, threshold: float = 0.5, confidence: float = 0.95
) -> xr.Dataset:
    """Count how often the output of each row is right, wrong or undecided.

    An undecided output is an error, and not a coin that falls right half of the time.

    Parameters
    ----------
    projections : array (rows, trials)
        Mean m along the output's axis at the end of each trial, from -1 to 1.
    expected : int array (rows,)
        1 or -1.
    threshold : float
        As in `logic_values`.
    confidence : float
        Confidence of the intervals.

    Returns
    -------
    xarray.Dataset
        Over `row`: `expected`, `right`, `wrong`, `undecided` (counts), `error_rate` with `error_low` and `error_high`
        (Clopper and Pearson's interval of wrong and undecided ones), and `margin`, the smallest projection on the
        expected value, which is below 0 where a trial is wrong.

    Raises
    ------
    ValueError
        If shapes do not agree, or an expected value is not 1 or -1.

    Examples
    --------
    >>> table = truth_table([[0.9, 0.8, 0.1], [-1.0, -0.9, -0.9]], [1, -1])
    >>> table.undecided.values.tolist(), table.error_rate.values.round(2).tolist()
    ([1, 0], [0.33, 0.0])
    """
    along, wanted = np.asarray(projections, dtype=np.float64), np.asarray(expected)
    if along.ndim != 2 or not along.size or wanted.shape != along.shape[:1]:
        raise ValueError(
            f"truth_table: projections have the shape {along.shape} and expected {wanted.shape}; give (rows, trials) "
            "and (rows,)"
        )
    if not np.isin(wanted, (1, -1)).all():
        raise ValueError(f"truth_table: expected = {wanted.tolist()} has values other than 1 and -1")
    if not np.all(np.abs(along) <= 1 + 1e-6):
        raise ValueError("truth_table: projections are of unit vectors, between -1 and 1, and finite")
    values = decided(along, threshold)
    right, undecided = (values == wanted[:, None]).sum(axis=1), (values == 0).sum(axis=1)
    trials = along.shape[1]
    low, high = np.array([exact_interval(trials - int(count), trials, confidence) for count in right]).T
    return xr.Dataset(
        {
            "expected": ("row", wanted),
            "right": ("row", right),
            "wrong": ("row", trials - right - undecided),
            "undecided": ("row", undecided),
            "error_rate": ("row", 1 - right / trials),
            "error_low": ("row", low),
            "error_high": ("row", high),
            "margin": ("row", (along * wanted[:, None]).min(axis=1)),
        },
        attrs={"trials": trials, "threshold": threshold, "confidence": confidence},
    )
