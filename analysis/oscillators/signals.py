r"""Amplitude, phase and frequency of an oscillation in time, from its analytic signal.

A real trace x has the analytic signal :math:`x + i \mathcal{H} x` with the Hilbert transform; the precession of a
moment about an axis is complex by itself (`precession`). Of either, the mean under a Hann window of four periods is
taken away, and the logarithm of its square and its phase are averaged under one of two, which removes the harmonics of
an orbit that is no circle. A Hilbert transform knows nothing beyond the ends of the record, and neither does a window:
three periods are cut off at each end.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy
import xarray as xr

from analysis.schema import check_run
from analysis.traces import sampling_interval

__all__ = ["FEWEST_PERIODS", "axes_across", "oscillation", "precession", "strongest_frequency"]

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

FEWEST_PERIODS = 10
"""Periods below which a frequency is that of the record's length."""
_FEWEST_SAMPLES = 4
"""Samples of a period."""
_HEARD = 0.01
"""Share of the largest amplitude below which an oscillation has died away."""
_CUT = 3
"""Periods that are cut off at each end."""


def precession(run: xr.Dataset, axis: npt.ArrayLike | None = None) -> xr.DataArray:
    r"""Give the complex amplitude c of the mean moment's precession about an axis.

    With e the axis, and u and v across it so that u, v, e are right-handed,

    .. math:: c = \frac{m_u + i m_v}{\sqrt{2 (1 + m_e)}}, \qquad |c|^2 = \frac{1 - m_e}{2},

    for the direction m of the mean magnetisation: :math:`|c|^2 = p` is 0 along the axis and 1 against it, and the phase
    grows with a field along the axis. These are the canonical variables of a moment (Holstein and Primakoff), in which
    Slavin and Tiberkevich write the equation of a spin-torque oscillator.

    Parameters
    ----------
    run : xarray.Dataset
        A run in time, with the means mx, my, mz (an ensemble's members each have their own).
    axis : three floats, optional
        The direction e; the first frame's mean moment if left out, which is the state at rest where the run began with
        a relaxation.

    Returns
    -------
    xarray.DataArray
        Complex, over t (and member); attributes `axis` (three floats) and `least_length`, the smallest length of the
        mean moment, which is 1 where all cells are parallel.

    Raises
    ------
    ValueError
        If the axis has no length.

    References
    ----------
    A. Slavin and V. Tiberkevich, IEEE Trans. Magn. 45, 1875 (2009).

    Examples
    --------
    >>> import xarray as xr
    >>> t = np.arange(100) * 1e-11
    >>> turn = 2 * np.pi * 5e9 * t
    >>> parts = {"mx": 0.6 * np.cos(turn), "my": 0.6 * np.sin(turn), "mz": np.full(100, 0.8)}
    >>> c = precession(xr.Dataset({k: ("t", v) for k, v in parts.items()}, {"t": t}), axis=(0, 0, 1))
    >>> round(float(abs(c[3]) ** 2), 6)
    0.1
    """
    if "spec" in run.attrs and "member" not in run.dims:
        check_run(run, in_time=True)
    means = [run[name] for name in ("mx", "my", "mz")]
    m = np.stack([each.values.astype(np.float64) for each in means], axis=-1)
    time_axis = means[0].get_axis_num("t")
    e = m.take(0, axis=time_axis).reshape(-1, 3).mean(axis=0) if axis is None else np.asarray(axis, dtype=np.float64)
    if e.shape != (3,) or not np.linalg.norm(e) > 0:
        raise ValueError(f"precession: axis = {axis!r} has no direction; give three numbers, such as (0, 0, 1)")
    e = e / np.linalg.norm(e)
    u, v = axes_across(e)
    length = np.linalg.norm(m, axis=-1)
    if not (length > 0).all():
        raise ValueError(
            "precession: the mean moment is 0 in a frame, so that it has no direction; average over a region"
        )
    along = np.clip((m @ e) / length, -1.0, 1.0)
    c = np.sqrt((1 - along) / 2) * np.exp(1j * np.arctan2(m @ v, m @ u))
    attributes = {"units": "1", "axis": tuple(e.tolist()), "least_length": float(length.min())}
    return xr.DataArray(c, coords=means[0].coords, dims=means[0].dims, attrs=attributes, name="amplitude")


def axes_across(axis: Floats) -> tuple[Floats, Floats]:
    """Give the unit vectors u and v of `precession` across a unit vector: x and y about z, else v in the plane."""
    u = np.array([1.0, 0.0, 0.0]) if abs(axis[2]) > 1 - 1e-12 else np.cross(np.cross([0.0, 0.0, 1.0], axis), axis)
    u = u / np.linalg.norm(u)
    return u, np.cross(axis, u)


