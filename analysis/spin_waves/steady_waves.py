r"""Steady waves of one frequency: amplitude and phase along x and at ports, attenuation and reflection.

At a steady drive each place moves as :math:`\mathrm{Re}\, a(x) e^{-i \omega t}`. Between an antenna and an end

.. math:: a(x) = F e^{i \kappa x} + B e^{-i \kappa x}, \qquad \kappa = k + i / L, \quad L > 0,

with one wave that falls along +x, to which it carries energy, and one that falls along -x. k has the sign of the first
one's phase velocity: it is below 0 for backward waves.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy
import xarray as xr

from analysis.traces import check_frequency, sampling_interval

__all__ = ["PlaneWaves", "PortSignal", "plane_waves", "port_signal", "wave_at"]

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

_FEWEST = 8
_PADDED = 8


class PortSignal(NamedTuple):
    """Amplitude and phase in rad of the mean over a port, cos(omega t - phase)."""

    amplitude: float
    phase: float


class PlaneWaves(NamedTuple):
    """The two plane waves of a stretch of a waveguide.

    `wavenumber` k in rad/m and `attenuation_length` L in m as above, `forward` and `backward` the complex amplitudes F
    and B in the middle of the stretch; `reflection` is the weaker over the stronger amplitude at the end to which the
    stronger one goes, and `misfit` what neither explains, over the whole in root mean square.
    """

    wavenumber: float
    attenuation_length: float
    forward: complex
    backward: complex
    reflection: float
    misfit: float


def wave_at(traces: xr.DataArray, frequency: float, *, begin: float = 0.0) -> xr.DataArray:
    """Give the complex amplitude of a steady wave along x, by least squares with a sine and a constant.

    Parameters
    ----------
    traces : xarray.DataArray
        What `wave_traces` gives, over t and x or y.
    frequency, begin : float
        Frequency of the drive in Hz, and the time in s from which on the wave is steady.

    Returns
    -------
    xarray.DataArray
        Complex, over x or y.

    Raises
    ------
    ValueError
        If there are fewer than eight frames in a period, or less than a period from `begin` on.

    Examples
    --------
    >>> t, x = np.arange(200) * 1e-11, np.arange(50) * 1e-8
    >>> steady = xr.DataArray(0.3 * np.cos(2e7 * x - 2 * np.pi * 5e9 * t[:, None]), {"t": t, "x": x}, ("t", "x"))
    >>> round(float(abs(wave_at(steady, 5e9)[10])), 3)
    0.3
    """
    late = traces.transpose("t", ...).sel(t=slice(begin * (1 - 1e-9), None))
    if late.sizes["t"] < 2 or float(late["t"][-1] - late["t"][0]) * frequency < 1:
        raise ValueError(
            f"wave_at: there is less than a period of frequency = {frequency:.4g} Hz from begin = {begin:.4g} s on; "
            "begin earlier, or run it longer"
        )
    place = str(late.dims[1])
    check_frequency(frequency, sampling_interval(late.isel({place: 0}, drop=True)))
    angle = 2 * np.pi * frequency * late["t"].values.astype(np.float64)
    basis = np.stack([np.cos(angle), np.sin(angle), np.ones_like(angle)], axis=1)
    cosine, sine, _ = np.linalg.lstsq(basis, late.values, rcond=None)[0]
    return xr.DataArray(
        cosine + 1j * sine, {place: late[place]}, (place,), attrs={"units": "1", "frequency": frequency}, name="wave"
    )


def port_signal(wave: xr.DataArray, interval: tuple[float, float]) -> PortSignal:
    """Give amplitude and phase of a steady wave (`wave_at`) at a port, an interval of x (or y) in m: those of its mean.

    A ValueError if no cell lies in the port.

    Examples
    --------
    >>> x = np.arange(50) * 1e-8
    >>> round(port_signal(xr.DataArray(np.exp(2e7j * x), {"x": x}, ("x",)), (0.9e-7, 1.1e-7)).phase, 3)
    2.0
    """
    inside = wave.sel({wave.dims[0]: slice(*interval)})
    if not inside.size:
        raise ValueError(
            f"port_signal: no cell between {wave.dims[0]} = {interval[0]:.4g} and {interval[1]:.4g} m; widen the port"
        )
    mean = complex(inside.mean())
    return PortSignal(abs(mean), float(np.angle(mean)))


def plane_waves(wave: xr.DataArray) -> PlaneWaves:
    """Fit the two plane waves of a stretch to a steady wave.

    Parameters
    ----------
    wave : xarray.DataArray
        What `wave_at` gives, cut to a stretch of even damping without an antenna: ``wave.sel(x=slice(2e-6, 3e-6))``.

    Raises
    ------
    ValueError
        If there are fewer than eight places, they are not evenly spaced, or there is less than a wavelength.

    Examples
    --------
    >>> x = np.arange(200) * 5e-9
    >>> there, back = np.exp((3e7j - 1 / 2e-6) * x), 0.05 * np.exp((-3e7j + 1 / 2e-6) * (x - x[-1]) - 0.5)
    >>> found = plane_waves(xr.DataArray(there + back, {"x": x}, ("x",)))
    >>> round(found.wavenumber * 1e-7, 3), round(found.attenuation_length * 1e6, 3), round(found.reflection, 3)
    (3.0, 2.0, 0.05)
    """
    x, values = wave[wave.dims[0]].values.astype(np.float64), wave.values
    if x.size < _FEWEST or not np.abs(values).max() > 0:
        raise ValueError(f"plane_waves: {x.size} places, and {_FEWEST} with a wave are needed; give a longer stretch")
    steps = np.diff(x)
    if np.ptp(steps) > 1e-3 * steps.min():
        raise ValueError(
            f"plane_waves: {wave.dims[0]} is not evenly spaced, as where a slot cuts the guide; give a stretch of it"
        )
    half, inside = np.ptp(x) / 2, x - (x[0] + x[-1]) / 2
    power = np.abs(np.fft.fft(values * np.hanning(x.size), _PADDED * x.size))
    strongest = 2 * np.pi * float(np.fft.fftfreq(power.size, x[1] - x[0])[power.argmax()])
    if abs(strongest) * half < np.pi:
        raise ValueError(
            f"plane_waves: the strongest wave has k = {strongest:.3g} rad/m, of which {2 * half:.3g} m of x hold less "
            "than a wavelength; give a longer stretch, or one nearer to the antenna if nothing arrives"
        )
    fall = -float(np.polyfit(inside, np.log(np.abs(values) + 1e-300), 1)[0])
    # In units of the stretch, so that k and 1 / L are numbers of like size.
    guess = np.array([strongest * (1 if fall > 0 else -1), abs(fall)]) * half

    def both(parameters: Floats) -> tuple[Complexes, Complexes]:
        kappa = complex(*parameters) * inside / half
        basis = np.stack([np.exp(1j * kappa), np.exp(-1j * kappa)], axis=1)
        amplitudes = np.linalg.lstsq(basis, values, rcond=None)[0]
        return amplitudes, values - basis @ amplitudes

    def residual(parameters: Floats) -> Floats:
        left = both(parameters)[1] / np.abs(values).max()
        return np.concatenate([left.real, left.imag])

    fit = scipy.optimize.least_squares(residual, guess, bounds=([-np.inf, 0.0], np.inf), x_scale=[1.0, 0.1], xtol=1e-12)
    (forward, backward), left = both(fit.x)
    k, fall = fit.x / half
    there, back = abs(forward) * np.exp(-fall * half), abs(backward) * np.exp(fall * half)
    if abs(forward) < abs(backward):
        there, back = abs(backward) * np.exp(-fall * half), abs(forward) * np.exp(fall * half)
    misfit = float(np.sqrt(np.mean(np.abs(left) ** 2) / np.mean(np.abs(values) ** 2)))
    length = float(1 / fall) if fall > 0 else np.inf
    return PlaneWaves(float(k), length, complex(forward), complex(backward), float(back / there), misfit)
