"""Pictures of avalanches: their distributions with what was fitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import scipy
import xarray as xr

from analysis.magnetisation_images import COLOURS
from analysis.statistics.power_law_kernels import sample_of
from analysis.statistics.tail_families import bent_survival

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_distribution"]

Floats = npt.NDArray[np.float64]

_UNITS = {"m": (1e9, "nm"), "s": (1e9, "ns"), "1": (1.0, "")}


def plot_distribution(values: xr.DataArray, fitted: xr.Dataset, *, ax: Axes | None = None) -> Axes:
    """Draw how many values are as large as x or larger, and the power law that was fitted.

    Parameters
    ----------
    values : xarray.DataArray
        The sample; values of 0 and below are left out.
    fitted : xarray.Dataset
        Result of `fit_power_law` for it. The
        line begins at the minimum; with the verdict "power law with a cut-off" that is
        drawn, with its exponent.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on.

    Returns
    -------
    matplotlib.axes.Axes
        With logarithmic axes, and the verdict above.

    Raises
    ------
    ValueError
        If no value is above 0.

    Examples
    --------
    >>> from analysis import fit_power_law
    >>> sizes = xr.DataArray(np.random.default_rng(1).zipf(2.5, 1000), dims="avalanche", name="size")
    >>> plot_distribution(sizes, fit_power_law(sizes, resamples=5)).get_title()
    'power law'
    """
    numbers = np.asarray(values.values).ravel()
    discrete = numbers.dtype.kind in "iu"
    if not (numbers > 0).any():
        raise ValueError(f"plot_distribution: {values.name or 'values'} has nothing above 0 to draw")
    sample = sample_of(numbers[numbers > 0], discrete)
    events = int(sample.count.sum())
    factor, unit = _UNITS.get(str(values.attrs.get("units", "1")), (1.0, str(values.attrs.get("units"))))
    if ax is None:
        ax = _axes((4.6, 3.6))
    survival = np.cumsum(sample.count[::-1])[::-1] / events
    ax.plot(sample.value * factor, survival, ".", color=COLOURS[0], markersize=4.5, label=f"{events} events", zorder=2)
    if np.isfinite(fitted["exponent"]):
        x, line, label = _line(sample.value, sample.count, fitted, discrete)
        # A fit that is no answer is drawn, to show why, and labelled so.
        doubt = {"not a power law": "rejected: ", "undecided": "if a power law: "}.get(fitted["verdict"].item(), "")
        ax.plot(
            x * factor, line, "--" if doubt else "-", color=COLOURS[1], linewidth=1.6, zorder=3, label=doubt + label
        )  # fmt: skip
    ax.set(xscale="log", yscale="log", title=str(fitted["verdict"].item()))
    # A line that falls far below one event would hide the sample.
    ax.set_ylim(0.4 / events, 1.6)
    ax.title.set_fontsize("medium")
    _label_decades(ax, float(sample.value[-1] / sample.value[0]))
    name = str(values.name or "x").replace("_", " ")
    ax.set_xlabel(f"{name} ({unit})" if unit else name)
    ax.set_ylabel("part as large or larger")
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, fontsize="small", loc="lower left")
    return ax


def _line(
    value: Floats, count: npt.NDArray[np.int64], fitted: xr.Dataset, discrete: bool
) -> tuple[Floats, Floats, str]:
    """The fitted part as large or larger, where the sample is, and what to call it."""
    least, largest = float(fitted["minimum"]), float(value[-1])
    part = float(fitted["tail_events"]) / float(count.sum())
    exponent, error = float(fitted["exponent"]), float(fitted["exponent_error"])
    if fitted["verdict"] == "power law with a cut-off":
        other = fitted.sel(alternative="power_law_with_cut_off")
        exponent, error = float(other["alternative_exponent"]), float(other["alternative_exponent_error"])
        there = value >= least
        scale = float(np.average(np.log(value[there] / least), weights=count[there]))
        x, survival = bent_survival(
            least, scale, exponent, float(other["alternative_rate"]), "power_law_with_cut_off", discrete
        )
        kept = x <= 1.5 * largest
        x, survival = x[kept], survival[kept]
    elif discrete:
        x = np.unique(np.round(np.geomspace(least, largest, 200)))
        survival = scipy.special.zeta(exponent, x) / scipy.special.zeta(exponent, least)
    else:
        x = np.geomspace(least, largest, 200)
        survival = (x / least) ** (1 - exponent)
    return x, part * survival, f"exponent {exponent:.2f} ± {error:.2f}"


def _label_decades(ax: Axes, span: float) -> None:
    """Label 1, 2 and 5 of each decade where there are few, without labels between."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    ax.xaxis.set_minor_formatter(NullFormatter())
    if span < 50:
        ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def _axes(size: tuple[float, float]) -> Axes:
    from matplotlib.figure import Figure

    return Figure(figsize=size, layout="constrained").subplots()
