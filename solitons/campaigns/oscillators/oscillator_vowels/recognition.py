"""Vowels by the oscillators that follow a signal: training of the currents, and what a test recognises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solitons.campaigns.oscillators.oscillator_vowels.formants import draw_formants
from solitons.campaigns.oscillators.oscillator_vowels.settings import TrainingSettings, VowelTask
from solitons.oscillators.current_tuning import CurrentTuning
from solitons.oscillators.synchronisation import (
    Patterns,
    Record,
    SignalledOscillators,
    mean_frequencies,
    synchronised,
    tuned_towards,
)

__all__ = ["Network", "PatternMap", "Repeat", "linear_answers", "one_repeat", "pattern_map", "signals_of", "train"]

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.intp]

_MAP_POINTS = 81
_SHOWN_SPEAKERS = 40

NONE = -1
"""The answer where the pattern is no vowel's."""


@dataclass(frozen=True)
class Network:
    """Oscillators without their currents: how these tune them, what couples and heats them (Hz), and the record.

    `words` has the pattern of each vowel, such as ``A-B-``.
    """

    tuning: CurrentTuning
    coupling: float
    linewidth: float
    record: Record
    words: Mapping[str, str]

    @property
    def wanted(self) -> Patterns:
        """The pattern of each vowel (vowel, oscillator): the number of the signal to follow, or 0."""
        return np.array([["-AB".index(letter) for letter in word] for word in self.words.values()], np.int8)

    def at(self, currents: npt.ArrayLike) -> SignalledOscillators:
        """The oscillators under their currents in A/m2."""
        tuned = self.tuning
        return SignalledOscillators(
            tuned.frequency(currents), tuned.half_width(currents), self.coupling, self.linewidth
        )

    def patterns(
        self, currents: npt.ArrayLike, signals: Floats, seed: int, first: int = 0, threads: int | None = 1
    ) -> Patterns:
        """Patterns of signals (batch, 2) in Hz; the noise has numbers from `first`."""
        numbers = first + np.arange(len(signals))
        found = mean_frequencies(self.at(currents), signals, self.record, seed=seed, numbers=numbers, threads=threads)
        return synchronised(found, signals, self.record.resolution)

    def answers(self, patterns: Patterns) -> Numbers:
        """The vowel whose pattern each is, or `NONE`."""
        same = (patterns[:, None, :] == self.wanted).all(axis=-1)
        return np.where(same.any(axis=-1), same.argmax(axis=-1), NONE)


def signals_of(task: VowelTask, formants: Floats) -> Floats:
    """Frequencies in Hz of both signals (batch, 2) for formants (batch, 2) in Hz."""
    maps = (task.signal_a, task.signal_b)
    return np.stack([each.offset + formants @ [each.per_f1, each.per_f2] for each in maps], axis=-1)


def train(
    network: Network, start: npt.ArrayLike, signals: Floats, labels: Numbers, given: TrainingSettings, seed: int
) -> tuple[Floats, list[float]]:
    """Tune the currents one vowel after another; give those of the epoch that is right most often in training.

    Signals (batch, 2) in Hz and labels are the training speakers'. Where the pattern is not the vowel's, oscillators
    that should follow a signal are tuned towards it, and those that should not away from it (`tuned_towards`); a
    current (A/m2) stays in its range. The step falls to 0. Beside the currents come the shares of training vowels that
    are right before, and after each epoch; the seed is of the order and the noise.
    """
    generator = np.random.default_rng(seed)
    currents, presented = np.array(start, float), 0

    def share() -> float:
        return float(np.mean(network.answers(network.patterns(currents, signals, seed)) == labels))

    kept, shares = currents, [share()]
    for epoch in range(given.epochs):
        size = given.step * float(np.mean(network.tuning.half_widths)) * (1 - epoch / given.epochs)
        for at in generator.permutation(len(labels)):
            presented += 1
            found = network.patterns(currents, signals[at : at + 1], seed + 1, first=presented)[0]
            wanted = network.wanted[labels[at]]
            if np.any(found != wanted):
                tuned = tuned_towards(network.tuning.frequency(currents), signals[at], found, wanted, size)
                currents = network.tuning.current(tuned)
        shares.append(share())
        kept = currents if shares[-1] > max(shares[:-1]) else kept
    return kept, shares


