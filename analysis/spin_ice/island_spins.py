"""Macrospins of a spin ice: the mean magnetisation of every island, its sign along the axis, and the flips."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.chunks import first_chunk, over_chunks
from analysis.schema import frame_dimension
from analysis.spin_ice.schema import check_islands, check_macrospins, check_spins
from analysis.swept_runs import run_by_run

__all__ = ["flips", "macrospins"]

IntArray = npt.NDArray[np.int64]

# What is smaller is rounding of a single-precision m: it has no sign.
_NO_PROJECTION = 1e-6


@run_by_run
def macrospins(
    run: xr.Dataset, islands: xr.Dataset, labels: xr.DataArray, *, coherence_threshold: float = 0.8
) -> xr.Dataset:
    r"""Average the magnetisation over every island, frame by frame.

    .. math:: \mathbf{M}_i = \langle\mathbf{m}\rangle_{\text{cells of } i}, \quad
        s_i = \operatorname{sign}(\mathbf{M}_i\cdot\mathbf{e}_i), \quad c_i = |\mathbf{M}_i|

    with the axis e from tail to head. The coherence c is 1 where all moments of an island
    are parallel, whatever their direction: it distinguishes rotation from reversal by a wall. A
    wall that leaves the part f of an island on its far side has c = 1 - 2f, so that the
    threshold of 0.8 flags walls further than a tenth of the island from its ends, and
    vortices; single domains bent just before they switch keep c above 0.97 (islands of
    120 nm x 40 nm x 10 nm, OOMMF).

    A lazy run is read chunk by chunk, each chunk once, as by `analysis.walls`; frames at
    the end that are not written yet are left out.

    Parameters
    ----------
    run : xarray.Dataset
        A run (see `check_run`) along t or step.
    islands : xarray.Dataset
        The lattice, `SpinIce.islands(material)`.
    labels : (x, y, z) xarray.DataArray of int
        `SpinIce.labels()`: i + 1 in island i, others 0 or below; on the run's cells.
    coherence_threshold : float
        Coherence below which an island is taken to have a wall in it, between 0 and 1.

    Returns
    -------
    xarray.Dataset
        Over the run's frames and island: `macrospin` (also over vdims, 1), the mean m;
        `spin` (int8), its sign along the island's axis, the sign of the frame before where
        it has no part along it, +1 in the first; `coherence` (1); `has_wall` (bool).
        The islands' coordinates come with it.

    Raises
    ------
    TypeError, ValueError
        If `run` is not a run or `islands` no lattice, a frame before its end lacks
        cells, the labels are not on the run's cells, an island has no cell or no
        magnetisation in one, or the threshold is not between 0 and 1.

    Examples
    --------
    >>> from analysis import artificial
    >>> from geometries import Material, SpinIce
    >>> ice = SpinIce(
    ...     lattice={"kind": "square", "columns": 1, "rows": 1, "lattice_constant": "180 nm"},
    ...     island={"length": "120 nm", "width": "40 nm"}, thickness="10 nm", cell=("10 nm", "10 nm", "10 nm"),
    ... )
    >>> islands, labels = ice.islands(Material(name="soft", Ms=8e5, A=1.3e-11, alpha=0.1)), ice.labels()
    >>> run = artificial.spin_ice([[1, 1, 1, 1], [1, 1, -1, 1]], islands, labels)
    >>> macrospins(run, islands, labels).spin.values.tolist()
    [[1, 1, 1, 1], [1, 1, -1, 1]]
    """
    if not 0.0 < coherence_threshold < 1.0:
        raise ValueError(f"coherence_threshold is {coherence_threshold}; it must lie between 0 and 1")
    check_islands(islands)
    first = first_chunk(run)
    cells, begins = _cells_of_islands(first, islands, labels)
    kernel = partial(_means, cells=cells, begins=begins)
    table, frames = over_chunks(run["m"], kernel, first)
    means = table["mean"][:frames]

    dimension = frame_dimension(run)
    spin = _signs(np.einsum("fic,ic->fi", means[..., :2], islands["axis"].values))
    coherence = np.linalg.norm(means, axis=-1)
    over = (dimension, "island")
    found = xr.Dataset(
        {
            "macrospin": ((*over, "vdims"), means, {"units": "1"}),
            "spin": (over, spin, {"units": "1"}),
            "coherence": (over, coherence, {"units": "1"}),
            "has_wall": (over, coherence < coherence_threshold),
        },
        coords={
            dimension: run[dimension].isel({dimension: slice(frames)}),
            "vdims": ["x", "y", "z"],
            **{name: each for name, each in islands.coords.items() if each.dims == ("island",)},
        },
        attrs={"coherence_threshold": coherence_threshold}
        | {name: run.attrs[name] for name in ("run_id",) if name in run.attrs},
    )
    check_macrospins(found)
    return found


def flips(spin: xr.DataArray) -> xr.Dataset:
    """List the islands that are the other way round than in the frame before.

    Parameters
    ----------
    spin : (t | step, island) xarray.DataArray of int
        +1 and -1: `macrospins(...).spin`, or states of a reduced model.

    Returns
    -------
    xarray.Dataset
        Over flip, by frame and within a frame by island: `island`, its label; `frame`,
        the number of the first frame after the flip; `direction` (int8), the spin after
        it. The frame's `t` (s) or `step` is a coordinate over flip.

    Raises
    ------
    TypeError, ValueError
        If `spin` has other dimensions or other values.

    Examples
    --------
    >>> spin = xr.DataArray([[1, 1, 1], [1, -1, 1], [-1, 1, 1]], dims=("step", "island"))
    >>> found = flips(spin)
    >>> found.island.values.tolist(), found.frame.values.tolist(), found.direction.values.tolist()
    ([1, 0, 1], [1, 2, 2], [-1, -1, 1])
    """
    check_spins(spin)
    dimension = frame_dimension(spin)
    values = spin.transpose(dimension, "island").values
    before, place = np.nonzero(values[1:] != values[:-1])
    frame = before + 1
    return xr.Dataset(
        {
            "island": ("flip", spin["island"].values[place]),
            "frame": ("flip", frame),
            "direction": ("flip", values[frame, place].astype(np.int8), {"units": "1"}),
        },
        coords={dimension: ("flip", spin[dimension].values[frame], spin[dimension].attrs)},
    )


def _cells_of_islands(m: xr.DataArray, islands: xr.Dataset, labels: xr.DataArray) -> tuple[IntArray, IntArray]:
    """Cells of the islands, in one row, and where each island's begin."""
    if set(labels.dims) != {"x", "y", "z"}:
        raise ValueError(f"labels have the dimensions {labels.dims}; give SpinIce.labels() over x, y and z")
    for axis in "xyz":
        ours, theirs = labels[axis].values, m[axis].values
        if ours.shape != theirs.shape or not np.allclose(ours, theirs, rtol=0, atol=_tolerance(theirs)):
            raise ValueError(
                f"labels have {ours.size} cells along {axis} from {ours[0]} m, the run has {theirs.size} from "
                f"{theirs[0]} m; give the labels of the device that was run"
            )
    label = labels.transpose("x", "y", "z").values.ravel()
    order = np.argsort(label, kind="stable")
    edges = np.searchsorted(label[order], np.arange(islands.sizes["island"] + 1) + 1)
    sizes = np.diff(edges)
    if edges[-1] != label.size or (sizes == 0).any():
        without = int(np.argmin(sizes)) if (sizes == 0).any() else None
        fault = f"island {without} has no cell" if without is not None else f"labels go up to {label.max()}"
        raise ValueError(f"{fault}, of {sizes.size} islands; give labels and islands of one device")
    cells = order[edges[0] :]
    empty = ~np.isfinite(m.values[0].reshape(label.size, 3)[cells]).all(axis=1)
    if empty.any():
        island = int(label[cells][np.argmax(empty)]) - 1
        raise ValueError(f"run.m is NaN in a cell of island {island}; give the labels of the device that was run")
    return cells, edges[:-1] - edges[0]


def _tolerance(centres: npt.NDArray[np.floating]) -> float:
    """A hundredth of a cell."""
    return 0.01 * float(centres[1] - centres[0] if centres.size > 1 else 2 * centres[0])


def _means(m: npt.NDArray[np.floating], *, cells: IntArray, begins: IntArray) -> npt.NDArray[np.void]:
    """Mean vector of each island in some frames: one row a frame."""
    chosen = m.reshape(len(m), -1, 3)[:, cells]
    sizes = np.diff(np.append(begins, cells.size))
    table = np.empty(len(m), dtype=[("frame", np.int64), ("mean", np.float64, (begins.size, 3))])
    table["frame"] = np.arange(len(m))
    table["mean"] = np.add.reduceat(chosen, begins, axis=1, dtype=np.float64) / sizes[:, None]
    return table


def _signs(along: npt.NDArray[np.float64]) -> npt.NDArray[np.int8]:
    spin = np.where(np.abs(along) < _NO_PROJECTION, 0, np.sign(along)).astype(np.int8)
    for frame in np.flatnonzero((spin == 0).any(axis=1)):
        undecided = spin[frame] == 0
        spin[frame, undecided] = spin[frame - 1, undecided] if frame else 1
    return spin
