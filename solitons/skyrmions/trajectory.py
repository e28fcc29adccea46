"""Trajectories: what the skyrmion of a run did under which current, and how its texture changed on the way."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import find_skyrmions
from analysis.moving_windows import moves, window_positions
from analysis.skyrmions.absence import NoSkyrmions
from geometries import SkyrmionTrack
from runs import PiecewiseLinear, RunSpec
from solitons.skyrmions.bends import Bends, bends_of
from solitons.skyrmions.texture_tensors import TextureTensors, reach_of, texture_tensors

__all__ = [
    "SkyrmionTrajectory",
    "grouped",
    "nearest_pair",
    "position_errors",
    "trajectories_from",
    "trajectory_from",
]

Floats = npt.NDArray[np.float64]

# Radii of its outline: nearer to an end of the track, the skyrmion feels it.
_END = 2.0


@dataclass(frozen=True, eq=False)
class SkyrmionTrajectory:
    """One skyrmion of one run in a straight or curved track.

    Along a curved track places are by its middle, as `SkyrmionTrack.along_middle` has them: x is the length along it, y
    the distance from the edge on the right, and the edges are at y = 0 and at the track's width.

    `time` is in s from the run's beginning; the first sample is the last one before the current. `position` (samples,
    2) is the centre of the area inside m_z = 0 in m, NaN where the skyrmion is gone; J(t) along the track is in A/m2;
    `edges` are y in m. For the first sample there may be `tensors`, the `texture` (nx, ny, nz, 3), NaN outside the
    magnet, the `wall_width` in m and the places of `others` (n, 2); of every sample D and |S| (m) along the track, the
    `radius` and the `outline`, the radius at which the wall ends, R + pi Delta / 2, in m. A trajectory that came to an
    end of the track (`at_end`) stops there; `skyrmion` counts the run's from 0.
    """

    run_id: str
    time: Floats
    position: Floats
    current_density: PiecewiseLinear
    edges: tuple[float, float]
    tensors: TextureTensors | None = None
    texture: npt.NDArray[np.floating] | None = None
    wall_width: float | None = None
    dissipation: Floats | None = None
    spin_orbit: Floats | None = None
    radius: Floats | None = None
    outline: Floats | None = None
    at_end: bool = False
    skyrmion: int = 0
    others: Floats | None = None
    bends: Bends | None = None

    def __post_init__(self) -> None:
        owner = f"SkyrmionTrajectory of run {self.run_id}"
        if self.time.ndim != 1 or self.time.size < 2 or not np.all(np.diff(self.time) > 0):
            raise ValueError(f"{owner}: time must increase, over two samples or more")
        if self.position.shape != (self.time.size, 2):
            raise ValueError(
                f"{owner}: position has the shape {self.position.shape}; give ({self.time.size}, 2), a place a sample"
            )
        if not np.isfinite(self.position[0]).all():
            raise ValueError(f"{owner}: the skyrmion is not there at the first sample; start where it is there")

    @property
    def current(self) -> float:
        """Current density of the largest size in A/m2, with its sign."""
        values = np.asarray(self.current_density.values)
        return float(values[np.abs(values).argmax()])

    @property
    def width(self) -> float:
        """Width of the track in m."""
        return self.edges[1] - self.edges[0]

    @property
    def present(self) -> npt.NDArray[np.bool_]:
        """Mask of samples at which the skyrmion is there."""
        there: npt.NDArray[np.bool_] = np.isfinite(self.position).all(axis=1)
        return there

    @property
    def stays(self) -> bool:
        """Whether the skyrmion is in the track at the last sample."""
        return bool(self.present[-1])

    @property
    def expelled(self) -> bool:
        """Whether an edge has let it go, not an end of the track."""
        return not self.stays and not self.at_end

    @property
    def edge_distance(self) -> Floats:
        """From the nearer edge to the centre in m, sample by sample."""
        y = self.position[:, 1]
        return np.minimum(y - self.edges[0], self.edges[1] - y)


def trajectory_from(run: xr.Dataset, spec: RunSpec) -> SkyrmionTrajectory:
    """Make a trajectory of the first skyrmion of a run; see `trajectories_from`.

    Examples
    --------
    >>> from analysis import artificial
    >>> from geometries import SkyrmionTrack
    >>> from runs import ConstantCurrent, Protocol
    >>> places = 1e-9 * np.array([[[40.0 + 2 * frame, 32]] for frame in range(3)])
    >>> track = SkyrmionTrack(
    ...     path={"kind": "straight", "length": "96 nm"}, width="64 nm", thickness="1 nm",
    ...     cell=("2 nm", "2 nm", "1 nm"),
    ...     skyrmions=[{"position": tuple(places[0, 0]), "radius": "8 nm"}],
    ... )
    >>> film = {"name": "film", "Ms": 5.8e5, "A": 1.5e-11, "Ku": 8e5, "D": 3.2e-3, "alpha": 0.3, "spin_hall_angle": 0.1}
    >>> push = Protocol(steps=[ConstantCurrent(amplitude="1e11 A/m^2", duration="0.2 ns")], sampling_interval="0.1 ns")
    >>> spec = RunSpec(device=track, material=film, protocol=push, engine="native")
    >>> one = trajectory_from(artificial.skyrmions(places, extent=(96e-9, 64e-9), radius=8e-9), spec)
    >>> (1e9 * one.position[:, 0]).round().tolist(), one.stays  # nm
    ([40.0, 42.0, 44.0], True)
    """
    return trajectories_from(run, spec)[0]


def trajectories_from(run: xr.Dataset, spec: RunSpec) -> tuple[SkyrmionTrajectory, ...]:
    """Make a trajectory of every skyrmion of a run that is there before the current.

    They are in the order of `find_skyrmions`, along x. The run is in time, of a straight or curved track that one
    current drives; each trajectory ends where its skyrmion does. ValueError if no skyrmion is there before the current,
    naming what the film has become.
    """
    track = spec.device
    if not isinstance(track, SkyrmionTrack):
        raise ValueError(f"run {spec.run_id}: device.kind is {track.kind!r}; skyrmions run in a 'skyrmion_track'")
    try:
        bends = bends_of(track, spec.material)
    except ValueError as error:
        raise ValueError(f"run {spec.run_id}: device.{error}, or use analysis.find_skyrmions") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NoSkyrmions)  # the error reports it
        found = find_skyrmions(run)
    t, wave = run["t"].values.astype(np.float64), spec.in_time.current_density
    driven = np.abs(wave(t)) > 0
    before = np.flatnonzero(~driven & (t <= (t[driven][0] if driven.any() else t[-1])))
    # A current that is on from the beginning has its relaxed frame at t = 0.
    first = int(before[-1]) if before.size else 0
    there = np.flatnonzero(found["kind"].values[first] == "skyrmion")
    if not there.size:
        raise ValueError(f"run {spec.run_id}: {found.attrs.get('no_skyrmions') or 'no skyrmion at the start'}")
    frames = slice(first, None)
    return tuple(_one(run.isel(t=frames), found.isel(t=frames), spec, bends, number, int(seen))
                 for number, seen in enumerate(there))  # fmt: skip


def _one(
    run: xr.Dataset, found: xr.Dataset, spec: RunSpec, bends: Bends | None, number: int, seen: int
) -> SkyrmionTrajectory:
    """The trajectory of one skyrmion, from the first frame of `run` on; `seen` is its place in `found`."""
    track = spec.device
    assert isinstance(track, SkyrmionTrack)
    good = (found["kind"].values[:, seen] == "skyrmion") & found["resolved"].values[:, seen]
    # One that cannot be seen for a while is not gone for good, one that is gone does not come back.
    every = np.stack([found[axis].values for axis in "xy"], axis=-1)
    places = np.where(good[:, None], every[:, seen], np.nan)
    by_middle, angle = track.along_middle(places)
    radius, widths = found["radius"].values[:, seen], found["width"].values[:, seen]
    x, y = run["x"].values.astype(np.float64), run["y"].values.astype(np.float64)
    outline = radius + np.pi / 2 * np.minimum(widths, radius)
    window = window_positions(run)
    # A moving window has no ends of a track.
    to_end = np.full(len(places), np.inf) if moves(run) else np.minimum(by_middle[:, 0], track.length - by_middle[:, 0])
    near = (to_end < _END * outline[0]) & (to_end < to_end[0])
    if near.any():
        good[np.argmax(near) :] = False
        by_middle[np.argmax(near) :] = np.nan
    dissipation, spin_orbit = np.full((2, places.shape[0]), np.nan)
    tensors, others = None, np.empty((0, 2))
    reach = reach_of(float(radius[0]), float(widths[0]))
    for index in np.flatnonzero(good):
        m, beside = run["m"].isel(t=int(index)).values, np.delete(every[index], seen, axis=0)
        beside = beside[np.isfinite(beside).all(axis=1)]
        each = texture_tensors(
            m, x + window[index], y, (float(places[index, 0]), float(places[index, 1])), reach, beside
        )
        ahead = np.array([np.cos(angle[index]), np.sin(angle[index])])
        dissipation[index] = ahead @ each.dissipation @ ahead
        spin_orbit[index] = np.hypot(*(ahead @ each.spin_orbit)[:2])
        if tensors is None:
            tensors, others = each, beside
    return SkyrmionTrajectory(
        run_id=spec.run_id,
        skyrmion=number,
        time=run["t"].values.astype(np.float64),
        position=by_middle,
        current_density=spec.in_time.current_density,
        edges=_edges(track),
        tensors=tensors,
        texture=run["m"].isel(t=0).values,
        others=others,
        wall_width=float(widths[0]),
        dissipation=dissipation,
        spin_orbit=spin_orbit,
        radius=np.where(good, radius, np.nan),
        outline=np.where(good, outline, np.nan),
        at_end=bool(near.any()),
        bends=bends,
    )


def grouped(runs: Sequence[SkyrmionTrajectory]) -> dict[str, list[SkyrmionTrajectory]]:
    """The trajectories of each run together, in the order of their skyrmions."""
    groups: dict[str, list[SkyrmionTrajectory]] = {}
    for run in runs:
        groups.setdefault(run.run_id, []).append(run)
    return {name: sorted(group, key=lambda run: run.skyrmion) for name, group in groups.items()}


def nearest_pair(runs: Sequence[SkyrmionTrajectory]) -> float | None:
    """The least distance in m of two skyrmions of one run; None if no two are there together."""
    found = []
    for group in grouped(runs).values():
        for one, other in itertools.combinations(group, 2):
            apart = np.hypot(*(one.position - other.position).T)
            found += apart[np.isfinite(apart)].tolist()
    return min(found, default=None)


def _edges(track: SkyrmionTrack) -> tuple[float, float]:
    """The edges of most of the track: a notch is no edge of the model's."""
    if track.path.kind != "straight":
        return 0.0, track.width
    magnet = track.mask()[:, :, 0]
    low, high = np.argmax(magnet, axis=1), magnet.shape[1] - np.argmax(magnet[:, ::-1], axis=1)
    inside = magnet.any(axis=1)
    step = track.cell[1]
    return float(np.median(low[inside])) * step, float(np.median(high[inside])) * step


def position_errors(run: SkyrmionTrajectory, path: Floats) -> Floats:
    """Distance in m of a model's path (samples, 2) from a run's position, at the samples at which that is there.

    A skyrmion that the model has lost is as far off as the track is wide.
    """
    there = run.present
    along, across = (path - run.position)[there].T
    if run.bends is not None:
        along = along * np.asarray(run.bends.stretch(run.position[there]))
    off = np.hypot(along, across)
    return np.where(np.isfinite(off), off, run.width)
