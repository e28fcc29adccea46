"""Whether the peaks of a stochastic resonance may be used: what speaks against them.

Limits are round numbers, given with their ground; none was fitted to a junction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from scipy import stats

from solitons.campaigns.junctions.stochastic_resonance.conditions import ModelledJunction
from solitons.campaigns.junctions.stochastic_resonance.counting import Counted, normal_score
from solitons.campaigns.junctions.stochastic_resonance.results import (
    MEASURES,
    EnsemblePoint,
    LockingMap,
    MeasureName,
    Peak,
    axis_label,
)
from solitons.fits.verdict import Reason, Verdict, failure, limitation
from solitons.junctions import PeriodicDrive

__all__ = ["about_resonance"]

_BARRIER = 3.0
"""k T below which a state does not last: heat crosses it in the time of the motion in a well."""
_FAST, _TOO_FAST = 0.05, 0.5
"""Ratios of the drive's 2 pi f over the relaxation in a well: rates follow the current of the moment, or do not."""
_BEYOND = 0.01
"""Share of the noise beyond the critical current above which flips are driven and no longer activated."""
_CHANCE = 1e-3
_OFF = 0.05
"""Swing by which macrospins may differ from rates."""


def about_resonance(
    junction: ModelledJunction,
    drive: PeriodicDrive,
    counted: Sequence[Counted],
    peaks: Sequence[Peak],
    maps: Sequence[LockingMap],
    ensemble: Sequence[EnsemblePoint],
    unit: str,
    reversal: Verdict | None,
) -> Iterator[Reason]:
    """Find what speaks against the peaks; `reversal` is of whether a pillar turns as a whole."""
    if reversal is not None:
        yield from reversal.reasons
    over = drive.amplitude / junction.critical_current
    if over >= 1:
        yield failure(
            "drive_above_critical_current",
            f"The drive is {over:.3g} of the critical current of {junction.critical_current:.3g} A/m2: it "
            "leaves no barrier and switches the junction by itself, with and without noise. Stochastic resonance "
            "is of a drive that cannot; use a smaller amplitude.",
        )
    share = 2 * np.pi * drive.frequency / junction.relaxation_rate
    if share > _FAST:
        yield Reason(
            code="drive_too_fast",
            weight="failed" if share > _TOO_FAST else "limited",
            sentence="Rates of the moment do not hold (the adiabatic condition): in radians the drive has "
            f"{share:.2g} of the rate at which the motion in a well dies out ({junction.relaxation_rate:.2g} 1/s). "
            "The layer does not come to rest in its well while the current changes. Use a slower drive.",
        )
    usable = sum(bool(each.records) for each in counted)
    by_name = {each.measure: each for each in peaks}
    main = [by_name[name] for name in ("signal_to_noise", "amplitude", "fraction_locked")]
    missing = [each for each in main if each.value is None]
    if len(missing) == len(main):
        yield failure(
            "no_peak",
            f"No measure has a peak within the range, at {usable} of {len(counted)} points with enough "
            f"flips. Of the {MEASURES['signal_to_noise']}: {by_name['signal_to_noise'].note}. Widen the axis; "
            f"{_where(by_name['signal_to_noise'], unit)}",
        )
    elif missing:
        names = " and ".join(f"the {MEASURES[each.measure]}" for each in missing)
        why = "; ".join(f"of the {MEASURES[each.measure]}, {each.note}" for each in missing)
        yield limitation(
            "peak_missing", f"There is no peak within the range of {names}. The others are reported. Why: {why}."
        )
    ratio = by_name["signal_to_noise"]
    if ratio.barrier is not None and ratio.value is not None and ratio.barrier < _BARRIER:
        yield limitation(
            "little_barrier",
            f"At the peak of the {MEASURES['signal_to_noise']}, {axis_label(ratio.value, unit)}, the "
            f"barrier is {ratio.barrier:.2g} k T: states last no longer than the motion in a well. A read-out "
            "sees that motion as well as flips. The position of the peak is that of two states.",
        )
    beyond = _share_beyond(junction, drive, by_name, counted)
    if beyond > _BEYOND:
        yield limitation(
            "noise_beyond_critical_current",
            f"At a peak {beyond:.0%} of the noise is beyond the critical current, where it drives the "
            "junction over by itself. The rates there are taken as those at the critical current.",
        )
    compared = [(one, each) for each in counted if each.records for one in _scores(each)]
    if compared:
        squares = np.array([score**2 for score, _ in compared])
        if stats.chi2.sf(squares.sum(), len(squares)) < _CHANCE / 10:
            yield limitation(
                "counts_disagree",
                "The counts are not those of the exact response within chance: a record is too short for "
                "its intervals. Give more periods.",
            )
    if any(each.p_value is not None and each.p_value < _CHANCE / 10 for each in maps):
        yield limitation(
            "locking_disagrees",
            "The counted locking maps are not those of the closed form within chance: neighbouring half "
            "periods hang together. Give more periods.",
        )
    off = [each for each in ensemble if each.p_value < _CHANCE and abs(each.amplitude - each.exact) > _OFF]
    if off:
        worst = max(off, key=lambda each: abs(each.amplitude - each.exact))
        yield Reason(
            code="macrospins_disagree",
            weight="failed" if abs(worst.amplitude - worst.exact) > 5 * _OFF else "limited",
            sentence=f"At {axis_label(worst.value, unit)} driven thermal macrospins swing by {worst.amplitude:.3f} "
            f"± {worst.error:.3f} where their rates give {worst.exact:.3f}. Two states with rates of the moment do "
            "not describe this drive. Use a slower or smaller one.",
        )


def _where(peak: Peak, unit: str) -> str:
    if peak.closed_form is not None:
        return f"the adiabatic theory has it at {axis_label(peak.closed_form, unit)}."
    return "in the adiabatic theory it is where the barrier has come down to about 2.5 k T."


def _share_beyond(
    junction: ModelledJunction, drive: PeriodicDrive, peaks: Mapping[MeasureName, Peak], counted: Sequence[Counted]
) -> float:
    if not any(each.condition.noise for each in counted):
        return 0.0
    largest = max((each.value for each in peaks.values() if each.value is not None), default=0.0)
    left = junction.critical_current - min(drive.amplitude, junction.critical_current)
    return float(2 * stats.norm.sf(left / largest)) if largest > 0 else 0.0


def _scores(counted: Counted) -> list[float]:
    """Standard scores of a point's records beside the exact response."""
    pairs = (
        ("fraction_locked", counted.exact.fraction_locked),
        ("sine", counted.exact.amplitude * np.cos(counted.exact.lag)),
    )
    scores = (normal_score(counted.records[name], exact) for name, exact in pairs)
    return [score for score in scores if score is not None]
