"""Limits of OOMMF: what it cannot run is refused by name when a run is described."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geometries.wires import AbstractWire

if TYPE_CHECKING:
    from runs.spec import RunSpec


__all__ = ["check"]

_REMEDY = "use engine 'native'"


def check(spec: RunSpec) -> None:
    """Refuse paths of energy, moving windows, heat, gates, torques that repeat or differ, a varying Ku below 0."""
    if spec.protocol.window is not None:
        raise ValueError(
            "protocol.moving_window is given, and engine is 'oommf', which cannot shift the magnetisation while it "
            f"integrates; {_REMEDY}, or leave moving_window out and make the device as long as the way"
        )
    if spec.protocol.way_through:
        raise ValueError(
            "protocol is of kind 'energy_path', and engine is 'oommf', which goes downhill in energy and not along a "
            f"way over a hill; {_REMEDY}"
        )
    warmest = spec.protocol.temperature_profile.peak
    if warmest:
        raise ValueError(
            f"protocol has a temperature of up to {warmest:g} K, and engine is 'oommf', which is run without a thermal "
            f"field; {_REMEDY}, or leave the temperature at 0"
        )
    varying = spec.device.local_anisotropy(spec.material)
    if varying is not None and varying[0].min() < 0:
        raise ValueError(
            f"device: its anisotropy varies from cell to cell and Ku is negative in places, down to "
            f"{varying[0].min():.4g} J/m3, and engine is 'oommf', which reads the absolute value of what varies in "
            f"space; {_REMEDY}, or give material and parts a Ku above 0"
        )
    channels = [each for each in spec.protocol.channels(spec.device) if each.waveform.peak]
    gates = [terminal.name for terminal, _ in channels if terminal.kind == "voltage_gate"]
    if gates:
        raise ValueError(
            f"protocol.steps: a voltage changes the anisotropy under terminal {gates[0]!r} (voltage_gate), and engine "
            f"is 'oommf', whose anisotropies are constant in time; {_REMEDY}, or leave the voltage out"
        )
    driven = [terminal for terminal, _ in channels if not isinstance(terminal, AbstractWire)]
    if driven and spec.device.periodic_axes():
        raise ValueError(
            f"protocol.steps: a current flows in terminal {driven[0].name!r} ({driven[0].kind}) of a device that "
            f"repeats along {spec.device.periodic_axes()}, and engine is 'oommf', whose spin torques need a mesh with "
            f"edges; {_REMEDY}, or leave the current out"
        )
    if len(driven) > 1:
        names = ", ".join(f"{terminal.name!r} ({terminal.kind})" for terminal in driven)
        raise ValueError(
            f"protocol.steps: currents flow in {len(driven)} terminals, {names}, and engine is 'oommf', which has one "
            f"spin torque a run, with one waveform; {_REMEDY}, or drive one of them"
        )
    for terminal in driven:
        cells = terminal.cells(spec.device)
        parts = [part for part in spec.device.placed_parts(spec.material) if (part.cells & cells).any()]
        betas = {part.material.beta for part in parts}
        if terminal.kind == "in_plane" and len(betas) > 1:
            raise ValueError(
                f"device.parts: beta is {' and '.join(f'{beta:g}' for beta in sorted(betas))} under terminal "
                f"{terminal.name!r}, and engine is 'oommf', whose Zhang-Li torque has one beta; {_REMEDY}, or give all "
                "parts one"
            )
        if terminal.kind == "heavy_metal" and terminal.field_like_ratio is None:
            ratios = {part.material.field_like_ratio for part in parts}
            if len(ratios) > 1 and min(ratios) < 0:
                raise ValueError(
                    f"device.parts: field_like_ratio differs under terminal {terminal.name!r} and is negative in "
                    "places, and engine is 'oommf', which reads the absolute value of what varies in space; "
                    f"{_REMEDY}, or give all parts one"
                )
