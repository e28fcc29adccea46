"""Skyrmions of a run: where each is, what it is, how it moves, when it comes and goes."""

from __future__ import annotations

import warnings
from functools import partial

import numpy as np
import numpy.typing as npt
import scipy
import xarray as xr

from analysis.chunks import first_chunk, over_chunks
from analysis.moving_windows import moves, window_positions
from analysis.schema import frame_dimension
from analysis.skyrmions.absence import NoSkyrmions, skyrmions_at_start, states_of, why_none
from analysis.skyrmions.events import EVENTS, find_events
from analysis.skyrmions.kernels import KINDS, OPEN, WHOLE, find
from analysis.skyrmions.linking import Hiding, Motion, estimate_motion, link
from analysis.skyrmions.schema import check_skyrmions
from analysis.swept_runs import run_by_run
from analysis.velocities import velocities

__all__ = ["find_skyrmions"]

Table = npt.NDArray[np.void]
IntArray = npt.NDArray[np.int64]

_KINDS = np.array(["", *KINDS])
_UNITS = {"x": "m", "y": "m", "charge_x": "m", "charge_y": "m", "radius": "m", "width": "m", "helicity": "rad",
          "polarity": "1", "charge": "1", "edge_distance": "m"}  # fmt: skip
# Cells: textures nearer to another, or smaller, may be measured wrongly.
_LEAST_GAP = 2.0
_LEAST_RADIUS = 1.5


