"""Whether driven terminals find what their torque needs in the material."""

from __future__ import annotations

from collections.abc import Sequence

from geometries import Material
from geometries.device import AbstractDevice
from runs.protocols.abstract import Channel

__all__ = ["check_torques"]


def check_torques(device: AbstractDevice, material: Material, channels: Sequence[Channel]) -> None:
    """Refuse a current whose torque is 0 for want of a constant of the body's material.

    The channels are the terminals that a protocol drives.
    """
    for terminal, waveform in channels:
        if not waveform.peak or terminal.kind not in ("in_plane", "heavy_metal"):
            continue
        cells = terminal.cells(device)
        inside = [part.material for part in device.placed_parts(material) if (part.cells & cells).any()]
        names = " and ".join(repr(each.name) for each in inside)
        if terminal.kind == "in_plane" and not any(each.P for each in inside):
            raise ValueError(
                f"protocol.steps: a current flows in terminal {terminal.name!r} (in_plane), but material.P of {names} "
                "is 0, so that nothing would move; give its spin polarisation P, or another kind of terminal, such as "
                "heavy_metal"
            )
        if terminal.kind != "heavy_metal":
            continue
        if terminal.spin_hall_angle == 0:
            raise ValueError(
                f"protocol.steps: a current flows in terminal {terminal.name!r} (heavy_metal), but its spin_hall_angle "
                "is 0, so that nothing would move; give another, or leave it out to take the material's"
            )
        if terminal.spin_hall_angle is None and not any(each.spin_hall_angle for each in inside):
            raise ValueError(
                f"protocol.steps: a current flows in terminal {terminal.name!r} (heavy_metal), but "
                f"material.spin_hall_angle is 0 of {names}; give it, or the spin_hall_angle of the terminal"
            )
