r"""A wave of one frequency in a waveguide as amplitude and phase: antennas send it, ports read it.

An antenna at the distance d from a port, driven by the current :math:`\mathrm{Re}\, I e^{-i \omega t}`, moves the
mean magnetisation of the port, w wide, as :math:`\mathrm{Re}\, a e^{-i \omega t}` with

.. math:: a = g\, I \, e^{i \kappa d} \, \frac{\sin \kappa w / 2}{\kappa w / 2}, \qquad \kappa = k + i / L,

k the wavenumber, L the attenuation length and g the gain of an antenna, all measured in one steady run
(`fit_guided_wave`). Waves of several antennas add up, as long as they are small. That is all that happens between
antennas that are alike and ports on the same side of them, where nothing is reflected.

Heat adds a noise whose density S in 1/Hz is even about the frequency. Amplitude and phase over a time T are known to
:math:`\sigma = \sqrt{S / T}` in each quadrature, and the sign of a real part Q is wrong with the probability

.. math:: P = \tfrac{1}{2} \mathrm{erfc} \left( \frac{Q}{\sqrt{2}\, \sigma} \right).
"""

from __future__ import annotations

from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import special

from analysis.spin_waves.steady_waves import PlaneWaves, plane_waves
from solitons.fits.provenance import WaveProvenance
from solitons.numerics.parameters import real

__all__ = ["GuidedWave", "drive_amplitude", "fit_guided_wave"]

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

_UNSEEN = 0.05
"""Change of an amplitude over the stretch within which a wave counts as one without losses."""


class GuidedWave(eqx.Module):
    """A wave of one frequency between antennas that are alike and ports on one side of them.

    Parameters
    ----------
    frequency : float
        In Hz.
    wavenumber : float
        k in rad/m, below 0 where the phase goes towards the antenna.
    attenuation : float
        1 / L in 1/m; 0 without losses.
    gain : (float, float)
        Real and imaginary part of g, in 1/A.
    port : float
        Width w of a port along x in m.
    noise_density : float
        S in 1/Hz, of the mean of m over a port and of one side of the spectrum; 0 without heat.
    provenance : WaveProvenance or None
        Where it comes from, if it is fitted.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Examples
    --------
    >>> wave = GuidedWave(frequency=5e9, wavenumber=2e7, attenuation=5e5, gain=(1.0, 0.0), noise_density=1e-14)
    >>> votes = wave.currents([1e-6, 2e-6, 3e-6], amplitude=0.02) * np.array([1, 1, -1])
    >>> out = wave.superposed(votes, [1e-6, 2e-6, 3e-6])
    >>> print(f"{out.real:.3f} {wave.error_probability(out.real, 1e-9):.1e}")
    0.020 1.3e-10
    """

    frequency: Any = eqx.field(converter=real)
    wavenumber: Any = eqx.field(converter=real)
    attenuation: Any = eqx.field(converter=real)
    gain: Any = eqx.field(converter=real)
    port: Any = eqx.field(converter=real, default=0.0)
    noise_density: Any = eqx.field(converter=real, default=0.0)
    provenance: WaveProvenance | None = eqx.field(static=True, default=None)

    def __check_init__(self) -> None:
        if self.frequency.shape != () or not self.frequency > 0:
            raise ValueError(f"GuidedWave.frequency = {self.frequency} must be one number above 0")
        if self.wavenumber.shape != () or not np.isfinite(self.wavenumber):
            raise ValueError(f"GuidedWave.wavenumber = {self.wavenumber} must be one finite number")
        if self.gain.shape != (2,) or not np.isfinite(self.gain).all() or not self.gain.any():
            raise ValueError(f"GuidedWave.gain = {self.gain} must be two finite numbers, not both 0")
        for name in ("attenuation", "port", "noise_density"):
            if getattr(self, name).shape != () or not getattr(self, name) >= 0:
                raise ValueError(f"GuidedWave.{name} = {getattr(self, name)} must be one number, 0 or above")

    @property
    def attenuation_length(self) -> float:
        """L in m; infinite without losses."""
        return float(1 / self.attenuation) if self.attenuation > 0 else float("inf")

    def transmission(self, distances: npt.ArrayLike) -> Complexes:
        """Give the complex amplitude of m at a port for 1 A in antennas at distances in m (any shape)."""
        d = np.asarray(distances, dtype=np.float64)
        if (d < 0).any():
            raise ValueError(f"GuidedWave.transmission: a distance is {d.min():.4g} m; all ports are on one side")
        kappa = complex(float(self.wavenumber), float(self.attenuation))
        # NumPy's sinc has a factor pi.
        shape = complex(*self.gain) * np.sinc(kappa * float(self.port) / (2 * np.pi))
        return np.asarray(shape * np.exp(1j * kappa * d))

    def superposed(self, currents: npt.ArrayLike, distances: npt.ArrayLike) -> Complexes:
        """Give the complex amplitude at ports where waves meet.

        Parameters
        ----------
        currents : array_like (..., antennas)
            Complex amplitudes of the currents in A.
        distances : array_like (..., antennas)
            In m; leading axes go together with those of `currents`, so that thousands of gates are one call.
        """
        return np.asarray((np.asarray(currents) * self.transmission(distances)).sum(axis=-1))

    def currents(self, distances: npt.ArrayLike, amplitude: float) -> Complexes:
        """Give the currents in A with which each antenna makes the same real amplitude at the port."""
        return np.asarray(amplitude / self.transmission(distances))

    def noise(self, duration: npt.ArrayLike) -> Floats:
        """Give the standard deviation by heat of either quadrature of m, over a time in s."""
        return np.asarray(np.sqrt(self.noise_density / np.asarray(duration, dtype=np.float64)))

    def error_probability(self, margin: npt.ArrayLike, duration: npt.ArrayLike) -> Floats:
        """Give the probability that heat turns the sign of a quadrature that is `margin` without it."""
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.asarray(margin, dtype=np.float64) / (np.sqrt(2) * self.noise(duration))
        return np.asarray(np.where(np.isnan(share), 0.5, special.erfc(share) / 2))


