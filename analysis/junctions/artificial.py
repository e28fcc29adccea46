"""Telegraph noise with known rates."""

from __future__ import annotations

import numpy as np
import xarray as xr

__all__ = ["telegraph_noise"]


def telegraph_noise(
    up_rate: float,
    down_rate: float,
    duration: float,
    sampling_interval: float,
    *,
    seed: int,
    levels: tuple[float, float] = (-1.0, 1.0),
    noise: float = 0.0,
) -> xr.DataArray:
    """Make a trace that flips between two levels by chance, each flip at its own moment between the samples.

    Parameters
    ----------
    up_rate, down_rate : float
        Flips in a second out of the lower and out of the upper level.
    duration, sampling_interval : float
        In s.
    seed : int
        Seed of the random numbers.
    levels : tuple of two floats
        The lower and the upper one.
    noise : float
        Standard deviation of white noise that is added to each sample.

    Returns
    -------
    xarray.DataArray
        Over t in s. It begins in either state as often as the state is occupied in the long run.

    Raises
    ------
    ValueError
        If a rate or time is not above 0.
    """
    given = {"up_rate": up_rate, "down_rate": down_rate, "duration": duration, "sampling_interval": sampling_interval}
    for name, value in given.items():
        if not value > 0:
            raise ValueError(f"{name} = {value!r} must be above 0")
    random = np.random.default_rng(seed)
    first = int(random.random() < up_rate / (up_rate + down_rate))
    rates = np.array([up_rate, down_rate])
    flips, time, state = [], 0.0, first
    while time < duration:
        # In pieces, each of an even number of dwells.
        order = np.tile([state, 1 - state], 64)
        dwells = random.exponential(1 / rates[order])
        flips.append(time + np.cumsum(dwells))
        time = float(flips[-1][-1])
    times = np.arange(round(duration / sampling_interval) + 1) * sampling_interval
    states = (first + np.searchsorted(np.concatenate(flips), times, side="right")) % 2
    values = np.asarray(levels, dtype=np.float64)[states] + noise * random.normal(size=times.size)
    return xr.DataArray(values, coords={"t": ("t", times, {"units": "s"})}, dims="t", attrs={"units": "1"})
