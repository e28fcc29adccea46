"""The places in which a stripe holds its wall, from runs that hold it and runs that take it over the hills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import xarray as xr

from analysis import wall_energy_path
from runs import PiecewiseLinear, RunSpec
from solitons.campaigns.domain_walls.dw_synapse.campaign import SynapseCampaign
from solitons.campaigns.domain_walls.dw_synapse.fitting import measured_landscape, widest_pulses
from solitons.campaigns.domain_walls.dw_synapse.observation import Observation
from solitons.campaigns.domain_walls.dw_synapse.roles import Held, StripeRole, Way
from solitons.campaigns.framework.base import ComputedRuns
from solitons.devices.drift import DriftUnknownError
from solitons.devices.places import Place, lasting, which_place
from solitons.domain_walls.barriers import barrier_uncertainty
from solitons.domain_walls.junction import junction_over
from solitons.domain_walls.landscape import ROOM_TEMPERATURE, Landscape, moment_along
from solitons.domain_walls.places import way_specs, with_attempt_rates, with_barriers, with_drives
from solitons.domain_walls.runs import stripe_of
from solitons.domain_walls.softening import barrier_in_heat
from solitons.domain_walls.wall_dynamics import WallDynamics

__all__ = ["coldest", "places_of", "ways_through"]


def coldest(campaign: SynapseCampaign) -> float:
    """Temperature in K at which places are 5 kT deep or more: the lowest that is asked for, at most 300 K."""
    return min((ROOM_TEMPERATURE, *(campaign.heat.temperatures if campaign.heat is not None else ())))


def ways_through(campaign: SynapseCampaign, runs: ComputedRuns[StripeRole]) -> list[RunSpec]:
    """Runs that take the wall over the hills between the places that the held runs show."""
    landscape, _ = measured_landscape(runs)
    spec = next(run.spec for run in runs.labelled if isinstance(run.role, Held))
    return [] if landscape is None else way_specs(spec, _in_landscape(campaign, spec, landscape))


def _in_landscape(campaign: SynapseCampaign, spec: RunSpec, landscape: Landscape) -> list[Place]:
    return landscape.places(moment_along(stripe_of(spec), spec.material, landscape), coldest(campaign))


def places_of(
    campaign: SynapseCampaign,
    runs: ComputedRuns[StripeRole],
    wall: WallDynamics,
    angle: float,
    landscape: Landscape | None,
    observations: Sequence[Observation],
) -> list[Place]:
    """Places where the wall is held: barriers, times, and the campaign's widest pulses that take it on.

    The `wall` rests at an `angle` in rad.
    """
    if landscape is None:
        return []
    spec, train = observations[0].spec, widest_pulses(observations)
    places = _in_landscape(campaign, spec, landscape)
    ways = [_between(places, runs.open(run)) for run in runs.labelled if isinstance(run.role, Way)]
    places = with_drives(
        wall,
        with_barriers(places, ways),
        angle,
        width=train.width,
        rise=train.rise,
        period=train.period,
        largest=10 * max(each.peak for each in observations),
        field=tuple(PiecewiseLinear((0.0,), (each,)) for each in spec.protocol.static_field),
    )
    junction = junction_over(stripe_of(spec), campaign.extract)
    at = junction.conductance(np.array([each.position for each in places]), wall.polarity, wall.width)
    places = [replace(each, conductance=float(here)) for each, here in zip(places, np.atleast_1d(at), strict=True)]
    return _lasting(campaign, spec, wall, places)


def _lasting(campaign: SynapseCampaign, spec: RunSpec, wall: WallDynamics, places: list[Place]) -> list[Place]:
    stripe, known = stripe_of(spec), campaign.fit.material_uncertainty
    try:
        places = with_attempt_rates(wall, places, ROOM_TEMPERATURE)
    except DriftUnknownError:
        return places
    share = barrier_in_heat(stripe, spec.material, float(wall.width), ROOM_TEMPERATURE)
    unknown = barrier_uncertainty(stripe, spec.material, places, known)
    return [lasting(each, ROOM_TEMPERATURE, share, unknown) for each in places]


def _between(places: Sequence[Place], run: xr.Dataset) -> xr.Dataset:
    """The hills of a way, NaN at those between two states of which one is in another place than it was drawn in."""
    hills = wall_energy_path(run)
    reached = which_place(hills["position"].values[run["stop"].values >= 0], places)
    there = reached == np.arange(len(places))
    return hills[["forth", "back"]].where(xr.DataArray(there[1:] & there[:-1], dims="passage"))
