"""Pictures of junctions that flip: switching probability, dwell times and spectra."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from analysis.junctions.dwells import check_dwells
from analysis.junctions.rates import dwell_rates
from analysis.junctions.spectra import telegraph_spectrum
from analysis.magnetisation_images import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_dwell_times", "plot_spectrum", "plot_switching"]


def plot_switching(switching: xr.Dataset, *, ax: Axes | None = None) -> Axes:
    """Draw the switching probability against the pulse's amplitude, a colour for each width, with intervals.

    Parameters
    ----------
    switching : xarray.Dataset
        What `analysis.switching` gives.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> drives = {"amplitude": ("drive", [5e11, 1e12], {"units": "A/m^2"}), "width": ("drive", [1e-9, 1e-9])}
    >>> shares = {"probability": [0.1, 0.9], "low": [0.05, 0.8], "high": [0.2, 0.95]}
    >>> switching = xr.Dataset({name: ("drive", values) for name, values in shares.items()}, coords=drives)
    >>> ax = plot_switching(switching)
    >>> ax.get_xlabel(), [text.get_text() for text in ax.get_legend().get_texts()]
    ('current density (A/m$^2$)', ['1 ns'])
    """
    ax = _axes(ax)
    widths = np.unique(switching["width"].values)
    for number, width in enumerate(widths):
        one = switching.isel(drive=np.flatnonzero(switching["width"].values == width))
        probability = one["probability"].values
        # Rounding may put an end of an interval a digit past the fraction itself.
        errors = np.maximum([probability - one["low"].values, one["high"].values - probability], 0.0)
        ax.errorbar(
            one["amplitude"].values,
            probability,
            yerr=errors,
            fmt="o-",
            markersize=4,
            linewidth=1.0,
            capsize=2,
            color=COLOURS[number % len(COLOURS)],
            label=f"{1e9 * width:.4g} ns",
        )
    unit = switching["amplitude"].attrs["units"]
    name, text = {"A/m^2": ("current density", "A/m$^2$")}.get(unit, ("amplitude", unit))
    ax.set_xlabel(f"{name} ({text})")
    ax.set_ylabel("switching probability")
    ax.set_ylim(-0.03, 1.03)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, fontsize="small", title="pulse width", title_fontsize="small")
    return ax


def plot_dwell_times(dwells: xr.Dataset, *, ax: Axes | None = None) -> Axes:
    """Draw how many dwells in each state last longer than a time, beside exponentials of the fitted rates.

    Parameters
    ----------
    dwells : xarray.Dataset
        What `analysis.dwell_times` gives; censored ones are left out of the points, not of the rates.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from analysis import artificial, dwell_times
    >>> ax = plot_dwell_times(dwell_times(artificial.telegraph_noise(1e6, 2e6, 1e-3, 1e-8, seed=1)))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['low state: mean 997 ns', 'high state: mean 514 ns']
    """
    check_dwells(dwells)
    ax = _axes(ax)
    rates = dwell_rates(dwells)
    for state, name, colour in ((0, "low state", COLOURS[0]), (1, "high state", COLOURS[1])):
        chosen = (dwells["state"].values == state) & ~dwells["censored"].values
        durations = np.sort(dwells["duration"].values[chosen])
        if not durations.size:
            continue
        ax.plot(1e9 * durations, 1 - np.arange(durations.size) / durations.size, ".", markersize=3, color=colour)
        rate = float(rates["rate"][state])
        times = np.linspace(0, durations[-1], 100)
        label = f"{name}: mean {1e9 / rate:.3g} ns"
        ax.plot(1e9 * times, np.exp(-rate * times), color=colour, linewidth=1.0, label=label)
    ax.set_yscale("log")
    ax.set_xlabel("dwell time (ns)")
    ax.set_ylabel("fraction that lasts longer")
    ax.spines[["top", "right"]].set_visible(False)
    if ax.get_legend_handles_labels()[0]:
        ax.legend(frameon=False, fontsize="small")
    return ax


def plot_spectrum(
    spectrum: xr.DataArray, *, rates: xr.Dataset | None = None, swing: float = 2.0, ax: Axes | None = None
) -> Axes:
    """Draw a spectrum, and the Lorentzian of telegraph noise of known rates.

    Parameters
    ----------
    spectrum : xarray.DataArray
        What `analysis.spectrum` gives, of one junction.
    rates : xarray.Dataset, optional
        What `analysis.dwell_rates` gives.
    swing : float
        From one state to the other, in the trace's unit, for the Lorentzian.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If it is that of an ensemble.

    Examples
    --------
    >>> from analysis import artificial, dwell_times, spectrum
    >>> trace = artificial.telegraph_noise(1e6, 1e6, 1e-3, 1e-7, seed=1)
    >>> ax = plot_spectrum(spectrum(trace), rates=dwell_rates(dwell_times(trace)))
    >>> ax.get_ylabel()
    'power spectral density (1/Hz)'
    """
    if spectrum.dims != ("frequency",):
        raise ValueError(f"spectrum has the dimensions {spectrum.dims}; choose one junction, with .isel(member=0)")
    ax = _axes(ax)
    frequency = spectrum["frequency"].values[1:]
    ax.loglog(frequency, spectrum.values[1:], color=COLOURS[0], linewidth=1.0, label="trace")
    if rates is not None:
        up, down = (float(rate) for rate in rates["rate"].values)
        ax.loglog(
            frequency, telegraph_spectrum(frequency, up, down, swing), color="0.2", linestyle="--", label="Machlup"
        )
        ax.legend(frameon=False, fontsize="small")
    ax.set_xlabel("frequency (Hz)")
    ax.set_ylabel(f"power spectral density ({spectrum.attrs.get('units', '1/Hz')})")
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    from matplotlib.figure import Figure

    return Figure(figsize=(5.2, 3.4), layout="constrained").subplots()
