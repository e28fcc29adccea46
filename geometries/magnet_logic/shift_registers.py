"""A wire that keeps bits and moves them on with each cycle of a clock of three phases."""

from __future__ import annotations

from collections.abc import Sequence

from geometries.magnet_logic.builders import REFERENCE, Bit, MagnetGrid
from geometries.magnet_logic.device import MagnetArray

__all__ = ["PHASES", "shift_register"]

PHASES = 3
"""Zones that a bit needs: one that has it, one that takes it, and one that is cleared, so that nothing comes back."""

_MAGNETS_OF_ZONE = 2


def shift_register(bits: Sequence[Bit], state: Bit = 1, grid: MagnetGrid = REFERENCE) -> MagnetArray:
    """A wire along x of three zones for each bit, two magnets in each, after a held input.

    A bit rests in the last zone of its stage. In a cycle of the clock (`phase_clock`) it moves on by one stage, the
    first takes the input, and what was in the last is lost. A bit is read at the last magnet of its stage, "bit_1",
    "bit_2" and so on. Three stages work in the model, in field steps and in time, and one stage in micromagnetics
    (native engine, field steps); longer ones were not run there. `bits` (1 and -1) are what the stages have at first,
    the one next to the input first.
    """
    if not bits:
        raise ValueError("shift_register: no bits are given, and there is a stage for each; give one or more")
    magnets = [grid.magnet("in", 0, 0, "input", state)]
    for stage, bit in enumerate(bits):
        for place in range(PHASES * _MAGNETS_OF_ZONE):
            column = stage * PHASES * _MAGNETS_OF_ZONE + place + 1
            last = place == PHASES * _MAGNETS_OF_ZONE - 1
            magnets.append(
                grid.magnet(
                    f"bit_{stage + 1}" if last else f"m{column}",
                    column,
                    0,
                    "output" if last else "magnet",
                    bit if place % 2 else -bit,
                    zone=(column - 1) // _MAGNETS_OF_ZONE,
                )
            )
    return grid.array(*magnets)
