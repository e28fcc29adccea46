"""How a value goes along a chain of magnets: when each takes it, where the front is, how fast, and what fails first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.schema import frame_dimension

__all__ = ["Failure", "delay", "first_failure", "front_speed", "settling_times"]

Floats = npt.NDArray[np.float64]


def settling_times(values: xr.Dataset, expected: Mapping[str, int]) -> xr.DataArray:
    """Time in s, or number of the step, of the first frame from which on each magnet has its value to the end.

    `values` has `value` over `t` or `step`, and `magnet`, of one run (see `logic_values`); `expected` are magnets in
    the order of the chain, and what they should be at the end, 1 or -1. NaN where a magnet is wrong or undecided at the
    end. A time is late by up to one interval of the frames.
    """
    table, frames = _chain(values, expected, "settling_times")
    right = table == np.array(list(expected.values()))
    # Frames in a row, back from the end, that are right.
    lasting = np.cumprod(right[::-1], axis=0).sum(axis=0)
    at = np.where(lasting > 0, frames[np.minimum(len(frames) - lasting, len(frames) - 1)], np.nan)
    attrs = dict(values[frame_dimension(values)].attrs)
    return xr.DataArray(at, dims="magnet", coords={"magnet": list(expected)}, attrs=attrs)


def front_speed(times: xr.DataArray, positions: npt.ArrayLike) -> xr.Dataset:
    """Fit a straight line to when a front passes the magnets of a wire.

    .. math:: t_i = t_0 + x_i / v

    by least squares over the times, since they are what scatters and what is known to an interval only. `times` are
    from `settling_times` in s, without the input; magnets that have none do not take part, and three are needed.
    `positions` are along the wire in m.

    Gives `speed` in m/s with `speed_error`, its standard error from the scatter about the line; `delay_per_magnet` in s
    with `delay_error`; `residual` (s), the root mean square of the scatter; `magnets`, how many took part. The speed is
    infinite where all settle at once.
    """
    at, x = times.values.astype(np.float64), np.asarray(positions, dtype=np.float64)
    if at.ndim != 1 or x.shape != at.shape:
        raise ValueError(f"front_speed: {at.shape} times and {x.shape} positions; give one of each for each magnet")
    there = np.isfinite(at)
    if there.sum() < 3 or len(np.unique(x[there])) < there.sum():
        raise ValueError(
            f"front_speed: {int(there.sum())} magnets settled, and a line with an error needs three or more at "
            "different places; give a longer wire, or a run in which they settle"
        )
    begin, x = float(at[there][0]), x[there]
    at = at[there] - begin
    centred = x - x.mean()
    slope = float(centred @ at / (centred @ centred))
    scatter = at - at.mean() - slope * centred
    residual = float(np.sqrt(scatter @ scatter / (len(x) - 2)))
    slope_error = residual / float(np.sqrt(centred @ centred))
    pitch = float(np.ptp(x)) / (len(x) - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        speed, error = np.divide(1.0, slope), np.divide(slope_error, slope**2)
    return xr.Dataset(
        {
            "speed": ((), speed, {"units": "m/s"}),
            "speed_error": ((), error, {"units": "m/s"}),
            "delay_per_magnet": ((), slope * pitch, {"units": "s"}),
            "delay_error": ((), slope_error * pitch, {"units": "s"}),
            "residual": ((), residual, {"units": "s"}),
            "magnets": ((), len(x)),
        }
    )


def delay(values: xr.Dataset, expected: Mapping[str, int], *, since: float = 0.0) -> float:
    """Time in s, or number of steps, from `since` until the last of the named magnets has its value for good.

    NaN where one is wrong or undecided at the end: an undecided output has no delay, it is an error.

    Parameters
    ----------
    values, expected
        As for `settling_times`; the outputs.
    since : float
        When the clock begins to fall, or the input changes.

    Examples
    --------
    >>> made = xr.Dataset({"value": (("t", "magnet"), [[0], [1]])}, coords={"t": [0.0, 1e-9], "magnet": ["out"]})
    >>> delay(made, {"out": 1})
    1e-09
    """
    return float(settling_times(values, expected).max(skipna=False)) - since


@dataclass(frozen=True)
class Failure:
    """The first magnet that is wrong: its name, its place in the chain from 0, its value and time.

    `value` is what it ends as, times what it should be: -1 wrong, 0 undecided. `time` is in s, or the number of the
    step: when it takes the wrong value that it keeps, or from when on it is undecided.
    """

    magnet: str
    place: int
    value: int
    time: float


def first_failure(values: xr.Dataset, expected: Mapping[str, int]) -> Failure | None:
    """Find which magnet of a chain went wrong first, and when; None if all are right at the end.

    In a wire all magnets behind a wrong one are wrong, and the first in time is the reason; of several in one frame it
    is the first of the chain. Arguments are as for `settling_times`.
    """
    table, frames = _chain(values, expected, "first_failure")
    signs = np.array(list(expected.values()))
    wrong = np.flatnonzero(table[-1] != signs)
    if not wrong.size:
        return None
    kept = np.cumprod(table[::-1, wrong] == table[-1, wrong], axis=0).sum(axis=0)
    since = frames[len(frames) - kept]
    first = int(np.lexsort((wrong, since))[0])
    place = int(wrong[first])
    return Failure(list(expected)[place], place, int(table[-1, place] * signs[place]), float(since[first]))


def _chain(
    values: xr.Dataset, expected: Mapping[str, int], owner: str
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Values (frames, magnets) of the chain, and the frames."""
    names: Sequence[str] = list(expected)
    there = values["magnet"].values.tolist()
    missing = [name for name in names if name not in there]
    if missing or not names:
        raise ValueError(
            f"{owner}: expected names {missing[0]!r}, which is no magnet of the run; there are {', '.join(there)}"
            if missing
            else f"{owner}: expected names no magnet; give those of the chain, with their values"
        )
    if not set(expected.values()) <= {1, -1}:
        raise ValueError(f"{owner}: expected = {dict(expected)} has values other than 1 and -1")
    value = values["value"]
    if value.ndim != 2:
        raise ValueError(f"{owner}: value has the dimensions {value.dims}; choose one run, such as isel(member=0)")
    frames = frame_dimension(values, owner=owner)
    table = value.sel(magnet=list(names)).transpose(frames, "magnet").values.astype(np.int64)
    return table, values[frames].values.astype(np.float64)
