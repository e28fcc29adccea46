"""Recalls by oscillators with a spread of frequencies and heat, with couplings that are ideal or held by devices."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from solitons.campaigns.oscillators.oscillator_memory.results import RecallSet
from solitons.campaigns.oscillators.oscillator_memory.settings import (
    CouplingSettings,
    OscillatorSettings,
    RecallSettings,
    Weights,
)
from solitons.devices.level_count import levels_in_wells
from solitons.models.loading import load_model_of
from solitons.oscillators.hebbian_memory import (
    RECALLED,
    hebbian_matrix,
    pattern_overlaps,
    pseudo_inverse_matrix,
    random_patterns,
    written_couplings,
)
from solitons.oscillators.memory_capacity import half_point
from solitons.oscillators.phase_networks import Floats, follow_phases, matrix_couplings

__all__ = ["levels_and_error", "longest_step", "recall_set"]

_RULES = {"hebbian": hebbian_matrix, "pseudo_inverse": pseudo_inverse_matrix}
_NEAR = 0.9
"""Share of the overlap at rest above which a recall stays when it is done."""
_FASTEST = 4.5
"""Standard deviations of the frequencies that a step has to follow."""


def longest_step(oscillator: OscillatorSettings, spread: float) -> float:
    """Step in s in which neither coupling nor detuning turns a phase far."""
    fastest = _FASTEST * 2 * np.pi * oscillator.frequency * spread
    return float(min(0.1 / oscillator.strength, 0.2 / fastest))


def levels_and_error(couplings: CouplingSettings) -> tuple[int, float]:
    """Levels of the devices that hold the couplings, and their error over the range.

    Of a fitted synapse they are the wells in which its wall stays under the junction; in a device with fewer than two,
    what stays apart by three standard deviations. The error joins what its model gets wrong at rest, heat, and how
    devices differ, over the window.
    """
    if couplings.levels is not None and couplings.error is not None:
        return couplings.levels, couplings.error
    from solitons.devices.synapse import AbstractSynapse

    named = str(couplings.synapse)
    model = load_model_of("couplings.synapse", named, "give the synapse.json of a campaign, or levels and error")
    if not isinstance(model, AbstractSynapse):
        raise ValueError(
            f"couplings.synapse = {named!r} holds a {type(model).__name__}; give one of a synapse, or levels and error"
        )
    left, right = (float(each) for each in model.window)
    missed = getattr(model.provenance, "held_out_rms_at_rest", None) or 0.0
    error = float(np.sqrt(missed**2 + model.spreads.cycle**2 + model.spreads.place**2)) / (right - left)
    if not error > 0:
        raise ValueError(f"couplings.synapse = {named!r} has no error that is known; give levels and error instead")
    wells = levels_in_wells(model.wells(), (left, right))
    return (wells if wells > 1 else int(1 / (3 * error)) + 1), error


def recall_set(
    weights: Weights,
    oscillator: OscillatorSettings,
    recall: RecallSettings,
    devices: tuple[int, float] | None,
    advance: Callable[[], None],
) -> RecallSet:
    """Recall a corrupted pattern in each draw, at each spread and at the oscillators' own.

    A draw has the same patterns, relative frequencies and start whatever the spread and the couplings are.
    """
    size, step, own_step = (
        recall.oscillators,
        *(longest_step(oscillator, each) for each in (recall.spreads[-1], oscillator.spread)),
    )
    steps, own_steps = int(np.ceil(recall.duration / step)), int(np.ceil(recall.hold / own_step))
    spreads = np.array([oscillator.spread, *recall.spreads])
    overlaps = np.empty((recall.draws, spreads.size))
    times, held = np.empty(recall.draws), np.empty(recall.draws)
    for draw in range(recall.draws):
        generator = np.random.default_rng([recall.seed, draw])
        stored = random_patterns(recall.patterns, size, generator)
        pattern = stored[0].astype(float)
        detunings = np.clip(generator.standard_normal(size), -_FASTEST, _FASTEST)
        detunings -= detunings.mean()
        wrong = generator.permutation(size) < round(recall.wrong_bits * size)
        start = np.where((pattern > 0) ^ wrong, 0.0, np.pi) + 0.1 * generator.standard_normal((spreads.size, size))
        matrix = _RULES[weights](stored, oscillator.strength)
        if devices is not None:
            matrix = written_couplings(matrix, *devices, generator)
        couple, turn = matrix_couplings(matrix), 2 * np.pi * oscillator.frequency * spreads[:, None] * detunings
        follow = partial(
            follow_phases,
            couple,
            linewidth=oscillator.linewidth,
            generator=generator,
            watch=partial(_overlaps, pattern=pattern),
        )
        end, kept = follow(start, turn, step, steps)
        held[draw] = follow(end[0], turn[0], own_step, own_steps)[1][-1]
        overlaps[draw] = kept[-(steps // 4) :].mean(axis=0)
        times[draw] = step * _last_below(kept[:, 0], _NEAR * overlaps[draw, 0])
        advance()
    return _summary(weights, devices is not None, recall, overlaps, times, held)


def _overlaps(phases: Floats, pattern: Floats) -> Floats:
    return pattern_overlaps(np.cos(phases), np.sin(phases), pattern)


def _last_below(trace: Floats, level: float) -> int:
    """Number of the sample from which a trace stays above a level."""
    below = np.flatnonzero(trace < level)
    return int(below[-1]) + 1 if below.size else 0


def _summary(
    weights: Weights, written: bool, recall: RecallSettings, overlaps: Floats, times: Floats, held: Floats
) -> RecallSet:
    recalled = overlaps > RECALLED
    broken = half_point(np.log10(recall.spreads), recalled[:, 1:].astype(float), recall.seed)
    own = recalled[:, 0]
    done = times[own]
    found = np.isfinite(broken.value)
    again = np.random.default_rng(recall.seed).choice(done, (500, done.size)) if done.size else done
    return RecallSet(
        weights=weights,
        written=written,
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
