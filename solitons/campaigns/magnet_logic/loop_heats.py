"""Loops of fields on bits and on gates with ramps of several times, and the line through their heats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict

import xarray as xr

from analysis.statistics.proportions import exact_interval
from solitons.campaigns.magnet_logic.loop_results import HeatPoint, LoopHeat
from solitons.magnet_logic import slow_limit
from solitons.magnet_logic.mean_heats import mean_heat

__all__ = ["heat_point", "loop_heat", "members_at"]


def members_at(ramp_time: float, slowest: float, members: int) -> int:
    """How many members a ramp time gets: work scatters as 1 / sqrt(tau), so that all are known alike for one time."""
    return round(members * slowest / ramp_time)


def heat_point(run: xr.Dataset, ramp_time: float, thermal_energy: float, wrong: int) -> HeatPoint:
    """Mean heat of a run around a loop (`follow_ramps`) with the number of wrong members."""
    found = mean_heat(run, thermal_energy)
    return HeatPoint(
        ramp_time=ramp_time, wrong=wrong, wrong_interval=exact_interval(wrong, found.members), **asdict(found)
    )


def loop_heat(
    name: str,
    ramp_times: Sequence[float],
    measure: Callable[[float], HeatPoint],
    advance: Callable[[], None],
    *,
    fast: Sequence[float] = (),
) -> LoopHeat:
    """Measure a loop with each ramp time (s), and draw a line through all that are not `fast`.

    `advance` is called after each.
    """
    points = []
    for ramp_time in sorted((*fast, *ramp_times)):
        points.append(measure(ramp_time))
        advance()
    slow = [each for each in points if each.ramp_time in ramp_times]
    line = slow_limit(*zip(*((each.ramp_time, each.heat, each.heat_error) for each in slow), strict=True))
    return LoopHeat(
        name=name,
        points=points,
        fastest_fitted=slow[0].ramp_time,
        limit=line.heat,
        limit_error=line.heat_error,
        ci95=line.interval,
        slope=line.slope,
        p_value=line.p_value,
    )
