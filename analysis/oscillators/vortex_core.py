"""The core of a vortex: where it is to a tenth of a cell, its polarity, when it reverses or leaves, how it gyrates."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy
import xarray as xr

from analysis.frame_blocks import frame_blocks
from analysis.schema import Variable, check_run, check_variables
from analysis.swept_runs import run_by_run
from analysis.winding import winding

__all__ = ["gyration", "vortex_core"]

FloatArray = npt.NDArray[np.float64]
_UNITS = {"x": "m", "y": "m", "radius": "m", "angle": "rad", "polarity": "1", "circulation": "1"}
# Cells on each side of the four around the core, for the fit; where the magnet ends there are fewer.
_AROUND = 1
_FEWEST_CELLS = 7


@run_by_run
def vortex_core(run: xr.Dataset) -> xr.Dataset:
    r"""Follow the core of the vortex in a disc, or in any film.

    Among each four cells around which m turns once in the plane, the core is in those where \|m_z\| is largest. There

    .. math:: w = (m_x + i m_y) / (1 + p\, m_z)

    is fitted by a parabola over sixteen cells, and its zero is the core: nearly linear in x and y, w has no
    lattice in it, unlike the largest m_z. Several layers are averaged. `run` is in time, or a sweep of such runs.

    Returns
    -------
    xarray.Dataset
        Over t, NaN from the first frame without a core on: `x`, `y` (m), the core; `radius` (m) and `angle` (rad,
        without jumps) from the magnet's middle; `polarity` (1 or -1: m_z of the core) and `circulation` (1:
        counterclockwise seen from +z, or -1). `present` is whether any core is in the frame, also after one has left.

        Over event: `event_kind` ("reversal": the polarity has changed; "expulsion": no core is there any more),
        `event_frame` and `event_t` (s), the first frame after it. attrs: `run_id`, and of the magnet from above
        `middle_x`, `middle_y`, `outer_radius` (m; half its size along x).

    Raises
    ------
    TypeError, ValueError
        If `run` is not a run in time, or has fewer than four cells along x or y.

    Examples
    --------
    >>> from analysis.artificial_runs import complete_run
    >>> from geometries import Vortex
    >>> x = np.linspace(-98e-9, 98e-9, 50)
    >>> m = Vortex(offset=(20e-9, 0)).magnetisation(x, x, (200e-9, 200e-9), 6e-9)
    >>> run = complete_run(m[None, :, :, None], np.zeros(1), (x, x, np.zeros(1)), {}, kind="vortex")
    >>> core = vortex_core(run)
    >>> core.radius.values.round(10).tolist(), core.polarity.values.tolist()
    ([2e-08], [1.0])
    """
    check_run(run, in_time=True)
    x, y = (run[axis].values.astype(np.float64) for axis in "xy")
    if min(x.size, y.size) < 4:
        raise ValueError(f"run has {x.size} x {y.size} cells along x and y; a vortex needs four along each")
    i, j = np.nonzero(np.isfinite(run["m"][0].values[..., 0]).any(axis=2))
    middle = np.array([x[i].mean(), y[j].mean()])
    rows = np.full((run.sizes["t"], 4), np.nan)
    for first, block in frame_blocks(run["m"]):
        for frame, m in enumerate(block, first):
            rows[frame] = _in_frame(m.astype(np.float64).mean(axis=2), x, y)
    present = np.isfinite(rows[:, 0])
    gone = int(np.argmin(present)) if not present.all() else len(rows)
    rows[gone:] = np.nan
    dx, dy = rows[:, 0] - middle[0], rows[:, 1] - middle[1]
    reversals = 1 + np.flatnonzero(np.diff(rows[:gone, 2]))
    events = sorted([(int(frame), "reversal") for frame in reversals] + [(gone, "expulsion")] * (0 < gone < len(rows)))
    columns = (rows[:, 0], rows[:, 1], np.hypot(dx, dy), np.unwrap(np.arctan2(dy, dx)), rows[:, 2], rows[:, 3])
    named = zip(_UNITS.items(), columns, strict=True)
    found = xr.Dataset(
        {name: ("t", values, {"units": unit}) for (name, unit), values in named}
        | {
            "present": ("t", present),
            "event_kind": ("event", np.array([kind for _, kind in events], dtype=np.str_)),
            "event_frame": ("event", np.array([frame for frame, _ in events], dtype=np.int64)),
            "event_t": ("event", run["t"].values[[frame for frame, _ in events]], {"units": "s"}),
        },
        coords={"t": run["t"]},
    )
    found.attrs = {name: run.attrs[name] for name in ("run_id",) if name in run.attrs}
    outer = float((x[i].max() - x[i].min() + x[1] - x[0]) / 2)
    return found.assign_attrs(middle_x=float(middle[0]), middle_y=float(middle[1]), outer_radius=outer)


def gyration(core: xr.Dataset) -> xr.Dataset:
    """Measure each whole turn of a core about the magnet's middle.

    A turn ends where the angle has grown by 2 pi since its begin, between frames; steps of the mesh, which pull the
    core four times a turn, are averaged out. `core` is from `vortex_core`; ``core.sel(t=slice(begin, end))`` is an
    interval of it.

    Returns
    -------
    xarray.Dataset
        Over turn: `t` (s, its middle), `radius` (m, mean over the turn) and `frequency` (Hz). attrs: `sense` (1:
        counterclockwise seen from +z, -1: clockwise), which is right where there are more than two frames a turn.

    Examples
    --------
    >>> t = np.arange(100) * 1e-10
    >>> core = xr.Dataset({"angle": ("t", -np.pi * 1e9 * t), "radius": ("t", 0 * t + 20e-9)}, {"t": t})
    >>> each = gyration(core)
    >>> each.sizes["turn"], round(float(each.frequency.mean()) / 1e9, 3), each.sense
    (4, 0.5, -1)
    """
    check_variables("core", core, {name: Variable(("t",)) for name in ("radius", "angle")})
    there = np.isfinite(core["angle"].values)
    t, angle, radius = (core[name].values[there] for name in ("t", "angle", "radius"))
    times, radii, sense = np.zeros(0), np.zeros(0), 1
    if t.size > 1:
        sense = 1 if angle[-1] >= angle[0] else -1
        # A core that hesitates turns back a little; it has passed an angle when it does so first.
        passed = np.maximum.accumulate(sense * (angle - angle[0]))
        marks = 2 * np.pi * np.arange(np.floor(passed[-1] / (2 * np.pi) + 1e-9) + 1)
        rising = np.concatenate([[True], np.diff(passed) > 0])
        times = np.interp(marks, passed[rising], t[rising])
        area = scipy.integrate.cumulative_trapezoid(radius, t, initial=0)
        radii = np.diff(np.interp(times, t, area)) / np.diff(times)
    return xr.Dataset(
        {"radius": ("turn", radii, {"units": "m"}), "frequency": ("turn", 1 / np.diff(times), {"units": "Hz"})},
        coords={"t": ("turn", (times[1:] + times[:-1]) / 2, {"units": "s"})},
        attrs={"sense": sense},
    )


def _in_frame(m: FloatArray, x: FloatArray, y: FloatArray) -> tuple[float, float, float, float]:
    """Place, polarity and circulation of the core in m (x, y, 3), NaN without one."""
    cores = np.argwhere(winding(m) == 1)
    if not len(cores):
        return (np.nan,) * 4
    heights = [float(m[i : i + 2, j : j + 2, 2].mean()) for i, j in cores]
    best = int(np.argmax(np.abs(heights)))
    (i, j), polarity = cores[best], float(np.sign(heights[best]) or 1.0)
    square = np.s_[max(i - _AROUND, 0) : i + 2 + _AROUND, max(j - _AROUND, 0) : j + 2 + _AROUND]
    near = m[square]
    cell = np.array([x[1] - x[0], y[1] - y[0]])
    corner = np.array([x[i], y[j]]) + cell / 2
    away = ((x[square[0]] - corner[0]) / cell[0], (y[square[1]] - corner[1]) / cell[1])
    u, v = np.meshgrid(*away, indexing="ij")
    inside = np.isfinite(near[..., 0])
    place = corner + cell * _zero(u[inside], v[inside], near[inside], polarity)
    dx, dy = x[:, None] - place[0], y[None, :] - place[1]
    turning = np.nansum(dx * m[..., 1] - dy * m[..., 0])
    return place[0], place[1], polarity, float(np.sign(turning) or 1.0)


def _zero(u: FloatArray, v: FloatArray, m: FloatArray, polarity: float) -> FloatArray:
    """Where (m_x + i m_y) / (1 + p m_z) is 0, in cells from the middle of the four."""
    w = (m[:, 0] + 1j * m[:, 1]) / np.maximum(1 + polarity * m[:, 2], 0.1)
    weight = np.exp(-(u**2 + v**2) / 4)

    def terms(u: FloatArray, v: FloatArray) -> FloatArray:
        return np.stack([np.ones_like(u), u, v, u * u, u * v, v * v][: 6 if w.size >= _FEWEST_CELLS else 3], axis=-1)

    fitted = np.linalg.lstsq(weight[:, None] * terms(u, v), weight * w, rcond=None)[0]

    def value(place: FloatArray) -> FloatArray:
        found = terms(*place) @ fitted
        return np.array([found.real, found.imag])

    # The turn around the four cells shows that the core is between them; half a cell more is the fit's.
    return np.asarray(np.clip(scipy.optimize.root(value, np.zeros(2), tol=1e-12).x, -1.0, 1.0))
