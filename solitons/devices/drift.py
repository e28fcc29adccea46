"""Drift of a programmed conductance by heat without a current, as every family's synapse gives it or does not.

A synapse that knows its drift gives a function for a time and a temperature. It takes coordinates as they were
programmed and a generator of random numbers, and draws the coordinates that a reading shows afterwards, one for each
device: two readings after two times are two draws from the same start, and no path.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

__all__ = ["AFTER_PULSES", "Drift", "DriftUnknownError", "checked_rest"]

Floats = npt.NDArray[np.float64]

AFTER_PULSES = (
    "conductances after pulses do not show what heat makes of them at rest; give a model that was fitted to a device "
    "with heat, or read the device again and again after a pulse and compare by hand"
)
"""Why devices that are known by their pulses have no drift."""

Drift = Callable[[Floats, np.random.Generator], Floats]
"""Coordinates after a rest, drawn for those before it."""


class DriftUnknownError(ValueError):
    """A model does not know how heat changes a conductance at rest.

    The text names what is missing, and the remedy.
    """


def checked_rest(time: float, temperature: float, owner: str) -> None:
    """Refuse a rest of no length, and one without heat."""
    if not (np.isfinite(time) and time > 0):
        raise ValueError(f"{owner}: time = {time} s must be finite and above 0")
    if not (np.isfinite(temperature) and temperature > 0):
        raise ValueError(
            f"{owner}: temperature = {temperature} K must be finite and above 0; without heat nothing drifts"
        )
