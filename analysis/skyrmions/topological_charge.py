"""Topological charge of a run, and where in the film it lies."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.chunks import first_chunk, over_chunks
from analysis.schema import frame_dimension
from analysis.skyrmions.solid_angles import charge_of_edges, charge_on_cells
from analysis.swept_runs import run_by_run

__all__ = ["topological_charge", "topological_charge_density"]


@run_by_run
def topological_charge(run: xr.Dataset, *, beyond: int | None = None) -> xr.Dataset:
    r"""Give the topological charge of each layer of a run, by Berg and Luescher's solid angles.

    .. math:: Q = \frac{1}{4\pi}\int \mathbf{m}\cdot(\partial_x\mathbf{m}\times\partial_y\mathbf{m})
              \,\mathrm{d}x\,\mathrm{d}y

    as a sum of solid angles of spherical triangles over 4 pi [1]_: -1 of a skyrmion whose core points
    down. For a texture that is closed, with m uniform around it, the sum is a whole number but for
    rounding, on any mesh that resolves it.

    What counts at an open edge: four neighbouring cell centres are a plaquette of two triangles, three
    at a corner of a rough edge one triangle. Each triangle counts once, and there is none beyond the
    centres of the outermost cells. Moments that tilt at an edge, as interfacial
    Dzyaloshinskii-Moriya interaction makes them, so leave a part of the charge uncounted: a skyrmion in a
    track may have -0.94. `edge_charge` is this part: the solid angles between the moments along each
    border and the pole, +z or -z, that the film beyond it would have. `charge` + `edge_charge` is a whole
    number. (Other conventions for the same state: without the outermost row of cells the
    tilt counts less; discretisedfield's ``topological_charge(method="berg-luescher")`` counts the
    triangles at the border twice.)

    Parameters
    ----------
    run : xarray.Dataset
        In time or in field steps; a lazy one is read chunk by chunk.
    beyond : {1, -1}, optional
        Sign of m_z beyond the edges; if absent the sign of the first frame's mean.

    Returns
    -------
    xarray.Dataset
        `charge` and `edge_charge` over (t | step, z).

    Raises
    ------
    TypeError, ValueError
        If `run` is not a run, or a frame before its end lacks cells.

    References
    ----------
    .. [1] B. Berg and M. Luescher, Nucl. Phys. B 190, 412 (1981).

    Examples
    --------
    >>> from analysis import artificial
    >>> found = topological_charge(artificial.skyrmions([[60e-9, 64e-9], [160e-9, 64e-9]]))
    >>> found.charge.values.round(9).tolist()
    [[-2.0]]
    """
    if beyond not in (None, 1, -1):
        raise ValueError(f"beyond is {beyond!r}; it must be 1 or -1, the sign of m_z beyond the edges, or None")
    first = first_chunk(run)
    sign = beyond or (1 if float(np.nanmean(first[0].values[..., 2])) >= 0 else -1)
    table, frames = over_chunks(run["m"], partial(_charges, pole=sign), first)
    over, layers = frame_dimension(run), run.sizes["z"]
    coordinates = {over: run[over].isel({over: slice(frames)}), "z": run["z"]}
    found = {
        name: ((over, "z"), table[name].reshape(-1, layers)[:frames], {"units": "1"})
        for name in ("charge", "edge_charge")
    }
    return xr.Dataset(found, coords=coordinates, attrs={"beyond": sign})


def topological_charge_density(run: xr.Dataset) -> xr.DataArray:
    """Give the density of the topological charge in every cell of a run, in 1/m2; NaN outside the magnet.

    Its sum over cells times their area is the charge. A plaquette's charge is shared equally by its cells; see
    `topological_charge` for edges. The result of a lazy run is lazy.
    """
    first = first_chunk(run)
    if min(run.sizes["x"], run.sizes["y"]) < 2:
        raise ValueError(
            f"run has {run.sizes['x']} x {run.sizes['y']} cells along x and y; a density needs at least two along each"
        )
    area = float(first["x"][1] - first["x"][0]) * float(first["y"][1] - first["y"][0])
    m = run["m"]
    if m.chunks is not None:
        m = m.chunk(dict.fromkeys(("x", "y", "z", "vdims"), -1))
    density = xr.apply_ufunc(
        partial(_density, area=area),
        m,
        input_core_dims=[["x", "y", "z", "vdims"]],
        output_core_dims=[["x", "y", "z"]],
        dask="parallelized",
        output_dtypes=[np.float64],
    )
    named: xr.DataArray = density.rename("charge_density").assign_attrs(units="1/m^2")
    return named


def _charges(m: npt.NDArray[np.floating], *, pole: int) -> npt.NDArray[np.void]:
    layers = np.moveaxis(m, 3, 1)
    frames, count = layers.shape[:2]
    table = np.zeros(frames * count, dtype=[("frame", "i8"), ("charge", "f8"), ("edge_charge", "f8")])
    table["frame"] = np.repeat(np.arange(frames), count)
    table["charge"] = charge_on_cells(layers).sum(axis=(2, 3)).ravel()
    for layer in range(count):  # each has edges of its own
        table["edge_charge"][layer::count] = charge_of_edges(layers[:, layer], pole)
    return table


def _density(m: npt.NDArray[np.floating], *, area: float) -> npt.NDArray[np.float64]:
    layers = np.moveaxis(np.asarray(m), -2, 0)
    density = np.stack([charge_on_cells(layer) for layer in layers], axis=-1) / area
    density[~np.isfinite(m[..., 0])] = np.nan
    return density
