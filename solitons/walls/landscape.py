"""The landscape of a stripe from statics: where its shape and its material hold a wall, and how strongly.

A wall is held at place after place along the stripe by a trap, once in each direction
(`holding_specs`), and at rest the trap pushes as hard as the stripe (`analysis.held_wall`). The two
runs make one landscape F(q), with notches, taper, roughness, parts of other material, pinned ends
and the pinning by the mesh in it. Nothing is fitted: with it the wall model predicts the field
and the current that free a wall.

What a trap cannot see: the stretch just beyond the top of F, where the landscape gives way faster
than the trap holds, so that the wall jumps. The pushes on both sides are joined there by a smooth
monotonic line. A trap of 5 % of the anisotropy field over a wall's width, as here, squeezes the
wall by as much and finds pushes that are some per cent too large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import constants
from scipy.integrate import cumulative_trapezoid
from scipy.interpolate import PchipInterpolator
from scipy.signal import find_peaks

from geometries import Stripe
from runs import HeldWall, RunSpec
from solitons.walls.pinning import TabulatedPinning
from solitons.walls.runs import stripe_of

__all__ = ["Landscape", "Site", "has_landscape", "holding_specs", "landscape_of"]

Floats = npt.NDArray[np.float64]

_TRAP = 0.05  # of the anisotropy field, over the wall's width
_HOLDS = 5.0  # k T at 300 K: what holds a wall by less does not hold it for a microsecond
_ROOM = 300.0


@dataclass(frozen=True)
class Site:
    """A place where a wall stays at rest.

    Parameters
    ----------
    position : float
        In m.
    hold_left, hold_right : float
        Largest push in A/m against a wall that is driven to the left or to the right: the depinning fields.
    barrier_left, barrier_right : float
        Energy in J that it takes to leave to either side.
    """

    position: float
    hold_left: float
    hold_right: float
    barrier_left: float
    barrier_right: float


@dataclass(frozen=True, eq=False)
class Landscape:
    """A landscape that was measured.

    Parameters
    ----------
    position, push : array (points,)
        Where the wall was at rest in m, increasing, and the push there in A/m.
    widest_jump : float
        The longest stretch in m between two of these places, across which the push is interpolated.
    pinning : TabulatedPinning
        What the wall model takes.
    """

    position: Floats
    push: Floats
    widest_jump: float
    pinning: TabulatedPinning

    def sites(self, moment_per_length: float) -> list[Site]:
        """Where a wall stays at rest at room temperature, from left to right.

        Parameters
        ----------
        moment_per_length : float
            Ms S in A m.

        Returns
        -------
        list of Site
            Wells that are deeper than 5 k T at 300 K on both sides.
        """
        places = np.linspace(float(self.pinning.start), float(self.pinning.stop), self.pinning.values.size)
        push = np.asarray(self.pinning.values)
        energy = -2 * constants.mu_0 * moment_per_length * cumulative_trapezoid(push, places, initial=0.0)
        wells, shape = find_peaks(-energy, prominence=_HOLDS * constants.k * _ROOM)
        found = []
        for well, left, right in zip(wells, shape["left_bases"], shape["right_bases"], strict=True):
            # The bases lie beyond deeper wells too; what is in the way is the highest hill before those.
            before, behind = energy[left : well + 1], energy[well : right + 1]
            first, last = left + int(np.argmax(before)), well + int(np.argmax(behind))
            found.append(
                Site(
                    position=float(places[well]),
                    hold_left=float(push[first : well + 1].max(initial=0.0)),
                    hold_right=float(-push[well : last + 1].min(initial=0.0)),
                    barrier_left=float(energy[first] - energy[well]),
                    barrier_right=float(energy[last] - energy[well]),
                )
            )
        return found


def has_landscape(stripe: Stripe) -> bool:
    """Whether a stripe is meant to hold its wall: notches, a taper, rough edges, or parts of another material."""
    return bool(stripe.notches or stripe.taper is not None or stripe.edge_roughness is not None or stripe.parts)


def holding_specs(spec: RunSpec) -> tuple[RunSpec, RunSpec]:
    """The two runs that hold the wall of a run at place after place, to the right and back.

    Parameters
    ----------
    spec : RunSpec
        A run of a perpendicular stripe with one wall.

    Returns
    -------
    tuple of RunSpec
        The same stripe and material, in a trap that goes from one end (or pinned end) to the other.

    Raises
    ------
    ValueError
        If the device is no such stripe.
    """
    stripe, material = stripe_of(spec), spec.material
    if stripe.domain_axis != "z" or len(stripe.walls) != 1:
        raise ValueError(
            f"holding_specs: run {spec.run_id} has {len(stripe.walls)} walls and domains along {stripe.domain_axis}; a "
            "landscape is measured with one wall between up and down domains"
        )
    width = material.wall_width
    stiffness = 2 * material.A / (constants.mu_0 * material.Ms * width**2)  # the anisotropy field, 2 K_eff / (mu0 Ms)
    gradient = -stripe.first_domain * _TRAP * stiffness / width
    margin = 4 * width
    if stripe.pinned_ends is not None:
        margin = max(margin, stripe.pinned_ends.length)
    spacing = max(min(width, stripe.cell[0]) / 2, width / 4)
    ends = (margin, stripe.length - margin)
    if not ends[1] > ends[0] + 2 * spacing:
        raise ValueError(
            f"holding_specs: the stripe is {stripe.length:g} m long, too short for a landscape between "
            f"{ends[0]:g} m and {ends[1]:g} m; make it longer than ten wall widths"
        )
    positions = int(np.ceil((ends[1] - ends[0]) / spacing)) + 1
    return tuple(  # type: ignore[return-value]
        spec.model_copy(
            update={
                "device": stripe.model_copy(
                    update={"walls": (stripe.walls[0].model_copy(update={"position": start}),), "readout_window": None}
                ),
                "protocol": HeldWall(
                    start=start,
                    stop=stop,
                    positions=positions,
                    gradient=gradient,
                    static_field=(*spec.protocol.static_field[:2], 0.0),
                ),
            }
        )
        for start, stop in (ends, ends[::-1])
    )


def landscape_of(held: Sequence[xr.Dataset]) -> Landscape:
    """Put what was measured while a wall was held into one landscape.

    Parameters
    ----------
    held : sequence of xarray.Dataset
        `analysis.held_wall` of one or more runs of a stripe, in either direction.

    Returns
    -------
    Landscape

    Raises
    ------
    ValueError
        If a wall was found at fewer than four places.
    """
    position, push = (np.concatenate([each[name].values for each in held]) for name in ("position", "push"))
    there = np.isfinite(position)
    if there.sum() < 4:
        raise ValueError(
            f"landscape_of: the wall was found at {int(there.sum())} places only; hold it at more, inside the stripe"
        )
    position, push = position[there], push[there]
    # Both directions visit the same places, to within what a minimum is known to: those count as one.
    step = float(np.median(np.concatenate([np.abs(np.diff(each["held_at"].values)) for each in held])))
    box = np.round(position / (step / 2)).astype(int)
    _, owner, count = np.unique(box, return_inverse=True, return_counts=True)
    place, mean = (np.bincount(owner, values) / count for values in (position, push))
    grid = np.linspace(place[0], place[-1], max(int(np.ceil((place[-1] - place[0]) / (step / 2))) + 1, 2))
    return Landscape(
        position=place,
        push=mean,
        widest_jump=float(np.diff(place).max()),
        pinning=TabulatedPinning(grid[0], grid[-1], PchipInterpolator(place, mean)(grid)),
    )
