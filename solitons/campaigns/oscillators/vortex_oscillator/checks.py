"""What a vortex oscillator refuses before anything runs: discs without a vortex, currents without an orbit."""

from __future__ import annotations

import numpy as np

from geometries import Material, Pillar, ThroughPlane, Vortex
from geometries.quantities import format_quantity
from solitons.figures import value_label
from solitons.oscillators.vortex_coefficients import estimated_vortex, vortex_over_uniform

__all__ = ["check_disc", "check_drive"]

Currents = tuple[float, ...]
_FAR = 2.0
"""Energy of a vortex over a uniform disc's above which no vortex is expected; discs of permalloy keep one at 1."""
_BELOW = 0.8
"""Share of the estimated threshold below which a current is refused: the estimate is good to 5 % in thin discs."""
_TURNS = 10
_SAMPLES = 8
"""Frames a turn: with fewer the mean radius of a turn is no longer good to 1 %."""


def check_disc(device: Pillar, material: Material) -> None:
    """Refuse a device that is no disc with a vortex under one polarised current."""
    if not isinstance(device.start, Vortex):
        raise ValueError(
            f"device.start = {device.start} is uniform; give start: vortex, or {{polarity: 1, circulation: -1}}"
        )
    length, width = device.axes
    size = format_quantity(length, "m")
    if abs(length - width) > 1e-9 * length:
        raise ValueError(
            f"device has the axes {size} and {format_quantity(width, 'm')}, and the equation is of a disc; leave width "
            "out"
        )
    terminals = device.terminals
    if len(terminals) != 1 or not isinstance(terminals[0], ThroughPlane) or not terminals[0].everywhere:
        raise ValueError(
            f"device.terminals has {', '.join(each.describe() for each in terminals) or 'none'}; give one "
            "through_plane terminal through all of the disc"
        )
    across = terminals[0].layer_in(device).direction[2]
    if abs(across) < 0.1:
        raise ValueError(
            f"device.fixed_layer has the component {across:.2g} across the plane: a polariser in the plane puts no "
            "steady force on a core along its orbit; give fixed_layer: up"
        )
    ratio = vortex_over_uniform(device, material)
    if ratio > _FAR:
        raise ValueError(
            f"device: a vortex in this disc of {size} x {format_quantity(device.thickness, 'm')} has {ratio:.2g} "
            "times the energy of the uniform state, so that none is at rest; choose a larger or thicker disc"
        )


def check_drive(
    device: Pillar, material: Material, fitted: Currents, judged: Currents, duration: float, interval: float
) -> None:
    """Refuse currents below the threshold or of the wrong sign, judged ones that no fit surrounds, and bad times."""
    model = estimated_vortex(device, material)
    threshold, sizes = model.threshold(), np.abs(fitted)
    estimated = f"estimated at {value_label(threshold, 'A/m^2', 3)}"
    named = [("fitted", each) for each in fitted] + [("judged", each) for each in judged]
    for name, current in named:
        wrong = ""
        if current * threshold <= 0:
            wrong = (
                f"which holds this core in the middle; the threshold is {estimated}: give currents of that sign, or "
                "the other polarity"
            )
        elif current / threshold < _BELOW:
            wrong = f"below the threshold, {estimated}: the core comes to rest; give stronger currents"
        elif name == "judged" and current in fitted:
            wrong = "which is fitted too; judge by another current"
        elif name == "judged" and not sizes.min() < abs(current) < sizes.max():
            wrong = "outside the fitted currents, where the equation is not known; choose one between them"
        if wrong:
            raise ValueError(f"{name} has {value_label(current, 'A/m^2')}, {wrong}")
    strongest = max((current for _, current in named), key=abs)
    frequency = abs(float(model.rates(0.0, strongest)[1])) / (2 * np.pi)
    about = value_label(frequency, "Hz", 3)
    if duration * frequency < _TURNS:
        raise ValueError(
            f"duration = {format_quantity(duration, 's')} is {duration * frequency:.2g} turns at about {about}, and "
            f"{_TURNS} are needed; give {value_label(1.05 * _TURNS / frequency, 's', 2)} or more"
        )
    if interval * frequency * _SAMPLES > 1:
        raise ValueError(
            f"sampling_interval = {format_quantity(interval, 's')} is {1 / (interval * frequency):.2g} frames a turn "
            f"at about {about}, and {_SAMPLES} are needed; give {value_label(0.95 / (_SAMPLES * frequency), 's', 2)} "
            "or less"
        )
