"""The heat of taking a gate to another row and back, in two orders of the fields."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import xarray as xr

from analysis.magnet_logic.values import decided
from geometries import MagnetArray
from solitons.campaigns.magnet_logic.logic_campaign import AbstractLogicCampaign
from solitons.campaigns.magnet_logic.loop_heats import heat_point, loop_heat, members_at
from solitons.campaigns.magnet_logic.loop_results import HeatPoint, LoopHeat
from solitons.campaigns.magnet_logic.nml_majority.settings import CycleSettings
from solitons.magnet_logic import CoupledMacrospins
from solitons.magnet_logic.gate_cycles import CLOCK_FIRST, INPUTS_FIRST, GateCycle, follow_cycle

__all__ = ["CYCLES", "gates_at", "measure_cycles", "wrong_gates"]

CYCLES = (CLOCK_FIRST, INPUTS_FIRST)
_FAST = 8
"""Times the members of the slowest ramps that the fast ones get."""


def gates_at(ramp_time: float, settings: CycleSettings) -> int:
    """How many gates a ramp time gets (`members_at`); ramps that are too fast for the line get fewer."""
    members = members_at(ramp_time, max(settings.ramp_times), settings.members)
    return members if ramp_time in settings.ramp_times else min(members, _FAST * settings.members)


def measure_cycles(
    macrospins: CoupledMacrospins, campaign: AbstractLogicCampaign, settings: CycleSettings, advance: Callable[[], None]
) -> list[LoopHeat]:
    """Take the gate around both cycles with each ramp time; `advance` is called after each."""
    first, second = campaign.array(settings.first), campaign.array(settings.second)
    number = len(CYCLES) * len(settings.every_ramp_time)
    seeds = iter(np.random.SeedSequence(campaign.seed).generate_state(number, np.uint64))
    wanted = [campaign.expected[row]["out"] for row in (settings.second, settings.first)]

    def measure(cycle: GateCycle, ramp_time: float) -> HeatPoint:
        run = follow_cycle(
            macrospins, first, second, cycle, ramp_time,
            clock=(campaign.clock.field, 0.0, 0.0), members=gates_at(ramp_time, settings), seed=int(next(seeds)),
        )  # fmt: skip
        return heat_point(run, ramp_time, macrospins.thermal_energy, wrong_gates(run, first, cycle, wanted))

    return [
        loop_heat(cycle.name, settings.ramp_times, partial(measure, cycle), advance, fast=settings.fast_ramps)
        for cycle in CYCLES
    ]


def wrong_gates(run: xr.Dataset, array: MagnetArray, cycle: GateCycle, wanted: list[int]) -> int:
    """How many gates have a wrong or undecided output at either of the two readings."""
    place = array.index("out")
    seen = run["m"].values[:, list(cycle.readings), place] @ array.axes[place]
    return int(np.any(decided(seen) != wanted, axis=1).sum())
