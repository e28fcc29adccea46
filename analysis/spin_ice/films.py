"""The states of a spin ice as a film."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.applied_fields import frame_label
from analysis.films import movie_writer
from analysis.schema import frame_dimension
from analysis.spin_ice.images import (
    arrow_vectors,
    charge_sizes,
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
from analysis.spin_ice.island_chains import dirac_strings
from analysis.spin_ice.schema import check_islands, check_spins

__all__ = ["film_spins"]


def film_spins(
    spin: xr.DataArray,
    islands: xr.Dataset,
    path: str | Path,
    *,
    charges: str | None = "monopole",
    reference: xr.DataArray | None = None,
    applied_field: xr.DataArray | None = None,
    frames_per_second: int = 6,
    every: int = 1,
) -> Path:
    """Write the states of a spin ice as a GIF or MP4.

    Parameters
    ----------
    spin : (t | step, island) xarray.DataArray of int
        +1 and -1: `macrospins(...).spin`, or states of a reduced model.
    islands : xarray.Dataset
        The lattice, `SpinIce.islands(material)`.
    path : str or pathlib.Path
        File to write, ending in ".gif" (written by Pillow) or ".mp4" (by ffmpeg).
    charges : {"monopole", "vertex", None}
        Quantity that the circles at vertices show, as in `plot_spins`.
    reference : (island,) xarray.DataArray of int, optional
        State since which Dirac strings are drawn; none are if left out.
    applied_field : (t | step, vdims) xarray.DataArray, optional
        Field strength in A/m in every frame, `run["applied_field"]`: it is in the title.
    frames_per_second : int
        Speed of the film.
    every : int
        Show every this many frames.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    TypeError, ValueError
        If `islands` is no lattice, a state is not one of its islands, the field has other
        frames, the file has another ending, or a number is not positive.
    RuntimeError
        If the path ends in ".mp4" and there is no ffmpeg.

    Examples
    --------
    >>> import tempfile
    >>> from geometries import Material, SpinIce
    >>> ice = SpinIce(
    ...     lattice={"kind": "square", "columns": 1, "rows": 1, "lattice_constant": "180 nm"},
    ...     island={"length": "120 nm", "width": "40 nm"}, thickness="10 nm", cell=("10 nm", "10 nm", "10 nm"),
    ... )
    >>> islands = ice.islands(Material(name="soft", Ms=8e5, A=1.3e-11, alpha=0.1))
    >>> spin = xr.DataArray([[1, 1, 1, 1], [1, -1, 1, 1]], dims=("step", "island"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     film_spins(spin, islands, f"{folder}/ice.gif").name
    'ice.gif'
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    check_islands(islands)
    check_spins(spin, islands)
    check_charges(charges)
    dimension = frame_dimension(spin)
    if set(spin.dims) != {dimension, "island"} or not spin.sizes[dimension]:
        raise ValueError(f"spin has the dimensions {dict(spin.sizes)}; a film needs frames over (t | step, island)")
    if not frames_per_second > 0 or every < 1:
        raise ValueError(f"frames_per_second is {frames_per_second} and every is {every}; both must be positive")
    fields = None if applied_field is None else _fields(applied_field, dimension, spin.sizes[dimension])
    path = Path(path)
    writer = movie_writer(path, frames_per_second)
    frames = spin.transpose(dimension, "island")
    figure, ax = new_figure(islands)
    FigureCanvasAgg(figure)
    drawn = draw_islands(ax, islands, "none")
    arrows = draw_arrows(ax, frames[0].values, islands)
    lines = None if reference is None else draw_strings(ax, [], islands)
    circles = None if charges is None else draw_charges(ax, frames[0].compute(), islands, charges)
    frame_axes(ax, islands)
    draw_wheel(ax)
    legend_charges(ax, charges, reference is not None)
    ax.set_title(frame_label(spin, dimension, fields, 0), fontsize="medium", loc="left")
    # Laid out once, so that nothing shifts from frame to frame.
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    with writer.saving(figure, str(path), dpi=100):
        for frame in range(0, len(frames), every):
            state = frames[frame].drop_vars(dimension, errors="ignore").compute()
            drawn.set_facecolor(list(map(tuple, direction_colours(state.values, islands))))
            if arrows is not None:
                arrows.set_UVC(*arrow_vectors(state.values, islands).T)
            if circles is not None and charges is not None:
                sizes, colours = charge_sizes(state, islands, charges)
                circles.set_sizes(sizes)
                circles.set_facecolor(colours)
            if lines is not None and reference is not None:
                lines.set_segments(string_lines(dirac_strings(state, reference, islands), islands))
            ax.set_title(frame_label(spin, dimension, fields, frame), fontsize="medium", loc="left")
            writer.grab_frame()
    return path


def _fields(applied_field: xr.DataArray, dimension: str, frames: int) -> npt.NDArray[np.float64]:
    if set(applied_field.dims) != {dimension, "vdims"} or dict(applied_field.sizes) != {dimension: frames, "vdims": 3}:
        raise ValueError(
            f"applied_field has the dimensions {dict(applied_field.sizes)}; give the three components in each of the "
            f"{frames} frames, over ({dimension}, vdims)"
        )
    return np.asarray(applied_field.transpose(dimension, "vdims").values, dtype=np.float64)
