r"""Locking of an oscillator to an injected signal, and of oscillators to each other, from their phases.

With the phase :math:`\phi` of the oscillator and the frequency f of the signal, :math:`\psi = \phi - 2 \pi f t` stays
where it is while the oscillator is locked, and slips by whole turns where it is not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.traces import sampling_interval

__all__ = ["InjectionLocking", "injection_locking", "order_parameter", "phase_slips"]

Floats = npt.NDArray[np.float64]

_LOOKED_AT = 0.5
"""Share of the record, at its end, in which the oscillator has to keep its phase."""
_STILL = 0.5
"""rad by which the phase may end away from where it was: half a turn is the way to a slip."""
_REACHED = 0.1
"""rad within which the phase is at its end."""


class InjectionLocking(NamedTuple):
    """What a phase says of an oscillator under an injected signal.

    Parameters
    ----------
    locked : bool
        Whether there is no slip in the last half of the record, and the phase ends within 0.5 rad of where it was in
        the middle of that half.
    slips : int
        Whole turns of the difference of phases in the last half, in size.
    beat : float
        Mean frequency of the oscillator less the signal's, in Hz, in the last half.
    lag : float
        Phase of the oscillator less the signal's at the end, in rad, between -pi and pi: the mean over the last tenth.
        NaN where it is not locked.
    time_to_lock : float
        Time in s from t = 0 after which the phase stays within 0.1 rad of its end; NaN where it is not locked.
    """

    locked: bool
    slips: int
    beat: float
    lag: float
    time_to_lock: float


def injection_locking(phase: xr.DataArray, frequency: float) -> InjectionLocking:
    """Judge by its phase whether an oscillator is locked to a signal.

    A difference that drifts by less than half a radian in a quarter of the record counts as locked: beats slower than
    about a third of a turn in the record are not told from locking. Give records that are long beside the beat.

    Parameters
    ----------
    phase : xarray.DataArray
        Unwrapped, in rad, over t in s from when the signal began; the variable `phase` of `oscillation`.
    frequency : float
        Of the injected signal, in Hz.

    Returns
    -------
    InjectionLocking
        Locked or not, slips, beat, lag and time to lock.

    Raises
    ------
    TypeError, ValueError
        If `phase` is no trace of one oscillator, or shorter than ten periods of the signal.

    References
    ----------
    R. Adler, Proc. IRE 34, 351 (1946).

    Examples
    --------
    >>> import xarray as xr
    >>> t = np.arange(4000) * 1e-11
    >>> follows = xr.DataArray(2 * np.pi * 5e9 * t + 0.4 * np.exp(-t / 2e-9), coords={"t": t}, dims="t")
    >>> found = injection_locking(follows, 5e9)
    >>> found.locked, round(found.time_to_lock * 1e9, 1)
    (True, 2.8)
    """
    interval = sampling_interval(phase, owner="phase")
    if "member" in phase.dims:
        raise ValueError("phase is that of an ensemble, and this needs one oscillator; choose one with .isel(member=0)")
    t = phase["t"].values.astype(np.float64)
    if not frequency > 0 or (t[-1] - t[0]) * frequency < 10:
        raise ValueError(
            f"frequency = {frequency!r} Hz has {(t[-1] - t[0]) * frequency:.3g} periods in the record, and 10 are "
            "needed; give a longer record"
        )
    psi = phase.values - 2 * np.pi * frequency * t
    first, tenth = int(len(psi) * (1 - _LOOKED_AT)), max(1, len(psi) // 10)
    late = psi[first:]
    turned = float(late[-1] - late[0])
    middle = float(late[len(late) // 2])
    end = float(psi[-tenth:].mean())
    slips = int(np.floor(np.ptp(late) / (2 * np.pi)))
    locked = slips == 0 and abs(float(late[-1]) - middle) < _STILL and abs(turned) < np.pi
    beat = turned / (2 * np.pi * (len(late) - 1) * interval)
    if not locked:
        return InjectionLocking(False, slips, beat, float("nan"), float("nan"))
    away = np.flatnonzero(np.abs(psi - end) > _REACHED)
    # From the last sample that is away to the next one.
    reached = t[min(away[-1] + 1, len(t) - 1)] if away.size else t[0]
    lag = float(np.angle(np.exp(1j * end)))
    return InjectionLocking(True, 0, beat, lag, float(reached))


def phase_slips(phase: xr.DataArray, frequency: float) -> int:
    """Count the slips of an oscillator that heat tears away from a signal and that locks again.

    The lag rests about one value up to whole turns; a slip is counted when it comes to the value of another turn, not
    when it leaves its own, so that going half of the way and back is none.

    Parameters
    ----------
    phase : xarray.DataArray
        As for `injection_locking`, in rad, where the oscillator is locked or nearly so.
    frequency : float
        Of the injected signal, in Hz.

    Returns
    -------
    int
        Slips in either direction.

    Examples
    --------
    >>> import xarray as xr
    >>> t = np.arange(400) * 1e-11
    >>> slips_twice = 2 * np.pi * (5e9 * t + (t > 1e-9) + (t > 2e-9))
    >>> phase_slips(xr.DataArray(slips_twice, coords={"t": t}, dims="t"), 5e9)
    2
    """
    sampling_interval(phase, owner="phase")
    lag = phase.values - 2 * np.pi * frequency * phase["t"].values.astype(np.float64)
    turns = (lag - np.angle(np.exp(1j * lag).mean())) / (2 * np.pi)
    slips, place = 0, round(float(turns[0]))
    for each in turns.tolist():
        moved = int(each - place)
        slips, place = slips + abs(moved), place + moved
    return slips


def order_parameter(phases: xr.DataArray, dim: str = "oscillator") -> xr.DataArray:
    r"""Give Kuramoto's order parameter of a group of oscillators.

    .. math:: r e^{i \Psi} = \frac{1}{N} \sum_j e^{i \phi_j}

    It is 1 where all have one phase, and about :math:`\sqrt{\pi / (4 N)}` of N phases that are drawn at random.

    Parameters
    ----------
    phases : xarray.DataArray
        In rad, over `dim` and whatever else.
    dim : str
        The oscillators.

    Returns
    -------
    xarray.DataArray
        r, between 0 and 1, over the other dimensions.

    Raises
    ------
    ValueError
        If `phases` has no such dimension.

    References
    ----------
    Y. Kuramoto, Chemical Oscillations, Waves, and Turbulence (Springer, 1984).

    Examples
    --------
    >>> import xarray as xr
    >>> round(float(order_parameter(xr.DataArray([0.0, np.pi / 2], dims="oscillator"))), 4)
    0.7071
    """
    if dim not in phases.dims:
        raise ValueError(f"phases has the dimensions {phases.dims}, and no {dim!r}; name the one of the oscillators")
    axis = phases.get_axis_num(dim)
    r = np.abs(np.exp(1j * phases.values).mean(axis=axis))
    rest = [each for each in phases.dims if each != dim]
    coords = {name: each for name, each in phases.coords.items() if dim not in each.dims}
    return xr.DataArray(r, coords=coords, dims=rest, attrs={"units": "1"}, name="order_parameter")
