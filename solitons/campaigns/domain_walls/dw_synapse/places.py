"""The places in which a stripe holds its wall, from runs that hold it and runs that take it over the hills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from analysis import wall_energy_path
from runs import PiecewiseLinear, RunSpec
from solitons.campaigns.domain_walls.dw_synapse.arrivals import pulse_runs
from solitons.campaigns.domain_walls.dw_synapse.fitting import measured_landscape, widest_pulses
from solitons.campaigns.domain_walls.dw_synapse.observation import Observation, pulse_trains
from solitons.campaigns.domain_walls.dw_synapse.roles import StripeRole, Way
from solitons.campaigns.domain_walls.dw_synapse.settings import HeatSettings
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun, SweptPoint
from solitons.devices.drift import DriftUnknownError
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.devices.places import Place, lasting, which_place
from solitons.domain_walls.barriers import barrier_uncertainty
from solitons.domain_walls.junction import junction_over
from solitons.domain_walls.landscape import ROOM_TEMPERATURE, Landscape, moment_along
from solitons.domain_walls.places import left_by_heat, way_specs, with_attempt_rates, with_barriers, with_drives
from solitons.domain_walls.runs import stripe_of
from solitons.domain_walls.softening import softened
from solitons.domain_walls.trajectory import in_axes
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.fits.material_uncertainty import MaterialUncertainty

__all__ = ["HeldPlaces", "further_runs", "hottest", "places_of"]


@dataclass(frozen=True)
class HeldPlaces:
    """Places that hold the wall, from left to right.

    `share` is what heat at 300 K leaves of their barriers, None where their times are not known, and `uncertainty` the
    relative standard uncertainty of the barriers, None where that is not known.
    """

    places: tuple[Place, ...] = ()
    share: float | None = None
    uncertainty: float | None = None


def hottest(heat: HeatSettings | None) -> float:
    """Temperature in K at which places are 5 kT deep or more: the highest that is asked for, 300 K if none is."""
    return ROOM_TEMPERATURE if heat is None else max(heat.temperatures)


def further_runs(
    runs: ComputedRuns[StripeRole], base: RunSpec, heat: HeatSettings | None
) -> list[LabelledRun[StripeRole]]:
    """Runs that follow from the places which the held runs show: over the hills between them, and single pulses."""
    landscape, _ = measured_landscape(runs)
    if landscape is None:
        return []
    swept = [run for run in runs.labelled if isinstance(run.role, SweptPoint)]
    places = _places(swept[0].spec, landscape, hottest(heat))[0]
    ways = way_specs(swept[0].spec, places).items()
    found = [LabelledRun[StripeRole](spec, Way(begins)) for begins, spec in ways]
    if heat is None:
        return found
    return [*found, *pulse_runs(base, places, _rightwards([(run.spec, runs.open(run)) for run in swept], places), heat)]


def _rightwards(runs: Sequence[tuple[RunSpec, xr.Dataset]], places: Sequence[Place]) -> int:
    """Sign of the currents that move the wall to the right, by the run whose first pulse moves it most.

    A wall that goes to the right makes the left domain larger. 0 if none moves it half way from one place to the next.
    """
    moved = [0.0]
    for spec, run in runs:
        (start, _), train = spec.in_time.pulse_edges()[0], pulse_trains(spec)[0]
        stripe, at = stripe_of(spec), [start, start + train.period]
        mean = run["m"].sel(vdims=stripe.domain_axis).sel(t=at, method="nearest").mean(("x", "y", "z"))
        moved.append(train.sign * stripe.first_domain * float(np.diff(mean.values)[0]))
    most, apart = max(moved, key=abs), np.diff([each.position for each in places])
    there = len(places) > 1 and abs(most) * stripe_of(runs[0][0]).length / 2 > apart.min() / 2
    return int(np.sign(most)) if there else 0


def _places(spec: RunSpec, landscape: Landscape, temperature: float) -> tuple[list[Place], Landscape]:
    """Places of a run, and the landscape with the run's static field along the domains in it."""
    stripe = stripe_of(spec)
    along = spec.protocol.static_field["xyz".index(stripe.domain_axis)]
    landscape = landscape.in_field(along, -stripe.first_domain)
    return landscape.places(moment_along(stripe, spec.material, landscape), temperature), landscape


def places_of(
    runs: ComputedRuns[StripeRole],
    observations: Sequence[Observation],
    wall: WallDynamics,
    angle: float,
    landscape: Landscape | None,
    *,
    read_out: JunctionReadOut,
    known: MaterialUncertainty,
    temperature: float,
) -> HeldPlaces:
    """Places where the wall is held: barriers, times, and the campaign's widest pulses that take it on.

    The `wall` rests at an `angle` in rad; places are 5 kT deep at a `temperature` in K.
    """
    if landscape is None:
        return HeldPlaces()
    spec, train = observations[0].spec, widest_pulses(observations)
    places, in_field = _places(spec, landscape, temperature)
    x, y, z = (PiecewiseLinear((0.0,), (each,)) for each in spec.protocol.static_field)
    ways = [_between(places, runs.open(run)) for run in runs.labelled if isinstance(run.role, Way)]
    places = with_drives(
        wall,
        with_barriers(places, ways),
        angle,
        width=train.width,
        rise=train.rise,
        period=train.period,
        largest=10 * max(each.peak for each in observations),
        field=in_axes((x, y, z), stripe_of(spec).domain_axis),
    )
    junction = junction_over(stripe_of(spec), read_out)
    at = junction.conductance(np.array([each.position for each in places]), wall.polarity, wall.width)
    places = [replace(each, conductance=float(here)) for each, here in zip(places, np.atleast_1d(at), strict=True)]
    return _lasting(spec, replace(wall, pinning=in_field.pinning), places, known)


def _lasting(spec: RunSpec, wall: WallDynamics, places: list[Place], known: MaterialUncertainty) -> HeldPlaces:
    try:
        hot = softened(wall, spec, ROOM_TEMPERATURE)
        places = with_attempt_rates(hot, places, ROOM_TEMPERATURE)
    except (DriftUnknownError, ValueError):  # heat turns the angle, or the film into its plane, or domains are along x
        return HeldPlaces(tuple(places))
    share = left_by_heat(wall, hot, places)
    uncertainty = barrier_uncertainty(stripe_of(spec), spec.material, places, known)
    return HeldPlaces(tuple(lasting(each, ROOM_TEMPERATURE, share, uncertainty) for each in places), share, uncertainty)


def _between(places: Sequence[Place], run: xr.Dataset) -> xr.Dataset:
    """The hills of a way, NaN at those between two states of which one is in another place than it was drawn in."""
    hills = wall_energy_path(run)
    reached = which_place(hills["position"].values[run["stop"].values >= 0], places)
    there = reached == np.arange(len(places))
    return hills[["forth", "back"]].where(xr.DataArray(there[1:] & there[:-1], dims="passage"))
