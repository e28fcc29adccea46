"""The landscape of a stripe from statics: where its shape and its material hold a wall, and how strongly.

A wall is held at place after place along the stripe by a trap, once in each direction
(`holding_specs`), and at rest the trap pushes as hard as the stripe (`analysis.held_wall`). The two
runs make one landscape F(q), with notches, taper, roughness, parts of other material and the stray
field of the two domains in it. Nothing is fitted: with it the wall model predicts the field and the
current that free a wall. Pinned ends are measured up to where they begin, and go on as their bias
field requires. What the mesh does has a period of one cell; places half a cell apart are at its zeros.

What a trap cannot see: the stretch just beyond the top of F, where the landscape gives way faster
than the trap holds, so that the wall jumps. The pushes on both sides are joined there by a smooth
monotonic line. A trap of 5 % of the anisotropy field over a wall's width, as here, squeezes the
wall by as much and finds pushes that are some per cent too large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import jax
import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import constants
from scipy.integrate import cumulative_trapezoid
from scipy.interpolate import PchipInterpolator
from scipy.signal import find_peaks

from geometries import Material, Stripe
from geometries.domain_walls.walls import usual_width
from geometries.quantities import format_quantity
from runs import HeldWall, RunSpec
from solitons.devices.places import Passage, Place
from solitons.domain_walls.pinning import TabulatedPinning
from solitons.domain_walls.runs import stripe_of
from solitons.domain_walls.wall_dynamics import WallDynamics

__all__ = [
    "ROOM_TEMPERATURE",
    "Landscape",
    "has_landscape",
    "holding_specs",
    "landscape_of",
    "moment_along",
    "wells_of",
]

Floats = npt.NDArray[np.float64]

_TRAP = 0.05  # of the anisotropy field, over the wall's width
_HOLDS = 5.0  # k T: what holds a wall by less does not hold it for a microsecond
ROOM_TEMPERATURE = 300.0
"""In K: at which a well counts if it is deep enough, where nobody asks for another temperature."""
_LEVEL = 0.95  # of a barrier: from there on a level landscape has been left
_A_WIDTH = 8.0  # places a width at which a model's landscape is looked at
_MEASURED = ("position", "push", "width")


@dataclass(frozen=True, eq=False)
class Landscape:
    """A landscape that was measured.

    Places in m, increasing, where the wall was at rest, the push there in A/m, the longest stretch in m between two of
    them, across which the push is interpolated, and the `pinning` that the wall model takes.
    """

    position: Floats
    push: Floats
    widest_jump: float
    pinning: TabulatedPinning

    def in_field(self, along: float, polarity: int) -> Landscape:
        """The landscape with a steady field in A/m along its domains besides, which pushes a wall of a polarity."""
        push = -polarity * along
        table = TabulatedPinning(self.pinning.start, self.pinning.stop, np.asarray(self.pinning.values) + push)
        return Landscape(self.position, self.push + push, self.widest_jump, table)

    def places(self, moment_per_length: Floats | float, temperature: float = ROOM_TEMPERATURE) -> list[Place]:
        """Wells of the landscape that are deeper than 5 k T on both sides, from left to right.

        Barriers are those of a straight wall. `moment_per_length` is Ms S in A m, S being the cross-section: one
        number, or one for each value of `pinning` (`moment_along`). The temperature is in K.
        """
        return _places(self.pinning.places, np.asarray(self.pinning.values), moment_per_length, temperature)


def wells_of(wall: WallDynamics, left: float, right: float, temperature: float = ROOM_TEMPERATURE) -> Floats:
    """Places in m between two ends (m) at which a landscape holds a wall at a temperature in K: all its levels.

    Empty where nothing holds the wall by 5 k T on both sides, or its moment is not known.
    """
    places = np.linspace(left, right, max(int(np.ceil((right - left) / (float(wall.width) / _A_WIDTH))), 2))
    with jax.enable_x64(True):
        push = np.broadcast_to(np.asarray(wall.pinning.push(places), dtype=np.float64), places.shape)
    return np.array([each.position for each in _places(places, push, float(wall.moment_per_length), temperature)])


def _places(along: Floats, push: Floats, moment_per_length: Floats | float, temperature: float) -> list[Place]:
    force = 2 * constants.mu_0 * np.broadcast_to(moment_per_length, push.shape) * push
    energy = -cumulative_trapezoid(force, along, initial=0.0)
    deep, edge, end = _HOLDS * constants.k * temperature, max(energy.size // 10, 1), energy.size - 1
    # An end that is flat is no hill, and one that rises steeply none to leave over.
    steep = (energy[0] - energy[edge] > deep, energy[-1] - energy[-1 - edge] > deep)
    wells, _ = find_peaks(-energy, prominence=deep)
    found, last_well = [], len(wells) - 1
    # A wall leaves over the highest hill on the way to the next well.
    for number, (left, well, right) in enumerate(zip([0, *wells], wells, [*wells[1:], end], strict=False)):
        first = left + int(np.argmax(energy[left : well + 1]))
        last = well + int(np.argmax(energy[well : right + 1]))
        to_left = Passage(
            to=number - 1 if number else None,
            border=float(along[well - _to_hill(energy[left : well + 1][::-1], left > 0)]),
            barrier=float(energy[first] - energy[well]),
            at_most=True,
            field=float(push[first : well + 1].max(initial=0.0)),
        )
        to_right = Passage(
            to=number + 1 if number < last_well else None,
            border=float(along[well + _to_hill(energy[well : right + 1], right < end)]),
            barrier=float(energy[last] - energy[well]),
            at_most=True,
            field=float(-push[well : last + 1].min(initial=0.0)),
        )
        found.append(
            Place(
                position=float(along[well]),
                left=None if first == 0 and steep[0] else to_left,
                right=None if last == end and steep[1] else to_right,
            )
        )
    return found


def _to_hill(way: Floats, to_well: bool) -> int:
    """How many places it is from a well to its hill: to the top, or to where a level stretch begins.

    `way` is the energy from the lowest place of the well on, to the lowest of the next well (`to_well`) or to the end
    of the landscape.
    """
    top = int(np.argmax(way))
    # The wells on both sides of a hill must find the same stretch, so the shallower one defines what is level.
    foot = way[[0, -1]].max() if to_well else way[0]
    high = np.flatnonzero(way >= way[top] - (1 - _LEVEL) * (way[top] - foot))
    first, last = int(high[0]), int(high[-1])
    if not to_well and top == way.size - 1:
        return first
    # On a stretch that is longer than the slopes beside it, rounding would decide where the highest place is.
    slopes = (first, way.size - 1 - last) if to_well else (first,)
    return first if last - first > np.mean(slopes) else top


def has_landscape(stripe: Stripe) -> bool:
    """Whether a stripe is meant to hold its wall: notches, a taper, rough edges, grains, an anisotropy that varies."""
    uneven = (stripe.taper, stripe.edge_roughness, stripe.grains, stripe.anisotropy_gradient)
    return bool(stripe.notches or stripe.parts or any(each is not None for each in uneven))


def holding_specs(spec: RunSpec) -> tuple[RunSpec, RunSpec]:
    """The two runs that hold the wall of a run at place after place, to the right and back.

    Parameters
    ----------
    spec : RunSpec
        A run of a stripe with one wall, between domains along z or x.

    Returns
    -------
    tuple of RunSpec
        The same stripe and material, in a trap that goes from one end (or pinned end) to the other.

    Raises
    ------
    ValueError
        If the device is no such stripe or too short, or domains are along z and the film magnetises in its plane.

    Examples
    --------
    >>> from geometries import Stripe
    >>> from runs import Protocol, Rest
    >>> stripe = Stripe(
    ...     length="400 nm", width="40 nm", thickness="1 nm", cell=("4 nm", "4 nm", "1 nm"),
    ...     walls=[{"position": "100 nm", "kind": "bloch"}],
    ...     notches=[{"position": "200 nm", "depth": "8 nm", "width": "40 nm"}],
    ... )
    >>> film = {"name": "film", "Ms": "600 kA/m", "A": "12 pJ/m", "Ku": "0.5 MJ/m^3", "alpha": 0.1}
    >>> spec = RunSpec(device=stripe, material=film, protocol=Protocol(steps=[Rest(duration="1 ns")]))
    >>> right, left = holding_specs(spec)
    >>> [round(each * 1e9) for each in (right.protocol.start, right.protocol.stop)], right.protocol.positions  # nm
    ([26, 374], 175)
    """
    stripe, material = stripe_of(spec), spec.material
    if len(stripe.walls) != 1:
        raise ValueError(
            f"holding_specs: run {spec.run_id} has {len(stripe.walls)} walls; a landscape is measured with one"
        )
    if stripe.domain_axis == "z" and material.effective_anisotropy <= 0:
        raise ValueError(
            f"material {material.name!r} magnetises in the plane of a film (Ku - mu0 Ms^2 / 2 <= 0); a landscape is "
            "that of a perpendicular wall, so raise Ku or lower Ms"
        )
    width = usual_width(material, stripe.width, stripe.domain_axis)
    stiffness = 2 * material.A / (constants.mu_0 * material.Ms * width**2)  # the anisotropy field, 2 K_eff / (mu0 Ms)
    gradient = -stripe.first_domain * _TRAP * stiffness / width
    # Nearer to an end its charge takes a head-to-head wall out of the trap.
    margin = 4 * width if stripe.domain_axis == "z" else 2 * stripe.width
    if stripe.pinned_ends is not None:
        margin = max(margin, stripe.pinned_ends.length + stripe.cell[0])
    # A wall as wide as its stripe feels nothing finer.
    spacing = max(min(width, stripe.cell[0]) / 2, width / (4 if stripe.domain_axis == "z" else 2))
    ends = (margin, stripe.length - margin)
    if not ends[1] > ends[0] + 2 * spacing:
        raise ValueError(
            f"device.length = {format_quantity(stripe.length, 'm')} leaves no room to measure what holds the wall, "
            f"{format_quantity(margin, 'm')} from either end; make the stripe longer than "
            f"{format_quantity(2 * margin + 2 * spacing, 'm')}, or do without (fit.landscape: none)"
        )
    positions = int(np.ceil((ends[1] - ends[0]) / spacing)) + 1
    right, left = (
        RunSpec(
            device=type(stripe).model_validate(
                stripe.model_dump()
                | {"walls": [stripe.walls[0].model_copy(update={"position": start})], "readout_window": None}
            ),
            material=material,
            protocol=HeldWall(
                start=start,
                stop=stop,
                positions=positions,
                gradient=gradient,
                axis=stripe.domain_axis,
                # What pushes the wall is added to what is measured.
                static_field=tuple(
                    0.0 if axis == stripe.domain_axis else each
                    for axis, each in zip("xyz", spec.protocol.static_field, strict=True)
                ),
            ),
            numerics=spec.numerics,
            engine=spec.engine,
        )
        for start, stop in (ends, ends[::-1])
    )
    return right, left


def landscape_of(held: Sequence[xr.Dataset], stripe: Stripe | None = None) -> Landscape:
    """Put what was measured while a wall was held into one landscape.

    Parameters
    ----------
    held : sequence of xarray.Dataset
        `analysis.held_wall` of one or more runs of a stripe, in either direction.
    stripe : Stripe, optional
        The stripe; its pinned ends go on beyond where the wall was held, with the push
        H (1 + tanh((L - q) / Delta)) / 2 of an end of length L and bias field H.

    Returns
    -------
    Landscape

    Raises
    ------
    ValueError
        If a wall was found at fewer than four places.

    Examples
    --------
    >>> held_at = np.linspace(100e-9, 300e-9, 21)
    >>> push = -4e3 * np.sin(2 * np.pi * held_at / 200e-9)
    >>> measured = {"position": held_at, "push": push, "width": 0 * held_at + 6e-9, "held_at": held_at}
    >>> held = xr.Dataset({name: ("step", values) for name, values in measured.items()})
    >>> round(float(landscape_of([held]).pinning.push(250e-9)))  # A/m
    -4000
    """
    position, push, width = (np.concatenate([each[name].values for each in held]) for name in _MEASURED)
    there = np.isfinite(position)
    position, push = position[there], push[there]
    # Both directions visit the same places, to within what a minimum is known to: those count as one.
    step = float(np.median(np.concatenate([np.abs(np.diff(each["held_at"].values)) for each in held])))
    box = np.round(position / (step / 2)).astype(int)
    _, owner, count = np.unique(box, return_inverse=True, return_counts=True)
    if count.size < 4:
        raise ValueError(
            f"landscape_of: the wall was found at {count.size} places only; hold it at more, inside the stripe"
        )
    place, mean = (np.bincount(owner, values) / count for values in (position, push))
    outer, pushes = place, mean
    if stripe is not None and stripe.pinned_ends is not None:
        outer, pushes = _with_pinned_ends(place, mean, stripe, float(np.nanmedian(width)))
    grid = np.linspace(outer[0], outer[-1], max(int(np.ceil((outer[-1] - outer[0]) / (step / 2))) + 1, 2))
    return Landscape(
        position=place,
        push=mean,
        widest_jump=float(np.diff(place).max()),
        pinning=TabulatedPinning(grid[0], grid[-1], PchipInterpolator(outer, pushes)(grid)),
    )


def _with_pinned_ends(place: Floats, push: Floats, stripe: Stripe, width: float) -> tuple[Floats, Floats]:
    """Go on into the pinned ends: by what their push grows beyond the last place at which the wall was held."""
    ends = stripe.pinned_ends
    assert ends is not None

    def towards_middle(depth: Floats) -> Floats:
        # How far the wall is inside an end; the bias field is along that end's domain.
        found: Floats = ends.field * (1 + np.tanh(depth / width)) / 2
        return found

    beyond = np.arange(1, 17) * width / 2
    left, right = place[0] - beyond[::-1], place[-1] + beyond
    grown_left = towards_middle(ends.length - left) - towards_middle(ends.length - place[:1])
    start = stripe.length - ends.length
    grown_right = towards_middle(right - start) - towards_middle(place[-1:] - start)
    return (
        np.concatenate([left, place, right]),
        np.concatenate([push[0] + grown_left, push, push[-1] - grown_right]),
    )


def moment_along(stripe: Stripe, material: Material, landscape: Landscape) -> Floats:
    """Ms S in A m at each value of the landscape's `pinning`, averaged over the wall.

    At a notch a moving wall turns less.
    """
    dx, dy, dz = stripe.spacing
    x = stripe.cell_centres()[0]
    moment = stripe.saturation_magnetisation(material).sum(axis=(1, 2)) * dy * dz
    width = usual_width(material, stripe.width, stripe.domain_axis)
    weight = 1 / np.cosh((landscape.pinning.places[:, None] - x) / max(width, dx)) ** 2
    along: Floats = weight @ moment / weight.sum(axis=1)
    return along
