"""Trajectories: what a run's wall did under which drive, as a fit needs it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt
import xarray as xr

from runs.waveforms.waveform import PiecewiseLinear
from solitons.drives.drive_steps import pulses_of

__all__ = ["Trajectory", "in_axes", "rest_samples", "trajectory_from", "waveforms_of"]

if TYPE_CHECKING:
    from runs.protocols.in_time import Protocol

_T = TypeVar("_T")
Floats = npt.NDArray[np.float64]
Drive = tuple[PiecewiseLinear, tuple[PiecewiseLinear, PiecewiseLinear, PiecewiseLinear]]


@dataclass(frozen=True, eq=False)
class Trajectory:
    """One wall of one run.

    Parameters
    ----------
    run_id : str
        Id of the run it was measured in.
    time : array (samples,)
        Times in s, increasing; the first is the start.
    position : array (samples,)
        Wall position q in m; NaN where the wall is not there.
    current_density : PiecewiseLinear
        J(t) along +x in A/m2.
    length : float
        Length of the stripe in m.
    field : three PiecewiseLinear, optional
        Applied field in A/m along x, y, z, or (a wall between domains along x) along y, z, x, as the model has its
        axes (`solitons.domain_walls.wall_dynamics`); any static field included.
    angle : array (samples,), optional
        Angle phi of the wall in rad, as `analysis.walls` gives it.
    polarity : int
        +1 where m goes from - to + with x, -1 for an up-down wall.
    tilt : array (samples,), optional
        chi in rad, from y to the wall's line; NaN where it cannot be seen.

    Raises
    ------
    ValueError
        If shapes disagree, times do not increase, or the wall is not there at the
        start.

    Examples
    --------
    >>> from runs import PiecewiseLinear
    >>> pulse = PiecewiseLinear((0.0, 0.1e-9, 0.4e-9, 0.5e-9), (0.0, -1e12, -1e12, 0.0))
    >>> run = Trajectory("0123456789abcdef", np.array([0.0, 1e-9]), np.array([80e-9, 105e-9]), pulse, length=400e-9)
    >>> round(float(run.position[-1] - run.position[0]) * 1e9)  # nm
    25
    """

    run_id: str
    time: Floats
    position: Floats
    current_density: PiecewiseLinear
    length: float
    field: tuple[PiecewiseLinear, PiecewiseLinear, PiecewiseLinear] | None = None
    angle: Floats | None = None
    polarity: int = -1
    tilt: Floats | None = None

    def __post_init__(self) -> None:
        shapes = {
            "position": self.position.shape,
            "angle": np.shape(self.time if self.angle is None else self.angle),
            "tilt": np.shape(self.time if self.tilt is None else self.tilt),
        }
        for name, shape in shapes.items():
            if shape != self.time.shape:
                raise ValueError(
                    f"Trajectory of run {self.run_id}: {name} has shape {shape}, time has {self.time.shape}; "
                    "give one value a sample"
                )
        if self.time.ndim != 1 or self.time.size < 2 or not np.all(np.diff(self.time) > 0):
            raise ValueError(f"Trajectory of run {self.run_id}: time must increase, over two samples or more")
        if not np.isfinite(self.position[0]):
            raise ValueError(
                f"Trajectory of run {self.run_id}: the wall has no position at the first sample; start the "
                "trajectory where the wall is there"
            )
        if self.polarity not in (-1, 1):
            raise ValueError(f"Trajectory of run {self.run_id}: polarity = {self.polarity} must be +1 or -1")

    @property
    def start_tilt(self) -> float:
        """Tilt in rad at the first sample; 0 where it was not seen."""
        return float(np.nan_to_num(self.tilt[0])) if self.tilt is not None else 0.0

    @property
    def largest_tilt(self) -> float:
        """Size of the tilt in rad that nine in ten samples do not exceed; 0 where none was seen."""
        seen = np.abs(self.tilt[np.isfinite(self.tilt)]) if self.tilt is not None else np.empty(0)
        return float(np.quantile(seen, 0.9)) if seen.size else 0.0


def trajectory_from(run: xr.Dataset, walls: xr.Dataset, *, length: float, wall: int = 0) -> Trajectory:
    """Make a trajectory of one wall of a run.

    Parameters
    ----------
    run : xarray.Dataset
        The run, with `current_density (t)` and `applied_field (t, vdims)`. Where
        its spec is stored in `attrs["spec"]`, the breakpoints of the protocol's
        waveforms are taken from there, which is exact; otherwise the samples are
        joined by straight lines.
    walls : xarray.Dataset
        `analysis.walls(run)`: `position`, `angle`, `tilt` over (`t`, `wall`), `polarity`
        over `wall`.
    length : float
        Length of the stripe in m.
    wall : int
        Index of the wall along the `wall` dimension.

    Returns
    -------
    Trajectory

    Raises
    ------
    ValueError
        If there is no such wall, or it is not there at the first sample.

    Examples
    --------
    >>> from analysis import artificial, walls
    >>> run = artificial.domain_walls([100e-9, 110e-9, 125e-9])
    >>> del run.attrs["spec"]  # it has no protocol: the sampled current and field are taken
    >>> one = trajectory_from(run, walls(run), length=512e-9)
    >>> (one.position * 1e9).round().tolist(), one.polarity
    ([100.0, 110.0, 125.0], -1)
    """
    count = walls.sizes.get("wall", 0)
    if not -count <= wall < count:
        raise ValueError(
            f"trajectory_from: run {run.attrs.get('run_id')} has {count} walls, so none has index {wall}; "
            "choose another wall or check walls.birth and walls.exit"
        )
    one = walls.isel(wall=wall)
    time = np.asarray(run["t"], dtype=np.float64)
    axis = str(walls.attrs.get("component", "z"))
    if "spec" in run.attrs:
        current_density, field = _waveforms_of_spec(run.attrs["spec"], axis)
    else:
        current_density = _sampled(time, np.asarray(run["current_density"]))
        applied = np.asarray(run["applied_field"].transpose("t", "vdims"))
        x, y, z = (_sampled(time, applied[:, number]) for number in range(3))
        field = in_axes((x, y, z), axis)
    return Trajectory(
        run_id=str(run.attrs.get("run_id", "")),
        time=time,
        position=np.asarray(one["position"], dtype=np.float64),
        angle=np.asarray(one["angle"], dtype=np.float64) if "angle" in one else None,
        current_density=current_density,
        field=field,
        length=length,
        polarity=int(one["polarity"]) if "polarity" in one else -1,
        tilt=np.asarray(one["tilt"], dtype=np.float64) if "tilt" in one else None,
    )


def _sampled(time: Floats, values: Floats) -> PiecewiseLinear:
    return PiecewiseLinear(tuple(map(float, time)), tuple(map(float, values)))


def _waveforms_of_spec(spec: str, axis: str) -> Drive:
    from runs.protocols.in_time import Protocol

    described = json.loads(spec)["protocol"]
    # A run that was stored in schema 1 has it; the waveforms are the same with it and without.
    described.pop("torques", None)
    return waveforms_of(Protocol.model_validate(described), axis)


def in_axes(field: tuple[_T, _T, _T], domain_axis: str) -> tuple[_T, _T, _T]:
    """Components along x, y, z in the order in which the model has its axes: y, z, x for domains along x."""
    x, y, z = field
    return (x, y, z) if domain_axis == "z" else (y, z, x)


def waveforms_of(protocol: Protocol, domain_axis: str = "z") -> Drive:
    """Drive of the wall in a protocol whose terminals are all driven alike.

    a waveform of the current density in A/m2, and three of the applied field in the model's axes (`in_axes`) in A/m,
    the static field included.
    """
    x, y, z = (
        PiecewiseLinear(wave.times, tuple(value + static for value in wave.values))
        for wave, static in zip(protocol.applied_field, protocol.static_field, strict=True)
    )
    return protocol.current_density, in_axes((x, y, z), domain_axis)


def rest_samples(trajectory: Trajectory) -> npt.NDArray[np.intp]:
    """Indices of the samples at which a device would be read.

    The last before each pulse but the first, and the last of all, where the wall is there.
    """
    starts = pulses_of(trajectory.current_density)[1:, 0]
    before = np.searchsorted(trajectory.time, starts * (1 + 1e-9), side="right") - 1
    indices: npt.NDArray[np.intp] = np.unique(np.append(before, trajectory.time.size - 1))
    there = (indices > 0) & np.isfinite(trajectory.position[indices])
    return np.asarray(indices[there], dtype=np.intp)
