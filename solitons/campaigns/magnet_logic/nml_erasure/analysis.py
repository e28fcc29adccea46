"""Operations on one magnet with ramps of several times, extrapolated to slow ramps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import stats

from analysis.statistics.misfit import birge_ratio
from analysis.statistics.proportions import exact_interval
from solitons.campaigns.magnet_logic.nml_erasure.results import BitResults, HeatPoint, OperationResults
from solitons.magnet_logic import CoupledMacrospins, follow_ramps, perform, slow_limit
from solitons.magnet_logic.mean_heats import damping_p_value, mean_heat
from solitons.magnet_logic.operations import Operation, quasi_static_work

__all__ = ["heats_agree", "joint_limit", "measure_bit", "members_at"]

Floats = npt.NDArray[np.float64]

_HELD_SHARE = 4


def members_at(ramp_time: float, slowest: float, members: int) -> int:
    """How many bits a ramp time gets: work scatters as 1 / sqrt(tau), so that all are known alike for the same time."""
    return round(members * slowest / ramp_time)


def measure_bit(
    label: str,
    bit: CoupledMacrospins,
    operations: Sequence[Operation],
    ramp_times: Sequence[float],
    *,
    bias: float,
    hard_field: float,
    members: int,
    seed: int,
    advance: Callable[[], None],
) -> BitResults:
    """Do all operations on a magnet, and hold it without field for as long as the slowest takes.

    `bias` and `hard_field` are in A/m; `advance` is called after each operation and ramp time, and after the hold.
    """
    times = sorted(ramp_times)
    seeds = iter(np.random.SeedSequence(seed).generate_state(len(operations) * len(times) + 1, np.uint64))
    found = []
    for operation in operations:
        points, works = [], np.empty(0)
        for ramp_time in times:
            run = perform(
                bit,
                operation,
                ramp_time,
                bias=bias,
                hard_field=hard_field,
                members=members_at(ramp_time, times[-1], members),
                seed=int(next(seeds)),
            )
            points.append(_point(run, ramp_time, bit.thermal_energy))
            works = run["work"].mean("member").values / bit.thermal_energy
            advance()
        found.append(_limit(bit, operation, points, works, bias, hard_field))
    hold_time = times[-1] * (len(operations[0].corners) - 1)
    held = max(2, members // _HELD_SHARE)
    _, axes = bit.principal_fields()
    start = np.tile(axes[:, 0], (held, 1, 1))
    end = follow_ramps(bit, start, [hold_time], np.zeros((2, 3)), seed=int(next(seeds)))["m"].values[:, -1, 0]
    lost = int(np.sum(end @ axes[:, 0] < 0))
    advance()
    return BitResults(
        magnet=label,
        barrier=bit.barrier() / bit.thermal_energy,
        anisotropy_field=bit.anisotropy_field(),
        bias=bias,
        hard_field=hard_field,
        relaxation_time=bit.relaxation_time(),
        held=held,
        lost=lost,
        lost_interval=exact_interval(lost, held),
        hold_time=hold_time,
        operations=found,
    )


def _point(run: xr.Dataset, ramp_time: float, thermal_energy: float) -> HeatPoint:
    """Mean heat around the loop, and from the damping term, with errors."""
    found, wrong = mean_heat(run, thermal_energy), int((~run["written"]).sum())
    return HeatPoint(
        ramp_time=ramp_time,
        members=found.members,
        heat=found.heat,
        heat_error=found.heat_error,
        damping_heat=found.damping_heat,
        damping_error=found.damping_error,
        wrong=wrong,
        wrong_interval=exact_interval(wrong, found.members),
    )


def _limit(
    bit: CoupledMacrospins,
    operation: Operation,
    points: list[HeatPoint],
    ramp_work: Floats,
    bias: float,
    hard_field: float,
) -> OperationResults:
    line = slow_limit(*zip(*((each.ramp_time, each.heat, each.heat_error) for each in points), strict=True))
    exact = quasi_static_work(bit, operation, bias=bias, hard_field=hard_field) / bit.thermal_energy
    return OperationResults(
        name=operation.name,
        points=points,
        limit=line.heat,
        limit_error=line.heat_error,
        ci95=line.interval,
        slope=line.slope,
        p_value=line.p_value,
        quasi_static=float(exact.sum()),
        entropy_change=-operation.entropy_before,
        ramp_work=ramp_work.tolist(),
        quasi_static_ramp_work=exact.tolist(),
    )


def joint_limit(bits: Sequence[BitResults]) -> tuple[float, tuple[float, float], float | None]:
    """Weighted mean of the erasures' limits in k T, its 95 % interval, and whether they scatter by chance (p).

    Where they do not, the interval is wider by their scatter.
    """
    limits = np.array([bit.erasure.limit for bit in bits])
    weights = np.array([bit.erasure.limit_error for bit in bits]) ** -2.0
    mean = float(weights @ limits / weights.sum())
    scatter = float(weights @ (limits - mean) ** 2)
    reach = float(stats.norm.ppf(0.975) / np.sqrt(weights.sum())) * birge_ratio(scatter, len(bits) - 1)
    alike = float(stats.chi2.sf(scatter, len(bits) - 1)) if len(bits) > 1 else None
    return mean, (mean - reach, mean + reach), alike


def heats_agree(bits: Sequence[BitResults]) -> float:
    """P-value of `damping_p_value` over all bits, operations and ramp times."""
    return damping_p_value(point for bit in bits for operation in bit.operations for point in operation.points)
