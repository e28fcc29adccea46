"""Currents of the runs: a stretch of a signal, the same with another first input, and sines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from solitons.campaigns.reservoir_benchmark.settings import OrbitSettings, StretchSettings
from solitons.devices.driven_nodes import Multiplexing, masked_currents
from solitons.reservoirs.signal_tasks import TASKS

__all__ = ["SLOTS", "HeldCurrents", "currents_of", "drive_of", "sine"]

Floats = npt.NDArray[np.float64]

SLOTS = 20
"""Slots of a period of a sine."""
_CHANGED = 0.1
"""Of the first input, towards 0: small, so that a wall stays in its well."""


@dataclass(frozen=True, eq=False)
class HeldCurrents:
    """Current densities in A/m2, each held for a slot in s."""

    values: Floats
    slot: float

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """Points of straight lines, with a jump between slots that differ."""
        edges = self.slot * np.arange(len(self.values) + 1)
        held = [((edges[k], j), (edges[k + 1], j)) for k, j in enumerate(self.values.tolist())]
        return tuple((float(t), j) for both in held for t, j in both)


def drive_of(stretch: StretchSettings) -> Multiplexing:
    """Its drive."""
    return Multiplexing(stretch.bias, stretch.amplitude, stretch.slot, stretch.nodes, stretch.mask_mean)


def currents_of(
    stretch: StretchSettings | None, orbits: OrbitSettings | None, seed: int
) -> dict[tuple[Any, float], HeldCurrents]:
    """The currents of all runs, by what drives them and the amplitude in A/m2."""
    found: dict[tuple[Any, float], HeldCurrents] = {}
    if stretch is not None:
        inputs = TASKS[stretch.task](stretch.inputs, seed).inputs
        another = np.concatenate([[inputs[0] - np.copysign(_CHANGED, inputs[0])], inputs[1:]])
        for by, given in (("stretch", inputs), ("another first input", another)):
            found[by, stretch.amplitude] = HeldCurrents(masked_currents(given, drive_of(stretch), seed), stretch.slot)
    if orbits is not None:
        for each in orbits.amplitudes:
            values = np.tile(orbits.bias + each * sine(), orbits.periods)
            found["orbit", each] = HeldCurrents(values, orbits.period / SLOTS)
    return found


def sine() -> Floats:
    """A period of a sine, the middle of each slot."""
    return np.asarray(np.sin(2 * np.pi * (np.arange(SLOTS) + 0.5) / SLOTS))
