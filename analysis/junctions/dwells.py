"""Dwell times: how long a junction stays in each of its two states."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.traces import digitise, sampling_interval

__all__ = ["check_dwells", "dwell_times"]

FloatArray = npt.NDArray[np.float64]


def dwell_times(trace: xr.DataArray, *, low: float = -0.5, high: float = 0.5) -> xr.Dataset:
    """Find telegraph noise in a trace: every stay in one of two states.

    A flip is where the trace has gone from beyond one threshold to beyond the other; it is taken to be half-way between
    the sample that shows it and the one before. The first dwell of a trace began before it and the last
    ended after it, so that both are longer than what was seen of them: they are `censored`.

    Parameters
    ----------
    trace : xarray.DataArray
        Over t in s, evenly sampled, or over member and t of an ensemble: such as `mz` of a run, or a
        junction's conductance.
    low, high : float
        Thresholds in the trace's unit; those given by default are for a component of m.

    Returns
    -------
    xarray.Dataset
        Over `dwell`, in order of time and member by member: `state` (0 low, 1 high), `start` and `duration` (s),
        `censored` and, of an ensemble, `member`. attrs: `sampling_interval` (s), `low`, `high`.

    Raises
    ------
    TypeError, ValueError
        If `trace` is no trace, low is not below high, or a trace reaches neither threshold.

    Examples
    --------
    >>> from analysis import artificial
    >>> dwells = dwell_times(artificial.telegraph_noise(1e6, 2e6, 1e-3, 1e-8, seed=1))
    >>> bool(dwells.censored[0]), bool(dwells.censored[1])
    (True, False)
    """
    interval = sampling_interval(trace)
    members = trace["member"].values if "member" in trace.dims else [None]
    times = trace["t"].values.astype(np.float64)
    found: list[tuple[FloatArray, FloatArray, npt.NDArray[np.int8], int]] = []
    for member in members:
        values = trace.values if member is None else trace.sel(member=member).values
        states = digitise(values, low, high)
        decided = np.flatnonzero(states >= 0)
        if not decided.size:
            of_member = "" if member is None else f" of member {member}"
            raise ValueError(
                f"trace{of_member} lies between low = {low:g} and high = {high:g} throughout, from {values.min():.4g} "
                f"to {values.max():.4g}; give thresholds inside what it swings between"
            )
        begin = int(decided[0])
        flips = begin + 1 + np.flatnonzero(np.diff(states[begin:]))
        edges = np.concatenate([[times[begin]], times[flips] - interval / 2, [times[-1]]])
        found.append((edges[:-1], np.diff(edges), states[np.concatenate([[begin], flips])], flips.size + 1))
    counts = [count for *_, count in found]
    last = np.cumsum(counts) - 1
    censored = np.zeros(sum(counts), dtype=bool)
    censored[last] = censored[last - counts + 1] = True
    dwells = xr.Dataset(
        {
            "state": ("dwell", np.concatenate([states for _, _, states, _ in found]).astype(np.int64)),
            "start": ("dwell", np.concatenate([start for start, *_ in found]), {"units": "s"}),
            "duration": ("dwell", np.concatenate([duration for _, duration, *_ in found]), {"units": "s"}),
            "censored": ("dwell", censored),
        },
        attrs={"sampling_interval": interval, "low": low, "high": high},
    )
    if members[0] is not None:
        dwells["member"] = ("dwell", np.repeat(np.asarray(members), counts))
    return dwells


def check_dwells(dwells: xr.Dataset) -> None:
    """Check that a Dataset is one that `dwell_times` gives."""
    if not isinstance(dwells, xr.Dataset):
        raise TypeError(f"dwells is a {type(dwells).__name__}; give what analysis.dwell_times returns")
    missing = [name for name in ("state", "start", "duration", "censored") if name not in dwells]
    if missing or "sampling_interval" not in dwells.attrs:
        lacks = ", ".join(missing) or "attrs['sampling_interval']"
        raise ValueError(f"dwells lacks {lacks}; give what analysis.dwell_times returns")
