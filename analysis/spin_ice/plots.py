"""Pictures of a spin ice's state: moments, charges, strings and avalanches.

Every function draws on `Axes`, given or made here, and sets no global style.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.spin_ice.images import (
    check_charges,
    direction_colours,
    draw_arrows,
    draw_charges,
    draw_islands,
    draw_strings,
    draw_wheel,
    frame_axes,
    legend_charges,
    new_figure,
    string_lines,
)
from analysis.spin_ice.schema import check_islands, check_spins

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_avalanches", "plot_spins"]


def plot_spins(
    spin: xr.DataArray,
    islands: xr.Dataset,
    *,
    charges: str | None = "monopole",
    strings: xr.Dataset | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a state: islands coloured by the direction of their moments, vertices by their charges.

    Parameters
    ----------
    spin : (island,) xarray.DataArray of int
        The state, +1 and -1.
    islands : xarray.Dataset
        The lattice, `SpinIce.islands(material)`. Ends are drawn round, whatever the shape.
    charges : {"monopole", "vertex", None}
        Quantity that the circles at vertices show: charge beyond the ice rule, all charge, or
        nothing. Their area is in proportion to it.
    strings : xarray.Dataset, optional
        Result of `analysis.dirac_strings`, drawn as lines.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; by default a new figure, outside pyplot.

    Returns
    -------
    matplotlib.axes.Axes
        With x and y in nm, in µm where the lattice is larger than 5 µm.

    Raises
    ------
    TypeError, ValueError
        If `islands` is no lattice, the state is not one of its islands alone, or
        `charges` is another.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> ice = SpinIce(
    ...     lattice={"kind": "kagome", "columns": 2, "rows": 2, "lattice_constant": "340 nm"},
    ...     island={"length": "120 nm", "width": "40 nm"}, thickness="10 nm", cell=("10 nm", "10 nm", "10 nm"),
    ... )
    >>> islands = ice.islands(Material(name="soft", Ms=8e5, A=1.3e-11, alpha=0.1))
    >>> spin = xr.DataArray(np.ones(islands.sizes["island"], dtype=int), dims="island")
    >>> plot_spins(spin, islands).get_xlabel()
    'x (nm)'
    """
    check_islands(islands)
    check_spins(spin, islands)
    check_charges(charges)
    if spin.dims != ("island",):
        raise ValueError(f"spin has the dimensions {spin.dims}; one state is drawn: select a frame")
    if ax is None:
        _, ax = new_figure(islands)
    draw_islands(ax, islands, direction_colours(spin.values, islands))
    draw_arrows(ax, spin.values, islands)
    if strings is not None:
        draw_strings(ax, string_lines(strings, islands), islands)
    if charges is not None:
        draw_charges(ax, spin, islands, charges)
    frame_axes(ax, islands)
    draw_wheel(ax)
    legend_charges(ax, charges, strings is not None)
    return ax


def plot_avalanches(avalanche: npt.ArrayLike, islands: xr.Dataset, *, ax: Axes | None = None) -> Axes:
    """Draw which island flipped in which avalanche.

    Parameters
    ----------
    avalanche : (island,) array_like of int
        The number of each island's avalanche, in the order in which they came; below 0
        where it took part in none.
    islands : xarray.Dataset
        The lattice, `SpinIce.islands(material)`.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; by default a new figure, outside pyplot.

    Returns
    -------
    matplotlib.axes.Axes
        With x and y in nm, in µm where the lattice is larger than 5 µm, and a colour
        bar of the avalanches' numbers.

    Raises
    ------
    TypeError, ValueError
        If `islands` is no lattice, or there is not one whole number for each island.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> ice = SpinIce(
    ...     lattice={"kind": "square", "columns": 1, "rows": 1, "lattice_constant": "180 nm"},
    ...     island={"length": "120 nm", "width": "40 nm"}, thickness="10 nm", cell=("10 nm", "10 nm", "10 nm"),
    ... )
    >>> islands = ice.islands(Material(name="soft", Ms=8e5, A=1.3e-11, alpha=0.1))
    >>> plot_avalanches([0, 1, 1, -1], islands).get_ylabel()
    'y (nm)'
    """
    check_islands(islands)
    number = np.asarray(avalanche)
    if number.shape != (islands.sizes["island"],) or number.dtype.kind not in "iu":
        raise ValueError(
            f"avalanche has the shape {number.shape} and the dtype {number.dtype}; give a whole number for each of the "
            f"{islands.sizes['island']} islands"
        )
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import BoundaryNorm
    from matplotlib.patches import Patch
    from matplotlib.ticker import MaxNLocator

    if ax is None:
        _, ax = new_figure(islands)
    count = max(1, int(number.max(initial=0)) + 1)
    colour_map = colormaps["viridis"].resampled(count)
    colours = np.array(colour_map(np.maximum(number, 0)))
    colours[number < 0] = (0.85, 0.85, 0.85, 1.0)
    draw_islands(ax, islands, colours)
    frame_axes(ax, islands)
    numbers = ScalarMappable(BoundaryNorm(np.arange(count + 1) - 0.5, count), colour_map)
    # As high as the lattice, whatever its shape.
    beside = ax.inset_axes((1.02, 0.0, 0.03, 1.0))
    bar = ax.figure.colorbar(numbers, cax=beside, ticks=MaxNLocator(integer=True, nbins=min(count, 8)))
    bar.set_label("avalanche, in order of time")
    bar.ax.minorticks_off()
    if (number < 0).any():
        ax.legend(
            handles=[Patch(color=(0.85, 0.85, 0.85), label="in no avalanche")], loc="lower right",
            bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize="small", borderaxespad=0.2,
        )  # fmt: skip
    return ax
