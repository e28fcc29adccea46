"""Recalls by oscillators with a spread of frequencies and heat, with couplings that are ideal or held by devices."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from solitons.attractors.capacity import half_point
from solitons.attractors.patterns import CouplingRule, coupling_matrix, random_patterns, written_couplings
from solitons.campaigns.oscillators.oscillator_memory.results import Margin, RecallSet
from solitons.campaigns.oscillators.oscillator_memory.settings import RecallSettings
from solitons.oscillators.phase_memory import RECALLED, pattern_overlaps
from solitons.oscillators.phase_networks import Floats, PhaseOscillator, follow_phases, matrix_couplings

__all__ = ["longest_step", "margins", "recall_set"]

_NEAR = 0.9
"""Share of the overlap at rest above which a recall stays when it is done."""
_FASTEST = 4.5
"""Standard deviations of the frequencies that a step has to follow."""
_LAGS = np.deg2rad([0, 15, 30, 45, 55, 65, 75, 85, 95, 110])
_LINES = np.array([0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1])
"""Over the coupling: one pattern alone has an overlap of 0.6 at 0.8."""


def longest_step(oscillator: PhaseOscillator, spread: float) -> float:
    """Step in s in which neither coupling nor detuning turns a phase far."""
    fastest = _FASTEST * 2 * np.pi * oscillator.frequency * spread
    return float(min(0.1 / oscillator.strength, 0.2 / fastest))


def _drawn(
    weights: CouplingRule,
    oscillator: PhaseOscillator,
    recall: RecallSettings,
    devices: tuple[int, float] | None,
    number: int,
    rows: int,
) -> tuple[Callable[..., tuple[Floats, Floats]], Floats, Floats]:
    """Give what follows phases, a start of (rows, N), and relative frequencies of spread 1.

    They are the same whatever the rows and the couplings are.
    """
    size, generator = recall.oscillators, np.random.default_rng([recall.seed, number])
    stored = random_patterns(recall.patterns, size, generator)
    pattern = stored[0].astype(float)
    detunings = np.clip(generator.standard_normal(size), -_FASTEST, _FASTEST)
    wrong = generator.permutation(size) < round(recall.wrong_bits * size)
    start = np.where((pattern > 0) ^ wrong, 0.0, np.pi) + 0.1 * generator.standard_normal((rows, size))
    matrix = coupling_matrix(stored, weights, oscillator.strength)
    if devices is not None:
        matrix = written_couplings(matrix, *devices, generator)
    follow = partial(
        follow_phases,
        matrix_couplings(matrix),
        lag=oscillator.lag,
        linewidth=oscillator.linewidth,
        generator=generator,
        watch=lambda phases: pattern_overlaps(np.cos(phases), np.sin(phases), pattern),
    )
    return follow, start, detunings - detunings.mean()


def recall_set(
    weights: CouplingRule,
    oscillator: PhaseOscillator,
    spread: float,
    recall: RecallSettings,
    devices: tuple[int, float] | None,
    advance: Callable[[], None],
) -> RecallSet:
    """Recall a corrupted pattern in each draw, at each spread and at the oscillators' own."""
    step, own_step = (longest_step(oscillator, each) for each in (recall.spreads[-1], spread))
    steps, own_steps = int(np.ceil(recall.duration / step)), int(np.ceil(recall.hold / own_step))
    spreads = 2 * np.pi * oscillator.frequency * np.array([spread, *recall.spreads])[:, None]
    overlaps = np.empty((recall.draws, spreads.size))
    times, held = np.empty(recall.draws), np.empty(recall.draws)
    for number in range(recall.draws):
        follow, start, detunings = _drawn(weights, oscillator, recall, devices, number, spreads.size)
        end, kept = follow(start, spreads * detunings, step, steps)
        held[number] = follow(end[0], spreads[0] * detunings, own_step, own_steps)[1][-1]
        overlaps[number] = kept[-(steps // 4) :].mean(axis=0)
        below = np.flatnonzero(kept[:, 0] < _NEAR * overlaps[number, 0])
        times[number] = step * (below[-1] + 1) if below.size else 0.0
        advance()
    recalled = overlaps > RECALLED
    broken = half_point(np.log10(recall.spreads), recalled[:, 1:].astype(float), recall.seed)
    own, found = recalled[:, 0], bool(np.isfinite(broken.value))
    done = times[own]
    again = np.random.default_rng(recall.seed).choice(done, (500, done.size)) if done.size else done
    return RecallSet(
        weights=weights,
        written=devices is not None,
        shares=recalled[:, 1:].mean(axis=0).tolist(),
        breaking_spread=10.0**broken.value if found else None,
        breaking_ci95=(10.0**broken.low, 10.0**broken.high) if found else None,
        own_share=float(own.mean()),
        overlap=float(overlaps[own, 0].mean()) if done.size else None,
        time=float(np.median(done)) if done.size else None,
        time_ci95=tuple(np.quantile(np.median(again, axis=1), [0.025, 0.975]).tolist()) if done.size else None,
        held_share=float(np.mean(held[own] > RECALLED)) if done.size else None,
        unsettled=float(np.mean(done > 0.75 * recall.duration)) if done.size else 0.0,
    )


def margins(
    oscillator: PhaseOscillator, spread: float, recall: RecallSettings, advance: Callable[[], None]
) -> list[Margin]:
    """Find the lag, and the line, at which recall breaks, by ideal couplings of the first rule and the own spread."""
    step = longest_step(oscillator, spread)
    steps, found = int(np.ceil(recall.duration / step)), []
    for name, values in (("lag", _LAGS), ("linewidth", oscillator.coupling * _LINES)):
        shares = np.empty((recall.draws, values.size))
        for number in range(recall.draws):
            follow, start, detunings = _drawn(recall.weights[0], oscillator, recall, None, number, values.size)
            turn = 2 * np.pi * oscillator.frequency * spread * detunings
            _, kept = follow(start, turn, step, steps, **{name: values[:, None]})
            shares[number] = kept[-(steps // 4) :].mean(axis=0) > RECALLED
            advance()
        at = half_point(values, shares, recall.seed)
        found.append(
            Margin(
                name=name, values=values.tolist(), shares=shares.mean(axis=0).tolist(), half_point=at.value,
                ci95=(at.low, at.high),
            )
        )  # fmt: skip
    return found
