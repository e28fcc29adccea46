"""Torques of a run's current, from its terminals."""

from __future__ import annotations

from geometries import HeavyMetal, InPlaneCurrent, Material
from runs import RunSpec

__all__ = ["material_under_current", "torques_of"]


def torques_of(spec: RunSpec, *, moved: str = "wall", device: str = "stripe") -> tuple[str, ...]:
    """How the current of a run acts: "zhang-li" in the plane, "spin-orbit" in a heavy metal.

    A driven terminal must be one that a reduced model knows: in-plane or heavy metal, along the whole device. The error
    names what the current drives (`moved`) and in which `device`.
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
                    f"base.device.terminals: {terminal.name!r} ({terminal.describe()}) drives the {moved}, but the "
                    f"model takes currents along x in the whole {device} only, in the plane or in a heavy metal; drive "
                    "one of those"
                )
    return tuple(found)


def material_under_current(spec: RunSpec) -> Material:
    """The material of a run, with the constants that a driven heavy metal has of its own."""
    material = spec.material
    for terminal, _ in spec.in_time.channels(spec.device):
        if isinstance(terminal, HeavyMetal):
            own = {"spin_hall_angle": terminal.spin_hall_angle, "field_like_ratio": terminal.field_like_ratio}
            material = material.model_copy(update={name: value for name, value in own.items() if value is not None})
    return material
