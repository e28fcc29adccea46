"""Magnetisation loops: what a magnet does in a field that goes up and down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.applied_fields import applied_fields, axis_in_words, field_line
from analysis.magnetisation_images import COLOURS
from analysis.schema import frame_dimension

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_JUMP = 3.0
"""By how many of the other steps a first step must be larger to be no branch of the loop."""

__all__ = ["plot_loop"]


def plot_loop(run: xr.Dataset, *, direction: npt.ArrayLike | None = None, ax: Axes | None = None) -> Axes:
    """Draw the mean magnetisation along the field against the field.

    Parameters
    ----------
    run : xarray.Dataset
        A run in field steps or in time with `applied_field`, or a drive of a
        HysteresisDriver as `runs.reading.open_drive` reads it; with `mx`, `my`, `mz`, or
        with `m`, from which they are computed.
    direction : array_like of 3 floats, optional
        Both are taken along it. If absent, the line along which the fields lie.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on.

    Returns
    -------
    matplotlib.axes.Axes
        A diamond marks the first state; branches with rising and with falling field have
        colours of their own.

    Raises
    ------
    TypeError, ValueError
        If `run` has nothing of a field or of the magnetisation, the fields have no line in
        common and no direction is given, or that has no length.

    Examples
    --------
    >>> from analysis import artificial
    >>> run = artificial.domain_walls([[100e-9], [256e-9], [400e-9]], component="x")
    >>> run["applied_field"][:, 0] = [-1e4, 0.0, 1e4]
    >>> plot_loop(run).get_xlabel()
    'H along x (kA/m)'
    """
    frames = frame_dimension(run)
    fields = applied_fields(run, frames)
    if fields is None:
        raise ValueError(
            "run has no field; a loop needs applied_field over its frames in A/m, or the columns "
            "Bx_hysteresis, By_hysteresis and Bz_hysteresis of a HysteresisDriver's table"
        )
    if direction is None:
        line = field_line(fields)
        if line is None:
            raise ValueError(
                f"run has {'fields that lie along no common line' if fields.any() else 'no field in any frame'}; give "
                "the direction along which field and magnetisation are taken, such as direction=(1, 0, 0)"
            )
    else:
        line = np.asarray(direction, dtype=np.float64)
        if line.shape != (3,) or not np.isfinite(line).all() or not line.any():
            raise ValueError(f"direction is {direction!r}; give three numbers that are not all 0, such as (1, 0, 0)")
        line = line / np.linalg.norm(line)
    field, moment = fields @ line, _mean_moments(run, frames) @ line
    scale, unit = (1e-6, "MA/m") if np.abs(field).max() >= 1e6 else (1e-3, "kA/m")
    if ax is None:
        from matplotlib.figure import Figure

        ax = Figure(figsize=(5.2, 3.8), layout="constrained").subplots()
    ax.axhline(0.0, color="0.85", linewidth=0.8, zorder=0)
    ax.axvline(0.0, color="0.85", linewidth=0.8, zorder=0)
    change = np.diff(field)
    # A loop begins at its largest field, to which no branch leads from the first state.
    if change.size > 2 and abs(change[0]) > _JUMP * np.abs(change[1:]).max():
        ax.plot(field[:2] * scale, moment[:2], ":", color="0.6", linewidth=1.0)
        change[0] = 0.0
    for rising, label, colour in ((True, "rising field", COLOURS[1]), (False, "falling field", COLOURS[0])):
        chosen = np.flatnonzero(change > 0 if rising else change < 0)
        if chosen.size:
            # Every branch with the state in which it begins; a gap before the next.
            ends = np.stack([chosen, chosen + 1, np.full(chosen.size, -1)], axis=1).ravel()
            x, y = (np.where(ends < 0, np.nan, values[ends]) for values in (field * scale, moment))
            ax.plot(x, y, "-", color=colour, linewidth=1.4, label=label)
            ax.plot(field[chosen + 1] * scale, moment[chosen + 1], ".", color=colour, markersize=4)
    ax.plot(field[0] * scale, moment[0], "D", color="0.35", markersize=5, label="first state")
    where = axis_in_words(line)
    ax.set_xlabel(f"H {where} ({unit})")
    ax.set_ylabel(f"mean m {where}")
    ax.set_ylim(min(-1.05, float(np.nanmin(moment))), max(1.05, float(np.nanmax(moment))))
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, fontsize="small")
    return ax


def _mean_moments(run: xr.Dataset, frames: str) -> npt.NDArray[np.float64]:
    if all(f"m{axis}" in run for axis in "xyz"):
        return np.stack([np.asarray(run[f"m{axis}"].values, dtype=np.float64) for axis in "xyz"], axis=-1)
    if "m" not in run:
        raise ValueError("run has neither mx, my and mz nor m; a loop needs the mean magnetisation of every frame")
    return np.asarray(run["m"].mean(("x", "y", "z")).transpose(frames, "vdims").values, dtype=np.float64)