def linear_answers(formants: Floats, labels: Numbers, tested: Floats) -> Numbers:
    """Answers of a logistic regression on the two formants, whose borders are straight lines."""
    from sklearn.linear_model import LogisticRegression

    mean, deviation = formants.mean(axis=0), formants.std(axis=0)
    fitted = LogisticRegression(max_iter=2000).fit((formants - mean) / deviation, labels)
    return np.asarray(fitted.predict((tested - mean) / deviation))


def _by_any_pattern(seen: Patterns, labels: Numbers, tested: Patterns) -> Numbers:
    """Answers where every pattern stands for the vowel that it had most often in training."""
    digits = 3 ** np.arange(seen.shape[1])
    counts = np.zeros((3 ** seen.shape[1], labels.max() + 1), np.intp)
    np.add.at(counts, (seen @ digits, labels), 1)
    found = counts[tested @ digits]
    return np.where(found.any(axis=-1), found.argmax(axis=-1), NONE)


class Repeat(NamedTuple):
    """One repeat: the test vowels, their answers by each recogniser, and what training did.

    `any_pattern` has answers where every pattern counts, `agreed` the share of patterns that a second record repeats,
    `currents` are in A/m2, `shares` those right in training, before and after each epoch.
    """

    labels: Numbers
    answers: dict[str, Numbers]
    any_pattern: dict[str, Numbers]
    agreed: float
    currents: Floats
    shares: list[float]
    shares_uncoupled: list[float]

    def right(self, name: str) -> npt.NDArray[np.bool_]:
        """Which test vowels a recogniser has right."""
        return np.asarray(self.answers[name] == self.labels)


def one_repeat(task: VowelTask, network: Network, number: int) -> Repeat:
    """Draw speakers, train with and without coupling, and ask everybody the same test vowels."""
    given, vowels, start = task.training, task.vowels, task.oscillators.start
    seed = given.seed + 1000 * number
    generator = np.random.default_rng([given.seed, number])
    names = tuple(vowels.patterns)
    formants, labels = draw_formants(names, vowels.group, vowels.training_speakers, generator)
    tested, true = draw_formants(names, vowels.group, vowels.test_speakers, generator)
    signals, asked = signals_of(task, formants), signals_of(task, tested)
    alone = replace(network, coupling=0.0)
    currents, shares = train(network, start, signals, labels, given, seed)
    currents_alone, shares_alone = train(alone, start, signals, labels, given, seed)
    patterns, any_pattern = {}, {}
    for name, each, under in (
        ("oscillators", network, currents),
        ("coupling_off", alone, currents_alone),
        ("tuning_off", network, np.array(start)),
    ):
        patterns[name] = each.patterns(under, asked, seed + 2)
        any_pattern[name] = _by_any_pattern(each.patterns(under, signals, seed + 3), labels, patterns[name])
    answers = {"linear": linear_answers(formants, labels, tested)}
    answers |= {name: network.answers(found) for name, found in patterns.items()}
    again = network.patterns(currents, asked, seed + 4)
    agreed = float(np.mean((patterns["oscillators"] == again).all(axis=-1)))
    return Repeat(true, answers, any_pattern, agreed, currents, shares, shares_alone)


class PatternMap(NamedTuple):
    """Answers (b, a) over frequencies in Hz of signals A and B, and drawn vowels with their signals."""

    a: Floats
    b: Floats
    answers: Numbers
    signals: Floats
    labels: Numbers


def pattern_map(task: VowelTask, network: Network, currents: Floats) -> PatternMap:
    """Whose pattern comes at all frequencies that both signals have, under currents in A/m2, and speakers on them."""
    vowels, seed = task.vowels, task.training.seed
    drawn = draw_formants(tuple(vowels.patterns), vowels.group, _SHOWN_SPEAKERS, np.random.default_rng(seed))
    signals = signals_of(task, drawn[0])
    margin = network.tuning.half_widths[0] / 2
    a, b = (np.linspace(each.min() - margin, each.max() + margin, _MAP_POINTS) for each in signals.T)
    points = np.stack(np.meshgrid(a, b), axis=-1)
    answers = network.answers(network.patterns(currents, points.reshape(-1, 2), seed, threads=None))
    return PatternMap(a, b, answers.reshape(len(b), len(a)), signals, drawn[1])
