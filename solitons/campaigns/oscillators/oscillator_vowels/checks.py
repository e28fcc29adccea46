"""What a campaign of vowels computes with, and checks before anything runs."""

from __future__ import annotations

import numpy as np

from geometries.quantities import format_quantity
from solitons.campaigns.oscillators.oscillator_vowels.formants import FORMANTS, groups_of
from solitons.campaigns.oscillators.oscillator_vowels.recognition import Network, signals_of
from solitons.campaigns.oscillators.oscillator_vowels.settings import OscillatorSettings, VowelTask
from solitons.oscillators.current_tuning import CurrentTuning, tuning_of
from solitons.oscillators.synchronisation import steps_of

__all__ = ["check_vowels", "network_of"]

_BEATS = 10
"""Of the half width in a record: beyond the edge by a tenth of it an oscillator slips more than four times."""
_WEAK = 0.2
_DEVIATIONS = 2.0
_MOST_STEPS = 4e9
"""Of four oscillators: about half an hour on two cores."""


def _tuning(given: OscillatorSettings) -> tuple[CurrentTuning, float]:
    """The tuning, and the linewidth in Hz in the middle of the currents."""
    if given.frequencies is not None and given.half_width is not None and given.linewidth is not None:
        return CurrentTuning(given.currents, given.frequencies, (given.half_width,) * 2), given.linewidth
    from solitons.models.loading import load_model_of
    from solitons.oscillators.auto_oscillator import AutoOscillator

    remedy = "give the oscillator.json of a campaign, or frequencies, half_width and linewidth"
    model = load_model_of("oscillators.model", str(given.model), remedy, AutoOscillator)
    tuning = tuning_of(model, *given.currents, float(given.field or 0))
    return tuning, model.linewidth(sum(given.currents) / 2, float(given.temperature or 0))


def network_of(task: VowelTask) -> Network:
    """The coupled oscillators with the patterns that they are to have."""
    tuning, linewidth = _tuning(task.oscillators)
    return Network(tuning, task.oscillators.coupling, linewidth, task.record, task.vowels.patterns)


def check_vowels(task: VowelTask) -> None:
    """Refuse signals out of reach, records that resolve nothing, and oscillators that no phase describes."""
    network, count = network_of(task), len(task.oscillators.start)
    for vowel, pattern in task.vowels.patterns.items():
        if len(pattern) != count:
            raise ValueError(
                f"vowels.patterns.{vowel} = {pattern!r} has {len(pattern)} letters for {count} oscillators "
                "(oscillators.start); give one letter each"
            )
    lowest, width = min(network.tuning.frequencies), min(network.tuning.half_widths)
    for name, value in (("half_width", max(network.tuning.half_widths)), ("coupling", network.coupling)):
        if value > _WEAK * lowest:
            raise ValueError(
                f"oscillators.{name}, {format_quantity(value, 'Hz')}, must be below a fifth of the lowest frequency, "
                f"{format_quantity(lowest, 'Hz')}: a phase alone describes weakly driven oscillators"
            )
    if network.linewidth > width:
        raise ValueError(
            f"oscillators.linewidth, {format_quantity(network.linewidth, 'Hz')}, is above the half width of locking, "
            f"{format_quantity(width, 'Hz')}: noise would unlock the oscillators; cool them, or give stronger signals"
        )
    for name, value, least, why in (
        ("length", network.record.length, _BEATS / width, "ten beats of the half width of locking"),
        ("waiting", network.record.waiting, 1 / width, "one beat of it, in which a start is not forgotten"),
    ):
        if value < least * (1 - 1e-9):
            raise ValueError(
                f"record.{name} = {format_quantity(value, 's')} is shorter than {format_quantity(least, 's')}, {why}; "
                "give a longer one"
            )
    _check_signals(task, network)
    _check_work(task, network)


def _check_signals(task: VowelTask, network: Network) -> None:
    """Signals of nearly all speakers have to be where currents can tune an oscillator."""
    low, high = min(network.tuning.frequencies), max(network.tuning.frequencies)
    resolution = network.record.resolution
    for group in groups_of(task.vowels.group):
        for vowel in task.vowels.patterns:
            at = FORMANTS[group][vowel]
            away = _DEVIATIONS * np.array([[-1], [0], [1]]) * [at.f1_deviation, at.f2_deviation]
            signals = signals_of(task, np.array([at.f1, at.f2]) + away)
            for name, values in zip("ab", signals.T, strict=True):
                for value in values[(values < low) | (values > high)]:
                    raise ValueError(
                        f"signal_{name} of {vowel!r} ({group}) reaches {format_quantity(float(value), 'Hz')}, and "
                        f"the currents reach {format_quantity(low, 'Hz')} to {format_quantity(high, 'Hz')}; change "
                        "its map, or widen oscillators.currents"
                    )
            if abs(signals[1, 0] - signals[1, 1]) <= resolution:
                raise ValueError(
                    f"signals A and B of {vowel!r} ({group}) are both at {format_quantity(signals[1, 0], 'Hz')}, "
                    f"within the {format_quantity(resolution, 'Hz')} that a record resolves: nothing shows which is "
                    "followed; change a map"
                )


def _check_work(task: VowelTask, network: Network) -> None:
    vowels, training, start = task.vowels, task.training, task.oscillators.start
    ends = np.array([[min(network.tuning.frequencies), max(network.tuning.frequencies)]])
    _, waiting, steps = steps_of(network.at(start), ends, network.record)
    each = 2 * (2 * training.epochs + 1) * vowels.training_speakers + 5 * vowels.test_speakers
    work = float(training.repeats * each * len(vowels.patterns) * (waiting + steps) * len(start) / 4)
    if work > _MOST_STEPS:
        raise ValueError(
            f"training: {training.repeats} repeats of {training.epochs} epochs take {work:.2g} steps, and at most "
            f"{_MOST_STEPS:.2g} are taken; give fewer repeats, epochs or speakers, or a shorter record"
        )
