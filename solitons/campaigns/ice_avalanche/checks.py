"""What a campaign of a spin ice refuses in its base run before anything runs."""

from __future__ import annotations

import math

import numpy as np

from runs.protocols.field_steps import FieldSteps, RampTo
from solitons.campaigns.ice_avalanche.driven_lattice import DrivenLattice
from solitons.campaigns.ice_avalanche.settings import between_the_axes

__all__ = ["check_driven_lattice"]


def check_driven_lattice(lattice: DrivenLattice) -> None:
    """Refuse what a fit of single islands and pairs cannot answer for.

    Raises
    ------
    ValueError
        If the ramps do not rise along one direction, disorder is of positions or angles, islands are not
        all of one size or have no vertices, or one of them is not against the field from the start or has
        it along or across its axis.
    """
    device = lattice.device
    _check_field(lattice.protocol)
    if device.disorder is not None and (device.disorder.position or device.disorder.angle):
        raise ValueError("base.device.disorder changes positions or angles, but pairs are measured without; set 0")
    if device.bridge is not None or any(port.field is not None for port in device.ports):
        raise ValueError("base.device has bridges or held islands, but single islands are measured; leave them out")
    if device.parts:
        raise ValueError("base.device.parts changes the material in places, but islands are measured without; leave it")
    islands = lattice.ideal_islands
    if np.ptp(islands["length"].values) > 1e-12 or np.ptp(islands["width"].values) > 1e-12:
        raise ValueError("base.device has islands of several sizes; make a campaign of one size")
    _check_islands(lattice)


def _check_field(protocol: FieldSteps) -> None:
    ramps = [step for step in protocol.steps if isinstance(step, RampTo)]
    if len({(ramp.angle, ramp.elevation) for ramp in ramps}) != 1:
        raise ValueError("base.protocol.steps has ramps along several directions; give all one angle")
    if ramps[0].elevation:
        raise ValueError("base.protocol.steps has an elevation; islands are driven in the plane of the film")
    if any(protocol.static_field):
        raise ValueError(
            f"base.protocol.static_field = {protocol.static_field} A/m, but islands and pairs are measured in the "
            "ramps alone; leave it out"
        )
    present = 0.0
    for ramp in ramps:
        if ramp.to < 0:
            raise ValueError(
                f"base.protocol.steps has a ramp to {ramp.to:g} A/m, against its own angle; turn the angle by 180 "
                "degrees and give the field without its sign"
            )
        if ramp.to <= present:
            raise ValueError(
                f"base.protocol.steps has a ramp to {ramp.to:g} A/m from {present:g} A/m; each must go to a higher "
                "field"
            )
        present = ramp.to
    if len(protocol.applied_field) < 3:
        raise ValueError("base.protocol.steps is one jump; give it more field_steps, or a ramp after it")


def _check_islands(lattice: DrivenLattice) -> None:
    if not (lattice.ideal_islands["island_vertex"].values >= 0).any():
        raise ValueError(
            "base.device.lattice has no vertices, at which avalanches go from island to island; give the table a "
            "vertex_distance"
        )
    for island, angle in enumerate(lattice.island_angles):
        if not between_the_axes(angle):
            raise ValueError(
                f"base.protocol.steps has the field at {math.degrees(angle):.4g} degrees to the axis of island "
                f"{island}; it must be between the easy and the hard axis of every island, 0 and 90 degrees, along "
                "which an island is stuck by symmetry; turn the field"
            )
    along = lattice.initial_spins * np.cos(lattice.ideal_islands["angle"].values - lattice.field_angle)
    if (along > 0).any():
        raise ValueError(
            f"base.device.initial_spins has island {int(np.argmax(along > 0))} along the field from the start, but "
            "a ramp reverses islands that are against it; exchange its spin, or give initial spins that are "
            f"saturated at {math.degrees(lattice.field_angle + math.pi) % 360:g} degrees"
        )
