"""Traces: one quantity over time, such as m_z or a conductance, and in which of two states a junction is by it."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import xarray as xr

__all__ = ["check_frequency", "digitise", "sampling_interval"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int8]

_FEWEST_SAMPLES = 8
"""Samples of a period of a drive."""


def sampling_interval(trace: xr.DataArray, *, owner: str = "trace") -> float:
    """Check that something is a trace over t (s, evenly spaced and rising) and give the time between two samples in s.

    It may have a `member` dimension; `owner` is what the error calls it.
    """
    if not isinstance(trace, xr.DataArray):
        raise TypeError(f"{owner} is a {type(trace).__name__}; give an xarray.DataArray over t, such as run['mz']")
    if "t" not in trace.dims or set(trace.dims) - {"t", "member"}:
        raise ValueError(f"{owner} has the dimensions {trace.dims}; they must be t, or member and t: select one value")
    if "t" not in trace.coords or trace.sizes["t"] < 2:
        raise ValueError(f"{owner} has {trace.sizes['t']} samples; it needs two or more, with their times t in s")
    steps = np.diff(trace["t"].values.astype(np.float64))
    if not (steps > 0).all() or np.ptp(steps) > 1e-3 * steps.mean():
        raise ValueError(f"{owner}.t has steps from {steps.min():.4g} to {steps.max():.4g} s; sample it evenly")
    if not np.isfinite(trace.values).all():
        raise ValueError(f"{owner} has values that are not finite; drop or mend them")
    return float(steps.mean())


def check_frequency(frequency: float, interval: float) -> None:
    """Refuse a drive's frequency in Hz that is none, or that samples every `interval` s do not show."""
    if not (frequency > 0 and math.isfinite(frequency)):
        raise ValueError(f"frequency = {frequency!r} Hz must be above 0")
    if frequency * interval * _FEWEST_SAMPLES > 1:
        raise ValueError(
            f"frequency = {frequency:.4g} Hz has {1 / (frequency * interval):.3g} samples in a period, every "
            f"{interval:.3g} s, and {_FEWEST_SAMPLES} are needed; sample the trace more often"
        )


def digitise(values: npt.ArrayLike, low: float, high: float) -> IntArray:
    """State of a junction from one quantity, with a hysteresis: 0 or 1, and -1 before either threshold is reached.

    The state is 1 from where the quantity reaches `high` until it reaches `low`, and 0 from there on: what stays
    between the two changes nothing, so that small swings about one threshold are no flips.
    """
    if not low < high:
        raise ValueError(
            f"low = {low!r} must be below high = {high!r}: a flip goes from beyond one to beyond the other"
        )
    given = np.asarray(values, dtype=np.float64)
    decided = np.where(given >= high, 1, np.where(given <= low, 0, -1)).astype(np.int8)
    # What is between the thresholds is as it was when one was reached last.
    last = np.maximum.accumulate(np.where(decided >= 0, np.arange(decided.size), -1))
    return np.where(last >= 0, decided[last], -1).astype(np.int8)
