"""Oscillations with known lines."""

from __future__ import annotations

import numpy as np
import scipy
import xarray as xr

__all__ = ["noisy_oscillation"]


def noisy_oscillation(
    frequency: float,
    linewidth: float,
    duration: float,
    sampling_interval: float,
    *,
    seed: int,
    wander: float = 0.0,
    noise: float = 0.0,
) -> xr.DataArray:
    r"""Make a sine of height 1 whose phase walks at random: its line is Lorentz's.

    The phase's variance grows as :math:`2 \pi \Delta f\, t` with the full width :math:`\Delta f` at half of the height.

    Parameters
    ----------
    frequency, linewidth : float
        In Hz.
    duration, sampling_interval : float
        In s.
    seed : int
        Seed of the random numbers.
    wander : float
        Standard deviation in Hz of a frequency that changes slowly, some hundred times in the duration: where it is
        much larger than `linewidth`, the line is Gauss's, sqrt(8 ln 2) times as wide.
    noise : float
        Standard deviation of white noise that is added to each sample.

    Returns
    -------
    xarray.DataArray
        Over t in s.

    Raises
    ------
    ValueError
        If a frequency, width or time is below 0, or there are fewer than a hundred samples.
    """
    count = round(duration / sampling_interval)
    if not min(frequency, linewidth, wander, noise) >= 0 or count < 100:
        raise ValueError(
            f"noisy_oscillation: frequency = {frequency!r}, linewidth = {linewidth!r}, wander = {wander!r} and noise = "
            f"{noise!r} must be 0 or above, and {count} samples 100 or more"
        )
    random = np.random.default_rng(seed)
    t = np.arange(count) * sampling_interval
    walk = np.cumsum(random.normal(size=count)) * np.sqrt(2 * np.pi * linewidth * sampling_interval)
    slow = scipy.ndimage.gaussian_filter1d(random.normal(size=count), count / 200, mode="wrap")
    drawn = wander * slow / slow.std()
    phase = 2 * np.pi * (frequency * t + np.cumsum(drawn) * sampling_interval) + walk
    values = np.sin(phase) + noise * random.normal(size=count)
    return xr.DataArray(values, coords={"t": ("t", t, {"units": "s"})}, dims="t", attrs={"units": "1"})
