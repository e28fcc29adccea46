"""What an injected signal locks: the model's ranges, beside runs at their borders and runs with heat in the middle."""

from __future__ import annotations

from functools import partial
from typing import Any

from analysis import injection_locking, oscillation, precession
from analysis.oscillators.injection import InjectionLocking
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
from solitons.campaigns.oscillators.oscillator.following import FollowedOscillator
from solitons.campaigns.oscillators.oscillator.further_runs import Pair
from solitons.campaigns.oscillators.oscillator.one_moment import settled
from solitons.campaigns.oscillators.oscillator.results import LockingCheck, LockingPair, Slips
from solitons.campaigns.oscillators.oscillator.roles import HeatedRun, InjectionCheck
from solitons.campaigns.oscillators.oscillator.settings import HeatSettings, InjectionSettings
from solitons.oscillators.auto_oscillator import AutoOscillator
from solitons.oscillators.capture import count_slips, locked_from, slips_of, time_to_lock
from solitons.oscillators.injection import weak_half_width

__all__ = ["locking_pair"]


def locking_pair(
    pair: Pair,
    oscillator: AutoOscillator,
    followed: FollowedOscillator,
    runs: ComputedRuns[Any],
    heat: HeatSettings | None,
    injection: InjectionSettings,
) -> LockingPair:
    """Write what the model predicts of a pair, and what its runs show."""
    field, torque = pair.acting
    took: float | None = None
    model = free = seen = None
    if pair.release is not None:
        middle = pair.middle - pair.own + oscillator.frequency_at(pair.current)
        took = time_to_lock(locked_from(oscillator, pair.current, field, middle, torque=torque))
        if heat is not None:
            counted = partial(
                count_slips, oscillator, pair.current, frequency=middle, temperature=heat.temperature,
                duration=heat.duration, members=heat.members, seed=heat.seed,
            )  # fmt: skip
            model = Slips(**vars(counted(field=field, torque=torque)))
            free = Slips(**vars(counted(field=0.0)))
            seen = _slips(pair, followed, runs)
    checked = [run for run in _runs_of(pair, runs) if isinstance(run.role, InjectionCheck)]
    low, high = pair.release or (None, None)
    low_taken, high_taken = pair.capture or (None, None)
    return LockingPair(
        current=pair.current,
        amplitude=pair.signal.amplitude,
        unit=pair.signal.unit,
        own_frequency=pair.own,
        low=low,
        high=high,
        capture_low=low_taken,
        capture_high=high_taken,
        weak_half_width=weak_half_width(oscillator, pair.current, field, torque=torque),
        time_to_lock=took,
        slips=seen,
        model_slips=model,
        free_slips=free,
        missing=pair.missing,
        checks=[_check(runs, run, run.role, followed, injection) for run in checked],
    )


def _check(
    runs: ComputedRuns[Any],
    run: LabelledRun[Any],
    role: InjectionCheck,
    followed: FollowedOscillator,
    injection: InjectionSettings,
) -> LockingCheck:
    """Whether the oscillator of a check keeps the phase of the signal at the end."""
    c = precession(runs.open(run), followed.axis)
    held = c if role.switched_on else c.isel(t=c["t"].values >= 2 * injection.sweep)
    found: InjectionLocking | None
    try:
        found = injection_locking(oscillation(held, frequency=role.frequency)["phase"], role.frequency)
    except ValueError:
        found = None
    return LockingCheck(
        run_id=run.spec.run_id,
        side=role.side,
        frequency=role.frequency,
        switched_on=role.switched_on,
        locks=role.locks,
        locked=None if found is None else found.locked,
        slips=None if found is None else found.slips,
        beat=None if found is None else found.beat,
    )


def _slips(pair: Pair, followed: FollowedOscillator, runs: ComputedRuns[Any]) -> Slips | None:
    """Slips in the runs with heat in the middle of what a pair captures."""
    for run in _runs_of(pair, runs):
        if isinstance(run.role, HeatedRun):
            c, frequency = precession(runs.open(run), followed.axis), run.role.frequency
            return Slips(**vars(slips_of(oscillation(settled(c), frequency=frequency)["phase"], frequency)))
    return None


def _runs_of(pair: Pair, runs: ComputedRuns[Any]) -> list[LabelledRun[Any]]:
    roles = (InjectionCheck, HeatedRun)
    return [
        run
        for run in runs.labelled
        if isinstance(run.role, roles) and (run.role.current, run.role.signal) == (pair.current, pair.signal)
    ]
