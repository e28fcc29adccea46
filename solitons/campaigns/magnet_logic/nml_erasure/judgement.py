"""Whether the heat of an erasure may be believed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from scipy import stats

from analysis.statistics.proportions import exact_interval
from solitons.campaigns.magnet_logic.nml_erasure.results import BitResults
from solitons.figures import number_label, value_label
from solitons.fits.verdict import Reason, Verdict, failure, judge, limitation

__all__ = ["judge_erasure"]

# Shares of bits.
_LOST, _WRONG = 0.02, 0.01
# P-values of chi-square tests between work and damping term over all runs, and between the magnets.
_DISAGREE, _UNLIKE = 1e-3, 1e-3
# Standard errors between a limit and the difference of free energies: as improbable as the tests' 1e-3.
_OFF_THE_WORK = float(stats.norm.isf(_UNLIKE / 2))
# Below it a probability is a statement about the normal distribution's tail.
_SMALLEST_P = 1e-12
# Share of k T ln 2, on either side.
_KNOWN_TO = 0.05


def judge_erasure(
    bits: Sequence[BitResults], ci95: tuple[float, float], alike_p_value: float | None, damping_p_value: float
) -> Verdict:
    """Judge by what the bits did, the lines over 1 / tau, their limits, and the heat's two measures."""
    reasons = [reason for bit in bits for reason in [*_about_bit(bit), *_about_lines(bit)]]
    if not reasons:
        reasons += [*_about_counts(bits), *_about_limits(bits, alike_p_value)]
    if damping_p_value < _DISAGREE:
        reasons.append(
            failure(
                "heats_disagree",
                "The heat from the damping term is not the work of the applied field within the statistical "
                f"error (p = {damping_p_value:.2g}). The time step is too long for this magnet, or its heat is not "
                "that of the temperature. Report this with the campaign's file.",
            )
        )
    if not any(reason.weight == "failed" for reason in reasons):
        reasons += _about_intervals(bits, ci95)
    return judge(reasons)


def _about_bit(bit: BitResults) -> Iterator[Reason]:
    """Bits that heat changes, or that the fields do not bring to where they should be."""
    low, high = bit.lost_interval
    if low > _LOST:
        yield failure(
            "bit_lost",
            f"In the magnet of {bit.magnet} {bit.lost} of {bit.held} bits change by heat alone in "
            f"{value_label(bit.hold_time, 's', 3)}, the time of the slowest operation. The 95 % interval is "
            f"{low:.1%} to {high:.1%}, and {_LOST:.0%} is allowed: its barrier of {bit.barrier:.3g} kT holds no bit. "
            "Use a larger or longer magnet.",
        )
    for operation in bit.operations:
        worst = max(operation.points, key=lambda point: point.wrong_interval)
        low, high = worst.wrong_interval
        if low > _WRONG:
            yield failure(
                "wrong_state",
                f"After {operation.name} of the magnet of {bit.magnet} {worst.wrong} of {worst.members} bits "
                f"are in the wrong state with ramps of {value_label(worst.ramp_time, 's')}. The 95 % interval is "
                f"{low:.1%} to {high:.1%}, and {_WRONG:.0%} is allowed. Use slower ramps, or raise bias or hard_field.",
            )


def _about_counts(bits: Sequence[BitResults]) -> Iterator[Reason]:
    """Too few bits to show that hardly any is lost or wrong."""
    points = [point for bit in bits for point in bit.points]
    for code, what, counted, total, allowed in (
        ("loss_not_known", "are lost without field", *_totals((b.lost, b.held) for b in bits), _LOST),
        ("error_not_known", "end in the wrong state", *_totals((p.wrong, p.members) for p in points), _WRONG),
    ):
        _, high = exact_interval(counted, total)
        if high > allowed:
            yield limitation(
                code,
                f"{counted} of {total} bits {what}, so that it may be up to {high:.1%} of them (95 %). "
                f"Allowed are {allowed:.0%}. Use more members.",
            )


def _totals(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    counted, totals = zip(*pairs, strict=True)
    return sum(counted), sum(totals)


def _about_lines(bit: BitResults) -> Iterator[Reason]:
    for each in (each for each in bit.operations if not each.on_a_line):
        yield failure(
            "ramps_too_fast",
            f"The heat of the {each.name} of the magnet of {bit.magnet} does not lie on Q = Q∞ + c/τ (p = "
            f"{max(each.p_value, _SMALLEST_P):.1g}). So there is no limit to read off. Use slower ramps: the "
            f"magnet relaxes in {value_label(bit.relaxation_time, 's', 2)}, and the fastest ramp takes "
            f"{value_label(min(point.ramp_time for point in each.points), 's')}.",
        )


def _about_limits(bits: Sequence[BitResults], alike_p_value: float | None) -> Iterator[Reason]:
    """Limits that are not the quasi-static work, or not the same for all magnets."""
    for bit in bits:
        for each in bit.operations:
            off = (each.limit - each.quasi_static) / each.limit_error
            if abs(off) > _OFF_THE_WORK:
                yield failure(
                    "not_the_quasi_static_work",
                    f"The limit of the {each.name} of the magnet of {bit.magnet} is "
                    f"{number_label(each.limit, '.3f')} ± {each.limit_error:.3f} kT, and the difference of free "
                    f"energies is {number_label(each.quasi_static, '.3f')} kT. That is {abs(off):.1f} standard errors "
                    f"away, and {_OFF_THE_WORK:.1f} are allowed. Slow ramps must come to it: use slower ones.",
                )
    if alike_p_value is not None and alike_p_value < _UNLIKE:
        limits = ", ".join(f"{bit.erasure.limit:.3f} ± {bit.erasure.limit_error:.3f}" for bit in bits)
        yield failure(
            "magnets_disagree",
            f"The magnets' limits ({limits} kT) differ by more than chance lets them (p = "
            f"{max(alike_p_value, _SMALLEST_P):.1g}), so that they have no common limit. Use slower ramps.",
        )


def _about_intervals(bits: Sequence[BitResults], ci95: tuple[float, float]) -> Iterator[Reason]:
    """Limits that are shown first, and that are not known well."""
    shown = [("limit of the erasures", ci95)]
    shown += [(f"limit of the {each.name}", each.ci95) for each in bits[0].operations[1:]]
    for what, (low, high) in shown:
        reach = (high - low) / 2 / math.log(2)
        if reach > _KNOWN_TO:
            yield limitation(
                "wide_interval",
                f"The {what} is known to ± {reach:.0%} of kT ln 2 only, where {_KNOWN_TO:.0%} is asked for. "
                f"Use {math.ceil((reach / _KNOWN_TO) ** 2)} times as many members.",
            )