def drive_amplitude(current: float, phase: float = 0.0) -> complex:
    """Give I of a current I sin(phase + omega t), as `AlternatingStripLine` has it from the run's first step on."""
    return complex(1j * current * np.exp(-1j * phase))


def fit_guided_wave(
    wave: xr.DataArray, antenna: float, current: float, stretch: tuple[float, float], port: float = 0.0
) -> tuple[GuidedWave, PlaneWaves]:
    """Fit the wave that one antenna sends along +x.

    Parameters
    ----------
    wave : xarray.DataArray
        Its complex amplitude along x, of `analysis.wave_at`.
    antenna : float
        Centre of the antenna along x in m.
    current : float
        Amplitude of its current in A, with phase 0.
    stretch : tuple of two floats
        Interval of x in m without other damping, beyond the antenna.
    port : float
        Width of the ports in m.

    Returns
    -------
    tuple of GuidedWave and PlaneWaves
        The wave, without noise, and the two plane waves of the stretch, with their misfit and reflection.

    Raises
    ------
    ValueError
        If the stretch holds less than a wavelength, or the wave grows along it.

    Examples
    --------
    >>> x = np.arange(400) * 5e-9
    >>> a = xr.DataArray(0.01 * np.exp((3e7j - 1e6) * x), {"x": x}, ("x",), attrs={"frequency": 5e9})
    >>> found, _ = fit_guided_wave(a, 0.0, 1e-3, (2e-7, 1.9e-6))
    >>> round(float(found.wavenumber) * 1e-6, 3), round(found.attenuation_length * 1e6, 3)
    (30.0, 1.0)
    """
    part = wave.sel(x=slice(*stretch))
    found = plane_waves(part)
    sent, kappa = found.forward, complex(found.wavenumber, 1 / found.attenuation_length)
    if abs(found.backward) > abs(sent):
        grows = float(part["x"][-1] - part["x"][0]) / found.attenuation_length
        if grows > _UNSEEN:
            raise ValueError(
                f"fit_guided_wave: the wave grows by {grows:.2g} of its amplitude away from the antenna, so that it "
                "comes from elsewhere or has not settled; take a stretch beyond the antenna, settle for longer, or "
                "lengthen the absorbing ends"
            )
        # So little that what comes back hides by how much it falls.
        sent, kappa = found.backward, complex(-found.wavenumber, 0.0)
    middle = float(part["x"][0] + part["x"][-1]) / 2
    gain = sent * np.exp(-1j * kappa * (middle - antenna)) / drive_amplitude(current)
    model = GuidedWave(
        frequency=wave.attrs["frequency"],
        wavenumber=kappa.real,
        attenuation=kappa.imag,
        gain=[gain.real, gain.imag],
        port=port,
    )
    return model, found
