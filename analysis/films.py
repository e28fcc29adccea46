"""A run as a film."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from analysis.applied_fields import applied_fields, frame_label
from analysis.magnetisation_images import (
    component_index,
    draw_image,
    draw_walls,
    frame_image,
    image_extent,
    panel_height,
    wall_line,
)
from analysis.moving_windows import moves
from analysis.schema import check_run, check_walls, frame_dimension

if TYPE_CHECKING:
    from matplotlib.animation import AbstractMovieWriter
    from matplotlib.figure import Figure

__all__ = ["film", "movie_writer"]

_DPI = 100


def film(
    run: xr.Dataset,
    path: str | Path,
    *,
    walls: xr.Dataset | None = None,
    component: str = "z",
    frames_per_second: int = 12,
    every: int = 1,
) -> Path:
    """Write the run as a GIF or MP4; the picture lies over ticks and a grid that a style draws inwards.

    Parameters
    ----------
    run : xarray.Dataset
        A run in time or in field steps; a lazy one is read frame by frame. The title has the
        time or the step, and the applied field where there is one. With a moving window x is
        along the track, and the title states where the window is.
    path : str or pathlib.Path
        File to write, ending in ".gif" (written by Pillow) or ".mp4" (by ffmpeg).
    walls : xarray.Dataset, optional
        Result of `analysis.walls` for it, for a run in time: drawn as dashed lines.
    component : {"x", "y", "z"}
        Component of m that gives the colour.
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
        If a Dataset is not what it should be, the file has another ending, or a number
        is not positive.
    RuntimeError
        If the path ends in ".mp4" and there is no ffmpeg.

    Examples
    --------
    >>> import tempfile
    >>> from analysis import artificial
    >>> run = artificial.domain_walls([[100e-9], [150e-9]])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     film(run, f"{folder}/wall.gif").name
    'wall.gif'
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    check_run(run, in_time=walls is not None)
    frames = frame_dimension(run)
    component_index(component)
    if walls is not None:
        check_walls(walls)
    if not frames_per_second > 0 or every < 1:
        raise ValueError(f"frames_per_second is {frames_per_second} and every is {every}; both must be positive")
    path = Path(path)
    writer = movie_writer(path, frames_per_second)
    # An even number of pixels, which MP4 needs.
    height = round((panel_height(run) + 0.85) * 50) / 50
    figure = _figure_as_drawn((6.4, height))
    canvas: Any = FigureCanvasAgg(figure)
    ax = figure.subplots()
    image = draw_image(ax, run, frame_image(run, 0, component), 0)
    lines = [] if walls is None else draw_walls(ax, run, walls, 0)
    ax.set_xlabel("x (nm)")
    ax.set_ylabel("y (nm)")
    ax.locator_params(axis="y", nbins=3)
    figure.colorbar(image, ax=ax, aspect=10, pad=0.015, ticks=[-1, 0, 1]).set_label(f"$m_{component}$")
    fields = applied_fields(run, frames)
    title = ax.set_title(frame_label(run, frames, fields, 0), fontsize="medium", loc="left")
    # Laid out once: nothing shifts from frame to frame, and it takes as long as to draw one.
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    changing = [image, *lines, *ax.spines.values(), title]
    for artist in changing:
        artist.set_animated(not moves(run))
    canvas.draw()
    still = canvas.copy_from_bbox(figure.bbox)
    with writer.saving(figure, str(path), dpi=_DPI):
        for frame in range(0, run.sizes[frames], every):
            image.set_data(frame_image(run, frame, component))
            for wall, line in enumerate(lines):
                assert walls is not None
                line.set_data(*wall_line(run, walls, frame, wall))
            title.set_text(frame_label(run, frames, fields, frame))
            if moves(run):
                image.set_extent(extent := image_extent(run, frame))
                ax.set_xlim(extent[:2])
                canvas.draw()
            else:
                # Ticks and labels stay, and take most of the time to draw.
                canvas.restore_region(still)
                for artist in changing:
                    ax.draw_artist(artist)
            writer.grab_frame()
    return path


def _figure_as_drawn(size: tuple[float, float]) -> Figure:
    """Give a figure that is saved as it is on its canvas, in RGBA, and not drawn for that."""
    from matplotlib.figure import Figure

    class Drawn(Figure):
        canvas: Any

        def savefig(self, fname: Any, **_: Any) -> None:
            fname.write(self.canvas.buffer_rgba())

    return Drawn(figsize=size, dpi=_DPI, layout="constrained")


def movie_writer(path: Path, frames_per_second: int) -> AbstractMovieWriter:
    """Choose what writes a film by the ending of its file, ".gif" or ".mp4".

    A ValueError for another ending, a RuntimeError if it is ".mp4" and there is no ffmpeg.
    """
    from matplotlib.animation import FFMpegWriter, PillowWriter

    if path.suffix == ".gif":
        return PillowWriter(fps=frames_per_second)
    if path.suffix != ".mp4":
        raise ValueError(f"path is {str(path)!r}; a film's name ends in '.gif' or '.mp4'")
    if not FFMpegWriter.isAvailable():
        raise RuntimeError(
            f"{str(path)!r} needs ffmpeg, which is not on the path: install it "
            "(conda install -c conda-forge ffmpeg), or write a '.gif'"
        )
    return FFMpegWriter(fps=frames_per_second)
