"""How well a junction that flips by chance follows a periodic drive."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.traces import check_frequency, digitise, sampling_interval

__all__ = ["phase_locking"]

FloatArray = npt.NDArray[np.float64]


def phase_locking(
    trace: xr.DataArray, frequency: float, *, phase: float = 0.0, low: float = -0.5, high: float = 0.5
) -> xr.Dataset:
    r"""Compare the flips of a junction with a drive sin(2 pi f t + phase).

    The junction's phase grows by pi from flip to flip, in a straight line between them, from a multiple of 2 pi at
    a flip to the upper state. A drive that the junction follows with a constant lag has a constant difference of
    phases psi, and one that it does not follow has any:

    - the **phase-locking value** is :math:`|\langle e^{i \psi} \rangle|` over the time between the first and the last
      flip, 1 where psi is constant;
    - the **fraction of time locked** is the share of the drive's half periods in which the junction flips once and once
      only, in the direction that is its turn; half periods are counted from the middle between two mean places of
      flips.

    Flips that have nothing to do with a drive and come at the mean number mu in a half period are by chance one and
    in the right direction in a fraction of at most about mu e^{-mu} / 2 of them.

    Parameters
    ----------
    trace : xarray.DataArray
        Over t in s, of one junction.
    frequency : float
        f of the drive, in Hz.
    phase : float
        Phase of the drive at t = 0, in rad.
    low, high : float
        Thresholds as for `dwell_times`.

    Returns
    -------
    xarray.Dataset
        Without dimensions: `phase_locking_value`, `fraction_locked`, `lag` (rad: of the flips up behind the drive's
        rise through 0, from -pi to pi), `mean_frequency` (Hz: half the flips in the time between the first and the
        last), `flips`.
        With fewer than 3 flips all but `flips` and `fraction_locked`, which is 0, are NaN.

    Raises
    ------
    TypeError, ValueError
        If `trace` is no trace of one junction, the drive is faster than the sampling, or it has no whole
        period in the trace.

    References
    ----------
    J.-P. Lachaux et al., Hum. Brain Mapp. 8, 194 (1999); A. Mizrahi et al., arXiv:1606.09211 (junctions that lock to
    a drive by noise).

    Examples
    --------
    >>> import xarray as xr
    >>> t = np.arange(2000) * 1e-9
    >>> follows = xr.DataArray(np.sign(np.sin(2 * np.pi * 5e6 * t - 0.5)), coords={"t": t}, dims="t")
    >>> found = phase_locking(follows, 5e6)
    >>> round(float(found.phase_locking_value), 3), float(found.fraction_locked), round(float(found.lag), 1)
    (1.0, 1.0, 0.5)
    """
    interval = sampling_interval(trace)
    if "member" in trace.dims:
        raise ValueError("trace is that of an ensemble, and this needs one junction; choose one with .isel(member=0)")
    check_frequency(frequency, interval)
    times = trace["t"].values.astype(np.float64)
    if (times[-1] - times[0]) * frequency < 1:
        raise ValueError(f"trace lasts {times[-1] - times[0]:.4g} s, less than a period of {1 / frequency:.4g} s")
    states = digitise(trace.values, low, high)
    places = 1 + np.flatnonzero((states[1:] != states[:-1]) & (states[:-1] >= 0))
    flips, ups = times[places] - interval / 2, states[places] == 1
    values = dict.fromkeys(("phase_locking_value", "lag", "mean_frequency"), math.nan) | {"fraction_locked": 0.0}
    if flips.size > 2:
        # A flip down is half a turn behind one up.
        own = np.pi * (np.arange(flips.size) + (0 if ups[0] else 1))
        inside = times[(times >= flips[0]) & (times <= flips[-1])]
        difference = np.interp(inside, flips, own) - (2 * np.pi * frequency * inside + phase)
        at_flips = (2 * np.pi * frequency * flips + phase) - np.where(ups, 0, np.pi)
        lag = float(np.angle(np.mean(np.exp(1j * at_flips))))
        values["phase_locking_value"] = float(np.abs(np.mean(np.exp(1j * difference))))
        values["lag"] = lag
        values["mean_frequency"] = float((flips.size - 1) / (2 * (flips[-1] - flips[0])))
        values["fraction_locked"] = _fraction_locked(times, flips, ups, frequency, phase - lag)
    units = {"phase_locking_value": "1", "lag": "rad", "mean_frequency": "Hz", "fraction_locked": "1"}
    return xr.Dataset(
        {name: ((), value, {"units": units[name]}) for name, value in values.items()} | {"flips": ((), flips.size)},
        attrs={"frequency": frequency, "phase": phase},
    )


def _fraction_locked(
    times: FloatArray, flips: FloatArray, ups: npt.NDArray[np.bool_], frequency: float, phase: float
) -> float:
    """Fraction of whole half periods, with flips up expected where the phase is 0, that have their flip alone."""

    def half_period(time: FloatArray) -> npt.NDArray[np.int64]:
        return np.floor((2 * np.pi * frequency * time + phase) / np.pi + 0.5).astype(np.int64)

    first, last = half_period(times[[0, -1]])
    # The first and the last are cut off by the trace.
    whole = np.arange(first + 1, last)
    if not whole.size:
        return 0.0
    counted = half_period(flips) - whole[0]
    kept = (counted >= 0) & (counted < whole.size)
    number = np.bincount(counted[kept], minlength=whole.size)
    right = np.bincount(counted[kept & (ups == ((counted + whole[0]) % 2 == 0))], minlength=whole.size)
    return float(np.mean((number == 1) & (right == 1)))
