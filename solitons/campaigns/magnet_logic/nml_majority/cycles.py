"""The heat of taking a gate to another row and back, in two orders of the fields."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import xarray as xr

from analysis.magnet_logic.values import decided
from geometries import MagnetArray
from geometries.magnet_logic.builders import MagnetGrid
from solitons.campaigns.magnet_logic.nml_majority.planned_runs import gate
from solitons.campaigns.magnet_logic.nml_majority.results import CyclePoint, CycleResult
from solitons.campaigns.magnet_logic.nml_majority.settings import CycleSettings
from solitons.campaigns.magnet_logic.nml_majority.thermal_rows import expected_output
from solitons.magnet_logic import CoupledMacrospins, slow_limit
from solitons.magnet_logic.gate_cycles import CLOCK_FIRST, INPUTS_FIRST, GateCycle, follow_cycle
from solitons.magnet_logic.mean_heats import mean_heat

__all__ = ["CYCLES", "cycle_point", "measure_cycles", "members_at"]

CYCLES = (CLOCK_FIRST, INPUTS_FIRST)
_FAST = 8
"""Times the members of the slowest ramps that the fast ones get."""


def members_at(ramp_time: float, settings: CycleSettings) -> int:
    """How many gates a ramp time gets: work scatters as 1 / sqrt(tau), so that all are known alike for one total time.

    Ramps that are too fast for the line get fewer.
    """
    members = round(settings.members * max(settings.ramp_times) / ramp_time)
    return members if ramp_time in settings.ramp_times else min(members, _FAST * settings.members)


def measure_cycles(
    macrospins: CoupledMacrospins,
    grid: MagnetGrid,
    clock: float,
    settings: CycleSettings,
    seed: int,
    advance: Callable[[], None],
) -> list[CycleResult]:
    """Take the gate around both cycles with each ramp time; `advance` is called after each."""
    first, second = gate(settings.first, grid), gate(settings.second, grid)
    seeds = iter(np.random.SeedSequence(seed).generate_state(len(CYCLES) * len(settings.every_ramp_time), np.uint64))
    found = []
    for cycle in CYCLES:
        points = []
        for ramp_time in settings.every_ramp_time:
            members = members_at(ramp_time, settings)
            along = (clock, 0.0, 0.0)
            run = follow_cycle(
                macrospins, first, second, cycle, ramp_time, clock=along, members=members, seed=int(next(seeds))
            )
            points.append(cycle_point(run, first, cycle, ramp_time, macrospins.thermal_energy, settings))
            advance()
        slow = [each for each in points if each.ramp_time in settings.ramp_times]
        line = slow_limit(*zip(*((each.ramp_time, each.heat, each.heat_error) for each in slow), strict=True))
        found.append(
            CycleResult(
                name=cycle.name,
                points=points,
                fastest_fitted=slow[0].ramp_time,
                limit=line.heat,
                ci95=line.interval,
                slope=line.slope,
                p_value=line.p_value,
            )
        )
    return found


def cycle_point(
    run: xr.Dataset,
    array: MagnetArray,
    cycle: GateCycle,
    ramp_time: float,
    thermal_energy: float,
    settings: CycleSettings,
) -> CyclePoint:
    """Heat and wrong outputs of one run around a cycle."""
    heat, place = mean_heat(run, thermal_energy), array.index("out")
    seen = run["m"].values[:, list(cycle.readings), place] @ array.axes[place]
    wanted = np.array([expected_output(settings.second), expected_output(settings.first)])
    return CyclePoint(
        ramp_time=ramp_time,
        members=heat.members,
        heat=heat.heat,
        heat_error=heat.heat_error,
        damping_heat=heat.damping_heat,
        damping_error=heat.damping_error,
        failed=int(np.any(decided(seen) != wanted, axis=1).sum()),
    )
