"""Operations on magnets with ramps of several times, extrapolated to slow ramps."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from analysis.statistics.misfit import birge_ratio
from analysis.statistics.proportions import exact_interval
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.page import symbol
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.magnet_logic.loop_heats import heat_point, loop_heat, members_at
from solitons.campaigns.magnet_logic.loop_results import HeatPoint
from solitons.campaigns.magnet_logic.nml_erasure import figures
from solitons.campaigns.magnet_logic.nml_erasure.campaign import ErasureCampaign
from solitons.campaigns.magnet_logic.nml_erasure.judgement import judge_erasure
from solitons.campaigns.magnet_logic.nml_erasure.results import BitResults, ErasureResults, OperationResults
from solitons.magnet_logic import ERASURE, CoupledMacrospins, follow_ramps, perform
from solitons.magnet_logic.mean_heats import damping_p_value, found_difference
from solitons.magnet_logic.operations import OVERWRITING, RETRACING, Operation, quasi_static_work

__all__ = ["analyse", "heats_agree", "joint_limit"]

_HELD_SHARE = 4


def analyse(campaign: ErasureCampaign, runs: ComputedRuns[None], stages: Stages) -> Findings[ErasureResults]:
    """Erase all magnets, and do to the first what is done to a known bit."""
    del runs  # there are none
    magnets = campaign.bits()
    controls = (ERASURE, OVERWRITING, RETRACING)
    total = len(campaign.ramp_times) * (len(controls) + len(magnets) - 1) + len(magnets)
    with stages("Erase bits", total) as advance:
        bits = [
            _measure_bit(campaign, place, magnet, (ERASURE,) if place else controls, advance)
            for place, magnet in enumerate(magnets)
        ]
    limit, ci95, alike = joint_limit(bits)
    agreement = heats_agree(bits)
    verdict = judge_erasure(bits, ci95, alike, agreement)
    results = ErasureResults(
        temperature=campaign.temperature,
        bits=bits,
        limit=limit,
        ci95=ci95,
        alike_p_value=alike,
        damping_p_value=agreement,
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
    )
    return Findings(
        results,
        values={"found_difference": found_difference, "ln2": math.log(2), "symbol": symbol},
        figures={
            "path": partial(figures.path_figure, results, magnets[0]),
            "heat": partial(figures.heat_figure, results),
        },
        tables={"heats": _heats(bits)},
    )


def _measure_bit(
    campaign: ErasureCampaign,
    place: int,
    bit: CoupledMacrospins,
    operations: Sequence[Operation],
    advance: Callable[[], None],
) -> BitResults:
    """Do all operations on a magnet, and hold it without field for as long as the slowest takes.

    `advance` is called after each operation and ramp time, and after the hold.
    """
    h_k = bit.anisotropy_field()
    number = len(operations) * len(campaign.ramp_times) + 1
    seeds = iter(np.random.SeedSequence(campaign.seed + place).generate_state(number, np.uint64))
    found = [_operation(campaign, bit, each, seeds, advance) for each in operations]
    hold_time = max(campaign.ramp_times) * (len(operations[0].corners) - 1)
    held = max(2, campaign.members // _HELD_SHARE)
    _, axes = bit.principal_fields()
    start = np.tile(axes[:, 0], (held, 1, 1))
    end = follow_ramps(bit, start, [hold_time], np.zeros((2, 3)), seed=int(next(seeds)))["m"].values[:, -1, 0]
    lost = int(np.sum(end @ axes[:, 0] < 0))
    advance()
    return BitResults(
        magnet=str(campaign.magnets[place]),
        barrier=bit.barrier() / bit.thermal_energy,
        anisotropy_field=h_k,
        bias=campaign.bias * h_k,
        hard_field=campaign.hard_field * h_k,
        relaxation_time=bit.relaxation_time(),
        held=held,
        lost=lost,
        lost_interval=exact_interval(lost, held),
        hold_time=hold_time,
        operations=found,
    )


def _operation(
    campaign: ErasureCampaign,
    bit: CoupledMacrospins,
    operation: Operation,
    seeds: Iterator[int],
    advance: Callable[[], None],
) -> OperationResults:
    slowest, h_k = max(campaign.ramp_times), bit.anisotropy_field()
    fields = {"bias": campaign.bias * h_k, "hard_field": campaign.hard_field * h_k}
    works: dict[float, list[float]] = {}

    def measure(ramp_time: float) -> HeatPoint:
        members = members_at(ramp_time, slowest, campaign.members)
        run = perform(bit, operation, ramp_time, members=members, seed=int(next(seeds)), **fields)
        works[ramp_time] = (run["work"].mean("member").values / bit.thermal_energy).tolist()
        return heat_point(run, ramp_time, bit.thermal_energy, wrong=int((~run["written"]).sum()))

    found = loop_heat(operation.name, campaign.ramp_times, measure, advance)
    exact = quasi_static_work(bit, operation, **fields) / bit.thermal_energy
    return OperationResults(
        **found.model_dump(),
        quasi_static=float(exact.sum()),
        entropy_change=-operation.entropy_before,
        ramp_work=works[slowest],
        quasi_static_ramp_work=exact.tolist(),
    )


def joint_limit(bits: Sequence[BitResults]) -> tuple[float, tuple[float, float], float | None]:
    """Weighted mean of the erasures' limits in k T, its 95 % interval, and whether they scatter by chance (p).

    If they do not, the interval is wider by their scatter.
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
    return damping_p_value(point for bit in bits for point in bit.points)


def _heats(bits: Sequence[BitResults]) -> pd.DataFrame:
    """A row for each magnet, operation and ramp time."""
    return pd.DataFrame(
        [
            {"magnet": bit.magnet, "operation": operation.name}
            | {name: value for name, value in point.model_dump().items() if name != "wrong_interval"}
            | dict(zip(("wrong_low", "wrong_high"), point.wrong_interval, strict=True))
            for bit in bits
            for operation in bit.operations
            for point in operation.points
        ]
    )
