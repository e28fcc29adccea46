r"""How well a junction repeats a periodic drive: the line in its spectrum over the noise around it."""

from __future__ import annotations

import math

import numpy as np
import xarray as xr

from analysis.traces import check_frequency, sampling_interval

__all__ = ["signal_to_noise"]


def signal_to_noise(trace: xr.DataArray, frequency: float, *, neighbours: int = 8) -> xr.Dataset:
    r"""Measure the line at a drive's frequency, and the density of the noise beside it.

    The record is cut to whole periods of the drive, so that the line is in one bin of its Fourier transform. The noise
    density S is the mean of as many bins on both sides, and what noise adds to the line's bin is taken off:

    .. math:: \frac{A^2}{2} = P(f) - \frac{S}{T}, \qquad \mathrm{SNR} = \frac{A^2}{2 S} \text{ in Hz}

    Parameters
    ----------
    trace : xarray.DataArray
        Over t in s, evenly sampled; of an ensemble each member has its line. An average over each sampling interval
        shows it without aliases; samples of the moment add what is beyond half the sampling rate.
    frequency : float
        f of the drive, in Hz.
    neighbours : int
        Bins on each side.

    Returns
    -------
    xarray.Dataset
        `signal` (the power A^2 / 2; below 0 where the noise's bin was small by chance), `noise` (S, per Hz),
        `signal_to_noise` (Hz), `cosine` and `sine` (amplitudes of the line along cos and sin of the drive's phase,
        which is 0 at t = 0); over member if the trace has members. For an ensemble the ratio of the means of `signal`
        and `noise` is the better estimate.

    Raises
    ------
    TypeError, ValueError
        If `trace` is no trace, the drive is faster than the sampling, or too few periods are in it.

    Examples
    --------
    >>> import xarray as xr
    >>> t = np.arange(4000) * 1e-8
    >>> made = np.sin(2 * np.pi * 1e6 * t) + np.random.default_rng(1).normal(size=t.size)
    >>> found = signal_to_noise(xr.DataArray(made, coords={"t": t}, dims="t"), 1e6)
    >>> bool(abs(found.signal - 0.5) < 0.1), round(float(found.sine), 1)
    (True, 1.0)
    """
    interval = sampling_interval(trace)
    check_frequency(frequency, interval)
    periods = math.floor(trace.sizes["t"] * interval * frequency + 1e-6)
    if neighbours < 1 or periods <= neighbours:
        raise ValueError(
            f"neighbours = {neighbours} with {periods} whole periods in the trace: bins of noise are counted on both "
            "sides of the drive's, and the lowest is that of one period in the record; give 1 or more neighbours, and "
            "a longer trace"
        )
    count = round(periods / (frequency * interval))
    times = trace["t"].values[:count].astype(np.float64)
    values = trace.transpose(..., "t").values[..., :count]
    places = periods + np.arange(-neighbours, neighbours + 1)
    # The frequency itself, also where a period is no whole number of samples.
    waves = np.exp(-2j * np.pi * frequency / periods * np.outer(times, places))
    found = 2 / count * ((values - values.mean(axis=-1, keepdims=True)) @ waves)
    power, line = np.abs(found) ** 2 / 2, found[..., neighbours]
    duration = periods / frequency
    noise = np.delete(power, neighbours, axis=-1).mean(axis=-1) * duration
    signal = power[..., neighbours] - noise / duration
    unit = trace.attrs.get("units", "1")
    square = "1" if unit == "1" else f"({unit})^2"
    dims = ("member",) if "member" in trace.dims else ()
    data = {
        "signal": (dims, signal, {"units": square}),
        "noise": (dims, noise, {"units": f"{square}/Hz"}),
        "signal_to_noise": (dims, signal / noise, {"units": "Hz"}),
        "cosine": (dims, line.real, {"units": unit}),
        "sine": (dims, -line.imag, {"units": unit}),
    }
    coords = {"member": trace["member"]} if dims else {}
    return xr.Dataset(data, coords=coords, attrs={"frequency": frequency, "periods": periods})
