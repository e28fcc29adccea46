"""The wall of a run of a stripe, from its device and terminals, before anything is fitted."""

from __future__ import annotations

from dataclasses import replace

from geometries import Material, Stripe
from runs import RunSpec
from solitons.domain_walls.breathing import Breathing, breathing_from_material
from solitons.domain_walls.domain_field import domain_push
from solitons.domain_walls.mesh import dmi_in_cells, drift_in_cells
from solitons.domain_walls.pinning import AbstractPinning, EndConfinement, PinningSum
from solitons.domain_walls.stray_field import wall_factors
from solitons.domain_walls.tilting import Tilting, tilting_from_material
from solitons.domain_walls.wall_dynamics import WallDynamics, wall_from_material
from solitons.drives.current_torques import material_under_current, torques_of

__all__ = ["breathing_of", "domains_of", "shape_field_of", "stripe_of", "tilting_of", "wall_of"]


def stripe_of(spec: RunSpec) -> Stripe:
    """The stripe of a run; ValueError if the device is no stripe or has lanes, or there is a moving window."""
    if not isinstance(spec.device, Stripe):
        raise ValueError(
            f"run {spec.run_id}: device.kind is {spec.device.kind!r}, but domain walls run in a stripe; give a device "
            "of kind 'stripe'"
        )
    if spec.device.lanes is not None:
        raise ValueError(
            f"run {spec.run_id}: device.lanes cut the stripe, and the walls' model takes one wall across all of it; "
            "leave them out"
        )
    if spec.protocol.window is not None:
        raise ValueError(
            f"run {spec.run_id}: protocol.moving_window is given, but the walls' model takes a stripe with its ends "
            "and what pins in it; leave it out, and make the stripe as long as the way"
        )
    return spec.device


def wall_of(spec: RunSpec, polarity: int, width: float | None = None, material: Material | None = None) -> WallDynamics:
    """The wall of a run from the material constants alone: where a fit starts, and what it is compared with.

    Its drift velocity, DMI and hard-axis field are those in the run's cells (`mesh`, `stray_field`), which a simulation
    shows. The stray field of the two domains beside a single wall pushes it (`domain_field`), and so do pinned ends; a
    landscape that is measured holds both and takes their place.

    `polarity` is +1 where m goes from - to + with x, -1 for an up-down wall; `width` is Delta in m as it was seen;
    `material` has constants in the place of the run's.
    """
    stripe, material = stripe_of(spec), material or material_under_current(spec)
    wall = wall_from_material(
        material,
        polarity=polarity,
        thickness=stripe.thickness,
        stripe_width=stripe.width,
        torques=torques_of(spec),
        width=width,
        cell=stripe.spacing[0],
        domain_axis=stripe.domain_axis,
    )
    mesh = stripe.spacing[0], float(wall.width)
    pushes: list[AbstractPinning] = []
    if (domains := domains_of(spec, float(wall.width), material)) is not None:
        pushes.append(domains)
    if (ends := stripe.pinned_ends) is not None and len(stripe.walls) == 1:
        # The bias field that Walker's profile meets: half of it with the wall at the end's edge.
        edges = {"left": ends.length, "right": stripe.length - ends.length}
        pushes.append(EndConfinement(**edges, reach=float(wall.width) / 2, strength=ends.field))
    return replace(
        wall,
        drift_per_current=drift_in_cells(*mesh) * wall.drift_per_current,
        dmi_field=dmi_in_cells(*mesh) * wall.dmi_field,
        pinning=PinningSum(tuple(pushes)) if pushes else wall.pinning,
    )


def domains_of(spec: RunSpec, width: float, material: Material | None = None) -> AbstractPinning | None:
    """The stray field of the domains beside a run's single wall, `width` wide in m; None of two walls."""
    stripe = stripe_of(spec)
    if len(stripe.walls) != 1:
        return None
    return domain_push(
        (material or spec.material).Ms,
        width,
        length=stripe.length,
        stripe_width=stripe.width,
        thickness=stripe.thickness,
        domain_axis=stripe.domain_axis,
    )


def tilting_of(spec: RunSpec, width: float, material: Material | None = None) -> Tilting | None:
    """How a run's wall may tilt across its stripe; `width` is what it has, in m. None between domains along x."""
    if stripe_of(spec).domain_axis == "x":
        return None
    return tilting_from_material(material or material_under_current(spec), width=width, **_sizes_of(spec))


def breathing_of(spec: RunSpec, width: float, material: Material | None = None) -> Breathing | None:
    """How the width of a run's wall may follow its angle; `width` is what a Bloch wall has, in m. None as above."""
    if stripe_of(spec).domain_axis == "x":
        return None
    return breathing_from_material(material or material_under_current(spec), width=width, **_sizes_of(spec))


def shape_field_of(spec: RunSpec, width: float) -> float:
    """The smaller shape anisotropy of a run's wall in A/m, Ms n_x or (domains along x) Ms n_y: H_K is known to it."""
    stripe = stripe_of(spec)
    factors = wall_factors(width, stripe.thickness, stripe.width)
    return material_under_current(spec).Ms * (factors.n_x if stripe.domain_axis == "z" else factors.n_y)


def _sizes_of(spec: RunSpec) -> dict[str, float]:
    stripe = stripe_of(spec)
    return {"thickness": stripe.thickness, "stripe_width": stripe.width, "cell": stripe.spacing[0]}
