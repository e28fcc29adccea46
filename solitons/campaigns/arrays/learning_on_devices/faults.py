"""The faults of a device, one after another."""

from __future__ import annotations

from solitons.crossbars import StepTable, Wires
from solitons.crossbars.step_table import ideal_table

__all__ = ["CHANCE", "FINE", "SMALL_STEPS", "SPREAD", "faults_of"]

FINE = 1000
"""Pulses across the range of the ideal devices with which the list of faults begins."""

SMALL_STEPS = "learning on ideal devices in small steps"
"""What the list begins with, before any fault of the device."""

CHANCE, SPREAD = "chance from pulse to pulse", "spread from device to device"
"""Faults that the fit of a device may not know."""


def faults_of(table: StepTable, wires: Wires) -> list[tuple[str, StepTable, Wires]]:
    """A device's faults one after another: each line has all of those before it."""
    ideal = Wires()
    alike = table.without_spread()
    return [
        (SMALL_STEPS, ideal_table(table, FINE), ideal),
        ("large steps", ideal_table(table), ideal),
        ("non-linearity and asymmetry", alike.without_noise(), ideal),
        (CHANCE, alike, ideal),
        (SPREAD, table, ideal),
        ("wires", table, wires),
    ]
