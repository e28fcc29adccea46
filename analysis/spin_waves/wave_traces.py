"""What moves in a run as a function of time and x alone, from which all of spin waves follows; and a packet's speed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.frame_blocks import frame_blocks
from analysis.moving_windows import refuse_moving_window
from analysis.schema import check_run

__all__ = ["deviations", "packet_velocity", "wave_traces"]

Floats = npt.NDArray[np.float64]


def wave_traces(
    run: xr.Dataset,
    component: Literal["x", "y", "z"],
    *,
    along: Literal["x", "y"] = "x",
    between: tuple[float, float] | None = None,
) -> xr.DataArray:
    """Take from a component of m its value in the first frame, and the mean across a guide of what is left.

    A lazy run is read with one chunk in memory at a time; what is returned is in memory.

    Parameters
    ----------
    run : xarray.Dataset
        In time, from rest.
    component : {"x", "y", "z"}
        Component across the magnetisation at rest.
    along : {"x", "y"}
        Axis of the guide.
    between : (float, float), optional
        Interval of the other axis in the plane, in m, such as one arm of a crossing; all of it if left out.

    Returns
    -------
    xarray.DataArray
        Over t (s) and x or y (m), where there is magnet. Parts of it, such as those without the antenna, are taken
        with ``.sel``.

    Raises
    ------
    ValueError
        If the run is no run in time, has a moving window, or m is along the component in the first frame, so that
        waves change it in second order only.

    Examples
    --------
    >>> from analysis.artificial_runs import complete_run
    >>> m = np.zeros((3, 4, 1, 1, 3)) + [0.0, 1.0, 0.0]
    >>> m[1:, :, 0, 0, 2] = 0.01
    >>> run = complete_run(m, np.arange(3.0), (np.arange(4.0), np.ones(1), np.ones(1)), {}, kind="film")
    >>> wave_traces(run, "z")[:, 0].values.tolist()
    [0.0, 0.01, 0.01]
    """
    other = "y" if along == "x" else "x"
    blocks = deviations(run, component, "wave_traces", {} if between is None else {other: between})
    over, m = (2, 3) if along == "x" else (1, 3), run["m"]
    with np.errstate(invalid="ignore"):  # where a slot has ended a guide
        means = [np.nansum(block, axis=over) / np.isfinite(block[:1]).sum(axis=over) for block in blocks]
    coords, name = {"t": m["t"], along: m[along]}, f"m{component}"
    return xr.DataArray(np.concatenate(means), coords, ("t", along), name=name, attrs={"units": "1"}).dropna(along)


def deviations(
    run: xr.Dataset, component: str, owner: str, within: Mapping[str, tuple[float, float]]
) -> Iterator[Floats]:
    """Yield a component of m less its value in the first frame, (t, x, y, z), one chunk in memory at a time.

    `within` are intervals of axes in m, and `owner` is what an error names: those of `wave_traces`.
    """
    check_run(run, in_time=True)
    refuse_moving_window(run, owner)
    index, m = "xyz".index(component), run["m"]
    for axis, interval in within.items():
        m = m.sel({axis: slice(*interval)})
        if not m.sizes[axis]:
            raise ValueError(f"{owner}: no cell lies between {axis} = {interval[0]:.4g} and {interval[1]:.4g} m")
    rest: Floats = np.asarray(m[0, ..., index].values, dtype=np.float64)
    aligned = float(np.nanmean(np.abs(rest)))
    if aligned > 0.9:
        raise ValueError(
            f"{owner}: component = {component!r} lies along the magnetisation at rest ({aligned:.3g} of its "
            "length), where waves show in second order only; choose one across it"
        )
    for _, block in frame_blocks(m):
        yield block[..., index].astype(np.float64) - rest


def packet_velocity(traces: xr.DataArray) -> float:
    r"""Give the velocity in m/s along x at which a packet passes.

    At each x the packet comes at the centre of its energy, :math:`t_c = \sum t\, m^2 / \sum m^2`; the velocity is
    that of a straight line through :math:`t_c (x)`, each weighed by its energy. A packet of a narrow band moves with
    the group velocity at its middle frequency.

    Parameters
    ----------
    traces : xarray.DataArray
        What `wave_traces` gives, where one packet passes, whole, in one direction: cut in x and t.

    Raises
    ------
    ValueError
        If there are fewer than three x, or nothing moves.

    Examples
    --------
    >>> t, x = np.linspace(0, 2e-9, 401), np.linspace(0, 5e-7, 11)
    >>> since = t[:, None] - 5e-10 - x[None] / 1000.0
    >>> packet = np.exp(-((since / 1e-10) ** 2)) * np.cos(2 * np.pi * 1e10 * since)
    >>> round(packet_velocity(xr.DataArray(packet, {"t": t, "x": x}, ("t", "x"))))
    1000
    """
    x, t = traces["x"].values.astype(np.float64), traces["t"].values.astype(np.float64)
    energy = traces.transpose("t", "x").values ** 2
    total = energy.sum(axis=0)
    if x.size < 3 or not total.min() > 0:
        raise ValueError(
            f"packet_velocity: {x.size} places, the least energy {total.min(initial=np.inf):.3g}; give three or more, "
            "each of which the packet passes"
        )
    slope, _ = np.polyfit(x - x.mean(), (t @ energy) / total, 1, w=np.sqrt(total))
    return float(1 / slope)
