r"""Mode profiles: how a steady wave of one wavenumber is spread over the cross-section of a guide along x.

In a guide a steady wave is a sum over modes, each with a wavenumber and a profile of its own,

.. math:: a(x, y, z) = \sum_n p_n(y, z) \, e^{i k_n x}, \qquad
    p(y, z) = \frac{\sum_x w(x) \, a(x, y, z) \, e^{-i k x}}{\sum_x w(x)},

with Hann's window w over a stretch l of x. Of another wave, such as one that is reflected,
:math:`\sin \pi u / (\pi u (1 - u^2))` is left, with :math:`u = (k_n - k) l / 2 \pi`: 2.7 % or less from u = 2 on. A
wave that falls along x has the mean of its amplitude under the window.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import xarray as xr

from analysis.schema import cell_size
from analysis.spin_waves.steady_waves import wave_at
from analysis.spin_waves.wave_traces import deviations

__all__ = ["mode_profile"]

_FEWEST = 2
"""Wavelengths in the stretch: the window then keeps the mean over x and the wave along -x out."""


def mode_profile(
    run: xr.Dataset,
    component: Literal["x", "y", "z"],
    frequency: float,
    wavenumber: float,
    *,
    between: tuple[float, float],
    begin: float,
    end: float,
) -> xr.DataArray:
    """Give the complex profile across a guide of the steady wave e^(i (k x - omega t)) with a wavenumber k.

    A lazy run is read once, with one chunk in memory at a time.

    Parameters
    ----------
    run : xarray.Dataset
        In time, from rest.
    component : {"x", "y", "z"}
        Component across the magnetisation at rest.
    frequency, wavenumber : float
        In Hz and rad/m, such as those of the drive and of `plane_waves`; k is below 0 for a phase along -x.
    between : (float, float)
        Stretch of x in m, of even damping and without an antenna.
    begin, end : float
        Times in s between which the wave is steady.

    Returns
    -------
    xarray.DataArray
        Complex, over y and z (m), with its phase at x = 0; NaN outside the magnet.

    Raises
    ------
    ValueError
        If the stretch holds less than two wavelengths, m is along the component, or `wave_at` refuses the times.

    Examples
    --------
    >>> from analysis.artificial_runs import complete_run
    >>> t, x, y = np.arange(61) * 1e-11, np.arange(60) * 1e-8, np.arange(3.0)
    >>> m = np.zeros((61, 60, 3, 1, 3)) + [1.0, 0.0, 0.0]
    >>> wave = np.cos(3e7 * x[None, :, None] - 6e10 * t[:, None, None])
    >>> m[1:, :, :, 0, 2] = (0.01 * np.array([1, 2, 1]) * wave)[1:]
    >>> run = complete_run(m, t, (x, y, np.ones(1)), {}, kind="film")
    >>> found = mode_profile(run, "z", 6e10 / (2 * np.pi), 3e7, between=(0, 6e-7), begin=1e-10, end=6e-10)
    >>> abs(found[:, 0]).round(3).values.tolist()
    [0.01, 0.02, 0.01]
    """
    blocks = deviations(run, component, "mode_profile", {"x": between})
    x = run["m"]["x"].sel(x=slice(*between)).values.astype(np.float64)
    if x.size * cell_size(run, "x") * abs(wavenumber) < _FEWEST * 2 * np.pi:
        raise ValueError(
            f"mode_profile: between x = {between[0]:.4g} and {between[1]:.4g} m lie less than {_FEWEST} wavelengths of "
            f"wavenumber = {wavenumber:.4g} rad/m; give a longer stretch"
        )
    window = np.hanning(x.size + 2)[1:-1]
    weights = window / window.sum() * np.exp(-1j * wavenumber * x)
    projected = np.concatenate([np.einsum("txyz,x->tyz", block, weights) for block in blocks])
    late = slice(begin * (1 - 1e-9), end * (1 + 1e-9))
    y, z = run["m"]["y"], run["m"]["z"]
    flat = projected.reshape(len(projected), -1)
    traces = xr.DataArray(flat, {"t": run["t"], "place": np.arange(flat.shape[1])}, ("t", "place")).sel(t=late)
    # The fit in time is linear, so that it may follow the projection, which is complex.
    wave = wave_at(traces.dropna("place"), frequency).reindex(place=traces["place"])
    values = wave.values.reshape(y.size, z.size)
    return xr.DataArray(values, {"y": y, "z": z}, ("y", "z"), attrs=wave.attrs, name="profile")