@run_by_run
def find_skyrmions(
    run: xr.Dataset,
    *,
    background: int | None = None,
    max_displacement: float | None = None,
    memory: int = 2,
    threshold: float = 0.2,
) -> xr.Dataset:
    r"""Find every skyrmion of a run, follow it, and report what happened to it.

    In each frame every closed line m_z = 0 is found to a fraction of a cell, which gives
    textures with and without a charge (`find`). They are linked over the frames by
    assignment (`link`), and what came or went is compared with its neighbours and the edges
    (`find_events`).

    A lazy run is read chunk by chunk along its frames, each chunk once, as by `walls`. Where
    the cells are a moving window, places are in the track (window_position is added to x), whose
    ends are no edges.

    Parameters
    ----------
    run : xarray.Dataset
        A run in time or in field steps (see `check_run`), or a sweep's runs. Several layers are averaged.
    background : {1, -1}, optional
        Sign of m_z between the skyrmions. If absent, the sign of the mean at the magnet's edges in
        the first frame.
    max_displacement : float, optional
        Farthest in m from its expected place at which a skyrmion is looked for in the next
        frame. If absent it is learnt from the run (`estimate_motion`).
    memory : int
        For how many frames a skyrmion may be missing where it cannot be distinguished from another one, or from
        a domain at an edge.
    threshold : float
        Size that m_z, averaged over a cell and its neighbours, has to reach inside a closed line, between 0
        and 1; half of it where the moments turn around the line. What stays below is heat.

    Returns
    -------
    xarray.Dataset
        Over (t | step, skyrmion), in the order of birth and then along x, NaN or empty where a
        skyrmion is not there:

        - `x`, `y` (m): centre of the area inside m_z = 0; `charge_x`, `charge_y` (m): centre of
          the charge density (the guiding centre of Thiele's equation), NaN without a charge;
        - `radius` (m): of a circle of this area; `width` (m): Delta of the wall;
        - `helicity` (rad): angle of the moments in the wall less vorticity times polar angle, 0
          and pi of Neel skyrmions; `polarity`: sign of m_z in the centre;
        - `charge`: vorticity times m_z inside, a whole number;
        - `kind`: "skyrmion", "antiskyrmion", "skyrmionium", "bubble" (without a charge), "stripe
          domain" (long: 4 pi area / perimeter^2 below 1/2), or "cluster" (several in one line);
        - `edge_distance` (m): from the centre to the nearest edge or hole;
        - `resolved`: False if it is less than two cells from another one, smaller than 1.5 cells
          in radius, or a cluster: its numbers, and its name, may be wrong;
        - of a run in time `velocity_x`, `velocity_y` (m/s), centred differences.

        Over frames:

        - `number` of textures; `total_charge`: sum over the magnet by Berg and Luescher, mean of
          the layers; `edge_charge`: what closes it at edges (`analysis.topological_charge`);
        - `unaccounted_charge`: total and edge charge less the charges of the textures. It is 0
          where the number agrees with the charge. Lines that end at an edge are in no texture, nor are
          single cells that heat has turned over;
        - `wall_length` (m): of all lines m_z = 0; `state`: "uniform", "skyrmions", "domains"
          (lines that end at an edge, or long ones: stripes, a spiral), "skyrmions and domains",
          or "in the plane".

        Over event, in the order of time: `event_kind`, one of "creation", "annihilation",
        "splitting", "merging", "entering", "leaving" (by an edge), "closing", "opening" (from or to a
        domain at an edge) and "change" (of the charge); `event_frame`, the first frame after it, and the
        coordinate of the run there, `event_t` (s) or `event_step`; `event_x`, `event_y` (m);
        `event_skyrmion`; `event_other`, the one that it merged with or split from, else -1.

        If no frame has a skyrmion, attrs["no_skyrmions"] has the reason.

    Warns
    -----
    NoSkyrmions
        If no frame has one, though the run's device starts with some.

    Raises
    ------
    TypeError, ValueError
        If `run` is not a run, a frame before its end lacks cells, or a parameter is outside
        what is allowed.

    Examples
    --------
    >>> from analysis import artificial
    >>> found = find_skyrmions(artificial.skyrmions([[[60.3e-9, 64e-9]], [[69.3e-9, 64e-9]]]))
    >>> found.x.values[:, 0].round(11).tolist(), found.charge.values[:, 0].tolist()
    ([6.03e-08, 6.93e-08], [-1.0, -1.0])
    """
    if not 0 < threshold < 1:
        raise ValueError(f"threshold is {threshold}; it must lie between 0 and 1")
    if background not in (None, 1, -1):
        raise ValueError(
            f"background is {background!r}; it must be 1 or -1, the sign of m_z between skyrmions, or None"
        )
    if memory < 0:
        raise ValueError(f"memory is {memory}; it is a number of frames, 0 or more")
    if max_displacement is not None and not max_displacement > 0:
        raise ValueError(f"max_displacement is {max_displacement} m; it must be positive, or None")
    first = first_chunk(run)
    x, y = (run[axis].values.astype(np.float64) for axis in "xy")
    if min(x.size, y.size) < 2:
        raise ValueError(f"run has {x.size} x {y.size} cells along x and y; skyrmions need at least two along each")
    sign = _background(first[0].values) if background is None else background
    kernel = partial(find, x=x, y=y, background=sign, threshold=threshold, goes_on=moves(run))
    found, frames = over_chunks(run["m"], kernel, first)
    for name in ("x", "charge_x"):
        found[name] += window_positions(run)[found["frame"]]

    whole, textures = found[found["kind"] == WHOLE], found[found["kind"] >= 0]
    places = np.stack([textures["x"], textures["y"]], axis=1)
    sorts = (textures["frame"], places, textures["charge"], textures["radius"])
    motion = estimate_motion(*sorts, textures["edge_distance"])
    if max_displacement is not None:
        motion = Motion(motion.persistence, max_displacement)
    open_lines = found[found["kind"] == OPEN]
    middles = np.stack([open_lines["x"], open_lines["y"]], axis=1)
    hiding = Hiding(open_lines["frame"], middles, open_lines["radius"])
    identity = link(*sorts, motion, memory=memory, hiding=hiding)
    over = frame_dimension(run)
    axis = run[over].isel({over: slice(frames)})
    size = float(np.sqrt((x[1] - x[0]) * (y[1] - y[0])))
    events = find_events(textures, open_lines, identity, frames, size)
    result = _over_frames(whole, textures, open_lines, axis, over).merge(
        _over_skyrmions(textures, identity, axis, over, size)
    )
    result = result.merge(_over_events(events, axis, over))
    result.attrs = {name: run.attrs[name] for name in ("run_id",) if name in run.attrs}
    result.attrs |= {"background": sign, "max_displacement": motion.reach, "persistence": motion.persistence}
    result.attrs |= {"memory": memory, "threshold": threshold}
    check_skyrmions(result)
    if not textures.size:
        result.attrs["no_skyrmions"] = why = why_none(run, whole, sign, result)
        if skyrmions_at_start(run):
            message = f"find_skyrmions: run {run.attrs.get('run_id', '')} has no skyrmion: {why}"
            warnings.warn(message, NoSkyrmions, stacklevel=2)
    return result


