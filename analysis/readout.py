"""Electrical read-out: what a magnetic tunnel junction over the magnet shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.frame_blocks import frame_blocks
from analysis.moving_windows import refuse_moving_window
from analysis.schema import cell_size, check_junction, check_run

__all__ = ["tunnel_junction"]


def tunnel_junction(
    run: xr.Dataset,
    window: npt.ArrayLike,
    *,
    tmr: float,
    parallel_conductance_area: float | None = None,
    resistance_area: float | None = None,
    polariser: Sequence[float] = (0.0, 0.0, 1.0),
    layer: int = -1,
) -> xr.Dataset:
    r"""Conductance of a tunnel junction whose free layer is the magnet.

    The cells under the junction conduct in parallel, each with the angular
    dependence of Slonczewski's model between the parallel and the antiparallel
    conductance per area g_P and g_AP = g_P / (1 + TMR):

    .. math::

       G = \sum_{cells} a\left[\frac{g_P + g_{AP}}{2}
           + \frac{g_P - g_{AP}}{2}\, \mathbf{m}\cdot\mathbf{p}\right]

    With a domain wall under the junction it is therefore the conductance, not
    the resistance 1/G, that is linear in the wall's position.

    Parameters
    ----------
    run : xarray.Dataset
        A run (see `check_run`); read chunk by chunk if lazy.
    window : array_like
        The junction's area: a bool mask (nx, ny), such as `Stripe.window_mask()`,
        or two positions (x_from, x_to) in m, between which every cell whose centre
        lies there is covered. Cells without magnet do not conduct.
    tmr : float
        Tunnel magnetoresistance ratio (R_AP - R_P) / R_P, positive: 1.0 is 100 %.
    parallel_conductance_area : float, optional
        g_P in S/m2. Give this or `resistance_area`.
    resistance_area : float, optional
        Resistance-area product 1/g_P of the parallel state in ohm m2.
    polariser : sequence of float
        Direction p of the fixed layer's magnetisation, of any length.
    layer : int
        Index along z of the cells next to the barrier; the top ones by default.

    Returns
    -------
    xarray.Dataset
        Over t: `conductance` (S), `resistance` (ohm), and `tmr`, the ratio
        (R - R_P) / R_P at that time. attrs: `parallel_conductance` and
        `antiparallel_conductance` (S), the junction's extremes, and `area` (m2).

    Raises
    ------
    TypeError, ValueError
        If `run` is not a run, the window covers no magnet or has another shape,
        not just one of the two areal quantities is given, or a number is not
        positive.

    References
    ----------
    Julliere, Phys. Lett. A 54, 225 (1975); Slonczewski, Phys. Rev. B 39, 6995 (1989).

    Examples
    --------
    >>> from analysis import artificial
    >>> run = artificial.domain_walls([[100e-9], [150e-9], [200e-9]])
    >>> junction = tunnel_junction(run, (50e-9, 250e-9), resistance_area=1e-11, tmr=1.0)
    >>> (junction.conductance.diff("t") * 1e6).round(3).values.tolist()
    [160.0, 160.0]
    """
    check_run(run, in_time=True)
    refuse_moving_window(run, "tunnel_junction")
    parallel = _parallel_conductance_area(parallel_conductance_area, resistance_area)
    if not tmr > 0.0:
        raise ValueError(f"tmr is {tmr}; it must be positive: (R_AP - R_P) / R_P, 1.0 for 100 %")
    direction = np.asarray(polariser, dtype=np.float64)
    if direction.shape != (3,) or not np.linalg.norm(direction) > 0.0 or not np.isfinite(direction).all():
        raise ValueError(f"polariser is {polariser!r}; it must be three numbers, not all zero")
    direction = direction / np.linalg.norm(direction)
    if not -run.sizes["z"] <= layer < run.sizes["z"]:
        raise ValueError(f"layer is {layer}, but the run has {run.sizes['z']} cells along z; -1 is the top")
    magnet = np.isfinite(run["m"].isel(t=0, z=layer, vdims=0).values)
    covered = _window_mask(run, window) & magnet
    if not covered.any():
        raise ValueError("window covers no magnet; move it over the stripe")

    projections = np.concatenate(
        [
            block[:, covered].astype(np.float64).sum(axis=1) @ direction
            for _, block in frame_blocks(run["m"].isel(z=layer))
        ]
    )
    cell_area = cell_size(run, "x") * cell_size(run, "y")
    area = cell_area * int(covered.sum())
    antiparallel = parallel / (1.0 + tmr)
    mean, swing = (parallel + antiparallel) / 2, (parallel - antiparallel) / 2
    conductance = area * mean + cell_area * projections * swing
    junction = xr.Dataset(
        {
            "conductance": ("t", conductance, {"units": "S"}),
            "resistance": ("t", 1.0 / conductance, {"units": "ohm"}),
            "tmr": ("t", parallel * area / conductance - 1.0, {"units": "1"}),
        },
        coords={"t": run["t"]},
        attrs={
            "parallel_conductance": parallel * area,
            "antiparallel_conductance": antiparallel * area,
            "area": area,
        },
    )
    if "run_id" in run.attrs:
        junction.attrs["run_id"] = run.attrs["run_id"]
    check_junction(junction)
    return junction


def _parallel_conductance_area(conductance_area: float | None, resistance_area: float | None) -> float:
    if (conductance_area is None) == (resistance_area is None):
        raise ValueError(
            f"parallel_conductance_area is {conductance_area} and resistance_area is {resistance_area}; "
            "give just one of them"
        )
    for name, value in (
        ("parallel_conductance_area", conductance_area),
        ("resistance_area", resistance_area),
    ):
        if value is not None and not (value > 0.0 and np.isfinite(value)):
            raise ValueError(f"{name} is {value}; it must be positive")
    if conductance_area is not None:
        return float(conductance_area)
    assert resistance_area is not None
    return 1.0 / float(resistance_area)


def _window_mask(run: xr.Dataset, window: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    given = np.asarray(window)
    shape = (run.sizes["x"], run.sizes["y"])
    if given.dtype == np.bool_:
        if given.shape != shape:
            raise ValueError(f"window is a mask of shape {given.shape}; the run has {shape} cells (x, y)")
        return given
    if given.shape != (2,) or not given[0] < given[1]:
        raise ValueError(f"window is {window!r}; give a bool mask of shape {shape}, or (x_from, x_to) in m, rising")
    x = run["x"].values
    return np.repeat(((x > given[0]) & (x < given[1]))[:, np.newaxis], shape[1], axis=1)
