"""The wall of a run of a stripe: what its device and terminals say of it, before anything is fitted."""

from __future__ import annotations

from dataclasses import replace

from geometries import HeavyMetal, InPlaneCurrent, Stripe
from runs import RunSpec
from solitons.walls.mesh import drift_in_cells
from solitons.walls.wall_dynamics import WallDynamics, wall_from_material

__all__ = ["stripe_of", "torques_of", "wall_of"]


def stripe_of(spec: RunSpec) -> Stripe:
    """The stripe of a run.

    Raises
    ------
    ValueError
        If the device is no stripe.
    """
    if not isinstance(spec.device, Stripe):
        raise ValueError(
            f"run {spec.run_id}: device.kind is {spec.device.kind!r}, but domain walls run in a stripe; give a device "
            "of kind 'stripe'"
        )
    return spec.device


def torques_of(spec: RunSpec) -> tuple[str, ...]:
    """How the current of a run acts on its wall, as `wall_from_material` takes it.

    Raises
    ------
    ValueError
        If a driven terminal is none that the wall model knows: in-plane or heavy metal, along the
        whole stripe.
    """
    found = []
    for terminal, _ in spec.in_time.channels(spec.device):
        match terminal:
            case InPlaneCurrent(direction=(1.0, 0.0, 0.0)) if terminal.everywhere:
                found.append("zhang-li")
            case HeavyMetal(direction=(1.0, 0.0, 0.0)) if terminal.everywhere:
                found.append("spin-orbit")
            case _:
                raise ValueError(
                    f"base.device.terminals: {terminal.name!r} ({terminal.describe()}) drives the wall, but the model "
                    "knows currents along x in the whole stripe only, in the plane or in a heavy metal; drive one of "
                    "those"
                )
    return tuple(found)


def wall_of(spec: RunSpec, polarity: int) -> WallDynamics:
    """What the material constants alone say of a run's wall: where a fit starts, and what it is compared with.

    Its drift velocity is that in the run's cells (`solitons.walls.mesh`), which a simulation shows.

    Parameters
    ----------
    spec : RunSpec
        The run.
    polarity : int
        +1 where m goes from - to + with x, -1 for an up-down wall.

    Raises
    ------
    ValueError
        As `stripe_of`, `torques_of` and `wall_from_material`.
    """
    stripe, material = stripe_of(spec), spec.material
    for terminal, _ in spec.in_time.channels(stripe):
        if isinstance(terminal, HeavyMetal):  # which may have constants of its own
            own = {"spin_hall_angle": terminal.spin_hall_angle, "field_like_ratio": terminal.field_like_ratio}
            material = material.model_copy(update={name: value for name, value in own.items() if value is not None})
    wall = wall_from_material(
        material,
        polarity=polarity,
        thickness=stripe.thickness,
        stripe_width=stripe.width,
        torques=torques_of(spec),
    )
    weaker = drift_in_cells(stripe.spacing[0], float(wall.width))
    return replace(wall, drift_per_current=weaker * wall.drift_per_current)
