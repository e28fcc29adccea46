"""Pictures of the order in a spin ice: its structure factor, its correlations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from analysis.magnetisation_images import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_correlations", "plot_structure_factor"]


def plot_structure_factor(
    structure_factor: xr.DataArray, lattice_constant: float, *, logarithmic: bool = False, ax: Axes | None = None
) -> Axes:
    r"""Draw a structure factor as an image, in reciprocal lattice units.

    Parameters
    ----------
    structure_factor : (qx, qy) xarray.DataArray
        Result of `analysis.structure_factor`, of one state or averaged; qx and qy evenly
        spaced.
    lattice_constant : float
        In m: q is drawn in units of 2 pi over it.
    logarithmic : bool
        Whether colours go by the logarithm, over four decades, as Bragg peaks need.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on.

    Returns
    -------
    matplotlib.axes.Axes
        With a colour bar.

    Raises
    ------
    ValueError
        If it has other dimensions, q is not evenly spaced, or the lattice constant is not
        above 0.

    Examples
    --------
    >>> q = np.linspace(-7e7, 7e7, 5)
    >>> even = xr.DataArray(np.full((5, 5), 0.5), dims=("qx", "qy"), coords={"qx": q, "qy": q})
    >>> print(plot_structure_factor(even, 180e-9).get_xlabel())
    $q_x$ ($2\pi/a$)
    """
    from matplotlib.colors import LogNorm, Normalize

    if set(structure_factor.dims) != {"qx", "qy"}:
        raise ValueError(
            f"plot_structure_factor: structure_factor has the dimensions {structure_factor.dims}; it must have qx and "
            "qy: select a state, or take the mean"
        )
    if not lattice_constant > 0:
        raise ValueError(f"plot_structure_factor: lattice_constant is {lattice_constant} m; it must be above 0")
    edges: list[float] = []
    for name in ("qx", "qy"):
        q = structure_factor[name].values * lattice_constant / (2 * np.pi)
        steps = np.diff(q)
        if q.size < 2 or not (steps > 0).all() or np.ptp(steps) > 1e-6 * steps.mean():
            raise ValueError(f"plot_structure_factor: {name} has not two or more values, evenly spaced and rising")
        edges += [q[0] - steps[0] / 2, q[-1] + steps[0] / 2]
    if ax is None:
        from matplotlib.figure import Figure

        ax = Figure(figsize=(4.8, 4.0), layout="constrained").subplots()
    values = structure_factor.transpose("qy", "qx").values
    largest = float(values.max()) or 1.0
    norm = LogNorm(1e-4 * largest, largest, clip=True) if logarithmic else Normalize(0.0, largest)
    image = ax.imshow(
        values,
        origin="lower",
        extent=(edges[0], edges[1], edges[2], edges[3]),
        norm=norm,
        cmap="magma",
        interpolation="nearest",
    )
    ax.set(xlabel=r"$q_x$ ($2\pi/a$)", ylabel=r"$q_y$ ($2\pi/a$)")
    ax.figure.colorbar(image, ax=ax, pad=0.02).set_label("S(q)")
    return ax


def plot_correlations(correlations: xr.Dataset, *, ax: Axes | None = None) -> Axes:
    """Draw the correlation of spins over the distance of the shells.

    Parameters
    ----------
    correlations : xarray.Dataset
        Result of `analysis.spin_correlations`, of one state or averaged.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on.

    Returns
    -------
    matplotlib.axes.Axes
        With the sign of the dipoles' energy and the product of the moments.

    Raises
    ------
    ValueError
        If it is of several states.

    Examples
    --------
    >>> shells = xr.Dataset(
    ...     {"distance": ("shell", [1e-7, 2e-7]), "dipolar": ("shell", [1.0, np.nan]),
    ...      "moment_product": ("shell", [0.5, 0.1])}
    ... )
    >>> plot_correlations(shells).get_xlabel()
    'distance (nm)'
    """
    distance = correlations["distance"].values * 1e9
    if ax is None:
        from matplotlib.figure import Figure

        ax = Figure(figsize=(4.8, 3.4), layout="constrained").subplots()
    ax.axhline(0.0, color="0.7", linewidth=0.9, zorder=0)
    for name, marker, colour, label in (
        ("dipolar", "o", COLOURS[0], "dipoles: 1 if the pair's energy is low"),
        ("moment_product", "D", COLOURS[1], r"$\langle\mathbf{m}_i\cdot\mathbf{m}_j\rangle$"),
    ):
        if correlations[name].dims != ("shell",):
            raise ValueError(
                f"plot_correlations: {name} has the dimensions {correlations[name].dims}; it must have shell only: "
                "select a state, or take the mean"
            )
        ax.plot(distance, correlations[name].values, marker, color=colour, markersize=5, label=label, alpha=0.85)
    # Axes may be perpendicular and dipoles without coupling, moments have always a product.
    sizes = np.abs([correlations["dipolar"].values, correlations["moment_product"].values])
    reach = max(1.2 * float(np.nanmax(sizes)), 0.1)
    ax.set(xlabel="distance (nm)", ylabel="correlation", ylim=(-reach, reach))
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, fontsize="small", ncols=2, loc="lower right", bbox_to_anchor=(1.0, 1.0), borderaxespad=0.2)
    return ax
