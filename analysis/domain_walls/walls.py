"""Domain walls of a run: where each is, how it moves, when it comes and goes."""

from __future__ import annotations

import warnings
from functools import partial

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.chunks import first_chunk, over_chunks
from analysis.domain_walls.absence import NoWalls, walls_at_start, why_none
from analysis.domain_walls.continuation import check_continues, from_last_frame, join
from analysis.domain_walls.kernels import find, main_component
from analysis.domain_walls.kinds import KINDS
from analysis.domain_walls.linking import ends_of_walls, link
from analysis.moving_windows import window_positions
from analysis.schema import check_walls
from analysis.swept_runs import run_by_run
from analysis.velocities import velocities

__all__ = ["walls"]

_CORE = {"core_x": "m", "core_y": "m", "core_mz": "1", "circulation": "1"}
_KINDS = np.array(["", *KINDS])


@run_by_run
def walls(
    run: xr.Dataset,
    *,
    component: str | None = None,
    max_displacement: float | None = None,
    threshold: float = 0.2,
    earlier: xr.Dataset | None = None,
) -> xr.Dataset:
    """Extract every domain wall of a stripe along x.

    Walls are located in each frame, measured there to a fraction of a cell, and
    linked over the frames (`locate`, `measure`, `link`, which see).

    A lazy run is read chunk by chunk along t, each chunk once, by dask's scheduler
    of the moment: threads, or the workers of a distributed client. Every worker
    holds one chunk; what grows with the run is a table with 74 bytes for a wall and
    frame, and the result. The result does not depend on chunks or scheduler.

    A run that is still being written is taken as far as it is there: the result
    ends before frames at the end that have no numbers yet. Opened again when it is
    longer, it gives the same values for the same times and walls, except what the
    next frame decides: `velocity` in the last frame, and `exit` and `exit_at` of the
    walls that were in it. With `earlier` the frames before that are not read again.

    If the cells are a moving window, places are in the track: window_position is added to
    them, and the ends at which a wall comes or goes are the window's.

    Parameters
    ----------
    run : xarray.Dataset
        A run (see `check_run`), or a sweep's runs, as `solitons.open_campaign` opens them: swept dimensions stay.
    component : {"z", "x"}, optional
        The component of m that changes sign: "z" for perpendicular walls, "x" for
        head-to-head walls. If absent, the one that is larger in size in the first
        frame.
    max_displacement : float, optional
        Furthest in m that a wall may move from one frame to the next. If absent
        there is no limit: order and polarity alone decide. Give one where walls
        are born and leave between the same two frames.
    threshold : float
        Size that the component, averaged over the width, must reach in a domain;
        between 0 and 1. Larger values take narrow domains for none.
    earlier : xarray.Dataset, optional
        Result of `walls` for the same run when it was shorter, with the same
        parameters. The result is the one without it, but only from its last frame
        on, in which the walls must be found again, is the run read.

    Returns
    -------
    xarray.Dataset
        Over (t, wall), NaN where a wall is not there: `position` (m), mean over
        the magnet's rows; `angle` (rad), of the transverse moment of the wall, in
        (-pi, pi], not unwrapped: in the plane from +x for perpendicular walls,
        around the stripe's axis from +y for head-to-head walls; `width` (m), the
        Bloch parameter Delta across the wall's normal; `velocity` (m/s), centred
        differences of the position, one-sided in a wall's first and last frame;
        `tilt` (rad), arc tangent of dq/dy;
        `kind`, one of "bloch", "neel", "transverse", "vortex" and "antivortex", empty
        where the wall is not there (by the rule of `classify`);
        `core_x` and `core_y` (m), `core_mz` and `circulation` (+1 anticlockwise) of a
        vortex or antivortex in a head-to-head wall, NaN in others. The `angle` of a
        vortex wall, whose moments cancel, carries no information.
        Over wall, in the order of birth and then along x: `polarity`, +1 where the
        component goes from - to + with x; `birth` (s), the first frame in which
        it is there, NaN if that is the first of the run; `exit` (s), the first
        frame in which it is there no more, NaN if it stays to the last;
        `birth_at` and `exit_at`, one of "left end", "right end", "pair" and
        "unknown", empty where there is no birth or exit.
        If no frame has a wall, attrs["no_walls"] has the reason.

    Warns
    -----
    NoWalls
        If no frame has a wall, though the run's device starts with one: a relaxation
        may drive it out.

    Raises
    ------
    TypeError, ValueError
        If `run` is not a run, a frame before its end lacks cells, a parameter is
        outside what is allowed, or `earlier` is not of this run.

    Examples
    --------
    >>> from analysis import artificial
    >>> found = walls(artificial.domain_walls([[101e-9], [55e-9], [-20e-9]]))
    >>> found.position.values[:2, 0].round(12).tolist()
    [1.01e-07, 5.5e-08]
    >>> float(found.exit[0]), str(found.exit_at[0].values)
    (2e-10, 'left end')
    """
    if earlier is not None:
        run = from_last_frame(run, earlier)
        component = earlier.attrs.get("component") if component is None else component
    first = first_chunk(run, in_time=True)
    component = main_component(first.values) if component is None else component
    if component not in ("x", "z"):
        raise ValueError(f"component is {component!r}; it must be 'z' (perpendicular) or 'x' (head-to-head)")
    if not 0.0 < threshold < 1.0:
        raise ValueError(f"threshold is {threshold}; it must lie between 0 and 1")
    x, y = (run[axis].values.astype(np.float64) for axis in ("x", "y"))
    if x.size < 2:
        raise ValueError("run.x has a single cell; a wall along x needs at least two")
    half_cell = (x[1] - x[0]) / 2
    ends = (float(x[0] - half_cell), float(x[-1] + half_cell))
    reach = ends[1] - ends[0] if max_displacement is None else max_displacement
    if not reach > 0.0:
        raise ValueError(f"max_displacement is {max_displacement} m; it must be positive, or None")

    attributes = {name: run.attrs[name] for name in ("run_id",) if name in run.attrs}
    attributes |= {"component": component, "max_displacement": reach, "threshold": threshold}
    if earlier is not None:
        check_continues(earlier, attributes)

    kernel = partial(find, x=x, y=y, axis="xyz".index(component), threshold=threshold)
    found, frames = over_chunks(run["m"], kernel, first)
    window = window_positions(run)
    for name in ("position", "core_x"):
        found[name] += window[found["frame"]]
    identity = link(found["frame"], found["position"], found["polarity"], reach)
    t = run["t"].isel(t=slice(frames))
    observed = _over_time_and_walls(t, found, identity)
    for name, at, edge in (("birth", "first", 0), ("exit", "last", frames - 1)):
        frame, place = ends_of_walls(found["frame"], found["position"], identity, ends, reach, at, window)
        marked = frame != edge
        # A wall has left by the frame after the one in which it was last seen.
        seen = np.where(marked, frame + (at == "last"), 0)
        observed[name] = ("wall", np.where(marked, t.values[seen], np.nan), {"units": "s"})
        observed[f"{name}_at"] = ("wall", np.where(marked, place, ""))
    observed.attrs |= attributes
    if earlier is not None:
        observed = join(earlier, observed, x[1] - x[0])
        observed["velocity"] = observed["velocity"].copy(
            data=velocities(observed["t"].values, observed["position"].values)
        )
    check_walls(observed)
    if not observed.sizes["wall"]:
        observed.attrs["no_walls"] = why = why_none(run, first, "xyz".index(component), threshold)
        if walls_at_start(run):
            warnings.warn(f"walls: run {run.attrs.get('run_id', '')} has no domain wall: {why}", NoWalls, stacklevel=2)
    return observed


def _over_time_and_walls(t: xr.DataArray, found: npt.NDArray[np.void], identity: npt.NDArray[np.int64]) -> xr.Dataset:
    count = int(identity.max()) + 1 if identity.size else 0
    grids = {}
    for name in ("position", "angle", "width", "tilt"):
        grids[name] = np.full((t.size, count), np.nan)
        grids[name][found["frame"], identity] = found[name]
    for name in _CORE:
        grids[name] = np.full((t.size, count), np.nan)
        grids[name][found["frame"], identity] = found[name]
    grids["velocity"] = velocities(t.values, grids["position"])
    kind = np.zeros((t.size, count), dtype=np.int8)
    kind[found["frame"], identity] = found["kind"]
    polarity = np.zeros(count, dtype=np.int64)
    polarity[identity] = found["polarity"]
    units = {"position": "m", "angle": "rad", "width": "m", "velocity": "m/s", "tilt": "rad"} | _CORE
    return xr.Dataset(
        {name: (("t", "wall"), grids[name], {"units": unit}) for name, unit in units.items()}
        | {"kind": (("t", "wall"), _KINDS[kind]), "polarity": ("wall", polarity)},
        coords={"t": t, "wall": np.arange(count)},
    )
