"""Pulse by pulse: what each current pulse did to walls and conductance."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.schema import check_junction, check_pulses, check_run, check_walls, current_density_of

__all__ = ["pulses"]

FloatArray = npt.NDArray[np.float64]


def pulses(
    run: xr.Dataset,
    walls: xr.Dataset | None = None,
    junction: xr.Dataset | None = None,
    *,
    pulse_edges: npt.ArrayLike | None = None,
) -> xr.Dataset:
    """Summarise a run pulse by pulse.

    Parameters
    ----------
    run : xarray.Dataset
        A run with `current_density`.
    walls : xarray.Dataset, optional
        Result of `analysis.walls` for it.
    junction : xarray.Dataset, optional
        Result of `analysis.tunnel_junction` for it.
    pulse_edges : (pulse, 2) array_like of float, optional
        Start and end of every pulse in s, from the protocol. If absent they are
        read from the frames of `current_density`: a pulse is where the current
        flows in one direction; an edge that takes several frames lies where half
        the pulse's amplitude is crossed, one that takes a single interval on its later
        frame. Such edges are exact where the current jumps on a frame, and
        otherwise late by up to the interval between two frames.

    Returns
    -------
    xarray.Dataset
        Over pulse (0, 1, ...): `start`, `end` and `rest_end` (s), where the rest
        ends with the next pulse or the last frame; `amplitude` (A/m2), the current
        density of largest size in the pulse, with its sign.
        With `walls`, over (pulse, wall): `displacement` (m), from start to end, and
        `rest_displacement` (m), from end to rest_end; NaN where the wall is not there
        all the while. With `junction`: `conductance` (S) at the end of the rest; in
        attrs `initial_conductance` (S), at the start of the first pulse.
        Between two frames, positions and conductances are interpolated linearly.

    Raises
    ------
    TypeError, ValueError
        If a Dataset is not what it should be, the times of `walls` or `junction` are
        not the run's, or the pulse edges do not rise or lie outside the run.

    Examples
    --------
    >>> from analysis import artificial
    >>> from analysis import walls as extract_walls
    >>> run = artificial.domain_walls(
    ...     [100e-9, 120e-9, 121e-9, 141e-9, 142e-9], current_density=[-1e12, 0, -1e12, 0, 0]
    ... )
    >>> found = pulses(run, extract_walls(run))
    >>> (found.displacement[:, 0] * 1e9).round(6).values.tolist()
    [20.0, 20.0]
    >>> found.start.values.tolist(), found.rest_end.values.tolist()
    ([0.0, 2e-10], [2e-10, 4e-10])
    """
    check_run(run, in_time=True)
    current = current_density_of(run, purpose="a pulse summary")
    t = run["t"].values.astype(np.float64)
    edges = _edges_of_frames(t, current) if pulse_edges is None else _given_edges(t, pulse_edges)
    start, end = edges[:, 0], edges[:, 1]
    rest_end = np.append(start[1:], t[-1:])[: len(start)]
    observed = xr.Dataset(
        {
            "start": ("pulse", start, {"units": "s"}),
            "end": ("pulse", end, {"units": "s"}),
            "rest_end": ("pulse", rest_end, {"units": "s"}),
            "amplitude": ("pulse", _amplitudes(t, current, edges), {"units": "A/m^2"}),
        },
        coords={"pulse": np.arange(len(start))},
    )
    if walls is not None:
        check_walls(walls)
        _check_times("walls", walls, t)
        at_start, at_end, at_rest_end = (
            _at_times(walls["position"].values, t, times) for times in (start, end, rest_end)
        )
        dims = ("pulse", "wall")
        observed["displacement"] = (dims, at_end - at_start, {"units": "m"})
        observed["rest_displacement"] = (dims, at_rest_end - at_end, {"units": "m"})
        observed = observed.assign_coords(wall=walls["wall"])
    if junction is not None:
        check_junction(junction)
        _check_times("junction", junction, t)
        conductance = junction["conductance"].values
        observed["conductance"] = ("pulse", np.interp(rest_end, t, conductance), {"units": "S"})
        if start.size:
            observed.attrs["initial_conductance"] = float(np.interp(start[0], t, conductance))
    check_pulses(observed)
    return observed


def _edges_of_frames(t: FloatArray, current: FloatArray) -> FloatArray:
    # Rounding in a drive's table is not a current.
    level = np.where(np.abs(current) > 1e-6 * np.abs(current).max(), np.sign(current), 0.0)
    # Two pulses of opposite sign without a rest between them are two.
    firsts = np.flatnonzero(np.diff(level, prepend=np.nan) != 0.0)
    edges = []
    for first, stop in zip(firsts, np.append(firsts[1:], t.size), strict=True):
        if level[first] == 0.0:
            continue
        along = current * level[first]
        amplitude = along[first:stop].max()
        on = first + np.flatnonzero(along[first:stop] >= amplitude / 2)
        start = _edge_time(t, along, int(on[0]), amplitude)
        end = _edge_time(t, along, int(on[-1]) + 1, amplitude)
        if end > start:
            edges.append((start, end))
    return np.array(edges, dtype=np.float64).reshape(-1, 2)


def _edge_time(t: FloatArray, along: FloatArray, after: int, amplitude: float) -> float:
    if after == 0 or after == t.size:
        return float(t[0] if after == 0 else t[-1])
    low, high = sorted(along[after - 1 : after + 1] / amplitude)
    # Within one interval it is a jump: the later value holds on its frame.
    if low < 0.1 and high > 0.9:
        return float(t[after])
    fraction = (amplitude / 2 - along[after - 1]) / (along[after] - along[after - 1])
    return float(t[after - 1] + fraction * (t[after] - t[after - 1]))


def _given_edges(t: FloatArray, pulse_edges: npt.ArrayLike) -> FloatArray:
    edges = np.asarray(pulse_edges, dtype=np.float64)
    if edges.ndim != 2 or edges.shape[1] != 2:
        raise ValueError(f"pulse_edges has the shape {edges.shape}; it must be (pulse, 2): start and end in s")
    if (edges[:, 1] <= edges[:, 0]).any() or (edges[1:, 0] < edges[:-1, 1]).any():
        raise ValueError("pulse_edges do not rise; give start < end of every pulse, in order, without overlap")
    # A last pulse may end with the run, to within rounding.
    slack = 1e-9 * (t[-1] - t[0])
    if edges.size and (edges.min() < t[0] - slack or edges.max() > t[-1] + slack):
        raise ValueError(
            f"pulse_edges go from {edges.min()} s to {edges.max()} s, the run from {t[0]} s to {t[-1]} s; "
            "leave out the pulses that lie outside"
        )
    return edges


def _amplitudes(t: FloatArray, current: FloatArray, edges: FloatArray) -> FloatArray:
    amplitudes = np.empty(len(edges))
    for pulse, (start, end) in enumerate(edges):
        inside = current[(t >= start) & (t < end)]
        # A pulse between two frames leaves only what is interpolated in its middle.
        candidates = inside if inside.size else np.interp([(start + end) / 2], t, current)
        amplitudes[pulse] = candidates[np.argmax(np.abs(candidates))]
    return amplitudes


def _at_times(position: FloatArray, t: FloatArray, times: FloatArray) -> FloatArray:
    """Interpolate positions (t, wall) linearly; NaN next to a frame without the wall."""
    after = np.clip(np.searchsorted(t, times, side="left"), min(1, t.size - 1), t.size - 1)
    before = np.maximum(after - 1, 0)
    interval = np.where(after > before, t[after] - t[before], 1.0)
    fraction = np.clip((times - t[before]) / interval, 0.0, 1.0)[:, np.newaxis]
    # A weight of 0 must not drag in the NaN of a frame that does not count.
    early = np.where(fraction < 1.0, position[before], 0.0)
    late = np.where(fraction > 0.0, position[after], 0.0)
    interpolated: FloatArray = early * (1.0 - fraction) + late * fraction
    return interpolated


def _check_times(owner: str, observed: xr.Dataset, t: FloatArray) -> None:
    if observed.sizes["t"] != t.size or not np.array_equal(observed["t"].values, t):
        raise ValueError(f"{owner} has other times than the run; extract it from this run")
