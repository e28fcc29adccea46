"""Observables of domain walls: how many there are, and where the first one goes."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr
from scipy.interpolate import CubicSpline

from analysis.domain_walls.absence import NoWalls
from analysis.domain_walls.held_walls import wall_energy_path
from analysis.domain_walls.walls import walls
from analysis.mean_observables import is_way
from analysis.observables import NotInThisRun, Observable, Observables, SeenRun
from analysis.schema import frame_dimension
from geometries import Stripe
from geometries.materials import MU0
from runs.spec import RunSpec

__all__ = ["OBSERVABLES"]


def _has_walls(spec: RunSpec) -> str:
    if spec.device.kind == "spin_ice":
        return "device is a spin_ice, which has no walls along x; give a device that walls move in, such as a stripe"
    return ""


def _in_time(spec: RunSpec) -> str:
    if spec.protocol.rest_fields is not None:
        return "protocol goes through states at rest, in which no time passes; give a protocol in time"
    return ""


def _is_perpendicular(spec: RunSpec) -> str:
    return "" if spec.material.effective_anisotropy > 0 else "the material magnetises in the plane of a film"


def _walls(seen: SeenRun) -> xr.Dataset:
    """`analysis.walls` of a run; of field steps too, with the number of the step in the place of t."""
    run = seen.run
    if frame_dimension(run) == "step":
        # Walls are linked from state to state as from time to time; nobody asks for what has a time in it.
        count = np.arange(run.sizes["step"], dtype=np.float64)
        run = run.drop_vars("step").rename(step="t").assign_coords(t=("t", count, {"units": "s"}))
    device = seen.spec.device
    component = device.domain_axis if isinstance(device, Stripe) else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NoWalls)  # a sweep's notes have it
        try:
            return walls(run, component=component)
        except ValueError as error:
            raise NotInThisRun(f"walls cannot be followed in it: {error}") from error


def _first_wall(seen: SeenRun) -> xr.Dataset:
    """The wall that was there first; the leftmost of several."""
    found = seen.once(_walls)
    if not found.sizes["wall"]:
        raise NotInThisRun(f"there is no wall: {found.attrs['no_walls']}")
    return found.isel(wall=0)


def _wall_at_end(column: str) -> Callable[[SeenRun], float]:
    def measure(seen: SeenRun) -> float:
        value = float(seen.once(_first_wall)[column][-1])
        if not np.isfinite(value):
            raise NotInThisRun("the first wall is gone at the end")
        return value

    return measure


def _wall_count(seen: SeenRun) -> float:
    return float(np.isfinite(seen.once(_walls)["position"].values[-1]).sum())


def _displacement(seen: SeenRun) -> float:
    return _wall_at_end("position")(seen) - float(seen.once(_first_wall)["position"].dropna("t")[0])


def _mean_velocity(seen: SeenRun) -> float:
    there = seen.once(_first_wall)["position"].dropna("t")
    if there.size < 2:
        raise NotInThisRun("the first wall is there in one frame only")
    return float((there[-1] - there[0]) / (there["t"][-1] - there["t"][0]))


def _largest_velocity(seen: SeenRun) -> float:
    velocity = seen.once(_first_wall)["velocity"].dropna("t").values
    if not velocity.size:
        raise NotInThisRun("the first wall is there in one frame only")
    return float(velocity[np.argmax(np.abs(velocity))])


def _is_stripe(spec: RunSpec) -> str:
    return "" if isinstance(spec.device, Stripe) else "device is no stripe, whose width the force is shared over"


def _steepest(seen: SeenRun) -> float:
    way = seen.run
    at = seen.once(_on_way)["position"].values
    if not (np.diff(at) > 0).all() and not (np.diff(at) < 0).all():
        raise NotInThisRun("there is not one wall all the way, or it goes to and fro")
    fine = np.linspace(at[0], at[-1], 16 * at.size)
    slope = CubicSpline(*(each[:: np.sign(at[-1] - at[0]).astype(int)] for each in (at, way["energy"].values)))(fine, 1)
    stripe = seen.spec.device
    assert isinstance(stripe, Stripe)  # `measured` has refused others
    return float(np.abs(slope).max() / (2 * MU0 * seen.spec.material.Ms * stripe.width * stripe.thickness))


def _on_way(seen: SeenRun) -> xr.Dataset:
    return wall_energy_path(seen.run)


def _exit(seen: SeenRun) -> float:
    time = float(seen.once(_first_wall)["exit"])
    if not np.isfinite(time):
        raise NotInThisRun("the first wall stays to the end")
    return time


def _over_time(spec: RunSpec, run: xr.Dataset) -> Sequence[xr.DataArray]:
    del spec
    found = walls(run)
    if not found.sizes["wall"]:
        raise ValueError(str(found.attrs.get("no_walls", "no wall was found")))
    drawn = [
        found["position"].assign_attrs(long_name="wall position", units="m"),
        found["angle"].assign_attrs(long_name="wall angle", units="rad"),
    ]
    if found.sizes["wall"] > 1:
        number = found["position"].notnull().sum("wall")
        drawn.append(number.assign_attrs(long_name="number of walls", units="1"))
    return drawn


OBSERVABLES = Observables(
    numbers=(
        Observable(
            "wall_count", "walls at the end", "", "How many walls there are at the end", _wall_count, (_has_walls,)
        ),
        Observable(
            "wall_position",
            "wall position at the end",
            "m",
            "Position of the first wall at the end",
            _wall_at_end("position"),
            (_has_walls,),
        ),
        Observable(
            "wall_displacement",
            "wall displacement",
            "m",
            "Position of the first wall at the end, less that at the start",
            _displacement,
            (_has_walls,),
        ),
        Observable(
            "wall_velocity",
            "mean wall velocity",
            "m/s",
            "Mean velocity of the first wall while it is there: its way over the time, rises and rests included",
            _mean_velocity,
            (_has_walls, _in_time),
        ),
        Observable(
            "wall_largest_velocity",
            "largest wall velocity",
            "m/s",
            "Velocity of the first wall, from frame to frame, where it is largest in size; with its sign",
            _largest_velocity,
            (_has_walls, _in_time),
        ),
        Observable(
            "wall_angle",
            "wall angle at the end",
            "rad",
            "Angle of the first wall's moment at the end, from −π to π: in the plane from +x for walls between up and "
            "down domains, around the stripe's axis from +y for head-to-head walls",
            _wall_at_end("angle"),
            (_has_walls,),
        ),
        Observable(
            "wall_width",
            "wall width Δ at the end",
            "m",
            "Bloch parameter Δ of the first wall at the end",
            _wall_at_end("width"),
            (_has_walls,),
        ),
        Observable(
            "bloch_width",
            "Bloch's wall width Δ",
            "m",
            "Δ = √(A / K_eff) of a wall at rest in a thin film of this material",
            lambda seen: seen.spec.material.wall_width,
            (_has_walls, _is_perpendicular),
            beside="wall_width",
        ),
        Observable(
            "wall_tilt",
            "wall tilt at the end",
            "rad",
            "Angle by which the first wall's line is turned away from y at the end",
            _wall_at_end("tilt"),
            (_has_walls,),
        ),
        Observable(
            "steepest_field",
            "field that the steepest rise withstands",
            "A/m",
            "H = |dE/dq| / (2 μ₀ Ms w t) where the energy on the wall's way rises most: the depinning field of a wall "
            "that keeps its shape, in a stripe w wide and t thick",
            _steepest,
            (is_way, _is_stripe),
            from_energies=True,
        ),
        Observable(
            "wall_exit", "time of the wall's exit", "s", "When the first wall left", _exit, (_has_walls, _in_time)
        ),
    ),
    over_time={"stripe": _over_time},
)
