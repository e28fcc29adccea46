"""The places in which a stripe holds its wall: barriers, how long each lasts, and the pulses that take it on.

A landscape (`solitons.domain_walls.landscape`) gives the places and the barriers of a straight wall. In a wide stripe
a wall leaves a well at one edge first, over a lower hill, which ways of least energy find (`way_specs`, and
`analysis.energy_path` of their runs). Attempt rates are those of Langer for position and angle
(`solitons.domain_walls.hopping`), and the model of the wall tells which pulse frees it and where it then comes to rest.

A line that bends has a closed form where the landscape is the same across the stripe. From one edge to the other it
goes from the well q1 over the hill to the next one q2, and in a stripe that is wide enough costs

    E = integral over q from q1 to q2 of sqrt(V (V + 2 s)),

V being the energy of the landscape above the well per length of wall, and s the energy of the wall per length. No
stripe, however wide, has a higher barrier than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr

from geometries import Stripe
from runs import EnergyPath, RunSpec
from runs.waveforms.waveform import PiecewiseLinear
from solitons.devices.places import Passage, Place, which_place
from solitons.domain_walls.depinning import depinning_pulse
from solitons.domain_walls.hopping import attempt_rate
from solitons.domain_walls.wall_dynamics import WallDynamics

__all__ = ["left_by_heat", "way_specs", "with_attempt_rates", "with_barriers", "with_drives", "with_wall"]

_INTEGRAL = 200


def way_specs(spec: RunSpec, places: Sequence[Place]) -> dict[str, RunSpec]:
    """Native runs that find the ways of least energy through all places, none with fewer than two of them.

    None between domains along x: a wall that is as wide as its stripe does not go over a hill edge first.

    They go by where the first guess begins: everywhere, at the bottom edge, and at the top edge if the stripe is
    another there. The run's static field acts on them.
    """
    stripe = spec.device
    assert isinstance(stripe, Stripe)
    if len(places) < 2 or stripe.domain_axis == "x":
        return {}
    bare = type(stripe).model_validate(stripe.model_dump() | {"readout_window": None, "terminals": []})
    first, *others = (with_wall(bare, each.position) for each in places)
    sides = ["everywhere", "bottom"] if _alike_across(stripe, spec) else ["everywhere", "bottom", "top"]
    return {
        side: RunSpec(
            device=first,
            material=spec.material,
            protocol=EnergyPath.model_validate(
                {"stops": others, "begins": side, "static_field": spec.protocol.static_field}
            ),
            numerics=spec.numerics,
            engine="native",
        )
        for side in sides
    }


def with_wall(stripe: Stripe, position: float) -> Stripe:
    """The stripe with its wall drawn at a position in m."""
    wall = stripe.walls[0].model_copy(update={"position": position})
    return type(stripe).model_validate(stripe.model_dump() | {"walls": [wall]})


def _alike_across(stripe: Stripe, spec: RunSpec) -> bool:
    varying = stripe.local_anisotropy(spec.material)
    maps = [part.cells.astype(float) for part in stripe.placed_parts(spec.material)]
    maps += [] if varying is None else [varying[0]]
    return all(np.array_equal(each, each[:, ::-1]) for each in maps)


def with_barriers(places: Sequence[Place], ways: Sequence[xr.Dataset]) -> list[Place]:
    """The places with the lowest hill to each neighbour that one of the ways has.

    Parameters
    ----------
    places : sequence of Place
        From left to right.
    ways : sequence of xarray.Dataset
        `analysis.energy_path` of the runs of `way_specs`; what is NaN is left as the landscape has it.
    """
    found = list(places)
    for number in range(len(found) - 1):
        here, there = found[number], found[number + 1]
        if here.right is None or there.left is None:
            continue
        hills = [(float(each["forth"][number]), float(each["back"][number])) for each in ways]
        known = [each for each in hills if np.isfinite(each).all()]
        if known:
            forth, back = min(known)
            found[number] = replace(here, right=replace(here.right, barrier=forth, at_most=False))
            found[number + 1] = replace(there, left=replace(there.left, barrier=back, at_most=False))
    return found


def with_attempt_rates(wall: WallDynamics, places: Sequence[Place], temperature: float) -> list[Place]:
    """The places with how often heat at a temperature in K tries each hill, by the landscape of the `wall`.

    Beyond the outermost places a hill is taken to fall as far as it rises.
    """

    def timed(number: int, way: Passage | None) -> Passage | None:
        here = places[number]
        if way is None:
            return None
        ends = [each.border for each in here.passages]
        # Without a hill on the other side the well ends as far from its lowest place.
        low = min(*ends, here.position) if here.left is not None else 2 * here.position - max(ends)
        high = max(*ends, here.position) if here.right is not None else 2 * here.position - min(ends)
        behind = places[way.to].position if way.to is not None else 2 * way.border - here.position
        rate = attempt_rate(wall, (low, high), (here.position, behind), temperature)
        return replace(way, attempt_rate=rate)

    return [
        replace(each, left=timed(number, each.left), right=timed(number, each.right))
        for number, each in enumerate(places)
    ]


def left_by_heat(wall: WallDynamics, hot: WallDynamics, places: Sequence[Place]) -> float:
    """Share of the barriers that is left of a wall at rest of 0 K if heat softens it, the mean over all hills.

    `hot` is from `solitons.domain_walls.softening.softened`. 1 without a hill.
    """
    shares = []
    for place in places:
        for way in place.passages:
            along = np.linspace(place.position, way.border, _INTEGRAL)
            cold, soft = (
                float(each.moment_per_length) * np.trapezoid(np.asarray(each.pinning.push(along)), along)
                for each in (wall, hot)
            )
            shares.append(soft / cold)
    return float(np.mean(shares)) if shares else 1.0


def with_drives(
    wall: WallDynamics,
    places: Sequence[Place],
    angle: float,
    *,
    width: float,
    rise: float,
    period: float,
    largest: float,
    field: Sequence[PiecewiseLinear] | None = None,
) -> list[Place]:
    """The places with the weakest pulse over each hill, and the place in which it leaves the wall.

    The arguments are those of `depinning_pulse`.
    """
    shape: dict[str, Any] = {"width": width, "rise": rise, "period": period, "largest": largest, "field": field}

    def driven(place: Place, way: Passage | None) -> Passage | None:
        if way is None:
            return None
        found = depinning_pulse(wall, place.position, angle, hill=way.border, **shape)
        if found is None:
            return way
        arrives = int(which_place(found.end, places))
        return replace(way, drive=found.current, arrives=arrives if arrives >= 0 else None)

    return [replace(each, left=driven(each, each.left), right=driven(each, each.right)) for each in places]