def _background(m: npt.NDArray[np.floating]) -> int:
    m_z = np.asarray(m[..., 2], dtype=np.float64)
    magnet = np.isfinite(m_z)
    edge = magnet & ~scipy.ndimage.binary_erosion(magnet, np.ones((3, 3, 1)))
    mean = float(m_z[edge].mean())
    return 1 if mean >= 0 else -1


def _over_skyrmions(textures: Table, identity: IntArray, axis: xr.DataArray, over: str, cell: float) -> xr.Dataset:
    count = int(identity.max()) + 1 if identity.size else 0
    at = (textures["frame"], identity)
    grids = {name: np.full((axis.size, count), np.nan) for name in _UNITS}
    for name, grid in grids.items():
        grid[at] = textures[name]
    kind = np.zeros((axis.size, count), dtype=np.int64)
    kind[at] = textures["kind"] + 1
    resolved = np.zeros((axis.size, count), dtype=bool)
    apart = (textures["gap"] >= _LEAST_GAP * cell) & (textures["radius"] >= _LEAST_RADIUS * cell)
    resolved[at] = apart & (textures["kind"] != KINDS.index("cluster"))
    variables = {name: ((over, "skyrmion"), grid, {"units": _UNITS[name]}) for name, grid in grids.items()}
    if over == "t":
        for name in ("x", "y"):
            speed = velocities(axis.values, grids[name])
            variables[f"velocity_{name}"] = ((over, "skyrmion"), speed, {"units": "m/s"})
    return xr.Dataset(
        variables | {"kind": ((over, "skyrmion"), _KINDS[kind], {}), "resolved": ((over, "skyrmion"), resolved, {})},
        coords={over: axis, "skyrmion": np.arange(count)},
    )


def _over_frames(whole: Table, textures: Table, open_lines: Table, axis: xr.DataArray, over: str) -> xr.Dataset:
    whole = whole[: axis.size]
    count = np.bincount(textures["frame"], minlength=axis.size)[: axis.size]
    of_textures = np.bincount(textures["frame"], textures["charge"], minlength=axis.size)[: axis.size]
    unaccounted = whole["charge"] + whole["edge_charge"] - of_textures
    return xr.Dataset(
        {
            "number": (over, count.astype(np.int64)),
            "total_charge": (over, whole["charge"], {"units": "1"}),
            "edge_charge": (over, whole["edge_charge"], {"units": "1"}),
            "unaccounted_charge": (over, unaccounted, {"units": "1"}),
            "wall_length": (over, whole["length"], {"units": "m"}),
            "state": (over, states_of(whole, textures, open_lines)),
        },
        coords={over: axis},
    )


def _over_events(events: Table, axis: xr.DataArray, over: str) -> xr.Dataset:
    return xr.Dataset(
        {
            "event_kind": ("event", np.array(EVENTS)[events["kind"].astype(np.int64)]),
            "event_frame": ("event", events["frame"]),
            f"event_{over}": ("event", axis.values[events["frame"]], dict(axis.attrs)),
            "event_x": ("event", events["x"], {"units": "m"}),
            "event_y": ("event", events["y"], {"units": "m"}),
            "event_skyrmion": ("event", events["skyrmion"]),
            "event_other": ("event", events["other"]),
        }
    )