def strongest_frequency(trace: xr.DataArray) -> float:
    """Give the frequency in Hz of the largest peak of a trace's spectrum, with its sign where the trace is complex.

    The half of the trace in which it changes more is looked at, the last of equals, without its mean and under a Hann
    window; the peak is refined by a parabola through the logarithms of three values.

    Raises
    ------
    ValueError
        If the trace does not change.

    Examples
    --------
    >>> import xarray as xr
    >>> t = np.arange(500) * 1e-11
    >>> back = xr.DataArray(np.exp(-2j * np.pi * 5e9 * t), coords={"t": t}, dims="t")
    >>> round(strongest_frequency(back) * 1e-9, 3)
    -5.0
    """
    interval, values = sampling_interval(trace), trace.transpose(..., "t").values
    count = values.shape[-1] // 2
    halves = [each - each.mean(axis=-1, keepdims=True) for each in (values[..., :count], values[..., -count:])]
    values = max(reversed(halves), key=lambda half: float(np.mean(np.abs(half) ** 2)))
    # Of what dies away, only the time in which it is there: beside that, its mean alone would be seen.
    sizes = np.abs(values).reshape(-1, count).max(axis=0)
    count = int(np.flatnonzero(sizes > _HEARD * sizes.max(initial=0.0))[-1]) + 1 if sizes.any() else count
    values = values[..., :count] - values[..., :count].mean(axis=-1, keepdims=True)
    length = 4 * count
    transform = np.fft.fft(values * np.hanning(count), length, axis=-1)
    power = np.abs(transform.reshape(-1, length) ** 2).mean(axis=0)
    if not np.iscomplexobj(values):
        power[length // 2 :] = 0.0
    if not power.max() > 0:
        raise ValueError("trace does not change, so that it has no frequency")
    peak = int(power.argmax())
    left, middle, right = np.log(power[[peak - 1, peak, (peak + 1) % length]] + 1e-300)
    bend = left - 2 * middle + right
    offset = 0.5 * (left - right) / bend if bend < 0 else 0.0
    frequency = (peak + offset) / (length * interval)
    return float(frequency if peak < length // 2 else frequency - 1 / interval)


def oscillation(trace: xr.DataArray, *, frequency: float | None = None) -> xr.Dataset:
    """Follow the amplitude, the phase and the frequency of an oscillation in time.

    Parameters
    ----------
    trace : xarray.DataArray
        Real or complex (`precession`), over t in s, evenly sampled (and member).
    frequency : float, optional
        About how fast it oscillates, in Hz; the largest peak of its spectrum if left out.

    Returns
    -------
    xarray.Dataset
        Over t, without the edges: `amplitude` in the trace's unit (of a real trace its height), `phase` in rad,
        unwrapped and growing, and `frequency` in Hz. Attributes: `mean_frequency` (Hz), `edge` (s that are cut off at
        each end), `periods` (left), `sense` (-1 where a complex trace turns backwards).

    Raises
    ------
    TypeError, ValueError
        If `trace` is no trace, has fewer than four samples in a period, or is shorter than ten periods with its edges.

    References
    ----------
    D. Gabor, J. IEE 93 (III), 429 (1946).

    Examples
    --------
    >>> import xarray as xr
    >>> t = np.arange(2000) * 1e-11
    >>> swing = xr.DataArray(0.3 * np.cos(2 * np.pi * 2.5e9 * t), coords={"t": t}, dims="t")
    >>> found = oscillation(swing)
    >>> round(float(found.amplitude.mean()), 3), round(float(found.frequency[500]) * 1e-9, 3)
    (0.3, 2.5)
    """
    interval = sampling_interval(trace)
    found = strongest_frequency(trace) if frequency is None else float(frequency)
    sense, rate = (-1 if found < 0 else 1), abs(found)
    if rate * interval * _FEWEST_SAMPLES > 1:
        raise ValueError(
            f"trace oscillates at {rate:.4g} Hz and is sampled every {interval:.3g} s, {1 / (rate * interval):.3g} "
            f"samples a period, and {_FEWEST_SAMPLES} are needed; sample it every {0.1 / rate:.2g} s"
        )
    count, period = trace.sizes["t"], 1 / (rate * interval)
    if count / period < FEWEST_PERIODS:
        raise ValueError(
            f"trace lasts {count / period:.3g} periods of {1 / rate:.3g} s, and {FEWEST_PERIODS} are needed: a phase "
            f"from too few periods is noise; make it {FEWEST_PERIODS / rate:.3g} s long, or longer"
        )
    values = trace.transpose(..., "t").values
    signal: Complexes = (
        values if np.iscomplexobj(values) else scipy.signal.hilbert(values - values.mean(axis=-1)[..., None])
    )
    signal = np.conj(signal) if sense < 0 else signal
    signal = signal - _averaged(signal, _hann(4 * period))
    window = _hann(2 * period)
    logarithm = _averaged(np.log(np.maximum(np.abs(signal) ** 2, 1e-300)), window)
    phase = _averaged(np.unwrap(np.angle(signal), axis=-1), window)
    cut = int(np.ceil(_CUT * period))
    kept = slice(cut, count - cut)
    inner = {"t": trace["t"][kept]} | ({"member": trace["member"]} if "member" in trace.coords else {})
    dims = (*(each for each in trace.dims if each != "t"), "t")
    steady = np.gradient(phase, interval, axis=-1) / (2 * np.pi)
    quantities = {
        "amplitude": (np.exp(logarithm / 2), trace.attrs.get("units", "1")),
        "phase": (phase, "rad"),
        "frequency": (steady, "Hz"),
    }
    return xr.Dataset(
        {name: (dims, each[..., kept], {"units": unit}) for name, (each, unit) in quantities.items()},
        coords=inner,
        attrs={
            "mean_frequency": rate,
            "edge": cut * interval,
            "periods": (count - 2 * cut) / period,
            "sense": sense,
        },
    )


def _hann(length: float) -> Floats:
    """Hann's window of a length in samples that need not be whole: it removes what has two periods in it, or more."""
    half = int(np.ceil(length / 2)) - 1
    return np.asarray(1 + np.cos(2 * np.pi * np.arange(-half, half + 1) / length))


def _averaged(values: npt.NDArray[Any], weights: Floats) -> npt.NDArray[Any]:
    """Weighed running mean along the last axis; at the ends of what is there."""
    shape = values.shape
    flat = values.reshape(-1, shape[-1])
    share = np.convolve(np.ones(shape[-1]), weights, mode="same")
    return np.stack([np.convolve(row, weights, mode="same") for row in flat]).reshape(shape) / share
